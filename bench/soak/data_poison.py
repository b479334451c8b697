"""One unit's uploads that InfluxDB refuses for good, or cannot take now, among those of others.

Some units send values of another kind than somebody else has written to InfluxDB under the same
name: it refuses those rows with 400, for ever. Other units send points of a week whose files cannot
be made: it answers them with 500, and takes everything else. All of it waits in the spool, amid the
uploads of all other units, and comes again directly. The others' points are there at once; what is
refused is counted by unit, to the value; and what could not be taken is there once it can.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils import timezone

from apps.telemetry.services import draining
from apps.telemetry.services.points import Kept, keep_points, read_points
from apps.telemetry.spool import TelemetryOutage, TelemetryRefusal, TelemetrySpool
from apps.telemetry.store.series import DAY, MILLISECOND
from bench.soak.campaign import Campaign, Effort
from bench.soak.influx_pace import hurry
from bench.soak.influx_server import DATABASE, MISSING, Influxd, own_influxd

FIRST_IMEI = 87_000_000_000_000
POINTS = 6
# The week before the one of all other points: a shard of its own.
_EARLIER = 21 * DAY
_PATIENCE = 60.0


class Round:
    """So many units of each sort, and what each of them has sent."""

    def __init__(self, server: Influxd, *, units: int, seed: int) -> None:
        self.server = server
        imeis = [f"{FIRST_IMEI + number:015d}" for number in range(units)]
        random.Random(seed).shuffle(imeis)
        few = max(1, units // 20)
        self.refused, self.stuck, self.others = imeis[:few], imeis[few : 2 * few], imeis[2 * few :]
        self.imeis = sorted(imeis)
        self.start = timezone.now().timestamp() // 86_400 * DAY - DAY
        self.uploads = 0

    def upload(self, imei: str) -> Kept:
        """The next upload of a unit, as its sort sends it."""
        first = int(self.start) + self.uploads * POINTS * MILLISECOND
        self.uploads += 1
        if imei in self.stuck:
            first -= _EARLIER
        at = [first // MILLISECOND + number for number in range(POINTS)]
        fields: dict[str, object] = {"voltage": [[moment, 12.5] for moment in at]}
        if imei in self.refused:
            # In a third of its rows.
            fields["odd"] = [[moment, 1.5] for moment in at[::3]]
        return keep_points(batch=read_points({"fields": fields}, imei))

    def count(self, imei: str) -> int:
        """Values of a unit in InfluxDB."""
        answer = self.server.query(
            f'SELECT count(*) FROM "telemetry_rp"."telemetry" WHERE "product_imei" = \'{imei}\''
        )
        return sum(count or 0 for count in answer[0]["values"][0][1:]) if answer else 0

    def expect(self, imeis: Sequence[str], values: int) -> None:
        wrong = {imei: found for imei in imeis if (found := self.count(imei)) != values}
        assert not wrong, f"not {values} values: {wrong}"


def poison(server: Influxd, imeis: Sequence[str], at: int) -> None:
    """Have InfluxDB hold texts where these units will send numbers."""
    lines = [f'telemetry,product_imei={imei}x odd="a text" {at}' for imei in imeis]
    server.write("\n".join(lines), "telemetry_rp")


def barricade(server: Influxd) -> list[Path]:
    """Put files where the folders of the next shards would be made."""
    folder = server.folder / "data" / DATABASE / "telemetry_rp"
    newest = max(int(path.name) for path in folder.iterdir())
    blocks = [folder / str(newest + ahead) for ahead in range(1, 200)]
    for path in blocks:
        path.touch()
    return blocks


def wait_until(done: Callable[[], bool], why: str) -> None:
    """Drain until that is so."""
    deadline = time.monotonic() + _PATIENCE
    while not done():
        assert time.monotonic() < deadline, why
        draining.drain()
        time.sleep(0.05)


def attempt(server: Influxd, *, units: int, seed: int) -> str:
    """The whole of it on this server."""
    round_ = Round(server, units=units, seed=seed)
    poison(server, round_.refused, int(round_.start))
    server.stop()
    for _upload in range(2):
        for imei in round_.imeis:
            assert round_.upload(imei).waiting, "kept although InfluxDB is stopped"
    server.start()
    blocks = barricade(server)
    behind = set(round_.stuck)
    waiting = TelemetrySpool.objects.exclude(imei__in=behind)
    wait_until(lambda: not waiting.exists(), "one unit holds up the others")
    round_.expect(round_.others, 2 * POINTS)
    assert TelemetrySpool.objects.filter(imei__in=behind).count() == 2 * len(behind)
    assert not TelemetrySpool.objects.filter(last_error="", attempts__gt=0).exists()

    # The same once more, while InfluxDB is there.
    wait_until(lambda: not TelemetryOutage.objects.exists(), "the store counts as away")
    for imei in round_.imeis:
        kept = round_.upload(imei)
        assert bool(kept.waiting) == (imei in behind), (imei, kept)
        assert bool(kept.dropped) == (imei in round_.refused), (imei, kept)
    round_.expect(round_.others, 3 * POINTS)
    check_refused(round_)

    round_.expect(round_.stuck, 0)
    for path in blocks:
        # What InfluxDB got through to meanwhile is a folder.
        if path.is_file():
            path.unlink()
    wait_until(lambda: not TelemetrySpool.objects.exists(), "uploads wait for ever")
    round_.expect(round_.stuck, 3 * POINTS)
    dropped = sum(TelemetryRefusal.objects.values_list("dropped", flat=True))
    return (
        f"{len(round_.others)} units went past {len(round_.refused)} whose rows InfluxDB refuses "
        f"({dropped} values dropped and counted) and {len(round_.stuck)} that it could not take "
        "for a while, whose points are all there"
    )


def check_refused(round_: Round) -> None:
    """What is there and what is counted as dropped come to what was sent, for each unit."""
    sent = 3 * (POINTS + len(range(0, POINTS, 3)))
    for imei in round_.refused:
        rows = TelemetryRefusal.objects.filter(imei=imei)
        dropped = sum(rows.values_list("dropped", flat=True))
        there = round_.count(imei)
        assert there + dropped == sent, (imei, there, dropped, sent)
        # Good values of other rows are never lost with them.
        assert there >= 3 * (POINTS - len(range(0, POINTS, 3))), (imei, there)
    others = TelemetryRefusal.objects.exclude(imei__in=round_.refused)
    assert not others.exists(), "values of another unit count as dropped"


def run(effort: Effort) -> str:
    """400 units, every twentieth refused and every twentieth not to be taken for a while."""
    with own_influxd() as server:
        if server is None:
            return MISSING
        slow_down = hurry()
        try:
            return attempt(server, units=max(20, effort.of(400)), seed=effort.seed)
        finally:
            slow_down()


CAMPAIGNS = (Campaign("data-poison", run, postgresql=True),)
