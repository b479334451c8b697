"""What a day comes to: figures worked out by hand, and against a naive sum over seconds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.telemetry.daily import LONGEST_STEP, figures_of, integral
from apps.telemetry.store.queries import Result
from apps.telemetry.store.series import DAY, HOUR, MINUTE, SECOND

START = 20_000 * DAY
BEGIN = START // SECOND


def rows(*points: tuple[float, dict[str, float]]) -> Result:
    """Points at hours of the day; each a mapping of fields."""
    names = sorted({name for _hour, fields in points for name in fields})
    times = [START + round(hour * 3_600) * SECOND for hour, _fields in points]
    columns: dict[str, Any] = {n: [fields.get(n) for _hour, fields in points] for n in names}
    return Result(times, columns)


def figures(*points: tuple[float, dict[str, float]], over: bool = True) -> dict[str, float]:
    return figures_of(rows(*points), START, over=over)


def test_a_day_worked_out_by_hand() -> None:
    found = figures(
        (8, {"voltage": 12.0, "current_in": 0.0, "current_out": 1.0, "temperature": 20.0}),
        (8.5, {"voltage": 12.0, "current_in": 2.0, "current_out": 1.0, "temperature": 24.0}),
        (9, {"voltage": 13.0, "current_in": 4.0, "current_out": 0.0}),
        # Three hours of which nothing is known.
        (12, {"voltage": 12.5, "current_in": 0.0, "current_out": 2.0}),
        (12.5, {"voltage": 11.5, "current_in": 0.0, "current_out": 4.0}),
        (12.75, {"state_of_charge_percent": 61.0}),
        (13, {"state_of_charge_percent": 58.0}),
    )
    assert found == pytest.approx(
        {
            # (0 + 24) / 2 / 2, then (24 + 52) / 2 / 2; nothing in the afternoon.
            "energy_in": 6.0 + 19.0,
            # (12 + 12) / 2 / 2 and (12 + 0) / 2 / 2, then (25 + 46) / 2 / 2.
            "energy_out": 6.0 + 3.0 + 17.75,
            # 1 A more out than in at eight, none at half past; 2 and 4 A from noon on.
            "discharge_ah": 0.25 + 1.5,
            "discharge_wh": 3.0 + 17.75,
            "discharge_imax": 4.0,
            "discharge_vmin": 11.5,
            "discharge_vmax": 12.5,
            "discharge_end": BEGIN + 12.5 * 3_600,
            "voltage_min": 11.5,
            "voltage_max": 13.0,
            "current_in_min": 0.0,
            "current_in_max": 4.0,
            "current_out_min": 0.0,
            "current_out_max": 4.0,
            "temperature_min": 20.0,
            "temperature_max": 24.0,
            "state_of_charge": 58.0,
            "points": 7.0,
            "gaps": 3.0,
            "gap_longest": 11 * 3_600.0,
            "gap_end": BEGIN + 86_400.0,
            "covered": 2 * 3_600.0,
        }
    )


def test_power_goes_before_voltage_and_current() -> None:
    point = {"voltage": 12.0, "current_out": 1.0, "active_power": 30.0}
    assert figures((8, point), (9, point))["energy_out"] == pytest.approx(30.0)


def test_a_step_of_the_longest_counts_and_a_longer_one_does_not() -> None:
    power = {"active_power": 10.0}
    assert figures((8, power), (9, power))["energy_out"] == pytest.approx(10.0)
    assert "energy_out" not in figures((8, power), (9.001, power))


def test_lines_across_midnight_count_for_each_day_with_their_part() -> None:
    points = rows((-0.5, {"active_power": 0.0}), (0.5, {"active_power": 20.0}))
    # Ten watts at midnight.
    assert figures_of(points, START, over=True)["energy_out"] == pytest.approx(7.5)
    assert figures_of(points, START - DAY, over=True)["energy_out"] == pytest.approx(2.5)


def test_neighbours_make_no_gap_at_midnight_and_no_extremes() -> None:
    hours = [n / 2 for n in range(-1, 50)]
    found = figures(*((hour, {"voltage": 12.0 if 0 <= hour < 24 else 99.0}) for hour in hours))
    assert found["voltage_max"] == 12.0
    assert (found["points"], found["gaps"], found["gap_longest"]) == (48, 0, 0)
    assert found["covered"] == 86_400
    assert found["gap_end"] == BEGIN


def test_silence_after_the_last_point_is_a_gap_only_when_the_day_is_over() -> None:
    hours = [n / 2 for n in range(25)]
    points = [(hour, {"voltage": 12.0}) for hour in hours]
    assert figures(*points, over=False)["gaps"] == 0
    found = figures(*points)
    assert (found["gaps"], found["gap_longest"]) == (1, 12 * 3_600)


def test_a_day_without_a_point_of_its_own_has_no_figures() -> None:
    assert figures((-0.5, {"voltage": 1.0}), (24.0, {"voltage": 1.0})) == {}
    assert figures_of(Result(), START, over=True) == {}


def test_two_points_at_one_time_are_no_trouble() -> None:
    found = figures((8, {"voltage": 12.0}), (8, {"active_power": 5.0}), (9, {"active_power": 5.0}))
    assert found["energy_out"] == pytest.approx(5.0)


def naive(samples: list[tuple[int, float]], start: int, end: int) -> float:
    """A sum over the middle of each minute, asking for each which line it lies under."""
    total = 0.0
    for low in range(start, end, MINUTE):
        at = low + MINUTE // 2
        before = [pair for pair in samples if pair[0] <= at]
        after = [pair for pair in samples if pair[0] > at]
        if before and after and after[0][0] - before[-1][0] <= LONGEST_STEP:
            (since, first), (until, last) = before[-1], after[0]
            share = (at - since) / (until - since)
            total += (first * (1 - share) + last * share) / 60
    return total


MINUTES = st.dictionaries(
    st.integers(-60, 1_500), st.floats(-1_000, 1_000, allow_nan=False), max_size=40
)


@given(MINUTES)
def test_the_integral_is_the_naive_sum(values: dict[int, float]) -> None:
    samples = [(START + minute * MINUTE, value) for minute, value in sorted(values.items())]
    found = integral(samples, START, START + DAY)
    assert (found or 0.0) == pytest.approx(naive(samples, START, START + DAY), abs=1e-6)


@given(MINUTES)
def test_days_add_up_to_the_whole(values: dict[int, float]) -> None:
    samples = [(START + minute * MINUTE, value) for minute, value in sorted(values.items())]
    parts = [integral(samples, START + n * DAY, START + (n + 1) * DAY) for n in (-1, 0, 1)]
    whole = integral(samples, START - DAY, START + 2 * DAY)
    assert sum(part or 0.0 for part in parts) == pytest.approx(whole or 0.0, abs=1e-6)


@given(MINUTES)
def test_what_is_covered_and_the_longest_gap_fit_into_the_day(values: dict[int, float]) -> None:
    found = figures(*((minute / 60, {"voltage": v}) for minute, v in sorted(values.items())))
    if found:
        assert 0 <= found["gap_longest"] <= 86_400 - found["covered"]
        assert (found["gaps"] == 0) == (found["covered"] == 86_400)
        assert HOUR == LONGEST_STEP
