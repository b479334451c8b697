"""POST /products/<imei>/force_reset: the credit of a unit that does not answer is given back."""

from __future__ import annotations

from typing import Any

import pytest

from apps.core import events
from apps.dcm.models import Balance, ForceReset, PaymentCommand
from apps.products.models import Product
from apps.products.services.payg import set_is_payg
from tests.connectivity.units import UnitSession
from tests.dcm.conftest import NOW
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import PaymentCommandFactory, ProductEntityLinkerFactory, ProductFactory

pytestmark = pytest.mark.django_db


def path(product: Product) -> str:
    return f"/v1/products/{product.pk}/force_reset"


def reset(api: Any, product: Product, transaction_id: Any = "reset-1") -> Any:
    return api.as_("admin").post(path(product), {"transaction_id": transaction_id})


def balance(product: Product) -> Balance:
    return Balance.objects.get(product=product)


def test_what_is_outstanding_and_what_was_left_is_given_back(
    api: Any, product: Product, ledger: Ledger, unit: UnitSession
) -> None:
    unit.report(balance=58, acks=[ledger.pay(100)])
    ledger.pay(150)
    ledger.pay(100)
    answer = reset(api, product)
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "status": "success",
            "message": f"Product #{product.pk} has been Force-Reset",
            "data": {"outstanding_payments": 250, "last_known_balance": 58},
        },
    )
    assert ledger.rows() == [
        ("payment", 100, "acknowledged", True),
        ("payment", 150, "pending", True),
        ("payment", 100, "pending", True),
        ("force-reset", 0, "pending", False),
    ]
    assert (balance(product).balance, balance(product).expected_expiry) == (0, NOW)
    row = ForceReset.objects.get()
    assert (row.outstanding_payments, row.last_known_balance) == (250, 58)


def test_a_unit_that_never_reported_has_no_last_known_balance(
    api: Any, product: Product, ledger: Ledger
) -> None:
    ledger.pay(70)
    data = reset(api, product).json()["data"]
    assert data == {"outstanding_payments": 70, "last_known_balance": None}
    assert balance(product).balance == 0


def test_removals_under_way_are_subtracted(api: Any, product: Product, ledger: Ledger) -> None:
    """Else a payment that bounced would be given back to whoever never made it."""
    ledger.pay(100)
    ledger.pay(-30)
    assert reset(api, product).json()["data"]["outstanding_payments"] == 70


def test_a_zero_command_that_is_not_answered_is_no_obstacle(
    api: Any, product: Product, ledger: Ledger
) -> None:
    ledger.pay(40)
    ledger.zero()
    assert reset(api, product).json()["data"]["outstanding_payments"] == 40
    assert [row[3] for row in ledger.rows()] == [True, True, False]
    ledger.pay(10)


