"""The InfluxDB that a campaign may kill."""

from __future__ import annotations

import os
import shutil

import pytest
from django.conf import settings

from bench.soak.cluster import is_alive
from bench.soak.influx_server import own_influxd

with_influxd = pytest.mark.skipif(shutil.which("influxd") is None, reason="no influxd to kill")
POINT = "telemetry,product_imei=350000000000001 voltage=12.5 1472688000000000000"


@with_influxd
@pytest.mark.django_db
def test_what_was_written_outlives_a_kill_and_a_stop() -> None:
    before = settings.INFLUXDB_URL, os.environ.get("INFLUXDB_URL", "")
    with own_influxd() as server:
        assert server is not None
        assert settings.INFLUXDB_URL == os.environ["INFLUXDB_URL"] == server.url
        server.write(POINT, "telemetry_rp")
        for end in (server.kill, server.stop):
            last = server.running.pid
            end()
            assert not server.answers()
            assert not is_alive(last)
            server.start()
            [found] = server.query('SELECT voltage FROM "telemetry_rp"."telemetry"')
            assert found["values"] == [[1472688000000000000, 12.5]]
    assert not is_alive(server.running.pid)
    assert not server.folder.exists()
    assert (settings.INFLUXDB_URL, os.environ.get("INFLUXDB_URL", "")) == before


def test_without_influxd_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with own_influxd() as server:
        assert server is None
