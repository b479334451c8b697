"""From the wish of a technician to the word of the unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.products.models import EnableHistory, Product
from apps.products.services import switch
from tests.connectivity.conftest import NOW
from tests.connectivity.units import UnitSession

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
STAFF = "staff@example.com"


def chain(product: Product) -> list[tuple[str, str]]:
    """The unit's history as (user, state), after a check that each row begins where one ended."""
    rows = list(EnableHistory.objects.filter(product=product).order_by("pk"))
    state = "init"
    for row in rows:
        assert row.prev_enable_state == state
        state = row.current_enable_state
    product.refresh_from_db()
    assert product.latest_enable_history == (rows[-1] if rows else None)
    return [(row.user, row.current_enable_state) for row in rows]


def ask(product: Product, on: bool) -> None:
    service = switch.enable_product if on else switch.disable_product
    service(product_imei=product.pk, by=STAFF)


@pytest.fixture
def enabled(product: Product, unit: UnitSession) -> Product:
    """A unit that was switched on and has said so, five minutes ago."""
    ask(product, on=True)
    unit.report(enabled=True)
    product.refresh_from_db()
    return product


def test_the_whole_story_through_the_api(api: Any, unit: UnitSession, product: Product) -> None:
    technician = api.as_("technician")
    path = f"/v1/products/{product.pk}"
    unit.report(enabled=False)

    assert technician.put(f"{path}/enable").status_code == 200
    assert unit.wishes()["enable"] is True
    assert technician.get(path).json()["current_enable_flag"] is False
    unit.report(enabled=True)
    shown = technician.get(path).json()
    assert (shown["current_enable_flag"], shown["desired_enable_flag"]) == (True, True)

    assert technician.put(f"{path}/disable").status_code == 200
    assert unit.wishes()["enable"] is False
    unit.report(enabled=False)
    shown = technician.get(path).json()
    assert (shown["current_enable_flag"], shown["desired_enable_flag"]) == (False, False)
    assert shown["disable_date"] == "2026-03-01T12:00:00.000000"

    query = {"order_by": [{"field": "enable_history_id", "direction": "asc"}]}
    rows = technician.get("/v1/enable_history", params={"q": query}).json()["objects"]
    assert [
        (row["prev_enable_state"], row["current_enable_state"], row["user"]) for row in rows
    ] == [
        ("init", "pending_enabled", "technician@example.com"),
        ("pending_enabled", "enabled", "unit"),
        ("enabled", "pending_disabled", "technician@example.com"),
        ("pending_disabled", "disabled", "unit"),
    ]
    assert shown["latest_enable_history_id"] == rows[-1]["enable_history_id"]


def test_disabling_a_new_unit_is_confirmed_too(unit: UnitSession, product: Product) -> None:
    ask(product, on=False)
    assert unit.wishes()["enable"] is False
    unit.report(enabled=False)
    assert chain(product) == [(STAFF, "pending_disabled"), ("unit", "disabled")]


def test_hearing_is_not_obeying(unit: UnitSession, enabled: Product) -> None:
    ask(enabled, on=False)
    for _repeat in range(3):
        assert unit.wishes()["enable"] is False
    assert chain(enabled)[-1] == (STAFF, "pending_disabled")
    assert enabled.current_enable_flag is True


def test_a_report_from_before_the_unit_heard_leaves_it_pending(
    unit: UnitSession, enabled: Product
) -> None:
    ask(enabled, on=False)
    unit.report(enabled=True)
    assert chain(enabled)[-1] == (STAFF, "pending_disabled")
    assert (enabled.current_enable_flag, enabled.desired_enable_flag) == (True, False)


def test_a_new_unit_that_is_as_expected_has_no_history(unit: UnitSession, product: Product) -> None:
    unit.report(enabled=False)
    assert chain(product) == []


def test_asking_back_is_confirmed_by_a_unit_that_never_heard(
    unit: UnitSession, enabled: Product
) -> None:
    ask(enabled, on=False)
    ask(enabled, on=True)
    unit.report(enabled=True)
    assert chain(enabled)[2:] == [
        (STAFF, "pending_disabled"),
        (STAFF, "pending_enabled"),
        ("unit", "enabled"),
    ]


