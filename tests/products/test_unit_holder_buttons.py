"""Who has a unit, changed from its page: entities, customers and groups."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.entities.models import CustomerProductHistory, Entity, ProductEntityLinker
from apps.products.models import Product
from tests.factories import (
    CustomerEntityLinkerFactory,
    EntityFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductGroupFactory,
    ProductProductGroupLinkerFactory,
)
from tests.products.unit_pages import UnitPage, everything, offers_in
from tests.products.why import NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


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
