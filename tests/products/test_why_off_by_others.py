"""Why a unit is off, as repairs, credit, alerts and connections tell it, and which answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from apps.alerts.models import AlertType
from apps.dcm.models import PaymentCategory, PaymentStatus
from apps.products.lifecycle import LifeStage
from apps.products.models import EnableState, Product
from tests.factories import (
    AlertFactory,
    AlertTypeFactory,
    BalanceFactory,
    NetworkFactory,
    PaymentCommandFactory,
    RepairCentreFactory,
    RepairFactory,
    SmsHistoryFactory,
)
from tests.products.why import (
    DAY,
    GRACE,
    HOUR,
    NOW,
    a_unit,
    contact,
    explained,
    keys,
    switched,
    why,
)

pytestmark = pytest.mark.django_db

_S = EnableState


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def remark(unit: Product, key: str) -> str:
    """The sentence of one remark."""
    return next(str(r.sentence) for r in explained(unit).remarks if r.key == key)


# --- repairs -------------------------------------------------------------------------------------


def test_a_unit_in_repair_says_which_repair_where_and_since_when() -> None:
    unit = a_unit(on=False, stage=LifeStage.IN_REPAIR_SYSTEM)
    repair = RepairFactory.create(
        product=unit,
        repair_centre=RepairCentreFactory.create(name="Kisumu"),
        created_at=NOW - 5 * DAY,
        created_by=GRACE,
    )
    assert why(unit) == f"In repair at Kisumu: repair #{repair.pk} was begun 5 days ago."
    assert f"/{repair.pk}/" in explained(unit).answer.url
    assert keys(unit) == ["in_repair", "taken_in"]


def test_a_repair_without_a_centre_is_a_repair() -> None:
    unit = a_unit(on=False)
    repair = RepairFactory.create(product=unit, created_at=NOW - 5 * DAY)
    assert why(unit) == f"In repair: repair #{repair.pk} was begun 5 days ago."


@pytest.mark.parametrize(
    "over", [{"outcome": "fixed"}, {"refurbishment_date": dt.date(2024, 4, 1)}]
)
def test_a_repair_that_is_over_explains_nothing(over: dict[str, object]) -> None:
    unit = a_unit(on=False)
    RepairFactory.create(product=unit, **over)
    assert keys(unit) == ["never_on"]


def test_an_open_repair_of_a_unit_that_is_on_is_added() -> None:
    unit = a_unit(on=True)
    RepairFactory.create(product=unit)
    assert keys(unit) == ["on", "in_repair"]


def test_repair_goes_before_stock_and_after_termination() -> None:
    stored = a_unit(on=False, stage=LifeStage.STORED)
    RepairFactory.create(product=stored)
    assert keys(stored) == ["in_repair", "not_in_use"]
    terminated = a_unit(on=False, stage=LifeStage.TERMINATED)
    RepairFactory.create(product=terminated)
    assert keys(terminated) == ["terminated"]


# --- credit --------------------------------------------------------------------------------------


def out_of_credit(**more: object) -> Product:
    """A unit that counts its credit and has had none for two days."""
    columns = {"on": True, "dcm_enabled_flag": True, **more}
    unit = a_unit(**columns)  # type: ignore[arg-type]
    BalanceFactory.create(product=unit, balance=0, expected_expiry=NOW - 2 * DAY)
    return unit


def test_credit_that_ran_out_says_when_and_that_nobody_paid() -> None:
    unit = out_of_credit()
    assert why(unit) == "Its credit ran out 2 days ago, and no payment has come in since."
    assert explained(unit).answer.means_off
    assert keys(unit) == ["credit_ran_out"]


def test_credit_runs_out_by_the_clock_while_nobody_hears_the_unit() -> None:
    unit = a_unit(on=True, dcm_enabled_flag=True)
    BalanceFactory.create(product=unit, balance=86_400, expected_expiry=NOW - HOUR)
    assert keys(unit) == ["credit_ran_out"]


def test_a_payment_that_waits_for_the_unit_is_said() -> None:
    unit = out_of_credit()
    PaymentCommandFactory.create(product=unit, value=7 * 86_400)
    assert why(unit) == (
        "Its credit ran out 2 days ago; a payment of 7 days waits for it to be heard."
    )


def test_several_payments_are_added_up_and_only_those_that_wait() -> None:
    unit = out_of_credit()
    PaymentCommandFactory.create(product=unit, value=7 * 86_400)
    PaymentCommandFactory.create(product=unit, value=3 * 86_400, status="pending")
    PaymentCommandFactory.create(product=unit, value=86_400, void=True)
    PaymentCommandFactory.create(product=unit, value=86_400, status=PaymentStatus.ACKNOWLEDGED)
    PaymentCommandFactory.create(product=unit, value=0, category=PaymentCategory.ZERO_COMMAND)
    assert why(unit) == (
        "Its credit ran out 2 days ago; 2 payments of 10 days in all wait for it to be heard."
    )


@pytest.mark.parametrize("columns", [{"dcm_enabled_flag": False}, {"is_payg": False}])
def test_only_a_unit_that_counts_credit_and_is_not_paid_off_runs_out(
    columns: dict[str, bool],
) -> None:
    assert keys(out_of_credit(**columns)) == ["on"]


def test_a_unit_that_never_said_what_it_has_left_has_not_run_out() -> None:
    assert keys(a_unit(on=True, dcm_enabled_flag=True)) == ["on"]


def test_credit_that_ends_soon_is_a_warning() -> None:
    unit = a_unit(on=True, dcm_enabled_flag=True)
    BalanceFactory.create(product=unit, balance=18_000, expected_expiry=NOW + 5 * HOUR)
    assert keys(unit) == ["on", "credit_runs_out"]
    assert remark(unit, "credit_runs_out") == "Its credit runs out in 5 h."


def test_credit_for_days_is_nothing_to_tell() -> None:
    unit = a_unit(on=True, dcm_enabled_flag=True)
    BalanceFactory.create(product=unit, balance=5 * 86_400, expected_expiry=NOW + 5 * DAY)
    assert keys(unit) == ["on"]


def test_being_switched_off_goes_before_credit() -> None:
    unit = out_of_credit(on=False)
    switched(unit, _S.PENDING_DISABLED, 3 * DAY)
    switched(unit, _S.DISABLED, 2 * DAY, by="unit")
    assert keys(unit) == ["switched_off", "credit_ran_out"]


def test_credit_goes_before_a_wish_to_be_on_and_before_silence() -> None:
    unit = out_of_credit(on=False, wished=True, heard=9 * DAY)
    switched(unit, _S.PENDING_ENABLED, DAY)
    assert keys(unit) == ["credit_ran_out", "asked_on", "silent"]


# --- alerts --------------------------------------------------------------------------------------


def went_off() -> Product:
    """A unit that switched itself off six hours ago."""
    unit = a_unit(on=False, wished=True)
    switched(unit, _S.DISABLED, 6 * HOUR, by="unit")
    return unit


def alert(unit: Product, name: str, ago: dt.timedelta = 7 * HOUR, **more: object) -> None:
    kind = AlertType.objects.filter(name=name).first() or AlertTypeFactory.create(name=name)
    AlertFactory.create(product=unit, alert_type=kind, start_time=NOW - ago, **more)


def test_a_tripped_tamper_switch_explains_why_a_unit_went_off() -> None:
    unit = went_off()
    alert(unit, "tamper")
    assert why(unit) == "It switched itself off 6 h ago; its tamper switch was tripped 7 h ago."
    assert keys(unit) == ["alert_tamper"]


def test_a_low_battery_explains_why_a_unit_went_off() -> None:
    unit = went_off()
    alert(unit, "low_battery")
    assert why(unit) == (
        "It switched itself off 6 h ago; its battery is low, as an alert said 7 h ago."
    )
    assert keys(unit) == ["alert_low_battery"]


def test_tampering_goes_before_a_low_battery() -> None:
    unit = went_off()
    alert(unit, "low_battery")
    alert(unit, "tamper")
    assert keys(unit) == ["alert_tamper"]


@pytest.mark.parametrize("name", ["tamper", "low_battery"])
def test_an_alert_is_added_where_the_unit_did_not_go_off_by_itself(name: str) -> None:
    on = a_unit(on=True)
    alert(on, name)
    assert keys(on) == ["on", f"alert_{name}"]
    off = a_unit(on=False)
    switched(off, _S.PENDING_DISABLED, 3 * DAY)
    switched(off, _S.DISABLED, 2 * DAY, by="unit")
    alert(off, name)
    assert keys(off) == ["switched_off", f"alert_{name}"]


def test_an_alert_that_was_dismissed_or_is_of_another_kind_explains_nothing() -> None:
    unit = went_off()
    alert(unit, "tamper", dismissed_at=NOW - HOUR)
    alert(unit, "overload")
    assert keys(unit) == ["went_off"]


def test_credit_goes_before_an_alert() -> None:
    unit = out_of_credit(on=False, wished=True)
    switched(unit, _S.DISABLED, 6 * HOUR, by="unit")
    alert(unit, "tamper")
    assert keys(unit) == ["credit_ran_out", "alert_tamper"]


# --- connections ---------------------------------------------------------------------------------


def test_a_silent_unit_was_on_when_it_was_last_heard() -> None:
    NetworkFactory.create(mcc=635, mnc=10, name="MTN Rwanda")
    unit = a_unit(on=True, heard=None, iccid="8944500000000000999")
    contact(unit, 3 * DAY, cell_1_signal=-104)
    assert why(unit) == (
        "It was on when it was last heard, 3 days ago; it should be heard every four hours."
    )
    facts = {str(f.label): f"{f.value} {f.hint}".strip() for f in explained(unit).answer.facts}
    assert facts == {
        "Last contact": "",
        "Signal": "poor -104 dBm",
        "Network": "MTN Rwanda 635-10",
        "SIM": "8944500000000000999",
    }
    assert keys(unit) == ["silent"]


def test_a_network_without_a_name_is_told_by_its_number() -> None:
    unit = a_unit(on=True, heard=3 * DAY)
    facts = {str(f.label): str(f.value) for f in explained(unit).answer.facts}
    assert facts["Network"] == "635-10"


def test_three_missed_contacts_are_bad_luck() -> None:
    assert keys(a_unit(on=True, heard=12 * HOUR)) == ["on"]
    assert keys(a_unit(on=True, heard=13 * HOUR)) == ["silent"]


def test_the_silence_of_a_unit_that_is_off_is_added() -> None:
    unit = a_unit(on=False, heard=3 * DAY)
    switched(unit, _S.PENDING_DISABLED, 9 * DAY)
    switched(unit, _S.DISABLED, 8 * DAY, by="unit")
    assert keys(unit) == ["switched_off", "silent"]
    assert remark(unit, "silent") == (
        "It was last heard 3 days ago; it should be heard every four hours."
    )


def test_the_open_alert_for_its_silence_is_added() -> None:
    unit = a_unit(on=True, heard=3 * DAY)
    alert(unit, "no_connection", ago=3 * DAY)
    assert keys(unit) == ["silent", "alert_no_connection"]


def test_an_alert_for_a_silence_that_is_over_is_left_to_the_alerts() -> None:
    unit = a_unit(on=True, heard=HOUR)
    alert(unit, "no_connection", ago=3 * DAY)
    assert keys(unit) == ["on"]


def test_a_unit_that_was_never_heard_says_so() -> None:
    unit = a_unit(on=False, heard=None, stage=LifeStage.ACTIVATED)
    assert why(unit) == "It was never heard, though it should be every four hours."
    assert keys(unit) == ["never_heard"]


@pytest.mark.parametrize("stage", [LifeStage.STORED, LifeStage.SHIPPED, LifeStage.IN_REPAIR_SYSTEM])
def test_nobody_expects_to_hear_a_unit_in_stock_on_its_way_or_in_repair(stage: LifeStage) -> None:
    for heard in (None, 90 * DAY):
        assert not {"silent", "never_heard"} & set(keys(a_unit(on=False, stage=stage, heard=heard)))


# --- text messages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (None, "A text message to wake it up, sent 2 h ago, is on its way."),
        (
            "Delivered",
            "The text message to wake it up, sent 2 h ago, was delivered, but it has not reported"
            " since.",
        ),
        ("Expired", "The text message to wake it up, sent 2 h ago, could not be delivered."),
    ],
)
def test_how_far_a_wake_up_got_is_added_to_what_waits(status: str | None, sentence: str) -> None:
    unit = a_unit(on=True, wished=False, heard=5 * HOUR)
    switched(unit, _S.PENDING_DISABLED, 3 * HOUR)
    SmsHistoryFactory.create(product=unit, sent_time=NOW - 2 * HOUR, status=status)
    assert keys(unit) == ["asked_off", "wake_up"]
    assert remark(unit, "wake_up") == sentence


def test_the_last_wake_up_counts() -> None:
    unit = a_unit(on=True, heard=13 * HOUR)
    SmsHistoryFactory.create(product=unit, sent_time=NOW - 5 * HOUR, status="Expired")
    SmsHistoryFactory.create(product=unit, sent_time=NOW - HOUR, status=None)
    assert remark(unit, "wake_up").endswith("sent 1 h ago, is on its way.")


def test_a_wake_up_before_the_last_contact_or_long_ago_is_history() -> None:
    heard = a_unit(on=True, heard=HOUR)
    SmsHistoryFactory.create(product=heard, sent_time=NOW - 2 * HOUR, status="Delivered")
    assert keys(heard) == ["on"]
    silent = a_unit(on=True, heard=40 * DAY)
    SmsHistoryFactory.create(product=silent, sent_time=NOW - 8 * DAY, status="Delivered")
    assert keys(silent) == ["silent"]
