"""Every path below /v1/: the actions of all apps and the five verbs of all tables.

`ApiMiddleware` finds its way by `api_paths`, whose cost does not grow with the number of tables.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.module_loading import module_has_submodule

from apps.core.actions import ActionView
from apps.core.errors import NotFound
from apps.core.handlers import render_error
from apps.core.paths import Paths
from apps.core.resources import registry
from apps.core.viewsets import viewset_for


@lru_cache(maxsize=1)
def actions() -> tuple[type[ActionView], ...]:
    """The action endpoints of every app, from `ACTIONS` in its `api.py`."""
    found: list[type[ActionView]] = []
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "api"):
            found.extend(getattr(import_module(f"{config.name}.api"), "ACTIONS", ()))
    return tuple(found)


@lru_cache(maxsize=1)
def routes() -> tuple[tuple[str, Any], ...]:
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
    return tuple(
        sorted(found, key=lambda route: ("<" in route[0], route[0].count("<key>"), route[0]))
    )


@lru_cache(maxsize=1)
def api_paths() -> Paths:
    """The same routes for `ApiMiddleware`, which answers them without Django's resolver."""
    return Paths(routes())


def api_urlpatterns() -> list[URLPattern]:
    """The URL patterns below /v1/, for the API's description and for whatever has no view."""
    return [*(path(route, view) for route, view in routes()), re_path(r"^", no_such_path)]


def no_such_path(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """A path below /v1/ that nothing answers: the error envelope, not a page."""
    return render_error(request, NotFound())


no_such_path.csrf_exempt = True  # type: ignore[attr-defined]
