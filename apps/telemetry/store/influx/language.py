"""InfluxQL from queries. No text of a user gets into a statement but through `name` and `text`.

Names are held to the allow-list again here and always quoted; values are rendered strictly, as the
compatibility API of 2.x does not bind parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from apps.telemetry.store.queries import And, Compare, Condition, Function, Op, Query
from apps.telemetry.store.series import (
    IMEI_TAG,
    Kind,
    Retention,
    check_name,
    kind_of,
    retention_of,
)

_MICROSECOND = 1_000
# Functions that InfluxQL has in other words than their name and the field alone.
_CALLS = {
    Function.DISTINCT: "count(distinct({field}))",
    Function.INTEGRAL: "integral({field}, 1s)",
    Function.PERCENTILE: "percentile({field}, {argument})",
}
_PATTERN_OPERATORS = {Op.EQ: "=~", Op.NE: "!~"}
_ESCAPED = str.maketrans({"\\": "\\\\", "'": r"\'", "\n": r"\n"})


def name(identifier: str) -> str:
    """A name within the allow-list, quoted."""
    return f'"{check_name(identifier)}"'


def text(value: str) -> str:
    """A text as a literal."""
    return f"'{value.translate(_ESCAPED)}'"


def literal(value: float | bool | str) -> str:
    """A value as a literal of its kind."""
    kind = kind_of(value)
    if kind is Kind.TEXT:
        return text(str(value))
    if kind is Kind.TRUTH:
        return "true" if value else "false"
    # InfluxQL knows no exponents, and whole numbers of 64 bits only.
    plain = format(Decimal(repr(value)), "f")
    return plain if "." in plain else f"{plain}.0"


def source(measurement: str, retention: Retention | None = None) -> str:
    """The measurement in its retention policy, as FROM wants it."""
    return f'"{retention or retention_of(measurement)}".{name(measurement)}'


def of_imei(imei: str) -> str:
    """The condition that a point is of this unit."""
    return f'"{IMEI_TAG}"::tag = {text(imei)}'


def has_tags(tags: Mapping[str, str]) -> list[str]:
    """The conditions that a point has these tags; an empty value stands for none."""
    return [f"{name(key)}::tag = {text(value)}" for key, value in tags.items()]


def condition(wanted: Condition) -> str:
    """A condition on fields alone, in brackets; none of its parts is empty."""
    if isinstance(wanted, Compare):
        field = f"{name(wanted.name)}::field"
        if isinstance(wanted.value, str) and "\r" in wanted.value:
            return f"{field} {_PATTERN_OPERATORS[wanted.op]} {_pattern(wanted.value)}"
        return f"{field} {wanted.op.value} {literal(wanted.value)}"
    word = " AND " if isinstance(wanted, And) else " OR "
    return f"({word.join(condition(part) for part in wanted.parts)})"


def _pattern(value: str) -> str:
    """This text alone as a regular expression: in a literal a carriage return is a new line."""
    plain = (c if c.isascii() and c.isalnum() else f"\\x{{{ord(c):x}}}" for c in value)
    return f"/^{''.join(plain)}$/"


def points(query: Query, fields: Iterable[str], conditions: Sequence[str]) -> str:
    """All points of a query, series by series."""
    columns = ", ".join(f"{name(field)}::field" for field in fields)
    limit = "" if query.limit is None else f" LIMIT {query.limit:d}"
    order = " ORDER BY time DESC" if query.descending else ""
    return f"SELECT {columns} {_from(query, conditions)} GROUP BY *{order}{limit}"


def intervals(query: Query, fields: Iterable[str], conditions: Sequence[str]) -> str:
    """Each field's function for each interval with a value, in the order of the fields."""
    assert query.function is not None
    assert query.interval is not None
    call = _CALLS.get(query.function, query.function.value + "({field})")
    argument = "" if query.argument is None else literal(float(query.argument))
    columns = ", ".join(
        call.format(field=f"{name(field)}::field", argument=argument) for field in fields
    )
    length = f"{query.interval // _MICROSECOND:d}u"
    return f"SELECT {columns} {_from(query, conditions)} GROUP BY time({length}) fill(none)"


def _from(query: Query, conditions: Sequence[str]) -> str:
    within = [of_imei(query.imei), f"time >= {query.start:d}", f"time < {query.end:d}"]
    where = " AND ".join([*within, *conditions])
    return f"FROM {source(query.measurement)} WHERE {where}"
