"""The embedded store: points packed into blocks, one row for each series and day.

A unit that measures ten values a minute makes five million values a year. As rows of a table they
would be a thousand times the rows of all others; a block holds a day of them in some ten kilobytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import Error, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from apps.telemetry.days import TelemetryDay
from apps.telemetry.errors import StoreAway
from apps.telemetry.models import TelemetryBlock, TelemetrySeries
from apps.telemetry.store import catalogue
from apps.telemetry.store.admission import Admitted, Refusal, now
from apps.telemetry.store.blocks import SPANS, unpack, unpack_summary
from apps.telemetry.store.interface import Store
from apps.telemetry.store.keeping import kept_days
from apps.telemetry.store.queries import Health, Latest, Query, Result, Shard
from apps.telemetry.store.series import (
    DAY,
    DERIVED,
    HOUR,
    LAST_TIME,
    SECOND,
    Batch,
    Retention,
    Series,
    retention_of,
)
from apps.telemetry.store.sql import writing
from apps.telemetry.store.sql.reading import Reading, newest

_WEEK = 7 * DAY // SECOND
# What is being read or written is older than this by then, if it goes at all.
_GRACE = HOUR
_DELETED_AT_ONCE = 1_000


class SqlStore(Store):
    """Time series in the program's own database. Writes join the caller's transaction."""

    name = place = "embedded"

    def _write(self, admitted: Sequence[Admitted]) -> list[Refusal]:
        with _database():
            writing.write(admitted)
        return []

    def read(self, query: Query) -> Result:
        with _database():
            return Reading(query).result()

    def last(
        self, imei: str, measurement: str, fields: Sequence[str] | None = None
    ) -> dict[str, Latest]:
        found: dict[str, Latest] = {}
        with _database():
            rows = catalogue.of_unit(imei, measurement)
            missing = {name for row in rows for name in row.fields}
            if fields is not None:
                missing &= set(fields)
            reached = None
            for starts_at, packed in newest(rows):
                if starts_at != reached:
                    missing -= found.keys()
                    reached = starts_at
                if not missing:
                    break
                summary = unpack_summary(bytes(packed), starts_at * SECOND, missing)
                for name, (_kind, part) in summary.items():
                    other = found.get(name)
                    if other is None or (part.last_at, part.last) > (other.time, other.value):
                        found[name] = Latest(part.last_at, part.last)
        return found

    def delete(
        self,
        imei: str,
        measurement: str,
        *,
        start: int | None = None,
        end: int | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        wanted = (tags or {}).items()
        with _database():
            rows = [
                row
                for row in catalogue.of_unit(imei, measurement)
                if wanted <= dict(TelemetrySeries.tags_of(row.tags)).items()
            ]
            writing.delete(rows, start or 0, LAST_TIME if end is None else end)

    def retain(self) -> int:
        dropped = 0
        for retention, days in kept_days().items():
            latest = (now() - days * DAY - _GRACE - SPANS[retention]) // SECOND
            old = _unmarked(TelemetryBlock.objects.filter(_of(retention), starts_at__lte=latest))
            while days and latest >= 0:
                with _database(), transaction.atomic():
                    keys = list(old.order_by("pk").values_list("pk", flat=True)[:_DELETED_AT_ONCE])
                    dropped += TelemetryBlock.objects.filter(pk__in=keys).delete()[0]
                if len(keys) < _DELETED_AT_ONCE:
                    break
        return dropped

    def shards(self) -> list[Shard]:
        """The blocks, week by week."""
        found = []
        kept = kept_days()
        for retention, span in SPANS.items():
            # A block belongs to the week, or to the span of its own, in which it begins.
            length = max(_WEEK, span // SECOND)
            with _database():
                weeks = list(
                    TelemetryBlock.objects.filter(_of(retention))
                    .annotate(week=F("starts_at") / length)
                    .values("week")
                    .annotate(rows=Sum("points"), bytes=Sum("size"))
                    .order_by("week")
                )
            for week in weeks:
                start, end = week["week"] * length * SECOND, (week["week"] + 1) * length * SECOND
                expires = end + kept[retention] * DAY if kept[retention] else None
                found.append(
                    Shard(
                        key=f"{retention}.{week['week']}",
                        retention=retention,
                        start=start,
                        end=end,
                        expires=expires,
                        points=week["rows"],
                        size=week["bytes"],
                    )
                )
        return found

    def health(self) -> Health:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error as error:
            return Health(False, self.name, str(error))
        return Health(True, self.name, connection.vendor)

    def every_series(self) -> Iterator[Series]:
        return catalogue.every_series()

    def export(self, series: Series, *, after: int | None = None) -> Iterator[Batch]:
        row = catalogue.rows_of([series]).get(series)
        if row is None:
            return
        blocks = TelemetryBlock.objects.filter(series=row).order_by("starts_at")
        first = 0 if after is None else after + 1
        span = SPANS[retention_of(series.measurement)]
        for data in (
            blocks.filter(starts_at__gt=(first - span) // SECOND)
            .values_list("data", flat=True)
            .iterator(chunk_size=50)
        ):
            points = unpack(bytes(data)).slice(first, LAST_TIME)
            if points.times:
                yield Batch(series, points.times, points.columns)


def _of(retention: Retention) -> Q:
    derived = Q(series__measurement__in=DERIVED)
    return derived if retention is Retention.ANALYSIS else ~derived


def _unmarked(blocks: QuerySet[TelemetryBlock]) -> QuerySet[TelemetryBlock]:
    """Those of days whose figures are written: see services.days."""
    marked = TelemetryDay.objects.filter(
        imei=OuterRef("series__imei"), day=OuterRef("starts_at") / (DAY // SECOND)
    )
    return blocks.filter(~Exists(marked))


@contextmanager
def _database() -> Iterator[None]:
    """Whatever the database cannot do now, the store cannot."""
    try:
        yield
    except Error as error:
        raise StoreAway(str(error)) from error
