"""What the units of the demonstration fleet said, were told, paid and were repaired for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest

from apps.alerts.models import Alert
from apps.connectivity.models import Connection, SmsHistory
from apps.dcm.models import Balance, FinalBalance, PaymentCommand
from apps.parts.models import PartProductLinker
from apps.products.models import (
    Product,
)
from apps.repairs.models import Repair
from apps.rtc.models import RtcConnectionHistory
from tests.core.demo.fleet import IN_USE, UNTIL, by_unit

pytestmark = pytest.mark.django_db


def test_pointers_lead_to_the_newest_connection(products: list[Product]) -> None:
    connections = by_unit(Connection, "date")
    for product in products:
        rows = connections[product.pk]
        assert product.latest_connection_id == rows[-1].pk
        located = [row for row in rows if not row.location_failed_flag]
        assert product.latest_connection_location_id == (located[-1].pk if located else None)
        for row in rows:
            assert (row.latitude is None) == row.location_failed_flag
            assert (row.cell_1_mcc, row.cell_1_mnc) == (row.mcc, row.mnc)


def test_most_units_in_use_were_heard_in_the_last_four_hours(products: list[Product]) -> None:
    ages = [
        UNTIL - product.latest_connection.date
        for product in products
        if product.latest_state.current_state_type_id in IN_USE
    ]
    hours = sorted(age.total_seconds() / 3600 for age in ages)
    assert 0.6 < sum(hour <= 4 for hour in hours) / len(hours) < 0.9
    assert hours[-1] > 7 * 24


def test_connections_of_a_unit_are_some_four_hours_apart(products: list[Product]) -> None:
    gaps = [
        (after.date - before.date).total_seconds() / 3600
        for rows in by_unit(Connection, "date").values()
        for before, after in pairwise(rows)
    ]
    assert min(gaps) > 3.9
    assert sum(gap < 4.2 for gap in gaps) / len(gaps) > 0.8
    assert max(gaps) > 7


def test_messages_belong_to_the_request_they_were_sent_for() -> None:
    rows = SmsHistory.objects.exclude(enable_history=None).select_related("enable_history")
    assert rows
    for row in rows:
        assert row.enable_history is not None
        assert row.product_id == row.enable_history.product_id
        assert row.sent_time == row.enable_history.date


def test_credit_adds_up(products: list[Product]) -> None:
    commands = by_unit(PaymentCommand)
    balances = {row.product_id: row for row in Balance.objects.all()}
    zeroed = {row.product_id: row for row in FinalBalance.objects.all()}
    assert balances
    for imei, balance in balances.items():
        booked = [row for row in commands[imei] if row.status == "acknowledged"]
        assert 0 <= balance.balance <= sum(row.value for row in booked if not row.void)
        if imei in zeroed:
            assert balance.balance == 0
            paid = [row for row in booked if row.category != "zero-command"]
            assert all(row.void for row in paid)
            assert zeroed[imei].total_added == sum(row.value for row in paid)
            assert zeroed[imei].final_balance <= zeroed[imei].total_added
    for product in products:
        if product.product_type.name == "BPower20":
            assert product.dcm_enabled_flag


def test_silent_units_have_the_alert_their_analysis_would_raise(products: list[Product]) -> None:
    alerted = set(
        Alert.objects.filter(
            alert_type__name="no_connection", dismissed_at__isnull=True
        ).values_list("product_id", flat=True)
    )
    silent = {
        product.pk
        for product in products
        if product.latest_state.current_state_type_id in {5, 6}
        and UNTIL - product.latest_connection.date > dt.timedelta(hours=48)
    }
    assert silent
    assert alerted == silent


def test_no_alert_is_open_twice() -> None:
    rows = Alert.objects.filter(dismissed_at__isnull=True).values_list("product", "alert_type")
    assert len(rows) == len(set(rows))


def test_units_in_repair_are_on_the_bench(products: list[Product]) -> None:
    under_way = Counter(
        Repair.objects.filter(refurbishment_date=None).values_list("product_id", flat=True)
    )
    in_repair = {p.pk for p in products if p.latest_state.current_state_type_id == 8}
    assert in_repair
    assert set(under_way) == in_repair
    assert set(under_way.values()) == {1}
    for repair in Repair.objects.exclude(refurbishment_date=None):
        assert repair.repair_symptom_type_linker.exists()
        assert repair.repair_action_type_linker.exists()
        assert repair.refurbishment_date >= repair.arrival_date


def test_a_replaced_battery_is_out_and_the_new_one_in() -> None:
    changed = PartProductLinker.objects.exclude(replaced_part=None)
    assert changed
    for row in changed:
        old = PartProductLinker.objects.get(part=row.replaced_part)
        assert old.date_removed == row.date_added
        assert old.removed_repair_id == row.added_repair_id
        assert row.date_removed is None


def test_rtc_pointers_lead_to_the_newest_status(products: list[Product]) -> None:
    histories = by_unit(RtcConnectionHistory, "connection_status_time")
    assert histories
    for product in products:
        rows = histories[product.pk]
        assert product.latest_rtc_connection_history_id == (rows[-1].pk if rows else None)
        if rows:
            assert product.rtc_enabled_flag
            assert product.rtc_network_name
