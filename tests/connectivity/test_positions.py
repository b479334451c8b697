"""From the cells a unit heard to where it was, and how sure that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.connectivity.positions import (
    FARTHEST,
    LEAST_REACH,
    HeardCell,
    Position,
    metres,
    position_from,
)


def cell(
    number: int = 1,
    latitude: float = -1.95,
    longitude: float = 30.06,
    *,
    signal: int | None = -80,
    reach: int = 3_000,
) -> HeardCell:
    return HeardCell(number, signal, latitude, longitude, reach)


def found(*cells: HeardCell) -> Position:
    position = position_from(cells)
    assert position is not None
    return position


def test_without_cells_there_is_no_place() -> None:
    assert position_from([]) is None


def test_one_cell_is_where_it_stands_within_its_reach() -> None:
    assert found(cell()) == Position(-1.95, 30.06, 3_000)


@pytest.mark.parametrize(
    ("reach", "radius"), [(0, FARTHEST), (1, LEAST_REACH), (499, LEAST_REACH), (501, 501)]
)
def test_a_reach_nobody_measured_is_the_farthest_and_none_is_exact(reach: int, radius: int) -> None:
    assert found(cell(reach=reach)).error_radius == radius


def test_distances_are_those_on_earth() -> None:
    assert metres(0, 0, 0, 1) == pytest.approx(111_195, abs=1)
    assert metres(60, 0, 60, 1) == pytest.approx(55_597, abs=10)
    assert metres(0, 179.5, 0, -179.5) == pytest.approx(111_195, abs=1)


def test_of_two_cells_the_stronger_one_is_nearer() -> None:
    weak, strong = cell(1, -1.95, signal=-100), cell(2, -1.96, signal=-60)
    assert found(weak, strong).latitude < -1.955
    assert found(cell(1, -1.95, signal=5), cell(2, -1.96, signal=25)).latitude < -1.955


def test_of_two_cells_the_one_that_reaches_less_is_nearer() -> None:
    wide, narrow = cell(1, -1.95, reach=9_000), cell(2, -1.96, reach=1_000)
    assert found(wide, narrow).latitude < -1.957


def test_of_two_cells_alike_the_serving_one_is_nearer() -> None:
    assert found(cell(1, -1.95), cell(2, -1.96)).latitude == pytest.approx(-1.95 - 0.01 / 3)
    assert found(cell(2, -1.95), cell(3, -1.96)).latitude == pytest.approx(-1.955)


def test_a_signal_that_makes_no_sense_counts_as_faint() -> None:
    for nonsense in (None, 99, 255):
        place = found(cell(1, -1.95, signal=-80), cell(2, -1.96, signal=nonsense))
        assert -1.952 < place.latitude < -1.95


def test_a_cell_that_cannot_be_heard_there_is_left_out() -> None:
    moved = cell(2, 12.0, 8.0, signal=-50)
    assert found(cell(), moved) == found(cell())


def test_the_180th_meridian_is_a_place_like_any_other() -> None:
    place = found(cell(1, -17, 179.995), cell(2, -17, -179.995))
    assert abs(place.longitude) > 179.99
    assert place.error_radius < 5_000


CELLS = st.lists(
    st.builds(
        HeardCell,
        number=st.just(0),
        signal=st.one_of(st.none(), st.integers(-200, 255)),
        latitude=st.floats(-89.99, 89.99).map(lambda degrees: round(degrees, 6)),
        longitude=st.floats(-180, 180).map(lambda degrees: round(degrees, 6)),
        reach=st.integers(0, 50_000),
    ),
    min_size=1,
    max_size=7,
)


@given(CELLS)
def test_the_error_radius_covers_the_first_cell_whatever_is_heard(cells: list[HeardCell]) -> None:
    place = found(*cells)
    assert -90 <= place.latitude <= 90
    assert -180 <= place.longitude <= 180
    first = cells[0]
    apart = metres(place.latitude, place.longitude, first.latitude, first.longitude)
    assert place.error_radius >= apart + (first.reach or FARTHEST) - 1
    assert place.error_radius >= LEAST_REACH


NEAR = st.floats(-0.02, 0.02)


@given(st.lists(st.tuples(NEAR, NEAR, st.integers(0, 31)), min_size=1, max_size=7))
def test_a_unit_within_reach_of_all_its_cells_is_within_the_error_radius(
    offsets: list[tuple[float, float, int]],
) -> None:
    cells = []
    for number, (north, east, signal) in enumerate(offsets, 1):
        apart = metres(-1.95, 30.06, -1.95 + north, 30.06 + east)
        cells.append(HeardCell(number, signal, -1.95 + north, 30.06 + east, int(apart) + 1))
    place = found(*cells)
    assert metres(place.latitude, place.longitude, -1.95, 30.06) <= place.error_radius
