"""Asking a unit to switch: what staff see until the unit has heard."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from apps.core.writes import Writes, Written
from apps.products.errors import UnitTerminated, UnknownProduct
from apps.products.models import EnableHistory, EnableState, Product, TamperEnableHistory
from apps.products.services import switch
from tests.factories import ProductFactory, StateFactory, StateTypeFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STAFF = "staff@example.com"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def product() -> Product:
    return ProductFactory.create()


@pytest.fixture
def terminated(product: Product) -> Product:
    stage = StateTypeFactory.create(name="TERMINATED")
    product.latest_state = StateFactory.create(product=product, current_state_type=stage)
    product.save()
    return product


def states(product: Product) -> list[tuple[str | None, str]]:
    rows = EnableHistory.objects.filter(product=product).order_by("pk")
    return list(rows.values_list("prev_enable_state", "current_enable_state"))


def confirm(product: Product, on: bool) -> None:
    """The unit says that it is on or off."""
    product.refresh_from_db()
    newest = EnableHistory.objects.filter(product=product).order_by("-pk").first()
    writes = Writes()
    columns = switch.confirm_switch(
        switch=switch.MAIN,
        product_imei=product.pk,
        standing=switch.SwitchStanding(
            current=product.current_enable_flag,
            state=EnableState(newest.current_enable_state) if newest else EnableState.INIT,
            since=newest.date if newest else None,
        ),
        reported=on,
        made_at=NOW,
        now=NOW,
        writes=writes,
    )
    writes.send()
    if columns:
        saved = {n: v.value if isinstance(v, Written) else v for n, v in columns.items()}
        Product.objects.filter(pk=product.pk).update(**saved)


def test_enabling_waits_for_the_unit(product: Product) -> None:
    row = switch.enable_product(product_imei=product.pk, by=STAFF)
    assert row is not None
    product.refresh_from_db()
    assert (product.desired_enable_flag, product.current_enable_flag) == (True, False)
    assert product.latest_enable_history == row
    assert (row.prev_enable_state, row.current_enable_state) == ("init", "pending_enabled")
    assert (row.user, row.created_by, row.date) == (STAFF, STAFF, NOW)
    assert (product.modified_by, product.modified_at) == (STAFF, NOW)


def test_disabling_notes_the_date_and_enabling_clears_it(product: Product) -> None:
    switch.disable_product(product_imei=product.pk, by=STAFF)
    product.refresh_from_db()
    assert product.desired_enable_flag is False
    assert product.disable_date == NOW
    switch.enable_product(product_imei=product.pk, by=STAFF)
    product.refresh_from_db()
    assert product.disable_date is None


def test_asking_again_changes_nothing(product: Product, clock: Any) -> None:
    switch.disable_product(product_imei=product.pk, by=STAFF)
    clock.shift(60)
    assert switch.disable_product(product_imei=product.pk, by="other@example.com") is None
    product.refresh_from_db()
    assert (product.disable_date, product.modified_by) == (NOW, STAFF)
    assert states(product) == [("init", "pending_disabled")]


def test_asking_back_before_the_unit_heard_is_a_change_of_its_own(product: Product) -> None:
    switch.enable_product(product_imei=product.pk, by=STAFF)
    confirm(product, on=True)
    switch.disable_product(product_imei=product.pk, by=STAFF)
    switch.enable_product(product_imei=product.pk, by=STAFF)
    product.refresh_from_db()
    assert (product.desired_enable_flag, product.disable_date) == (True, None)
    assert states(product)[2:] == [
        ("enabled", "pending_disabled"),
        ("pending_disabled", "pending_enabled"),
    ]


def test_a_whole_life_of_a_switch(product: Product) -> None:
    for on in (True, False, True):
        ask = switch.enable_product if on else switch.disable_product
        ask(product_imei=product.pk, by=STAFF)
        confirm(product, on=on)
        ask(product_imei=product.pk, by=STAFF)
        confirm(product, on=on)
    assert states(product) == [
        ("init", "pending_enabled"),
        ("pending_enabled", "enabled"),
        ("enabled", "pending_disabled"),
        ("pending_disabled", "disabled"),
        ("disabled", "pending_enabled"),
        ("pending_enabled", "enabled"),
    ]


def test_wishing_for_what_the_unit_does_already_needs_no_confirmation(product: Product) -> None:
    """It switched itself on; then somebody asks for just that."""
    confirm(product, on=True)
    assert switch.enable_product(product_imei=product.pk, by=STAFF) is None
    product.refresh_from_db()
    assert product.desired_enable_flag is True
    assert states(product) == [("init", "enabled")]


def test_a_terminated_unit_is_never_switched_on(terminated: Product) -> None:
    with pytest.raises(UnitTerminated, match=r"TERMINATED"):
        switch.enable_product(product_imei=terminated.pk, by=STAFF)
    terminated.refresh_from_db()
    assert terminated.desired_enable_flag is False
    assert states(terminated) == []


def test_a_terminated_unit_may_be_switched_off(terminated: Product) -> None:
    switch.disable_product(product_imei=terminated.pk, by=STAFF)
    assert states(terminated) == [("init", "pending_disabled")]


def test_the_tamper_switch_has_a_history_of_its_own(product: Product) -> None:
    switch.enable_tamper_switch(product_imei=product.pk, by=STAFF)
    switch.enable_tamper_switch(product_imei=product.pk, by=STAFF)
    switch.disable_tamper_switch(product_imei=product.pk, by=STAFF)
    product.refresh_from_db()
    assert (product.desired_tamper_flag, product.current_tamper_flag) == (False, False)
    assert (product.desired_enable_flag, product.disable_date) == (False, None)
    rows = TamperEnableHistory.objects.order_by("pk").values_list(
        "prev_tamper_enable_state", "current_tamper_enable_state", "user"
    )
    assert list(rows) == [
        ("init", "pending_enabled", STAFF),
        ("pending_enabled", "pending_disabled", STAFF),
    ]
    assert states(product) == []


def test_a_unit_that_does_not_exist_cannot_be_switched() -> None:
    with pytest.raises(UnknownProduct):
        switch.enable_product(product_imei="999999999999999", by=STAFF)


def test_the_history_stays_in_order_when_the_clock_is_set_back(
    product: Product, clock: Any
) -> None:
    switch.enable_product(product_imei=product.pk, by=STAFF)
    clock.shift(-3600)
    switch.disable_product(product_imei=product.pk, by=STAFF)
    assert switch.disable_product(product_imei=product.pk, by=STAFF) is None
    assert states(product) == [("init", "pending_enabled"), ("pending_enabled", "pending_disabled")]
    assert {row.date for row in EnableHistory.objects.all()} == {NOW}


@pytest.mark.parametrize(
    ("state", "on"), [(state, on) for state in EnableState for on in (True, False)]
)
def test_every_state_has_an_answer_to_every_wish_and_report(state: EnableState, on: bool) -> None:
    """Asking leads to pending or changes nothing; a report leads to what it says or changes
    nothing; what is reached stays where it is when the same comes again.
    """
    asked = switch.ASKED.get((state, on), state)
    assert asked in (
        (EnableState.PENDING_ENABLED, EnableState.ENABLED)
        if on
        else (EnableState.PENDING_DISABLED, EnableState.DISABLED)
    )
    assert (asked, on) not in switch.ASKED
    reported = switch.REPORTED.get((state, on), state)
    assert (reported, on) not in switch.REPORTED


# --- through the API ---------------------------------------------------------------------------

ACTIONS = {
    "enable": "Product enabled",
    "disable": "Product disabled",
    "enable_tamper_switch": "Product #{} tamper_switch_enabled",
    "disable_tamper_switch": "Product #{} tamper_switch_disabled",
}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_technician_switches(api: Any, product: Product, action: str) -> None:
    for _repeat in range(2):
        answer = api.as_("technician").put(f"/v1/products/{product.pk}/{action}")
        assert answer.status_code == 200
        assert answer.json() == {
            "status": "success",
            "message": ACTIONS[action].format(product.pk),
            "data": None,
        }
    rows = list(EnableHistory.objects.all()) + list(TamperEnableHistory.objects.all())
    assert [row.user for row in rows] == ["technician@example.com"]


def test_the_answer_is_french_where_french_is_asked_for(api: Any, product: Product) -> None:
    path = f"/v1/products/{product.pk}/enable"
    answer = api.as_("technician").put(path, headers={"Accept-Language": "fr"})
    assert answer.json()["message"] == "Produit activé"


@pytest.mark.parametrize("action", ACTIONS)
def test_overview_may_not_switch(api: Any, product: Product, action: str) -> None:
    assert api.as_("overview").put(f"/v1/products/{product.pk}/{action}").status_code == 403
    assert not EnableHistory.objects.exists()
    assert not TamperEnableHistory.objects.exists()
    product.refresh_from_db()
    assert product.modified_at is None


@pytest.mark.parametrize("action", ACTIONS)
def test_a_unit_of_somebody_else_is_not_there(api: Any, product: Product, action: str) -> None:
    outside = api.as_("outsider").put(f"/v1/products/{product.pk}/{action}")
    absent = api.as_("outsider").put(f"/v1/products/999999999999999/{action}")
    assert outside.status_code == absent.status_code == 404
    assert outside.content == absent.content
    assert not EnableHistory.objects.exists()
    assert not TamperEnableHistory.objects.exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_switching_is_a_put(api: Any, product: Product, action: str) -> None:
    assert api.as_("system").post(f"/v1/products/{product.pk}/{action}").status_code == 405


def test_enabling_a_terminated_unit_is_refused_with_the_reason(
    api: Any, terminated: Product
) -> None:
    answer = api.as_("technician").put(f"/v1/products/{terminated.pk}/enable")
    assert answer.status_code == 400
    assert answer.json()["status"] == "error"
    assert "TERMINATED" in answer.json()["message"]
    assert states(terminated) == []
