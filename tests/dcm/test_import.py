"""Payments from a file: what is shown before, what is booked, and that repeating does no harm."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.core.errors import Forbidden, Invalid, NotFound
from apps.core.levels import Level
from apps.dcm import tasks
from apps.dcm.import_files import MOST_BYTES, read_lines, read_text
from apps.dcm.models import CreditImport, PaymentCommand, PaymentReason
from apps.dcm.services import imports
from apps.dcm.services.imports import Fate, confirm, judge, preview, results, work_off
from apps.products.models import Product, ProductNote
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import ProductEntityLinkerFactory, ProductFactory
from tests.personas import make_user

pytestmark = pytest.mark.django_db

DAY = 86_400


def sheet(*rows: str, header: str = "transaction_id,serial_number,days,reference") -> bytes:
    return "\n".join([header, *rows]).encode()


def verdicts(user: User, raw: bytes) -> list[tuple[str, str]]:
    found = judge(read_lines(read_text(raw)), session_caller(user))
    return [(verdict.fate.value, verdict.reason) for verdict in found]


def booked(user: User, raw: bytes) -> CreditImport:
    """Send a file, confirm it and work it off."""
    caller = session_caller(user)
    row = preview(raw=raw, file_name="payments.csv", caller=caller)
    confirm(import_id=row.pk, caller=caller)
    while work_off(import_id=row.pk):
        pass
    row.refresh_from_db()
    return row


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


def test_each_line_says_what_is_wrong_with_it(
    product: Product, terminated: Product, ledger: Ledger, admin: User
) -> None:
    fine, zeroed, counts_none = (
        ProductFactory.create(dcm_enabled_flag=flag) for flag in (True, True, False)
    )
    Ledger(zeroed.pk).zero()
    Ledger(fine.pk).pay(60, "used")
    unit = fine.serial_number
    cases = {
        f"used,{unit},1,": "used before, for something else",
        f",{unit},1,": "transaction_id is missing",
        f" a,{unit},1,": "no spaces around",
        f"{'x' * 256},{unit},1,": "at most 255",
        "b,,1,": "unit is missing",
        "c,nobody,1,": "no such unit",
        f"d,{unit},,": "either seconds or days",
        f"e,{unit},-1,": "no number above 0",
        f"f,{unit},0,": "1 to 2,147,483,647",
        f"g,{unit},1.0000001,": "no whole number of seconds",
        f"h,{unit},99999,": "1 to 2,147,483,647",
        f"i,{unit},=1+1,": "days is a formula",
        f"=j,{unit},1,": "transaction_id is a formula",
        f"k,{unit},1e3,": "no number",
        f"l,{unit},١,": "no number",
        f"m,{unit},1,,more": "more cells",
        f"n,{unit},1,{'x' * 1_001}": "at most 1,000",
        f"o,{terminated.serial_number},1,": "TERMINATED",
        f"p,{zeroed.serial_number},1,": "zero-command",
        f"q,{counts_none.serial_number},1,": "not DCM enabled",
    }
    before = fingerprint()
    for (fate, reason), (row, why) in zip(
        verdicts(admin, sheet(*cases)), cases.items(), strict=True
    ):
        assert fate == "refused", row
        assert why in reason, row
    assert fingerprint() == before


@pytest.mark.parametrize(
    ("imei", "why"), [("3.5E+14", "spreadsheet has rounded"), ("12", "15 digits")]
)
def test_an_imei_that_a_spreadsheet_spoiled(admin: User, imei: str, why: str) -> None:
    raw = sheet(f"a,{imei},1", header="transaction_id,product_imei,days")
    ((fate, reason),) = verdicts(admin, raw)
    assert fate == "refused"
    assert why in reason


def test_serial_and_imei_of_two_units_are_refused(product: Product, admin: User) -> None:
    other = ProductFactory.create(dcm_enabled_flag=True)
    header = "transaction_id,serial_number,product_imei,days"
    raw = sheet(
        f"a,{other.serial_number},{product.pk},1",
        f"b,{product.serial_number},{product.pk},1",
        header=header,
    )
    assert [fate for fate, _reason in verdicts(admin, raw)] == ["refused", "to book"]


def test_an_id_twice_in_a_file_is_pointed_at(product: Product, admin: User) -> None:
    line = f"a,{product.serial_number},1,"
    assert verdicts(admin, sheet(line, "", line)) == [
        ("to book", ""),
        ("refused", "This transaction_id stands on line 2 already"),
    ]


def test_lines_of_one_unit_count_together(product: Product, admin: User) -> None:
    lines = [f"t{n},{product.serial_number},24855," for n in range(48)]
    fates = [fate for fate, _reason in verdicts(admin, sheet(*lines))]
    assert fates == ["to book"] * 46 + ["refused"] * 2


def test_text_kept_from_being_a_formula_is_read_as_text(
    product: Product, ledger: Ledger, admin: User
) -> None:
    booked(admin, sheet(f"'=1,{product.serial_number},1,"))
    assert PaymentCommand.objects.get().transaction_id == "=1"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"transaction_id,serial_number,days\n", "no payments"),
        (b"a,b,c\n1,2,3\n", "names the columns"),
        (b"transaction_id,days,seconds\n1,2,3\n", "names the columns"),
        (b"transaction_id,serial_number,days,days\n1,2,3,4\n", "stands twice"),
        (b"transaction_id,serial_number,days\na,\xe9,1\n", "UTF-8"),
        ("transaction_id,serial_number,days\na,b,1\n".encode("utf-16"), "UTF-8"),
        (b"transaction_id,serial_number,days\na,b\x00,1\n", "no text"),
        (b'transaction_id,serial_number,days\n"a,b,1\n', "quotation mark"),
        (b"x" * (MOST_BYTES + 1), "larger than 2 MB"),
        (b"transaction_id,serial_number,days\n" + b"a,b,1\n" * 10_001, "more than 10,000"),
    ],
)
def test_a_file_that_is_no_list_of_payments(admin: User, raw: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        preview(raw=raw, file_name="f", caller=session_caller(admin))
    assert not CreditImport.objects.exists()


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


# --- pages and tasks -----------------------------------------------------------------------------


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, raw: bytes) -> Any:
    file = SimpleUploadedFile("payments.csv", raw, content_type="text/csv")
    return client.post(reverse("admin:dcm_paymentcommand_import"), {"file": file})


def test_from_file_to_ledger_through_the_pages(
    product: Product, ledger: Ledger, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(tasks.work_off_credit_import, "delay", started.append)
    client = as_(admin)
    looked = send(client, sheet(f"a,{product.serial_number},30,=x".replace("=", "+")))
    page = client.get(looked.url).content.decode()
    assert "Book 1 payment" in page
    assert "30 days" in page
    assert ledger.rows() == []
    (row,) = CreditImport.objects.all()
    for _press in range(2):
        client.post(reverse("admin:dcm_paymentcommand_import_confirm", args=(row.pk,)))
    assert started == [row.pk]
    tasks.work_off_credit_import(row.pk)
    assert ledger.rows() == [("payment", 30 * DAY, "pending", False)]
    assert "What came of it" in client.get(looked.url).content.decode()
    answer: Any = client.get(reverse("admin:dcm_paymentcommand_import_result", args=(row.pk,)))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["result"], line["seconds"], line["reference"]) == ("booked", "2592000", "'+x")


def test_a_file_that_cannot_be_read_is_told_beside_the_field(admin: User) -> None:
    answer = send(as_(admin), b"\xff\xfe")
    assert answer.status_code == 400
    assert "not in UTF-8" in answer.content.decode()


def test_a_file_with_a_wrong_line_has_no_button(product: Product, admin: User) -> None:
    client = as_(admin)
    page = client.get(send(client, sheet("a,nobody,30,")).url).content.decode()
    assert "Nothing can be booked while a line is refused" in page
    assert "/confirm/" not in page


def test_the_pages_ask_for_the_level_of_the_api(product: Product, admin: User) -> None:
    raw = sheet(f"a,{product.serial_number},1,")
    row = preview(raw=raw, file_name="f", caller=session_caller(admin))
    client = as_(make_user("below", Level.TECHNICAL))
    for name, args in (
        ("import", ()),
        ("import_look", (row.pk,)),
        ("import_confirm", (row.pk,)),
        ("import_result", (row.pk,)),
    ):
        url = reverse(f"admin:dcm_paymentcommand_{name}", args=args)
        assert client.get(url).status_code == client.post(url).status_code == 403
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert send(client, raw).status_code == 403


def test_files_left_lying_are_taken_up_and_previews_forgotten(
    product: Product, admin: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = session_caller(admin)
    raw = sheet(f"a,{product.serial_number},1,")
    kept, forgotten = (preview(raw=raw, file_name="f", caller=caller) for _ in range(2))
    confirm(import_id=kept.pk, caller=caller)
    started: list[int] = []
    monkeypatch.setattr(tasks.work_off_credit_import, "delay", started.append)
    tasks.resume_credit_imports()
    assert started == []
    clock.shift(61)
    tasks.resume_credit_imports()
    assert started == [kept.pk]
    clock.shift(DAY)
    assert tasks.forget_credit_previews() == 1
    assert not CreditImport.objects.filter(pk=forgotten.pk).exists()


def test_two_hundred_lines_cost_three_queries(
    product: Product, admin: User, django_assert_num_queries: Any
) -> None:
    lines = read_lines(read_text(sheet(*(f"t{n},{product.serial_number},1," for n in range(400)))))
    caller = session_caller(admin)
    with django_assert_num_queries(6):
        assert len(list(judge(lines, caller))) == 400
