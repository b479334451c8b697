"""System checks on the registry: a table declared wrongly fails `manage.py check`, with a hint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks

from apps.core.models import Record
from apps.core.relations import column_of
from apps.core.resources import Resource, registry


@checks.register("resources")
def check_resources(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every Record has a resource; every column a resource names exists; levels are complete."""
    found: list[checks.CheckMessage] = []
    for resource in registry:
        found.extend(_check_columns(resource))
        found.extend(_check_levels(resource))
        found.extend(_check_services(resource))
    for model in apps.get_models():
        if issubclass(model, Record) and registry.of(model) is None:
            found.append(
                checks.Error(
                    f"{model._meta.label} has no resource",
                    hint=f"Declare it in apps/{model._meta.app_label}/resources.py.",
                    obj=model,
                    id="core.E001",
                )
            )
    return found


def _check_columns(resource: Resource) -> Iterator[checks.CheckMessage]:
    columns = {column_of(f) for f in resource.model._meta.concrete_fields}
    named = {
        "secret": resource.secret,
        "masked": tuple(resource.masked),
        "read_only": resource.read_only,
        "write_once": resource.write_once,
        "renames": tuple(resource.renames),
    }
    for option, names in named.items():
        for name in names:
            if name not in columns:
                yield checks.Error(
                    f"{resource.path}: {option} names an unknown column {name!r}",
                    hint=f"Columns of {resource.name}: {', '.join(sorted(columns))}.",
                    obj=resource.model,
                    id="core.E002",
                )


def _check_levels(resource: Resource) -> Iterator[checks.CheckMessage]:
    writes = {"POST", "PUT", "DELETE"} & set(resource.levels)
    if writes and "GET" not in resource.levels:
        yield checks.Error(
            f"{resource.path}: {', '.join(sorted(writes))} without a level for GET",
            hint="A table that can be written can be read: add GET to its levels.",
            obj=resource.model,
            id="core.E003",
        )


def _check_services(resource: Resource) -> Iterator[checks.CheckMessage]:
    """A service stands behind a verb that is served, and nothing writes rows past it."""
    for verb, service in (("POST", resource.create), ("DELETE", resource.delete)):
        if service is not None and verb not in resource.levels:
            yield checks.Error(
                f"{resource.path}: a service for {verb}, which the table does not take",
                hint=f"Give {verb} a level, or leave the service out.",
                obj=resource.model,
                id="core.E004",
            )
    if resource.create is not None and resource.importable:
        yield checks.Error(
            f"{resource.path}: rows come from a service, and an import would go past it",
            hint="Leave out `importable`, or `create`.",
            obj=resource.model,
            id="core.E005",
        )
    both = sorted(set(resource.write_once) & set(resource.read_only))
    if both:
        yield checks.Error(
            f"{resource.path}: {', '.join(both)} cannot be both read_only and write_once",
            hint="read_only is never sent by a client, write_once is sent by POST alone.",
            obj=resource.model,
            id="core.E006",
        )
