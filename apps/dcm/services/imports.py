"""Payments from a file: first what would happen, then all of it, piece by piece.

Nothing is booked while a single line is wrong. The transaction_id makes every step safe to repeat:
a line that was booked before, by this file or another way, is found in the ledger and left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.authentication import session_caller
from apps.accounts.models import User
from apps.core.callers import Caller
from apps.core.errors import DomainError, Forbidden, Invalid, NotFound
from apps.core.levels import Level
from apps.dcm.import_files import FileLine, read_lines, read_text
from apps.dcm.models import CreditImport, PaymentCategory, PaymentCommand, PaymentStatus
from apps.dcm.services.commands import add_payment_command, refusal_of
from apps.dcm.services.standing import Standing
from apps.products.fleet import visible_units
from apps.products.services.notes import add_note

# Lines that are judged with one set of queries, and booked between two looks at the progress.
_PIECE: Final = 200
_FORGET_AFTER: Final = timedelta(days=1)
_LEFT_LYING: Final = timedelta(minutes=1)
_PAYMENT: Final = PaymentCategory.PAYMENT.value


class Fate(StrEnum):
    """What becomes of a line."""

    TO_BOOK = "to book"
    BOOKED = "booked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one line of a file, on which unit, and why not."""

    line: FileLine
    fate: Fate
    product_imei: str = ""
    serial_number: str = ""
    reason: str = ""


def judge(lines: Sequence[FileLine], caller: Caller) -> Iterator[Verdict]:
    """What would become of each line, one after the other; a few queries for 200 lines."""
    added: dict[str, int] = {}
    for start in range(0, len(lines), _PIECE):
        yield from _Piece(lines[start : start + _PIECE], caller, added).verdicts()


class _Piece:
    """Some lines, with what is known of their units and ids.

    `added` is what the lines before would add to each unit.
    """

    def __init__(self, lines: Sequence[FileLine], caller: Caller, added: dict[str, int]) -> None:
        self.lines = lines
        self.added = added
        right = [line for line in lines if not line.wrong]
        columns = (
            *("pk", "serial_number", "dcm_enabled_flag", "is_payg"),
            *("latest_state__current_state_type__name", "product_type__credit_type"),
        )
        named = Q(pk__in={line.product_imei for line in right}) | Q(
            serial_number__in={line.serial_number for line in right}
        )
        units = list(visible_units(caller).filter(named).values_list(*columns))
        self.by_serial = {unit[1]: unit for unit in units}
        self.by_imei = {unit[0]: unit for unit in units}
        counts = Q(status=PaymentStatus.PENDING, category=PaymentCategory.ZERO_COMMAND)
        sums = (
            PaymentCommand.objects.filter(product_id__in=self.by_imei, void=False)
            .values_list("product_id")
            .annotate(added=Sum("value"), zeroes=Count("pk", filter=counts))
        )
        self.sums = {imei: (total, zeroes) for imei, total, zeroes in sums.order_by()}
        used = PaymentCommand.objects.filter(
            transaction_id__in={line.transaction_id for line in right}
        ).values_list("transaction_id", "product_id", "category", "value")
        self.used = {row[0]: row[1:] for row in used}

    def verdicts(self) -> Iterator[Verdict]:
        for line in self.lines:
            yield self._verdict(line)

    def _verdict(self, line: FileLine) -> Verdict:
        if line.wrong:
            return Verdict(line, Fate.REFUSED, reason=line.wrong)
        unit = self._unit(line)
        if unit is None:
            if line.transaction_id in self.used:
                return Verdict(line, Fate.REFUSED, reason=_used())
            return Verdict(line, Fate.REFUSED, reason=_("There is no such unit"))
        imei, serial = unit[0], unit[1]
        first = self.used.get(line.transaction_id)
        if first is not None:
            same = first == (imei, _PAYMENT, line.seconds)
            fate = Fate.BOOKED if same else Fate.REFUSED
            return Verdict(line, fate, imei, serial, "" if same else _used())
        refusal = refusal_of(self._standing(unit), _PAYMENT, line.seconds)
        if refusal is not None:
            return Verdict(line, Fate.REFUSED, imei, serial, sentence(refusal))
        self.added[imei] = self.added.get(imei, 0) + line.seconds
        return Verdict(line, Fate.TO_BOOK, imei, serial)

    def _unit(self, line: FileLine) -> Any:
        """The unit that a line names; None where there is none, or two."""
        if not line.product_imei:
            return self.by_serial.get(line.serial_number)
        unit = self.by_imei.get(line.product_imei)
        if unit is not None and line.serial_number not in ("", unit[1]):
            return None
        return unit

    def _standing(self, unit: Any) -> Standing:
        imei, _serial, keeps_credit, is_payg, stage, credit_type = unit
        total, zeroes = self.sums.get(imei, (0, 0))
        return Standing(
            product_imei=imei,
            keeps_credit=keeps_credit,
            is_payg=is_payg,
            stage=stage,
            credit_type=credit_type,
            id_used=False,
            added=total + self.added.get(imei, 0),
            outstanding=0,
            zero_waits=bool(zeroes),
        )


def sentence(error: DomainError) -> str:
    """A refusal in one line."""
    return " ".join(str(text) for text in (error.errors or {"": error.message}).values())


def _used() -> str:
    return _("This transaction_id was used before, for something else")


# --- the steps of one file -----------------------------------------------------------------------


