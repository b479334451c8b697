"""A walk of device credit: an operator, a payment system that repeats itself, files, and a unit.

Hypothesis chooses what happens and shortens what it finds. Files of payments come once and again
and overlap (`credit_files`). Reports get lost on the way there or back, come twice, late and out of
order; answers are heard late or twice; the unit reboots. After each step every invariant of
docs/dcm.md is checked. In the end the unit has some good contacts, and then the ledger, less what
was used, is what the unit holds and says it holds: to the second.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import time
from collections.abc import Mapping
from typing import Any

import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from apps.accounts.authentication import session_caller
from apps.connectivity.simulator.link import NoAnswerError, Reply, device_header
from apps.connectivity.simulator.unit import Identity, Outcome, Unit
from apps.core.callers import Caller
from apps.core.errors import DomainError
from apps.core.levels import Level
from apps.dcm.models import Balance, CreditImport, PaymentCommand
from apps.dcm.services.commands import add_payment_command
from apps.dcm.services.resets import force_reset
from bench.soak.campaign import Campaign, Effort
from bench.soak.credit_checks import Book, check_calm
from bench.soak.credit_files import Files, sent_files
from tests.factories import ProductFactory, UserFactory

START = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
PATH = "/v1/rc_data"
STAFF = "staff@soak.example"
SEQUENCES = 10_000
LONGEST = 40
_numbers = itertools.count(1)

# Far more than a walk uses up: what is counted twice is still there in the end.
amounts = st.integers(1, 20_000)
steps = st.one_of(
    st.tuples(st.just("pay"), amounts),
    st.tuples(st.just("pay"), amounts),
    st.tuples(st.just("take"), amounts),
    st.tuples(st.just("zero"), st.just(0)),
    st.tuples(st.just("reset"), st.just(0)),
    st.tuples(st.just("again"), st.integers(-50, 50)),
    st.tuples(st.just("file"), sent_files),
    st.tuples(st.just("file_again"), st.integers(0, 3)),
    st.tuples(st.just("file_worker"), st.just(0)),
    st.tuples(st.just("contact"), st.sampled_from(["", "", "", "report", "answer", "ask", "wish"])),
    st.tuples(st.just("contact"), st.sampled_from(["", "held"])),
    st.tuples(st.just("contact"), st.just("")),
    st.tuples(st.just("replay"), st.integers(0, 10)),
    st.tuples(st.just("twice"), st.just(0)),
    st.tuples(st.just("reboot"), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 300)),
)
Step = tuple[str, Any]


class SteadyUnit(Unit):
    """A simulated unit to which nothing happens by chance: the walk decides what gets lost."""

    def drop_rate(self) -> float:
        return 0.0


class Air:
    """What lies between unit and server: `loses` names what gets lost of the next contact."""

    def __init__(self) -> None:
        self.client = Client()
        self.loses = ""
        self.reports: list[bytes] = []
        self.held: Mapping[str, Any] | None = None
        self.last: Mapping[str, Any] | None = None

    def post(self, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        self.reports.append(body)
        if self.loses == "report":
            raise NoAnswerError("lost on its way there")
        reply = self.send("POST", imei, key, body)
        assert reply.status == 200, reply.body
        if self.loses == "answer":
            raise NoAnswerError("lost on its way back")
        return reply

    def upload(self, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        """What it measured is of no interest here."""
        return Reply(200, None)

    def get(self, imei: str, key: str) -> Reply:
        if self.loses == "ask":
            raise NoAnswerError("lost on its way there")
        reply = self.send("GET", imei, key, b"")
        assert reply.status == 200, reply.body
        self.last = reply.body["data"]
        if self.loses == "held":
            self.held = self.last
        if self.loses in ("wish", "held"):
            raise NoAnswerError("not heard yet")
        return reply

    def send(self, method: str, imei: str, key: str, body: bytes) -> Reply:
        header = device_header(
            imei=imei,
            key=key,
            method=method,
            path=PATH,
            body=body,
            at=time.time(),
            nonce=f"{next(_numbers):016x}",
        )
        answer = self.client.generic(
            method, PATH, body, "application/json", headers={"Authorization": header}
        )
        return Reply(answer.status_code, json.loads(answer.content))


class Walk:
    """One sequence over one unit."""

    def __init__(self, clock: Any, clerk: Caller) -> None:
        self.clock = clock
        self.now = START
        product = ProductFactory.create(dcm_enabled_flag=True, desired_enable_flag=True)
        self.imei, self.key = product.pk, product.device_key or ""
        self.unit = SteadyUnit(Identity(self.imei, self.key, enabled=True), clock=lambda: self.now)
        self.unit.compact = False
        # The same walk is the same, whichever unit takes it.
        self.unit.chance = random.Random(0)
        self.air = Air()
        self.book = Book(self.imei)
        self.files = Files(self.book, clerk, self.new_name)
        # When the unit booked what, by its own account.
        self.booked: dict[str, dt.datetime] = {}

    def run(self, walk: list[Step]) -> None:
        for what, how in walk:
            self.pass_time(1)
            getattr(self, what)(how)
            self.note()
            self.book.check()
        while self.files.waiting:
            self.files.work()
            self.book.check()
        for _contact in range(5):
            self.pass_time(60)
            self.contact("")
            self.note()
            self.book.check()
        self.pass_time(60)
        self.contact("")
        check_calm(self.imei, self.unit.credit, self.booked, self.now)

    def pass_time(self, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)
        self.clock.move_to(self.now)

    def note(self) -> None:
        for name in self.unit.credit.booked - self.booked.keys():
            self.booked[name] = self.now

    def new_name(self) -> str:
        return f"walk-{next(_numbers)}"

    # --- the operator ---------------------------------------------------------------------------

    def pay(self, value: int) -> None:
        self.add("payment", value)

    def take(self, value: int) -> None:
        self.add("bad-payment", -value)

    def zero(self, _how: int) -> None:
        self.add("zero-command", 0)

    def add(self, category: str, value: int, name: str = "") -> None:
        """A command; where it is refused nothing changes, which the next check sees."""
        name = name or self.new_name()
        try:
            add_payment_command(
                product_imei=self.imei,
                category=category,
                value=value,
                transaction_id=name,
                by=STAFF,
            )
        except DomainError:
            return
        assert name not in self.book.taken, "a transaction_id was taken twice"
        self.book.accepted(name, category, value)

    def again(self, value: int) -> None:
        """A payment system repeats what it sent, perhaps with another amount."""
        names = list(self.book.taken)
        if names:
            category = "payment" if value > 0 else "bad-payment" if value else "zero-command"
            self.add(category, value, names[abs(value) % len(names)])

    def file(self, how: Any) -> None:
        self.files.send(how)

    def file_again(self, number: int) -> None:
        self.files.send_again(number)

    def file_worker(self, _how: int) -> None:
        self.files.work()

    def reset(self, _how: int) -> None:
        name = self.new_name()
        given_back = force_reset(product_imei=self.imei, transaction_id=name, by=STAFF)
        self.book.accepted(name, "force-reset", 0)
        self.book.gave_back(given_back)

    # --- the unit -------------------------------------------------------------------------------

    def contact(self, loses: str) -> None:
        if self.air.held is not None:
            # Before it asks anew, the unit has done what it was told.
            self.unit.hear(self.air.held)
            self.air.held = None
            self.note()
        self.air.loses = loses
        found = self.unit.connect(self.air)  # type: ignore[arg-type]  # stands for a Link
        assert (found.outcome is Outcome.HEARD) == (not loses)
        left = Balance.objects.filter(product_id=self.imei).first()
        assert left is None or left.balance >= 0

    def replay(self, number: int) -> None:
        """A report arrives that was sent before: late, or once more."""
        if self.air.reports:
            body = self.air.reports[-1 - number % len(self.air.reports)]
            assert self.air.send("POST", self.imei, self.key, body).status == 200

    def twice(self, _how: int) -> None:
        """The unit takes the answer to its last question for new."""
        if self.air.last is not None and self.air.held is None:
            self.unit.hear(self.air.last)

    def reboot(self, _how: int) -> None:
        self.unit.reboot()

    def wait(self, seconds: int) -> None:
        self.pass_time(seconds)


def sequences(*, examples: int, seed: int) -> int:
    """Walk so many sequences; returns how many commands they left."""
    written = 0
    clerk = session_caller(UserFactory.create(level=Level.ADMIN.value))

    @seeded(seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(walk=st.lists(steps, min_size=12, max_size=LONGEST))
    def one(walk: list[Step]) -> None:
        nonlocal written
        with time_machine.travel(START, tick=False) as clock:
            found = Walk(clock, clerk)
            found.run(walk)
        written += PaymentCommand.objects.filter(product_id=found.imei).count()

    one()
    return written


def run(effort: Effort) -> str:
    """10,000 sequences."""
    examples = effort.of(SEQUENCES)
    written = sequences(examples=examples, seed=effort.seed)
    files = CreditImport.objects.exclude(ended_at=None).count()
    told = f"{examples} sequences, {written} commands, {files} files booked"
    return f"{told}: 0 differences between ledger and unit"


CAMPAIGNS = (Campaign("credit", run),)
