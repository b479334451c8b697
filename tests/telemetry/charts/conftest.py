"""A unit that measured, at a fixed time, and whoever asks for its charts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from apps.products.models import Product
from apps.telemetry.store import current
from apps.telemetry.store.series import MINUTE, SECOND, Batch, Series
from tests.factories import ProductEntityLinkerFactory, ProductFactory

NOW = dt.datetime(2016, 1, 8, tzinfo=dt.UTC)
START = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)
FIRST = int(START.timestamp()) * SECOND
WEEK = {"start": "2016-01-01", "end": "2016-01-08"}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def unit(entity: Any) -> Product:
    """A unit of the entity that measured every ten minutes for two days, but for six hours."""
    made: Product = ProductFactory.create(serial_number="HB000501-000666-X")
    ProductEntityLinkerFactory.create(product=made, entity=entity)
    write(made, "voltage", [12 + n % 10 / 10 for n in range(288)], without=range(60, 96))
    write(made, "current_in", [n / 100 for n in range(288)])
    return made


def write(
    unit: Product,
    name: str,
    values: list[Any],
    *,
    every: int = 10 * MINUTE,
    without: Any = (),
    measurement: str = "telemetry",
    tags: Any = None,
) -> None:
    """Values from the first of January on."""
    points = [(FIRST + n * every, v) for n, v in enumerate(values) if n not in without]
    current().write([Batch.of(Series.of(measurement, unit.pk, tags), {name: points})])


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def url(unit: Product | str, page: str = "") -> str:
    return f"/admin/products/product/{getattr(unit, 'pk', unit)}/charts/{page}"


@pytest.fixture
def ask(unit: Product, overview: Any):
    """Ask for the data of the unit; the chart, or what is said with another status."""
    client = signed_in(overview)

    def asked(status: int = 200, page: str = "data/", of: Any = unit, **query: Any) -> Any:
        answer = client.get(url(of, page), query)
        assert answer.status_code == status, answer.content
        return answer.json() if status == 200 else answer.json()["message"]

    return asked


def line(chart: Any, field: str, place: int = 0) -> Any:
    return next(one for one in chart["units"][place]["lines"] if one["field"] == field)


def lane(chart: Any, field: str) -> Any:
    return next(one for one in chart["units"][0]["lanes"] if one["field"] == field)
