"""Django's permission names, answered from the one table of levels: the resource registry.

`apps.core` decides what a level may do to a table; the admin asks in Django's words
("repairs.change_repair"). This module translates, and adds no rule of its own but one: a table that
is not declared there (users, tokens, sign-in records, schedules) is for SYSTEM.
"""

from __future__ import annotations

from typing import Final

from django.apps import apps

from apps.core.levels import Level, Verb
from apps.core.resources import Resource, registry

_VERBS: Final[dict[str, Verb]] = {"add": "POST", "change": "PUT", "delete": "DELETE"}


def permits(level: Level, permission: str) -> bool:
    """Whether `level` allows `permission`, "app.verb_model" with view, add, change or delete.

    A verb the table refuses to everybody is refused to SYSTEM too.
    """
    app_label, _, codename = permission.partition(".")
    action, _, model_name = codename.partition("_")
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        return level == Level.SYSTEM
    resource = registry.of(model)
    if resource is None:
        return level == Level.SYSTEM
    if action == "view":
        return level >= view_level(resource)
    verb = _VERBS.get(action)
    least = resource.levels.get(verb) if verb else None
    return least is not None and level >= least


def view_level(resource: Resource) -> Level:
    """The least level that sees the table's page; a table that the API refuses may have one."""
    return resource.admin_level or resource.levels.get("GET") or Level.OVERVIEW


def permits_module(level: Level, app_label: str) -> bool:
    """Whether `level` sees at least one table of the app."""
    if level == Level.SYSTEM:
        return True
    return any(view_level(r) <= level for r in registry if r.domain == app_label)
