"""Scope through `q`: one entity's caller can neither see nor infer another entity's rows.

The insider may do everything (level SYSTEM) to the units of `entity`; `theirs` belongs to another.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from apps.core.levels import Level
from apps.core.relations import relation_of
from apps.core.resources import Resource, registry
from apps.core.scope import ScopeKind
from apps.core.tables import table_for
from apps.products.models import Product
from tests.contract.rows import make
from tests.core.lists import Lists, where
from tests.core.test_q_order import by
from tests.factories import (
    CustomerEntityLinkerFactory,
    CustomerProductHistoryFactory,
    EntityFactory,
    HubFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    ProductNoteFactory,
    ProductTypeFactory,
)
from tests.personas import Api, make_user


def unit_of(entity: Any, **columns: Any) -> Product:
    product = ProductFactory.create(**columns)
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    return product


@pytest.fixture
def kind(db: None) -> Any:
    return ProductTypeFactory.create(name="Home")


@pytest.fixture
def mine(entity: Any, kind: Any) -> Product:
    return unit_of(entity, product_type=kind, assembler="Ann", gps_lat=1.0)


@pytest.fixture
def theirs(other_entity: Any, kind: Any) -> Product:
    hub = HubFactory.create(name="Secret hub", entity=other_entity)
    product = unit_of(other_entity, product_type=kind, assembler="Bob", gps_lat=2.0, hub=hub)
    ProductNoteFactory.create(product=product, note_text="secret")
    return product


@pytest.fixture
def insider_lists(api: Api, mine: Product, theirs: Product) -> Any:
    return lambda path, label: Lists(api.as_("insider"), path, label)


@pytest.fixture
def products(insider_lists: Any) -> Lists:
    return insider_lists("products", "assembler")


@pytest.fixture
def types(insider_lists: Any) -> Lists:
    return insider_lists("product_types", "name")


def test_lists_counts_and_totals_are_of_the_own_units(products: Lists) -> None:
    page = products.page()
    assert [row["assembler"] for row in page["objects"]] == ["Ann"]
    assert (page["num_results"], page["total_pages"]) == (1, 1)
    # The last page shows its own total; a page past the end has to count.
    assert products.page(page=2)["num_results"] == 1
    assert products.page(results_per_page=1)["num_results"] == 1


def test_no_filter_reaches_beyond_the_scope(products: Lists, theirs: Product) -> None:
    for one in (
        where("product_imei", "==", theirs.pk),
        where("assembler", "in", ["Ann", "Bob"]),
        {"or": [where("assembler", "==", "Bob"), where("assembler", "is_not_null")]},
        {"or": [where("gps_lat", ">", 1.5), where("product_imei", "!=", "x")]},
    ):
        assert "Bob" not in products.names(one)
    assert products.page(product_imei=theirs.pk)["num_results"] == 0
    assert products.page(assembler="Bob")["objects"] == []


def test_single_group_limit_and_offset_stay_within(products: Lists) -> None:
    assert products.ask({"single": True}).json()["assembler"] == "Ann"
    bob = {"filters": [where("assembler", "==", "Bob")], "single": True}
    assert products.ask(bob).status_code == 404
    assert products.names(group_by=[{"field": "product_type_id"}]) == ["Ann"]
    assert products.names(group_by=[{"field": "assembler"}]) == ["Ann"]
    assert products.names(offset=1) == []


@pytest.mark.parametrize("op", ["has", "any"])
def test_a_table_for_everybody_does_not_tell_of_units(
    types: Lists, mine: Product, theirs: Product, op: str
) -> None:
    assert types.names(where("products", op, mine.pk)) == ["Home"]
    assert types.names(where("products", op, theirs.pk)) == []
    assert types.names(where("products", op, where("assembler", "==", "Ann"))) == ["Home"]
    assert types.names(where("products", op, where("assembler", "==", "Bob"))) == []
    assert types.names(where("products__assembler", op, ["Bob"])) == []


def test_nor_through_a_field_of_a_relation(types: Lists) -> None:
    assert types.names(where("products__assembler", "==", "Ann")) == ["Home"]
    assert types.names(where("products__assembler", "like", "B%")) == []
    assert types.names(where("products__gps_lat", ">", 1.5)) == []
    assert types.names(where("products__gps_lat", "not_in", [1.0])) == []
    assert types.names(where("products__hub_id", "is_not_null")) == []
    assert types.names(where("products__notes__note_text", "==", "secret")) == []
    assert types.names(where("products__product_entity_linker__entity__name", "!=", "x")) == [
        "Home"
    ]


def test_nor_by_asking_from_inside_out(products: Lists) -> None:
    """Every unit of the type that a secret unit has: the way there is scoped as well."""
    bob = where("assembler", "==", "Bob")
    assert products.names(where("product_type", "has", where("products", "any", bob))) == []
    anybody = where("product_imei", "!=", "x")
    back = where("product_type", "has", where("products", "any", anybody))
    assert products.names(back) == ["Ann"]
    assert products.names(where("product_type", "has", where("products", "any", back))) == ["Ann"]


def test_the_deepest_query_of_an_entity_is_no_more_than_the_database_takes(
    products: Lists,
) -> None:
    """Five tables away, with formulas between, each step within the scope of parts."""
    node = where("created_at", "is_not_null")
    for name in ("part_parameters", "part", "part_parameters", "part"):
        node = where(name, "any", {"or": [where("created_at", "is_null"), node]})
    assert products.names(where("part_product_linker", "any", node)) == []


@pytest.mark.parametrize("serial", ["0", "zzz"])
@pytest.mark.parametrize("direction", ["", "-"])
def test_sorting_tells_nothing_of_a_hidden_related_row(
    types: Lists, theirs: Product, serial: str, direction: str
) -> None:
    empty, secret = ProductTypeFactory.create(name="Empty"), ProductTypeFactory.create(name="Last")
    theirs.product_type, theirs.serial_number = secret, serial
    theirs.save()
    order = types.names(order_by=by(f"{direction}products__serial_number"))
    assert sorted(order) == ["Empty", "Home", "Last"]
    # The type of a hidden unit stands where a type without units stands: by key.
    assert order.index(empty.name) + 1 == order.index(secret.name)


def test_grouping_tells_nothing_of_a_hidden_related_row(types: Lists, theirs: Product) -> None:
    ProductTypeFactory.create(name="Empty")
    theirs.product_type = ProductTypeFactory.create(name="Last")
    theirs.save()
    found = types.names(group_by=[{"field": "products__serial_number"}])
    assert sorted(found) == ["Empty", "Home"]


def test_a_visible_row_does_not_tell_of_a_hidden_row_it_refers_to(
    products: Lists, mine: Product, theirs: Product
) -> None:
    mine.hub = theirs.hub
    mine.save()
    assert products.names(where("hub_id", "is_not_null")) == ["Ann"]
    assert products.names(where("hub__name", "==", "Secret hub")) == []
    assert products.names(where("hub__name", "is_not_null")) == []
    assert products.names(where("hub", "has", theirs.hub_id)) == []
    assert products.names(where("hub__entity__name", "!=", "x")) == []


def test_a_former_owner_and_a_hidden_customer_are_not_told(
    insider_lists: Any, mine: Product, other_entity: Any
) -> None:
    ProductEntityLinkerFactory.create(
        product=mine, entity=other_entity, date_removed=timezone.now() + dt.timedelta(days=1)
    )
    linkers = insider_lists("product_entity_linker", "product_imei")
    assert linkers.names(where("entity__name", "==", other_entity.name)) == []
    customer = CustomerEntityLinkerFactory.create(entity=other_entity).customer
    CustomerProductHistoryFactory.create(product=mine, customer=customer)
    histories = insider_lists("customer_product_history", "product_imei")
    assert histories.names() == [mine.pk]
    assert histories.names(where("customer__name", "==", customer.name)) == []


def test_a_unit_is_gone_the_moment_it_is_given_away(products: Lists, mine: Product) -> None:
    mine.product_entity_linker.update(date_removed=timezone.now())
    assert products.names() == []
    assert products.session.get(f"/v1/products/{mine.pk}").status_code == 404


def test_a_caller_of_an_entity_without_units_sees_none(
    api: Api, mine: Product, theirs: Product
) -> None:
    user = make_user("lost", Level.SYSTEM, EntityFactory.create())
    products = Lists(api.as_(user), "products", "assembler")
    assert products.page()["num_results"] == 0
    types = Lists(api.as_(user), "product_types", "name")
    assert types.names(where("products__assembler", "is_not_null")) == []


# --- every relation of every table that everybody sees --------------------------------------------


def relations() -> list[Any]:
    """(resource, name of a relation that leads from it to rows of somebody)."""
    found = []
    for resource in registry:
        if resource.scope.kind is not ScopeKind.PUBLIC or "GET" not in resource.levels:
            continue
        for field in resource.model._meta.get_fields():
            relation = relation_of(resource.model, field.name)
            target = registry.of(relation.model) if relation else None
            if target and "GET" in target.levels and target.scope.kind is not ScopeKind.PUBLIC:
                found.append(pytest.param(resource, field, id=f"{resource.path}-{field.name}"))
    return found


@pytest.mark.parametrize(("resource", "field"), relations())
def test_no_relation_leads_out_of_scope(resource: Resource, field: Any, api: Api) -> None:
    row = make(resource.model)
    if isinstance(field, models.ManyToOneRel):
        other = make(field.related_model, **{field.field.name: row})
    else:
        other = getattr(row, field.name)
    target = table_for(registry.of(field.related_model))
    exists = where(f"{field.name}__{target.key.name}", "is_not_null")
    has = where(field.name, "any", other.pk)
    for asked in (exists, has):
        everybody = Lists(api.as_("system"), resource.path, table_for(resource).key.name)
        insider = Lists(api.as_("insider"), resource.path, table_for(resource).key.name)
        assert row.pk in everybody.names(asked)
        assert insider.names(asked) == []
