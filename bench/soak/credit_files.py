"""The files of payments of one walk: new ids, ids that were used before, lines with a flaw.

What becomes of each line is foretold from the walk's own account and compared with what the program
says. A confirmed file is worked off at once or later, when what it asks for may have become
impossible; a worker may die before it notes how far it got.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.dcm.models import CreditImport, PaymentCategory, PaymentStatus
from apps.dcm.services.imports import confirm, preview, work_off
from bench.soak.credit_checks import Book

_AMOUNTS = st.integers(1, 20_000)
_LINES = st.one_of(
    st.tuples(st.just("new"), _AMOUNTS),
    st.tuples(st.just("new"), _AMOUNTS),
    st.tuples(st.just("before"), st.integers(0, 20)),
)
_FLAWS = st.sampled_from(["", "", "", "", "other amount", "twice", "no unit", "no amount"])
_WORKERS = st.sampled_from(["at once", "at once", "dies", "later"])

# How a file comes: its lines, what is wrong with its last one, and when it is worked off.
sent_files = st.tuples(st.lists(_LINES, min_size=1, max_size=3), _FLAWS, _WORKERS)


@dataclass(frozen=True)
class Payment:
    """One line of a file, as the office means it."""

    name: str
    value: int
    imei: str


class Files:
    """The files that one office sends about one unit; `new_name` gives an unused id."""

    def __init__(self, book: Book, clerk: Caller, new_name: Callable[[], str]) -> None:
        self.book = book
        self.clerk = clerk
        self.new_name = new_name
        self.sent: list[list[Payment]] = []
        # Confirmed, and not worked off: the key of the file and its lines.
        self.waiting: list[tuple[int, list[Payment]]] = []

    def send(self, how: tuple[list[tuple[str, int]], str, str]) -> None:
        lines, flaw, worker = how
        payments = [self._payment(*line) for line in lines]
        # Else an id from before could stand twice in a file that is meant to be right.
        payments = list({payment.name: payment for payment in payments}.values())
        self.sent.append([*payments, *self._flawed(flaw, payments)])
        self._bring(self.sent[-1], worker)

    def send_again(self, number: int) -> None:
        """A file that was booked changes nothing; one that was refused may have become right."""
        if self.sent:
            self._bring(self.sent[number % len(self.sent)], "at once")

    def work(self) -> None:
        """The file that has waited longest is worked off."""
        if self.waiting:
            self._work_off(*self.waiting.pop(0))

    def _payment(self, kind: str, number: int) -> Payment:
        before = [payment for file in self.sent for payment in file if payment.value > 0]
        before += [
            Payment(name, value, self.book.imei)
            for name, (category, value) in self.book.taken.items()
            if category == PaymentCategory.PAYMENT
        ]
        if kind == "before" and before:
            return before[number % len(before)]
        return Payment(self.new_name(), number + 1, self.book.imei)

    def _flawed(self, flaw: str, payments: list[Payment]) -> list[Payment]:
        first = payments[0]
        unlike = [
            Payment(name, abs(value) + 1, first.imei)
            for name, (_category, value) in list(self.book.taken.items())[:1]
            if name not in {payment.name for payment in payments}
        ]
        return {
            "": [],
            "other amount": unlike,
            "twice": [first],
            "no unit": [Payment(self.new_name(), 1, "999999999999999")],
            "no amount": [Payment(self.new_name(), 0, first.imei)],
        }[flaw]

    def _bring(self, payments: list[Payment], worker: str) -> None:
        """Send, look, confirm. While a single line cannot be booked, nothing is."""
        refused = self._refused(payments)
        lines = [f"{one.name},{one.imei},{one.value}" for one in payments]
        raw = "\n".join(["transaction_id,imei,seconds", *lines]).encode()
        key = preview(raw=raw, file_name="walk.csv", caller=self.clerk).pk
        try:
            confirm(import_id=key, caller=self.clerk)
        except Invalid:
            assert refused, "a file that can be booked was refused"
            return
        assert not refused, "a file that cannot be booked was not refused"
        if worker == "later":
            self.waiting.append((key, payments))
        else:
            self._work_off(key, payments, dies=worker == "dies")

    def _work_off(self, key: int, payments: list[Payment], *, dies: bool = False) -> None:
        refused = self._refused(payments)
        for number, one in enumerate(payments, 2):
            if number not in refused and one.name not in self.book.taken:
                self.book.accepted(one.name, PaymentCategory.PAYMENT, one.value)
        rows = CreditImport.objects.filter(pk=key)
        for _worker in range(1 + dies):
            # The one before died between its last payment and the note of how far it was.
            rows.update(position=0, refused=[], ended_at=None)
            while work_off(import_id=key):
                pass
        told: Any = rows.get().refused
        assert [number for number, _reason in told] == refused, "lines were refused or not wrongly"

    def _refused(self, payments: list[Payment]) -> list[int]:
        """The numbers of the lines that cannot be booked as things stand."""
        names: set[str] = set()
        wrong = []
        for number, one in enumerate(payments, 2):
            first = self.book.taken.get(one.name)
            is_right = (
                one.name not in names
                and one.value > 0
                and one.imei == self.book.imei
                and (first is None or first == (PaymentCategory.PAYMENT, one.value))
                and (first is not None or not self._zero_waits())
            )
            names.add(one.name)
            if not is_right:
                wrong.append(number)
        return wrong

    def _zero_waits(self) -> bool:
        return any(
            row.category == PaymentCategory.ZERO_COMMAND
            and row.status == PaymentStatus.PENDING
            and not row.void
            for row in self.book.before.values()
        )
