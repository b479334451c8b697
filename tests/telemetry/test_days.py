"""The derived series: kept up with the points, whoever dies, comes late or comes twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections

from apps.telemetry.days import TelemetryDay
from apps.telemetry.errors import StoreAway
from apps.telemetry.services import days, draining, rollups, spooling
from apps.telemetry.services.points import keep_points, read_points
from apps.telemetry.spool import TelemetryOutage
from apps.telemetry.store import current
from apps.telemetry.store.queries import Health, Query
from apps.telemetry.store.series import DAY, HOUR, LAST_TIME, MINUTE, SECOND, Batch, Series
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
TODAY = int(NOW.timestamp()) * SECOND // DAY
YESTERDAY = TODAY - 1
ONE, TWO = (f"{number:015d}" for number in (1, 2))


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def write(imei: str, day: int, *hours: float, power: float = 10.0) -> None:
    pairs = [[(day * DAY + round(hour * 3_600) * SECOND) // 1_000_000, power] for hour in hours]
    keep_points(batch=read_points({"fields": {"active_power": pairs}}, imei))


def derived(imei: str, field: str = "energy_out") -> dict[int, Any]:
    """The figure of each day that has one."""
    result = current().read(Query("analysis", imei, 0, LAST_TIME, fields=(field,), tags=days.TAGS))
    assert all(at % DAY == 0 for at in result.times)
    return {
        at // DAY: value
        for at, value in zip(result.times, result.columns[field], strict=True)
        if value is not None
    }


def marked() -> list[tuple[str, int]]:
    return list(TelemetryDay.objects.order_by("imei", "day").values_list("imei", "day"))


def test_a_day_is_worked_out_once_its_points_are_there() -> None:
    write(ONE, YESTERDAY, 8, 9)
    assert marked() == [(ONE, YESTERDAY)]
    assert days.derive() == 1
    assert derived(ONE) == {YESTERDAY: pytest.approx(10.0)}
    assert marked() == []
    assert days.derive() == 0


def test_late_points_have_their_day_worked_out_again() -> None:
    write(ONE, YESTERDAY, 8, 9)
    days.derive()
    write(ONE, YESTERDAY, 8.5, power=30.0)
    assert days.derive() == 1
    assert derived(ONE) == {YESTERDAY: pytest.approx(20.0)}
    assert derived(ONE, "points") == {YESTERDAY: 3}


def test_points_near_midnight_touch_both_days() -> None:
    write(ONE, YESTERDAY - 1, 23.5)
    write(ONE, YESTERDAY, 0.5)
    assert marked() == [(ONE, YESTERDAY - 1), (ONE, YESTERDAY)]
    days.derive()
    assert derived(ONE) == {YESTERDAY - 1: pytest.approx(5.0), YESTERDAY: pytest.approx(5.0)}


def test_points_that_fill_a_gap_leave_nothing_of_it() -> None:
    for halves in (range(-1, 20), range(20, 50)):
        write(ONE, YESTERDAY, *(n / 2 for n in halves))
        days.derive()
    assert derived(ONE, "gaps")[YESTERDAY] == 0
    assert derived(ONE, "gap_end")[YESTERDAY] == YESTERDAY * DAY // SECOND


def test_the_same_points_again_give_the_same_values() -> None:
    write(ONE, YESTERDAY, 8, 8.3, 8.9, power=10.1)
    days.derive()
    first = current().read(Query("analysis", ONE, 0, LAST_TIME))
    write(ONE, YESTERDAY, 8, 8.3, 8.9, power=10.1)
    assert days.derive() == 1
    assert current().read(Query("analysis", ONE, 0, LAST_TIME)) == first
    assert len(first) == 1


def test_today_is_worked_out_so_far_and_once_more_when_it_is_over(clock: Any) -> None:
    write(ONE, TODAY, *(n / 2 for n in range(25)))
    # The first point, at midnight, might have ended a line that began the day before.
    assert days.derive() == 2
    assert derived(ONE, "gaps") == {TODAY: 0}
    assert days.derive() == 0
    clock.shift(dt.timedelta(hours=13))
    assert days.derive() == 1
    assert derived(ONE, "gaps") == {TODAY: 1}
    assert marked() == []


def test_other_measurements_and_times_that_no_day_has_are_not_marked() -> None:
    body = {"measurement": "logging", "fields": {"a": [[1, 1.0]]}}
    keep_points(batch=read_points(body, ONE))
    write(ONE, TODAY + 400, 8)
    days.mark([Batch.of(Series.of("telemetry", ""), {"voltage": [(TODAY * DAY, 1.0)]})])
    assert marked() == []


def test_what_is_partly_gone_by_age_is_left_as_it_was(settings: Any, clock: Any) -> None:
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 30, "analysis_rp": 0}
    rollups.settle()
    write(ONE, TODAY - 29, 8, 9)
    clock.shift(dt.timedelta(days=2))
    assert days.derive() == 1
    assert derived(ONE) == {}
    assert marked() == []


def test_a_worker_that_died_before_taking_the_mark_away_doubles_nothing(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(ONE, YESTERDAY, 8, 9)

    def killed(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(days, "_finish", killed)
        with pytest.raises(SystemExit):
            days.derive()
    # Its claim stands for a while, then another worker goes on.
    assert days.derive() == 0
    clock.shift(400)
    assert days.derive() == 1
    assert derived(ONE) == {YESTERDAY: pytest.approx(10.0)}
    assert derived(ONE, "points") == {YESTERDAY: 2}
    assert marked() == []


def test_points_that_come_while_a_day_is_worked_out_are_not_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(ONE, YESTERDAY, 8, 9)
    inner = days.figures_of

    def slow(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(days, "figures_of", inner)
        write(ONE, YESTERDAY, 10)
        return inner(*args, **kwargs)

    monkeypatch.setattr(days, "figures_of", slow)
    # The same run takes it up again.
    assert days.derive() == 2
    assert derived(ONE) == {YESTERDAY: pytest.approx(20.0)}
    assert marked() == []


def test_a_worker_whose_claim_ran_out_leaves_nothing_old_behind(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(ONE, YESTERDAY, 8, 9)
    inner = days.figures_of

    def stalled(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(days, "figures_of", inner)
        write(ONE, YESTERDAY, 10)
        clock.shift(400)
        assert days.derive() == 1
        assert derived(ONE) == {YESTERDAY: pytest.approx(20.0)}
        return inner(*args, **kwargs)

    monkeypatch.setattr(days, "figures_of", stalled)
    days.derive()
    assert derived(ONE) == {YESTERDAY: pytest.approx(20.0)}
    assert marked() == []


def test_a_store_that_is_away_is_asked_later(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(ONE, YESTERDAY, 8, 9)
    write(TWO, YESTERDAY, 8, 9)
    store = type(current())
    asked = []

    def gone(self: Any, query: Query) -> Any:
        asked.append(query.imei)
        raise StoreAway("nobody answers")

    with monkeypatch.context() as patched:
        patched.setattr(store, "read", gone)
        patched.setattr(store, "health", lambda self: Health(False, self.name, "nobody answers"))
        assert days.derive() == 0
        # Nobody asks it again until it is due.
        assert days.derive() == 0
    assert asked == [ONE]
    assert not TelemetryDay.objects.exclude(claim="").exists()
    clock.shift(400)
    assert days.derive() == 2
    assert set(derived(ONE)) == set(derived(TWO)) == {YESTERDAY}
    assert not TelemetryOutage.objects.exists()


def test_a_day_that_fails_holds_up_no_other(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(ONE, YESTERDAY, 8, 9)
    write(TWO, YESTERDAY, 8, 9)
    inner = days._work_out

    def fails(store: Any, row: TelemetryDay, **kwargs: Any) -> None:
        if row.imei == ONE:
            raise ValueError("of all things")
        inner(store, row, **kwargs)

    monkeypatch.setattr(days, "_work_out", fails)
    days.derive()
    assert set(derived(TWO)) == {YESTERDAY}
    assert marked() == [(ONE, YESTERDAY)]
    monkeypatch.setattr(days, "_work_out", inner)
    clock.shift(700)
    days.derive()
    assert set(derived(ONE)) == {YESTERDAY}


def test_points_from_the_spool_mark_their_days() -> None:
    pairs = [(YESTERDAY * DAY + n * HOUR, 10.0) for n in (8, 9)]
    spooling.spool(Batch.of(Series("telemetry", ONE), {"active_power": pairs}))
    assert marked() == []
    draining.drain()
    assert marked() == [(ONE, YESTERDAY)]


def test_after_downtime_days_are_caught_up_in_bounded_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(days, "_CLAIMED", 4)
    monkeypatch.setattr(days, "_MOST", 8)
    for ago in range(1, 11):
        write(ONE, TODAY - ago, 8, 9)
    assert [days.derive() for _run in range(3)] == [8, 2, 0]
    assert set(derived(ONE)) == {TODAY - ago for ago in range(1, 11)}


def test_a_day_is_one_read_and_one_write_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    for imei in (ONE, TWO):
        write(imei, YESTERDAY, *(1 + n / 6 for n in range(130)))
    store = type(current())
    calls: list[str] = []

    def counted(name: str) -> None:
        inner = getattr(store, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            return inner(*args, **kwargs)

        monkeypatch.setattr(store, name, call)

    for name in ("read", "write", "last", "fields_of", "health"):
        counted(name)
    assert days.derive() == 2
    assert calls == ["read", "write"] * 2


def test_marking_an_upload_is_one_statement(django_assert_num_queries: Any) -> None:
    times = [TODAY * DAY - 4 * HOUR + n * MINUTE for n in range(480)]
    batch = Batch.of(Series("telemetry", ONE), {"voltage": [(at, 12.0) for at in times]})
    with django_assert_num_queries(1):
        days.mark([batch])
    assert marked() == [(ONE, YESTERDAY), (ONE, TODAY)]


def test_the_daily_figures_are_read_as_any_data(api: Any) -> None:
    imei = ProductFactory.create().pk
    write(imei, YESTERDAY, 8, 9)
    write(imei, YESTERDAY - 1, 8, 9, power=5.0)
    days.derive()
    answer = api.as_("system").get(
        f"/v1/products/{imei}/data", {"measurement": "analysis", "fields": "energy_out,gaps"}
    )
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["measurement"] == "analysis"
    assert data["energy_out"] == [
        [5.0, "2026-03-01T00:00:00Z"],
        [10.0, "2026-03-02T00:00:00Z"],
    ]


def test_days_from_before_the_marks_are_worked_out_on_demand() -> None:
    for ago in (1, 2, 5):
        write(ONE, TODAY - ago, 8, 9)
    TelemetryDay.objects.all().delete()
    out = StringIO()
    call_command("derive_telemetry", days=3, stdout=out)
    assert out.getvalue() == "3 days of units will be worked out.\n"
    assert days.derive() == 3
    assert set(derived(ONE)) == {TODAY - 1, TODAY - 2}


@pytest.mark.parametrize("count", [0, -1, 4_000])
def test_a_number_of_days_that_makes_no_sense_is_refused(count: int) -> None:
    with pytest.raises(CommandError, match="1 to 3660"):
        call_command("derive_telemetry", days=count)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_workers_side_by_side_miss_nothing_that_is_written_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(days, "_CLAIMED", 3)
    units = [f"{number:015d}" for number in range(1, 9)]

    def upload(imei: str) -> None:
        try:
            for hour in range(6, 18):
                write(imei, YESTERDAY, hour, hour + 0.5)
        finally:
            connections.close_all()

    def work(_number: int) -> None:
        try:
            for _run in range(15):
                days.derive()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        tasks = [threads.submit(upload, imei) for imei in units]
        tasks += [threads.submit(work, number) for number in range(3)]
        for task in tasks:
            task.result()
    days.derive()
    for imei in units:
        assert derived(imei) == {YESTERDAY: pytest.approx(115.0)}
    assert marked() == []
