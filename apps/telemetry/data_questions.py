"""What a request asks of a unit's data: parameters, their defaults and their bounds.

Reference: "Product Data", Reading data for a Product, Parameters and Downsampling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.core.bodies import decode_json
from apps.core.errors import Invalid
from apps.telemetry.data_functions import read_function
from apps.telemetry.data_points import read_tags
from apps.telemetry.data_times import UNITS, parse_moment
from apps.telemetry.store.queries import MOST_INTERVALS, Condition, Function, Query
from apps.telemetry.store.series import DAY, TELEMETRY, check_name
from apps.telemetry.where import parse_where

# A year of one value a minute, or a week of fifty.
MOST_VALUES = 600_000
MOST_FIELDS = 50
ALL = "*"
# The reference writes the last one so.
PARAMETERS = frozenset(
    {
        *("start", "end", "fields", "measurement", "limit", "where", "tags"),
        *("ds_interval", "ds_function", "ds_fucntion"),
    }
)
_MISSPELLED = "ds_fucntion"
_INTERVAL = re.compile(r"([0-9]{1,12})(u|ms|s|m|h|d|w)", re.ASCII)
_LONGEST_INTERVAL = 3_660 * DAY
_MOST_ROWS = 10**9 - 1


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a request means that does not say it; `days` before the end it starts."""

    measurement: str = TELEMETRY
    fields: tuple[str, ...] | None = None
    days: int = 7
    interval: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A query, what the caller named of it, and how many rows the caller wants at most."""

    query: Query
    limit: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


def read_question(
    parameters: Mapping[str, Any], *, imei: str, now: int, defaults: Defaults
) -> Question:
    """The question that parameters ask about a unit; a parameter of None is left out.

    Texts come from a query string, other types from a body. `now` is in nanoseconds. Raises
    Invalid, which names the parameter.
    """
    given = {name: value for name, value in parameters.items() if value is not None}
    measurement = _measurement(given.get("measurement"), defaults)
    fields = _fields(given.get("fields"), measurement, defaults)
    function, argument, interval = _downsampling(given, defaults)
    start, end = _span(given, now, defaults, interval)
    tags = _tags(given.get("tags"), imei)
    limit = _limit(given.get("limit"))
    query = _named(
        ("measurement", "fields", "tags"),
        lambda: Query(
            measurement=measurement,
            imei=imei,
            start=start,
            end=end,
            fields=fields,
            where=_where(given.get("where")),
            tags=tags,
            function=function,
            argument=argument,
            interval=interval,
            limit=limit,
        ),
    )
    return Question(query, limit, tags)


def _named(names: tuple[str, ...], build: Any) -> Any:
    """What `build` gives; a refusal without a place is told of the parameters named."""
    try:
        return build()
    except Invalid as error:
        if error.errors:
            raise
        raise Invalid({", ".join(names): error.message}) from error


def _measurement(given: Any, defaults: Defaults) -> str:
    if given is None:
        return defaults.measurement
    return _named(("measurement",), lambda: check_name(given))


def _fields(given: Any, measurement: str, defaults: Defaults) -> tuple[str, ...] | None:
    """The fields asked for; None for all."""
    if given is None:
        return defaults.fields if measurement == defaults.measurement else None
    if isinstance(given, str):
        text = given
        as_json = text.strip().startswith("[")
        given = _named(("fields",), lambda: decode_json(text) if as_json else text.split(","))
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise Invalid({"fields": _('a list of names is needed, or "*" for all fields')})
    names = tuple(dict.fromkeys(name.strip() for name in given))
    if names == (ALL,):
        return None
    if not names or len(names) > MOST_FIELDS:
        raise Invalid({"fields": _("name 1 to {n} fields").format(n=MOST_FIELDS)})
    for name in names:
        _named(("fields",), lambda name=name: check_name(name))
    return names


def _tags(given: Any, imei: str) -> dict[str, str]:
    if isinstance(given, str):
        try:
            given = decode_json(given) if given.strip() else {}
        except Invalid as error:
            raise Invalid({"tags": error.message}) from error
    return read_tags(given, imei)


def _limit(given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, str) and re.fullmatch(r"[0-9]{1,9}", given.strip(), re.ASCII):
        given = int(given)
    if type(given) is not int or not 1 <= given <= _MOST_ROWS:
        raise Invalid({"limit": _("a whole number from 1 to {n} is needed").format(n=_MOST_ROWS)})
    return given


def _where(given: Any) -> Condition | None:
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        raise Invalid({"where": _("a text is needed, such as voltage > 12.5")})
    return parse_where(given)


def _span(
    given: Mapping[str, Any], now: int, defaults: Defaults, interval: int | None
) -> tuple[int, int]:
    """From when up to but without when, as the store counts.

    Points lie after `start` and not after `end`, as the examples of the reference show; intervals
    begin at `start` and end before `end`.
    """
    end = _moment("end", given.get("end"), now) if "end" in given else now
    if "start" in given:
        start = _moment("start", given["start"], now)
    else:
        start = max(0, min(now, end) - defaults.days * DAY)
    if start > end:
        raise Invalid({"start": _("the start is after the end")})
    if interval is None:
        return start + 1, end + 1
    if (end - start) // interval > MOST_INTERVALS:
        raise Invalid(
            {"ds_interval": _("that is too many intervals: choose a longer one or a shorter time")}
        )
    return start, end


def _moment(name: str, given: Any, now: int) -> int:
    try:
        return parse_moment(given, now)
    except Invalid as error:
        raise Invalid({name: error.message}) from error


def _downsampling(
    given: Mapping[str, Any], defaults: Defaults
) -> tuple[Function | None, float | None, int | None]:
    named = [given[name] for name in ("ds_function", _MISSPELLED) if name in given]
    if len(named) > 1 and named[0] != named[1]:
        raise Invalid({_MISSPELLED: _("ds_function says otherwise: give one of them")})
    wanted = given.get("ds_interval")
    if wanted is None and not named:
        # A question that names neither gets what its kind of unit usually gets.
        wanted = defaults.interval or None
    if wanted is None:
        if named:
            raise Invalid({"ds_interval": _("ds_function needs a ds_interval, such as 5m")})
        return None, None, None
    function, argument = read_function(named[0] if named else defaults.function or "mean")
    return function, argument, _interval(wanted)


def _interval(given: Any) -> int:
    match = _INTERVAL.fullmatch(given.strip()) if isinstance(given, str) else None
    length = int(match[1]) * UNITS[match[2]] if match else 0
    if not 0 < length <= _LONGEST_INTERVAL:
        raise Invalid(
            {"ds_interval": _("a number and u, ms, s, m, h, d or w is needed, such as 5m")}
        )
    return length
