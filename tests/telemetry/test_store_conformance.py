"""Both stores answer as the model does, whatever is written and asked."""

from __future__ import annotations

import math
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.telemetry.store.queries import COUNTS, And, Compare, Function, Op, Or, Query
from apps.telemetry.store.series import DAY, HOUR, MICROSECOND, MINUTE, SECOND, Batch, Series
from tests.telemetry.model import Model

pytestmark = pytest.mark.django_db

# Two hours before the end of 2015 in UTC, a Thursday: days, weeks and years change soon after.
BASE = 1_451_599_200 * SECOND
MEASUREMENT = "telemetry"
TAGS = ((), (("jig", "A"),), (("jig", "B"), ("run", "7")))
INTERVALS = (500_000 * MICROSECOND, MINUTE, 7 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY)
TEXTS = ("", "on", 'it\'s \\ "so"', "a,b=c d\nnew", "été ☀", "a/[b]$\r\nb", "\r")
_units = count(1)

moments = st.one_of(
    st.integers(0, 40).map(lambda n: BASE + n * MINUTE),
    st.integers(0, 90).map(lambda n: BASE + n * HOUR),
    st.integers(0, 3 * DAY).map(lambda n: BASE + n),
)
numbers = st.one_of(
    st.integers(-50, 50),
    st.integers(-5_000, 5_000).map(lambda n: n / 100),
    st.floats(-1e9, 1e9, allow_subnormal=False),
)
columns = st.fixed_dictionaries(
    {},
    optional={
        "a": st.lists(st.tuples(moments, numbers), max_size=12),
        "b-1": st.lists(st.tuples(moments, numbers), max_size=8),
        "note": st.lists(st.tuples(moments, st.sampled_from(TEXTS)), max_size=6),
        "up": st.lists(st.tuples(moments, st.booleans()), max_size=6),
    },
)
writes = st.lists(st.lists(st.tuples(st.sampled_from(TAGS), columns), max_size=3), max_size=4)

comparisons = st.one_of(
    st.builds(Compare, st.sampled_from(("a", "b-1", "nowhere")), st.sampled_from(Op), numbers),
    st.builds(
        Compare,
        st.sampled_from(("note", "jig", "run", "a", "nowhere", "product_imei")),
        st.sampled_from((Op.EQ, Op.NE)),
        st.sampled_from((*TEXTS, "A", "B", "7")),
    ),
    st.builds(Compare, st.just("up"), st.sampled_from((Op.EQ, Op.NE)), st.booleans()),
)
wheres = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=5,
)


@st.composite
def questions(draw: Any) -> dict[str, Any]:
    start, end = draw(moments) - draw(st.sampled_from((0, DAY))), draw(moments)
    asked: dict[str, Any] = {
        "start": start,
        "end": end + draw(st.sampled_from((0, 1, 4 * DAY))),
        "fields": draw(
            st.none()
            | st.lists(
                st.sampled_from(("a", "b-1", "note", "up", "nowhere")), min_size=1, max_size=4
            ).map(tuple)
        ),
        "where": draw(st.none() | wheres),
        "tags": draw(st.sampled_from(({}, {}, {}, {"jig": "A"}, {"run": "7"}, {"no": "x"}))),
        "limit": draw(st.none() | st.integers(1, 9)),
        "descending": draw(st.booleans()),
    }
    if draw(st.booleans()):
        function = draw(st.sampled_from(Function))
        asked |= {"function": function, "interval": draw(st.sampled_from(INTERVALS))}
        if function is Function.PERCENTILE:
            asked["argument"] = draw(st.sampled_from((0, 1, 33.3, 50, 90.5, 100)))
        asked["empty"] = asked["interval"] >= HOUR and draw(st.booleans())
    return asked


def same(mine: Any, theirs: Any) -> bool:
    """Sums of doubles depend on their order in the last digits."""
    if isinstance(mine, float) and isinstance(theirs, float):
        return math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-5)
    return type(mine) is type(theirs) and mine == theirs


def as_stored(value: Any) -> Any:
    return float(value) if type(value) is int else value


@settings(
    max_examples=300,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(writes=writes, asked=st.lists(questions(), min_size=1, max_size=4))
def test_whatever_is_written_and_asked_the_answer_is_the_models(store, writes, asked):
    imei = f"{next(_units):015d}"
    model = Model()
    for batch_of_writes in writes:
        batches = [
            Batch.of(Series(MEASUREMENT, imei, tags), fields) for tags, fields in batch_of_writes
        ]
        store.write(batches)
        model.write(batches)

    for parameters in asked:
        query = Query(MEASUREMENT, imei, **parameters)
        times, columns = model.read(query)
        found = store.read(query)

        assert found.times == times
        assert list(found.columns) == list(columns)
        for name, column in columns.items():
            expected = column if query.function in COUNTS else map(as_stored, column)
            assert all(map(same, found.columns[name], expected)), (
                name,
                found.columns[name],
                column,
            )
            assert len(found.columns[name]) == len(column)
