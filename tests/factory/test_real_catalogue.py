"""Every line of units, made with the reference data that installations have."""

from __future__ import annotations

import pytest

from apps.core.catalogue import load
from apps.parts.models import PartProductLinker
from apps.products.models import Product, ProductParameter, ProductSoftwareLinker
from tests.factory.conftest import home2, modem
from tests.personas import Api

pytestmark = pytest.mark.django_db


def test_all_lines_are_made_from_bootstrap_alone(api: Api) -> None:
    load()
    factory = api.as_("factory")
    for number, family in enumerate(("tiger", "jackal", "hyena", "hyena", "koala"), start=1):
        answer = factory.post(f"/v1/parts/create_{family}_pcb", json=modem(number))
        assert answer.status_code in (200, 201)
    bodies = {
        "home2": home2(1),
        "home3": {
            "pcb_imei": modem(2)["imei"],
            "battery": {"part_type_id": 18004, "serial_number": "B2"},
        },
        "hub2": {"pcb_imei": modem(3)["imei"]},
        "enterprise": {
            "pcb_imei": modem(4)["imei"],
            "battery": {"part_type_id": 72, "serial_number": "B4"},
            "solar_panel_wattage": 100,
        },
    }
    for line, body in bodies.items():
        answer = factory.post(f"/v1/products/create_product/{line}", json=body)
        assert answer.status_code == 200, answer.content
    assert set(Product.objects.values_list("product_type__name", flat=True)) == {
        "Home 2",
        "Home 3",
        "Hub 2",
        "Enterprise",
    }
    assert ProductSoftwareLinker.objects.filter(date_added=None).count() == 4
    limits = ProductParameter.objects.filter(parameter_type__name="energy_limit")
    assert limits.filter(status="pending").count() == 3
    panels = ProductParameter.objects.get(parameter_type__name="solar_panel_wattage")
    assert (panels.value, panels.status) == ("100", "active")
    names = PartProductLinker.objects.filter(product=modem(1)["imei"])
    assert set(names.values_list("part__part_type__name", flat=True)) >= {
        "Aeris SIM",
        "BBOXX Home 2 PCB (Tiger 2)",
        "Home 2 Battery",
        "Home 2 Casing",
        "5A Fuse",
        "Tamper Switch",
    }
    parts = api.as_("overview").get(f"/v1/products/{modem(1)['imei']}/parts").json()["data"]
    assert len(parts) == names.count()
    assert all(part["replacement_part_types"] for part in parts.values())
