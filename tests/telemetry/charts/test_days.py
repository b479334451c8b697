"""What each day came to, under the charts of a unit."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone

from apps.telemetry.days import TelemetryDay
from apps.telemetry.errors import StoreAway
from apps.telemetry.services.days import TAGS
from apps.telemetry.store import current
from apps.telemetry.store.series import DAY
from tests.factories import ProductFactory
from tests.telemetry.charts.conftest import FIRST, WEEK, signed_in, url, write

pytestmark = pytest.mark.django_db

FIRST_DAY = FIRST // DAY


@pytest.fixture
def figures(unit: Any) -> None:
    """Four days: their energy, and a gap of two hours on the third; the second is not known."""
    for name, values in {
        "energy_in": [100.0, None, 80.5, 120.0],
        "energy_out": [50.0, None, 40.0, 60.0],
        "state_of_charge": [40.0, None, 12.0, 55.0],
        "gaps": [0.0, None, 1.0, 0.0],
        "gap_longest": [0.0, None, 7200.0, 0.0],
    }.items():
        write(unit, name, values, every=DAY, without=[1], measurement="analysis", tags=TAGS)
    # What another program writes to the same measurement is not a figure of a day.
    write(unit, "energy_in", [9.0], every=DAY, measurement="analysis")


def test_a_week_is_shown_within_a_month(ask, figures) -> None:
    days = ask(page="days/", **WEEK)
    assert days["days"] == 31
    assert (days["end"] - days["start"]) // 86_400 == 31
    unit = days["units"][0]
    assert unit["columns"]["energy_in"][-7:] == [100, None, 80.5, 120, None, None, None]
    assert unit["columns"]["gap_longest"][-5] == 2
    assert unit["wholes"]["energy_in"] == 300.5
    assert (unit["wholes"]["state_of_charge"], unit["wholes"]["gap_longest"]) == (12, 2)
    assert [(one["field"], one["unit"]) for one in days["figures"]][:2] == [
        ("energy_in", "Wh"),
        ("energy_out", "Wh"),
    ]


@pytest.mark.parametrize(
    ("query", "length"),
    [
        ({"days": "92"}, 92),
        ({"days": "366"}, 366),
        ({"days": "31", "span": "year"}, 31),
        ({"span": "year"}, 366),
        ({"start": "2015-11-20", "end": "2016-01-08"}, 92),
        ({"start": "2014-03-01", "end": "2016-01-08"}, 366),
    ],
)
def test_days_cover_what_is_shown_or_what_was_chosen(ask, unit, query, length) -> None:
    assert ask(page="days/", **query)["days"] == length


@pytest.mark.parametrize("given", ["30", "-1", "x", "٣١", "1e2", "31 ", "9" * 40])
def test_another_number_of_days_is_refused(ask, unit, overview, given) -> None:
    assert "one of 31, 92, 366 is needed" in ask(400, page="days/", days=given)
    page = signed_in(overview).get(url(unit), {"days": given})
    assert page.status_code == 400
    assert "One of 31, 92, 366 is needed" in page.content.decode()


def test_days_that_are_not_worked_out_yet_are_counted(ask, unit, figures) -> None:
    now = timezone.now()
    for day, waits in ((1, 60), (2, 5), (7, 60), (-400, 60)):
        TelemetryDay.objects.create(
            imei=unit.pk, day=FIRST_DAY + day, mark=1, due_at=now - dt.timedelta(minutes=waits)
        )
    # One has just been marked, today always is, and one is out of sight.
    assert ask(page="days/", **WEEK)["units"][0]["waiting"] == 1


def test_a_unit_without_figures_has_days_without_any(ask, unit) -> None:
    found = ask(page="days/", **WEEK)["units"][0]
    assert set(found["columns"]["energy_in"]) == {None}
    assert found["wholes"]["energy_in"] is None


def test_two_units_have_their_own_days(ask, unit, figures) -> None:
    other = ProductFactory.create()
    write(other, "energy_in", [7.0], every=DAY, measurement="analysis", tags=TAGS)
    days = ask(page="days/", **{"with": other.pk}, **WEEK)
    assert [one["wholes"]["energy_in"] for one in days["units"]] == [300.5, 7]


def test_the_table_has_the_days_too(unit, overview, figures) -> None:
    text = signed_in(overview).get(url(unit), {"view": "table", **WEEK}).content.decode()
    assert '<th scope="row">2016-01-03</th><td>80.50</td>' in text
    assert "<td>300.50</td>" in text
    assert "2016-01-02</th>" not in text


def test_the_file_has_a_row_for_each_day_with_figures(unit, overview, figures) -> None:
    answer = signed_in(overview).get(url(unit, "days/file/"), WEEK)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["day (UTC)", "HB000501-000666-X energy_in (Wh)"]
    assert [row[:2] for row in rows[1:]] == [
        ["2016-01-01", "100.0"],
        ["2016-01-03", "80.5"],
        ["2016-01-04", "120.0"],
    ]
    assert "-days.csv" in answer["Content-Disposition"]


def test_days_of_a_store_that_is_away_are_refused_with_a_sentence(ask, unit, monkeypatch) -> None:
    def away(*arguments: Any, **more: Any) -> Any:
        raise StoreAway("no route to host 10.0.0.7")

    monkeypatch.setattr(type(current()), "read", away)
    assert "The telemetry store is away" in ask(503, page="days/", **WEEK)


def test_the_number_of_queries_is_the_same_for_a_month_and_a_year(
    unit, overview, figures, settings, django_assert_num_queries
) -> None:
    client = signed_in(overview)
    client.get(url(unit, "days/"), WEEK)
    for days in ("31", "366"):
        with django_assert_num_queries(7 if settings.INFLUXDB_URL else 8):
            client.get(url(unit, "days/"), {"days": days})
