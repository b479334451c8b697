"""What can be asked of a store, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.telemetry.store.series import (
    IMEI_TAG,
    LAST_TIME,
    MICROSECOND,
    Column,
    Value,
    check_name,
    check_tag_value,
)

# A chart has some thousand pixels; a year in minutes is half a million points.
MOST_INTERVALS = 1_000_000
MOST_CONDITIONS = 100
DEEPEST_CONDITION = 20


class Op(StrEnum):
    """A comparison of a field or tag with a value."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


@dataclass(frozen=True, slots=True)
class Compare:
    """A point's value under `name` compared with `value`.

    `name` is a tag or a field: a series that has the tag is asked for that, any other for the field
    (`product_imei` is a tag). The comparison is false where there is no value or one of another
    kind, also for `!=`. Numbers know all comparisons, texts and truth values = and != alone: others
    raise Invalid, as do names outside the allow-list.
    """

    name: str
    op: Op
    value: Value

    def __post_init__(self) -> None:
        if self.name != IMEI_TAG:
            check_name(self.name)
        if isinstance(self.value, bool | str) and self.op not in (Op.EQ, Op.NE):
            raise Invalid(_("Texts and truth values can be compared with = and != only"))
        if isinstance(self.value, float) and self.value - self.value != 0:
            raise Invalid(_("A number must be finite"))


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts hold; of none: true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts holds; of none: false."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Compare | And | Or


class Function(StrEnum):
    """What an interval's values of a field become (InfluxQL's aggregates and selectors).

    On numbers all of them; on texts and truth values those of `ON_ANY_KIND`, else no value.

    DISTINCT    how many different values there are
    INTEGRAL    the area under the line through the values, in seconds: see `store.integral`
    MEDIAN      the middle value, or the mean of the two in the middle
    MODE        the most frequent value; of several the one that occurs first
    SPREAD      the largest less the smallest
    STDDEV      of a sample; of a single value: no value
    PERCENTILE  the nearest rank for `Query.argument`, 0 to 100; no value where the rank is 0
    FIRST, LAST by time; of several series with a value at that time the largest, but FIRST of truth
                values false
    COUNT, DISTINCT  whole; 0 where a field has no value in an interval that another field has
    """

    COUNT = "count"
    DISTINCT = "distinct"
    INTEGRAL = "integral"
    MEAN = "mean"
    MEDIAN = "median"
    MODE = "mode"
    SPREAD = "spread"
    STDDEV = "stddev"
    SUM = "sum"
    FIRST = "first"
    LAST = "last"
    MIN = "min"
    MAX = "max"
    PERCENTILE = "percentile"


# Functions that texts and truth values know too.
ON_ANY_KIND = frozenset(
    {Function.COUNT, Function.DISTINCT, Function.FIRST, Function.LAST, Function.MODE}
)
# Functions that count: whole numbers, and 0 of nothing.
COUNTS = frozenset({Function.COUNT, Function.DISTINCT})


@dataclass(frozen=True, slots=True)
class Query:
    """Which values of one unit's measurement are wanted.

    start, end   nanoseconds; from `start`, up to but without `end`
    fields       their names; None for all that have a value
    where        only points that satisfy it
    tags         only series that have these tags with these values
    function     with `interval`, in nanoseconds: one row for each interval with a value, at its
                 start. Intervals count from 1970 in UTC, so the first may start before `start`
    argument     the percentile
    empty        also the intervals without any value, from `start` to `end`, all None (COUNTS: 0)
    limit        at most so many rows, the first by time or, if `descending`, the last ones first

    Raises Invalid for names outside the allow-list and figures that make no sense.
    """

    measurement: str
    imei: str
    start: int
    end: int
    fields: tuple[str, ...] | None = None
    where: Condition | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    function: Function | None = None
    interval: int | None = None
    argument: float | None = None
    empty: bool = False
    limit: int | None = None
    descending: bool = False

    def __post_init__(self) -> None:
        check_name(self.measurement)
        for name in (*(self.fields or ()), *self.tags):
            check_name(name)
        for value in self.tags.values():
            check_tag_value(value)
        if not 0 <= self.start <= LAST_TIME or not 0 <= self.end <= LAST_TIME:
            raise Invalid(_("Times lie between 1970 and 2261"))
        if self.limit is not None and self.limit < 1:
            raise Invalid(_("The limit is at least 1"))
        _check_condition(self.where)
        self._check_function()

    def _check_function(self) -> None:
        if (self.function is None) != (self.interval is None):
            raise Invalid(_("An interval and a function go together"))
        if (self.function is Function.PERCENTILE) != (self.argument is not None):
            raise Invalid(_("A percentile, and nothing else, takes a number"))
        if self.argument is not None and not 0 <= self.argument <= 100:
            raise Invalid(_("A percentile is a number from 0 to 100"))
        if self.interval is None:
            return
        # The store counts in microseconds at the finest.
        if self.interval < MICROSECOND or self.interval % MICROSECOND:
            raise Invalid(_("An interval is at least one microsecond, and whole ones"))
        if self.empty and (self.end - self.start) // self.interval > MOST_INTERVALS:
            raise Invalid(_("That is too many intervals: choose a longer one"))


def _check_condition(condition: Condition | None) -> None:
    """Bound a tree of conditions, whoever built it."""
    count = 0
    pending = [(condition, 1)] if condition is not None else []
    while pending:
        part, depth = pending.pop()
        count += 1
        if count > MOST_CONDITIONS or depth > DEEPEST_CONDITION:
            raise Invalid(_("That is too many conditions"))
        if not isinstance(part, Compare):
            pending += [(inner, depth + 1) for inner in part.parts]


@dataclass(slots=True)
class Result:
    """Rows in columns: times, and for each field a column as long as them, None where no value is.

    With `Query.fields` those fields in that order, without it all that have a value, by name. Rows
    without any value do not come (but see `Query.empty`). Points of two series at the same time are
    two rows. Numbers are floats, those of COUNTS whole.
    """

    times: list[int] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.times)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest value of a field, and when it was."""

    time: int
    value: Value


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a store that is kept and dropped as a whole.

    start, end   nanoseconds it holds, without `end`
    expires      when it may be dropped; None if kept for ever
    points, size rows and bytes in it, where the store tells
    """

    key: str
    retention: str
    start: int
    end: int
    expires: int | None = None
    points: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a store can work now; `detail` says what it is, or what is wrong."""

    ok: bool
    store: str
    detail: str
