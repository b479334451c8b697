"""Whether points satisfy a condition: for columns, and in part for a series by its tags alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from apps.telemetry.models import TelemetrySeries
from apps.telemetry.store.queries import And, Compare, Condition, Op, Or
from apps.telemetry.store.series import IMEI_TAG, Column, kind_of

TRUE = And(())
FALSE = Or(())

_COMPARE: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: eq,
    Op.NE: ne,
    Op.LT: lt,
    Op.LE: le,
    Op.GT: gt,
    Op.GE: ge,
}


def for_series(condition: Condition | None, row: TelemetrySeries) -> Condition:
    """What is left to ask of the fields of a series; TRUE or FALSE where nothing is.

    A comparison with a field that the series has never had, or that is of another kind, is FALSE:
    InfluxDB would take such a name for an empty tag.
    """
    if condition is None:
        return TRUE
    tags = dict(TelemetrySeries.tags_of(row.tags))
    if row.imei:
        tags[IMEI_TAG] = row.imei
    return _settled(condition, tags, row.fields)


def _settled(condition: Condition, tags: Mapping[str, str], fields: Mapping[str, str]) -> Condition:
    if isinstance(condition, Compare):
        tag = tags.get(condition.name)
        if tag is not None:
            return TRUE if _holds(condition, tag) else FALSE
        return condition if fields.get(condition.name) == kind_of(condition.value) else FALSE
    decisive, neutral = (FALSE, TRUE) if isinstance(condition, And) else (TRUE, FALSE)
    parts = [_settled(part, tags, fields) for part in condition.parts]
    if decisive in parts:
        return decisive
    left = tuple(part for part in parts if part != neutral)
    return left[0] if len(left) == 1 else type(condition)(left)


def _holds(compare: Compare, value: object) -> bool:
    """The comparison with one value; false for one of another kind, or none."""
    if value is None or kind_of(compare.value) is not kind_of(value):  # type: ignore[arg-type]
        return False
    return _COMPARE[compare.op](value, compare.value)


def rows(condition: Condition, columns: Mapping[str, Column], length: int) -> list[bool]:
    """For each row whether it satisfies the condition, which speaks of fields alone."""
    if isinstance(condition, Compare):
        return _compared(condition, columns.get(condition.name), length)
    if isinstance(condition, And):
        found = [True] * length
        for part in condition.parts:
            found = [a and b for a, b in zip(found, rows(part, columns, length), strict=True)]
        return found
    found = [False] * length
    for part in condition.parts:
        found = [a or b for a, b in zip(found, rows(part, columns, length), strict=True)]
    return found


def _compared(compare: Compare, column: Column | None, length: int) -> list[bool]:
    sample = next((value for value in column or () if value is not None), None)
    if column is None or sample is None or kind_of(sample) is not kind_of(compare.value):
        return [False] * length
    holds, value = _COMPARE[compare.op], compare.value
    return [v is not None and holds(v, value) for v in column]


def names_in(condition: Condition) -> set[str]:
    """The names a condition speaks of."""
    if isinstance(condition, Compare):
        return {condition.name}
    return set().union(*(names_in(part) for part in condition.parts))
