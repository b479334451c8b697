"""PUT /products/<imei>/set_is_payg and set_dcm_enabled_flag."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.products.models import Product
from apps.products.services.payg import BPOWER20
from tests.factories import ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
# Action -> its key in the body, the column, the reference's message.
ACTIONS = {
    "set_is_payg": (
        "is_payg",
        "is_payg",
        "is_payg for the Product {imei}, has been set to={value}",
    ),
    "set_dcm_enabled_flag": (
        "enabled",
        "dcm_enabled_flag",
        "Product {imei}. DCM Enabled Flag set to {value}",
    ),
}

each_action = pytest.mark.parametrize("action", ACTIONS)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def product() -> Product:
    # A key out of the sequence's way: number 8 is the BPower20, which goes by rules of its own.
    return ProductFactory.create(product_type=ProductTypeFactory.create(pk=1_002))


def path(product: Product, action: str) -> str:
    return f"/v1/products/{product.pk}/{action}"


def flag(product: Product, action: str) -> bool:
    product.refresh_from_db()
    return getattr(product, ACTIONS[action][1])


@each_action
def test_a_technician_sets_the_flag(api: Any, product: Product, action: str) -> None:
    key, _column, text = ACTIONS[action]
    for value in (True, False, True):
        answer = api.as_("technician").put(path(product, action), {key: value})
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "status": "success",
                "message": text.format(imei=product.pk, value=value),
                "data": None,
            },
        )
        assert flag(product, action) is value
    assert (product.modified_by, product.modified_at) == ("technician@example.com", NOW)


@each_action
def test_setting_what_is_set_changes_nothing(api: Any, product: Product, action: str) -> None:
    answer = api.as_("technician").put(
        path(product, action), {ACTIONS[action][0]: flag(product, action)}
    )
    assert answer.status_code == 200
    product.refresh_from_db()
    assert product.modified_at is None


@each_action
@pytest.mark.parametrize("value", [None, 0, 1, "true", [True], ...])
def test_a_flag_is_true_or_false(api: Any, product: Product, action: str, value: Any) -> None:
    key = ACTIONS[action][0]
    before = flag(product, action)
    body = {} if value is ... else {key: value}
    answer = api.as_("technician").put(path(product, action), body)
    assert answer.status_code == 400
    assert key in answer.json()["validation_errors"]
    assert flag(product, action) is before


@each_action
def test_overview_may_not_set_it(api: Any, product: Product, action: str) -> None:
    before = flag(product, action)
    body = {ACTIONS[action][0]: not before}
    assert api.as_("overview").put(path(product, action), body).status_code == 403
    assert flag(product, action) is before


@each_action
def test_a_unit_of_somebody_else_is_not_there(api: Any, product: Product, action: str) -> None:
    before = flag(product, action)
    body = {ACTIONS[action][0]: not before}
    outside = api.as_("outsider").put(path(product, action), body)
    absent = api.as_("outsider").put(f"/v1/products/999999999999999/{action}", body)
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert flag(product, action) is before


def test_a_bpower20_always_keeps_its_credit_itself(api: Any) -> None:
    kind = ProductTypeFactory.create(pk=BPOWER20, name="BPower20")
    product = ProductFactory.create(product_type=kind, dcm_enabled_flag=True)
    where = path(product, "set_dcm_enabled_flag")
    answer = api.as_("technician").put(where, {"enabled": False})
    assert answer.status_code == 400
    assert "BPower20" in answer.json()["validation_errors"]["enabled"]
    assert flag(product, "set_dcm_enabled_flag") is True
    assert api.as_("technician").put(where, {"enabled": True}).status_code == 200
