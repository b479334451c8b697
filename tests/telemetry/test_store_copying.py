"""Moving from one store to the other, and back."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.telemetry.errors import StoreAway
from apps.telemetry.models import TelemetryBlock, TelemetryCopy
from apps.telemetry.services.copying import Copy
from apps.telemetry.store import EMBEDDED, store_at
from apps.telemetry.store.queries import Query
from apps.telemetry.store.series import DAY, MINUTE, Batch, Series
from apps.telemetry.store.sql import SqlStore

pytestmark = pytest.mark.django_db
START = 1_480_000_020_000_000_000
UNITS = ("013777946874001", "013950004127933")


def filled(store, days: int = 3) -> None:
    times = [START + n * 7 * MINUTE for n in range(days * 205)]
    for imei in UNITS:
        fields = {
            "voltage": [(at, 12 + n % 7 / 10) for n, at in enumerate(times)],
            "note": [(at, "été") for at in times[::50]],
        }
        store.write([Batch.of(Series("telemetry", imei), fields)])
        tagged = Series("telemetry", imei, (("jig", "A"),))
        store.write([Batch.of(tagged, {"up": [(START, True)]})])
        store.write([Batch.of(Series("analysis", imei), {"lvd": [(START, 11)]})])


def everything(store) -> list:
    return [
        store.read(Query(measurement, imei, 0, START + 10 * DAY))
        for imei in UNITS
        for measurement in ("telemetry", "analysis")
    ]


def copy(source: str, target: str, *options: str) -> str:
    out = StringIO()
    arguments = ["--from", source, "--to", target, *options]
    call_command("copy_telemetry", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_there_and_back_nothing_is_lost_or_changed(influxdb_url):
    if not influxdb_url:
        pytest.skip("INFLUXDB_URL is not set")
    embedded, influx = store_at(EMBEDDED), store_at(influxdb_url)
    filled(embedded)
    before = everything(embedded)

    assert "Every field has as many values as before" in copy(EMBEDDED, influxdb_url)
    assert everything(influx) == before
    assert sorted(map(repr, influx.every_series())) == sorted(map(repr, embedded.every_series()))

    TelemetryBlock.objects.all().delete()
    assert "6 of 6 series" in copy(influxdb_url, EMBEDDED)
    assert everything(embedded) == before


class Elsewhere(SqlStore):
    """A target that keeps what it is given, and goes away after so many batches."""

    def __init__(self, good_for: int | None = None) -> None:
        self.good_for = good_for
        self.kept: list[Batch] = []

    def _write(self, admitted):
        if self.good_for is not None and len(self.kept) >= self.good_for:
            raise StoreAway("stopped")
        self.kept += [one.batch for one in admitted]
        return []


def test_a_copy_that_was_stopped_goes_on_where_it_stopped():
    filled(SqlStore())
    whole, first, second = Elsewhere(), Elsewhere(good_for=3), Elsewhere()
    list(Copy(SqlStore(), whole, "here", "whole").run())
    with pytest.raises(StoreAway):
        list(Copy(SqlStore(), first, "here", "there").run())
    list(Copy(SqlStore(), second, "here", "there").run())

    assert first.kept + second.kept == whole.kept
    values = TelemetryCopy.objects.filter(target="there").values_list("values", flat=True)
    assert sum(values) == sum(batch.values for batch in whole.kept)


def test_a_second_run_copies_what_has_come_since():
    filled(SqlStore())
    list(Copy(SqlStore(), Elsewhere(), "here", "there").run())
    late = Batch.of(Series("telemetry", UNITS[0]), {"voltage": [(START + 8 * DAY, 13.0)]})
    SqlStore().write([late])

    again = Elsewhere()
    list(Copy(SqlStore(), again, "here", "there").run())

    assert [(b.times, b.columns) for b in again.kept] == [(late.times, late.columns)]


def test_restart_copies_all_once_more():
    filled(SqlStore())
    list(Copy(SqlStore(), Elsewhere(), "here", "there").run())
    again = Elsewhere()
    copying = Copy(SqlStore(), again, "here", "there")
    copying.restart()
    list(copying.run())
    assert sum(batch.values for batch in again.kept) == 2 * (615 + 13 + 1 + 1)


class Short(SqlStore):
    """A target that has lost everything."""

    def read(self, query):
        return super().read(Query(query.measurement, "", 0, 1))


def test_fewer_values_in_the_target_are_told():
    filled(SqlStore())
    found = list(Copy(SqlStore(), Short(), "here", "there").verify())
    assert (UNITS[0], "telemetry", "voltage", 615, 0) in found
    assert len(found) == 8


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (EMBEDDED, EMBEDDED),
        (EMBEDDED, "ftp://127.0.0.1/x"),
        (EMBEDDED, "http://127.0.0.1:8086"),
        ("nowhere", EMBEDDED),
    ],
)
def test_a_place_that_makes_no_sense_is_refused(source, target):
    with pytest.raises(CommandError):
        copy(source, target)


def test_a_target_that_is_away_is_a_sentence_and_no_trace():
    filled(SqlStore(), days=1)
    with pytest.raises(CommandError, match="Start the same command again"):
        copy(EMBEDDED, "http://127.0.0.1:9/x")
