"""Deleting in the back office: what still uses a row is counted, never loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# Enough to say "many"; counting on would read whole tables.
_MANY = 1_000


def users_of(rows: Sequence[models.Model]) -> Iterator[tuple[Any, int]]:
    """(relation, how many rows refer to any of these, at most _MANY + 1) for each that does."""
    model = type(rows[0])
    for relation in model._meta.get_fields(include_hidden=True):
        # Bookkeeping that goes with its row is not in its way.
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is models.CASCADE:
            continue
        manager = relation.related_model._base_manager
        found = manager.filter(**{f"{relation.field.name}__in": rows}).values("pk")
        count = found[: _MANY + 1].count()
        if count:
            yield relation, count


def deletion_plan(
    rows: Iterable[models.Model], request: HttpRequest, site: AdminSite
) -> tuple[list[str], dict[Any, int], set[str], list[str]]:
    """What Django's delete pages show: objects, counts, lacking permissions, what is in the way."""
    wanted = list(rows)
    if not wanted:
        return [], {}, set(), []
    model = type(wanted[0])
    objects = [_line(row, site) for row in wanted[:100]]
    if len(wanted) > 100:
        objects.append(_("… and {count} more").format(count=len(wanted) - 100))
    counts = {capfirst(model._meta.verbose_name_plural): len(wanted)}
    protected = [_use(relation, count) for relation, count in users_of(wanted)]
    allowed = site.get_model_admin(model).has_delete_permission(request)
    missing = set() if allowed else {str(model._meta.verbose_name)}
    return objects, counts, missing, protected


def _line(row: models.Model, site: AdminSite) -> str:
    meta = row._meta
    try:
        url = reverse(f"{site.name}:{meta.app_label}_{meta.model_name}_change", args=(row.pk,))
    except NoReverseMatch:
        return str(row)
    return format_html('{}: <a href="{}">{}</a>', capfirst(meta.verbose_name), url, row)


def _use(relation: Any, count: int) -> str:
    meta = relation.related_model._meta
    number = f"{_MANY:,}+" if count > _MANY else f"{count:,}"
    name = meta.verbose_name if count == 1 else meta.verbose_name_plural
    return f"{number} {name}"
