"""POST products/<imei>/send_wakeup and force_connection."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine

from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.selectors import can_wake, sms_cost, wakeable, why_not_woken
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.wakeups import WAKEUP_ENABLED_SOFTWARE
from apps.parts.categories import PartCategory
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.connectivity.units import UnitSession
from tests.connectivity.wakeups import unit_running
from tests.factories import (
    PartFactory,
    PartProductLinkerFactory,
    PartTypeCategoryFactory,
    PartTypeFactory,
    ProductFactory,
    ProductSoftwareLinkerFactory,
    SoftwareVersionTypeFactory,
    StateFactory,
    StateTypeFactory,
)

pytestmark = pytest.mark.django_db

STAFF = "staff@example.com"
LATER = dt.timedelta(minutes=10)


def path(product: Product, action: str = "send_wakeup") -> str:
    return f"/v1/products/{product.pk}/{action}"


def terminate(product: Product) -> None:
    product.latest_state = StateFactory.create(
        product=product, current_state_type=StateTypeFactory.create(name="TERMINATED")
    )
    product.save()


# --- the answer ----------------------------------------------------------------------------------


def test_an_admin_wakes_a_unit_up(api: Any, product: Product) -> None:
    answer = api.as_("admin").post(path(product))
    assert answer.status_code == 200
    row = SmsHistory.objects.get()
    assert answer.json() == {
        "status": "success",
        "message": "sms successfully sent",
        "data": {
            "sms_history_id": row.pk,
            "product_imei": product.pk,
            "attempted_retries": 0,
            "enable_history_id": None,
            "sent_time": "2026-03-01T12:00:00.000000",
            "sms_timeout": 3600.0,
            "status": None,
            "trigger": "wakeup",
            "message": None,
            "message_reference": row.message_reference,
            "created_at": "2026-03-01T12:00:00.000000",
            "modified_at": None,
            "created_by": "admin@example.com",
        },
    }
    assert re.fullmatch(r"/[0-9a-f]{16}/[0-9]{17}", row.message_reference or "")


def test_the_answer_is_the_row_as_its_table_serves_it(api: Any, product: Product) -> None:
    data = api.as_("admin").post(path(product)).json()["data"]
    assert api.as_("admin").get(f"/v1/sms_histories/{data['sms_history_id']}").json() == data


def test_a_message_is_due_once_it_is_written(product: Product) -> None:
    row = send_wakeup(product_imei=product.pk, by=STAFF)
    dispatch = SmsDispatch.objects.get()
    assert (dispatch.sms, dispatch.reference) == (row, row.message_reference)
    assert (dispatch.due_at, dispatch.attempts, dispatch.handed_over_at) == (NOW, 0, None)


def test_forcing_a_connection_wakes_the_unit_up(api: Any, product: Product) -> None:
    answer = api.as_("admin").post(path(product, "force_connection"))
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "success", "message": "Force connection request sent", "data": {}},
    )
    assert SmsHistory.objects.get().trigger == "wakeup"


def test_a_unit_of_real_time_communication_is_woken_up_too(api: Any, product: Product) -> None:
    product.rtc_enabled_flag = True
    product.save()
    assert api.as_("admin").post(path(product, "force_connection")).status_code == 200
    assert SmsHistory.objects.count() == 1


# --- repetition ----------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["send_wakeup", "force_connection"])
def test_a_message_on_its_way_is_not_paid_for_twice(
    api: Any, product: Product, clock: time_machine.Coordinates, action: str
) -> None:
    first = api.as_("admin").post(path(product)).json()
    clock.shift(LATER)
    again = api.as_("admin").post(path(product, action))
    assert again.status_code == 200
    assert action != "send_wakeup" or again.json() == first
    assert SmsHistory.objects.count() == 1


@pytest.mark.parametrize("status", ["Delivered", "Expired"])
def test_after_a_message_was_judged_another_is_sent(
    product: Product, clock: time_machine.Coordinates, status: str
) -> None:
    send_wakeup(product_imei=product.pk, by=STAFF)
    SmsHistory.objects.update(status=status)
    clock.shift(LATER)
    send_wakeup(product_imei=product.pk, by=STAFF)
    assert SmsHistory.objects.count() == 2


def test_a_message_that_nobody_judged_in_time_stands_no_longer(
    product: Product, clock: time_machine.Coordinates
) -> None:
    send_wakeup(product_imei=product.pk, by=STAFF)
    clock.shift(dt.timedelta(hours=1))
    send_wakeup(product_imei=product.pk, by=STAFF)
    assert SmsHistory.objects.count() == 2


def test_a_unit_that_reported_since_is_woken_up_again(
    product: Product, unit: UnitSession, clock: time_machine.Coordinates
) -> None:
    send_wakeup(product_imei=product.pk, by=STAFF)
    clock.shift(LATER)
    unit.report()
    send_wakeup(product_imei=product.pk, by=STAFF)
    assert SmsHistory.objects.count() == 2


def test_a_row_that_was_only_written_down_holds_nothing_up(api: Any, product: Product) -> None:
    row = {"product_imei": product.pk, "attempted_retries": 0}
    row |= {"sent_time": "2026-03-01T11:59:00", "sms_timeout": 3600}
    assert api.as_("system").post("/v1/sms_histories", row).status_code == 201
    send_wakeup(product_imei=product.pk, by=STAFF)
    assert SmsDispatch.objects.count() == 1


def test_the_row_of_a_message_may_be_deleted(api: Any, product: Product) -> None:
    row = send_wakeup(product_imei=product.pk, by=STAFF)
    assert api.as_("system").delete(f"/v1/sms_histories/{row.pk}").status_code == 204
    assert not SmsDispatch.objects.exists()


# --- refusals ------------------------------------------------------------------------------------


def refused(api: Any, product: Product, why: str) -> None:
    for action in ("send_wakeup", "force_connection"):
        answer = api.as_("admin").post(path(product, action))
        assert answer.status_code == 400
        assert answer.json()["status"] == "error"
        assert why in answer.json()["message"]
    assert not SmsHistory.objects.exists()
    assert not SmsDispatch.objects.exists()


def test_a_terminated_unit_is_not_woken_up(api: Any, product: Product) -> None:
    terminate(product)
    refused(api, product, "TERMINATED")


@pytest.mark.parametrize("name", ["2.14", "3.1", "3.6b", "3.7", "hub-stc-7", "HUB-STC-1"])
def test_software_that_cannot_be_woken_up_is_named(api: Any, name: str) -> None:
    refused(api, unit_running(name), f"runs software {name}, which cannot be woken up")


def test_of_a_unit_without_software_nothing_is_known(api: Any, db: None) -> None:
    product = ProductFactory.create()
    version = SoftwareVersionTypeFactory.create(name="3.6")
    # Asked for, not confirmed; and no longer there.
    link = ProductSoftwareLinkerFactory.create
    link(product=product, software_version_type=version, date_added=None)
    link(product=product, software_version_type=version, date_removed=NOW)
    refused(api, product, "not known which software")


@pytest.mark.parametrize("name", sorted(WAKEUP_ENABLED_SOFTWARE))
def test_the_software_of_the_list_is_woken_up(name: str) -> None:
    assert can_wake(unit_running(name).pk)


def put_sim_in(product: Product, **columns: Any) -> Any:
    category = PartTypeCategoryFactory.create(pk=PartCategory.SIM)
    part = PartFactory.create(part_type=PartTypeFactory.create(part_type_category=category))
    return PartProductLinkerFactory.create(product=product, part=part, **columns)


def test_a_unit_whose_sim_was_taken_out_is_not_woken_up(api: Any, product: Product) -> None:
    linker = put_sim_in(product, date_added=NOW - LATER, date_removed=NOW)
    refused(api, product, "SIM was taken out")
    linker.pk, linker.date_removed = None, None
    linker.save()
    assert can_wake(product.pk)


def test_many_units_are_judged_in_one_statement(
    django_assert_num_queries: Any, product: Product
) -> None:
    dead = unit_running("2.15")
    terminate(dead)
    units = [product, dead, unit_running("3.6"), unit_running("4.0"), ProductFactory.create()]
    keys = [unit.pk for unit in units]
    with django_assert_num_queries(1):
        assert wakeable([*keys, "990000000000000"]) == {keys[0], keys[2]}
    assert why_not_woken([*keys, "990000000000000"]).keys() == {
        keys[1],
        keys[3],
        keys[4],
        "990000000000000",
    }


def test_the_price_of_a_message_is_that_of_the_environment(settings: Any) -> None:
    assert str(sms_cost()) == "0.05"
