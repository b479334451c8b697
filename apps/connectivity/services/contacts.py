"""A unit's contact: what it measured, how it is (POST rm_data, rc_data), what it is to do (GET).

Everything may arrive twice, late or out of order. Each contact is one transaction: whatever is
refused leaves nothing behind, its nonce included. Reference: "Units connecting to the System".
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from apps.connectivity import statements
from apps.connectivity.errors import SignatureRefused
from apps.connectivity.signatures import Signature, verify
from apps.connectivity.statements import UnitRow
from apps.connectivity.unit_reports import Contact, read_contact
from apps.core.events import publish
from apps.core.prepared import Prepared
from apps.core.writes import Writes
from apps.dcm.selectors import outstanding_commands
from apps.dcm.services.receipts import CreditReport, take_credit_report
from apps.parts.selectors import pending_part_parameters
from apps.parts.services.settings import confirm_part_parameters
from apps.products.models import EnableState
from apps.products.selectors import TERMINATED, pending_parameters, pending_software
from apps.products.services.reports import UnitStanding, apply_report, is_late
from apps.products.services.software import count_attempt
from apps.products.services.switch import CLOCK_TOLERANCE, UNIT, SwitchStanding
from apps.telemetry.services.points import Batch, Kept, in_callers_transaction, keep_points

logger = logging.getLogger(__name__)

# Six contacts in a row were missed: from here on a unit's return is news to others.
LONG_SILENCE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a unit signed, and how it signed it; `received` is Unix seconds."""

    signature: Signature
    method: str
    path: str
    body: bytes
    received: float

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.received, UTC)


@transaction.atomic
def receive_report(*, signed: SignedRequest, decode: Callable[[], Mapping[str, Any]]) -> int:
    """Take in one report of one unit; returns the id of the connection it became.

    `decode` reads the body, once the signature holds. Raises SignatureRefused for a request that is
    not the unit's own or came before, Invalid for a body that is wrong.
    """
    imei, now = signed.signature.imei, signed.at
    with connection.cursor() as cursor:
        unit = _authenticate(cursor, signed)
        contact = read_contact(decode(), now=now)
        standing, of_parts = _use_nonce_for_report(cursor, signed, unit, contact)
        connection_id = _insert_connection(cursor, imei, contact, now)
    writes = Writes()
    apply_report(
        product_imei=imei,
        report=contact.report,
        standing=standing,
        connection_id=connection_id,
        now=now,
        writes=writes,
    )
    if of_parts and not is_late(contact.report, standing):
        _confirm_parts(imei, contact, now, writes)
    writes.send()
    _credit(imei, contact, standing, now)
    if _was_silent(contact, standing):
        publish("product_connected_again", subject=imei)
    return connection_id


def _was_silent(contact: Contact, standing: UnitStanding) -> bool:
    """Whether this is the first sign of life after so long that somebody may have noticed."""
    before = standing.reported_at
    return before is not None and contact.report.made_at - before > LONG_SILENCE


@transaction.atomic
def answer_wishes(*, signed: SignedRequest) -> dict[str, Any]:
    """What a unit is to do, as GET rc_data tells it; the switches always, the rest while pending.

    Hearing is not obeying: all of it stays pending until a report confirms it. Raises
    SignatureRefused as `receive_report`.
    """
    imei = signed.signature.imei
    with connection.cursor() as cursor:
        unit = _authenticate(cursor, signed)
        _stage, software, parameters, of_parts = _use_nonce(
            cursor, signed, unit, statements.USE_NONCE_FOR_WISHES, [imei] * 3
        )
    return {
        "enable": bool(unit.desired_enable),
        "tamper_switch": bool(unit.desired_tamper),
        "capacity_limit": unit.capacity_limit,
        "software": _offer_software(imei, signed.at) if software else None,
        "parameters": {
            **(pending_part_parameters(imei) if of_parts else {}),
            **(pending_parameters(imei) if parameters else {}),
        },
        "payment_commands": outstanding_commands(product_imei=imei),
    }


def receive_points(*, signed: SignedRequest, read: Callable[[str], Batch]) -> Kept:
    """Take in what a unit measured; what is counted here is kept, whatever happens next.

    `read` reads the points of the unit of that IMEI, once the signature holds. Raises
    SignatureRefused and Invalid as `receive_report`, TooLarge for too many points, and Unavailable
    (503) where they cannot be kept: the unit then keeps them.
    """
    imei = signed.signature.imei
    # A store elsewhere must not be waited for within a transaction, nor with a unit locked.
    joined = in_callers_transaction()
    with transaction.atomic() if joined else nullcontext():
        with connection.cursor() as cursor:
            statements.READ_SENDER.run(cursor, [imei])
            found = cursor.fetchone()
            _verify(signed, found[0] if found else None)
            _refuse_terminated(imei, found[1])
            points = read(imei)
            note = statements.NOTE_NONCE if joined else statements.note_nonce_soon()
            _write_nonce(cursor, signed, note, [])
        return keep_points(batch=points)


