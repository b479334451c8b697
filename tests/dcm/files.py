"""Files of payments as tests write, send and follow them."""

from __future__ import annotations

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.dcm.import_files import read_lines, read_text
from apps.dcm.models import CreditImport
from apps.dcm.services.imports import confirm, judge, preview, work_off

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
