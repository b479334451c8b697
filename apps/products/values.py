"""Values of parameters: what a type takes, and the text it is kept as. Reference: "Parameters",
"Validation Rules".
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.products.models import DataType, ParameterType

VALUE_LENGTH = 255
_DATE_FORMATS = ("%H:%M:%S", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S")
_BOOLEANS = {"true": True, "false": False}


def text_of(kind: ParameterType, value: Any) -> str:
    """The text that stands for a value of this type: True, 12, 12.5, or the text itself.

    `value` is of the type, or text that reads as one. Raises Invalid for anything else, and for
    what the type's validation rules exclude.
    """
    read, expected = _READERS[DataType(kind.data_type)]
    found = read(value)
    if found is None:
        raise Invalid({"value": _("{name} takes {what}").format(name=kind.name, what=expected())})
    _obey(kind, found)
    return _number_text(found) if isinstance(found, float) else str(found)


def _obey(kind: ParameterType, value: Any) -> None:
    rules: Mapping[str, Any] = kind.validation_rules or {}
    texts = {
        "min": _("{name} is at least {rule}"),
        "max": _("{name} is at most {rule}"),
        "step": _("{name} goes in steps of {rule}"),
        "minlength": _("{name} has at least {rule} characters"),
        "maxlength": _("{name} has at most {rule} characters"),
        "options": _("{name} is one of {rule}"),
    }
    for rule, limit in rules.items():
        holds = _RULES.get(rule)
        if holds is not None and not holds(value, limit, rules):
            shown = ", ".join(map(str, limit)) if isinstance(limit, list) else limit
            raise Invalid({"value": texts[rule].format(name=kind.name, rule=shown)})


def _in_steps(value: Any, step: Any, rules: Mapping[str, Any]) -> bool:
    steps = (value - rules.get("min", 0)) / step
    return math.isclose(steps, round(steps), abs_tol=1e-9)


_RULES: Mapping[str, Callable[[Any, Any, Mapping[str, Any]], bool]] = {
    "min": lambda value, limit, _rules: value >= limit,
    "max": lambda value, limit, _rules: value <= limit,
    "step": _in_steps,
    "minlength": lambda value, limit, _rules: len(value) >= limit,
    "maxlength": lambda value, limit, _rules: len(value) <= limit,
    "options": lambda value, limit, _rules: value in limit,
}


def _boolean(value: Any) -> bool | None:
    return _BOOLEANS.get(value.lower()) if isinstance(value, str) else _exactly(bool, value)


def _whole(value: Any) -> int | None:
    number = number_in(value)
    return int(number) if number is not None and number.is_integer() else None


def number_in(value: Any) -> float | None:
    """The finite number that a value is or that its text stands for; None where there is none."""
    # float() would read digits of other scripts, underscores and spaces, which no unit does.
    if isinstance(value, str) and (not value.isascii() or value.strip(" _") != value):
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or "_" in str(value):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < 2**53 else None


def _text(value: Any) -> str | None:
    found = _exactly(str, value)
    return (
        found if found is not None and found.isprintable() and len(found) <= VALUE_LENGTH else None
    )


def _moment(value: Any) -> str | None:
    """The text as it is, if it reads as a time of day, a date or both."""
    for form in _DATE_FORMATS if isinstance(value, str) and value.isascii() else ():
        try:
            dt.datetime.strptime(value, form)
        except ValueError:
            continue
        return value
    return None


def _exactly(kind: type, value: Any) -> Any:
    return value if type(value) is kind else None


def _number_text(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


_READERS: Mapping[DataType, tuple[Callable[[Any], Any], Callable[[], str]]] = {
    DataType.BOOL: (_boolean, lambda: _("true or false")),
    DataType.INT: (_whole, lambda: _("a whole number")),
    DataType.FLOAT: (number_in, lambda: _("a number")),
    DataType.STRING: (_text, lambda: _("printable text of at most 255 characters")),
    DataType.DATETIME: (
        _moment,
        lambda: _("a date such as 2018-03-30, a time of day such as 12:00:00, or both"),
    ),
}
