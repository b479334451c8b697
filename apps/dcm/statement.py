"""A unit's statement: every change of its credit, newest first, as people read an account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.core.panels import Tone
from apps.dcm.amounts import exactly, signed
from apps.dcm.models import (
    FinalBalance,
    ForceReset,
    LateReceipt,
    PaymentCategory,
    PaymentCommand,
    PaymentReason,
)
from apps.dcm.selectors import PENDING

PAGE: Final = 50
# Keys in one query: SQLite takes 999.
_CHUNK: Final = 900
_COMMAND, _FINAL = 0, 1
_FINAL_BALANCE: Final = "final-balance"
_TITLES: Final = {
    PaymentCategory.PAYMENT: gettext_noop("Credit added"),
    PaymentCategory.BAD_PAYMENT: gettext_noop("Credit taken back"),
    PaymentCategory.ZERO_COMMAND: gettext_noop("Set to zero"),
    PaymentCategory.FORCE_RESET: gettext_noop("Force reset"),
}

# What was booked in all, in the order of acceptance: it begins anew with each zero and reset, and a
# removal never takes it below 0. `s` is the plain sum, which its lowest point so far lifts to 0.
_LINES = """
    SELECT 0 AS kind, n.id, n.created_at AS at, n.s - CASE WHEN n.lowest < 0 THEN n.lowest ELSE 0
        END AS booked
    FROM (SELECT m.*, MIN(m.s) OVER (PARTITION BY m.since ORDER BY m.id) AS lowest
        FROM (SELECT e.*, SUM(e.value) OVER (PARTITION BY e.since ORDER BY e.id) AS s
            FROM (SELECT c.payment_command_id AS id, c.created_at, c.value,
                SUM(CASE WHEN c.category IN ('zero-command', 'force-reset') THEN 1 ELSE 0 END)
                    OVER (ORDER BY c.payment_command_id) AS since
                FROM payment_command c WHERE c.product_imei = %s) e) m) n
    UNION ALL
    SELECT 1, f.final_balance_id, f.created_at, NULL
    FROM final_balance f WHERE f.product_imei = %s
    ORDER BY at {way}, kind {way}, id {way}
"""
_COUNT = (
    "SELECT (SELECT COUNT(*) FROM payment_command WHERE product_imei = %s)"
    " + (SELECT COUNT(*) FROM final_balance WHERE product_imei = %s)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; amounts are seconds.

    entry    the category of the command, or "final-balance"
    seconds  what the command adds; of a final balance, what the unit had left
    booked   what was added less what was taken since the last zero or reset; None where the line
             is no command
    reason   why the command was given, in the words of who gave it
    """

    when: dt.datetime
    entry: str
    title: str
    seconds: int
    by: str
    state: str
    tone: Tone
    void: bool
    booked: int | None
    transaction_id: str
    remark: str = ""
    reason: str = ""
    command_id: int | None = None

    @property
    def amount(self) -> str:
        """What it adds, in words, with its sign; of a final balance, what the unit had left."""
        if self.entry == _FINAL_BALANCE:
            return exactly(self.seconds)
        return signed(self.seconds) if self.seconds else "–"

    @property
    def booked_in_words(self) -> str:
        return "–" if self.booked is None else exactly(self.booked)


@dataclass(frozen=True, slots=True)
class Statement:
    """One page of a unit's statement, newest first; `total` counts the lines of all pages."""

    lines: list[Line]
    page: int
    pages: int
    total: int


def statement(*, product_imei: str, page: int = 1) -> Statement:
    """A page of the statement, the first where there is no such page; at most seven queries."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [product_imei, product_imei])
        total = cursor.fetchone()[0]
        pages = max(1, -(-total // PAGE))
        page = page if 1 <= page <= pages else 1
        cursor.execute(
            f"{_LINES.format(way='DESC')} LIMIT {PAGE} OFFSET %s",
            [product_imei, product_imei, (page - 1) * PAGE],
        )
        found = cursor.fetchall()
    return Statement(_lines(found), page, pages, total)


def whole_statement(*, product_imei: str) -> Iterator[Line]:
    """Every line, oldest first, read piece by piece."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(way="ASC"), [product_imei, product_imei])
        found = cursor.fetchall()
    for start in range(0, len(found), _CHUNK):
        yield from _lines(found[start : start + _CHUNK])


def _lines(found: Sequence[tuple[Any, ...]]) -> list[Line]:
    """Lines from (kind, id, time, booked), in their order."""
    commands = [key for kind, key, _at, _booked in found if kind == _COMMAND]
    finals = [key for kind, key, _at, _booked in found if kind == _FINAL]
    rows = PaymentCommand.objects.in_bulk(commands) if commands else {}
    resets = _by_key(ForceReset, [k for k in commands if rows[k].category == "force-reset"])
    late = _by_key(LateReceipt, [k for k in commands if rows[k].void])
    reasons = _by_key(PaymentReason, commands)
    left = FinalBalance.objects.select_related("zero_command").in_bulk(finals) if finals else {}
    return [
        _final(left[key])
        if kind == _FINAL
        else _command(rows[key], int(booked), resets.get(key), late.get(key), reasons.get(key))
        for kind, key, _at, booked in found
    ]


def _by_key(model: Any, keys: list[int]) -> dict[int, Any]:
    return model.objects.in_bulk(keys) if keys else {}


def _command(
    row: PaymentCommand,
    booked: int,
    reset: ForceReset | None,
    late: LateReceipt | None,
    reason: PaymentReason | None,
) -> Line:
    waits = row.status in (None, PENDING)
    state, tone = _state(waits=waits, void=row.void)
    remarks = []
    if reset is not None:
        remarks.append(_given_back(reset))
    if late is not None:
        remarks.append(_("the unit booked it all the same, after it was void"))
    return Line(
        when=row.created_at,
        entry=row.category,
        title=_(_TITLES[PaymentCategory(row.category)]),
        seconds=row.value,
        by=row.created_by or "",
        state=state,
        tone="bad" if late is not None else tone,
        void=row.void,
        booked=booked,
        transaction_id=row.transaction_id,
        remark=capfirst("; ".join(remarks)),
        reason="" if reason is None else reason.reason,
        command_id=row.pk,
    )


def _final(row: FinalBalance) -> Line:
    return Line(
        when=row.created_at,
        entry=_FINAL_BALANCE,
        title=_("Final balance"),
        seconds=row.final_balance,
        by=row.created_by or "",
        state=_("said by the unit"),
        tone="info",
        void=False,
        booked=None,
        transaction_id=row.zero_command.transaction_id,
        remark=_("What it had left when it was set to zero, of {added} added").format(
            added=exactly(row.total_added)
        ),
    )


def _state(*, waits: bool, void: bool) -> tuple[str, Tone]:
    if void:
        return (_("void, never booked by the unit") if waits else _("void")), ""
    return (_("waiting for the unit"), "warn") if waits else (_("booked by the unit"), "good")


def _given_back(reset: ForceReset) -> str:
    known = reset.last_known_balance
    total = max(0, reset.outstanding_payments + (known or 0))
    text = _("{total} given back: {known} last known on the unit, {outstanding} waiting for it")
    return text.format(
        total=exactly(total),
        known=_("nothing") if known is None else exactly(known),
        outstanding=signed(reset.outstanding_payments),
    )
