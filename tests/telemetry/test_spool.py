"""While the store is away: points are kept in the spool, and reach the store once, in order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from apps.telemetry.errors import SpoolFull
from apps.telemetry.models import TelemetrySeries
from apps.telemetry.selectors import spool_state
from apps.telemetry.services import draining, spool_room
from apps.telemetry.services import points as points_module
from apps.telemetry.services.points import keep_later, keep_points
from apps.telemetry.spool import TelemetryOutage, TelemetryRefusal, TelemetrySpool
from tests.factories import ProductFactory
from tests.telemetry.remote import RemoteStore, batch, values

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ONE, TWO, THREE = (f"{number:015d}" for number in (1, 2, 3))


@pytest.fixture
def store(monkeypatch) -> RemoteStore:
    remote = RemoteStore()
    monkeypatch.setattr(points_module, "current", lambda: remote)
    monkeypatch.setattr(draining, "current", lambda: remote)
    return remote


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def uncounted(monkeypatch) -> None:
    """Every test starts as a process does: with a spool not counted yet."""
    monkeypatch.setattr(spool_room, "_count", spool_room._Count())


def test_while_the_store_is_there_nothing_is_spooled(store) -> None:
    assert keep_points(batch=batch(ONE, 1, 2)).written == 2
    assert not TelemetrySpool.objects.exists()


def test_points_that_the_store_does_not_take_wait_for_it(store, clock) -> None:
    store.away = True
    kept = keep_points(batch=batch(ONE, 1, 2))
    assert (kept.written, kept.waiting) == (0, 2)
    assert draining.drain() == 0
    store.away = False
    clock.shift(400)
    assert draining.drain() == 1
    assert values(ONE) == [12.5, 12.5]
    assert not TelemetrySpool.objects.exists()
    assert not TelemetryOutage.objects.exists()


def test_only_the_first_request_waits_for_a_store_that_is_away(store, clock) -> None:
    store.away = True
    for number in range(5):
        keep_points(batch=batch(f"{number:015d}", 1))
    assert store.asked == 1
    # Some time later one more tries, whoever it is.
    clock.shift(6)
    keep_points(batch=batch(TWO, 2))
    keep_points(batch=batch(f"{9:015d}", 2))
    assert store.asked == 2
    assert TelemetryOutage.objects.get().attempts == 2


def test_later_points_of_a_unit_do_not_overtake_earlier_ones(store, clock) -> None:
    store.away = True
    keep_points(batch=batch(ONE, 1, value=1.0))
    store.away = False
    clock.shift(400)
    assert keep_points(batch=batch(ONE, 1, value=2.0)).waiting == 1
    assert keep_points(batch=batch(TWO, 1)).written == 1
    assert draining.drain() == 2
    assert values(ONE) == [2.0]
    assert [imei for imei, _times in store.writes] == [TWO, ONE, ONE]


def test_a_unit_whose_points_fail_alone_holds_up_no_other(store, clock) -> None:
    store.away = True
    for imei, at in ((ONE, 1), (TWO, 1), (ONE, 2), (THREE, 1)):
        keep_points(batch=batch(imei, at))
    store.away = False
    store.stuck = {ONE}
    clock.shift(400)
    assert draining.drain() == 2
    waiting = TelemetrySpool.objects.order_by("pk")
    assert [(row.imei, row.attempts) for row in waiting] == [(ONE, 1), (ONE, 0)]
    assert "8086" in waiting[0].last_error
    # Neither goes before the first is due again.
    store.stuck = set()
    assert draining.drain() == 0
    clock.shift(30)
    assert draining.drain() == 2
    assert store.writes[-2:] == [(ONE, (1_000_000,)), (ONE, (2_000_000,))]


def test_a_worker_that_died_after_writing_doubles_nothing(store, clock, monkeypatch) -> None:
    store.away = True
    keep_points(batch=batch(ONE, 1, 2))
    store.away = False
    clock.shift(400)

    def killed(self: Any, rows: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(draining._Writer, "_finish", killed)
        patched.setattr(draining, "_release", lambda rows: None)
        with pytest.raises(SystemExit):
            draining.drain()
    # Its claim stands for a while, then another worker goes on: in less than a minute.
    assert TelemetrySpool.objects.get().claim
    assert draining.drain() == 0
    clock.shift(50)
    assert draining.drain() == 1
    assert values(ONE) == [12.5, 12.5]


def test_two_workers_never_write_at_once(store) -> None:
    store.away = True
    keep_points(batch=batch(ONE, 1))
    TelemetrySpool.objects.update(
        claim="another", claimed_until=timezone.now() + dt.timedelta(minutes=1)
    )
    keep_points(batch=batch(TWO, 1))
    assert draining._claim() == []


def test_a_full_spool_refuses_and_says_when_to_come_back(store, settings, api) -> None:
    settings.TELEMETRY_SPOOL_MB = 0
    store.away = True
    with pytest.raises(SpoolFull):
        keep_points(batch=batch(ONE, 1))
    product = ProductFactory.create()
    answer = api.as_("technician").post(
        f"/v1/products/{product.pk}/data", {"fields": {"voltage": [[1, 1]]}}
    )
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) >= 60
    assert not TelemetrySpool.objects.exists()


def test_what_waits_is_not_counted_for_every_upload(store, monkeypatch, settings) -> None:
    settings.TELEMETRY_SPOOL_MB = 1
    monkeypatch.setattr(spool_room, "_FRESH", 1_000.0)
    counted = []
    monkeypatch.setattr(spool_room, "size_of_spool", lambda: counted.append(1) or 999_800)
    store.away = True

    def keep_ten() -> None:
        for number in range(10):
            keep_points(batch=batch(ONE, number))

    with pytest.raises(SpoolFull):
        keep_ten()
    # What this process kept since counts all the same.
    assert 1 <= TelemetrySpool.objects.count() < 10
    assert counted == [1]
    monkeypatch.setattr(spool_room, "size_of_spool", lambda: 0)
    spool_room._count.until = 0.0
    assert keep_points(batch=batch(ONE, 20)).waiting == 1


def test_what_the_store_drops_from_the_spool_is_counted_for_staff(store, clock) -> None:
    keep_points(batch=batch(ONE, 1))
    store.away = True
    keep_points(batch=batch(ONE, 2, 3, value="a text"))
    keep_points(batch=batch(TWO, 1))
    store.away = False
    clock.shift(400)
    assert draining.drain() == 2
    assert values(ONE) == [12.5]
    assert values(TWO) == [12.5]
    row = TelemetryRefusal.objects.get()
    assert (row.imei, row.dropped) == (ONE, 2)


def test_what_must_not_use_the_network_waits_in_the_spool(store) -> None:
    keep_later(batch=batch(ONE, 1))
    assert store.asked == 0
    assert draining.drain() == 1
    assert values(ONE) == [12.5]


def test_the_embedded_store_needs_no_spool(settings) -> None:
    settings.INFLUXDB_URL = ""
    keep_later(batch=batch(ONE, 1))
    assert not TelemetrySpool.objects.exists()
    assert TelemetrySeries.objects.get().imei == ONE


def test_staff_see_size_age_and_error(store, clock) -> None:
    assert spool_state().rows == 0
    store.away = True
    keep_points(batch=batch(ONE, 1, 2))
    clock.shift(3_600)
    state = spool_state()
    assert (state.rows, state.points) == (1, 2)
    assert state.size == TelemetrySpool.objects.get().size
    assert state.age == dt.timedelta(hours=1)
    assert state.away_since == NOW
    assert "8086" in state.last_error


def test_an_upload_that_breaks_the_worker_holds_up_no_other_unit(store, clock) -> None:
    store.away = True
    for imei in (ONE, TWO, THREE):
        keep_points(batch=batch(imei, 1))
    TelemetrySpool.objects.filter(imei=TWO).update(payload=b"no batch at all")
    store.away = False
    clock.shift(400)
    assert draining.drain() == 2
    assert values(ONE) == values(THREE) == [12.5]
    row = TelemetrySpool.objects.get()
    assert (row.imei, row.attempts, row.claim) == (TWO, 1, "")
    assert row.last_error


@pytest.mark.parametrize("number", [2**53 + 1, 10**30, -(10**30)])
def test_a_number_beyond_all_bounds_waits_as_others_do_and_is_dropped_then(
    store, clock, number
) -> None:
    direct = keep_points(batch=batch(ONE, 1, value=number))
    store.away = True
    assert keep_points(batch=batch(TWO, 1, value=number)).waiting == 1
    store.away = False
    clock.shift(400)
    assert draining.drain() == 1
    told = TelemetryRefusal.objects.values_list("imei", "reason", "dropped").order_by("imei")
    assert list(told) == [(imei, direct.reasons[0], 1) for imei in (ONE, TWO)]


def test_a_worker_that_dies_over_a_refused_upload_counts_it_once(store, clock, monkeypatch) -> None:
    keep_points(batch=batch(ONE, 1))
    store.away = True
    keep_points(batch=batch(ONE, 2, value="a text"))
    store.away = False
    clock.shift(400)

    def killed(self: Any, rows: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(draining._Writer, "_finish", killed)
        with pytest.raises(SystemExit):
            draining.drain()
    clock.shift(400)
    assert draining.drain() == 1
    assert TelemetryRefusal.objects.get().dropped == 1


def test_a_worker_that_writes_slowly_keeps_its_claim_or_stops(store, clock, monkeypatch) -> None:
    store.away = True
    for imei in (ONE, TWO, THREE):
        keep_points(batch=batch(imei, 1))
    store.away = False
    clock.shift(400)
    store.stuck = {ONE}
    write = RemoteStore.write
    claims = []

    def slow(self: RemoteStore, batches: Any) -> int:
        clock.shift(40)
        claims.append(TelemetrySpool.objects.filter(claimed_until__gt=timezone.now()).count())
        if batches[0].series.imei == TWO:
            # Another worker finds the claim too old after all.
            TelemetrySpool.objects.update(claim="another")
        return write(self, batches)

    monkeypatch.setattr(RemoteStore, "write", slow)
    assert draining.drain() == 0
    assert claims == [3, 3, 3]
    assert [imei for imei, _times in store.writes] == [TWO]
    assert TelemetrySpool.objects.filter(claim="another").count() == 3


def test_a_long_claim_is_written_in_parts_and_held_on_to_between_them(
    store, clock, monkeypatch
) -> None:
    monkeypatch.setattr(draining, "_TIMES", 4)
    store.away = True
    for number in range(1, 6):
        keep_points(batch=batch(f"{number:015d}", 1, 2))
    store.away = False
    clock.shift(400)
    write = RemoteStore.write
    parts = []

    def slow(self: RemoteStore, batches: Any) -> int:
        parts.append(len(batches))
        clock.shift(40)
        # A claim of its own would be refused to whoever asks.
        assert draining._claim() == []
        return write(self, batches)

    monkeypatch.setattr(RemoteStore, "write", slow)
    assert draining.drain() == 5
    assert parts == [2, 2, 1]
    assert not TelemetrySpool.objects.exists()


def test_a_worker_that_lost_its_claim_writes_no_further_part(store, clock, monkeypatch) -> None:
    monkeypatch.setattr(draining, "_TIMES", 1)
    store.away = True
    for imei in (ONE, TWO, THREE):
        keep_points(batch=batch(imei, 1))
    store.away = False
    clock.shift(400)
    write = RemoteStore.write

    def stalled(self: RemoteStore, batches: Any) -> int:
        clock.shift(60)
        until = timezone.now() + dt.timedelta(seconds=45)
        TelemetrySpool.objects.update(claim="another", claimed_until=until)
        return write(self, batches)

    monkeypatch.setattr(RemoteStore, "write", stalled)
    assert draining.drain() == 0
    assert [imei for imei, _times in store.writes] == [ONE]
    assert TelemetrySpool.objects.filter(claim="another").count() == 3


def test_a_store_that_goes_away_between_two_parts_is_known_to_be_away(
    store, clock, monkeypatch
) -> None:
    monkeypatch.setattr(draining, "_TIMES", 1)
    store.away = True
    for imei in (ONE, TWO):
        keep_points(batch=batch(imei, 1))
    store.away = False
    clock.shift(400)
    monkeypatch.setattr(draining.days, "mark", lambda batches: setattr(store, "away", True))
    assert draining.drain() == 1
    assert TelemetryOutage.objects.get().attempts == 2
