"""What staff see of old data: charts of it, and days whose hours are missing."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from apps.core.errors import Invalid
from apps.telemetry import tasks
from apps.telemetry.data_points import read_points
from apps.telemetry.models import InfluxShardData
from apps.telemetry.plain_points import read_plain
from apps.telemetry.selectors import RetentionState, retention_state
from apps.telemetry.services import days, rollups
from apps.telemetry.services.shards import anomalies_of
from apps.telemetry.store import current
from apps.telemetry.store.queries import Shard
from apps.telemetry.store.series import DAY, HOUR, HOURLY, MINUTE, SECOND, TELEMETRY, Batch, Series
from tests.factories import ProductFactory
from tests.telemetry.ageing import lose

pytestmark = pytest.mark.django_db

NOW = dt.datetime.now(dt.UTC).replace(hour=12, minute=0, second=0, microsecond=0)
TODAY = int(NOW.timestamp()) * SECOND // DAY


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def staff(system) -> Client:
    client = Client()
    client.force_login(system)
    return client


@pytest.fixture
def unit() -> str:
    """A unit that measured a voltage each minute of an hour, a month ago."""
    imei = ProductFactory.create().pk
    start = (TODAY - 30) * DAY + 8 * HOUR
    pairs = [(start + n * MINUTE, 12.0 + n % 2) for n in range(60)]
    current().write([Batch.of(Series(TELEMETRY, imei), {"voltage": pairs})])
    return imei


def test_a_chart_of_an_old_day_shows_its_hours(staff, unit, settings) -> None:
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 10, "analysis_rp": 0}
    while days.derive():
        pass
    tasks.retain()
    lose(unit, 0, (TODAY - 20) * DAY)
    day = NOW.date() - dt.timedelta(days=30)
    asked = {"fields": "voltage", "start": f"{day}T00:00", "end": f"{day}T23:59"}
    chart = staff.get(f"/admin/products/product/{unit}/charts/data/", asked).json()
    assert chart["interval"] == 3_600
    [line] = chart["units"][0]["lines"]
    assert (line["mean"][8], line["least"][8], line["most"][8]) == (12.5, 12.0, 13.0)
    assert line["mean"].count(None) == 23
    # Its hours are no fields of their own.
    page = staff.get(f"/admin/products/product/{unit}/charts/", asked).content.decode()
    assert "telemetry.hour" not in page


def test_the_home_page_says_that_old_days_are_still_to_be_worked_out(staff, unit, settings) -> None:
    assert "Old days to work out" not in staff.get("/admin/").content.decode()
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 10, "analysis_rp": 0}
    assert tasks.retain() == 0
    assert "Old days to work out" in staff.get("/admin/").content.decode()
    while days.derive():
        pass
    tasks.retain()
    assert "Old days to work out" not in staff.get("/admin/").content.decode()


def test_the_home_page_names_days_that_are_too_old(staff, unit, settings) -> None:
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 10, "analysis_rp": 0}
    while days.derive():
        pass
    rollups.settle()
    days._mark([(unit, TODAY - 30)])
    state = retention_state()
    assert (state.waiting, state.oldest) == (1, NOW.date() - dt.timedelta(days=30))
    home = staff.get("/admin/").content.decode()
    assert "Days without hourly figures" in home
    assert "/admin/telemetry/telemetryday/" in home


def test_the_record_of_shards_says_why_points_stay() -> None:
    at = TODAY * DAY
    old = Shard("1", "telemetry_rp", at - 30 * DAY, at - 23 * DAY, expires=at - 9 * DAY)
    [said] = anomalies_of([old], at, RetentionState(waiting=2))
    assert said["anomaly"] == (
        "older than it is kept: the hourly figures of 2 days are not written yet"
    )
    assert not InfluxShardData.objects.exists()


def test_hours_are_not_written_from_outside() -> None:
    imei = "0" * 15
    body = {"measurement": HOURLY, "fields": {"voltage.min": [[1, 2.0]]}}
    with pytest.raises(Invalid) as refused:
        read_points(body, imei)
    assert set(refused.value.errors or {}) == {"measurement"}
    assert read_plain(body, imei) is None
