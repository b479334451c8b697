"""The wake-ups that wishes cause."""

from __future__ import annotations

import pytest

from apps.connectivity.models import SmsHistory
from apps.core.events import Event, deliver_events
from apps.products.models import EnableHistory, Product
from apps.products.services.switch import disable_product, enable_product, enable_tamper_switch
from tests.connectivity.units import UnitSession
from tests.connectivity.wakeups import unit_running
from tests.factories import (
    StateFactory,
    StateTypeFactory,
)

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"


def terminate(product: Product) -> None:
    product.latest_state = StateFactory.create(
        product=product, current_state_type=StateTypeFactory.create(name="TERMINATED")
    )
    product.save()


def wishes() -> list[tuple[str | None, int | None, str | None]]:
    rows = SmsHistory.objects.order_by("pk")
    return list(rows.values_list("trigger", "enable_history_id", "created_by"))


def test_a_wish_wakes_the_unit_up(product: Product) -> None:
    on = enable_product(product_imei=product.pk, by=STAFF)
    deliver_events()
    off = disable_product(product_imei=product.pk, by="other@example.com")
    deliver_events()
    assert on is not None
    assert off is not None
    assert wishes() == [("enable", on.pk, STAFF), ("disable", off.pk, "other@example.com")]


def test_a_wish_is_written_down_before_anybody_hears_of_it(product: Product) -> None:
    """Asking costs one row: the message is written by the consumer of the event."""
    enable_product(product_imei=product.pk, by=STAFF)
    assert not SmsHistory.objects.exists()
    event = Event.objects.get()
    row = EnableHistory.objects.get()
    assert (event.name, event.subject) == ("switch_asked", product.pk)
    assert event.data == {"history_id": row.pk, "on": True, "by": STAFF}


def test_a_repeated_request_wakes_nobody_up(product: Product) -> None:
    for _turn in range(3):
        enable_product(product_imei=product.pk, by=STAFF)
        deliver_events()
    assert len(wishes()) == 1


def test_a_wish_that_was_overtaken_is_not_paid_for(product: Product) -> None:
    enable_product(product_imei=product.pk, by=STAFF)
    off = disable_product(product_imei=product.pk, by=STAFF)
    deliver_events()
    assert off is not None
    assert wishes() == [("disable", off.pk, STAFF)]


def test_a_wish_that_the_unit_confirmed_meanwhile_is_not_paid_for(
    product: Product, unit: UnitSession
) -> None:
    enable_product(product_imei=product.pk, by=STAFF)
    unit.report(enabled=True)
    deliver_events()
    assert not wishes()


def test_a_unit_that_cannot_be_woken_up_is_switched_all_the_same(db: None) -> None:
    product = unit_running("4.0")
    assert enable_product(product_imei=product.pk, by=STAFF) is not None
    deliver_events()
    assert not wishes()
    assert Event.objects.get().delivered_at is not None


def test_a_terminated_unit_that_is_switched_off_is_not_woken_up(product: Product) -> None:
    terminate(product)
    assert disable_product(product_imei=product.pk, by=STAFF) is not None
    deliver_events()
    assert not wishes()


def test_a_wish_about_the_tamper_switch_wakes_nobody_up(product: Product) -> None:
    assert enable_tamper_switch(product_imei=product.pk, by=STAFF) is not None
    deliver_events()
    assert not wishes()


def test_what_a_unit_reports_is_no_wish(product: Product, unit: UnitSession) -> None:
    unit.report(enabled=True)
    assert not Event.objects.exists()


def test_the_row_of_a_wish_may_be_gone_when_its_event_is_told(product: Product) -> None:
    enable_product(product_imei=product.pk, by=STAFF)
    Product.objects.update(latest_enable_history=None)
    EnableHistory.objects.all().delete()
    deliver_events()
    assert not wishes()
