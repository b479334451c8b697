"""ds_function: what may be said, what it answers, and what is told of everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from apps.core.errors import Invalid
from apps.telemetry.data_functions import OFFERED, read_function
from apps.telemetry.data_schemas import QuestionSchema
from apps.telemetry.services.points import keep_points, read_points
from apps.telemetry.store.queries import Function
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
X = Function.PERCENTILE


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((one.value, (one, None)) for one in Function if one is not X),
        *((" MEAN() ", (Function.MEAN, None)), ("integral()", (Function.INTEGRAL, None))),
        *(("percentile_95", (X, 95.0)), ("percentile(99.9)", (X, 99.9))),
        *(("percentile_0", (X, 0.0)), ("Percentile_100", (X, 100.0))),
    ],
)
def test_a_function_is_said_by_its_name(said, meant):
    assert read_function(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        *("top", "bottom", "sample", "derivative", "elapsed", "moving_average", "holt_winters"),
        *(
            "",
            "average",
            "mean(voltage)",
            "distinct(voltage)",
            "count(distinct)",
            "mean;",
            "ｍｅａｎ",
        ),
        *("integral_1h", "percentile(95", "percentile_95)", "percentile_1e1", "percentile_-1"),
        *("mean\x00", "\ud800", "m" * 10**6, 5, True, ["mean"], {"mean": 1}),
    ],
    ids=lambda said: ascii(said)[:20],
)
def test_every_other_name_is_refused_with_those_there_are(said):
    with pytest.raises(Invalid) as refused:
        read_function(said)
    told = str(refused.value.errors["ds_function"])
    if "alone takes a number" not in told:
        assert all(one in told for one in OFFERED)


@pytest.mark.parametrize("said", ["percentile", "percentile()", "percentile_101", "percentile_999"])
def test_a_percentile_is_told_its_bounds(said):
    with pytest.raises(Invalid) as refused:
        read_function(said)
    assert "0 to 100" in str(refused.value.errors["ds_function"])


def test_the_documentation_names_each_function():
    pages = [
        str(QuestionSchema().fields["ds_function"].help_text),
        (Path(django_settings.BASE_DIR) / "docs" / "telemetry.md").read_text(),
    ]
    for page in pages:
        assert all(name in page for one in OFFERED for name in one.split(" … ")), page[:40]


@pytest.fixture
def ask(api) -> Any:
    """Figures for the minutes of an hour in which three kinds of field have values."""
    imei = ProductFactory.create().pk
    times = [f"2016-01-01T00:00:{second:02d}Z" for second in (0, 20, 40)]
    fields = {"power": (10, 30, 10), "mode": ("eco", "full", "eco"), "lit": (True, False, False)}
    body = {"fields": {n: [[t, v] for t, v in zip(times, of, strict=True)]
                       for n, of in fields.items()}}  # fmt: skip
    keep_points(batch=read_points(body, imei))

    def asked(function: str, **more: Any) -> Any:
        window = {"start": "2016-01-01", "end": "2016-01-02", "ds_interval": "1m", **more}
        answer = api.as_("overview").get(
            f"/v1/products/{imei}/data", {**window, "ds_function": function}
        )
        assert answer.status_code == 200, answer.content
        data = answer.json()["data"]
        return {n: [v for v, _at in data[n]] for n in data if n not in ("measurement", "tags")}

    return asked


@pytest.mark.parametrize(
    ("function", "figures"),
    [
        ("integral", {"power": [800.0]}),
        ("distinct", {"lit": [2], "mode": [2], "power": [2]}),
        ("count", {"lit": [3], "mode": [3], "power": [3]}),
        ("first", {"lit": [True], "mode": ["eco"], "power": [10.0]}),
        ("last", {"lit": [False], "mode": ["eco"], "power": [10.0]}),
        ("mode", {"lit": [False], "mode": ["eco"], "power": [10.0]}),
        ("max", {"power": [30.0]}),
        ("percentile_66.7", {"power": [10.0]}),
        ("percentile_100", {"power": [30.0]}),
        ("percentile_0", {}),
    ],
)
def test_each_kind_of_field_answers_what_makes_sense_of_it(ask, function, figures):
    assert ask(function) == figures


def test_a_field_named_of_a_kind_the_function_does_not_know_is_null(ask):
    assert ask("mean", fields="mode,power,lit") == {
        "mode": [None], "power": [pytest.approx(50 / 3)], "lit": [None]
    }  # fmt: skip
    assert ask("stddev", fields="mode") == {"mode": []}
