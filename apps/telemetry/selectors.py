"""Reads of the data of units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from apps.products.models import Product
from apps.telemetry import data_answers
from apps.telemetry.data_questions import ALL, Defaults, read_question
from apps.telemetry.days import TelemetryDay
from apps.telemetry.horizon import horizon
from apps.telemetry.spool import TelemetryDefault, TelemetryOutage, TelemetrySpool
from apps.telemetry.store import current
from apps.telemetry.store.admission import now as now_in_nanoseconds
from apps.telemetry.store.series import DAY, Retention


def data_of_unit(*, imei: str, parameters: Mapping[str, Any]) -> Any:
    """What GET data answers. Raises Invalid for a question that is wrong or asks too much."""
    question = read_question(
        parameters, imei=imei, now=now_in_nanoseconds(), defaults=defaults_of(imei)
    )
    named = parameters.get("fields") not in (None, ALL)
    return data_answers.answer(question, current(), named=named)


def defaults_of(imei: str) -> Defaults:
    """What questions about a unit mean that do not say it: by its type, else the reference's."""
    types = Product.objects.filter(pk=imei).values("product_type")
    row = TelemetryDefault.objects.filter(product_type__in=types).first()
    if row is None:
        return Defaults()
    return Defaults(
        measurement=row.measurement,
        fields=tuple(row.fields) or None,
        days=row.days,
        interval=row.ds_interval,
        function=row.ds_function,
    )


def fields_of_unit(*, imei: str, measurement: str = "telemetry") -> list[str]:
    """The fields in which a unit has ever had values."""
    return current().fields_of(imei, measurement)


@dataclass(frozen=True, slots=True)
class RetentionState:
    """Whether points go by age as they are set to, and what is in the way.

    `holds` is false while days from before are worked out by the hour: until then nothing goes, and
    `to_do` counts the days that are marked. `waiting` are days whose points are older than they are
    kept, and stay (InfluxDB: may go) although their hourly figures are not written; `oldest` is the
    first of them.
    """

    holds: bool = True
    to_do: int = 0
    waiting: int = 0
    oldest: dt.date | None = None


def retention_state() -> RetentionState:
    """How retention stands at this moment; nothing is asked where points are kept for ever."""
    wanted = settings.TELEMETRY_RETENTION_DAYS[Retention.TELEMETRY]
    if not wanted:
        return RetentionState()
    kept = horizon()
    if kept.kept_days != wanted:
        return RetentionState(holds=False, to_do=TelemetryDay.objects.count())
    seam = kept.raw_seam(now_in_nanoseconds()) // DAY
    late = TelemetryDay.objects.filter(day__gte=kept.raw_from, day__lt=seam)
    found = late.aggregate(rows=Count("pk"), oldest=Min("day"))
    first = found["oldest"]
    return RetentionState(
        waiting=found["rows"],
        oldest=None if first is None else dt.date(1970, 1, 1) + dt.timedelta(days=first),
    )


@dataclass(frozen=True, slots=True)
class SpoolState:
    """How the spool stands: rows and bytes, the oldest row, and why they wait."""

    rows: int
    points: int
    size: int
    limit: int
    oldest: dt.datetime | None
    away_since: dt.datetime | None
    retry_at: dt.datetime | None
    last_error: str

    @property
    def is_nearly_full(self) -> bool:
        return self.size > 0.8 * self.limit

    @property
    def age(self) -> dt.timedelta:
        return timezone.now() - self.oldest if self.oldest else dt.timedelta()


def spool_state() -> SpoolState:
    """The spool at this moment."""
    figures = TelemetrySpool.objects.aggregate(
        rows=Count("pk"), values=Sum("points"), bytes=Sum("size"), oldest=Min("created_at")
    )
    outage = TelemetryOutage.objects.first()
    refused = TelemetrySpool.objects.exclude(last_error="").order_by("-due_at").first()
    return SpoolState(
        rows=figures["rows"],
        points=figures["values"] or 0,
        size=figures["bytes"] or 0,
        limit=settings.TELEMETRY_SPOOL_MB * 1_000_000,
        oldest=figures["oldest"],
        away_since=outage.since if outage else None,
        retry_at=outage.retry_at if outage else None,
        last_error=outage.last_error if outage else refused.last_error if refused else "",
    )


@dataclass(frozen=True, slots=True)
class DaysState:
    """How the marked days stand: how many are due, since when, and how many could not be done.

    Those `later` have figures, and get them once more when they are over.
    """

    due: int
    failed: int
    later: int
    oldest: dt.datetime | None


def days_state() -> DaysState:
    """The marked days at this moment."""
    is_due = Q(due_at__lte=timezone.now())
    figures = TelemetryDay.objects.aggregate(
        due=Count("pk", filter=is_due),
        failed=Count("pk", filter=Q(attempts__gt=0)),
        later=Count("pk", filter=~is_due & Q(attempts=0)),
        oldest=Min("due_at", filter=is_due),
    )
    return DaysState(**figures)
