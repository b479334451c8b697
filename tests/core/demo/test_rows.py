"""Rows of the demonstration fleet: true to their tables, whole and in the past."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models

from apps.connectivity.models import Network
from apps.core.catalogue import discover
from apps.core.models import Record
from apps.factory.serials import has_good_check
from apps.parts.models import Part, PartProductLinker
from apps.products.models import (
    Product,
)
from tests.core.demo.fleet import UNITS, UNTIL, by_unit, passes_luhn

pytestmark = pytest.mark.django_db


def test_as_many_units_as_asked_for_of_several_types(products: list[Product]) -> None:
    assert len(products) == UNITS
    assert len({product.product_type_id for product in products}) >= 8
    assert {product.latest_state.current_state_type_id for product in products} >= {2, 3, 5, 6, 8}


def test_foreign_keys_lead_somewhere() -> None:
    connection.check_constraints()


def test_rows_would_pass_the_checks_of_a_form() -> None:
    """Bulk writing skips validators; what it wrote must not need them."""
    for model in apps.get_models():
        if issubclass(model, Record):
            for row in model._default_manager.order_by("pk")[:15]:
                try:
                    row.full_clean(validate_unique=False)
                except ValidationError as error:
                    pytest.fail(f"{model._meta.db_table} {row.pk}: {error}")


def test_nothing_is_in_the_future() -> None:
    catalogue = {table.model for table in discover()}
    made_by_demo = {"expected_expiry"}
    for model in apps.get_models():
        if not issubclass(model, Record) or model._meta.label in catalogue:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField) and field.name not in made_by_demo:
                late = model._default_manager.filter(**{f"{field.name}__gt": UNTIL})
                late = late.exclude(created_by="demo")
                assert not late.exists(), (model._meta.db_table, field.name)


def test_identifiers_have_their_shapes_and_check_digits(products: list[Product]) -> None:
    homes = {str(pk) for pk in Network.objects.values_list("pk", flat=True)}
    for product in products:
        assert re.fullmatch(r"\d{15}", product.product_imei)
        assert passes_luhn(product.product_imei)
        assert re.fullmatch(r"\d{15}", product.imsi)
        assert product.imsi[:5] in homes
        assert re.fullmatch(r"89\d{18}", product.iccid or "")
        assert passes_luhn(product.iccid or "")
        assert re.fullmatch(r"[0-9a-f]{24}", product.device_key or "")
        assert re.fullmatch(
            r"BB17SMART-\d{6}-\d{4,}|(HB000[35]01|BX0020|PA040000)-\d{6,}-[0-9A-Z]",
            product.serial_number,
        )
        assert product.serial_number.startswith("BB") or has_good_check(product.serial_number)


def test_every_unit_has_a_sim_and_a_pcb_of_its_own(products: list[Product]) -> None:
    parts = {part.pk: part for part in Part.objects.select_related("part_type")}
    linkers = by_unit(PartProductLinker)
    for product in products:
        inside = [parts[row.part_id] for row in linkers[product.pk] if row.date_removed is None]
        kinds = Counter(part.part_type.part_type_category_id for part in inside)
        assert kinds[1] == kinds[2] == 1
        assert kinds[3] == (0 if product.product_type.name == "Hub 2" else 1)
        serials = {part.serial_number for part in inside}
        assert {product.product_imei, product.iccid} <= serials
