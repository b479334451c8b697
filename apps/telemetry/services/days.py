"""The derived series: figures of each unit and day in UTC, kept up with the points.

Whoever writes points marks their days, after the store has them and before they are acknowledged.
Workers claim marked days, read each once, and write its figures at the day's start: the same points
again write the same values. A worker that dies leaves the mark, and the day is worked out again.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.core.prepared import Prepared
from apps.telemetry.daily import FIELDS, LONGEST_STEP, PASSING, figures_of
from apps.telemetry.days import LONGEST_ERROR, TelemetryDay
from apps.telemetry.errors import StoreAway, StoreRefused
from apps.telemetry.horizon import TelemetryHorizon, horizon
from apps.telemetry.models import TelemetrySeries
from apps.telemetry.services import outages, rollups
from apps.telemetry.services.outages import Standing
from apps.telemetry.services.refusals import record_refusal
from apps.telemetry.store import catalogue, current
from apps.telemetry.store.admission import expired_before, now
from apps.telemetry.store.interface import Store
from apps.telemetry.store.queries import Query
from apps.telemetry.store.series import ANALYSIS, DAY, SECOND, TELEMETRY, Batch, Retention, Series

logger = logging.getLogger("smartsolar.telemetry")

# Apart from what programs write to the same measurement.
TAGS = {"analysis-type": "day"}
# Days that a worker claims at once, and that one run works out at most; the next goes on.
_CLAIMED = 50
_MOST = 2_000
_CLAIM = dt.timedelta(minutes=5)
_RETRY = dt.timedelta(minutes=10)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def mark(batches: Iterable[Batch]) -> None:
    """Have the days of these points worked out (again): points near midnight touch two of them.

    Called once the store has the points, before whoever sent them is told.
    """
    first = expired_before(Retention.TELEMETRY) // DAY
    # A unit with a wrong clock would have us keep days until they come.
    last = now() // DAY + 1
    wanted = {
        (batch.series.imei, day)
        for batch in batches
        if batch.series.measurement == TELEMETRY and batch.series.imei and batch.times
        for day in _days(batch.times)
        if first <= day <= last
    }
    if wanted:
        _mark(wanted)


def mark_last(count: int) -> int:
    """Have the last `count` days of all units worked out, for points older than the marks.

    Returns how many days of units. A day without a point costs a read and leaves nothing.
    """
    today = now() // DAY
    # What is gone leaves nothing to work out.
    first = max(0, today - count + 1, horizon().raw_seam(now()) // DAY)
    units = TelemetrySeries.objects.filter(measurement=TELEMETRY).exclude(imei="")
    marked = 0
    for imei in units.values_list("imei", flat=True).distinct().order_by("imei"):
        wanted = [(imei, day) for day in range(first, today + 1)]
        _mark(wanted)
        marked += len(wanted)
    return marked


def derive() -> int:
    """Work out the days that are due; returns how many. None while the store is away.

    With nothing else to do it marks days that lack their hourly figures, as long as there are any.
    """
    rollups.settle()
    store = current()
    done = 0
    while done < _MOST and (rows := _claim_if_possible(store) or _claim_older(store)):
        # Read after the claim: no day that was marked since it says `rolling` goes without.
        kept = horizon()
        for place, row in enumerate(rows):
            if not _derive(store, row, kept):
                for other in rows[place + 1 :]:
                    _release(other)
                return done
            done += 1
        outages.note_back(store.name)
    return done


def _days(times: Sequence[int]) -> set[int]:
    """The days that points at these ascending times touch."""
    first, last = (times[0] - LONGEST_STEP) // DAY, (times[-1] + LONGEST_STEP) // DAY
    if last - first <= 1:
        return {first, last}
    return {(at + shift) // DAY for at in times for shift in (-LONGEST_STEP, LONGEST_STEP)}


def _marking(days: int) -> str:
    rows = ", ".join(["(%s, %s, %s, %s, '', NULL)"] * days)
    return (
        f"INSERT INTO telemetry_day (imei, day, mark, due_at, claim, claimed_until) VALUES {rows}"
        " ON CONFLICT (imei, day) DO UPDATE SET mark = EXCLUDED.mark, due_at = EXCLUDED.due_at"
    )


# An upload touches one day or, near midnight, two.
_MARKED = {days: Prepared(f"days_marked_{days}", _marking(days)) for days in (1, 2)}
_MARKED_AT_ONCE = 100


def _mark(wanted: Iterable[tuple[str, int]]) -> None:
    due = connection.ops.adapt_datetimefield_value(timezone.now())
    # In one order everywhere, so that two writers never wait for each other.
    ordered = sorted(wanted)
    for low in range(0, len(ordered), _MARKED_AT_ONCE):
        some = ordered[low : low + _MARKED_AT_ONCE]
        values = [part for imei, day in some for part in (imei, day, secrets.randbits(62), due)]
        with connection.cursor() as cursor:
            if prepared := _MARKED.get(len(some)):
                prepared.run(cursor, values)
            else:
                cursor.execute(_marking(len(some)), values)


def _claim_if_possible(store: Store) -> list[TelemetryDay]:
    free = _free(timezone.now())
    if not free.exists() or outages.standing(store.name) is Standing.AWAY:
        return []
    return _claim()


def _claim_older(store: Store) -> list[TelemetryDay]:
    """Days from before there were hourly figures, marked just now."""
    try:
        while outages.standing(store.name) is Standing.THERE and rollups.mark_more(store, _mark):
            if rows := _claim():
                return rows
    except StoreAway as error:
        logger.warning("older days not marked, the telemetry store is away: %s", error)
    return []


@transaction.atomic
def _claim() -> list[TelemetryDay]:
    """Days that are due and that no other worker has."""
    at = timezone.now()
    skips = connection.features.has_select_for_update_skip_locked
    free = _free(at).select_for_update(skip_locked=skips).order_by("due_at", "pk")
    rows = list(free[:_CLAIMED])
    token = uuid4().hex
    TelemetryDay.objects.filter(pk__in=[row.pk for row in rows]).update(
        claim=token, claimed_until=at + _CLAIM
    )
    for row in rows:
        row.claim = token
    return rows


def _free(at: dt.datetime) -> QuerySet[TelemetryDay]:
    return TelemetryDay.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lte=at), due_at__lte=at
    )


def _derive(store: Store, row: TelemetryDay, kept: TelemetryHorizon) -> bool:
    """Work out one claimed day; False if the store is away: then nothing more is to be tried."""
    end = (row.day + 1) * DAY + LONGEST_STEP
    over = now() >= end
    try:
        _work_out(store, row, kept=kept, over=over)
    except StoreAway as error:
        logger.warning("%s not worked out, the telemetry store is away: %s", row, error)
        health = store.health()
        if health.ok:
            _put_off(row, error)
        else:
            _release(row)
            outages.note_away(store.name, str(error))
        return health.ok
    except Exception as error:
        # Whatever is wrong with one day must not hold up those of all other units.
        logger.exception("%s not worked out", row)
        _put_off(row, error)
        return True
    if over:
        _finish(row)
    else:
        # Once more when it is over, even if the unit stays silent: that is a gap too.
        _finish(row, again_at=_EPOCH + dt.timedelta(seconds=end // SECOND))
    return True


def _work_out(store: Store, row: TelemetryDay, *, kept: TelemetryHorizon, over: bool) -> None:
    """Write the day's figures; where part of its points may be gone, those there are stand."""
    batches: list[Batch] = []
    if max(0, row.day * DAY - LONGEST_STEP) >= kept.raw_limit(now()):
        batches += _figures(store, row, over=over)
    if kept.rolling and over and row.day >= kept.raw_from:
        # Older points than are kept are there as long as their day is marked.
        batches += rollups.roll_up(store, row.imei, row.day)
    if not batches:
        return
    try:
        store.write(batches)
    except StoreRefused as refused:
        record_refusal(imei=row.imei, measurement=ANALYSIS, refused=refused)


