"""List filters that show no row, and no name of a row, beyond the caller's scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.admin import FieldListFilter
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateFilter,
    RangeNumericFilter,
)

from apps.core.adminpages.callers import caller_of
from apps.core.resources import registry
from apps.core.scope import restrict


class RelatedFilter(AutocompleteSelectFilter):
    """A choice among the rows of another table that the caller may know of, found by typing."""

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            field = choice["form"].fields[self.lookup_kwarg]
            field.queryset = visible_rows(self.field.remote_field.model, self.request)
            yield choice


class DayRangeFilter(RangeDateFilter):
    """From one day to another, both included; days are those of UTC."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        name = self.parameter_name
        first = _day(self.used_parameters.get(f"{name}_from"))
        last = _day(self.used_parameters.get(f"{name}_to"))
        if first:
            queryset = queryset.filter(**{f"{name}__gte": self._bound(first)})
        if last:
            queryset = queryset.filter(**{f"{name}__lt": self._bound(last + dt.timedelta(days=1))})
        return queryset

    def _bound(self, day: dt.date) -> dt.date:
        if isinstance(self.field, models.DateTimeField):
            return dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC)
        return day


def _day(text: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def visible_rows(model: type[models.Model], request: HttpRequest) -> QuerySet[Any]:
    """The rows of a table that the caller of this page may know of."""
    resource = registry.of(model)  # type: ignore[arg-type]
    rows = model._default_manager.all()
    return rows if resource is None else restrict(rows, caller_of(request), resource.scope)


def filter_for(model: type[models.Model], name: str) -> str | tuple[str, type[FieldListFilter]]:
    """The filter that suits a column; `name` may lead through foreign keys."""
    field = get_fields_from_path(model, name)[-1]
    if isinstance(field, models.ForeignKey):
        return name, RelatedFilter
    if isinstance(field, models.BooleanField):
        return name, BooleanRadioFilter
    if getattr(field, "choices", None):
        return name, ChoicesDropdownFilter
    if isinstance(field, models.DateField):
        return name, DayRangeFilter
    if isinstance(field, models.IntegerField | models.FloatField):
        return name, RangeNumericFilter
    return name, FieldTextFilter
