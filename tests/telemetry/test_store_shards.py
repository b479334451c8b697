"""What goes by age, and the record of what a store is made of."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.conf import settings as django_settings

from apps.telemetry import tasks
from apps.telemetry.models import InfluxShardData, TelemetryBlock
from apps.telemetry.services.shards import anomalies_of
from apps.telemetry.store import current
from apps.telemetry.store.queries import Query, Shard
from apps.telemetry.store.series import DAY, SECOND, Batch, Series

pytestmark = pytest.mark.django_db
IMEI = "013777946874001"
NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
AT = int(NOW.timestamp()) * SECOND
embedded = pytest.mark.skipif(
    bool(django_settings.INFLUXDB_URL), reason="InfluxDB drops its shards by its own clock"
)


def fill(measurement: str = "telemetry", days: int = 40) -> None:
    fields = {"voltage": [(AT - n * DAY, 12.0) for n in range(days)]}
    current().write([Batch.of(Series(measurement, IMEI), fields)])


def count(measurement: str = "telemetry") -> int:
    return len(current().read(Query(measurement, IMEI, 0, AT + DAY, fields=("voltage",))))


@embedded
@time_machine.travel(NOW, tick=False)
def test_what_is_too_old_goes_and_the_rest_stays(settings):
    fill()
    fill("analysis")
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 10, "analysis_rp": 0}
    # Not before their hours are written.
    assert tasks.retain() == 0
    tasks.derive_days()
    assert tasks.retain() == 29
    # The day in which the limit falls is whole for as long as any of it is kept.
    assert (count(), count("analysis")) == (11, 40)
    assert tasks.retain() == 0


@embedded
@time_machine.travel(NOW, tick=False)
def test_kept_for_ever_nothing_goes():
    fill()
    assert tasks.retain() == 0
    assert count() == 40


@time_machine.travel(NOW, tick=False)
def test_the_record_has_every_shard(settings):
    # Not so few that a real server, whose clock goes on, would refuse the points.
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 9_000, "analysis_rp": 0}
    tasks.retain()
    fill(days=15)
    assert tasks.record_shards()
    row = InfluxShardData.objects.get()
    assert row.created_by == "telemetry"
    assert row.anomalies == []
    assert {shard["retention_policy"] for shard in row.shard_data} == {"telemetry_rp"}
    assert len(row.shard_data) == 3
    assert all(shard["expiry_time"] > shard["end_time"] for shard in row.shard_data)


@time_machine.travel(NOW, tick=False)
def test_nothing_is_written_down_twice():
    fill(days=15)
    assert tasks.record_shards()
    assert not tasks.record_shards()
    assert InfluxShardData.objects.count() == 1
    fill(days=30)
    assert tasks.record_shards()
    assert InfluxShardData.objects.count() == 2


@embedded
@time_machine.travel(NOW, tick=False)
def test_how_full_shards_are_is_brought_up_to_date():
    fill(days=2)
    tasks.record_shards()
    later = {"voltage": [(AT - 5, 12.0)]}
    current().write([Batch.of(Series("telemetry", IMEI), later)])
    assert tasks.record_shards()
    row = InfluxShardData.objects.get()
    assert [shard["points"] for shard in row.shard_data] == [3]
    assert row.modified_by == "telemetry"
    assert sum(shard["bytes"] for shard in row.shard_data) == sum(
        TelemetryBlock.objects.values_list("size", flat=True)
    )


def shard(start: int, **more) -> Shard:
    given = {"key": str(start), "retention": "telemetry_rp", "end": AT + (start + 7) * DAY}
    return Shard(**{**given, "start": AT + start * DAY, **more})


@pytest.mark.parametrize(
    ("shards", "said"),
    [
        ([shard(-14), shard(-7), shard(0)], []),
        ([shard(-28), shard(-7)], ["no points from 2026-06-10T12:00:00Z to 2026-06-24T12:00:00Z"]),
        ([shard(-14), shard(-10)], ["overlaps -14"]),
        ([shard(-30, expires=AT - 3 * DAY)], ["older than it is kept"]),
        ([shard(-30, expires=AT - DAY)], []),
        ([shard(9)], ["points from the future"]),
        ([shard(0, retention="autogen")], ["a retention policy that nothing is written to"]),
    ],
)
def test_what_is_odd_about_shards_is_said(shards, said):
    assert [one["anomaly"] for one in anomalies_of(shards, AT)] == said


def test_a_store_that_is_away_changes_no_record(settings):
    settings.INFLUXDB_URL = "http://127.0.0.1:9/solar"
    assert not tasks.record_shards()
    assert tasks.retain() == 0
    assert not InfluxShardData.objects.exists()
