"""What holds for every table: it is explained, served, and has a factory whose rows are valid."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from factory.django import DjangoModelFactory

from apps.core.models import Record
from apps.core.resources import registry
from tests import factories

OURS = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
RECORDS = [model for model in OURS if issubclass(model, Record)]
FACTORIES: dict[type[models.Model], type[DjangoModelFactory]] = {
    factory._meta.model: factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and issubclass(factory, DjangoModelFactory)
}


def each(found: Iterable[type[models.Model]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("model", found, ids=lambda model: model._meta.label)


def columns(model: type[models.Model], kind: type[models.Field]) -> list[models.Field]:
    return [column for column in model._meta.concrete_fields if isinstance(column, kind)]


# Tables of ours, which other programs are not promised by the reference.
OWN = {"fleet_command", "fleet_command_unit"}


def test_the_reference_has_92_tables_and_an_older_name_for_one() -> None:
    assert len([model for model in RECORDS if model._meta.db_table not in OWN]) == 92
    assert len([resource for resource in registry if resource.name not in OWN]) == 93


@each(OURS)
def test_a_model_says_what_one_row_means(model: type[models.Model]) -> None:
    # Django gives a model without a docstring one that lists its fields.
    assert not (model.__doc__ or "").startswith(f"{model.__name__}(")


@each(RECORDS)
def test_a_table_is_served(model: type[Record]) -> None:
    assert registry.of(model) is not None


@each(RECORDS)
def test_a_table_is_named_as_its_model(model: type[Record]) -> None:
    assert model._meta.db_table.replace("_", "") == model.__name__.lower()


@each(RECORDS)
def test_a_row_in_use_cannot_be_deleted(model: type[Record]) -> None:
    assert all(
        column.remote_field.on_delete is models.PROTECT
        for column in columns(model, models.ForeignKey)
    )


@each(RECORDS)
def test_the_database_refuses_what_is_not_an_option(model: type[Record]) -> None:
    checked: set[str] = set()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            checked |= constraint.condition.referenced_base_fields
    with_options = {column.name for column in columns(model, models.CharField) if column.choices}
    assert with_options <= checked


@each(RECORDS)
def test_the_engine_alone_orders_rows(model: type[Record]) -> None:
    assert not model._meta.ordering


@each(RECORDS)
@pytest.mark.django_db
def test_a_factory_makes_valid_rows(model: type[Record]) -> None:
    made = [FACTORIES[model].create() for _ in range(2)]

    for row in made:
        row.full_clean()
        assert str(row)
    assert model._default_manager.count() >= 2
