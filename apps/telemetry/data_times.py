"""Times as people and units write them, and as we do. Reference: "Writing Data for a Product".

1475685693839                          milliseconds since 1970
2016-10-04T16:41:33.839123456Z         ISO 8601; a time without an offset is in UTC
2016-10-04 16:41:33.839, 2016-10-04
Tue, October 4th 2016; 4 Oct 2016 16:41
now(), now() - 7d                      in questions
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.telemetry.store.series import (
    DAY,
    HOUR,
    LAST_TIME,
    MICROSECOND,
    MILLISECOND,
    MINUTE,
    SECOND,
)

UNITS = {
    "u": MICROSECOND,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
    "d": DAY,
    "w": 7 * DAY,
}
_LONGEST = 64
_EPOCH = dt.date(1970, 1, 1).toordinal()
_LAST_MILLISECOND = LAST_TIME // MILLISECOND

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_ISO = re.compile(rf"(?P<date>\d{{4}}-\d{{2}}-\d{{2}})(?:[T ]\s*{_CLOCK})?", re.ASCII | re.I)
_WEEKDAY = r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s+)?"
_WORDED = tuple(
    re.compile(rf"{_WEEKDAY}{order},?\s+(?P<year>\d{{4}})(?:,?\s+{_CLOCK})?", re.ASCII | re.I)
    for order in (
        r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[a-z]{3,9})\.?",
    )
)
# A shorter text may be meant as a year or a date: 2016, 20161004.
_MILLISECONDS = re.compile(r"0|\d{9,15}", re.ASCII)
_NOW = re.compile(r"now\(\)(?:\s*-\s*(?P<number>\d{1,9})(?P<unit>u|ms|s|m|h|d|w))?", re.ASCII)

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_time(value: object) -> int:
    """A moment in nanoseconds since 1970. Raises Invalid, in words, for anything else."""
    if type(value) is int or (isinstance(value, float) and value.is_integer()):
        return _of_milliseconds(int(value))
    if not isinstance(value, str):
        raise Invalid(_("a time is milliseconds since 1970 or a text such as 2016-10-04T12:00:00Z"))
    text = value.strip()
    if len(text) <= _LONGEST:
        if _MILLISECONDS.fullmatch(text):
            return _of_milliseconds(int(text))
        if match := _ISO.fullmatch(text):
            return _checked(_start_of_day(match["date"]) + _clock(match))
        for pattern in _WORDED:
            if match := pattern.fullmatch(text):
                return _checked(_start_of_worded(match) + _clock(match))
    raise Invalid(
        _("{text} is not a time: write it as 2016-10-04T12:00:00Z").format(text=ascii(text[:40]))
    )


def parse_moment(value: object, now: int) -> int:
    """As `parse_time`, and `now()` or `now() - 7d`."""
    match = _NOW.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        return parse_time(value)
    ago = int(match["number"]) * UNITS[match["unit"]] if match["number"] else 0
    return _checked(now - ago)


def format_times(times: list[int]) -> list[str]:
    """Moments as ISO 8601 with as many digits as they need: 2016-01-01T00:00:12.9Z."""
    found = []
    for at in times:
        seconds, rest = divmod(at, SECOND)
        minutes, second = divmod(seconds, 60)
        text = f"{_minute(minutes)}{second:02d}"
        found.append(f"{text}.{rest:09d}".rstrip("0") + "Z" if rest else f"{text}Z")
    return found


@lru_cache(maxsize=20_000)
def _minute(minutes: int) -> str:
    """The text of a minute since 1970: a week of minutes is asked for again and again."""
    day, minute = divmod(minutes, 1_440)
    return f"{dt.date.fromordinal(_EPOCH + day)}T{minute // 60:02d}:{minute % 60:02d}:"


def _of_milliseconds(value: int) -> int:
    if not 0 <= value < _LAST_MILLISECOND:
        raise Invalid(_("a time lies between 1970 and 2261"))
    return value * MILLISECOND


def _checked(at: int) -> int:
    if not 0 <= at < LAST_TIME:
        raise Invalid(_("a time lies between 1970 and 2261"))
    return at


@lru_cache(maxsize=2_000)
def _start_of_day(text: str) -> int:
    try:
        return (dt.date.fromisoformat(text).toordinal() - _EPOCH) * DAY
    except ValueError as error:
        raise Invalid(_("{text} is not a date").format(text=text)) from error


def _start_of_worded(match: re.Match[str]) -> int:
    month = _place(match["month"], _MONTHS)
    try:
        day = dt.date(int(match["year"]), month + 1, int(match["day"]))
    except ValueError as error:
        raise Invalid(_("{text} is not a date").format(text=match[0])) from error
    if match["weekday"] and _place(match["weekday"], _WEEKDAYS) != day.weekday():
        raise Invalid(_("{text} is another day of the week").format(text=match[0]))
    return (day.toordinal() - _EPOCH) * DAY


def _place(text: str, names: tuple[str, ...]) -> int:
    """Which of the names a text is or begins, in three letters or more."""
    for place, name in enumerate(names):
        if name.startswith(text.lower()):
            return place
    raise Invalid(_("{text} is neither a month nor a day of the week").format(text=text))


def _clock(match: re.Match[str]) -> int:
    """Nanoseconds since the start of the day in UTC; 0 where the text is a date alone."""
    if match["hour"] is None:
        return 0
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise Invalid(_("{text} is not a time of day").format(text=match[0]))
    at = hour * HOUR + minute * MINUTE + second * SECOND
    at += int((match["fraction"] or "").ljust(9, "0"))
    offset = match["offset"] or "Z"
    if offset[0] in "+-":
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        if hours > 23 or minutes > 59:
            raise Invalid(_("{text} is not a time of day").format(text=match[0]))
        ahead = hours * HOUR + minutes * MINUTE
        at += -ahead if offset[0] == "+" else ahead
    return at