def _authenticate(cursor: Any, signed: SignedRequest) -> UnitRow:
    """Lock the row of the unit and see that the unit signed the request."""
    statements.lock_unit().run(cursor, [signed.signature.imei])
    found = cursor.fetchone()
    _verify(signed, found[0] if found else None)
    return UnitRow(*found)


def _verify(signed: SignedRequest, key: str | None) -> None:
    verify(signed.signature, key=key, method=signed.method, path=signed.path, body=signed.body)


def _use_nonce(
    cursor: Any, signed: SignedRequest, unit: UnitRow, statement: Prepared, more: list[Any]
) -> tuple[Any, ...]:
    """Use the nonce up, for a unit still in use, and return what the statement reads."""
    row = _write_nonce(cursor, signed, statement, [unit.state_id, *more])
    _refuse_terminated(signed.signature.imei, row[0])
    return row


def _write_nonce(
    cursor: Any, signed: SignedRequest, statement: Prepared, more: list[Any]
) -> tuple[Any, ...]:
    signature = signed.signature
    seen_at = connection.ops.adapt_datetimefield_value(signed.at)
    statement.run(cursor, [signature.imei, signature.nonce, seen_at, *more])
    row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        raise SignatureRefused(f"unit {signature.imei} repeats nonce {signature.nonce}")
    return row


def _refuse_terminated(imei: str, stage: str | None) -> None:
    if stage == TERMINATED:
        raise SignatureRefused(f"unit {imei} is TERMINATED")


def _use_nonce_for_report(
    cursor: Any, signed: SignedRequest, unit: UnitRow, contact: Contact
) -> tuple[UnitStanding, bool]:
    """Where the unit stands, and whether a parameter of one of its parts waits for it."""
    imei, software = signed.signature.imei, contact.report.software
    asked_by = contact.report.made_at + CLOCK_TOLERANCE
    more = [unit.connection_id, unit.located_id, *[imei] * 4, software, imei, imei, software]
    more += [connection.ops.adapt_datetimefield_value(asked_by), imei, imei]
    row = _use_nonce(cursor, signed, unit, statements.USE_NONCE_FOR_REPORT, more)
    standing = UnitStanding(
        main=_switch(unit.current_enable, row[3], row[4]),
        tamper=_switch(unit.current_tamper, row[5], row[6]),
        reported_at=statements.moment(row[1]),
        located_at=statements.moment(row[2]),
        version_id=row[7],
        running_id=row[8],
        asked_id=row[9],
        parameters_pending=bool(row[10]),
    )
    return standing, bool(row[11])


def _confirm_parts(imei: str, contact: Contact, now: datetime, writes: Writes) -> None:
    if contact.report.parameters:
        confirm_part_parameters(
            product_imei=imei,
            reported=contact.report.parameters,
            made_at=contact.report.made_at,
            now=now,
            by=UNIT,
            writes=writes,
        )


def _switch(current: Any, state: str | None, since: Any) -> SwitchStanding:
    return SwitchStanding(
        current=bool(current),
        state=EnableState(state) if state else EnableState.INIT,
        since=statements.moment(since),
    )


def _insert_connection(cursor: Any, imei: str, contact: Contact, now: datetime) -> int:
    """Write the connection; the serving cell's network is the connection's own.

    Where it has no position, its cells are looked up later; without cells that has failed already.
    """
    adapt = connection.ops.adapt_datetimefield_value
    position = contact.report.position
    nowhere = position is None and not contact.cells
    values: list[Any] = [imei, adapt(contact.report.made_at), nowhere]
    values += (degrees_text(position[0]), degrees_text(position[1])) if position else (None, None)
    values += (contact.frequency, contact.timing_advance, adapt(now), UNIT)
    cells = contact.cells
    if cells:
        network = dict(zip(statements.CELL_FIELDS, cells[0], strict=True))
        values += (network["mcc"], network["mnc"])
    for cell in cells:
        values += cell
    cursor.execute(statements.INSERT_CONNECTION[len(cells)], values)
    return cursor.fetchone()[0]


def degrees_text(degrees: float) -> str:
    """Degrees in the 12 characters of the column, exact to a tenth of a metre."""
    text = repr(degrees)
    return text if len(text) <= 12 and "e" not in text else f"{degrees:.6f}"


def _credit(imei: str, contact: Contact, standing: UnitStanding, now: datetime) -> None:
    """Hand over what the unit says of its credit, if it does."""
    if contact.balance is None and not contact.acks and contact.final_balance is None:
        return
    take_credit_report(
        report=CreditReport(
            product_imei=imei,
            made_at=contact.report.made_at,
            at=now,
            late=is_late(contact.report, standing),
            balance=contact.balance,
            acks=contact.acks,
            final_balance=contact.final_balance,
        ),
        by=UNIT,
    )


def _offer_software(imei: str, now: datetime) -> dict[str, Any] | None:
    update = pending_software(imei)
    if update is None:
        return None
    count_attempt(pending_id=update.pending_id, now=now, by=UNIT)
    return {"name": update.name, "link": update.link, "checksum": update.checksum}
