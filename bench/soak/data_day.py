"""Days of 1,000 units on an InfluxDB that is stopped, killed and started again.

On the first day InfluxDB is there, on the second it is stopped from midnight to midnight, on the
third it is back. Units upload every four hours over HTTP, signed; they repeat what was not
answered, send some of it late, and measure some moments anew. Web processes are killed at random
moments of all three days, InfluxDB and the workers that drain the spool on the first and third. For
some turns of the second the spool is full. In the end every acknowledged point is in InfluxDB,
once, with the value last acknowledged; nothing is there that no unit sent; and the day of each
point is marked for its figures.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connections
from django.utils import timezone

from apps.telemetry.days import TelemetryDay
from apps.telemetry.services.spool_room import size_of_spool
from apps.telemetry.spool import TelemetryRefusal, TelemetrySpool
from bench.soak.campaign import Campaign, Effort
from bench.soak.cluster import children
from bench.soak.data_units import FIELDS, TURN, Tally, UploadingUnit, faults, rows_of
from bench.soak.influx_server import MISSING, Influxd, own_influxd
from bench.soak.ports import free_port
from bench.soak.processes import Process, wait_until_it_answers, web_server
from tests.factories import ProductFactory

PACE = "bench.soak.influx_pace"
TURNS = 6
DAY = TURNS * TURN
SENDERS = 8
_PATIENCE = 300.0


@dataclass(frozen=True)
class Kills:
    """How many of each: web workers, whole web servers, InfluxDB, and workers at the spool."""

    web_workers: int
    web_servers: int
    influxdb: int
    drains: int


class Campground:
    """The units, the processes that serve them, and the hand that kills those."""

    def __init__(self, server: Influxd, *, units: int, seed: int) -> None:
        self.server = server
        self.random = random.Random(seed)
        self.units = [
            UploadingUnit(product.pk, product.device_key or "", random.Random(f"{seed}/{n}"))
            for n, product in enumerate(ProductFactory.create_batch(units))
        ]
        self.tally, self.killed = Tally(), Counter[str]()
        self.waited = self.waited_bytes = 0
        self.port = free_port()
        self.web = web_server(self.port, "--preload", application=f"{PACE}:web()", workers=2)
        self.worker = Process("-m", PACE, "drain")

    def close(self) -> None:
        self.web.kill()
        self.worker.kill()

    def turn(self, start: int) -> None:
        """Every unit measures four hours and connects, in any order, many at once."""
        order = [unit for unit in self.units if not unit.lost]
        self.random.shuffle(order)
        with ThreadPoolExecutor(SENDERS) as pool:
            for _done in pool.map(lambda unit: self.connect(unit, start), order):
                pass

    def connect(self, unit: UploadingUnit, start: int) -> None:
        unit.measure(start)
        if not unit.waiting or unit.chance.random() < 0.05:
            return
        for _try in range(5):
            outcome = unit.upload(f"http://127.0.0.1:{self.port}")
            self.tally.add(outcome)
            if outcome != "without an answer":
                break
            time.sleep(unit.chance.uniform(0.1, 0.6))
        if unit.chance.random() < 0.001:
            unit.lost = True

    def day(self, start: int, victims: list[str], turns: range = range(TURNS)) -> None:
        """So many turns, with all these deaths spread over them."""
        first, planned = self.tally.uploads, round(len(turns) * len(self.units) * 0.85)
        moments = sorted(first + self.random.randrange(planned) for _victim in victims)
        self.random.shuffle(victims)
        over, failed = threading.Event(), []

        def strike() -> None:
            try:
                for moment, victim in zip(moments, victims, strict=True):
                    while self.tally.uploads < moment and not over.is_set():
                        time.sleep(0.002)
                    self.kill(victim)
            except BaseException as error:
                failed.append(error)

        hand = threading.Thread(target=strike, daemon=True)
        hand.start()
        for number in turns:
            self.turn(start + number * TURN)
        over.set()
        hand.join()
        if failed:
            raise failed[0]
        assert self.worker.running.poll() is None, "a worker at the spool failed by itself"

    def kill(self, victim: str) -> None:
        # Anywhere in what it does just now.
        time.sleep(self.random.uniform(0, 0.05))
        if victim == "InfluxDB":
            self.server.kill()
            time.sleep(self.random.uniform(0, 0.5))
            self.server.start()
            self.killed[victim] += 1
        elif victim == "web server":
            self.restart_web()
        else:
            self.kill_child(self.web if victim == "web worker" else self.worker)
            self.killed[victim] += 1

    def restart_web(self) -> None:
        self.web.kill()
        self.web.start()
        wait_until_it_answers(self.port)
        self.killed["web server"] += 1

    def kill_child(self, master: Process) -> None:
        """One of the processes that this one made, and makes anew."""
        deadline = time.monotonic() + _PATIENCE
        while not (made := children(master.running.pid)):
            assert time.monotonic() < deadline, "no process is made anew"
            time.sleep(0.01)
        os.kill(self.random.choice(made), signal.SIGKILL)

    def finish(self) -> None:
        """Good connections until no unit has anything to tell, and until nothing waits."""
        deadline = time.monotonic() + _PATIENCE
        for unit in self.units:
            unit.waiting |= unit.set_aside
            while unit.waiting and not unit.lost:
                assert time.monotonic() < deadline, "a unit cannot get rid of its points"
                self.tally.add(unit.upload(f"http://127.0.0.1:{self.port}"))
        while TelemetrySpool.objects.exists():
            assert time.monotonic() < deadline, "uploads wait although the store is there"
            time.sleep(0.05)

    def check(self) -> int:
        """All there is against the books; returns how many points were acknowledged."""
        assert not self.tally.wrong, self.tally.counts
        assert not TelemetryRefusal.objects.exists(), "values were dropped"
        names = ", ".join(f'"{name}"' for name in FIELDS)
        found: list[str] = []
        marked = set(TelemetryDay.objects.values_list("imei", "day"))
        for unit in self.units:
            rows, wrong = rows_of(
                self.server.query(
                    f'SELECT {names} FROM "telemetry_rp"."telemetry" '
                    f"WHERE \"product_imei\" = '{unit.imei}' GROUP BY *"
                ),
                unit.imei,
            )
            found += wrong + faults(unit, rows)
            for day in {at // DAY for at in unit.acknowledged}:
                if (unit.imei, day) not in marked:
                    found.append(f"{unit.imei} {day}: the day is not marked")
        assert not found, f"{len(found)} faults: {found[:20]}"
        return sum(len(unit.acknowledged) for unit in self.units)


def live(ground: Campground, kills: Kills, *, megabytes: int | None) -> None:
    """Three days, the second without InfluxDB, and in its middle with a spool of so many MB."""
    today = int(timezone.now().timestamp()) * 1_000 // DAY * DAY
    days = [today - (4 - number) * DAY for number in range(3)]
    web = [*["web worker"] * kills.web_workers, *["web server"] * kills.web_servers]
    ground.random.shuffle(web)
    third = len(web) // 3
    store = ["InfluxDB"] * kills.influxdb + ["worker"] * kills.drains
    ground.day(days[0], web[:third] + store[::3])
    ground.server.stop()
    away = web[third : 2 * third]
    ground.day(days[1], away[::2], range(3))
    with small_spool(ground, megabytes):
        ground.day(days[1], away[1::2], range(3, TURNS - 1))
    ground.day(days[1], [], range(TURNS - 1, TURNS))
    ground.waited, ground.waited_bytes = TelemetrySpool.objects.count(), size_of_spool()
    ground.server.start()
    ground.day(days[2], web[2 * third :] + store[1::3] + store[2::3])


@contextlib.contextmanager
def small_spool(ground: Campground, megabytes: int | None) -> Iterator[None]:
    """The web servers die, and those that follow keep so many MB and no more; none where None."""
    if megabytes is None:
        yield
        return
    os.environ["TELEMETRY_SPOOL_MB"] = str(megabytes)
    try:
        ground.restart_web()
        yield
    finally:
        del os.environ["TELEMETRY_SPOOL_MB"]
    ground.restart_web()


def run_days(*, units: int, kills: Kills, megabytes: int | None, seed: int) -> str:
    """The whole of it; returns what happened."""
    with own_influxd() as server:
        if server is None:
            return MISSING
        ground = Campground(server, units=units, seed=seed)
        try:
            wait_until_it_answers(ground.port)
            live(ground, kills, megabytes=megabytes)
            ground.finish()
        finally:
            ground.close()
            connections.close_all()
        points = ground.check()
    told, counts = ground.tally.counts, ground.killed
    lost = sum(unit.lost for unit in ground.units)
    return (
        f"{units:,} units, {ground.tally.uploads:,} uploads "
        f"({', '.join(f'{told[how]:,} {how}' for how in sorted(told))}); "
        f"{ground.waited:,} uploads ({ground.waited_bytes / 1e6:.1f} MB) waited at the end of the "
        f"day without InfluxDB; killed: {', '.join(f'{counts[v]} {v}' for v in sorted(counts))}; "
        f"{lost} units never came back; {points:,} points of {len(FIELDS)} values acknowledged, "
        "each there once with its value"
    )


def run(effort: Effort) -> str:
    """1,000 units, 100 kills of web processes."""
    of = effort.of
    return run_days(
        units=of(1_000),
        kills=Kills(web_workers=of(92), web_servers=of(8), influxdb=of(12), drains=of(24)),
        # What waits after half a day is more, or less, than that.
        megabytes=1 if effort.scale > 0.5 else 0,
        seed=effort.seed,
    )


CAMPAIGNS = (Campaign("data-day", run, postgresql=True),)
