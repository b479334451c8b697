"""A file of payments, as an office exports it: its lines, and what is wrong with each.

Columns: transaction_id; serial_number or product_imei; seconds or days; reference, if there is one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.adminpages.export import harmless
from apps.core.errors import Invalid
from apps.dcm.models import LONGEST_REASON
from apps.dcm.services.commands import LARGEST_VALUE

MOST_LINES: Final = 10_000
MOST_BYTES: Final = 2 * 1024 * 1024
_LONGEST_ID: Final = 255

_IMEI = re.compile(r"[0-9]{15}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)
_ROUNDED = re.compile(r"[0-9][.,0-9]*[eE]\+?[0-9]+", re.ASCII)
_COLUMNS: Final = (
    *("transaction_id", "serial_number", "product_imei", "seconds", "days", "reference"),
)
# Other names that the column of remarks goes by.
_SAME_COLUMN = {"note": "reference", "imei": "product_imei", "serial": "serial_number"}


@dataclass(frozen=True, slots=True)
class FileLine:
    """One payment of a file; `wrong` says why it is none. `number` is that of its line."""

    number: int
    transaction_id: str = ""
    serial_number: str = ""
    product_imei: str = ""
    seconds: int = 0
    reference: str = ""
    wrong: str = ""


def read_text(raw: bytes) -> str:
    """The text of a file that was sent. Raises Invalid where it is too long or not UTF-8."""
    if len(raw) > MOST_BYTES:
        text = _("The file is larger than {most} MB: split it")
        raise Invalid(text.format(most=MOST_BYTES // 1024**2))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(_("The file is not in UTF-8: save it as “CSV UTF-8” and try again")) from None
    if "\x00" in text:
        raise Invalid(_("The file is no text: save it as “CSV UTF-8” and try again"))
    return text


def read_lines(text: str) -> list[FileLine]:
    """The payments of a file. Raises Invalid where it has none, too many, or no such columns."""
    if not text.strip():
        raise Invalid(_("The file is empty"))
    first = text.lstrip().splitlines()[0]
    separator = max((";", "\t", ","), key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _payments(rows)
    except csv.Error:
        where = _("Line {number} cannot be read: a quotation mark may be missing")
        raise Invalid(where.format(number=rows.line_num)) from None


def _payments(rows: Any) -> list[FileLine]:
    names: list[str] | None = None
    found: list[FileLine] = []
    seen: dict[str, int] = {}
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if names is None:
            names = _header(row)
            continue
        if len(found) == MOST_LINES:
            text = _("The file has more than {most} payments: split it")
            raise Invalid(text.format(most=f"{MOST_LINES:,}"))
        line = _line(rows.line_num, names, row)
        if not line.wrong and line.transaction_id in seen:
            text = _("This transaction_id stands on line {number} already")
            line = FileLine(
                line.number,
                line.transaction_id,
                wrong=text.format(number=seen[line.transaction_id]),
            )
        seen.setdefault(line.transaction_id, line.number)
        found.append(line)
    if not found:
        raise Invalid(_("The file has no payments below its first line"))
    return found


def _header(row: list[str]) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_") for cell in row]
    names = [_SAME_COLUMN.get(name, name) for name in names]
    known = [name for name in names if name in _COLUMNS]
    if len(known) != len(set(known)):
        raise Invalid(_("A column stands twice in the first line"))
    needed = ({"transaction_id"}, {"serial_number", "product_imei"}, {"seconds", "days"})
    if any(not one & set(known) for one in needed):
        raise Invalid(
            _(
                "The first line names the columns: transaction_id, serial_number or product_imei,"
                " seconds or days, and reference if there is one"
            )
        )
    return names


def _line(number: int, names: list[str], row: list[str]) -> FileLine:
    if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
        return FileLine(number, wrong=_("This line has more cells than the first line has columns"))
    typed = {name: cell for name, cell in zip(names, row, strict=False) if name in _COLUMNS}
    cells = {name: _plain(cell) for name, cell in typed.items()}
    wrong = _wrong_cell(typed) or _wrong_text(cells) or _wrong_unit(cells)
    seconds, wrong_amount = _amount(cells.get("seconds", ""), cells.get("days", ""))
    return FileLine(
        number,
        cells.get("transaction_id", "")[:_LONGEST_ID],
        cells.get("serial_number", ""),
        cells.get("product_imei", ""),
        seconds,
        cells.get("reference", ""),
        wrong or wrong_amount,
    )


def _plain(cell: str) -> str:
    """A cell without the apostrophe with which our own files keep formulas from running."""
    if cell[:1] == "'" and harmless(cell[1:]) == cell:
        return cell[1:]
    return cell


def _wrong_cell(typed: Mapping[str, str]) -> str:
    for name, cell in typed.items():
        if cell.startswith("="):
            return _("{name} is a formula: write the value itself").format(name=name)
    return ""


def _wrong_text(cells: Mapping[str, str]) -> str:
    transaction_id = cells.get("transaction_id", "")
    if not transaction_id:
        return _("The transaction_id is missing")
    plain = transaction_id == transaction_id.strip() and transaction_id.isprintable()
    if not plain or len(transaction_id) > _LONGEST_ID:
        return _("A transaction_id is printable text of at most 255 characters, no spaces around")
    if len(cells.get("reference", "")) > LONGEST_REASON:
        text = _("A reference has at most {most} characters")
        return text.format(most=f"{LONGEST_REASON:,}")
    return ""


def _wrong_unit(cells: Mapping[str, str]) -> str:
    serial, imei = cells.get("serial_number", ""), cells.get("product_imei", "")
    if not serial and not imei:
        return _("The unit is missing: give its serial_number or its product_imei")
    if _ROUNDED.fullmatch(imei):
        return _("A spreadsheet has rounded the product_imei: format the column as text")
    if imei and not _IMEI.fullmatch(imei):
        return _("A product_imei is 15 digits")
    return ""


def _amount(seconds: str, days: str) -> tuple[int, str]:
    """Seconds, and what is wrong with them."""
    if bool(seconds.strip()) == bool(days.strip()):
        return 0, _("Give either seconds or days")
    typed, length = (seconds.strip(), 1) if seconds.strip() else (days.strip(), 86_400)
    if not _NUMBER.fullmatch(typed):
        return 0, _("“{typed}” is no number above 0, such as 30 or 1.5").format(typed=typed[:40])
    value = Decimal(typed) * length
    if value != value.to_integral_value():
        return 0, _("{typed} is no whole number of seconds").format(typed=typed)
    if not 0 < value <= LARGEST_VALUE:
        text = _("A payment is 1 to {most} seconds")
        return 0, text.format(most=f"{LARGEST_VALUE:,}")
    return int(value), ""
