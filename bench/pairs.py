"""Measures a case: its two sides side by side, in alternating blocks of the same requests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from statistics import median, quantiles

from bench.case import FEW_UNITS, Case, Fleet
from bench.cpu import memory_of
from bench.databases import Databases, side_environment
from bench.server import FLOOR, PROGRAM, Cost, Server

CHECKED = 5
WARM_UP = 100
FEWEST, MOST = 10, 3_000
THREADS = 8


@dataclass(frozen=True)
class Effort:
    """How long a case is measured: blocks of about `block` seconds of the cheaper side."""

    rounds: int
    block: float


@dataclass(frozen=True)
class Result:
    """What one benchmark found; `value` is what the limit is for, half of all lie in low-high."""

    name: str
    value: float
    limit: float
    low: float
    high: float
    unit: str = ""
    subject: Cost | None = None
    basis: Cost | None = None
    exact: bool = True

    @property
    def ok(self) -> bool:
        return self.value <= self.limit


def measure(case: Case, databases: Databases, effort: Effort, units: int) -> Result:
    """What the case is about: program over floor or over itself, elsewhere; or memory."""
    fleet = databases.fleet(units)
    if case.unit == "MB":
        return _memory(case, fleet, effort)
    if case.process:
        return _process(case, fleet, effort)
    with ExitStack() as stack:
        subject = stack.enter_context(Server(PROGRAM, case, fleet))
        if case.against is not None:
            other = replace(case, requests=case.against)
            basis = stack.enter_context(Server(PROGRAM, other, fleet))
        elif case.other:
            basis = stack.enter_context(Server(case.other, case, fleet))
        elif case.floor is None:
            small = databases.fleet(FEW_UNITS)
            basis = stack.enter_context(Server(PROGRAM, case, small))
        else:
            basis = stack.enter_context(Server(FLOOR, case, fleet))
            _check(case, subject, basis)
        return _compare(case, subject, basis, effort)


def _check(case: Case, subject: Server, basis: Server) -> None:
    """A floor that answers something else would prove nothing."""
    mine, bare = (side.answers(side.requests(CHECKED)) for side in (subject, basis))
    if case.identical and mine != bare:
        raise SystemExit(f"{case.name}: the floor's answers are not the program's")


def _compare(case: Case, subject: Server, basis: Server, effort: Effort) -> Result:
    for side in (subject, basis):
        side.answers(side.requests(WARM_UP))
    warm = basis.cost(WARM_UP)
    count = max(FEWEST, min(MOST, round(effort.block * 1_000 / warm.total)))
    mine: list[Cost] = []
    theirs: list[Cost] = []
    for turn in range(effort.rounds):
        # Who goes first changes, so that a drift of the machine cancels out.
        order = [(subject, mine), (basis, theirs)]
        for side, costs in order if turn % 2 else reversed(order):
            costs.append(side.cost(count))
    return result_of(case.name, case.limit, mine, theirs, exact=warm.exact)


def result_of(
    name: str, limit: float, mine: Sequence[Cost], theirs: Sequence[Cost], *, exact: bool = True
) -> Result:
    """What the costs of both sides, round by round, come to."""
    ratios = [one.total / other.total for one, other in zip(mine, theirs, strict=True)]
    quartiles = quantiles(ratios, n=4)
    return Result(
        name=name,
        value=median(ratios),
        limit=limit,
        low=quartiles[0],
        high=quartiles[2],
        subject=_middle(mine),
        basis=_middle(theirs),
        exact=exact,
    )


def _memory(case: Case, fleet: Fleet, effort: Effort) -> Result:
    """The memory of a worker with all its threads at work, from its first request to its last."""
    with Server(PROGRAM, case, fleet, threads=THREADS) as server:
        seen = []
        for _round in range(effort.rounds):
            with ThreadPoolExecutor(THREADS) as clients:
                list(clients.map(server.answers, [server.requests(10) for _ in range(THREADS)]))
            seen.append(memory_of(server.worker))
    return Result(case.name, max(seen), case.limit, min(seen), max(seen), unit=case.unit)


def _process(case: Case, fleet: Fleet, effort: Effort) -> Result:
    """A process that measures its work and the floor of it, and leaves the fleet as it found it."""
    mine: list[Cost] = []
    theirs: list[Cost] = []
    for turn in range(3 if effort.rounds > FEWEST * 2 else 2):
        done = subprocess.run(
            [sys.executable, "-m", *case.process.split(), "enable" if turn % 2 else "disable"],
            env=side_environment(fleet.url),
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
        parts = [Cost(*found[name]) for name in ("preview", "work")]
        mine.append(Cost(sum(p.web for p in parts), sum(p.database for p in parts)))
        theirs.append(Cost(*found["floor"]))
    ratios = [one.total / other.total for one, other in zip(mine, theirs, strict=True)]
    return Result(
        case.name,
        median(ratios),
        case.limit,
        min(ratios),
        max(ratios),
        subject=_middle(mine),
        basis=_middle(theirs),
    )


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(median(c.web for c in costs), median(c.database for c in costs))
