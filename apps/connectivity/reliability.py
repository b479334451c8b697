"""How reliably a unit connects. Reference: "/products/<imei>/connectivity_reliability_rate"."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.connectivity.models import Connection
from apps.core.errors import Invalid

EVERY: Final = timedelta(hours=4)
BY_DEFAULT: Final = timedelta(days=7)


def reliability_rate(
    product_imei: str, *, start: datetime | None = None, end: datetime | None = None
) -> float:
    """The connections a unit made from `start` to `end` over those expected of it, 1.0 at most.

    One is expected for every four hours that are over: in seven hours, one. A unit of which none
    was expected has missed none, so its rate is 1.0. Without an end it is now; without a start,
    seven days before now. Raises Invalid for an end to come or before the start.
    """
    now = timezone.now()
    start = now - BY_DEFAULT if start is None else start
    if end is None:
        end = now
        if start > end:
            raise Invalid({"start": _("The start must not be in the future")})
    elif end > now:
        raise Invalid({"end": _("The end must not be in the future")})
    elif end < start:
        raise Invalid({"end": _("The end must not be before the start")})
    expected = (end - start) // EVERY
    if not expected:
        return 1.0
    made = Connection.objects.filter(product_id=product_imei, date__range=(start, end)).count()
    return min(made / expected, 1.0)
