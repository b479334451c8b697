"""Operands: turning what a client compares a column with into what the database compares."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_date, parse_datetime, parse_duration
from django.utils.translation import gettext as _

from apps.core.columns import Column, Kind

BIGGEST = 2**63 - 1
MAX_TEXT = 10_000
LONGEST = dt.timedelta(days=36_500)


class Unfit(ValueError):
    """The value cannot be compared with the column; the message says what would fit."""


def parse_time(text: str) -> dt.datetime:
    """An ISO 8601 time, with a space or a T, in UTC unless it names an offset."""
    try:
        value = parse_datetime(text.strip())
        if value is None:
            day = parse_date(text.strip())
            value = dt.datetime.combine(day, dt.time()) if day else None
    except ValueError:
        value = None
    if value is None:
        raise Unfit(_("a time such as 2016-08-08T16:34:56 is expected"))
    if value.tzinfo is None:
        return value.replace(tzinfo=dt.UTC)
    try:
        return value.astimezone(dt.UTC)
    except OverflowError as error:
        raise Unfit(_("a time such as 2016-08-08T16:34:56 is expected")) from error


def parse_day(text: str) -> dt.date:
    """A date; a time is accepted where its clock reads midnight, as the reference's examples do."""
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        try:
            moment = parse_time(text)
        except Unfit:
            moment = None
        if moment is None or moment.time() != dt.time():
            raise Unfit(_("a date such as 2016-08-08 is expected"))
        day = moment.date()
    return day


def parse_length(value: Any) -> dt.timedelta:
    """A length of time: seconds as a number, or HH:MM:SS."""
    try:
        if isinstance(value, str):
            length = parse_duration(value) if value.strip() else None
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            length = dt.timedelta(seconds=value)
        else:
            length = None
    except (OverflowError, ValueError):
        length = None
    if length is None or abs(length) > LONGEST:
        raise Unfit(_("a number of seconds or HH:MM:SS is expected"))
    return length


def _integer(value: Any) -> int | float:
    if isinstance(value, str):
        try:
            value = int(value) if len(value) <= 20 else None
        except ValueError:
            value = None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > BIGGEST:
        raise Unfit(_("a whole number is expected"))
    return value


def _number(value: Any) -> float:
    if isinstance(value, str):
        try:
            value = float(value) if len(value) <= 40 else None
        except ValueError:
            value = None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unfit(_("a number is expected"))
    try:
        number = float(value)
    except OverflowError as error:
        raise Unfit(_("a number is expected")) from error
    if not math.isfinite(number):
        raise Unfit(_("a number is expected"))
    return number


_BOOLEANS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        value = _BOOLEANS.get(value)
    if value in (0, 1) and value is not None:
        return bool(value)
    raise Unfit(_("true or false is expected"))


def _text(value: Any) -> str:
    # Numbers are taken as their digits: the reference compares IMEIs with integers.
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise Unfit(_("text is expected"))
    if "\x00" in value:
        raise Unfit(_("text may not contain NUL"))
    return value


def _moment(value: Any) -> dt.datetime:
    if not isinstance(value, str):
        raise Unfit(_("a time such as 2016-08-08T16:34:56 is expected"))
    return parse_time(value)


def _day(value: Any) -> dt.date:
    if not isinstance(value, str):
        raise Unfit(_("a date such as 2016-08-08 is expected"))
    return parse_day(value)


_PARSERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.TEXT: _text,
    Kind.TIME: _moment,
    Kind.DATE: _day,
    Kind.LENGTH: parse_length,
}
_ADAPTED = (Kind.TIME, Kind.DATE, Kind.LENGTH)


def operand(column: Column, value: Any) -> Any:
    """The value as a bound parameter for comparisons with the column; raises Unfit."""
    parser = _PARSERS.get(column.kind)
    if parser is None:
        raise Unfit(_("a column of this type can only be tested for null"))
    parsed = parser(value)
    if column.kind in _ADAPTED:
        return column.field.get_db_prep_value(parsed, connection)
    return parsed
