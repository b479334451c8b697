"""Workers that derive the figures of days are killed in the middle, and InfluxDB with them.

Meanwhile points go on coming, also late ones for days that were worked out long ago. In the end
every day of every unit has the figures that working it out afresh from its points gives, no day
without a point has any, and no day that is over is still marked.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import time
from collections import Counter

from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone

from apps.telemetry.daily import FIELDS, LONGEST_STEP, figures_of
from apps.telemetry.days import TelemetryDay
from apps.telemetry.services import days, draining, outages
from apps.telemetry.services.points import keep_points, read_points
from apps.telemetry.spool import TelemetrySpool
from apps.telemetry.store import current
from apps.telemetry.store.queries import Query
from apps.telemetry.store.series import ANALYSIS, DAY, MILLISECOND, TELEMETRY
from bench.soak.campaign import Campaign, Effort
from bench.soak.cluster import children
from bench.soak.influx_pace import hurry
from bench.soak.influx_server import MISSING, Influxd, own_influxd
from bench.soak.processes import Process

FIRST_IMEI = 88_000_000_000_000
DAYS = 4
UPLOADS = 3
POINTS = 12
STEP = 20 * 60_000  # milliseconds
_PATIENCE = 300.0


class Workshop:
    """Units whose days are worked out, the process that makes workers, and who kills those."""

    def __init__(self, server: Influxd, *, units: int, seed: int) -> None:
        self.server = server
        self.random = random.Random(seed)
        self.imeis = [f"{FIRST_IMEI + number:015d}" for number in range(units)]
        self.first = int(timezone.now().timestamp()) // 86_400 - DAYS - 2
        self.killed = Counter[str]()
        self.worker = Process("-m", "bench.soak.influx_pace", "derive")

    def upload(self) -> None:
        """Some hours of some unit, on any of the days, now and then over midnight."""
        start = self.first * DAY // MILLISECOND
        start += self.random.randrange((DAYS * DAY - POINTS * STEP * MILLISECOND) // MILLISECOND)
        fields = {
            name: [[start + n * STEP, self.random.uniform(*bounds)] for n in range(POINTS)]
            for name, bounds in (("voltage", (11, 14)), ("current_out", (0, 2)))
        }
        imei = self.random.choice(self.imeis)
        keep_points(batch=read_points({"fields": fields}, imei))

    def due(self) -> QuerySet[TelemetryDay]:
        return TelemetryDay.objects.filter(due_at__lte=timezone.now())

    def strike(self, victim: str) -> None:
        time.sleep(self.random.uniform(0, 0.1))
        if victim == "InfluxDB":
            self.server.kill()
            self.server.start()
        elif made := children(self.worker.running.pid):
            os.kill(self.random.choice(made), signal.SIGKILL)
        self.killed[victim] += 1

    def run(self, victims: list[str]) -> None:
        """Uploads and deaths in turn, each while some worker has just begun with some days."""
        for victim in victims:
            deadline = time.monotonic() + _PATIENCE
            for _upload in range(self.random.randrange(1, 2 * UPLOADS)):
                self.upload()
            while not self.is_busy():
                assert time.monotonic() < deadline, "no worker works out any day"
                self.upload()
            self.strike(victim)

    def is_busy(self) -> bool:
        """Whether a worker claimed days within the last half second."""
        fresh = timezone.now() + days._CLAIM - dt.timedelta(seconds=0.5)
        return TelemetryDay.objects.filter(claimed_until__gt=fresh).exists()

    def settle(self) -> None:
        """Until nothing waits and no day is due."""
        deadline = time.monotonic() + _PATIENCE
        while TelemetrySpool.objects.exists() or self.due().exists():
            assert time.monotonic() < deadline, f"{self.due().count()} days are never worked out"
            assert self.worker.running.poll() is None, "a worker failed by itself"
            draining.drain()
            time.sleep(0.1)

    def check(self) -> int:
        """Compare each day with a fresh derivation; returns how many had points."""
        store, found, wrong = current(), 0, []
        start, end = (self.first - 1) * DAY, (self.first + DAYS + 1) * DAY
        for imei in self.imeis:
            query = Query(ANALYSIS, imei, start, end, tags=dict(days.TAGS))
            answer = store.read(query)
            kept = {
                at: {name: column[n] for name, column in answer.columns.items()}
                for n, at in enumerate(answer.times)
            }
            for day in range(start, end, DAY):
                span = (day - LONGEST_STEP, day + DAY + LONGEST_STEP)
                rows = store.read(Query(TELEMETRY, imei, *span, fields=FIELDS))
                fresh = figures_of(rows, day, over=True)
                found += bool(fresh)
                there = {n: v for n, v in kept.get(day, {}).items() if v is not None}
                if there != fresh:
                    wrong.append((imei, day // DAY, there, fresh))
        assert not wrong, f"{len(wrong)} days are not right: {wrong[:3]}"
        return found


def kill_derivers(*, units: int, kills: int, influxdb: int, seed: int) -> str:
    """The whole of it; returns what happened."""
    with own_influxd() as server:
        if server is None:
            return MISSING
        shop = Workshop(server, units=units, seed=seed)
        slow_down = hurry()
        try:
            for _upload in range(units * UPLOADS):
                shop.upload()
            victims = ["worker"] * kills + ["InfluxDB"] * influxdb
            shop.random.shuffle(victims)
            shop.run(victims)
            outages.note_back(current().name)
            shop.settle()
            right = shop.check()
        finally:
            slow_down()
            shop.worker.kill()
            connections.close_all()
    killed = ", ".join(f"{shop.killed[victim]} {victim}" for victim in sorted(shop.killed))
    return (
        f"killed while days were being worked out: {killed}; {right} days of {units} units are as "
        "a fresh derivation has them"
    )


def run(effort: Effort) -> str:
    """80 kills of workers and 8 of InfluxDB over 300 units of four days."""
    of = effort.of
    return kill_derivers(units=of(300), kills=of(80), influxdb=of(8), seed=effort.seed)


CAMPAIGNS = (Campaign("data-figures", run, postgresql=True),)
