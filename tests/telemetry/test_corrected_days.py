"""A day whose points are corrected: no figure stays that they no longer have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from apps.telemetry.services import days
from apps.telemetry.services.points import keep_points, read_points
from apps.telemetry.store import current
from apps.telemetry.store.queries import Query
from apps.telemetry.store.series import DAY, HOUR, LAST_TIME, MINUTE, Batch, Series
from tests.telemetry.test_days import NOW, ONE, YESTERDAY, derived

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def write_discharge(day: int, **columns: list[float]) -> None:
    times = [(day * DAY + 20 * HOUR + n * 10 * MINUTE) // 1_000_000 for n in range(3)]
    fields = {
        name: [list(pair) for pair in zip(times, column, strict=True)]
        for name, column in columns.items()
    }
    keep_points(batch=read_points({"fields": fields}, ONE))


def test_a_day_corrected_to_have_given_nothing_keeps_nothing_of_what_it_gave() -> None:
    write_discharge(YESTERDAY, voltage=[12.0, 11.9, 11.8], current_out=[1.0, 2.0, 1.0])
    write_discharge(YESTERDAY - 1, voltage=[12.0, 11.9, 11.8], current_out=[1.0, 2.0, 1.0])
    days.derive()
    assert derived(ONE, "discharge_imax") == {YESTERDAY - 1: 2.0, YESTERDAY: 2.0}
    own = Batch.of(
        Series.of("analysis", ONE, {"analysis-type": "lab"}),
        {"discharge_imax": [(YESTERDAY * DAY, 7.0)]},
    )
    current().write([own])
    write_discharge(YESTERDAY, current_out=[0.0, 0.0, 0.0])
    days.derive()
    for name in ("discharge_imax", "discharge_vmin", "discharge_vmax", "discharge_end"):
        assert set(derived(ONE, name)) == {YESTERDAY - 1}
    assert derived(ONE, "discharge_ah")[YESTERDAY] == 0.0
    assert derived(ONE, "voltage_min")[YESTERDAY] == 11.8
    # What a program wrote to the same time is its own.
    lab = current().read(
        Query("analysis", ONE, 0, LAST_TIME, ("discharge_imax",), tags={"analysis-type": "lab"})
    )
    assert lab.columns == {"discharge_imax": [7.0]}


def test_a_worker_that_died_after_taking_figures_back_leaves_the_day_to_another(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_discharge(YESTERDAY, voltage=[12.0, 11.9, 11.8], current_out=[1.0, 2.0, 1.0])
    days.derive()
    write_discharge(YESTERDAY, current_out=[0.0, 0.0, 0.0])
    with monkeypatch.context() as patched:

        def killed(*args: Any, **kwargs: Any) -> None:
            raise SystemExit

        patched.setattr(type(current()), "write", killed)
        with pytest.raises(SystemExit):
            days.derive()
    assert derived(ONE, "voltage_min") == {}
    clock.shift(400)
    assert days.derive() == 1
    assert derived(ONE, "voltage_min") == {YESTERDAY: 11.8}
    assert derived(ONE, "discharge_imax") == {}
