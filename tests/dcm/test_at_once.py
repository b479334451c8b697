"""Credit under two hands at the same moment, on a server that locks rows: one effect."""

from __future__ import annotations

import html
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.dcm.models import CreditImport, PaymentCommand
from apps.dcm.services import imports
from apps.dcm.services.imports import Fate, confirm, preview, results, work_off
from apps.products.models import Product, ProductNote
from tests.dcm.ledger import Ledger
from tests.products.unit_pages import UnitPage

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]

HANDS, LINES = 4, 40


def at_once(what: Callable[[], Any], hands: int = HANDS) -> list[Any]:
    """What each of some threads got that did the same at the same moment."""
    start = Barrier(hands)

    def one(_hand: int) -> Any:
        start.wait(30)
        try:
            return what()
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, range(hands)))


def press(page: UnitPage, button: str, form: dict[str, str]) -> str:
    """Press a button; the next page, as it is: what a test client keeps of it, threads share."""
    answer = page.press(button, **form)
    assert answer.status_code == 302
    return html.unescape(page.client.get(answer.url).content.decode())


@pytest.mark.parametrize("button", ["credit-add", "credit-take", "credit-zero"])
def test_a_button_pressed_by_many_at_once_is_one_command(
    product: Product, ledger: Ledger, admin: User, button: str
) -> None:
    ledger.pay(10 * 86_400)
    before = len(ledger.rows())
    form = {"days": "1", "reason": "Paid in cash", "sure": "on"}
    form["transaction_id"] = f"office-{uuid.uuid4().hex}"
    pages = [UnitPage(product, admin) for _hand in range(HANDS)]
    said = at_once(lambda: press(pages.pop(), button, form))
    assert sum("nothing changed" in text for text in said) == HANDS - 1
    assert len(ledger.rows()) == before + 1
    assert ProductNote.objects.count() == 1


def test_a_force_reset_pressed_by_many_at_once_gives_back_once(
    product: Product, ledger: Ledger, admin: User
) -> None:
    ledger.pay(2 * 86_400)
    form = {"reason": "Lost", "sure": "on", "transaction_id": f"office-{uuid.uuid4().hex}"}
    pages = [UnitPage(product, admin) for _hand in range(HANDS)]
    said = at_once(lambda: press(pages.pop(), "credit-force-reset", form))
    assert sum("2 days are the customer's" in text for text in said) == 1
    assert sum("nothing changed" in text for text in said) == HANDS - 1
    assert ProductNote.objects.count() == 1


def payments(product: Product) -> bytes:
    rows = [f"t{number},{product.serial_number},1,Receipt {number}" for number in range(LINES)]
    return "\n".join(["transaction_id,serial_number,days,reference", *rows]).encode()


def test_of_many_who_confirm_a_file_one_begins(product: Product, admin: User) -> None:
    caller = session_caller(admin)
    row = preview(raw=payments(product), file_name="f.csv", caller=caller)
    began = at_once(lambda: confirm(import_id=row.pk, caller=caller))
    assert sorted(began) == [False] * (HANDS - 1) + [True]


def test_many_workers_on_one_file_book_each_line_once(
    product: Product, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_PIECE", 7)
    caller = session_caller(admin)
    row = preview(raw=payments(product), file_name="f.csv", caller=caller)
    confirm(import_id=row.pk, caller=caller)

    def work() -> None:
        while work_off(import_id=row.pk):
            pass

    at_once(work)
    row = CreditImport.objects.get(pk=row.pk)
    assert (row.position, row.refused, row.ended_at is not None) == (LINES, [], True)
    assert {found.fate for found in results(row=row, caller=caller)} == {Fate.BOOKED}
    assert PaymentCommand.objects.count() == ProductNote.objects.count() == LINES


def test_the_same_payments_in_two_files_at_once_are_booked_once(
    product: Product, admin: User
) -> None:
    caller = session_caller(admin)
    files = [
        preview(raw=payments(product), file_name="f.csv", caller=caller).pk for _hand in range(2)
    ]
    for import_id in files:
        confirm(import_id=import_id, caller=caller)
    waiting = list(files)
    at_once(lambda: work_off(import_id=waiting.pop()), hands=2)
    assert PaymentCommand.objects.count() == ProductNote.objects.count() == LINES
    assert [row.refused for row in CreditImport.objects.filter(pk__in=files)] == [[], []]
