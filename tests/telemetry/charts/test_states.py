"""Fields of texts and truth values in a chart."""

from __future__ import annotations

from typing import Any

import pytest

from apps.telemetry.store.series import HOUR, MINUTE
from tests.factories import ProductFactory
from tests.telemetry.charts.conftest import START, WEEK, lane, write

pytestmark = pytest.mark.django_db

AT = int(START.timestamp())
DAY = {"start": "2016-01-01", "end": "2016-01-02"}


def hours(since: float, until: float, state: Any) -> list[Any]:
    return [AT + since * 3600, AT + until * 3600, state]


def test_a_state_is_told_by_when_it_began_and_ended(ask, unit) -> None:
    write(unit, "lamp", [False] * 6 + [True] * 12 + [False] * 6, every=30 * MINUTE)
    found = lane(ask(fields="lamp", **DAY), "lamp")
    assert found["states"] == ["off", "on"]
    assert found["runs"][:2] == [hours(0, 3, 0), hours(3, 9, 1)]
    # After its last value nothing is known.
    assert found["runs"][2][:1] == hours(9, 0, 0)[:1]
    assert len(found["runs"]) == 3
    assert found["last"] == "off"


def test_nothing_is_told_of_a_gap(ask, unit) -> None:
    write(unit, "mode", ["eco"] * 48, every=30 * MINUTE, without=range(10, 20))
    found = lane(ask(fields="mode", **DAY), "mode")
    assert [run[2] for run in found["runs"]] == [0, 0]
    assert found["runs"][0][1] < hours(5.5, 0, 0)[0]
    assert found["runs"][1][0] == hours(10, 0, 0)[0]


def test_what_changes_faster_than_a_picture_can_show_is_told_by_its_shares(ask, unit) -> None:
    write(unit, "lamp", ([False] * 18 + [True] * 6) * 60, every=HOUR)
    found = lane(ask(fields="lamp", points=50, start="2016-01-01", end="2016-12-01"), "lamp")
    assert found["states"] == ["off", "on"]
    start, end, shares = found["runs"][1]
    assert end - start == 7 * 86400
    assert dict(map(tuple, shares)) == pytest.approx({0: 0.75, 1: 0.25}, abs=0.02)


def test_of_many_texts_the_common_ones_are_told_apart(ask, unit) -> None:
    write(unit, "log", ["common"] * 20 + [f"text {n}" for n in range(30)], every=HOUR)
    found = lane(ask(fields="log", **WEEK), "log")
    assert len(found["states"]) == 9
    assert found["states"][-1] == "others"
    assert "common" in found["states"]


def test_hostile_texts_are_cut(ask, unit) -> None:
    write(unit, "log", ["<script>" + "x" * 400])
    assert lane(ask(fields="log", **WEEK), "log")["states"] == ["<script>" + "x" * 52]


def test_a_unit_that_only_knows_states_has_a_chart(ask, unit) -> None:
    odd = ProductFactory.create()
    write(odd, "lamp", [True, False, True])
    chart = ask(of=odd, **WEEK)
    assert chart["units"][0]["lines"] == []
    assert [run[2] for run in lane(chart, "lamp")["runs"]] == [1, 0, 1]
