"""Why a unit is off, as the units' own tables tell it: each cause, where it holds and where not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from apps.products.lifecycle import LifeStage
from apps.products.models import EnableState
from tests.products.why import (
    DAY,
    GRACE,
    HOUR,
    NOW,
    a_unit,
    contact,
    explained,
    keys,
    move,
    switched,
    why,
)

pytestmark = pytest.mark.django_db

_S = EnableState


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# --- on -------------------------------------------------------------------------------------------


def test_a_unit_that_is_on_and_heard_needs_no_explanation() -> None:
    unit = a_unit(heard=2 * HOUR)
    assert why(unit) == "On. Last heard 2 h ago."
    assert explained(unit).answer.tone == "good"
    assert keys(unit) == ["on"]


# --- the stages of its life -----------------------------------------------------------------------


def test_a_terminated_unit_is_off_for_good_and_that_is_all_there_is_to_say() -> None:
    unit = a_unit(on=False, stage=LifeStage.TERMINATED, since=3 * DAY, heard=40 * DAY)
    switched(unit, _S.PENDING_DISABLED, 4 * DAY)
    assert why(unit) == (
        f"Terminated by {GRACE} 3 days ago: it is out of the system and is never switched on again."
    )
    assert keys(unit) == ["terminated"]


def test_a_unit_taken_in_for_repair_says_who_took_it_in() -> None:
    unit = a_unit(on=False, stage=LifeStage.IN_REPAIR_SYSTEM, since=5 * DAY, heard=40 * DAY)
    assert why(unit) == f"Taken in for repair by {GRACE} 5 days ago."
    assert keys(unit) == ["taken_in"]


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (LifeStage.NON_EXISTANT, "It was made 7 days ago and has not been put in stock yet."),
        (LifeStage.STORED, "It was put in stock 7 days ago and has not been shipped yet."),
        (LifeStage.SHIPPED, "It was shipped 7 days ago and has not been activated yet."),
        (LifeStage.ACTIVATING, "Its activation began 7 days ago and is not finished."),
    ],
)
def test_a_unit_that_nobody_uses_yet_is_off_for_that(stage: LifeStage, sentence: str) -> None:
    unit = a_unit(on=False, stage=stage, since=7 * DAY)
    assert why(unit) == sentence
    assert keys(unit) == ["not_in_use"]


@pytest.mark.parametrize("stage", [LifeStage.ACTIVATED, LifeStage.MONITORED, LifeStage.UNMONITORED])
def test_the_stage_of_a_unit_in_use_explains_nothing(stage: LifeStage) -> None:
    assert keys(a_unit(on=False, stage=stage)) == ["never_on"]


def test_a_unit_that_is_on_in_stock_is_on() -> None:
    assert keys(a_unit(on=True, stage=LifeStage.STORED)) == ["on"]


def test_a_unit_without_any_stage_is_explained_by_the_rest() -> None:
    unit = a_unit(on=False)
    type(unit).objects.filter(pk=unit.pk).update(latest_state=None)
    assert keys(unit) == ["never_on"]


# --- switched off by somebody ---------------------------------------------------------------------


def test_a_unit_switched_off_says_by_whom_and_when_it_confirmed() -> None:
    unit = a_unit(on=False)
    switched(unit, _S.PENDING_DISABLED, 3 * DAY)
    switched(unit, _S.DISABLED, 3 * DAY - dt.timedelta(minutes=14), by="unit")
    assert why(unit) == f"Switched off by {GRACE} 3 days ago; the unit confirmed it 14 min later."
    assert [str(fact.label) for fact in explained(unit).answer.facts] == [
        "Asked for",
        "Confirmed by the unit",
    ]
    assert keys(unit) == ["switched_off"]


def test_a_unit_not_heard_since_may_not_know_that_it_is_to_be_off() -> None:
    unit = a_unit(on=True, wished=False, heard=5 * HOUR)
    switched(unit, _S.PENDING_DISABLED, 3 * HOUR)
    assert why(unit) == (
        f"Switched off by {GRACE} 3 h ago; it has not been heard since, so it may not know yet."
    )
    assert explained(unit).answer.verbs == ("enable",)


def test_a_unit_that_was_off_all_along_has_nothing_to_undo() -> None:
    unit = a_unit(on=False, heard=5 * HOUR)
    switched(unit, _S.PENDING_ENABLED, 4 * HOUR)
    switched(unit, _S.PENDING_DISABLED, 3 * HOUR)
    assert keys(unit) == ["asked_off"]
    assert explained(unit).answer.verbs == ()


def test_a_unit_heard_since_has_not_confirmed_that_it_is_off() -> None:
    unit = a_unit(on=True, wished=False, heard=HOUR)
    switched(unit, _S.PENDING_DISABLED, 9 * HOUR)
    assert why(unit) == (
        f"Switched off by {GRACE} 9 h ago; it was heard 1 h ago, but has not confirmed it."
    )


def test_a_unit_never_heard_may_not_know_that_it_is_to_be_off() -> None:
    unit = a_unit(on=True, wished=False, heard=None)
    switched(unit, _S.PENDING_DISABLED, 9 * HOUR)
    assert why(unit) == (
        f"Switched off by {GRACE} 9 h ago; it was never heard, so it may not know yet."
    )
    # That it was never heard is said already.
    assert keys(unit) == ["asked_off"]


def test_a_unit_that_says_it_is_on_though_it_shall_not_be_is_suspect() -> None:
    unit = a_unit(on=True, wished=False)
    switched(unit, _S.PENDING_DISABLED, 9 * DAY)
    switched(unit, _S.DISABLED, 8 * DAY, by="unit")
    switched(unit, _S.ENABLED, 2 * DAY, by="unit")
    assert why(unit) == "It is to be off, but reported 2 days ago that it is on."


def test_a_unit_that_said_it_is_off_and_is_not_to_be_on_says_so() -> None:
    unit = a_unit(on=False)
    switched(unit, _S.DISABLED, 2 * DAY, by="unit")
    assert why(unit) == "The unit reported 2 days ago that it is off, and is not asked to be on."


def test_a_unit_nobody_ever_switched_says_so() -> None:
    assert why(a_unit(on=False)) == "It has not been switched on yet: nobody asked for it."


def test_whoever_is_not_named_is_somebody() -> None:
    unit = a_unit(on=True, wished=False, heard=5 * HOUR)
    switched(unit, _S.PENDING_DISABLED, 3 * HOUR, by="")
    assert why(unit).startswith("Switched off by somebody 3 h ago;")


# --- to be on, and not on -------------------------------------------------------------------------


def test_a_unit_not_heard_since_is_still_off() -> None:
    unit = a_unit(on=False, wished=True, heard=5 * HOUR)
    switched(unit, _S.PENDING_ENABLED, 3 * HOUR)
    assert why(unit) == (
        f"Still off: {GRACE} asked 3 h ago for it to be on, and it has not been heard since."
    )
    assert explained(unit).answer.verbs == ("disable",)
    assert keys(unit) == ["asked_on"]


def test_a_unit_heard_since_has_not_confirmed_that_it_is_on() -> None:
    unit = a_unit(on=False, wished=True, heard=HOUR)
    switched(unit, _S.PENDING_ENABLED, 3 * HOUR)
    assert why(unit) == (
        f"Still off: {GRACE} asked 3 h ago for it to be on; it was heard 1 h ago, but has not"
        " confirmed it."
    )


def test_a_unit_never_heard_is_still_off() -> None:
    unit = a_unit(on=False, wished=True, heard=None)
    switched(unit, _S.PENDING_ENABLED, 3 * HOUR)
    assert why(unit) == (
        f"Still off: {GRACE} asked 3 h ago for it to be on, and it was never heard."
    )
    assert keys(unit) == ["asked_on"]


def test_a_unit_asked_to_stay_on_is_on() -> None:
    unit = a_unit(on=True, heard=5 * HOUR)
    switched(unit, _S.PENDING_DISABLED, 4 * HOUR)
    switched(unit, _S.PENDING_ENABLED, 3 * HOUR)
    assert keys(unit) == ["on", "asked_on"]
    remark = explained(unit).remarks[0]
    assert remark.sentence == (
        f"{GRACE} asked 3 h ago for it to stay on; it has not confirmed that yet."
    )


def test_a_unit_that_went_off_by_itself_says_when() -> None:
    unit = a_unit(on=False, wished=True)
    switched(unit, _S.ENABLED, 9 * DAY, by="unit")
    switched(unit, _S.DISABLED, 6 * HOUR, by="unit")
    assert why(unit) == "It switched itself off 6 h ago, though it is to be on."
    assert "flat battery" in str(explained(unit).answer.advice)
    assert keys(unit) == ["went_off"]


def test_a_unit_that_is_off_against_the_wish_without_a_history_says_so() -> None:
    assert why(a_unit(on=False, wished=True)) == "It is to be on, but reports that it is off."


# --- which of them answers ------------------------------------------------------------------------


def test_repair_goes_before_the_switch_and_the_switch_is_added() -> None:
    unit = a_unit(on=False, stage=LifeStage.IN_REPAIR_SYSTEM)
    switched(unit, _S.PENDING_DISABLED, 3 * DAY)
    switched(unit, _S.DISABLED, 2 * DAY, by="unit")
    assert keys(unit) == ["taken_in", "switched_off"]


def test_stock_goes_before_the_switch_and_the_switch_is_added() -> None:
    unit = a_unit(on=False, stage=LifeStage.STORED)
    switched(unit, _S.PENDING_DISABLED, 3 * DAY)
    switched(unit, _S.DISABLED, 2 * DAY, by="unit")
    assert keys(unit) == ["not_in_use", "switched_off"]


def test_the_stage_that_holds_is_the_last_one() -> None:
    unit = a_unit(on=False, stage=LifeStage.STORED)
    move(unit, LifeStage.TERMINATED, DAY)
    assert keys(unit) == ["terminated"]


def test_a_wish_to_be_off_goes_before_silence() -> None:
    unit = a_unit(on=True, wished=False, heard=9 * DAY)
    switched(unit, _S.PENDING_DISABLED, 3 * DAY)
    assert keys(unit) == ["asked_off", "silent"]


def test_a_wish_to_be_on_goes_before_silence() -> None:
    unit = a_unit(on=False, wished=True, heard=9 * DAY)
    switched(unit, _S.PENDING_ENABLED, 3 * DAY)
    assert keys(unit) == ["asked_on", "silent"]


def test_a_wish_goes_before_what_the_unit_did_by_itself() -> None:
    unit = a_unit(on=False, wished=True)
    switched(unit, _S.DISABLED, 6 * HOUR, by="unit")
    switched(unit, _S.PENDING_ENABLED, HOUR)
    assert keys(unit) == ["asked_on"]


def test_no_fact_is_told_twice() -> None:
    unit = a_unit(on=True, wished=False, heard=9 * DAY)
    switched(unit, _S.PENDING_DISABLED, 3 * DAY)
    found = explained(unit)
    labels = [str(fact.label) for known in (found.answer, *found.remarks) for fact in known.facts]
    assert labels.count("Last contact") == 1


def test_a_cause_is_told_only_to_those_who_see_its_table() -> None:
    unit = a_unit(on=False)
    switched(unit, _S.PENDING_DISABLED, 3 * DAY)
    switched(unit, _S.DISABLED, 2 * DAY, by="unit")
    contact(unit, 3 * DAY)
    told = explained(unit, hidden=("enable_history",))
    assert told.answer.sentence == "Off. Last heard 3 days ago."
    assert [remark.key for remark in told.remarks] == ["silent"]
    assert explained(unit, hidden=("enable_history", "connection")).remarks == ()
