"""Payments from a file: what is shown before, what is booked, and that repeating does no harm."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.core.errors import Forbidden, Invalid, NotFound
from apps.core.levels import Level
from apps.dcm.models import CreditImport, PaymentCommand, PaymentReason
from apps.dcm.services import imports
from apps.dcm.services.imports import Fate, confirm, preview, results, work_off
from apps.products.models import Product, ProductNote
from tests.dcm.files import booked, sheet, verdicts
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import ProductEntityLinkerFactory, ProductFactory
from tests.personas import make_user

pytestmark = pytest.mark.django_db

DAY = 86_400


def test_a_file_is_booked_as_it_says(product: Product, ledger: Ledger, admin: User) -> None:
    other = ProductFactory.create(dcm_enabled_flag=True)
    header = "Transaction ID;IMEI;Serial;seconds;days;note"
    raw = sheet(f"a;{product.pk};;60;;", f"b;;{other.serial_number};;1.5;Receipt 7", header=header)
    row = booked(admin, b"\xef\xbb\xbf" + raw)
    assert ledger.rows() == [("payment", 60, "pending", False)]
    assert Ledger(other.pk).rows() == [("payment", 129_600, "pending", False)]
    assert set(PaymentCommand.objects.values_list("created_by", flat=True)) == {admin.email}
    assert ProductNote.objects.get().note_text == "Payment b from a file: Receipt 7"
    assert PaymentReason.objects.values_list("command__transaction_id", "reason").get() == (
        *("b", "Receipt 7"),
    )
    assert row.ended_at
    assert not row.refused


def test_a_file_sent_again_books_nothing_and_is_no_error(product: Product, admin: User) -> None:
    raw = sheet(f"a,{product.serial_number},1,x", f"b,{product.serial_number},2,")
    booked(admin, raw)
    before = fingerprint(), ProductNote.objects.count()
    assert verdicts(admin, raw) == [("booked", "")] * 2
    assert booked(admin, raw).refused == []
    assert (fingerprint(), ProductNote.objects.count()) == before


def test_a_file_that_was_half_booked_goes_on_where_it_stopped(
    product: Product, ledger: Ledger, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_PIECE", 2)
    caller = session_caller(admin)
    rows = [f"t{n},{product.serial_number},1," for n in range(5)]
    row = preview(raw=sheet(*rows), file_name="f", caller=caller)
    confirm(import_id=row.pk, caller=caller)
    assert work_off(import_id=row.pk)
    # The progress is lost, as in a crash before it was written.
    CreditImport.objects.update(position=0)
    while work_off(import_id=row.pk):
        pass
    assert len(ledger.rows()) == 5
    assert not work_off(import_id=row.pk)


def test_one_wrong_line_keeps_the_whole_file_from_being_booked(
    product: Product, admin: User
) -> None:
    caller = session_caller(admin)
    raw = sheet(f"a,{product.serial_number},1,", "b,no such unit,1,")
    row = preview(raw=raw, file_name="f", caller=caller)
    with pytest.raises(Invalid, match="1 lines cannot be booked"):
        confirm(import_id=row.pk, caller=caller)
    assert not work_off(import_id=row.pk)
    assert not PaymentCommand.objects.exists()


def test_what_became_impossible_after_the_preview_is_told(
    product: Product, ledger: Ledger, admin: User
) -> None:
    other = ProductFactory.create(dcm_enabled_flag=True)
    caller = session_caller(admin)
    raw = sheet(f"a,{product.serial_number},1,", f"b,{other.serial_number},1,")
    row = preview(raw=raw, file_name="f", caller=caller)
    confirm(import_id=row.pk, caller=caller)
    ledger.zero()
    work_off(import_id=row.pk)
    row.refresh_from_db()
    first, second = results(row=row, caller=caller)
    assert (first.fate, second.fate) == (Fate.REFUSED, Fate.BOOKED)
    assert "zero-command" in first.reason


# --- level and scope -----------------------------------------------------------------------------


def test_units_out_of_scope_are_units_that_are_not_there(
    product: Product, ledger: Ledger, insider: User, outsider: User, entity: Any
) -> None:
    ProductEntityLinkerFactory.create(product=product, entity=entity, date_removed=None)
    raw = sheet(f"a,{product.serial_number},1,")
    assert verdicts(insider, raw) == [("to book", "")]
    assert verdicts(outsider, raw) == [("refused", "There is no such unit")]
    ledger.pay(DAY, "a")
    ((_fate, reason),) = verdicts(outsider, raw)
    assert reason == "This transaction_id was used before, for something else"


def test_below_admin_nothing_is_taken(product: Product) -> None:
    caller = session_caller(make_user("below", Level.TECHNICAL))
    with pytest.raises(Forbidden):
        preview(raw=sheet(f"a,{product.serial_number},1,"), file_name="f", caller=caller)


def test_another_callers_file_is_not_there(product: Product, admin: User, outsider: User) -> None:
    raw = sheet(f"a,{product.serial_number},1,")
    row = preview(raw=raw, file_name="f", caller=session_caller(admin))
    with pytest.raises(NotFound):
        imports.found_import(import_id=row.pk, caller=session_caller(outsider))
    with pytest.raises(Forbidden):
        confirm(import_id=row.pk, caller=session_caller(make_user("boss", Level.SYSTEM)))


def test_rights_lost_after_the_confirmation_count(
    product: Product, ledger: Ledger, admin: User
) -> None:
    caller = session_caller(admin)
    row = preview(raw=sheet(f"a,{product.serial_number},1,"), file_name="f", caller=caller)
    confirm(import_id=row.pk, caller=caller)
    User.objects.filter(pk=admin.pk).update(level=Level.TECHNICAL.value)
    work_off(import_id=row.pk)
    row.refresh_from_db()
    assert ledger.rows() == []
    assert len(row.refused) == 1
