"""What staff see of days whose figures wait, and who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.telemetry.days import LONGEST_ERROR, TelemetryDay
from apps.telemetry.services import days
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db

PAGE = "/admin/telemetry/telemetryday/"
TODAY = dt.date(2016, 9, 1)


@pytest.fixture
def staff(system: Any) -> Client:
    return signed_in(system)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def marked(due_in: float = -1, **more: Any) -> TelemetryDay:
    """A marked day that is due in so many hours."""
    row: TelemetryDay = TelemetryDay.objects.create(
        imei=ProductFactory.create().pk,
        day=(TODAY - dt.date(1970, 1, 1)).days,
        mark=1,
        due_at=timezone.now() + dt.timedelta(hours=due_in),
        **more,
    )
    return row


def test_the_page_says_that_no_day_waits(staff) -> None:
    answer = staff.get(PAGE)
    assert answer.status_code == 200
    assert "No day waits" in answer.content.decode()


def test_it_shows_the_unit_the_day_and_since_when(staff) -> None:
    row = marked()
    shown = staff.get(PAGE).content.decode()
    assert "Days wait for their figures" in shown
    assert f'href="/admin/products/product/{row.imei}/change/"' in shown
    assert "1 Sep 2016" in shown
    assert "due " in shown


def test_it_shows_what_is_worked_out_now_and_what_is_put_off(staff) -> None:
    marked(claimed_until=timezone.now() + dt.timedelta(minutes=4))
    marked(due_in=3)
    shown = staff.get(PAGE).content.decode()
    assert "is being worked out" in shown
    assert "once more when the day is over" in shown


def test_a_day_that_fails_is_shown_with_its_error_until_it_is_done(staff, monkeypatch) -> None:
    row = marked()

    def fail(*arguments: Any, **more: Any) -> None:
        raise RuntimeError("<b>bad</b> " + "x" * 2 * LONGEST_ERROR)

    monkeypatch.setattr(days, "_work_out", fail)
    assert days.derive() == 1
    shown = staff.get(PAGE).content.decode()
    assert "Some days could not be worked out" in shown
    assert "&lt;b&gt;bad" in shown
    assert "next attempt" in shown
    row.refresh_from_db()
    assert (row.attempts, len(row.last_error)) == (1, LONGEST_ERROR)

    TelemetryDay.objects.update(due_at=timezone.now())
    assert days.derive() == 1
    row.refresh_from_db()
    assert row.attempts == 2
    monkeypatch.undo()
    TelemetryDay.objects.update(due_at=timezone.now())
    assert days.derive() == 1
    assert not TelemetryDay.objects.exists()


def test_days_are_only_read(staff) -> None:
    row = marked()
    assert staff.get(f"{PAGE}add/").status_code == 403
    assert staff.post(f"{PAGE}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"{PAGE}{row.pk}/change/").status_code == 200
    assert TelemetryDay.objects.count() == 1


def test_only_those_who_answer_for_the_system_see_them(admin, insider) -> None:
    for user in (admin, insider):
        assert signed_in(user).get(PAGE).status_code in (302, 403)


def test_the_menu_leads_there(staff) -> None:
    assert PAGE in staff.get("/admin/").content.decode()


def test_the_number_of_queries_does_not_grow_with_days(staff, django_assert_num_queries) -> None:
    for count in (1, 20):
        for _n in range(count):
            marked()
        staff.get(PAGE)
        with django_assert_num_queries(5):
            staff.get(PAGE)
