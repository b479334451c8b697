"""Filters of the list of units."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from apps.core.adminpages.filters import visible_rows
from apps.entities.models import Entity, ProductEntityLinker
from apps.products.fleet import CONTACTS, contact_condition, stage_name, switch_condition
from apps.products.models import Product, StateType

# Names of the filters in the list's URL; the home page links to them.
SWITCH, CONTACT, STATE, ENTITY = "switch", "contact", "state", "entity"
_MOST_CHOICES = 500
_NONE = "none"


class SwitchFilter(DropdownFilter):
    """Enabled, disabled, or waiting for the unit to hear."""

    title = _("switch")
    parameter_name = SWITCH

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("enabled", _("Enabled")),
            ("pending", _("Waiting for the unit")),
            ("disabled", _("Disabled")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        known = {key for key, _label in self.lookup_choices}
        value = self.value()
        return queryset.filter(switch_condition(value)) if value in known else queryset


class ContactFilter(DropdownFilter):
    """How long ago the unit was last heard of."""

    title = _("last contact")
    parameter_name = CONTACT

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, label) for key, label, _tone in CONTACTS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        value = self.value()
        if value not in {key for key, _label, _tone in CONTACTS}:
            return queryset
        return queryset.filter(contact_condition(value, timezone.now()))


class StateFilter(DropdownFilter):
    """The stage of life the unit is in."""

    title = _("state")
    parameter_name = STATE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        states = StateType.objects.order_by("name").values_list("pk", "name")
        return [(str(pk), stage_name(name)) for pk, name in states] + [(_NONE, _("none yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        value = self.value()
        if value == _NONE:
            return queryset.filter(latest_state__isnull=True)
        if value is None or not _is_key(value):
            return queryset
        return queryset.filter(latest_state__current_state_type_id=int(value))


class EntityFilter(DropdownFilter):
    """The entity that owns the unit now."""

    title = _("entity")
    parameter_name = ENTITY

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = visible_rows(Entity, request).order_by("name").values_list("pk", "name")
        return [(str(pk), name) for pk, name in rows[:_MOST_CHOICES]]

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        value = self.value()
        if value is None or not _is_key(value):
            return queryset
        owned = ProductEntityLinker.objects.filter(entity_id=int(value), date_removed=None)
        return queryset.filter(pk__in=owned.values("product_id"))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
