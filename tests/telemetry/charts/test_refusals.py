"""What is said of a chart that there cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from apps.telemetry.errors import StoreAway
from apps.telemetry.store import current
from apps.telemetry.store.sql import SqlStore
from tests.telemetry.charts.conftest import WEEK, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"start": "yesterday"}, "start: 'yesterday' is not a time"),
        ({"start": "2016-02-30"}, "start: 2016-02-30 is not a date"),
        ({"end": "9" * 40}, "end: "),
        ({"start": "2016-01-02", "end": "2016-01-01"}, "the start must be before the end"),
        ({"start": "2016-01-01", "end": "2016-01-01"}, "the start must be before the end"),
        ({"end": "1970-01-01"}, "the start must be before the end"),
        ({"start": "2013-01-01", "end": "2016-01-01"}, "at most two years"),
        ({"end": "2261-12-31T23:59:59Z", "start": "2261-12-31"}, None),
        ({"span": "decade"}, "span: one of day, week, month, year is needed"),
        ({"points": "2001"}, "points: "),
        ({"points": "-1"}, "points: "),
        ({"points": "٣"}, "points: "),
        ({"fields": "a,b,c,d,e,f,g,h,i,j,k"}, "choose at most 10 fields"),
        ({"fields": "nonsense"}, "the unit has no field 'nonsense'"),
        ({"fields": 'x"; DROP DATABASE telemetry; --'}, "the unit has no field"),
        ({"fields": "telemetry/voltage"}, "the unit has no field"),
        ({"fields": "voltage*voltage"}, "the unit has no field"),
        ({"fields": "time"}, "the unit has no field"),
        ({"fields": "a\x00b"}, "the unit has no field"),
        ({"fields": "é" * 5_000}, "the unit has no field"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(ask, unit, overview, query, said) -> None:
    page = signed_in(overview).get(url(unit), query)
    if said is None:
        ask(**query)
        assert page.status_code == 200
        return
    assert said in ask(400, **query)
    assert page.status_code == 400
    assert 'role="alert"' in page.content.decode()
    assert signed_in(overview).get(url(unit, "file/"), query).status_code == 400


def test_a_store_that_is_away_is_said_so(unit, overview, monkeypatch) -> None:
    def away(*arguments: Any, **more: Any) -> Any:
        raise StoreAway("no route to host 10.0.0.7")

    monkeypatch.setattr(SqlStore, "read", away)
    monkeypatch.setattr(type(current()), "read", away)
    client = signed_in(overview)
    for page in ("", "data/", "file/"):
        answer = client.get(url(unit, page), WEEK)
        assert answer.status_code == 503
        assert "The telemetry store is away. Please try again later" in answer.content.decode()
        assert "10.0.0.7" not in answer.content.decode()
