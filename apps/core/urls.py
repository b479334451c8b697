"""Every path below /v1/: the actions of all apps and the five verbs of all tables.

Patterns are grouped by their first segment, busiest first, so that resolving costs the same whether
there are ten tables or a hundred.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.module_loading import module_has_submodule

from apps.core.actions import ActionView
from apps.core.errors import NotFound
from apps.core.handlers import render_error
from apps.core.resources import registry
from apps.core.viewsets import viewset_for

# First segments in order of traffic; the others follow by name.
BUSIEST = ("rc_data", "rm_data", "products", "connections", "current_enable_status")


@lru_cache(maxsize=1)
def actions() -> tuple[type[ActionView], ...]:
    """The action endpoints of every app, from `ACTIONS` in its `api.py`."""
    found: list[type[ActionView]] = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "api"):
            found.extend(getattr(import_module(f"{config.name}.api"), "ACTIONS", ()))
    return tuple(found)


def routes() -> list[tuple[str, Any]]:
    """(path below /v1/, view) for every endpoint, literal paths before ones with a placeholder."""
    found: list[tuple[str, Any]] = []
    for action in actions():
        found.extend((p, action.as_view()) for p in (action.path, *action.aliases))
    for resource in registry:
        viewset = viewset_for(resource)
        for p in resource.paths:
            found.append((p, viewset.as_view({"get": "list", "post": "create"})))
            found.append(
                (
                    f"{p}/<key>",
                    viewset.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
                )
            )
    return sorted(found, key=lambda route: ("<" in route[0], route[0].count("<key>"), route[0]))


def api_urlpatterns() -> list[URLPattern | URLResolver]:
    """The URL patterns below /v1/."""
    groups: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for route, view in routes():
        first, _slash, rest = route.partition("/")
        groups[first].append((rest, view))
    order = sorted(groups, key=lambda name: (name not in BUSIEST, _rank(name), name))
    patterns: list[URLPattern | URLResolver] = []
    for first in order:
        nested = []
        for rest, view in groups[first]:
            if rest:
                nested.append(path(rest, view))
            else:
                patterns.append(path(first, view))
        if nested:
            patterns.append(path(f"{first}/", include(nested)))
    patterns.append(re_path(r"^", no_such_path))
    return patterns


def _rank(name: str) -> int:
    return BUSIEST.index(name) if name in BUSIEST else 0


def no_such_path(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """A path below /v1/ that nothing answers: the error envelope, not a page."""
    return render_error(request, NotFound())


no_such_path.csrf_exempt = True  # type: ignore[attr-defined]
