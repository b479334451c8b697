"""The menu as one person sees it: only what the level allows, open where the person is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core.levels import TYPE_TABLE
from apps.core.menu import CATALOGUE, Section, menu
from apps.core.resources import Resource, registry

# Sections of a lower order are the first ones.
_FIRST = 100


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links for the sidebar; a group nobody may look into is left out."""
    groups: list[dict[str, Any]] = [
        {
            "items": [
                {"title": _("Home"), "icon": "home", "link": reverse("admin:index")},
                *_first_links(request),
            ]
        }
    ]
    first = {model for model, _section in _first_tables()}
    for section, tables in placed():
        items = [
            *_pages(request, section),
            *(
                {"title": menu_title(model), "link": list_url(model)}
                for model in tables
                if model not in first and may_see(request, model)
            ),
        ]
        if items:
            groups.append(
                {"title": section.title, "icon": section.icon, "collapsible": True, "items": items}
            )
    _mark_current(groups, request.path)
    return groups


def _mark_current(groups: list[dict[str, Any]], path: str) -> None:
    """Of the entries whose page leads to this one, the nearest is where the person is."""
    items = [item for group in groups for item in group["items"]]
    home = reverse("admin:index")
    leading = [link for item in items if path.startswith(link := item["link"]) and link != home]
    current = max(leading, key=len, default=path)
    for item in items:
        item["active"] = item["link"] == current


def _pages(request: HttpRequest, section: Section) -> Iterator[dict[str, Any]]:
    for page in section.pages:
        model = _model(page.table)
        if model is not None and may_see(request, model):
            yield {"title": page.title, "link": reverse(page.url_name)}


def _first_tables() -> Iterator[tuple[type[models.Model], Section]]:
    """What most people open most: the first table of each of the first sections."""
    return ((tables[0], section) for section, tables in placed() if section.order < _FIRST)


def _first_links(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The first tables, one touch away; they do not stand in their sections once more."""
    for model, section in _first_tables():
        if may_see(request, model):
            yield {"title": menu_title(model), "icon": section.icon, "link": list_url(model)}


@cache
def placed() -> tuple[tuple[Section, tuple[type[models.Model], ...]], ...]:
    """Every section with its tables; every table that has a page stands in exactly one."""
    sections = {section.key: section for section in menu.sections()}
    found: dict[str, list[type[models.Model]]] = {key: [] for key in sections}
    seen: set[type[models.Model]] = set()
    for section in sections.values():
        for name in section.tables:
            model = _model(name)
            if model is not None and admin.site.is_registered(model) and model not in seen:
                seen.add(model)
                found[section.key].append(model)
    for resource in registry:
        model = resource.model
        if model not in seen and admin.site.is_registered(model):
            seen.add(model)
            found[_default_section(resource, sections)].append(model)
    return tuple((sections[key], tuple(tables)) for key, tables in found.items() if tables)


def _default_section(resource: Resource, sections: dict[str, Section]) -> str:
    if resource.levels is TYPE_TABLE or resource.domain not in sections:
        return CATALOGUE
    return resource.domain


def _model(name: str) -> type[models.Model] | None:
    """The model of a table of ours, or of "app.Model" if that app is installed."""
    if "." in name:
        try:
            return apps.get_model(name)
        except LookupError:
            return None
    return registry.named(name).model


def menu_title(model: type[models.Model]) -> str:
    """What the menu calls a table: as its page says, else by the name of its rows."""
    page = admin.site.get_model_admin(model)
    return capfirst(str(getattr(page, "menu_title", "") or model._meta.verbose_name_plural))


def list_url(model: type[models.Model]) -> str:
    """The page of a table."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def may_see(request: HttpRequest, model: type[models.Model]) -> bool:
    """Whether the person may look at this table."""
    return bool(admin.site.get_model_admin(model).has_view_permission(request))
