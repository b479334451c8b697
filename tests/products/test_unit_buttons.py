"""The buttons on the page of a unit: to whom each is offered, stages of life and credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.core.levels import Level
from apps.core.verbs import verbs
from apps.products.lifecycle import TRANSITIONS, LifeStage
from apps.products.models import Product
from tests.personas import make_user
from tests.products.unit_pages import UnitPage, everything
from tests.products.why import NOW, a_unit, move

# Every button and the least level to press it, as the API asks for the same.
LEVELS = {
    "enable": Level.TECHNICAL,
    "disable": Level.TECHNICAL,
    "tamper-on": Level.TECHNICAL,
    "tamper-off": Level.TECHNICAL,
    "note": Level.TECHNICAL,
    "wake-up": Level.ADMIN,
    "to-stored": Level.ADMIN,
    "to-shipped": Level.ADMIN,
    "to-activating": Level.ADMIN,
    "to-activated": Level.ADMIN,
    "to-monitored": Level.ADMIN,
    "to-unmonitored": Level.ADMIN,
    "to-in-repair-system": Level.ADMIN,
    "to-terminated": Level.ADMIN,
    "give-to-entity": Level.ADMIN,
    "take-from-entity": Level.ADMIN,
    "give-to-customer": Level.ADMIN,
    "take-from-customer": Level.ADMIN,
    "join-group": Level.ADMIN,
    "leave-group": Level.ADMIN,
    "paid-off": Level.TECHNICAL,
    "pay-as-you-go": Level.TECHNICAL,
    "counts-credit": Level.TECHNICAL,
    "counts-no-credit": Level.TECHNICAL,
    "set-parameter": Level.SYSTEM,
    "suggest-energy-limit": Level.TECHNICAL,
    "load-software": Level.SYSTEM,
    "unlock-software": Level.SYSTEM,
    "call-off-software": Level.SYSTEM,
    "withdraw-parameter": Level.SYSTEM,
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# --- levels and scope ----------------------------------------------------------------------------


def test_every_button_asks_for_its_level() -> None:
    # Apps to come bring buttons of their own, with tests of their own.
    found = {verb.name: verb.level for verb in verbs.all()}
    assert {name: found[name] for name in LEVELS} == LEVELS


@pytest.mark.parametrize("verb", LEVELS)
def test_a_level_below_is_refused_and_nothing_changes(unit: Product, verb: str) -> None:
    below = make_user("below", Level(LEVELS[verb] - 1))
    before = everything()
    assert UnitPage(unit, below).press(verb, sure="on", text="x").status_code == 403
    assert everything() == before


@pytest.mark.parametrize("verb", LEVELS)
def test_a_unit_of_another_entity_is_not_there(unit: Product, outsider: User, verb: str) -> None:
    before = everything()
    page = UnitPage(unit, outsider)
    theirs = page.press(verb, sure="on", text="x")
    nobodys = page.client.post(
        reverse("admin:products_product_act", args=("000000000000000", verb))
    )
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content
    assert everything() == before


def test_nobody_is_offered_what_the_level_forbids(unit: Product) -> None:
    for level in Level:
        offered = UnitPage(unit, make_user(f"of-{level}", level)).offered()
        assert all(LEVELS.get(name, level) <= level for name in offered)
        assert bool(offered) is (level > Level.OVERVIEW)


# --- stages of life ------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", LifeStage)
def test_only_the_stages_that_may_follow_are_offered(
    of_admin: UnitPage, unit: Product, stage: LifeStage
) -> None:
    move(unit, stage, dt.timedelta(days=1))
    offered = {name for name in of_admin.offered() if name.startswith("to-")}
    after = {f"to-{s.name.lower().replace('_', '-')}" for s in TRANSITIONS[stage]}
    assert offered == after


def test_a_stage_is_changed_and_stands_at_the_end_of_the_line(of_admin: UnitPage) -> None:
    assert of_admin.said("to-unmonitored") == "HB-1 is now in the stage “Unmonitored”."
    path = of_admin.open().context["path"]
    assert [(step.name, step.by) for step in path.steps] == [
        ("Monitored", "grace@example.com"),
        ("Unmonitored", "admin@example.com"),
    ]
    assert path.steps[-1].when == NOW


def test_a_stage_pressed_twice_is_changed_once(of_admin: UnitPage) -> None:
    of_admin.said("to-unmonitored")
    before = everything()
    assert of_admin.said("to-unmonitored") == "HB-1 is in the stage “Unmonitored” already."
    assert everything() == before


def test_a_stage_that_may_not_follow_is_refused_in_words(of_admin: UnitPage) -> None:
    before = everything()
    answer = of_admin.press("to-stored")
    shown = of_admin.client.get(answer.url)
    assert "may not transition" in shown.content.decode()
    assert everything() == before


def test_termination_asks_to_be_confirmed(of_admin: UnitPage, unit: Product) -> None:
    before = everything()
    form = of_admin.refused("to-terminated")
    assert form.errors == {"sure": ["Tick this box if you mean it."]}
    assert everything() == before
    of_admin.said("to-terminated", sure="on")
    assert unit.states.latest("pk").current_state_type_id == LifeStage.TERMINATED


def test_a_terminated_unit_is_offered_nothing_it_could_not_do(system: User, unit: Product) -> None:
    move(unit, LifeStage.TERMINATED, dt.timedelta(days=1))
    Product.objects.filter(pk=unit.pk).update(current_enable_flag=False, desired_enable_flag=False)
    offered = UnitPage(unit, system).offered()
    assert not offered & {"enable", "tamper-on", "set-parameter", "load-software", "wake-up"}
    assert "note" in offered


def test_a_long_life_shows_its_last_stages(of_admin: UnitPage, unit: Product) -> None:
    for number in range(12):
        stage = (LifeStage.MONITORED, LifeStage.UNMONITORED)[number % 2]
        move(unit, stage, dt.timedelta(days=12 - number))
    path = of_admin.open().context["path"]
    assert (len(path.steps), path.more) == (8, True)
    assert path.steps[-1].name == "Unmonitored"


# --- credit --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "back", "column", "value"),
    [
        ("paid-off", "pay-as-you-go", "is_payg", False),
        ("counts-credit", "counts-no-credit", "dcm_enabled_flag", True),
    ],
)
def test_how_a_unit_is_paid_for_is_changed_and_changed_back(
    unit: Product, technician: User, verb: str, back: str, column: str, value: bool
) -> None:
    page = UnitPage(unit, technician)
    assert {verb, back} & page.offered() == {verb}
    assert page.said(verb) == "Saved for HB-1."
    unit.refresh_from_db()
    assert getattr(unit, column) is value
    assert page.said(verb) == "HB-1 is so already: nothing changed."
    assert {verb, back} & page.offered() == {back}
    page.said(back)
    unit.refresh_from_db()
    assert getattr(unit, column) is not value


def test_a_bpower20_always_counts_its_credit(technician: User, unit: Product) -> None:
    page = UnitPage(a_unit(product_type__pk=8, dcm_enabled_flag=True), technician)
    assert "counts-no-credit" not in page.offered()
    answer = page.press("counts-no-credit")
    assert "always DCM enabled" in page.client.get(answer.url).content.decode()
    page.unit.refresh_from_db()
    assert page.unit.dcm_enabled_flag is True
