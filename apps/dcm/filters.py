"""List filters over credit: how soon it ends, how long commands wait."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from unfold.contrib.filters.admin import DropdownFilter

from apps.dcm.fleet import (
    EXPIRES,
    EXPIRIES,
    WAITED,
    WAITS,
    ZEROES,
    expiry_condition,
    wait_condition,
)


class ExpiryFilter(DropdownFilter):
    """How soon the credit of units ends."""

    title = lazy("credit ends")
    parameter_name = EXPIRES

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, words) for key, words, _ahead, _tone in EXPIRIES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        key = self.value()
        known = key in {name for name, *_rest in EXPIRIES}
        return queryset.filter(expiry_condition(str(key), timezone.now())) if known else queryset


class WaitFilter(DropdownFilter):
    """How long commands have waited for their unit."""

    title = lazy("waits for the unit")
    parameter_name = WAITED

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        ages = [(key, words) for key, words, _since, _until, _tone in WAITS]
        return [*ages, (ZEROES, lazy("zero commands that wait"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        key = self.value()
        known = key in {ZEROES, *(name for name, *_rest in WAITS)}
        return queryset.filter(wait_condition(str(key), timezone.now())) if known else queryset
