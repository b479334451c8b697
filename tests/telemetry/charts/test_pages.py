"""The page of charts: with and without a script, with and without values."""

from __future__ import annotations

import pytest

from tests.factories import ProductFactory
from tests.telemetry.charts.conftest import WEEK, signed_in, url, write

pytestmark = pytest.mark.django_db


def test_the_page_brings_its_first_values_along(unit, overview) -> None:
    page = signed_in(overview).get(url(unit), WEEK)
    text = page.content.decode()
    assert page.context["payload"]["units"][0]["lines"][0]["field"] == "voltage"
    assert 'id="measured"' in text
    assert "view=table" in text
    assert "uPlot.iife.min.js" in text


def test_the_same_values_are_a_table_without_a_script(unit, overview) -> None:
    page = signed_in(overview).get(url(unit), {**WEEK, "view": "table"})
    text = page.content.decode()
    assert "<td>12.383</td>" in text
    assert "uplot" not in text
    assert 60 > text.count('<th scope="row">20') > 20


def test_a_unit_that_never_measured_is_told_what_to_do(overview) -> None:
    silent = ProductFactory.create()
    page = signed_in(overview).get(url(silent)).content.decode()
    assert "Nothing measured yet" in page
    assert f"/admin/products/product/{silent.pk}/change/" in page
    data = signed_in(overview).get(url(silent, "data/")).json()
    assert data["units"][0]["lines"] == []


def test_a_time_without_values_leads_to_the_last_ones(unit, overview) -> None:
    client = signed_in(overview)
    page = client.get(url(unit), {"start": "2016-01-05", "fields": "voltage"})
    assert "Nothing measured in this time" in page.content.decode()
    follow = client.get(url(unit) + page.context["latest_url"])
    assert follow.context["figures"][0].last == 12.7


def test_hostile_names_are_shown_as_text(overview) -> None:
    hostile = ProductFactory.create(serial_number="<script>alert(1)</script>")
    write(hostile, "voltage", [12.0])
    page = signed_in(overview).get(url(hostile), WEEK).content.decode()
    assert "<script>alert(1)" not in page
    search = signed_in(overview).get(url(hostile), {"with": '"><script>alert(2)</script>'})
    assert "<script>alert(2)" not in search.content.decode()
