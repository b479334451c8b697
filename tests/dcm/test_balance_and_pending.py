"""GET /products/<imei>/balance_and_pending_payments."""

from __future__ import annotations

from typing import Any

import pytest

from apps.products.models import Product
from tests.connectivity.units import UnitSession
from tests.dcm.ledger import Ledger

pytestmark = pytest.mark.django_db


def ask(api: Any, product: Product, persona: str = "overview") -> Any:
    return api.as_(persona).get(f"/v1/products/{product.pk}/balance_and_pending_payments")


def test_what_is_left_and_what_is_pending_newest_first(
    api: Any, product: Product, ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    unit.report(balance=90, acks=[ledger.pay(100)])
    clock.shift(60)
    ledger.pay(50)
    clock.shift(60)
    ledger.pay(-20)
    answer = ask(api, product)
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "success",
            "message": "Balance and pending credits.",
            "data": {
                "balance": 90,
                "expected_expiry": "2026-03-01T12:01:30.000000",
                "pending_payment_commands": [
                    {
                        "category": "bad-payment",
                        "created_at": "2026-03-01T12:02:00.000000",
                        "modified_at": None,
                        "value": -20,
                    },
                    {
                        "category": "payment",
                        "created_at": "2026-03-01T12:01:00.000000",
                        "modified_at": None,
                        "value": 50,
                    },
                ],
            },
        },
    )


def test_a_unit_that_never_reported_has_no_balance(api: Any, product: Product) -> None:
    assert ask(api, product).json()["data"] == {
        "balance": None,
        "expected_expiry": None,
        "pending_payment_commands": [],
    }


def test_void_commands_are_not_pending_and_the_reset_is(
    api: Any, product: Product, ledger: Ledger
) -> None:
    ledger.pay(50)
    ledger.reset()
    data = ask(api, product).json()["data"]
    assert [row["category"] for row in data["pending_payment_commands"]] == ["force-reset"]
    assert data["balance"] == 0


@pytest.mark.parametrize("persona", ["overview", "technician", "admin", "factory", "system"])
def test_whoever_sees_units_sees_their_credit(api: Any, product: Product, persona: str) -> None:
    assert ask(api, product, persona).status_code == 200


def test_a_unit_of_somebody_else_is_not_there(api: Any, product: Product) -> None:
    absent = api.as_("outsider").get("/v1/products/999999999999999/balance_and_pending_payments")
    outside = ask(api, product, "outsider")
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content


def test_any_number_of_commands_takes_as_many_statements(
    api: Any, product: Product, ledger: Ledger, django_assert_num_queries: Any
) -> None:
    session = api.as_("overview")
    where = f"/v1/products/{product.pk}/balance_and_pending_payments"
    session.get(where)
    for _number in range(20):
        ledger.pay(5)
    with django_assert_num_queries(4):
        assert len(session.get(where).json()["data"]["pending_payment_commands"]) == 20
