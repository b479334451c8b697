"""Uploads as nearly all are: numbers at whole milliseconds, at the same times in every field.

They are decoded and checked in one pass, by their type. What is of another form is not refused
here: `data_points` reads it with care, in five times the time, and says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import lt
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from apps.telemetry.data_points import LAST_MILLISECOND, MOST_POINTS, check_field, read_tags
from apps.telemetry.store.admission import LARGEST_WHOLE
from apps.telemetry.store.series import HOURLY, MILLISECOND, TELEMETRY, Batch, Column, Series

_Time = Annotated[int, Meta(ge=0, lt=LAST_MILLISECOND)]
# Within these every whole number is exact as a double.
_Number = Annotated[float, Meta(gt=-LARGEST_WHOLE, lt=LARGEST_WHOLE)]


class _Upload(msgspec.Struct, forbid_unknown_fields=True):
    fields: dict[str, list[tuple[_Time, _Number]]]
    measurement: str | UnsetType = UNSET
    tags: dict[str, str | int] | UnsetType = UNSET


_DECODER = msgspec.json.Decoder(_Upload)


def read_plain_json(body: bytes, imei: str) -> Batch | None:
    """The points of one unit that JSON holds; None where that takes a closer look.

    Raises Invalid for a name that is not one, and for tags that are not the unit's.
    """
    try:
        upload = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    # A key that came twice, of which the decoder took the last, had a colon of its own.
    if body.count(b":") != _keys(upload):
        return None
    return _batch(upload, imei)


def read_plain(body: Mapping[str, Any], imei: str) -> Batch | None:
    """As `read_plain_json`, of a body that is decoded already but for the checks of its values."""
    try:
        upload = msgspec.convert(body, _Upload)
    except msgspec.ValidationError:
        return None
    return _batch(upload, imei)


def _keys(upload: _Upload) -> int:
    keys = 1 + len(upload.fields) + (upload.measurement is not UNSET)
    return keys if upload.tags is UNSET else keys + 1 + len(upload.tags)


def _batch(upload: _Upload, imei: str) -> Batch | None:
    if not all(upload.fields.values()) or sum(map(len, upload.fields.values())) > MOST_POINTS:
        return None
    measurement = TELEMETRY if upload.measurement is UNSET else upload.measurement
    if measurement == HOURLY:
        return None
    tags = {} if upload.tags is UNSET else read_tags(upload.tags, imei)
    times: tuple[int, ...] = ()
    columns: dict[str, Column] = {}
    for name, pairs in upload.fields.items():
        its_times, values = zip(*pairs, strict=True)
        if times and its_times != times:
            return None
        times = its_times
        columns[check_field(name)] = list(values)
    if not all(map(lt, times, times[1:])):
        return None
    series = Series.of(measurement, imei, tags)
    return Batch(series, [at * MILLISECOND for at in times], columns)
