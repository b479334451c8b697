"""The credit of the fleet, within a caller's scope: what ends soon, what waits, what drifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.callers import Caller
from apps.core.panels import Tone
from apps.core.scope import restrict, via_product
from apps.dcm.models import Balance, CreditDrift, PaymentCategory, PaymentCommand, PaymentStatus

# How soon credit ends: key, words, time ahead, tone. Each holds the one before.
EXPIRIES: Final[tuple[tuple[str, object, dt.timedelta, Tone], ...]] = (
    ("24h", _("within 24 hours"), dt.timedelta(hours=24), "bad"),
    ("3d", _("within 3 days"), dt.timedelta(days=3), "warn"),
)
# How long commands have waited for their unit: key, words, from, to, tone.
_DAY = dt.timedelta(days=1)
WAITS: Final[tuple[tuple[str, object, dt.timedelta, dt.timedelta | None, Tone], ...]] = (
    ("1d", _("under a day"), dt.timedelta(0), _DAY, "info"),
    ("3d", _("1 to 3 days"), _DAY, 3 * _DAY, "warn"),
    ("7d", _("3 to 7 days"), 3 * _DAY, 7 * _DAY, "warn"),
    ("older", _("over 7 days"), 7 * _DAY, None, "bad"),
)
ZEROES: Final = "zeroes"
# The parameters of the lists that hold such a key.
EXPIRES: Final = "ends"
WAITED: Final = "waits"


@dataclass(frozen=True, slots=True)
class CreditCounts:
    """Units whose credit ends soon, commands that wait by age, zeroes among them, units adrift."""

    expiries: Mapping[str, int]
    waits: Mapping[str, int]
    zeroes: int
    drifting: int


def expiry_condition(key: str, now: dt.datetime) -> Q:
    """Balances of units that count their credit, and are not paid off, that end so soon."""
    ahead = next(ahead for name, _words, ahead, _tone in EXPIRIES if name == key)
    return Q(
        product__dcm_enabled_flag=True,
        product__is_payg=True,
        expected_expiry__gt=now,
        expected_expiry__lte=now + ahead,
    )


def wait_condition(key: str, now: dt.datetime) -> Q:
    """Commands that have waited so long, or the zero commands that wait at all."""
    waiting = Q(status=PaymentStatus.PENDING, void=False)
    if key == ZEROES:
        return waiting & Q(category=PaymentCategory.ZERO_COMMAND)
    since, until = next((since, until) for name, _w, since, until, _t in WAITS if name == key)
    waiting &= Q(created_at__lte=now - since)
    return waiting if until is None else waiting & Q(created_at__gt=now - until)


def drifts(caller: Caller) -> QuerySet[CreditDrift]:
    """The caller's units whose report lies outside of what the ledger allows."""
    return restrict(CreditDrift.objects.all(), caller, via_product())


def credit_counts(caller: Caller) -> CreditCounts:
    """Count in three queries, whatever the number of units."""
    now = timezone.now()
    balances = restrict(Balance.objects.all(), caller, via_product())
    longest = EXPIRIES[-1][0]
    expiries = balances.filter(expiry_condition(longest, now)).aggregate(
        **{f"n{key}": Count("pk", filter=expiry_condition(key, now)) for key, *_rest in EXPIRIES}
    )
    waiting = PaymentCommand.objects.filter(status=PaymentStatus.PENDING, void=False)
    keys = [*(key for key, *_rest in WAITS), ZEROES]
    waits = restrict(waiting, caller, via_product()).aggregate(
        **{f"n{key}": Count("pk", filter=wait_condition(key, now)) for key in keys}
    )
    return CreditCounts(
        expiries={name[1:]: count for name, count in expiries.items()},
        waits={key: waits[f"n{key}"] for key in keys[:-1]},
        zeroes=waits[f"n{ZEROES}"],
        drifting=drifts(caller).count(),
    )
