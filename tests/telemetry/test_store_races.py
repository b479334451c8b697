"""Many writers at once: nothing is lost, doubled or half there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.telemetry.models import TelemetryBlock, TelemetrySeries
from apps.telemetry.store.queries import Query
from apps.telemetry.store.series import DAY, MINUTE, SECOND, Batch, Series

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
IMEI = "013777946874001"
AT = 1_472_688_000 * SECOND
WRITERS, ROUNDS = 6, 8


def uploads(writer: int) -> list[Batch]:
    """What one writer sends: its own field and one that all share, into the same two days."""
    times = [AT + (writer + n * WRITERS) * 10 * MINUTE for n in range(40)]
    fields = {
        "shared": [(at, float(at // MINUTE % 97)) for at in times],
        f"own{writer}": [(at, float(writer)) for at in times],
    }
    return [Batch.of(Series("telemetry", IMEI), fields)]


def write(store, writer: int) -> None:
    try:
        for _round in range(ROUNDS):
            store.write(uploads(writer))
    finally:
        connection.close()


def test_writers_of_the_same_block_lose_nothing(store):
    with ThreadPoolExecutor(WRITERS) as threads:
        for done in [threads.submit(write, store, n) for n in range(WRITERS)]:
            done.result()

    found = store.read(Query("telemetry", IMEI, AT, AT + 5 * DAY))
    assert found.times == [AT + n * 10 * MINUTE for n in range(40 * WRITERS)]
    assert found.columns["shared"] == [float(at // MINUTE % 97) for at in found.times]
    assert set(found.columns) == {"shared", *(f"own{n}" for n in range(WRITERS))}
    for writer in range(WRITERS):
        assert found.columns[f"own{writer}"][writer::WRITERS] == [float(writer)] * 40
    assert TelemetrySeries.objects.get().fields == dict.fromkeys(found.columns, "number")
    if store.name == "embedded":
        assert TelemetryBlock.objects.count() == 2
