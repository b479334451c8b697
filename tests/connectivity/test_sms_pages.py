"""What people see of messages: their list and page, the story of a unit, the figure at home."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.services.sms_sending import send_due
from apps.connectivity.sms.progress import CONDITIONS, Progress, price, prices
from apps.connectivity.story import messages
from apps.core.stories import Event
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.connectivity.wakeups import unit_running
from tests.factories import ProductEntityLinkerFactory, SmsHistoryFactory

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"
LIST = "admin:connectivity_smshistory_changelist"


def sms_that(progress: Progress, product: Product | None = None) -> SmsHistory:
    """A message that got that far."""
    sms = send_wakeup(product_imei=(product or unit_running("3.6a")).pk, by=STAFF)
    if progress not in (Progress.WAITING, Progress.NOT_SENT):
        send_due()
    if progress is Progress.DELIVERED:
        sms.status, sms.modified_at = "Delivered", NOW + dt.timedelta(seconds=42)
    elif progress in (Progress.EXPIRED, Progress.NOT_SENT):
        sms.status, sms.modified_at = "Expired", NOW + dt.timedelta(hours=1)
        SmsDispatch.objects.filter(pk=sms.pk).update(due_at=None)
    sms.save()
    return sms


def as_(user: User) -> Client:
    session = Client()
    session.force_login(user)
    return session


# --- the story of a unit -------------------------------------------------------------------------


def story(product: Product) -> list[tuple[str, str]]:
    return [(str(event.title), str(event.detail)) for event in messages(product.pk, 10)]


WAKE = "Text message sent to wake the unit up"


@pytest.mark.parametrize(
    ("progress", "detail", "tone"),
    [
        (Progress.WAITING, "waiting to be sent", ""),
        (Progress.UNDER_WAY, "on its way, 0.05 USD", ""),
        (Progress.DELIVERED, "delivered after 42 s, 0.05 USD", ""),
        (Progress.EXPIRED, "not delivered, 0.05 USD", "warn"),
        (Progress.NOT_SENT, "never sent", "bad"),
    ],
)
def test_the_story_tells_what_became_of_a_message(
    product: Product, progress: Progress, detail: str, tone: str
) -> None:
    sms = sms_that(progress, product)
    assert story(product) == [(WAKE, detail)]
    (event,) = messages(product.pk, 10)
    assert isinstance(event, Event)
    assert (event.when, event.by, event.tone) == (NOW, STAFF, tone)
    assert event.url == reverse("admin:connectivity_smshistory_change", args=(sms.pk,))


def test_the_story_tells_why_and_how_often(product: Product) -> None:
    at = NOW - dt.timedelta(hours=1)
    SmsHistoryFactory.create(
        product=product, trigger="enable", status=None, attempted_retries=1, sent_time=at
    )
    at -= dt.timedelta(hours=1)
    SmsHistoryFactory.create(
        product=product, trigger="disable", status="Queued", attempted_retries=3, sent_time=at
    )
    assert story(product) == [
        ("Text message sent so that the unit switches on", "on its way, tried again 1 time"),
        ("Text message sent so that the unit switches off", "Queued, tried again 3 times"),
    ]


def test_the_story_is_one_query(product: Product, django_assert_num_queries: Any) -> None:
    SmsHistoryFactory.create_batch(5, product=product)
    sms_that(Progress.UNDER_WAY, product)
    with django_assert_num_queries(1):
        assert len(messages(product.pk, 10)) == 6


# --- the list and the page -----------------------------------------------------------------------


def rows(client: Client, **params: str) -> set[int]:
    answer = client.get(reverse(LIST), params)
    assert answer.status_code == 200
    return {row.pk for row in answer.context["cl"].result_list}


def test_messages_are_filtered_by_what_became_of_them(overview: User, clock: Any) -> None:
    found = {progress: sms_that(progress).pk for progress in Progress if progress != "waiting"}
    found[Progress.WAITING] = sms_that(Progress.WAITING).pk
    foreign = SmsHistoryFactory.create(status=None)
    client = as_(overview)
    for progress, key in found.items():
        expected = {key, foreign.pk} if progress is Progress.UNDER_WAY else {key}
        assert rows(client, progress=progress.value) == expected
    assert rows(client, progress="nonsense") == {*found.values(), foreign.pk}
    assert set(CONDITIONS) == set(Progress)


def test_messages_are_filtered_by_why_they_were_sent(overview: User, clock: Any) -> None:
    on = SmsHistoryFactory.create(trigger="enable")
    SmsHistoryFactory.create(trigger="disable")
    assert rows(as_(overview), why="enable") == {on.pk}


def test_the_list_tells_of_status_retries_and_cost(overview: User, clock: Any) -> None:
    sms_that(Progress.UNDER_WAY)
    page = as_(overview).get(reverse(LIST)).content.decode()
    for shown in ("on its way", "by hand", "0.05 USD", STAFF):
        assert shown in page


def test_the_list_costs_the_same_however_many_messages(overview: User, clock: Any) -> None:
    client = as_(overview)
    costs = []
    for more in (1, 12):
        for _turn in range(more):
            sms_that(Progress.UNDER_WAY)
        rows(client)
        with CaptureQueriesContext(connection) as queries:
            rows(client)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_page_of_a_message_tells_how_it_was_sent(
    overview: User, system: User, clock: Any
) -> None:
    sms = sms_that(Progress.WAITING)
    SmsDispatch.objects.update(last_error="HTTP 503: <b>busy</b>", attempts=2)
    for user in (overview, system):
        path = reverse("admin:connectivity_smshistory_change", args=(sms.pk,))
        page = as_(user).get(path).content.decode()
        assert "HTTP 503: &lt;b&gt;busy&lt;/b&gt;" in page
        assert "waiting to be sent" in page


def test_the_page_of_a_message_that_was_not_sent_from_here(overview: User, db: None) -> None:
    sms = SmsHistoryFactory.create()
    path = reverse("admin:connectivity_smshistory_change", args=(sms.pk,))
    assert as_(overview).get(path).status_code == 200


def test_a_message_may_be_written_and_deleted_in_the_back_office(system: User, clock: Any) -> None:
    sms = sms_that(Progress.UNDER_WAY)
    client = as_(system)
    assert client.get(reverse("admin:connectivity_smshistory_add")).status_code == 200
    path = reverse("admin:connectivity_smshistory_delete", args=(sms.pk,))
    assert client.get(path).status_code == 200
    assert client.post(path, {"post": "yes"}).status_code == 302
    assert not SmsHistory.objects.exists()


# --- the chart at home ---------------------------------------------------------------------------


def chart(client: Client) -> tuple[dict[str, int], str]:
    charts = client.get(reverse("admin:index")).context["charts"]
    (found,) = [chart for chart in charts if str(chart["title"]) == "SMS to units"]
    return {str(bar.label): bar.value for bar in found["bars"] if bar.value}, found["hint"]


def test_home_tells_what_messages_came_to(
    overview: User, product: Product, clock: time_machine.Coordinates
) -> None:
    client = as_(overview)
    assert chart(client) == ({}, "in the last 30 days")
    for progress in (Progress.DELIVERED, Progress.EXPIRED, Progress.NOT_SENT):
        sms_that(progress)
    told = {"Delivered": 1, "Not delivered": 1, "Never sent": 1}
    assert chart(client) == (told, "in the last 30 days · 0.10 USD")
    SmsDispatch.objects.filter(sms__status="Delivered").update(cost="0.031", currency="EUR")
    assert chart(client) == (told, "in the last 30 days · 0.03 EUR + 0.05 USD")
    clock.shift(dt.timedelta(days=31))
    assert chart(as_(overview)) == ({}, "in the last 30 days")


def test_the_chart_leads_to_the_messages_it_counts(
    overview: User, product: Product, clock: Any
) -> None:
    sms = sms_that(Progress.DELIVERED, product)
    sms_that(Progress.UNDER_WAY)
    SmsHistoryFactory.create(status="Delivered", sent_time=NOW - dt.timedelta(days=40))
    client = as_(overview)
    charts = client.get(reverse("admin:index")).context["charts"]
    (found,) = [chart for chart in charts if str(chart["title"]) == "SMS to units"]
    (url,) = [bar.url for bar in found["bars"] if str(bar.label) == "Delivered"]
    assert [row.pk for row in client.get(url).context["cl"].result_list] == [sms.pk]


def test_an_entity_is_told_of_its_own_messages(
    insider: User, outsider: User, entity: Any, other_entity: Any, clock: Any
) -> None:
    product = unit_running("3.6a")
    ProductEntityLinkerFactory.create(product=product, entity=entity, date_removed=None)
    ProductEntityLinkerFactory.create(entity=other_entity, date_removed=None)
    sms_that(Progress.UNDER_WAY, product)
    assert chart(as_(insider))[0] == {"On its way": 1}
    assert chart(as_(outsider)) == ({}, "in the last 30 days")


@pytest.mark.parametrize(
    ("cost", "text"),
    [("0", "0.00 USD"), ("0.05", "0.05 USD"), ("0.0425", "0.0425 USD"), ("12.3", "12.30 USD")],
)
def test_money_has_two_decimals_and_more_where_they_matter(cost: str, text: str) -> None:
    assert price(Decimal(cost), "USD") == text


def test_sums_are_told_each_in_its_currency() -> None:
    assert prices([]) == ""
    assert prices([(Decimal("7.006"), "EUR"), (Decimal(1), "USD")]) == "7.01 EUR + 1.00 USD"
