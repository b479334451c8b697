"""What a file of payments must look like, and what each line says is wrong with it."""

from __future__ import annotations

import pytest

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.core.errors import Invalid
from apps.dcm.import_files import MOST_BYTES
from apps.dcm.models import CreditImport, PaymentCommand
from apps.dcm.services.imports import preview
from apps.products.models import Product
from tests.dcm.files import booked, sheet, verdicts
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db

DAY = 86_400


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
