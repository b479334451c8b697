"""The history of one row, in words: who created, changed or deleted it, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.adminpages.columns import hidden_from
from apps.core.audit import entries_of
from apps.core.levels import Level
from apps.core.resources import registry

_PAGE = 25


@dataclass(frozen=True)
class Change:
    """One column of one change."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One thing somebody did to the row."""

    when: Any
    who: str
    title: str
    changes: list[Change]


def history_page(row: models.Model, request: HttpRequest, level: Level) -> Page[Step]:
    """One page of what happened to a row, newest first, without columns hidden from `level`."""
    pages = Paginator(entries_of(row), _PAGE)
    page: Page[Any] = pages.get_page(request.GET.get("p"))
    page.object_list = [_step(entry, row, level) for entry in page.object_list]
    return page


def _step(entry: LogEntry, row: models.Model, level: Level) -> Step:
    titles = {
        LogEntry.Action.CREATE: _("Created"),
        LogEntry.Action.UPDATE: _("Changed"),
        LogEntry.Action.DELETE: _("Deleted"),
    }
    resource = registry.of(type(row))  # type: ignore[arg-type]
    hidden = hidden_from(resource, level) if resource is not None else frozenset()
    changes = [
        Change(_label(row, name), _shown(row, name, pair[0]), _shown(row, name, pair[1]))
        for name, pair in (entry.changes or {}).items()
        if name not in hidden or (resource and _is_secret(row, name, resource.secret))
    ]
    who = entry.actor_email or _("the system")
    return Step(entry.timestamp, who, titles.get(entry.action, ""), changes)


def _is_secret(row: models.Model, name: str, secret: tuple[str, ...]) -> bool:
    # Logged as dots: that a key changed may be known, the key may not.
    return any(f.name == name and f.column in secret for f in row._meta.concrete_fields)


def _label(row: models.Model, name: str) -> str:
    try:
        return capfirst(str(row._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _shown(row: models.Model, name: str, value: str | None) -> str:
    if value is None:
        return ""
    try:
        choices = dict(getattr(row._meta.get_field(name), "flatchoices", None) or ())
    except FieldDoesNotExist:
        return value
    return str(choices.get(value, value))
