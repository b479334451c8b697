"""What a store keeps: series, and the values in them (reference: "Product Data", Schema).

Times are whole nanoseconds since 1970 in UTC, never negative. A value is a number, a text or a
truth value. Numbers are doubles, whichever way they were sent: 12 and 12.0 are the same value, and
whole numbers beyond 2**53 are refused rather than rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from django.utils.translation import gettext as _

from apps.core.errors import Invalid

Value: TypeAlias = float | int | bool | str
Column: TypeAlias = list[Value | None]

MICROSECOND = 1_000
MILLISECOND = 1_000_000
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# 2262-01-01: the last year that fits into 64 bits of nanoseconds.
LAST_TIME = 9_214_646_400 * SECOND

IMEI_TAG = "product_imei"
TELEMETRY = "telemetry"
ANALYSIS = "analysis"
# What the hours of `telemetry` come to: apps.telemetry.rollups.
HOURLY = "telemetry.hour"
# Measurements that are worked out from others.
DERIVED = frozenset({ANALYSIS, HOURLY})

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_TAG_VALUE = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_IMEI = re.compile(r"[0-9]{15}|", re.ASCII)
_RESERVED = frozenset({"time", IMEI_TAG})


class Kind(StrEnum):
    """What the values of a field are. The first value ever written to a field decides."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"


class Retention(StrEnum):
    """How long a measurement is kept: the retention policy it lies in."""

    TELEMETRY = "telemetry_rp"
    ANALYSIS = "analysis_rp"


def retention_of(measurement: str) -> Retention:
    """The retention policy of a measurement: derived values outlive what they are derived from."""
    return Retention.ANALYSIS if measurement in DERIVED else Retention.TELEMETRY


def kind_of(value: Value) -> Kind:
    """The kind a field takes from this value."""
    if isinstance(value, bool):
        return Kind.TRUTH
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def check_name(name: str) -> str:
    """The name of a measurement, field or tag; raises Invalid unless it is within the allow-list.

    1 to 64 letters, digits, `_`, `-` and `.`, not starting with a sign; `time` and `product_imei`
    mean something else.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
        raise Invalid(
            _(
                "%(name)s is not a name for measurements, fields or tags: use up to 64 letters, "
                "digits, '_', '-' and '.', starting with a letter or digit"
            )
            % {"name": ascii(name)[:80]}
        )
    return name


def check_tag_value(value: str) -> str:
    """The value of a tag; raises Invalid unless it is within the allow-list."""
    if not isinstance(value, str) or not _TAG_VALUE.fullmatch(value):
        raise Invalid(
            _("%(value)s is not a tag value: use up to 64 letters, digits, '_', '-' and '.'")
            % {"value": ascii(value)[:80]}
        )
    return value


@dataclass(frozen=True, slots=True)
class Series:
    """One stream of points: a measurement of one unit under one set of further tags.

    `imei` is the tag `product_imei`; empty for a series of no unit. `tags` holds the others, in
    order of their names. Raises Invalid for a name or value outside the allow-list.
    """

    measurement: str
    imei: str = ""
    tags: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        check_name(self.measurement)
        if not _IMEI.fullmatch(self.imei):
            raise Invalid(_("An IMEI has 15 digits"))
        for name, value in self.tags:
            check_name(name)
            check_tag_value(value)
        object.__setattr__(self, "tags", tuple(sorted(self.tags)))

    @classmethod
    def of(cls, measurement: str, imei: str, tags: Mapping[str, str] | None = None) -> Series:
        """The series with these tags, given as a mapping without `product_imei`."""
        return cls(measurement, imei, tuple((tags or {}).items()))

    @property
    def retention(self) -> Retention:
        return retention_of(self.measurement)


@dataclass(slots=True)
class Batch:
    """Values to write to one series: ascending times, and for each field a column as long as them.

    None stands where a field has no value at a time; it is not written and deletes nothing.
    """

    series: Series
    times: list[int] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)

    @classmethod
    def of(cls, series: Series, fields: Mapping[str, Iterable[tuple[int, Value | None]]]) -> Batch:
        """A batch of (time, value) pairs for each field, in any order.

        Where a field has a time twice, the later pair holds, as if written one after the other.
        """
        pairs = {
            name: {at: v for at, v in given if v is not None} for name, given in fields.items()
        }
        times = sorted(set().union(*pairs.values()))
        return cls(
            series, times, {name: [of.get(at) for at in times] for name, of in pairs.items()}
        )

    @property
    def values(self) -> int:
        """How many values there are: what the reference counts as data points."""
        return sum(len(column) - column.count(None) for column in self.columns.values())
