"""Credit that does not add up is told once while it lasts, and settled when it does again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.alerts.models import Alert, AlertType, AnalysisHistory
from apps.alerts.services.credit_drift import analyse_credit_drift
from apps.core.events import Event, deliver_events, publish
from apps.dcm.models import Balance, CreditDrift
from apps.dcm.services.reconciliation import reconcile
from apps.products.models import Product
from tests.factories import (
    AlertTypeEntityAntiLinkerFactory,
    AlertTypeFactory,
    AlertTypeProductTypeLinkerFactory,
    AlertTypeStateTypeLinkerFactory,
    BalanceFactory,
    EntityFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    StateFactory,
)
from tests.products.unit_pages import UnitPage

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = 86_400


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def unit(clock: Any, db: None) -> Product:
    """A unit in use that says it has ten days left, of none that was paid."""
    found = ProductFactory.create(dcm_enabled_flag=True, is_payg=True)
    found.latest_state = StateFactory.create(product=found)
    found.save()
    says(found, 10 * DAY)
    return found


@pytest.fixture
def alert_type(unit: Product) -> AlertType:
    kind = AlertTypeFactory.create(
        name="credit_drift", active=True, cooling_off_period=dt.timedelta(days=1)
    )
    AlertTypeProductTypeLinkerFactory.create(alert_type=kind, product_type=unit.product_type)
    AlertTypeStateTypeLinkerFactory.create(
        alert_type=kind, state_type=unit.latest_state.current_state_type
    )
    return kind


def says(unit: Product, seconds: int) -> None:
    now = dt.datetime.now(dt.UTC)
    Balance.objects.filter(product=unit).delete()
    expiry = now + dt.timedelta(seconds=seconds)
    BalanceFactory.create(product=unit, balance=seconds, expected_expiry=expiry, created_at=now)


def told() -> None:
    """Reconciliation, and its events."""
    reconcile()
    deliver_events()


def alerts() -> list[tuple[bool, str | None, str | None]]:
    """(open, what it says, why it was dismissed), oldest first."""
    rows = Alert.objects.order_by("pk").values_list(
        "dismissed_at", "extra_info", "dismissal_reason"
    )
    return [(at is None, text, reason) for at, text, reason in rows]


SENTENCE = "The unit says it has 10 days left; by its payments it can have 0 min at most."
SETTLED = "What the unit reports agrees with its payments again"


def test_a_drift_is_one_alert_however_often_it_is_found(
    unit: Product, alert_type: AlertType, clock: Any
) -> None:
    for _time in range(3):
        told()
        clock.shift(6 * 3_600)
    assert alerts() == [(True, SENTENCE, None)]
    alert = Alert.objects.get()
    assert (alert.product, alert.start_time) == (unit, CreditDrift.objects.get().since)
    assert AnalysisHistory.objects.filter(product=unit, status="success").count() == 1


def test_it_closes_when_the_drift_is_gone(unit: Product, alert_type: AlertType, clock: Any) -> None:
    told()
    clock.shift(3_600)
    says(unit, 0)
    told()
    assert alerts() == [(False, SENTENCE, SETTLED)]
    assert Alert.objects.get().dismissed_by == "system"
    assert list(Event.objects.order_by("pk").values_list("name", flat=True)) == [
        "credit_drift_found",
        "credit_drift_ended",
    ]
    told()
    assert Event.objects.count() == 2


@pytest.mark.parametrize("late", [["credit_drift_found"] * 2, ["credit_drift_ended"] * 2])
def test_events_that_come_twice_or_late_change_nothing(
    unit: Product, alert_type: AlertType, clock: Any, late: list[str]
) -> None:
    told()
    for name in [*late, "credit_drift_found", "credit_drift_ended"]:
        publish(name, subject=unit.pk)
    deliver_events()
    assert alerts() == [(True, SENTENCE, None)]
    says(unit, 0)
    clock.shift(60)
    told()
    for name in ["credit_drift_ended", *late]:
        publish(name, subject=unit.pk)
    deliver_events()
    assert alerts() == [(False, SENTENCE, SETTLED)]


def test_an_event_that_never_came_is_made_good(unit: Product, alert_type: AlertType) -> None:
    reconcile()
    Event.objects.all().delete()
    assert analyse_credit_drift() == (1, 0)
    CreditDrift.objects.all().delete()
    assert analyse_credit_drift() == (0, 1)
    assert analyse_credit_drift() == (0, 0)


def test_what_somebody_dismissed_is_not_raised_again_while_it_lasts(
    unit: Product, alert_type: AlertType, clock: Any
) -> None:
    told()
    Alert.objects.update(dismissed_at=NOW, dismissed_by="staff", dismissal_reason="Known")
    for _day in range(3):
        clock.shift(DAY)
        told()
        assert analyse_credit_drift() == (0, 0)
    assert alerts() == [(False, SENTENCE, "Known")]


def test_a_drift_that_begins_anew_is_told_after_the_pause(
    unit: Product, alert_type: AlertType, clock: Any
) -> None:
    told()
    says(unit, 0)
    clock.shift(3_600)
    told()
    says(unit, 5 * DAY)
    told()
    assert len(alerts()) == 1
    clock.shift(DAY + 1)
    assert analyse_credit_drift() == (1, 0)
    text = "The unit says it has 5 days left; by its payments it can have 0 min at most."
    assert alerts()[-1] == (True, text, None)


def test_a_new_drift_closes_the_alert_of_the_one_before(
    unit: Product, alert_type: AlertType, clock: Any
) -> None:
    """Both events are told only after the second drift has begun."""
    told()
    clock.shift(3_600)
    CreditDrift.objects.update(since=NOW + dt.timedelta(hours=1))
    assert analyse_credit_drift(product_imei=unit.pk) == (0, 1)


def test_one_unit_is_told_of_without_the_others(unit: Product, alert_type: AlertType) -> None:
    other = ProductFactory.create(dcm_enabled_flag=True, product_type=unit.product_type)
    other.latest_state = StateFactory.create(
        product=other, current_state_type=unit.latest_state.current_state_type
    )
    other.save()
    says(other, DAY)
    reconcile()
    assert analyse_credit_drift(product_imei=other.pk) == (1, 0)
    CreditDrift.objects.all().delete()
    assert analyse_credit_drift(product_imei=unit.pk) == (0, 0)
    assert analyse_credit_drift(product_imei=other.pk) == (0, 1)


def test_units_that_are_not_watched_get_none(unit: Product, alert_type: AlertType) -> None:
    entity = EntityFactory.create()
    ProductEntityLinkerFactory.create(product=unit, entity=entity, date_removed=None)
    opted_out = AlertTypeEntityAntiLinkerFactory.create(alert_type=alert_type, entity=entity)
    told()
    assert alerts() == []
    opted_out.delete()
    assert analyse_credit_drift() == (1, 0)


def test_queries_do_not_grow_with_units(
    unit: Product, alert_type: AlertType, django_assert_num_queries: Any
) -> None:
    for _unit in range(20):
        says(ProductFactory.create(dcm_enabled_flag=True), 10 * DAY)
    reconcile()
    with django_assert_num_queries(10):
        analyse_credit_drift()


def test_the_page_of_the_unit_and_the_list_say_it_with_figures(
    unit: Product, alert_type: AlertType, overview: User
) -> None:
    told()
    html = UnitPage(unit, overview).open().content.decode()
    assert SENTENCE in html
    client = Client()
    client.force_login(overview)
    assert SENTENCE in client.get(reverse("admin:alerts_alert_changelist")).content.decode()