def test_a_second_reset_gives_nothing_back_twice(
    api: Any, product: Product, ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    unit.report(balance=58, acks=[ledger.pay(100)])
    reset(api, product)
    # The unit has not heard: it still reports credit that was given back.
    clock.shift(60)
    unit.report(balance=40)
    assert balance(product).balance == 0
    data = reset(api, product, "reset-2").json()["data"]
    assert data == {"outstanding_payments": 0, "last_known_balance": 0}


def test_the_unit_is_told_to_reset_and_its_balance_counts_from_then_on(
    product: Product, ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    unit.report(balance=58, acks=[ledger.pay(100)])
    ledger.reset("reset-1")
    ledger.pay(30, "new")
    assert unit.wishes()["payment_commands"] == [
        {"transaction_id": "reset-1", "category": "force-reset", "value": 0},
        {"transaction_id": "new", "category": "payment", "value": 30},
    ]
    clock.shift(60)
    unit.report(balance=30, acks=["reset-1", "new"])
    assert balance(product).balance == 30
    assert unit.wishes()["payment_commands"] == []
    assert [row[2:] for row in ledger.rows()] == [("acknowledged", True)] + [
        ("acknowledged", False)
    ] * 2


def test_a_repeated_reset_tells_what_the_first_gave_back(
    api: Any, product: Product, ledger: Ledger, unit: UnitSession
) -> None:
    """Its caller may never have heard the answer, and the amounts are the customer's."""
    unit.report(balance=58, acks=[ledger.pay(100)])
    reset(api, product)
    ledger.pay(10)
    before = fingerprint()
    answer = reset(api, product)
    assert answer.status_code == 400
    assert answer.json()["validation_errors"] == {
        "transaction_id": "This transaction_id was used before"
    }
    data = answer.json()["data"]
    assert (data["category"], data["product_imei"]) == ("force-reset", product.pk)
    assert (data["outstanding_payments"], data["last_known_balance"]) == (0, 58)
    assert fingerprint() == before


def test_an_id_used_for_a_payment_is_used(api: Any, product: Product, ledger: Ledger) -> None:
    ledger.pay(10, "reset-1")
    answer = reset(api, product)
    assert (answer.status_code, answer.json()["data"]["value"]) == (400, 10)
    assert [row[3] for row in ledger.rows()] == [False]


def test_of_a_unit_out_of_scope_nothing_is_told(
    api: Any, product: Product, insider: Any, entity: Any
) -> None:
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    other = PaymentCommandFactory.create(transaction_id="reset-1")
    answer = api.as_("insider").post(path(product), {"transaction_id": "reset-1"})
    assert answer.status_code == 400
    assert other.product_id not in answer.content.decode()


@pytest.mark.parametrize("body", [{}, {"transaction_id": ""}, {"transaction_id": 5}])
@pytest.mark.parametrize("more", [{}, {"value": 3}])
def test_a_body_that_is_wrong_resets_nothing(
    api: Any, product: Product, ledger: Ledger, body: Any, more: Any
) -> None:
    ledger.pay(10)
    assert api.as_("admin").post(path(product), body | more).status_code == 400
    assert [row[3] for row in ledger.rows()] == [False]


@pytest.mark.parametrize("persona", ["overview", "technician"])
def test_below_admin_nobody_resets(
    api: Any, product: Product, ledger: Ledger, persona: str
) -> None:
    ledger.pay(10)
    answer = api.as_(persona).post(path(product), {"transaction_id": "reset-1"})
    assert answer.status_code == 403
    assert [row[3] for row in ledger.rows()] == [False]


def test_a_unit_of_somebody_else_is_not_there(api: Any, product: Product) -> None:
    outside = api.as_("outsider").post(path(product), {"transaction_id": "r"})
    absent = api.as_("outsider").post(
        "/v1/products/999999999999999/force_reset", {"transaction_id": "r"}
    )
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert not PaymentCommand.objects.exists()


def test_a_unit_that_keeps_no_credit_is_not_reset(api: Any) -> None:
    product = ProductFactory.create(dcm_enabled_flag=False)
    assert "not DCM enabled" in reset(api, product).json()["message"]
    assert not PaymentCommand.objects.exists()


def test_a_unit_that_is_paid_off_is_not_reset(api: Any, product: Product, ledger: Ledger) -> None:
    ledger.pay(10)
    set_is_payg(product_imei=product.pk, is_payg=False, by="erp")
    assert "not pay as you go" in reset(api, product).json()["message"]
    assert [row[3] for row in ledger.rows()] == [False]


def test_the_credit_of_a_terminated_unit_can_still_be_given_back(
    api: Any, terminated: Product
) -> None:
    PaymentCommandFactory.create(product=terminated, value=90)
    assert reset(api, terminated).json()["data"]["outstanding_payments"] == 90


def test_others_are_told_of_a_reset(
    monkeypatch: pytest.MonkeyPatch, ledger: Ledger, product: Product
) -> None:
    monkeypatch.setitem(events._consumers, "credit_force_reset", [])
    events.consumer("credit_force_reset")(lambda event: None)
    ledger.pay(10)
    ledger.reset()
    event = events.Event.objects.get(name="credit_force_reset", subject=product.pk)
    assert (event.data["outstanding_payments"], event.data["last_known_balance"]) == (10, None)
