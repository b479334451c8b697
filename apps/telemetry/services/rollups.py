"""Hourly figures of old data, and how far back points are kept because of them.

Nothing of this happens as long as TELEMETRY_RETENTION_DAYS is 0. Once it is not, every day that is
worked out gets its hourly figures when it is over, and days from before are marked, unit by unit.
Only when each day with points has its figures or a mark does the limit hold (`settle`): from then
on points of old days go, marked ones excepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction

from apps.telemetry.days import TelemetryDay
from apps.telemetry.horizon import TelemetryHorizon, horizon
from apps.telemetry.models import TelemetrySeries
from apps.telemetry.rollups import hours_of
from apps.telemetry.store.admission import now
from apps.telemetry.store.interface import Store
from apps.telemetry.store.queries import Function, Query
from apps.telemetry.store.series import DAY, HOURLY, TELEMETRY, Batch, Retention, Series

_ONLY = 1
_UNITS_AT_ONCE = 20

Mark = Callable[[Iterable[tuple[str, int]]], None]


def settle() -> None:
    """Bring what is enforced in line with the settings, as far as that is safe now.

    Whatever was enforced until now is remembered: what may be gone by it stays gone.
    """
    wanted = settings.TELEMETRY_RETENTION_DAYS[Retention.TELEMETRY]
    derived = settings.TELEMETRY_RETENTION_DAYS[Retention.ANALYSIS]
    found = horizon()
    if (found.kept_days, found.derived_days, found.rolling) == (wanted, derived, bool(wanted)):
        return
    with transaction.atomic():
        TelemetryHorizon.objects.bulk_create([TelemetryHorizon(pk=_ONLY)], ignore_conflicts=True)
        found = TelemetryHorizon.objects.select_for_update().get(pk=_ONLY)
        _keep_derived(found, derived)
        _keep_points(found, wanted)
        found.save()


def roll_up(store: Store, imei: str, day: int) -> list[Batch]:
    """What to write of the hours of a day that is over; nothing of one without a number."""
    start = day * DAY
    hours = hours_of(store.read(Query(TELEMETRY, imei, start, start + DAY)))
    return [Batch.of(Series.of(HOURLY, imei), hours)] if hours else []


def mark_more(store: Store, mark: Mark) -> bool:
    """Mark the days of some more units that were worked out before there were hourly figures.

    Returns whether there may be more of them. Raises StoreAway; the units are then marked later.
    """
    found = horizon()
    if not found.rolling or found.complete:
        return False
    ours = TelemetryHorizon.objects.filter(
        pk=_ONLY, rolling=True, complete=False, reached=found.reached
    )
    units = TelemetrySeries.objects.filter(measurement=TELEMETRY, imei__gt=found.reached)
    imeis = list(units.values_list("imei", flat=True).distinct().order_by("imei")[:_UNITS_AT_ONCE])
    for imei in imeis:
        mark((imei, day) for day in _days_with_points(store, imei, found.raw_from))
    if imeis:
        ours.update(reached=imeis[-1])
    else:
        ours.update(complete=True)
    return bool(imeis)


def start_over() -> None:
    """Have all days marked once more: points came without marks, as by a copy."""
    TelemetryHorizon.objects.filter(pk=_ONLY, rolling=True).update(complete=False, reached="")


def _days_with_points(store: Store, imei: str, first: int) -> list[int]:
    end = now() + DAY
    rows = store.read(
        Query(TELEMETRY, imei, min(first * DAY, end), end, function=Function.COUNT, interval=DAY)
    )
    return [at // DAY for at in rows.times]


def _keep_derived(found: TelemetryHorizon, wanted: int) -> None:
    if wanted != found.derived_days:
        found.derived_from = found.derived_seam(now()) // DAY
        found.derived_days = wanted


def _keep_points(found: TelemetryHorizon, wanted: int) -> None:
    more = not wanted or 0 < found.kept_days < wanted
    if more and _marked_before(found, found.kept_days):
        # Their points are there, those of other days as old are not: they are worked out first.
        return
    found.rolling = bool(wanted)
    if not wanted:
        found.complete, found.reached = False, ""
    elif not found.complete:
        found.complete = not TelemetrySeries.objects.filter(measurement=TELEMETRY).exists()
    # Less only when no day would lose points that are not worked out.
    if more or (found.complete and not _marked_before(found, wanted)):
        found.raw_from = found.raw_seam(now()) // DAY
        found.kept_days = wanted


def _marked_before(found: TelemetryHorizon, days: int) -> bool:
    """Whether days are marked that are too old where points are kept for so many days."""
    seam = TelemetryHorizon(raw_from=found.raw_from, kept_days=days).raw_seam(now())
    return TelemetryDay.objects.filter(day__gte=found.raw_from, day__lt=seam // DAY).exists()
