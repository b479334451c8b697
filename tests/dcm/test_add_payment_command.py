"""POST /products/<imei>/add_payment_command: credit is added, taken back or set to zero."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from apps.core import events
from apps.core.errors import Invalid
from apps.dcm.errors import ZeroCommandWaiting
from apps.dcm.models import PaymentCommand
from apps.products.models import CreditType, Product
from apps.products.services.payg import set_is_payg
from tests.connectivity.units import UnitSession
from tests.dcm.conftest import NOW
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import (
    PaymentCommandFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductTypeFactory,
)

pytestmark = pytest.mark.django_db

DAY = 86_400
INVALID = "Your request contained invalid data. See 'data' or 'validation_errors' for exact details"


def path(product: Product) -> str:
    return f"/v1/products/{product.pk}/add_payment_command"


def command(value: Any = DAY, category: Any = "payment", transaction_id: Any = "tx-1") -> Any:
    return {"value": value, "category": category, "transaction_id": transaction_id}


def refused(answer: Any, field: str) -> str:
    """The reason, after a look at the envelope."""
    assert answer.status_code == 400, answer.content
    body = answer.json()
    assert (body["status"], body["message"]) == ("validation-error", INVALID)
    return body["validation_errors"][field]


def test_an_admin_adds_credit(api: Any, product: Product) -> None:
    answer = api.as_("admin").post(path(product), command())
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "status": "success",
            "message": f"new payment_command added to product #{product.pk}",
            "data": None,
        },
    )
    row = PaymentCommand.objects.get()
    assert (row.product_id, row.value, row.category) == (product.pk, DAY, "payment")
    assert (row.status, row.void, row.transaction_id) == ("pending", False, "tx-1")
    assert (row.created_by, row.created_at) == ("admin@example.com", NOW)
    assert (row.modified_by, row.modified_at) == (None, None)


def test_the_references_example_of_removal(api: Any, ledger: Ledger, product: Product) -> None:
    """payment +10, 7 used, -20 is rejected, -5 is accepted."""
    ledger.pay(10)
    caller = api.as_("admin")
    reason = refused(caller.post(path(product), command(-20, "bad-payment", "a")), "value")
    assert reason == "-20 is more than was ever added to the unit: 10 seconds can be removed"
    assert caller.post(path(product), command(-5, "bad-payment", "b")).status_code == 201
    assert [row[:2] for row in ledger.rows()] == [("payment", 10), ("bad-payment", -5)]


def test_all_removals_together_take_no_more_than_was_added(ledger: Ledger) -> None:
    ledger.pay(10)
    ledger.pay(-6)
    with pytest.raises(Invalid):
        ledger.pay(-5)
    ledger.pay(-4)
    ledger.pay(3)
    ledger.pay(-3)
    assert sum(row[1] for row in ledger.rows()) == 0


def test_what_is_void_was_never_added(api: Any, ledger: Ledger, product: Product) -> None:
    ledger.pay(100)
    ledger.reset()
    ledger.pay(10)
    reason = refused(
        api.as_("admin").post(path(product), command(-11, "bad-payment", "a")), "value"
    )
    assert "10 seconds can be removed" in reason


@pytest.mark.parametrize("category", ["payment", "bad-payment", "zero-command"])
def test_while_a_zero_command_waits_nothing_is_accepted(
    api: Any, ledger: Ledger, product: Product, category: str
) -> None:
    ledger.pay(100)
    ledger.zero()
    before = fingerprint()
    value = {"payment": 5, "bad-payment": -5, "zero-command": 0}[category]
    answer = api.as_("admin").post(path(product), command(value, category, "late"))
    assert answer.status_code == 400
    assert "not acknowledged a zero-command" in answer.json()["message"]
    assert fingerprint() == before


def test_zeroing_twice_is_refused_until_acknowledged(ledger: Ledger, unit: UnitSession) -> None:
    name = ledger.zero()
    with pytest.raises(ZeroCommandWaiting):
        ledger.zero()
    unit.report(acks=[name])
    ledger.zero()
    assert [row[2] for row in ledger.rows()] == ["acknowledged", "pending"]


@pytest.mark.parametrize(
    ("value", "category"),
    [
        *((value, "payment") for value in (0, -1)),
        *((value, "bad-payment") for value in (0, 1)),
        *((value, "zero-command") for value in (1, -1)),
    ],
)
def test_a_value_has_the_sign_of_its_category(
    api: Any, ledger: Ledger, product: Product, value: int, category: str
) -> None:
    ledger.pay(10)
    before = fingerprint()
    refused(api.as_("admin").post(path(product), command(value, category)), "value")
    assert fingerprint() == before


@pytest.mark.parametrize(
    "value", [1.0, 1.5, True, False, "10", None, [], 2**31, -(2**31), 2**63, 10**300]
)
def test_a_value_is_a_whole_number_within_bounds(api: Any, product: Product, value: Any) -> None:
    refused(api.as_("admin").post(path(product), command(value)), "value")
    assert not PaymentCommand.objects.exists()


def test_the_largest_value_is_taken(api: Any, product: Product) -> None:
    assert api.as_("admin").post(path(product), command(2**31 - 1)).status_code == 201


@pytest.mark.parametrize("category", ["force-reset", "gift", "", None, 1, "Payment", ["payment"]])
def test_a_category_is_one_of_three(api: Any, product: Product, category: Any) -> None:
    refused(api.as_("admin").post(path(product), command(0, category)), "category")
    assert not PaymentCommand.objects.exists()


@pytest.mark.parametrize(
    "transaction_id", ["", " ", "tx ", " tx", "t\nx", "x" * 256, None, 5, ["tx"], True]
)
def test_a_transaction_id_is_short_printable_text(
    api: Any, product: Product, transaction_id: Any
) -> None:
    answer = api.as_("admin").post(path(product), command(transaction_id=transaction_id))
    refused(answer, "transaction_id")
    assert not PaymentCommand.objects.exists()


def test_a_transaction_id_of_255_characters_is_kept_whole(api: Any, product: Product) -> None:
    name = "é" * 255
    answer = api.as_("admin").post(path(product), command(transaction_id=name))
    assert answer.status_code == 201
    assert PaymentCommand.objects.get().transaction_id == name


@pytest.mark.parametrize("field", ["value", "category", "transaction_id"])
def test_nothing_may_be_missing(api: Any, product: Product, field: str) -> None:
    body = command()
    del body[field]
    refused(api.as_("admin").post(path(product), body), field)
    assert not PaymentCommand.objects.exists()


# --- a transaction_id is used once, for ever -----------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        command(),
        command(7),
        command(-7, "bad-payment"),
        command(0, "zero-command"),
        # Not even judged: the caller learns of the first, whatever it says now.
        command(0, "payment"),
    ],
    ids=["same", "other amount", "removal", "zero", "wrong sign"],
)
def test_a_repeated_transaction_tells_of_the_first_and_does_nothing(
    api: Any, product: Product, again: Any
) -> None:
    caller = api.as_("admin")
    assert caller.post(path(product), command()).status_code == 201
    before = fingerprint()
    answer = caller.post(path(product), again)
    assert refused(answer, "transaction_id") == "This transaction_id was used before"
    assert answer.json()["data"] == {
        "payment_command_id": PaymentCommand.objects.get().pk,
        "product_imei": product.pk,
        "value": DAY,
        "category": "payment",
        "void": False,
        "status": "pending",
        "transaction_id": "tx-1",
        "created_at": "2026-03-01T12:00:00.000000",
        "created_by": "admin@example.com",
        "modified_at": None,
        "modified_by": None,
    }
    assert fingerprint() == before


def test_a_repetition_is_told_apart_whatever_has_happened_since(
    api: Any, product: Product, ledger: Ledger
) -> None:
    """A caller that heard no answer learns that its payment was taken, not that one may not be."""
    ledger.pay(DAY, "tx-1")
    ledger.zero()
    answer = api.as_("admin").post(path(product), command())
    assert answer.json()["data"]["value"] == DAY
    ledger.reset()
    Product.objects.filter(pk=product.pk).update(dcm_enabled_flag=False)
    answer = api.as_("admin").post(path(product), command())
    assert (answer.json()["data"]["value"], answer.json()["data"]["void"]) == (DAY, True)


def test_an_id_used_for_another_unit_is_used(api: Any, product: Product) -> None:
    other = PaymentCommandFactory.create(transaction_id="tx-1")
    answer = api.as_("admin").post(path(product), command())
    assert answer.json()["data"]["product_imei"] == other.product_id
    assert not PaymentCommand.objects.filter(product=product).exists()


def test_of_a_unit_out_of_scope_nothing_is_told(
    api: Any, product: Product, insider: Any, entity: Any
) -> None:
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    other = PaymentCommandFactory.create(transaction_id="tx-1", value=777)
    answer = api.as_("insider").post(path(product), command())
    reason = refused(answer, "transaction_id")
    assert answer.json()["data"] == {"transaction_id": reason}
    assert other.product_id not in answer.content.decode()
    assert "777" not in answer.content.decode()


# --- who may, and for which units ----------------------------------------------------------------


@pytest.mark.parametrize("persona", ["overview", "technician"])
def test_below_admin_nobody_changes_credit(api: Any, product: Product, persona: str) -> None:
    assert api.as_(persona).post(path(product), command()).status_code == 403
    assert not PaymentCommand.objects.exists()


def test_a_unit_of_somebody_else_is_not_there(api: Any, product: Product) -> None:
    outside = api.as_("outsider").post(path(product), command())
    absent = api.as_("outsider").post("/v1/products/999999999999999/add_payment_command", command())
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert not PaymentCommand.objects.exists()


def test_a_unit_that_keeps_no_credit_takes_no_command(api: Any) -> None:
    product = ProductFactory.create(dcm_enabled_flag=False)
    answer = api.as_("admin").post(path(product), command())
    assert answer.status_code == 400
    assert "not DCM enabled" in answer.json()["message"]
    assert not PaymentCommand.objects.exists()


def test_a_unit_that_is_paid_for_by_gas_takes_no_seconds(api: Any) -> None:
    kind = ProductTypeFactory.create(credit_type=CreditType.GAS)
    product = ProductFactory.create(dcm_enabled_flag=True, product_type=kind)
    answer = api.as_("admin").post(path(product), command())
    assert answer.status_code == 400
    assert "gas" in answer.json()["message"]
    assert not PaymentCommand.objects.exists()


def test_a_terminated_unit_takes_no_command(api: Any, terminated: Product) -> None:
    answer = api.as_("admin").post(path(terminated), command())
    assert answer.status_code == 400
    assert "TERMINATED" in answer.json()["message"]
    assert not PaymentCommand.objects.exists()


@pytest.mark.parametrize(("value", "category"), [(-5, "bad-payment"), (0, "zero-command")])
def test_nothing_is_taken_from_a_unit_that_is_paid_off(
    api: Any, ledger: Ledger, product: Product, value: int, category: str
) -> None:
    ledger.pay(10)
    set_is_payg(product_imei=product.pk, is_payg=False, by="erp")
    answer = api.as_("admin").post(path(product), command(value, category))
    assert answer.status_code == 400
    assert "not pay as you go" in answer.json()["message"]
    assert api.as_("admin").post(path(product), command(5)).status_code == 201
    assert [row[1] for row in ledger.rows()] == [10, 5]


def test_a_unit_never_has_more_credit_than_it_may_report(
    api: Any, product: Product, ledger: Ledger
) -> None:
    for _number in range(46):
        ledger.pay(2**31 - 1)
    answer = api.as_("admin").post(path(product), command(2**31 - 1))
    assert "more than 100000000000 seconds" in refused(answer, "value")


# --- what comes of it ----------------------------------------------------------------------------


def test_others_are_told_of_a_command(
    monkeypatch: pytest.MonkeyPatch, ledger: Ledger, product: Product
) -> None:
    monkeypatch.setitem(events._consumers, "payment_command_added", [])
    events.consumer("payment_command_added")(lambda event: None)
    ledger.pay(10)
    event = events.Event.objects.get(name="payment_command_added", subject=product.pk)
    assert event.data["value"] == 10


def test_a_command_takes_three_statements(ledger: Ledger, django_assert_num_queries: Any) -> None:
    # Two more are the savepoint of the service within the test's transaction.
    with django_assert_num_queries(5):
        ledger.pay(dt.timedelta(days=1) // dt.timedelta(seconds=1))
