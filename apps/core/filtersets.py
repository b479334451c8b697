"""Plain `?column=value` filters: a django-filter filterset for each table.

The filterset says which parameters there are and cleans their values; the query itself is compiled
with the rest of the request by `apps.core.q`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.columns import Column, Kind
from apps.core.errors import Invalid
from apps.core.operands import Unfit, operand
from apps.core.reader import RESERVED
from apps.core.tables import Table


class _OperandField(forms.Field):
    """A form field that takes what `q` takes for the column."""

    def __init__(self, *, column: Column, **options: Any) -> None:
        self.column = column
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            operand(self.column, value)
        except Unfit as error:
            raise ValidationError(str(error)) from error
        return value


class ColumnFilter(filters.Filter):
    """Equality with one column."""

    field_class = _OperandField


_FILTERABLE = frozenset(Kind) - {Kind.JSON, Kind.BYTES}


@cache
def filterset_for(table: Table) -> type[filters.FilterSet]:
    """The filterset of a table: one filter for each column that can be compared."""
    declared: dict[str, Any] = {
        column.name: ColumnFilter(field_name=column.field.attname, column=column)
        for column in table.columns
        if column.kind in _FILTERABLE
    }
    name = "".join(part.title() for part in table.resource.path.split("_"))
    return type(f"{name}FilterSet", (filters.FilterSet,), declared)


def plain_filters(table: Table, params: dict[str, str]) -> dict[str, str]:
    """The request's parameters with every plain filter cleaned; Invalid names the wrong ones."""
    if params.keys() <= RESERVED:
        return params
    known = filterset_for(table).base_filters
    wrong = {}
    for name in params.keys() - RESERVED:
        if name not in known:
            wrong[name] = _("This table has no such column")
            continue
        try:
            known[name].field.clean(params[name])
        except ValidationError as error:
            wrong[name] = " ".join(error.messages)
    if wrong:
        raise Invalid(wrong)
    return params
