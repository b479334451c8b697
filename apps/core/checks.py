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
