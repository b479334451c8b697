"""PUT /products/<imei>/update_software, lock_software and expire_software_updates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.products.models import (
    Product,
    ProductSoftwareLinker,
    SoftwareStatus,
    SoftwareVersionType,
)
from tests.factories import (
    ProductFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ACTIONS = ("update_software", "lock_software", "expire_software_updates")
CHOOSING = ("update_software", "lock_software")


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def product() -> Product:
    """A unit that runs 3.6."""
    product = ProductFactory.create()
    ProductSoftwareLinkerFactory.create(product=product, software_version_type=fit(product, "3.6"))
    return product


def fit(product: Product, name: str, **more: Any) -> SoftwareVersionType:
    """A version for units of this type."""
    version = SoftwareVersionTypeFactory.create(name=name, **more)
    ProductTypeSoftwareVersionTypeLinkerFactory.create(
        product_type=product.product_type, software_version_type=version
    )
    return version


def put(api: Any, product: Product, action: str, body: Any = None, persona: str = "system") -> Any:
    return api.as_(persona).put(f"/v1/products/{product.pk}/{action}", body)


def rows(product: Product) -> list[tuple[str, Any, Any]]:
    found = ProductSoftwareLinker.objects.filter(product=product).order_by("pk")[1:]
    return list(found.values_list("software_version_type__name", "date_added", "date_removed"))


def lock_of(product: Product) -> str | None:
    product.refresh_from_db()
    return product.software_lock.name if product.software_lock else None


@pytest.mark.parametrize("by_name", [True, False])
def test_an_update_waits_for_the_unit(api: Any, product: Product, by_name: bool) -> None:
    version = fit(product, "3.6a")
    for _repeat in range(2):
        answer = put(
            api, product, "update_software", {"software": "3.6a" if by_name else version.pk}
        )
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "status": "success",
                "message": f"#{product.pk} updated to software_version 3.6a",
                "data": None,
            },
        )
    assert rows(product) == [("3.6a", None, None)]
    row = ProductSoftwareLinker.objects.latest("pk")
    assert (row.created_by, row.update_attempts) == ("system@example.com", 0)


def test_the_version_that_runs_is_not_asked_for(api: Any, product: Product) -> None:
    assert put(api, product, "update_software", {"software": "3.6"}).status_code == 200
    assert rows(product) == []


def test_a_new_wish_calls_the_old_one_off(api: Any, product: Product) -> None:
    fit(product, "3.6a")
    fit(product, "4.0")
    for name in ("3.6a", "4.0"):
        assert put(api, product, "update_software", {"software": name}).status_code == 200
    assert rows(product) == [("3.6a", NOW, NOW), ("4.0", None, None)]
    assert put(api, product, "update_software", {"software": "3.6"}).status_code == 200
    assert rows(product) == [("3.6a", NOW, NOW), ("4.0", NOW, NOW)]


@pytest.mark.parametrize("action", CHOOSING)
def test_a_bad_version_is_refused(api: Any, product: Product, action: str) -> None:
    fit(product, "3.4", status=SoftwareStatus.BAD)
    answer = put(api, product, action, {"software": "3.4"})
    assert answer.status_code == 400
    assert "bad" in answer.json()["validation_errors"]["software"]
    assert rows(product) == []
    assert lock_of(product) is None


@pytest.mark.parametrize("action", CHOOSING)
def test_a_version_for_other_units_is_refused(api: Any, product: Product, action: str) -> None:
    fit(ProductFactory.create(), "koala-1.0")
    answer = put(api, product, action, {"software": "koala-1.0"})
    assert answer.status_code == 400
    assert product.product_type.name in answer.json()["validation_errors"]["software"]
    assert rows(product) == []
    assert lock_of(product) is None


@pytest.mark.parametrize("action", CHOOSING)
@pytest.mark.parametrize("value", ["", "9.9", 0, -1, 2**31, 2**63, True, 1.5, [1], {"id": 1}])
def test_what_is_no_version_is_refused(api: Any, product: Product, action: str, value: Any) -> None:
    answer = put(api, product, action, {"software": value})
    assert answer.status_code == 400
    assert "software" in answer.json()["validation_errors"]
    assert rows(product) == []
    assert lock_of(product) is None


@pytest.mark.parametrize("body", [{}, {"software": None}, {"version": "3.6"}])
def test_an_update_names_a_version(api: Any, product: Product, body: dict[str, Any]) -> None:
    assert put(api, product, "update_software", body).status_code == 400
    assert rows(product) == []


# --- locks -------------------------------------------------------------------------------------


def test_a_lock_updates_the_unit_as_well(api: Any, product: Product) -> None:
    version = fit(product, "3.6a")
    for _repeat in range(2):
        answer = put(api, product, "lock_software", {"software": "3.6a"})
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "status": "success",
                "message": f"#{product.pk} updated and locked to software_version 3.6a",
                "data": {"software_lock_id": version.pk, "software_lock_name": "3.6a"},
            },
        )
    assert rows(product) == [("3.6a", None, None)]
    assert lock_of(product) == "3.6a"
    assert product.modified_by == "system@example.com"


def test_a_locked_unit_takes_nothing_else(api: Any, product: Product) -> None:
    fit(product, "3.6a")
    fit(product, "4.0")
    put(api, product, "lock_software", {"software": "3.6a"})
    answer = put(api, product, "update_software", {"software": "4.0"})
    assert answer.status_code == 400
    assert "3.6a" in answer.json()["validation_errors"]["software"]
    assert rows(product) == [("3.6a", None, None)]
    assert put(api, product, "update_software", {"software": "3.6a"}).status_code == 200
    assert rows(product) == [("3.6a", None, None)]


def test_a_new_lock_takes_the_place_of_the_old(api: Any, product: Product) -> None:
    fit(product, "3.6a")
    for name in ("3.6a", "3.6"):
        assert put(api, product, "lock_software", {"software": name}).status_code == 200
    assert lock_of(product) == "3.6"
    assert rows(product) == [("3.6a", NOW, NOW)]


@pytest.mark.parametrize("body", [{"software": None}, {}, None])
def test_a_lock_is_lifted(api: Any, product: Product, body: Any) -> None:
    fit(product, "3.6a")
    put(api, product, "lock_software", {"software": "3.6a"})
    for _repeat in range(2):
        answer = put(api, product, "lock_software", body)
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "status": "success",
                "message": f"#{product.pk} software_lock is now removed",
                "data": {"software_lock_id": None, "software_lock_name": None},
            },
        )
    assert lock_of(product) is None
    assert rows(product) == [("3.6a", None, None)]


# --- calling off -------------------------------------------------------------------------------


def test_updates_are_called_off(api: Any, product: Product) -> None:
    fit(product, "3.6a")
    put(api, product, "update_software", {"software": "3.6a"})
    said = [put(api, product, "expire_software_updates").json()["message"] for _n in range(2)]
    assert said == [
        f"Product {product.pk} had 1 software update(s) expired",
        f"Product {product.pk} had no pending updates to expire",
    ]
    assert rows(product) == [("3.6a", NOW, NOW)]
    assert ProductSoftwareLinker.objects.latest("pk").modified_by == "system@example.com"


# --- who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("persona", ["overview", "technician", "admin", "factory"])
def test_below_system_nobody_touches_software(
    api: Any, product: Product, action: str, persona: str
) -> None:
    version = fit(product, "3.6a")
    ProductSoftwareLinkerFactory.create(
        product=product, software_version_type=version, date_added=None
    )
    fit(product, "4.0")
    body = {"software": "4.0"} if action in CHOOSING else None
    assert put(api, product, action, body, persona).status_code == 403
    assert rows(product) == [("3.6a", None, None)]
    assert lock_of(product) is None


@pytest.mark.parametrize("action", ACTIONS)
def test_a_unit_of_somebody_else_is_not_there(api: Any, product: Product, action: str) -> None:
    fit(product, "3.6a")
    body = {"software": "3.6a"} if action in CHOOSING else None
    outside = put(api, product, action, body, "outsider")
    absent = api.as_("outsider").put(f"/v1/products/999999999999999/{action}", body)
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert rows(product) == []
    assert lock_of(product) is None
