"""What `ds_function` may say: what the values of an interval become.

Those of InfluxQL's aggregates and selectors that make one value of an interval. Not `top`, `bottom`
and `sample`: of one value the first two are `max` and `min`, and the last is another every time.
Reference: "Product Data", Available Downsampling Functions.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.telemetry.store.queries import Function

_NUMBER = r"([0-9]{1,3}(?:\.[0-9]{1,6})?)"
_SAID = re.compile(rf"([a-z]+)(?:\(\)|_{_NUMBER}|\({_NUMBER}\))?", re.ASCII)
# As people are told of them.
OFFERED = tuple(
    "percentile_0 … percentile_100" if one is Function.PERCENTILE else one.value for one in Function
)


def read_function(given: Any) -> tuple[Function, float | None]:
    """The function and, of a percentile, its number: mean, mean(), percentile_95, percentile(95).

    Raises Invalid, which says what there is.
    """
    match = _SAID.fullmatch(given.strip().lower()) if isinstance(given, str) else None
    try:
        function = Function(match[1] if match else "")
    except ValueError as error:
        raise _refusal(_("one of {known} is needed").format(known=", ".join(OFFERED))) from error
    number = match and (match[2] or match[3])
    if function is not Function.PERCENTILE:
        if number:
            raise _refusal(_("a percentile alone takes a number, such as percentile_95"))
        return function, None
    if not number or float(number) > 100:
        raise _refusal(_("a percentile is a number from 0 to 100, such as percentile_99.9"))
    return function, float(number)


def _refusal(why: str) -> Invalid:
    return Invalid({"ds_function": why})