def preview(*, raw: bytes, file_name: str, caller: Caller) -> CreditImport:
    """Keep a file, to be looked at and confirmed; nothing is booked.

    Raises Forbidden below ADMIN, and Invalid where the file as a whole cannot be read.
    """
    _may_import(caller)
    text = read_text(raw)
    return CreditImport.objects.create(
        user_id=caller.user_id,
        file_name=file_name[:255],
        text=text,
        total=len(read_lines(text)),
        created_at=timezone.now(),
    )


def found_import(*, import_id: int, caller: Caller) -> CreditImport:
    """A file of the caller, or of anybody for callers who see all units. Raises NotFound."""
    _may_import(caller)
    row = CreditImport.objects.filter(pk=import_id).first()
    if row is None or not (caller.is_global or row.user_id == caller.user_id):
        raise NotFound
    return row


def confirm(*, import_id: int, caller: Caller) -> bool:
    """Let the payments of a file be booked; False where that was asked before.

    Raises Invalid, with nothing booked, while any line would be refused.
    """
    row = found_import(import_id=import_id, caller=caller)
    if row.user_id != caller.user_id:
        raise Forbidden(_("Only who sent a file can confirm it"))
    if row.confirmed_at is None:
        verdicts = judge(read_lines(row.text), caller)
        refused = sum(verdict.fate is Fate.REFUSED for verdict in verdicts)
        if refused:
            text = _("{n} lines cannot be booked, so none was: correct the file and send it again")
            raise Invalid(text.format(n=refused))
    # Of two that confirm, one begins.
    waiting = CreditImport.objects.filter(pk=import_id, confirmed_at=None)
    return bool(waiting.update(confirmed_at=timezone.now()))


def work_off(*, import_id: int) -> bool:
    """Book the next lines of a confirmed file; whether there are more.

    Each line is a transaction of its own, so that no unit is locked for longer than its payment.
    Any number of processes may do so at once, and again after a crash. What has become impossible
    since the preview is told among `refused`; the rest goes on.
    """
    row = CreditImport.objects.select_related("user").filter(pk=import_id, ended_at=None).first()
    if row is None or row.confirmed_at is None:
        return False
    user: Any = row.user
    caller = session_caller(user)
    lines = read_lines(row.text)[row.position : row.position + _PIECE]
    verdicts = list(judge(lines, caller))
    refused = [found for verdict in verdicts if (found := _book(verdict, user, caller))]
    return _advance(import_id, row.position, len(lines), refused)


def _book(verdict: Verdict, user: User, caller: Caller) -> tuple[int, str] | None:
    """Book a line as the user may; its number and the reason where it was refused."""
    number = verdict.line.number
    if verdict.fate is Fate.REFUSED:
        return number, verdict.reason
    if verdict.fate is Fate.BOOKED:
        return None
    try:
        if not user.is_active:
            raise Forbidden(_("Whoever sent the file has no account any more"))
        _may_import(caller)
        _pay(verdict, caller.username)
    except DomainError as error:
        # Another worker may have booked it between the look and the lock.
        (again,) = judge([verdict.line], caller)
        return None if again.fate is Fate.BOOKED else (number, sentence(error))
    return None


@transaction.atomic
def _pay(verdict: Verdict, by: str) -> None:
    line = verdict.line
    add_payment_command(
        product_imei=verdict.product_imei,
        category=_PAYMENT,
        value=line.seconds,
        transaction_id=line.transaction_id,
        by=by,
        reason=line.reference,
    )
    if line.reference.strip():
        text = _("Payment {transaction_id} from a file: {reference}")
        note = text.format(transaction_id=line.transaction_id, reference=line.reference.strip())
        add_note(product_imei=verdict.product_imei, text=note, by=by)


@transaction.atomic
def _advance(import_id: int, position: int, count: int, refused: list[tuple[int, str]]) -> bool:
    row = CreditImport.objects.select_for_update().get(pk=import_id)
    if row.position == position:
        now = timezone.now()
        row.position = position + count
        row.refused = [*row.refused, *refused]
        row.worked_at = now
        row.ended_at = now if row.position >= row.total else None
        row.save(update_fields=["position", "refused", "worked_at", "ended_at"])
    return row.ended_at is None


def results(*, row: CreditImport, caller: Caller) -> Iterator[Verdict]:
    """What became, or would become, of each line of a file."""
    refused = dict(row.refused)
    for verdict in judge(read_lines(row.text), caller):
        reason = refused.get(verdict.line.number)
        if reason and verdict.fate is not Fate.BOOKED:
            verdict = replace(verdict, fate=Fate.REFUSED, reason=reason)
        yield verdict


def left_lying() -> list[int]:
    """Files that were confirmed and that nobody has worked on for a minute."""
    before = timezone.now() - _LEFT_LYING
    idle = Q(worked_at__lt=before) | Q(worked_at=None, confirmed_at__lt=before)
    return list(CreditImport.objects.filter(idle, ended_at=None).values_list("pk", flat=True))


def forget_previews() -> int:
    """Delete the files that nobody confirmed within a day; returns how many."""
    old = timezone.now() - _FORGET_AFTER
    return CreditImport.objects.filter(confirmed_at=None, created_at__lt=old).delete()[0]


def _may_import(caller: Caller) -> None:
    if caller.level < Level.ADMIN:
        raise Forbidden
