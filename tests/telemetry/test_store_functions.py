"""What the functions make of intervals: worked examples, the same from both stores."""

from __future__ import annotations

from typing import Any

import pytest

from apps.telemetry.store.queries import (
    COUNTS,
    ON_ANY_KIND,
    And,
    Compare,
    Function,
    Op,
    Or,
    Query,
)
from apps.telemetry.store.series import DAY, HOUR, MINUTE, SECOND, Batch, Series

pytestmark = pytest.mark.django_db

IMEI = "013777946874001"
AT = 1_472_688_000 * SECOND
X = Function.PERCENTILE


def write(store, tags: dict[str, str] | None = None, **fields: dict[int, Any]) -> None:
    """Values by second after AT."""
    pairs = {n: [(AT + at * SECOND, v) for at, v in of.items()] for n, of in fields.items()}
    store.write([Batch.of(Series.of("telemetry", IMEI, tags), pairs)])


def figures(store, function: Function, **more: Any) -> dict[str, dict[int, Any]]:
    """Each field's figures that are there, by second after AT."""
    asked = {"start": AT, "end": AT + 10 * DAY, "interval": MINUTE, **more}
    found = store.read(Query("telemetry", IMEI, function=function, **asked))
    return {
        name: {
            (at - AT) // SECOND: value
            for at, value in zip(found.times, column, strict=True)
            if value is not None
        }
        for name, column in found.columns.items()
    }


@pytest.mark.parametrize(
    ("values", "areas"),
    [
        # A line up and one down, within a minute.
        ({0: 0, 20: 2, 40: 0}, {0: 40.0}),
        # One that crosses into the next minute counts for both, each its part.
        ({30: 1, 90: 3}, {0: 45.0, 60: 75.0}),
        ({0: -4, 60: 4}, {0: 0.0}),
        # Over minutes without a value the next one with a value has all of it.
        ({30: 2, 270: 2}, {0: 60.0, 240: 420.0}),
        # A value alone has no width; at the very start of the last minute it is no area either.
        ({30: 5}, {0: 0.0}),
        ({0: 5}, {}),
        ({0: 5, 30: 5, 60: 5}, {0: 300.0}),
        ({0: 5, 120: 5}, {0: 300.0}),
        ({0: 5, 60: 5, 61: 5}, {0: 300.0, 60: 5.0}),
    ],
)
def test_the_area_of_a_line_falls_to_the_intervals_it_crosses(store, values, areas):
    write(store, power=values)
    assert figures(store, Function.INTEGRAL) == ({"power": areas} if areas else {})


def test_an_area_goes_on_over_days(store):
    write(store, power={n * 3_600: 100 for n in range(12, 60, 4)})
    days = figures(store, Function.INTEGRAL, interval=DAY)["power"]
    assert days == pytest.approx({0: 4_320_000, 86_400: 8_640_000, 172_800: 2_880_000})


def test_of_several_series_at_a_time_the_line_takes_the_largest(store):
    write(store, power={0: 1, 20: 9, 40: 1}, note={0: "a"})
    write(store, {"jig": "A"}, power={0: 3, 20: 5, 30: 4})
    assert figures(store, Function.INTEGRAL, fields=("power",)) == {
        "power": {0: (3 + 9) * 10 + (9 + 4) * 5 + (4 + 1) * 5}
    }
    of_one = figures(store, Function.INTEGRAL, fields=("power",), tags={"jig": "A"})
    assert of_one == {"power": {0: 80.0 + 45.0}}
    condition = Compare("power", Op.LT, 9)
    assert figures(store, Function.INTEGRAL, fields=("power",), where=condition) == {
        "power": {0: 80.0 + 45.0 + 25.0}
    }


def test_different_values_are_counted_whatever_they_are(store):
    write(
        store,
        power={0: 1, 1: 1.0, 2: -0.0, 3: 0, 61: 5},
        note={0: "on", 1: "off", 2: "on", 3: ""},
        lit={0: True, 1: True, 62: False},
    )
    write(store, {"jig": "A"}, power={0: 2, 1: 1})
    assert figures(store, Function.DISTINCT) == {
        "lit": {0: 1, 60: 1},
        "note": {0: 3, 60: 0},
        "power": {0: 3, 60: 1},
    }


@pytest.mark.parametrize("function", Function)
def test_texts_and_truth_values_have_no_figure_but_those_of_any_kind(store, function):
    write(store, power={0: 1, 30: 2}, note={10: "on", 70: "on"}, lit={10: True, 70: False})
    more = {"argument": 50} if function is X else {}
    found = figures(store, function, **more)
    assert set(found) == ({"power", "note", "lit"} if function in ON_ANY_KIND else {"power"})
    assert all(type(v) is int for f in found.values() for v in f.values()) is (function in COUNTS)
    named = figures(store, function, fields=("note", "lit"), **more)
    if function in ON_ANY_KIND:
        assert {n: list(of) for n, of in named.items()} == {"note": [0, 60], "lit": [0, 60]}
    else:
        assert named == {"note": {}, "lit": {}}


@pytest.mark.parametrize(
    ("argument", "expected"),
    [(0, {}), (12.4, {}), (12.5, {0: 1.0}), (50, {0: 2.0}), (87.5, {0: 4.0}), (100, {0: 4.0})],
)
def test_a_percentile_is_the_value_of_the_nearest_rank(store, argument, expected):
    write(store, power={0: 4, 1: 2, 2: 1, 3: 3})
    found = figures(store, X, argument=argument, fields=("power",), interval=HOUR)
    assert found == {"power": expected}


def test_the_longest_of_conditions_over_many_series_is_asked(store):
    """Numbers without exponents, told of each series: too much for the first line of a request."""
    for number in range(20):
        write(store, {"cell": str(number)}, power={number: number})
    large = tuple(Compare("power", Op.LT, 10.0**n) for n in range(280, 300))
    each = tuple(
        And((Compare("cell", Op.EQ, str(n)), Compare("power", Op.GT, -(10.0 ** (200 + n)))))
        for n in range(15)
    )
    found = figures(store, Function.COUNT, where=And((*large, Or(each))))
    assert found == {"power": {0: 15}}
