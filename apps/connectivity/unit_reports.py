"""The body of POST rc_data: every field checked, in plain Python because every contact pays for it.

A report is refused as a whole, with every field that is wrong or unknown named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from apps.connectivity.statements import CELL_FIELDS, MAX_CELLS
from apps.core.bodies import check_text
from apps.core.errors import Invalid
from apps.products.services.parameters import Reported
from apps.products.services.reports import UnitReport

INTEGER_MAX = 2**31 - 1
TEXT_MAX = 255
MAX_PARAMETERS = 500
MAX_ACKS = 1_000
# Three thousand years of credit, in seconds: within it, every expiry is a date.
MAX_CREDIT = 10**11
_NUMBER_MAX = 2**63
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANGES = {
    "mcc": (0, 999),
    "mnc": (0, 999),
    "lac": (0, INTEGER_MAX),
    "cid": (0, INTEGER_MAX),
    "signal": (-200, 255),
}
_CELL_RANGES = tuple((name, *_RANGES[name]) for name in CELL_FIELDS)
_CELL_KEYS = frozenset(CELL_FIELDS)
_GPS_KEYS = frozenset({"lat", "lon"})
_FINAL_KEYS = frozenset({"transaction_id", "value"})


@dataclass(frozen=True, slots=True)
class Contact:
    """A whole report: what the unit says of itself, of the network and of its credit.

    cells: for each cell seen, the serving one first, the values of CELL_FIELDS. balance: seconds.
    """

    report: UnitReport
    cells: tuple[tuple[int, ...], ...]
    frequency: int | None
    timing_advance: int | None
    balance: int | None
    acks: tuple[str, ...]
    final_balance: tuple[str, int] | None


class _Wrong(Exception):
    """A field is wrong; `where` is appended to its name."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


def read_contact(data: Mapping[str, Any], *, now: datetime) -> Contact:
    """A clean report from a decoded body; Invalid names every field that is wrong or unknown.

    A time after `now`, the receipt, becomes `now`.
    """
    errors = {
        name[:TEXT_MAX]: _("This field is not known here") for name in data.keys() - _READERS.keys()
    }
    values: dict[str, Any] = {}
    for name, (reader, required) in _READERS.items():
        value = data.get(name)
        if value is None:
            values[name] = None
            if required:
                errors[name] = _("This field is required")
            continue
        try:
            values[name] = reader(value)
        except _Wrong as wrong:
            errors[name + wrong.where] = str(wrong)
    if errors:
        raise Invalid(errors)
    return _contact(values, now)


def _contact(values: dict[str, Any], now: datetime) -> Contact:
    return Contact(
        report=UnitReport(
            made_at=min(values["time"], now),
            enabled=values["enabled"],
            tamper_enabled=values["tamper_enabled"],
            software=values["software"],
            position=values["gps"],
            parameters=values["parameters"] or {},
        ),
        cells=values["cells"],
        frequency=values["frequency"],
        timing_advance=values["timing_advance"],
        balance=values["balance"],
        acks=values["acks"] or (),
        final_balance=values["final_balance"],
    )


def _time(value: Any) -> datetime:
    """ISO 8601, in UTC where it names no offset, or whole milliseconds since 1970."""
    try:
        if isinstance(value, str) and len(value) >= len("2000-01-01T00:00"):
            moment = datetime.fromisoformat(value)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        elif isinstance(value, int) and not isinstance(value, bool):
            moment = _EPOCH + timedelta(milliseconds=value)
        else:
            raise _Wrong(_("Give a time in ISO 8601 or in milliseconds since 1970"))
    except (ValueError, OverflowError) as error:
        raise _Wrong(_("This is not a time that exists")) from error
    if moment < _EPOCH:
        raise _Wrong(_("This time is before 1970"))
    return moment


def _flag(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise _Wrong(_("Give true or false"))


def _whole(value: Any, low: int, high: int, where: str = "") -> int:
    # `type` and not isinstance: a bool is an int to Python.
    if type(value) is not int:
        raise _Wrong(_("Give a whole number"), where)
    if not low <= value <= high:
        raise _Wrong(_("Give a number from {low} to {high}").format(low=low, high=high), where)
    return value


def _text(value: Any, where: str = "") -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= TEXT_MAX:
        raise _Wrong(_("Give a text of 1 to {count} characters").format(count=TEXT_MAX), where)
    try:
        check_text(value)
    except Invalid as error:
        raise _Wrong(str(error.message), where) from error
    return value


def _object(value: Any, keys: frozenset[str], where: str = "") -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise _Wrong(
            _("Give an object with {keys}, no more and no less").format(
                keys=", ".join(sorted(keys))
            ),
            where,
        )
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list):
        raise _Wrong(_("Give a list"))
    if len(value) > most:
        raise _Wrong(_("Give {most} at most").format(most=most))
    return value


def _cells(value: Any) -> tuple[tuple[int, ...], ...]:
    found = []
    for place, item in enumerate(_list(value, MAX_CELLS)):
        cell = _object(item, _CELL_KEYS, f"[{place}]")
        found.append(
            tuple(
                _whole(cell[name], low, high, f"[{place}].{name}")
                for name, low, high in _CELL_RANGES
            )
        )
    return tuple(found)


def _degrees(value: Any, most: int, where: str) -> float:
    if type(value) not in (int, float) or not -most <= value <= most:
        raise _Wrong(_("Give degrees from -{most} to {most}").format(most=most), where)
    return float(value)


def _position(value: Any) -> tuple[float, float]:
    gps = _object(value, _GPS_KEYS)
    return _degrees(gps["lat"], 90, ".lat"), _degrees(gps["lon"], 180, ".lon")


def _parameters(value: Any) -> dict[str, Reported]:
    if not isinstance(value, dict):
        raise _Wrong(_("Give an object"))
    if len(value) > MAX_PARAMETERS:
        raise _Wrong(_("Give {most} at most").format(most=MAX_PARAMETERS))
    for name, item in value.items():
        _text(name)
        where = f".{name}"
        if isinstance(item, str):
            if item:
                _text(item, where)
        elif not isinstance(item, bool | int | float) or not -_NUMBER_MAX <= item <= _NUMBER_MAX:
            raise _Wrong(_("Give a text, a number, true or false"), where)
    return value


def _acks(value: Any) -> tuple[str, ...]:
    return tuple(_text(item, f"[{n}]") for n, item in enumerate(_list(value, MAX_ACKS)))


def _final_balance(value: Any) -> tuple[str, int]:
    final = _object(value, _FINAL_KEYS)
    return (
        _text(final["transaction_id"], ".transaction_id"),
        _whole(final["value"], 0, MAX_CREDIT, ".value"),
    )


# Field -> (reader, required). A field that is null counts as absent.
_READERS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "time": (_time, True),
    "enabled": (_flag, True),
    "tamper_enabled": (_flag, True),
    "software": (_text, True),
    "cells": (_cells, True),
    "gps": (_position, False),
    "frequency": (lambda value: _whole(value, 0, INTEGER_MAX), False),
    "timing_advance": (lambda value: _whole(value, 0, INTEGER_MAX), False),
    "parameters": (_parameters, False),
    "balance": (lambda value: _whole(value, 0, MAX_CREDIT), False),
    "acks": (_acks, False),
    "final_balance": (_final_balance, False),
}
