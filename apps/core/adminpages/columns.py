"""Which columns of a table the back office lists, shows and lets a person edit."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.admin.utils import display_for_value, quote
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core.columns import Column, Kind
from apps.core.levels import Level
from apps.core.resources import Resource
from apps.core.tables import Table

_MOST_LISTED = 6
# As text in a list these say nothing.
_UNLISTED = (Kind.JSON, Kind.BYTES)
_BYTES_SHOWN = 64
_META_WORDS = {
    "created_at": _("created at"),
    "created_by": _("created by"),
    "modified_at": _("changed at"),
    "modified_by": _("changed by"),
}


def listed_names(table: Table) -> tuple[str, ...]:
    """The columns of the list: as declared, else the key and the first columns that read well."""
    if table.resource.listed:
        return table.resource.listed
    names = [
        c.field.name
        for c in table.columns
        if not c.is_meta and c.kind not in _UNLISTED and not isinstance(c.field, models.TextField)
    ]
    return (*names[:_MOST_LISTED], "created_at")


def hidden_from(resource: Resource, level: Level) -> frozenset[str]:
    """Names of the model fields that a caller of this level must not see at all."""
    secret = set(resource.secret)
    masked = {column for column, least in resource.masked.items() if level < least}
    return frozenset(
        f.name for f in resource.model._meta.concrete_fields if f.column in secret | masked
    )


def is_fixed(column: Column, resource: Resource) -> bool:
    """Whether nobody edits the column here: meta columns, states, balances, pointers, bytes."""
    return column.is_meta or column.column in resource.read_only or not column.field.editable


def link_to(row: models.Model | None, site_name: str) -> Any:
    """A link to the page of a row, under the row's own name."""
    if row is None:
        return None
    meta = row._meta
    name = f"{site_name}:{meta.app_label}_{meta.model_name}_change"
    return format_html(
        '<a class="text-link" href="{}">{}</a>', reverse(name, args=(quote(row.pk),)), row
    )


def linked(field: models.ForeignKey, site_name: str) -> Callable[[Any], Any]:
    """A list column that leads from a foreign key to the row it names."""

    def show(row: Any) -> Any:
        return link_to(getattr(row, field.name), site_name)

    show.short_description = field.verbose_name  # type: ignore[attr-defined]
    show.admin_order_field = field.name  # type: ignore[attr-defined]
    show.leads_elsewhere = True  # type: ignore[attr-defined]
    show.__name__ = field.name
    return show


@cache
def bytes_shown(field: models.Field) -> Callable[[Any], str]:
    """A form row for a column of bytes: its length and how it begins.

    The same function for the same column: Django takes it out of the form by comparing it.
    """

    def show(row: Any) -> str:
        value = getattr(row, field.attname)
        if value is None:
            return "-"
        raw = bytes(value)
        start = raw[:_BYTES_SHOWN].hex(" ") + (" …" if len(raw) > _BYTES_SHOWN else "")
        return f"{_('bytes').capitalize()} ({len(raw)}): {start}"

    show.short_description = capfirst(field.verbose_name)  # type: ignore[attr-defined]
    show.__name__ = field.name
    return show


@cache
def meta_shown(field: models.Field) -> Callable[[Any], str]:
    """A column for who wrote a row and when, under words that the models leave to the pages."""

    def show(row: Any) -> str:
        return str(display_for_value(getattr(row, field.attname), "-"))

    show.short_description = _META_WORDS[field.name]  # type: ignore[attr-defined]
    show.admin_order_field = field.name  # type: ignore[attr-defined]
    show.__name__ = field.name
    return show
