"""The buttons on the page of a unit: what each does, to whom it is offered, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.core.catalogue import reset_sequences
from apps.core.levels import Level
from apps.core.verbs import verbs
from apps.entities.models import CustomerProductHistory, Entity, ProductEntityLinker
from apps.entities.selectors import UNKNOWN_ENTITY_ID
from apps.products.lifecycle import TRANSITIONS, LifeStage
from apps.products.models import Product, ProductProductGroupLinker, State
from tests.factories import (
    CustomerEntityLinkerFactory,
    EntityFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductGroupFactory,
    ProductProductGroupLinkerFactory,
    StateTypeFactory,
)
from tests.personas import make_user
from tests.products.unit_pages import UnitPage, offers_in
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
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def unknown(db: None) -> Entity:
    made: Entity = EntityFactory.create(pk=UNKNOWN_ENTITY_ID, name="Unknown Entity")
    reset_sequences(Entity)
    return made


@pytest.fixture
def unit(unknown: Entity) -> Product:
    for stage in LifeStage:
        StateTypeFactory.create(pk=stage, name=stage.name)
    return a_unit(on=True, serial_number="HB-1")


@pytest.fixture
def of_admin(unit: Product, admin: User) -> UnitPage:
    return UnitPage(unit, admin)


def everything() -> tuple[Any, ...]:
    """What a refusal leaves as it was."""
    return (
        list(Product.objects.order_by("pk").values()),
        list(State.objects.order_by("pk").values()),
        list(ProductEntityLinker.objects.order_by("pk").values()),
        list(ProductProductGroupLinker.objects.order_by("pk").values()),
    )


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


# --- owners --------------------------------------------------------------------------------------


def owners(unit: Product) -> set[str]:
    open_rows = ProductEntityLinker.objects.filter(product=unit, date_removed=None)
    return set(open_rows.values_list("entity__name", flat=True))


def test_a_unit_is_given_to_an_entity_by_its_name(of_admin: UnitPage, unit: Product) -> None:
    EntityFactory.create(name="Sunrise")
    text = of_admin.said("give-to-entity", entity="Sunrise")
    assert text == "HB-1 now belongs to Sunrise."
    assert owners(unit) == {"Sunrise"}
    again = of_admin.said("give-to-entity", entity="Sunrise")
    assert again == "HB-1 belongs to Sunrise already."


def test_a_unit_changes_hands_and_back(of_admin: UnitPage, unit: Product) -> None:
    old = ProductEntityLinkerFactory.create(product=unit, entity__name="Old").entity
    new = EntityFactory.create(name="New")
    of_admin.said("give-to-entity", entity="New", instead_of=old.pk)
    assert owners(unit) == {"New"}
    of_admin.said("give-to-entity", entity="Old", instead_of=new.pk)
    assert owners(unit) == {"Old"}


def test_a_unit_may_get_one_more_owner(of_admin: UnitPage, unit: Product) -> None:
    ProductEntityLinkerFactory.create(product=unit, entity__name="Old")
    EntityFactory.create(name="New")
    of_admin.said("give-to-entity", entity="New", instead_of="")
    assert owners(unit) == {"Old", "New"}


def test_a_unit_taken_from_its_last_owner_belongs_to_nobody_known(
    of_admin: UnitPage, unit: Product
) -> None:
    old = ProductEntityLinkerFactory.create(product=unit, entity__name="Old").entity
    assert of_admin.said("take-from-entity", entity=old.pk) == "HB-1 no longer belongs to Old."
    assert owners(unit) == {"Unknown Entity"}
    assert "take-from-entity" not in of_admin.offered()


@pytest.mark.parametrize("name", ["Nobody", "x\x00y", "", "a" * 300])
def test_a_name_that_is_no_entity_comes_back_as_it_was_typed(
    of_admin: UnitPage, unit: Product, name: str
) -> None:
    before = everything()
    form = of_admin.refused("give-to-entity", entity=name)
    assert form.errors["entity"]
    assert form["entity"].value() == name
    assert everything() == before


def test_the_names_of_other_entities_are_not_told(
    unit: Product, insider: User, entity: Entity, other_entity: Entity
) -> None:
    ProductEntityLinkerFactory.create(product=unit, entity=entity)
    ProductEntityLinkerFactory.create(product=unit, entity=other_entity)
    page = UnitPage(unit, insider)
    form = next(o.form for o in offers_in(page.open()) if o.verb.name == "give-to-entity")
    assert form.fields["entity"].widget.names == [entity.name]
    assert [label for _key, label in form.fields["instead_of"].choices][:-1] == [entity.name]
    before = everything()
    assert page.refused("give-to-entity", entity=other_entity.name).errors["entity"]
    assert page.refused("take-from-entity", entity=other_entity.pk).errors["entity"]
    assert everything() == before


def test_whoever_gives_a_unit_away_is_led_back_to_the_list(
    unit: Product, insider: User, entity: Entity
) -> None:
    ProductEntityLinkerFactory.create(product=unit, entity=entity)
    answer = UnitPage(unit, insider).press("take-from-entity", entity=entity.pk)
    assert answer.url == reverse("admin:products_product_changelist")


# --- customers ------------------------------------------------------------------------------------


def test_a_unit_is_given_to_a_customer_of_its_owner_and_taken_back(
    of_admin: UnitPage, unit: Product
) -> None:
    owner = ProductEntityLinkerFactory.create(product=unit).entity
    alice = CustomerEntityLinkerFactory.create(entity=owner, customer__name="Alice").customer
    code = alice.external_customer_code
    given = of_admin.said("give-to-customer", external_customer_code=code)
    assert given == "Alice has HB-1 now."
    again = of_admin.said("give-to-customer", external_customer_code=code)
    assert again == "Alice has HB-1 already."
    taken = of_admin.said("take-from-customer", removal_reason="Moved away")
    assert taken == "Alice no longer has HB-1."
    row = CustomerProductHistory.objects.get()
    assert (row.removal_reason, row.modified_by) == ("Moved away", "admin@example.com")
    assert of_admin.said("take-from-customer") == "Nobody has HB-1."
    assert "take-from-customer" not in of_admin.offered()


def test_a_customer_of_somebody_else_is_refused(of_admin: UnitPage, unit: Product) -> None:
    ProductEntityLinkerFactory.create(product=unit)
    stranger = CustomerEntityLinkerFactory.create().customer
    code = stranger.external_customer_code
    form = of_admin.refused("give-to-customer", external_customer_code=code)
    assert "No customer of an entity" in str(form.errors["external_customer_code"])
    assert form["external_customer_code"].value() == code
    assert not CustomerProductHistory.objects.exists()


# --- groups --------------------------------------------------------------------------------------


def test_a_unit_joins_and_leaves_a_group(of_admin: UnitPage, unit: Product) -> None:
    group = ProductGroupFactory.create(name="Pilot", product_type=unit.product_type, entity=None)
    assert of_admin.said("join-group", group="Pilot") == "HB-1 is now in the group “Pilot”."
    assert of_admin.said("join-group", group="Pilot") == "HB-1 is in the group “Pilot” already."
    left = of_admin.said("leave-group", group=group.pk)
    assert left == "HB-1 is no longer in the group “Pilot”."
    assert "leave-group" not in of_admin.offered()


def test_a_group_for_another_type_is_not_offered_and_refused(
    of_admin: UnitPage, unit: Product
) -> None:
    ProductGroupFactory.create(name="Others", entity=None)
    assert "join-group" not in of_admin.offered()
    assert of_admin.refused("join-group", group="Others").errors["group"]


def test_a_group_of_another_entity_refuses_in_words(of_admin: UnitPage, unit: Product) -> None:
    ProductGroupFactory.create(name="Theirs", product_type=unit.product_type, entity__name="Them")
    form = of_admin.refused("join-group", group="Theirs")
    assert "takes units of the entity Them only" in str(form.non_field_errors())
    assert form["group"].value() == "Theirs"


def test_a_unit_leaves_only_a_group_it_is_in(of_admin: UnitPage, unit: Product) -> None:
    row = ProductProductGroupLinkerFactory.create(product=ProductFactory.create())
    assert of_admin.refused("leave-group", group=row.product_group_id).errors["group"]


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
