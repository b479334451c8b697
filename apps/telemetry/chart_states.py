"""Fields of texts and truth values as a lane: what held from when to when.

Where more changed than a picture can show, an interval tells what shares of it each state had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from apps.telemetry.chart_fields import Measure
from apps.telemetry.chart_questions import LONGEST, Question
from apps.telemetry.store.series import Kind, Value

# Of texts that are all different a picture could show nothing.
MOST_STATES = 8
_LONGEST_TEXT = 60

# (from, to, value), in seconds.
Stretch: TypeAlias = tuple[int, int, Value]


@dataclass(frozen=True, slots=True)
class Run:
    """From `start` to `end`, in seconds, which states held, by place, each with its part of 1."""

    start: int
    end: int
    shares: tuple[tuple[int, float], ...]

    @property
    def mostly(self) -> int:
        """The state that held longest."""
        return max(self.shares, key=lambda share: share[1])[0]


@dataclass(slots=True)
class Lane:
    """One field of one unit. `states` are in words; between runs nothing is known.

    `last` is the newest state, None where there is none.
    """

    measure: Measure
    states: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    last: str | None = None

    def shares(self) -> list[tuple[str, float]]:
        """How much of the time that is known each state had, the longest first."""
        lengths: Counter[int] = Counter()
        for run in self.runs:
            for place, share in run.shares:
                lengths[place] += round((run.end - run.start) * share)
        whole = sum(lengths.values())
        return [(self.states[place], length / whole) for place, length in lengths.most_common()]

    def column(self, question: Question) -> list[str | None]:
        """For each interval the state that held longest in it; None where nothing is known."""
        lengths: dict[int, Counter[int]] = {}
        for start, run in _cut(self.runs, question.interval):
            counter = lengths.setdefault(start, Counter())
            for place, share in run.shares:
                counter[place] += round((run.end - run.start) * share)
        return [
            self.states[lengths[at].most_common(1)[0][0]] if at in lengths else None
            for at in question.times
        ]


def lane_of(
    measure: Measure, shown: Question, read: Question, column: Sequence[Any], gap_after: float
) -> Lane:
    """The lane of a column that has the last value of each interval of `read`."""
    stretches = list(_stretches(read, column, gap_after))
    places, states = _states(measure.kind, stretches)
    exact = [Run(since, until, ((places[value], 1.0),)) for since, until, value in stretches]
    runs = list(_joined(exact))
    if len(runs) > len(shown.times):
        runs = list(_joined(_folded(runs, shown.interval)))
    return Lane(measure, states, runs, states[places[stretches[-1][2]]] if stretches else None)


def _stretches(read: Question, column: Sequence[Any], gap_after: float) -> Iterator[Stretch]:
    """A state holds until the next value, unless that is further away than the unit's own beat."""
    found = [(at, value) for at, value in zip(read.times, column, strict=True) if value is not None]
    # After the last one nothing is known.
    for (at, value), (after, _next) in pairwise([*found, (LONGEST + read.end, None)]):
        yield at, after if after - at <= gap_after else at + read.interval, value


def _states(kind: Kind, stretches: Sequence[Stretch]) -> tuple[dict[Value, int], list[str]]:
    """The place of each value, and the states in words."""
    if kind is Kind.TRUTH:
        return {False: 0, True: 1}, [_("off"), _("on")]
    lengths: Counter[Value] = Counter()
    for since, until, value in stretches:
        lengths[value] += until - since
    common = sorted(value for value, _length in lengths.most_common(MOST_STATES))
    places = {value: common.index(value) if value in common else len(common) for value in lengths}
    words = [str(value)[:_LONGEST_TEXT] for value in common]
    return places, words if len(lengths) <= MOST_STATES else [*words, _("others")]


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of the same state as one."""
    last: Run | None = None
    for run in runs:
        if last and last.end == run.start and len(run.shares) == 1 and last.shares == run.shares:
            last = Run(last.start, run.end, run.shares)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last


def _cut(runs: Sequence[Run], interval: int) -> Iterator[tuple[int, Run]]:
    """The runs cut where intervals begin, each with the start of its interval."""
    for run in runs:
        at = run.start
        while at < run.end:
            start = at - at % interval
            until = min(run.end, start + interval)
            yield start, Run(at, until, run.shares)
            at = until


def _folded(runs: Sequence[Run], interval: int) -> Iterator[Run]:
    """For each interval in which anything is known one run, with the shares of its states."""
    lengths: dict[int, Counter[int]] = {}
    for start, run in _cut(runs, interval):
        lengths.setdefault(start, Counter())[run.shares[0][0]] += run.end - run.start
    for start, counter in lengths.items():
        whole = sum(counter.values())
        shares = sorted((place, round(length / whole, 3)) for place, length in counter.items())
        yield Run(start, start + interval, tuple(shares))
