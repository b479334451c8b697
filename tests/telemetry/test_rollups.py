"""Old data by the hour: written before points go, and read where they are gone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import call_command

from apps.telemetry import history, tasks
from apps.telemetry.days import TelemetryDay
from apps.telemetry.errors import StoreAway
from apps.telemetry.horizon import TelemetryHorizon, horizon
from apps.telemetry.selectors import retention_state
from apps.telemetry.services import days, rollups
from apps.telemetry.services.copying import Copy
from apps.telemetry.services.points import keep_points, read_points
from apps.telemetry.store import current
from apps.telemetry.store.admission import now
from apps.telemetry.store.catalogue import MOST_SERIES
from apps.telemetry.store.queries import Function, Query
from apps.telemetry.store.series import (
    DAY,
    HOUR,
    HOURLY,
    MILLISECOND,
    MINUTE,
    SECOND,
    TELEMETRY,
    Batch,
    Series,
)
from tests.factories import ProductFactory
from tests.telemetry.ageing import lose

pytestmark = pytest.mark.django_db

# Near the present: InfluxDB has a clock of its own.
NOW = dt.datetime.now(dt.UTC).replace(hour=12, minute=0, second=0, microsecond=0)
TODAY = int(NOW.timestamp()) * SECOND // DAY
ONE, TWO = (f"{number:015d}" for number in (1, 2))
embedded = pytest.mark.skipif(
    bool(django_settings.INFLUXDB_URL), reason="InfluxDB drops its shards by its own clock"
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def keep(settings):
    """Sets for how many days points, and figures, are kept."""

    def set_days(points: int, figures: int = 0) -> None:
        settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": points, "analysis_rp": figures}

    return set_days


def write(imei: str, day: int, *values: float, hour: int = 8, step: int = 20 * MINUTE) -> None:
    start = day * DAY + hour * HOUR
    pairs = [[(start + n * step) // MILLISECOND, value] for n, value in enumerate(values)]
    keep_points(batch=read_points({"fields": {"voltage": pairs}}, imei))


def settle() -> None:
    """Have the limit hold, and whatever is too old go."""
    while days.derive():
        pass
    tasks.retain()
    if django_settings.INFLUXDB_URL:
        marked = set(TelemetryDay.objects.values_list("imei", "day"))
        for imei in (ONE, TWO):
            for day in range(TODAY - 40, horizon().raw_seam(now()) // DAY):
                if (imei, day) not in marked:
                    lose(imei, day * DAY, (day + 1) * DAY)


def points(imei: str = ONE) -> list[int]:
    """The days of which there are points."""
    rows = current().read(Query(TELEMETRY, imei, 0, (TODAY + 1) * DAY, fields=("voltage",)))
    return sorted({at // DAY for at in rows.times})


def told(function: Function, interval: int, imei: str = ONE, **more: Any) -> dict[int, Any]:
    """The values of `voltage` over forty days, by start of interval, in hours from today."""
    asked = {"start": (TODAY - 40) * DAY, "end": (TODAY + 1) * DAY, "fields": ("voltage",), **more}
    query = Query(TELEMETRY, imei, function=function, interval=interval, **asked)
    rows = history.read(current(), query)
    return {
        (at - TODAY * DAY) // HOUR: value
        for at, value in zip(rows.times, rows.columns["voltage"], strict=True)
    }


def test_last_months_voltage_is_told_by_the_hour_when_its_points_are_gone(keep) -> None:
    write(ONE, TODAY - 20, 12.0, 13.0, 14.0, 10.0)
    write(ONE, TODAY - 2, 11.0)
    keep(10)
    settle()
    assert points() == [TODAY - 2]
    old = -20 * 24
    assert told(Function.MEAN, HOUR) == {old + 8: 13.0, old + 9: 10.0, -40: 11.0}
    assert told(Function.MEAN, DAY) == {old: 12.25, -48: 11.0}
    assert told(Function.COUNT, DAY) == {old: 4, -48: 1}
    assert told(Function.SPREAD, DAY) == {old: 4.0, -48: 0.0}
    assert told(Function.FIRST, DAY) == {old: 12.0, -48: 11.0}
    assert told(Function.LAST, DAY) == {old: 10.0, -48: 11.0}


def test_what_hours_cannot_tell_is_left_out_before_the_seam(keep) -> None:
    write(ONE, TODAY - 20, 12.0, 13.0)
    write(ONE, TODAY - 2, 11.0)
    keep(10)
    settle()
    assert told(Function.MEDIAN, DAY) == {-48: 11.0}
    assert told(Function.MEAN, 20 * MINUTE) == {-40: 11.0}
    assert told(Function.MEAN, DAY, tags={"jig": "A"}) == {}
    # A start within an hour leaves its interval out: only whole hours are known.
    assert told(Function.MAX, DAY, start=(TODAY - 20) * DAY + MINUTE) == {-48: 11.0}
    cut = (TODAY - 20) * DAY + 8 * HOUR + 30 * MINUTE
    assert told(Function.MAX, DAY, end=cut) == {}
    assert told(Function.MAX, DAY, end=cut + 30 * MINUTE) == {-480: 13.0}


@pytest.mark.parametrize("interval", [5 * HOUR, 7 * DAY, 20 * DAY])
def test_an_interval_across_the_seam_has_each_point_once(keep, interval) -> None:
    for ago in range(1, 21):
        write(ONE, TODAY - ago, *range(6), step=HOUR)
    before = told(Function.COUNT, interval)
    keep(10)
    settle()
    assert min(points()) >= TODAY - 10
    assert told(Function.COUNT, interval) == before
    assert sum(before.values()) == 120


def test_kept_for_ever_nothing_is_written_or_remembered() -> None:
    write(ONE, TODAY - 20, 12.0)
    settle()
    assert not TelemetryHorizon.objects.exists()
    assert current().fields_of(ONE, HOURLY) == []
    assert told(Function.MEAN, DAY) == {-480: 12.0}


def test_reading_costs_one_query_more(django_assert_num_queries, keep) -> None:
    write(ONE, TODAY - 2, 11.0)
    query = Query(TELEMETRY, ONE, 0, TODAY * DAY, function=Function.MEAN, interval=DAY)
    with django_assert_num_queries(1 if django_settings.INFLUXDB_URL else 3):
        current().read(query)
    with django_assert_num_queries(2 if django_settings.INFLUXDB_URL else 4):
        history.read(current(), query)


@embedded
def test_no_point_goes_before_its_hours_are_written(keep, monkeypatch) -> None:
    write(ONE, TODAY - 20, 12.0)
    write(TWO, TODAY - 20, 13.0)
    keep(10)
    tasks.retain()
    assert (points(ONE), points(TWO)) == ([TODAY - 20], [TODAY - 20])
    inner = rollups.roll_up

    def fails(store: Any, imei: str, day: int) -> Any:
        if imei == ONE:
            raise ValueError("of all things")
        return inner(store, imei, day)

    monkeypatch.setattr(rollups, "roll_up", fails)
    days.derive()
    tasks.retain()
    # The limit does not hold as long as a day would be lost by it.
    assert (points(ONE), points(TWO)) == ([TODAY - 20], [TODAY - 20])
    assert told(Function.MEAN, DAY) == {-480: 12.0}
    assert retention_state().waiting == 0
    assert not retention_state().holds


@embedded
@pytest.mark.parametrize("more", [0, 10, 365])
def test_once_the_limit_holds_a_day_that_fails_holds_up_no_other(
    keep, monkeypatch, clock, more
) -> None:
    keep(10)
    rollups.settle()
    for imei in (ONE, TWO):
        write(imei, TODAY - 9, 12.0, 14.0)
    days.derive()
    # Late points of a day whose hours are known.
    write(ONE, TODAY - 9, 16.0, hour=9)

    def fails(*args: Any) -> Any:
        raise StoreAway("nobody answers")

    with monkeypatch.context() as patched:
        patched.setattr(rollups, "roll_up", fails)
        days.derive()
        clock.shift(dt.timedelta(days=3))
        days.derive()
        tasks.retain()
        assert (points(ONE), points(TWO)) == ([TODAY - 9], [])
        # The day that is marked is read from its points.
        assert told(Function.MEAN, DAY, ONE) == {-9 * 24: 14.0}
        assert told(Function.MEAN, DAY, TWO) == {-9 * 24: 13.0}
        assert retention_state().waiting == 1
        # Whoever keeps more from now on does not lose that day.
        keep(more)
        rollups.settle()
        assert tasks.retain() == 0
        assert told(Function.MEAN, DAY, ONE) == {-9 * 24: 14.0}
    clock.shift(dt.timedelta(hours=1))
    days.derive()
    rollups.settle()
    assert horizon().kept_days == more
    assert tasks.retain() == (1 if more == 10 else 0)
    assert not TelemetryDay.objects.exists()
    assert told(Function.MEAN, DAY, ONE) == {-9 * 24: 14.0}
    assert retention_state().waiting == 0


def test_late_points_change_the_hours_of_their_day(keep) -> None:
    keep(10)
    rollups.settle()
    write(ONE, TODAY - 9, 12.0)
    days.derive()
    write(ONE, TODAY - 9, 14.0, hour=9)
    days.derive()
    held = Query(HOURLY, ONE, 0, TODAY * DAY, fields=("voltage.sum", "voltage.count"))
    assert current().read(held).columns == {"voltage.sum": [12.0, 14.0], "voltage.count": [1, 1]}


def test_today_has_its_hours_when_it_is_over(keep, clock) -> None:
    keep(10)
    rollups.settle()
    write(ONE, TODAY, 12.0)
    days.derive()
    assert current().fields_of(ONE, HOURLY) == []
    clock.shift(dt.timedelta(hours=14))
    days.derive()
    assert "voltage.max" in current().fields_of(ONE, HOURLY)


def test_what_once_went_stays_with_its_hours_when_more_is_kept_again(keep) -> None:
    write(ONE, TODAY - 20, 12.0, 14.0)
    keep(10)
    settle()
    for more in (30, 0):
        keep(more)
        rollups.settle()
        assert told(Function.MEAN, DAY) == {-480: 13.0}
    # A late point does not stand for the whole of its day.
    write(ONE, TODAY - 20, 99.0, hour=8, step=HOUR)
    days.derive()
    assert told(Function.MEAN, DAY) == {-480: 13.0}


def test_what_is_derived_goes_by_its_own_age(keep) -> None:
    for ago in (20, 13):
        write(ONE, TODAY - ago, 12.0)
    keep(10)
    settle()
    keep(10, figures=15)
    rollups.settle()
    assert told(Function.MEAN, DAY) == {-13 * 24: 12.0}


def test_days_from_before_are_marked_unit_by_unit_whoever_dies(keep, monkeypatch) -> None:
    monkeypatch.setattr(rollups, "_UNITS_AT_ONCE", 1)
    for imei in (ONE, TWO):
        write(imei, TODAY - 20, 12.0)
    days.derive()
    assert not TelemetryDay.objects.exists()
    keep(10)
    rollups.settle()
    assert rollups.mark_more(current(), days._mark)
    with pytest.raises(SystemExit):
        rollups.mark_more(current(), _killed)
    assert horizon().reached == ONE
    settle()
    assert told(Function.MEAN, DAY, ONE) == told(Function.MEAN, DAY, TWO) == {-480: 12.0}
    assert points(ONE) == points(TWO) == []


def test_points_that_were_copied_get_their_hours_too(keep) -> None:
    keep(10)
    write(ONE, TODAY - 2, 12.0)
    settle()
    batch = Batch.of(Series(TELEMETRY, ONE), {"voltage": [((TODAY - 5) * DAY, 13.0)]})
    current().write([batch])
    [*Copy(current(), current(), "here", "here").run()]
    days.derive()
    held = current().read(Query(HOURLY, ONE, 0, TODAY * DAY, fields=("voltage.max",)))
    assert held.columns["voltage.max"] == [13.0, 12.0]


def _killed(wanted: Any) -> None:
    raise SystemExit


def test_past_days_are_worked_out_on_demand_but_none_that_are_gone(keep) -> None:
    for ago in (20, 5):
        write(ONE, TODAY - ago, 12.0)
    keep(10)
    settle()
    call_command("derive_telemetry", days=30)
    assert min(TelemetryDay.objects.values_list("day", flat=True)) == TODAY - 9
    assert told(Function.MEAN, DAY) == {-480: 12.0, -120: 12.0}


def test_hours_find_room_where_a_unit_has_no_more(keep) -> None:
    keep(10)
    rollups.settle()
    day = (TODAY - 2) * DAY
    for number in range(MOST_SERIES):
        series = Series(TELEMETRY, ONE, (("run", str(number)),))
        batch = Batch.of(series, {"voltage": [(day + number * MINUTE, 12.0)]})
        current().write([batch])
        days.mark([batch])
    days.derive()
    assert current().read(Query(HOURLY, ONE, 0, TODAY * DAY)).columns["voltage.count"] == [50]


def test_the_api_tells_old_days_and_only_what_is_there_of_points(keep, api) -> None:
    imei = ProductFactory.create(pk=ONE).pk
    write(imei, TODAY - 20, 12.0, 14.0)
    keep(10)
    settle()
    start = (NOW - dt.timedelta(days=30)).strftime("%Y-%m-%d")
    at = f"{NOW - dt.timedelta(days=20):%Y-%m-%d}T00:00:00Z"
    asked = {"start": start, "fields": "voltage"}
    client = api.as_("system")
    data = client.get(f"/v1/products/{imei}/data", {**asked, "ds_interval": "1d"}).json()["data"]
    assert data["voltage"] == [[13.0, at]]
    data = client.get(f"/v1/products/{imei}/data", asked).json()["data"]
    assert data["voltage"] == []
