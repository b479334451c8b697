"""Who changed what: changes that people make through the API and the admin go to the audit log.

Only what happens inside `acting` is logged. Services and device messages write their own histories,
and many rows a second; for them a signal receiver here costs one look at a context variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save, pre_save

from apps.core.callers import Caller
from apps.core.models import META_COLUMNS
from apps.core.resources import Resource, registry

# A value as shown in the log; longer ones (documents in JSON, messages) are cut.
_LONGEST = 2_000
_HIDDEN = "•••"

_acting: ContextVar[Caller | None] = ContextVar("acting", default=None)


@contextmanager
def acting(caller: Caller) -> Iterator[None]:
    """Log every change to an audited row made inside as one of `caller`."""
    token = _acting.set(caller)
    try:
        yield
    finally:
        _acting.reset(token)


def watch() -> None:
    """Connect the log to every resource that is `audited`. Called once, when apps are ready."""
    for resource in registry:
        if resource.audited and registry.of(resource.model) is resource:
            name = f"audit-{resource.name}"
            pre_save.connect(_remember, sender=resource.model, dispatch_uid=f"{name}-before")
            post_save.connect(_saved, sender=resource.model, dispatch_uid=f"{name}-saved")
            post_delete.connect(_deleted, sender=resource.model, dispatch_uid=f"{name}-deleted")


def note_made(rows: Sequence[models.Model]) -> None:
    """Log new rows of one audited table that were written together: no signal tells of those."""
    if rows and (caller := _acting.get()) is not None:
        LogEntry.objects.bulk_create(_made(row, caller) for row in rows)


def entries_of(row: models.Model) -> QuerySet[LogEntry]:
    """What the log knows of one row, newest first."""
    return LogEntry.objects.get_for_object(row).order_by("-timestamp", "-pk")


def _values(row: models.Model, names: frozenset[str] | None = None) -> dict[str, str | None]:
    """The row's columns as text, by field name; those of the program itself are left out."""
    resource = registry.of(type(row))  # type: ignore[arg-type]
    return {
        field.name: _text(field, getattr(row, field.attname), resource)
        for field in row._meta.concrete_fields
        if field.column not in META_COLUMNS and (names is None or field.name in names)
    }


def _text(field: models.Field, value: Any, resource: Resource | None) -> str | None:
    if value is None:
        return None
    if resource is not None and field.column in resource.secret:
        return _HIDDEN
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()[:_LONGEST]
    return str(value)[:_LONGEST]


def _remember(sender: Any, instance: models.Model, raw: bool = False, **more: Any) -> None:
    """Before a save: keep what the row was, for as long as the save takes."""
    if _acting.get() is None or raw or instance._state.adding:
        return
    before = sender._base_manager.filter(pk=instance.pk).first()
    instance.__dict__["_audit_before"] = before
    # A secret shows as dots on both sides; that it changed must still be seen.
    instance.__dict__["_audit_secrets"] = before and _changed_secrets(before, instance)


def _changed_secrets(before: models.Model, after: models.Model) -> list[str]:
    resource = registry.of(type(after))  # type: ignore[arg-type]
    hidden = resource.secret if resource is not None else ()
    return [
        field.name
        for field in after._meta.concrete_fields
        if field.column in hidden
        and getattr(before, field.attname) != getattr(after, field.attname)
    ]


def _saved(
    sender: Any, instance: models.Model, created: bool, raw: bool = False, **more: Any
) -> None:
    caller = _acting.get()
    if caller is None or raw:
        return
    if created:
        _made(instance, caller).save()
        return
    before = instance.__dict__.pop("_audit_before", None)
    secrets = instance.__dict__.pop("_audit_secrets", None) or []
    if before is None:
        return
    names = more.get("update_fields")
    old = _values(before, names)
    new = _values(instance, names)
    changes = {n: [old[n], new[n]] for n in new if old[n] != new[n]}
    changes.update({name: [_HIDDEN, _HIDDEN] for name in secrets})
    if changes:
        _entry(instance, caller, LogEntry.Action.UPDATE, changes).save()


def _deleted(sender: Any, instance: models.Model, **more: Any) -> None:
    caller = _acting.get()
    if caller is not None:
        changes = {n: [v, None] for n, v in _values(instance).items() if v is not None}
        _entry(instance, caller, LogEntry.Action.DELETE, changes).save()


def _made(row: models.Model, caller: Caller) -> LogEntry:
    changes = {n: [None, v] for n, v in _values(row).items() if v is not None}
    return _entry(row, caller, LogEntry.Action.CREATE, changes)


def _entry(
    row: models.Model, caller: Caller, action: int, changes: dict[str, list[str | None]]
) -> LogEntry:
    return LogEntry(
        content_type=ContentType.objects.get_for_model(row),
        object_pk=str(row.pk),
        object_id=row.pk if isinstance(row.pk, int) else None,
        object_repr=str(row)[:200],
        action=action,
        changes=changes,
        actor_id=caller.user_id or None,
        actor_email=caller.username,
    )
