"""Who sees the charts of a unit."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import ProductFactory
from tests.telemetry.charts.conftest import WEEK, signed_in, url, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["", "data/", "file/", "days/", "days/file/"])
def test_whoever_sees_the_unit_sees_its_charts(page, unit, overview, insider) -> None:
    for user in (overview, insider):
        assert signed_in(user).get(url(unit, page), WEEK).status_code == 200


@pytest.mark.parametrize("page", ["", "data/", "file/", "days/", "days/file/"])
def test_a_unit_out_of_scope_is_one_that_does_not_exist(page, unit, outsider) -> None:
    client = signed_in(outsider)
    refused, unknown = client.get(url(unit, page)), client.get(url("0" * 15, page))
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert unit.serial_number not in refused.content.decode()


@pytest.mark.parametrize("page", ["", "data/", "file/", "days/", "days/file/"])
def test_a_stranger_is_sent_to_sign_in(page, unit) -> None:
    answer = Client().get(url(unit, page))
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


@pytest.mark.parametrize("page", ["", "data/", "file/", "days/", "days/file/"])
def test_charts_are_only_read(page, unit, overview) -> None:
    assert signed_in(overview).post(url(unit, page)).status_code == 405


def test_a_second_unit_out_of_scope_is_one_that_does_not_exist(unit, insider) -> None:
    other = ProductFactory.create(serial_number="SECRET-1")
    write(other, "voltage", [1.0])
    client = signed_in(insider)
    for term in (other.pk, other.serial_number, "nobody", "\x00", "x" * 500, "' OR 1=1 --"):
        answer = client.get(url(unit, "data/"), {"with": term})
        assert answer.status_code == 404
        assert answer.json() == {
            "message": "There is no second unit with this serial number or IMEI"
        }
        assert client.get(url(unit, "file/"), {"with": term}).status_code == 404
        page = client.get(url(unit), {"with": term})
        assert page.status_code == 404
        assert "There is no second unit" in page.content.decode()