def _figures(store: Store, row: TelemetryDay, *, over: bool) -> list[Batch]:
    start = row.day * DAY
    since = max(0, start - LONGEST_STEP)
    rows = store.read(Query(TELEMETRY, row.imei, since, start + DAY + LONGEST_STEP, fields=FIELDS))
    figures = figures_of(rows, start, over=over)
    if not figures:
        return []
    series = Series.of(ANALYSIS, row.imei, TAGS)
    _take_back(store, series, start, [name for name in PASSING if name not in figures])
    return [Batch.of(series, {name: [(start, figure)] for name, figure in figures.items()})]


def _take_back(store: Store, series: Series, start: int, names: Sequence[str]) -> None:
    """Delete the day's figures if it had any of these: they are written anew without.

    A worker that dies in between leaves the mark.
    """
    known = catalogue.rows_of([series]) if names else {}
    if series not in known or known[series].fields.keys().isdisjoint(names):
        return
    its_tags = dict(series.tags)
    of_day = Query(ANALYSIS, series.imei, start, start + 1, fields=tuple(names), tags=its_tags)
    if len(store.read(of_day)):
        store.delete(series.imei, ANALYSIS, start=start, end=start + 1, tags=its_tags)


def _finish(row: TelemetryDay, *, again_at: dt.datetime | None = None) -> None:
    """Take the mark away, or put it off, unless points came since it was read."""
    ours = TelemetryDay.objects.filter(pk=row.pk, claim=row.claim)
    same = ours.filter(mark=row.mark)
    if again_at is not None:
        if same.update(due_at=again_at, claim="", claimed_until=None, attempts=0, last_error=""):
            return
    elif same.delete()[0]:
        return
    if not _release(row):
        # The claim ran out: another worker may have written newer figures before these.
        _mark([(row.imei, row.day)])


def _put_off(row: TelemetryDay, error: Exception) -> None:
    """Try again later, and keep what was wrong for whoever looks."""
    _release(
        row,
        due_at=timezone.now() + _RETRY,
        attempts=row.attempts + 1,
        last_error=(str(error) or type(error).__name__)[:LONGEST_ERROR],
    )


def _release(row: TelemetryDay, **changes: object) -> int:
    return TelemetryDay.objects.filter(pk=row.pk, claim=row.claim).update(
        claim="", claimed_until=None, **changes
    )
