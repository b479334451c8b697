"""Points as units and programs send them, read into batches. Reference: "Writing Data to Influx".

{"measurement": "telemetry", "tags": {"some_tag": "value"},
 "fields": {"voltage": [[1472688000000, 12.6], ["2016-09-02 00:00:00", 12.7]]}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Invalid, TooLarge
from apps.telemetry.data_times import parse_time
from apps.telemetry.store.series import (
    HOURLY,
    IMEI_TAG,
    LAST_TIME,
    MILLISECOND,
    TELEMETRY,
    Batch,
    Series,
    Value,
    check_name,
)

# Three weeks of a unit that measures a value a minute, or two days of ten values.
MOST_POINTS = 50_000
# Beside the fields, an answer has these.
_TAKEN = frozenset({"measurement", "tags"})
_KNOWN = frozenset({"measurement", "tags", "fields"})
LAST_MILLISECOND = LAST_TIME // MILLISECOND
_SCALARS = frozenset({float, int, str, bool})


def read_points(body: Mapping[str, Any], imei: str) -> Batch:
    """The points of one unit that a body holds; a value that is null is none.

    Raises Invalid, naming the field, for a body of another form, and TooLarge for too many points.
    What may be stored at all is for the store to say.
    """
    unknown = sorted(body.keys() - _KNOWN)
    if unknown:
        raise Invalid({name[:64]: _("This field is not known here") for name in unknown})
    measurement = body.get("measurement", TELEMETRY)
    if not isinstance(measurement, str):
        raise Invalid({"measurement": _("a measurement is a text")})
    if measurement == HOURLY:
        raise Invalid({"measurement": _("its values are worked out from telemetry")})
    fields = body.get("fields")
    if not isinstance(fields, dict):
        raise Invalid({"fields": _("an object is needed: {name: [[time, value], …]}")})
    series = Series.of(measurement, imei, read_tags(body.get("tags"), imei))
    if sum(len(given) for given in fields.values() if isinstance(given, list)) > MOST_POINTS:
        raise TooLarge(
            _("At most {n} points at once: send them in several parts").format(n=MOST_POINTS)
        )
    return Batch.of(series, {name: _pairs(name, given) for name, given in fields.items()})


def read_tags(given: Any, imei: str) -> dict[str, str]:
    """Tags without the unit's own. Raises Invalid, also where they name another unit."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Invalid({"tags": _("an object is needed: {name: value}")})
    tags = {}
    for name, value in given.items():
        if name == IMEI_TAG:
            if str(value) != imei:
                raise Invalid({"tags": _("product_imei is another unit's")})
            continue
        if type(value) not in (str, int) or len(str(value)) > 64:
            raise Invalid({"tags": _("the value of a tag is a text")})
        tags[name] = str(value)
    return tags


def check_field(name: str) -> str:
    """The name of a field; raises Invalid unless it is one."""
    check_name(name)
    if name in _TAKEN:
        raise Invalid({name: _("a field cannot have this name")})
    return name


def _pairs(name: str, given: Any) -> list[tuple[int, Value | None]]:
    check_field(name)
    if type(given) is not list:
        raise Invalid({name: _("a list is needed: [[time, value], …]")})
    pairs: list[tuple[int, Value | None]] = []
    for number, pair in enumerate(given, 1):
        if type(pair) is not list or len(pair) != 2:
            raise Invalid({name: _("point {n} is not [time, value]").format(n=number)})
        at, value = pair
        if type(at) is int and 0 <= at < LAST_MILLISECOND:
            at *= MILLISECOND
        else:
            at = _time(name, number, at)
        if value is not None and type(value) not in _SCALARS:
            why = _("the value of point {n} is not a number, a text, true or false")
            raise Invalid({name: why.format(n=number)})
        pairs.append((at, value))
    return pairs


def _time(name: str, number: int, at: Any) -> int:
    try:
        return parse_time(at)
    except Invalid as error:
        why = _("point {n}: {why}").format(n=number, why=error.message)
        raise Invalid({name: why}) from error
