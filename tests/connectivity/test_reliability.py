"""GET /products/<imei>/connectivity_reliability_rate: connections made over those expected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


def connect(product: Product, *moments: dt.datetime) -> None:
    for moment in moments:
        ConnectionFactory.create(product=product, date=moment)


def ask(api: Any, product: Product, *, body: Any = None, **params: Any) -> Any:
    path = f"/v1/products/{product.pk}/connectivity_reliability_rate"
    return api.as_("overview").get(path, params, json=body)


def rate(api: Any, product: Product, **more: Any) -> float:
    answer = ask(api, product, **more)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]["connectivity_reliability_rate"]


def refused(answer: Any, field: str) -> str:
    """The sentence about the field, which the message repeats."""
    assert answer.status_code == 400, answer.content
    told = answer.json()
    assert (told["status"], set(told["validation_errors"])) == ("validation-error", {field})
    assert told["message"] == f"{field}: {told['validation_errors'][field]}"
    return told["validation_errors"][field]


def test_by_default_it_is_that_of_the_last_seven_days(api: Any, product: Product) -> None:
    connect(product, *(NOW - n * 8 * HOUR for n in range(1, 22)))  # 7 days: 42 are expected
    connect(product, NOW - 7 * DAY - dt.timedelta(microseconds=1))
    answer = ask(api, product)
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "success",
            "message": "Successfully computed product connectivity reliability rate",
            "data": {"connectivity_reliability_rate": 0.5},
        },
    )


def test_a_unit_never_heard_has_a_rate_of_nothing(api: Any, product: Product) -> None:
    assert rate(api, product) == 0.0


def test_other_units_do_not_count(api: Any, product: Product) -> None:
    ConnectionFactory.create(date=NOW - HOUR)
    assert rate(api, product) == 0.0


def test_more_than_expected_is_capped(api: Any, product: Product) -> None:
    connect(product, *(NOW - n * HOUR for n in range(1, 9)))
    assert rate(api, product, start="2026-03-01T04:00:00") == 1.0


def test_start_and_end_bound_the_period_and_belong_to_it(api: Any, product: Product) -> None:
    start, end = NOW - 2 * DAY, NOW - DAY  # 6 are expected
    connect(product, start, end)
    connect(product, start - dt.timedelta(microseconds=1), end + dt.timedelta(microseconds=1))
    asked = {"start": start.replace(tzinfo=None).isoformat(), "end": "2026-02-28 12:00:00"}
    assert rate(api, product, **asked) == 2 / 6
    assert rate(api, product, body=asked) == 2 / 6


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (4 * HOUR, 1),
        (7 * HOUR, 1),
        (8 * HOUR - dt.timedelta(microseconds=1), 1),
        (8 * HOUR, 2),
        (11.9 * HOUR, 2),
        (12 * HOUR, 3),
    ],
)
def test_a_connection_is_expected_for_each_four_hours_that_are_over(
    api: Any, product: Product, length: dt.timedelta, expected: int
) -> None:
    connect(product, NOW - HOUR)
    start = (NOW - length).isoformat()
    assert rate(api, product, body={"start": start}) == 1 / expected


@pytest.mark.parametrize("length", [dt.timedelta(), HOUR, 4 * HOUR - dt.timedelta(microseconds=1)])
def test_where_none_is_expected_none_was_missed(
    api: Any, product: Product, length: dt.timedelta
) -> None:
    assert rate(api, product, body={"start": (NOW - length).isoformat()}) == 1.0


@pytest.mark.parametrize("hours", [0, 1, 3, 4, 5])
def test_a_start_without_an_end_lasts_until_now(api: Any, product: Product, hours: int) -> None:
    connect(product, NOW)
    assert rate(api, product, body={"start": (NOW - hours * HOUR).isoformat()}) == 1.0


def test_an_end_now_is_not_to_come(api: Any, product: Product) -> None:
    assert rate(api, product, end="2026-03-01 12:00:00") == 0.0


def test_an_end_without_a_start_begins_seven_days_ago(api: Any, product: Product) -> None:
    connect(product, NOW - 6 * DAY)
    assert rate(api, product, end="2026-02-24T12:00:00") == 1 / 12
    refused(ask(api, product, end="2026-02-22T11:59:59"), "end")


@pytest.mark.parametrize("end", ["2026-03-01T12:00:00.000001", "2031-01-01 00:00:00"])
def test_an_end_to_come_is_refused(api: Any, product: Product, end: str) -> None:
    assert refused(ask(api, product, end=end), "end") == "The end must not be in the future"


def test_an_end_before_the_start_is_refused(api: Any, product: Product) -> None:
    asked = {"start": "2026-02-03T00:00:00", "end": "2026-02-02T23:59:59"}
    text = "The end must not be before the start"
    assert refused(ask(api, product, **asked), "end") == text
    assert refused(ask(api, product, body=asked), "end") == text


def test_a_start_to_come_is_refused(api: Any, product: Product) -> None:
    refused(ask(api, product, start="2026-03-01T12:00:01"), "start")


@pytest.mark.parametrize("name", ["start", "end"])
@pytest.mark.parametrize(
    "value", ["yesterday", "", "2026-02-30T00:00:00", "2026-02-01T25:00:00", "03/01/2026"]
)
def test_what_is_no_time_is_refused_by_name(
    api: Any, product: Product, name: str, value: str
) -> None:
    refused(ask(api, product, **{name: value}), name)
    refused(ask(api, product, body={name: value}), name)


@pytest.mark.parametrize("value", [1_700_000_000, None, True, ["2026-02-01T00:00:00"]])
def test_what_is_no_text_is_refused_by_name(api: Any, product: Product, value: Any) -> None:
    refused(ask(api, product, body={"start": value}), "start")


def test_what_is_not_known_is_refused_by_name(api: Any, product: Product) -> None:
    refused(ask(api, product, since="2026-02-01T00:00:00"), "since")
    refused(ask(api, product, body={"since": "2026-02-01T00:00:00"}), "since")


def test_it_takes_three_queries(api: Any, product: Product) -> None:
    ask(api, product)
    with CaptureQueriesContext(connection) as queries:
        ask(api, product)
    assert len(queries) == 3  # who asks, the unit, and its connections
