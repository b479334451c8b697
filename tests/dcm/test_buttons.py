"""The buttons for credit on a unit's page: what they write, to whom they are offered, and once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core.levels import Level
from apps.core.verbs import verbs
from apps.dcm.models import Balance, PaymentCommand, PaymentReason
from apps.products.models import Product, ProductNote
from tests.dcm.conftest import NOW
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import ProductEntityLinkerFactory
from tests.personas import make_user
from tests.products.unit_pages import UnitPage, offers_in

pytestmark = pytest.mark.django_db

DAY = 86_400
ADD, TAKE, ZERO, RESET = "credit-add", "credit-take", "credit-zero", "credit-force-reset"
BUTTONS = (ADD, TAKE, ZERO, RESET)


@pytest.fixture
def page(product: Product, admin: User) -> UnitPage:
    return UnitPage(product, admin)


def new_id() -> str:
    return f"office-{uuid.uuid4().hex}"


def typed(**more: Any) -> dict[str, Any]:
    """All that any of the forms asks for."""
    return {"days": "1", "reason": "Paid in cash", "sure": "on", "transaction_id": new_id(), **more}


def everything() -> Any:
    return fingerprint(), list(ProductNote.objects.values()), list(Balance.objects.values())


def test_adding_writes_the_amount_and_the_reason(page: UnitPage, ledger: Ledger) -> None:
    sent = typed(days="2", hours="3", minutes="5")
    assert page.said(ADD, **sent).startswith("2 days 3 h 5 min are on their way")
    assert ledger.rows() == [("payment", 2 * DAY + 3 * 3_600 + 300, "pending", False)]
    note = ProductNote.objects.get()
    assert note.note_text == f"payment +2 days 3 h 5 min ({sent['transaction_id']}): Paid in cash"
    assert note.created_by == PaymentCommand.objects.get().created_by == "admin@example.com"


@pytest.mark.parametrize("button", BUTTONS)
def test_the_reason_is_kept_with_the_command(page: UnitPage, ledger: Ledger, button: str) -> None:
    ledger.pay(3 * DAY)
    sent = typed(reason=" Customer paid twice ")
    page.said(button, **sent)
    kept = PaymentReason.objects.get()
    assert kept.command.transaction_id == sent["transaction_id"]
    assert kept.reason == "Customer paid twice"


def test_taking_back_zero_and_reset(page: UnitPage, ledger: Ledger) -> None:
    ledger.pay(3 * DAY)
    page.said(TAKE, **typed())
    page.said(ZERO, **typed())
    assert [row[:2] for row in ledger.rows()[1:]] == [("bad-payment", -DAY), ("zero-command", 0)]
    assert "2 days are the customer's" in page.said(RESET, **typed())
    assert [row[0] for row in ledger.rows() if not row[3]] == ["force-reset"]
    assert ProductNote.objects.count() == 3


@pytest.mark.parametrize("button", BUTTONS)
def test_a_double_click_is_one_command(page: UnitPage, ledger: Ledger, button: str) -> None:
    ledger.pay(3 * DAY)
    sent = typed()
    page.said(button, **sent)
    before = everything()
    assert "done already" in page.said(button, **sent)
    assert everything() == before


def test_the_same_form_with_another_amount_is_refused(page: UnitPage) -> None:
    sent = typed()
    page.said(ADD, **sent)
    before = everything()
    form = page.refused(ADD, **{**sent, "days": "5"})
    assert "sent before with other contents" in str(form.non_field_errors())
    assert everything() == before


def test_each_form_has_an_id_of_its_own_from_the_start(page: UnitPage) -> None:
    ids = {
        offer.form["transaction_id"].value()
        for answer in (page.open(), page.open())
        for offer in offers_in(answer)
        if offer.verb.name in BUTTONS
    }
    assert len(ids) == 8


def test_a_refused_form_keeps_its_id(page: UnitPage) -> None:
    sent = typed(reason="")
    assert page.refused(ADD, **sent)["transaction_id"].value() == sent["transaction_id"]


@pytest.mark.parametrize(
    ("button", "wrong"),
    [
        (ADD, {"days": ""}),
        (ADD, {"days": "0", "hours": "0"}),
        (ADD, {"days": "-1"}),
        (ADD, {"days": "1.5"}),
        (ADD, {"days": "24855", "hours": "24"}),
        (ADD, {"days": "9" * 40}),
        (ADD, {"reason": " "}),
        (ADD, {"reason": "x" * 1_001}),
        (ADD, {"reason": "a\x00b"}),
        (ADD, {"transaction_id": ""}),
        (ADD, {"transaction_id": "bank-1"}),
        (TAKE, {"days": "4"}),
        (ZERO, {"sure": ""}),
        (RESET, {"sure": ""}),
        (RESET, {"reason": ""}),
    ],
)
def test_what_is_wrong_changes_nothing(
    page: UnitPage, ledger: Ledger, button: str, wrong: dict[str, str]
) -> None:
    ledger.pay(3 * DAY)
    before = everything()
    form = page.refused(button, **typed(**wrong))
    assert form.errors
    assert everything() == before


def test_a_waiting_zero_refuses_more_and_says_why(page: UnitPage, ledger: Ledger) -> None:
    ledger.zero()
    before = everything()
    assert "has not acknowledged a zero-command" in str(page.refused(ADD, **typed()).errors)
    assert everything() == before


def test_the_consequences_are_told_in_numbers(
    page: UnitPage, product: Product, ledger: Ledger
) -> None:
    ledger.pay(3 * DAY)
    Balance.objects.create(product=product, balance=DAY, expected_expiry=NOW)
    told = {offer.verb.name: str(offer.consequence) for offer in offers_in(page.open())}
    assert "At most 3 days can be taken" in told[TAKE]
    assert "4 days go back to the customer: 1 day that" in told[RESET]


def test_every_button_asks_for_the_level_of_the_api() -> None:
    found = {verb.name: verb.level for verb in verbs.all()}
    assert {found[name] for name in BUTTONS} == {Level.ADMIN}


@pytest.mark.parametrize("button", BUTTONS)
def test_a_level_below_is_refused(product: Product, ledger: Ledger, button: str) -> None:
    ledger.pay(3 * DAY)
    before = everything()
    page = UnitPage(product, make_user("below", Level.TECHNICAL))
    assert page.press(button, **typed()).status_code == 403
    assert not page.offered() & set(BUTTONS)
    assert everything() == before


@pytest.mark.parametrize("button", BUTTONS)
def test_a_unit_of_another_entity_is_not_there(
    product: Product, ledger: Ledger, outsider: User, button: str
) -> None:
    ledger.pay(3 * DAY)
    before = everything()
    assert UnitPage(product, outsider).press(button, **typed()).status_code == 404
    assert everything() == before


def test_an_owner_may_press(product: Product, ledger: Ledger, insider: User, entity: Any) -> None:
    ProductEntityLinkerFactory.create(product=product, entity=entity, date_removed=None)
    UnitPage(product, insider).said(ADD, **typed())
    assert len(ledger.rows()) == 1


def test_units_that_keep_no_credit_or_are_paid_off_are_not_offered_it(
    page: UnitPage, product: Product
) -> None:
    assert set(BUTTONS) <= page.offered()
    Product.objects.update(is_payg=False)
    assert page.offered() & set(BUTTONS) == {ADD}
    Product.objects.update(dcm_enabled_flag=False)
    assert not page.offered() & set(BUTTONS)
