"""Writing points into blocks: merged under their locks, so that writing again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import transaction

from apps.telemetry.models import TelemetryBlock, TelemetrySeries
from apps.telemetry.store.admission import Admitted
from apps.telemetry.store.blocks import SPANS, Points, pack, pack_hours, pack_summary, unpack
from apps.telemetry.store.series import SECOND, Batch, retention_of

_INSERTED_AT_ONCE = 100


def write(admitted: Sequence[Admitted]) -> None:
    """Merge the batches into the blocks of their series, all or nothing."""
    wanted: dict[tuple[int, int], Points] = {}
    spans: dict[int, int] = {}
    for one in admitted:
        span = SPANS[retention_of(one.row.measurement)]
        spans[one.row.pk] = span
        for start, points in _by_span(one.batch, span):
            key = (one.row.pk, start)
            before = wanted.get(key)
            wanted[key] = points if before is None else before.merge(points)
    with transaction.atomic():
        for key, block in _locked(wanted, spans).items():
            _merge(block, wanted[key])


def _by_span(batch: Batch, span: int) -> Iterator[tuple[int, Points]]:
    """The rows of a batch that have a value, by the start of the block they belong to."""
    points = Points(batch.times, batch.columns)
    if all(None in column for column in batch.columns.values()):
        rows = zip(*batch.columns.values(), strict=True)
        points = points.where([any(value is not None for value in row) for row in rows])
    low = 0
    while low < len(points.times):
        start = points.times[low] - points.times[low] % span
        part = points.slice(start, start + span)
        columns = {n: c for n, c in part.columns.items() if any(v is not None for v in c)}
        yield start // SECOND, Points(part.times, columns)
        low += len(part.times)


def _locked(
    wanted: dict[tuple[int, int], Points], spans: dict[int, int]
) -> dict[tuple[int, int], TelemetryBlock]:
    """The blocks, made where they are missing, locked in the order of their keys."""
    found = _lock(wanted)
    if missing := [key for key in wanted if key not in found]:
        TelemetryBlock.objects.bulk_create(
            [
                TelemetryBlock(series_id=series, starts_at=start, span=spans[series] // SECOND)
                for series, start in sorted(missing)
            ],
            batch_size=_INSERTED_AT_ONCE,
            ignore_conflicts=True,
        )
        found |= _lock(missing)
    return found


def _lock(
    keys: Sequence[tuple[int, int]] | dict[tuple[int, int], Points],
) -> dict[tuple[int, int], TelemetryBlock]:
    starts: dict[int, list[int]] = defaultdict(list)
    for series, start in keys:
        starts[series].append(start)
    rows = TelemetryBlock.objects.select_for_update().order_by("pk")
    found = {}
    for series in sorted(starts):
        for block in rows.filter(series_id=series, starts_at__in=starts[series]):
            found[series, block.starts_at] = block
    return found


def _merge(block: TelemetryBlock, points: Points) -> None:
    before = unpack(bytes(block.data))
    after = before.merge(points)
    if after is not before:
        fill(block, after)
        block.save(update_fields=["points", "size", "summary", "hours", "data"])


def fill(block: TelemetryBlock, points: Points) -> None:
    """Make a block hold these points, without saving it."""
    starts_at, span = block.starts_at * SECOND, block.span * SECOND
    block.data = pack(points)
    block.summary = pack_summary(points, starts_at, span)
    block.hours = pack_hours(points, starts_at)
    block.points = len(points.times)
    block.size = len(block.data) + len(block.summary) + len(block.hours)


def delete(series: Sequence[TelemetrySeries], start: int, end: int) -> None:
    """Take the points from `start` up to but without `end` out of the blocks of these series."""
    with transaction.atomic():
        blocks = TelemetryBlock.objects.select_for_update().filter(
            series__in=series, starts_at__lt=-(-end // SECOND)
        )
        for block in blocks.order_by("pk"):
            points = unpack(bytes(block.data))
            kept = points.where([not start <= at < end for at in points.times])
            if not kept.times:
                block.delete()
            elif kept is not points:
                columns = {n: c for n, c in kept.columns.items() if any(v is not None for v in c)}
                fill(block, Points(kept.times, columns))
                block.save(update_fields=["points", "size", "summary", "hours", "data"])
