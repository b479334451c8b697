"""Charts as CSV files."""

from __future__ import annotations

import csv
import io

import pytest

from tests.factories import ProductFactory
from tests.telemetry.charts.conftest import WEEK, signed_in, url, write

pytestmark = pytest.mark.django_db


def test_the_file_holds_what_is_shown_and_no_formula(unit, overview) -> None:
    evil = ProductFactory.create(serial_number='=HYPERLINK("http://x")\r\nSet-Cookie: a')
    write(evil, "voltage", [-1.5])
    query = {"fields": "voltage", "with": evil.pk, "points": 600, **WEEK}
    answer = signed_in(overview).get(url(unit, "file/"), query)
    assert answer["Content-Disposition"] == (
        'attachment; filename="HB000501-000666-X--HYPERLINK-http-x-Set-Cookie-a-measurements.csv"'
    )
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["time (UTC)", "HB000501-000666-X voltage (V) mean"]
    assert rows[0][4].startswith("'=HYPERLINK")
    assert rows[1] == ["2016-01-01T00:00:00Z", "12.05", "12.0", "12.1", "-1.5", "-1.5", "-1.5"]
    assert len(rows) == 1 + 144 - 18
