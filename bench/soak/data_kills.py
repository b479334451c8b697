"""Processes that take in and drain points are killed at any moment, while InfluxDB comes and goes.

Each child takes in uploads, some while the store is away, and drains the spool; it tells of an
upload only once that was acknowledged, and is killed at a random moment. In the end every
acknowledged point is in InfluxDB, once, with its value.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator

from django.db import connections
from django.test import override_settings

from apps.telemetry.services import draining, outages
from apps.telemetry.services.points import keep_points, read_points
from apps.telemetry.spool import TelemetrySpool
from apps.telemetry.store import current
from apps.telemetry.store.queries import Query
from apps.telemetry.store.series import LAST_TIME
from bench.soak.campaign import Campaign, Effort
from bench.soak.influx_server import MISSING, own_influxd

UNITS = [f"{86_000_000_000_000 + number:015d}" for number in range(8)]
POINTS = 20
# Nothing listens there.
_DEAD = "http://127.0.0.1:9/smartsolar"
_LONGEST_LIFE = 0.6


@contextlib.contextmanager
def _store_away() -> Iterator[None]:
    with override_settings(INFLUXDB_URL=_DEAD):
        yield


def child(life: int, seed: int, told: int) -> None:
    """Work until killed; each acknowledged upload becomes a line in the pipe `told`."""
    chance = random.Random(f"{seed}/{life}")
    number = 0
    while True:
        if chance.random() < 0.3:
            # What would be found out some seconds later.
            outages.note_back("influxdb")
            draining.drain()
            continue
        imei = chance.choice(UNITS)
        with _store_away() if chance.random() < 0.5 else contextlib.nullcontext():
            keep_points(batch=read_points(_upload(life, number), imei))
        os.write(told, f"{imei} {life} {number}\n".encode())
        number += 1


def _upload(life: int, number: int) -> dict[str, object]:
    first = _first(life, number)
    return {"fields": {"voltage": [[first + n, float(first + n)] for n in range(POINTS)]}}


def _first(life: int, number: int) -> int:
    """Milliseconds, and values too: no two uploads share any."""
    return 1_760_000_000_000 + (life * 10_000 + number) * POINTS


def lives(count: int, seed: int) -> list[tuple[str, int, int]]:
    """Let so many children live and die; returns what was acknowledged."""
    chance = random.Random(seed)
    acknowledged = []
    for life in range(count):
        heard, told = os.pipe()
        connections.close_all()
        process = os.fork()
        if process == 0:
            try:
                os.close(heard)
                child(life, seed, told)
            finally:
                os._exit(1)
        os.close(told)
        time.sleep(chance.uniform(0.05, _LONGEST_LIFE))
        os.kill(process, signal.SIGKILL)
        with os.fdopen(heard) as lines:
            for line in lines:
                imei, of_life, number = line.split()
                acknowledged.append((imei, int(of_life), int(number)))
        _pid, status = os.waitpid(process, 0)
        assert os.WIFSIGNALED(status), "a child failed by itself"
        # A claim of the dead would stand for minutes.
        TelemetrySpool.objects.exclude(claim="").update(claimed_until=None)
    return acknowledged


def run(effort: Effort) -> str:
    """100 kills."""
    with own_influxd() as server:
        return MISSING if server is None else kill_children(effort)


def kill_children(effort: Effort) -> str:
    count = effort.of(100)
    acknowledged = lives(count, effort.seed)
    waited = TelemetrySpool.objects.count()
    outages.note_back("influxdb")
    while TelemetrySpool.objects.exists():
        draining.drain()
    for imei in UNITS:
        result = current().read(Query("telemetry", imei, 0, LAST_TIME, fields=("voltage",)))
        stored = dict(zip(result.times, result.columns["voltage"], strict=True))
        assert len(stored) == len(result), "a point is there twice"
        for of_unit, life, number in acknowledged:
            if of_unit == imei:
                first = _first(life, number)
                for at in range(first, first + POINTS):
                    assert stored.get(at * 1_000_000) == float(at), (imei, life, number)
    return (
        f"{count} kills, {len(acknowledged) * POINTS:,} values acknowledged, "
        f"{waited} uploads waiting at the end: every value there once"
    )


CAMPAIGNS = (Campaign("data: kills while the store comes and goes", run),)
