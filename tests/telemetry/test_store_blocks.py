"""Points as bytes and back: exact, whatever they are, and small where they are measured values."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from apps.telemetry.store.blocks import (
    Points,
    pack,
    pack_hours,
    pack_summary,
    parts_of,
    unpack,
    unpack_hours,
    unpack_summary,
)
from apps.telemetry.store.columns import (
    pack_column,
    pack_numbers,
    pack_whole,
    unpack_column,
    unpack_numbers,
    unpack_whole,
)
from apps.telemetry.store.series import DAY, HOUR, MINUTE, SECOND, Kind

numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53), 2**53).map(float),
    st.integers(-(10**7), 10**7).map(lambda n: n / 100),
)
START = 16_800 * DAY


@given(st.lists(numbers, max_size=80))
def test_numbers_come_back_exactly(values):
    assert unpack_numbers(pack_numbers(values)) == values
    assert all(type(value) is float for value in unpack_numbers(pack_numbers(values)))


@given(st.lists(st.integers(0, 2**63 - 1), max_size=80))
def test_whole_numbers_come_back(values):
    assert unpack_whole(pack_whole(values)) == values


@given(
    st.one_of(
        st.tuples(st.just(Kind.NUMBER), st.lists(st.none() | numbers, max_size=80)),
        st.tuples(st.just(Kind.TRUTH), st.lists(st.none() | st.booleans(), max_size=80)),
        st.tuples(
            st.just(Kind.TEXT),
            st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=60), max_size=40),
        ),
    )
)
def test_a_column_with_gaps_comes_back(given_column):
    kind, column = given_column
    assert unpack_column(pack_column(column, kind)) == (kind, column)


def points(step: int = MINUTE) -> Points:
    times = list(range(START, START + DAY, step))
    voltage = [round(12 + math.sin(n / 200) + n % 7 / 50, 2) for n in range(len(times))]
    current = [None if n % 3 else n / 10 for n in range(len(times))]
    return Points(times, {"voltage": voltage, "current": current})


def test_a_block_gives_back_the_fields_asked_for():
    day = points()
    assert unpack(pack(day)) == day
    assert unpack(pack(day), {"voltage"}).columns == {"voltage": day.columns["voltage"]}
    assert unpack(b"") == Points()


def test_a_day_of_measured_values_is_small():
    # As doubles with times the two columns are 23 kilobytes.
    day = points()
    assert len(pack(day)) < 3_000
    assert len(pack_summary(day, START, DAY)) < 200
    assert len(pack_hours(day, START)) < 2_500


def test_figures_are_those_of_the_points():
    day = points()
    summary = unpack_summary(pack_summary(day, START, DAY), START)
    assert summary == {
        name: (kind, parts[START]) for name, (kind, parts) in parts_of(day, DAY).items()
    }
    hours = unpack_hours(pack_hours(day, START), START)
    assert hours == {
        name: list(parts.values()) for name, (_kind, parts) in parts_of(day, HOUR).items()
    }
    assert set(unpack_hours(pack_hours(day, START), START, {"voltage"})) == {"voltage"}


def test_few_points_need_no_figures_for_hours():
    assert pack_hours(points(step=HOUR), START) == b""


def test_merging_is_writing_over():
    first = Points([1, 3], {"a": [1.0, 3.0], "b": [None, 30.0]})
    second = Points([2, 3], {"a": [2.0, None], "c": ["x", "y"]})
    merged = first.merge(second)
    assert merged == Points(
        [1, 2, 3],
        {"a": [1.0, 2.0, 3.0], "b": [None, None, 30.0], "c": [None, "x", "y"]},
    )
    assert merged.merge(second) is merged
    assert merged.merge(first) is merged


def test_what_comes_later_is_put_behind():
    first = Points([1 * SECOND], {"a": [1.0]})
    second = Points([2 * SECOND], {"b": [True]})
    assert first.merge(second) == Points(
        [1 * SECOND, 2 * SECOND], {"a": [1.0, None], "b": [None, True]}
    )
