"""Every table answers at its path with the columns promised, and each column holds what it says."""

from __future__ import annotations

import pytest

from apps.core.resources import registry
from apps.core.tables import Table, table_for
from tests.contract.facts import (
    OWN_TABLES,
    REFERENCE_TABLES,
    TABLES,
    ColumnFact,
    TableFact,
)

# Never served, to anyone.
SECRET = {("subscriber", "key")}
# Always filled, though the reference does not say so: by the program itself or with an empty list.
FILLED = {"created_at", "parameter_types"}

each_table = pytest.mark.parametrize("fact", TABLES, ids=str)


def served(fact: TableFact) -> Table:
    return table_for(registry.at(fact.path))


def promised(fact: TableFact) -> list[ColumnFact]:
    return [column for column in fact.columns if (fact.name, column.name) not in SECRET]


def test_there_are_93_tables_of_the_reference_some_of_ours_and_no_other() -> None:
    assert len(REFERENCE_TABLES) == 93
    assert not {fact.name for fact in REFERENCE_TABLES} & {fact.name for fact in OWN_TABLES}
    assert {p for fact in TABLES for p in fact.paths} == {p for r in registry for p in r.paths}


@each_table
def test_a_table_serves_exactly_the_columns_promised(fact: TableFact) -> None:
    assert set(served(fact).names) == {column.name for column in promised(fact)}


@each_table
def test_a_verb_asks_for_the_level_promised(fact: TableFact) -> None:
    assert dict(served(fact).resource.levels) == fact.levels


@each_table
def test_a_column_is_of_the_type_promised(fact: TableFact) -> None:
    table = served(fact)
    for column in promised(fact):
        found = table.by_name[column.name]
        assert found.kind is column.kind, column.name
        assert found.is_key == ("key" in column.flags), column.name
        if column.length is not None:
            holder = getattr(found.field, "target_field", found.field)
            assert holder.max_length == column.length, column.name


@each_table
def test_a_column_may_be_null_exactly_where_promised(fact: TableFact) -> None:
    table = served(fact)
    for column in promised(fact):
        filled = bool(column.flags & {"required", "key"}) or column.name in FILLED
        assert table.by_name[column.name].field.null != filled, column.name


@each_table
def test_a_column_is_unique_refers_and_has_options_where_promised(fact: TableFact) -> None:
    table = served(fact)
    for column in promised(fact):
        field = table.by_name[column.name].field
        if "unique" in column.flags:
            assert field.unique, column.name
        if "reference" in column.flags:
            assert field.is_relation, column.name
        if column.options:
            assert {value for value, _label in field.choices} == set(column.options), column.name
