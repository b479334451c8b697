"""What staff see of waiting and dropped points, and who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from apps.telemetry.data_points import read_points
from apps.telemetry.services import outages, spooling
from apps.telemetry.spool import TelemetryDefault, TelemetryRefusal
from tests.factories import ProductFactory, ProductTypeFactory

pytestmark = pytest.mark.django_db

SPOOL = "/admin/telemetry/telemetryspool/"
DROPPED = "/admin/telemetry/telemetryrefusal/"
DEFAULTS = "/admin/telemetry/telemetrydefault/"


@pytest.fixture
def staff(system) -> Client:
    return signed_in(system)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_says_that_nothing_waits(staff) -> None:
    answer = staff.get(SPOOL)
    assert answer.status_code == 200
    assert "Nothing waits" in answer.content.decode()


def test_it_shows_how_much_waits_how_long_and_why(staff) -> None:
    product = ProductFactory.create()
    points = {"fields": {"voltage": [[1, 1], [2, 2]]}}
    spooling.spool(read_points(points, product.pk))
    outages.note_away("influxdb", "<b>connection refused</b>")
    shown = staff.get(SPOOL).content.decode()
    assert "1 upload with 2 values" in shown
    assert "&lt;b&gt;connection refused" in shown
    assert product.pk in shown
    home = staff.get("/admin/").content.decode()
    assert "Uploads waiting" in home
    assert SPOOL in home


def test_dropped_values_are_listed_with_their_reason(staff) -> None:
    now = timezone.now()
    TelemetryRefusal.objects.create(
        imei=ProductFactory.create().pk,
        measurement="telemetry",
        reason="The field mode holds values of another kind.",
        dropped=7,
        first_at=now - dt.timedelta(days=1),
        last_at=now,
    )
    assert "another kind" in staff.get(DROPPED).content.decode()


def test_defaults_are_held_to_what_can_be_asked(staff) -> None:
    kind = ProductTypeFactory.create()
    form = {
        "product_type": kind.pk,
        "measurement": "telemetry",
        "fields": '["voltage", "a b"]',
        "days": 7,
        "ds_interval": "5x",
        "ds_function": "",
    }
    refused = staff.post(f"{DEFAULTS}add/", form)
    assert refused.status_code == 200
    assert not TelemetryDefault.objects.exists()
    good = form | {"fields": '["voltage"]', "ds_interval": "5m", "ds_function": "max"}
    assert staff.post(f"{DEFAULTS}add/", good).status_code == 302
    assert TelemetryDefault.objects.get().fields == ["voltage"]


@pytest.mark.parametrize("path", [SPOOL, DROPPED, DEFAULTS])
@pytest.mark.parametrize("persona", ["admin", "insider"])
def test_they_are_for_those_who_answer_for_the_whole_system(request, persona, path) -> None:
    client = signed_in(request.getfixturevalue(persona))
    assert client.get(path).status_code == 403
