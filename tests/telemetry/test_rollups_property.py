"""What is told of old data by its hours equals what all points tell, or is left out."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

import pytest
import time_machine
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.telemetry import history
from apps.telemetry.days import TelemetryDay
from apps.telemetry.horizon import TelemetryHorizon, horizon
from apps.telemetry.services import days, rollups
from apps.telemetry.store import current
from apps.telemetry.store.admission import now
from apps.telemetry.store.queries import COUNTS, Compare, Function, Op, Query
from apps.telemetry.store.series import DAY, HOUR, MINUTE, SECOND, TELEMETRY, Batch, Series
from tests.telemetry.ageing import lose
from tests.telemetry.model import Model
from tests.telemetry.test_store_conformance import as_stored, same

pytestmark = pytest.mark.django_db

# Near the present: InfluxDB has a clock of its own.
NOW = dt.datetime.now(dt.UTC).replace(hour=12, minute=0, second=0, microsecond=0)
TODAY = int(NOW.timestamp()) * SECOND // DAY
KEPT = 9
SEAM = (TODAY - KEPT + 1) * DAY
FIRST = SEAM - 5 * DAY
INTERVALS = (HOUR, 2 * HOUR, 5 * HOUR, DAY, 3 * DAY, 7 * DAY)
TAGS = ((), (("jig", "A"),))
TOLD = {
    *(Function.COUNT, Function.SUM, Function.MEAN, Function.SPREAD),
    *(Function.MIN, Function.MAX, Function.FIRST, Function.LAST),
}
# An area goes on from what was before the seam, which is gone.
OTHERS = sorted(set(Function) - TOLD - {Function.INTEGRAL})
KEEP_ALL = {"telemetry_rp": 0, "analysis_rp": 0}
KEEP_NINE = {"telemetry_rp": KEPT, "analysis_rp": 0}
_units = count(1)

# Few, so that points and the ends of questions meet in them.
HOURS = (-97, -96, -73, -72, -50, -49, -48, -26, -25, -24, -3, -2, -1, 0, 1, 2, 23, 24, 50)
hours = st.sampled_from(HOURS).map(lambda hour: SEAM + hour * HOUR)
moments = st.one_of(
    st.builds(lambda hour, minute: hour + minute * MINUTE, hours, st.integers(0, 59)),
    hours,
    st.builds(int.__add__, hours, st.integers(0, HOUR - 1)),
    st.sampled_from((SEAM - 1, SEAM, SEAM + 1, SEAM - HOUR, SEAM + HOUR)),
)
numbers = st.one_of(st.integers(-50, 50), st.integers(-5_000, 5_000).map(lambda n: n / 100))
columns = st.fixed_dictionaries(
    {"a": st.lists(st.tuples(moments, numbers), min_size=10, max_size=40)},
    optional={
        "b-1": st.lists(st.tuples(moments, numbers), max_size=8),
        "note": st.lists(st.tuples(moments, st.sampled_from(("on", "off"))), max_size=4),
    },
)
writes = st.lists(st.tuples(st.sampled_from(TAGS), columns), min_size=1, max_size=2)
# At noon, so that each marks one day: that is read as points.
noons = st.sampled_from((-4, -2, -1)).map(lambda day: SEAM + day * DAY + 12 * HOUR)
late_writes = st.lists(st.tuples(noons, numbers), max_size=2).map(lambda a: [((), {"a": a})])


@st.composite
def questions(draw: Any) -> dict[str, Any]:
    """Any question with a function; half of them of whole hours."""
    start, end = sorted((draw(hours | moments), draw(hours | moments)))
    function = draw(st.sampled_from(sorted(TOLD)) | st.sampled_from(OTHERS))
    asked: dict[str, Any] = {
        "start": start,
        "end": end,
        "function": function,
        "interval": draw(st.sampled_from((*INTERVALS, 7 * MINUTE, 90 * MINUTE))),
        "fields": draw(st.sampled_from((("a",), ("b-1", "a"), ("a", "nowhere")))),
        "where": draw(st.sampled_from((None, None, None, Compare("a", Op.GT, 0.5)))),
        "tags": draw(st.sampled_from(({}, {}, {}, {"jig": "A"}))),
    }
    if function is Function.PERCENTILE:
        asked["argument"] = 90
    return asked


def in_full(query: Query) -> bool:
    """Whether each interval of the question can be told, whatever is gone."""
    hours = (query.start % HOUR, query.end % HOUR, query.interval % HOUR)
    return not any(hours) and query.function in TOLD and not query.where and not query.tags


@settings(
    max_examples=25,
    deadline=None,
    # To make a failing case smaller takes longer than to find it.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=writes,
    late=late_writes,
    asked=st.lists(questions(), min_size=8, max_size=12),
    limit=st.none() | st.integers(1, 5),
)
@time_machine.travel(NOW, tick=False)
def test_what_is_told_is_what_all_points_tell(before, late, asked, limit) -> None:
    imei, model = f"{next(_units):015d}", Model()
    TelemetryHorizon.objects.all().delete()
    TelemetryDay.objects.all().delete()
    write(model, imei, before)
    with override_settings(TELEMETRY_RETENTION_DAYS=KEEP_NINE):
        while days.derive():
            pass
        rollups.settle()
        assert horizon().raw_seam(now()) == SEAM
    # Late points of old days, whose hours do not know of them yet.
    write(model, imei, late, mark=True)
    lose_old_points(imei)

    for parameters in asked:
        query = Query(TELEMETRY, imei, **parameters)
        times, expected = model.read(query)
        found = history.read(current(), query)
        if in_full(query):
            assert found.times == times
            shorter = Query(TELEMETRY, imei, **parameters, limit=limit, descending=True)
            assert history.read(current(), shorter).times == times[::-1][:limit]
        places = {at: place for place, at in enumerate(times)}
        for name, column in found.columns.items():
            for at, value in zip(found.times, column, strict=True):
                wanted = expected[name][places[at]] if at in places else None
                if query.function not in COUNTS:
                    wanted = as_stored(wanted)
                partial = not in_full(query) and at < SEAM
                assert same(value, wanted) or (partial and not value), (name, at, value, wanted)


def write(model: Model, imei: str, given: Any, *, mark: bool = False) -> None:
    batches = [Batch.of(Series(TELEMETRY, imei, tags), fields) for tags, fields in given]
    current().write(batches)
    model.write(batches)
    if mark:
        days.mark(batches)


def lose_old_points(imei: str) -> None:
    """As by age: those of old days that are not marked."""
    marked = set(TelemetryDay.objects.filter(imei=imei).values_list("day", flat=True))
    for day in range(FIRST // DAY - 1, SEAM // DAY):
        if day not in marked:
            lose(imei, day * DAY, (day + 1) * DAY)