def test_a_confirmation_of_an_older_wish_does_not_undo_the_newer_one(
    unit: UnitSession, enabled: Product
) -> None:
    ask(enabled, on=False)
    assert unit.wishes()["enable"] is False
    ask(enabled, on=True)
    unit.report(enabled=False)
    assert chain(enabled)[-1] == (STAFF, "pending_enabled")
    assert (enabled.current_enable_flag, enabled.desired_enable_flag) == (False, True)
    assert unit.wishes()["enable"] is True
    unit.report(enabled=True)
    assert chain(enabled)[-1] == ("unit", "enabled")
    assert enabled.current_enable_flag is True


def test_what_nobody_asked_for_is_recorded_and_the_wish_offered_again(
    unit: UnitSession, enabled: Product
) -> None:
    unit.report(enabled=False)
    assert chain(enabled)[-1] == ("unit", "disabled")
    assert (enabled.current_enable_flag, enabled.desired_enable_flag) == (False, True)
    assert unit.wishes()["enable"] is True
    unit.report(enabled=False)
    assert len(chain(enabled)) == 3
    unit.report(enabled=True)
    assert chain(enabled)[-1] == ("unit", "enabled")


def test_a_late_report_does_not_turn_a_confirmed_state_back(
    unit: UnitSession, enabled: Product, clock: time_machine.Coordinates
) -> None:
    clock.shift(10 * MINUTE)
    ask(enabled, on=False)
    unit.report(enabled=False)
    before = chain(enabled)
    unit.report(enabled=True, time=(NOW + MINUTE).isoformat())
    assert chain(enabled) == before
    assert enabled.current_enable_flag is False


def test_a_report_made_before_the_wish_does_not_confirm_it(
    unit: UnitSession, enabled: Product, clock: time_machine.Coordinates
) -> None:
    """It was on its way for an hour; what it says is true, but not an answer to the wish."""
    clock.shift(60 * MINUTE)
    ask(enabled, on=False)
    ask(enabled, on=True)
    unit.report(enabled=True, time=(NOW + MINUTE).isoformat())
    assert chain(enabled)[-1] == (STAFF, "pending_enabled")
    unit.report(enabled=True)
    assert chain(enabled)[-1] == ("unit", "enabled")


def test_a_unit_whose_clock_is_slow_confirms_all_the_same(
    unit: UnitSession, product: Product
) -> None:
    ask(product, on=True)
    unit.report(enabled=True, time=(NOW - 4 * MINUTE).isoformat())
    assert chain(product)[-1] == ("unit", "enabled")


def test_reports_in_any_order_end_in_the_newest(
    unit: UnitSession, product: Product, clock: time_machine.Coordinates
) -> None:
    clock.shift(10 * MINUTE)
    for minute, on in [(2, True), (6, False), (4, True), (1, True), (6, False), (3, True)]:
        unit.report(enabled=on, time=(NOW + minute * MINUTE).isoformat())
    assert chain(product) == [("unit", "enabled"), ("unit", "disabled")]
    assert product.current_enable_flag is False


def test_the_tamper_switch_is_confirmed_in_the_same_way(
    unit: UnitSession, product: Product
) -> None:
    switch.enable_tamper_switch(product_imei=product.pk, by=STAFF)
    assert unit.wishes()["tamper_switch"] is True
    for _repeat in range(2):
        unit.report(tamper_enabled=True)
    unit.report(tamper_enabled=False)
    rows = product.tamper_enable_history.order_by("pk").values_list(
        "prev_tamper_enable_state", "current_tamper_enable_state", "user"
    )
    assert list(rows) == [
        ("init", "pending_enabled", STAFF),
        ("pending_enabled", "enabled", "unit"),
        ("enabled", "disabled", "unit"),
    ]
    product.refresh_from_db()
    assert (product.current_tamper_flag, product.desired_tamper_flag) == (False, True)
    assert chain(product) == []


def test_both_switches_in_one_report(unit: UnitSession, product: Product) -> None:
    ask(product, on=True)
    switch.enable_tamper_switch(product_imei=product.pk, by=STAFF)
    unit.report(enabled=True, tamper_enabled=True)
    product.refresh_from_db()
    assert (product.current_enable_flag, product.current_tamper_flag) == (True, True)
