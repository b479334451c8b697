"""The write path of plain tables: one row created, changed or deleted, with its meta columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.audit import acting
from apps.core.callers import Caller
from apps.core.errors import Invalid, NotFound
from apps.core.models import Record
from apps.core.resources import Resource
from apps.core.scope import restrict
from apps.core.tables import Table


def stamp(record: Record, by: str, *, created: bool) -> None:
    """Set who wrote a row and when (reference: "Meta Data")."""
    if created:
        record.created_by = by
    else:
        record.modified_by = by
        record.modified_at = timezone.now()


def create_row(table: Table, values: Mapping[str, Any], caller: Caller) -> Record:
    """Insert one row from cleaned values (by column); Invalid names what the table refuses.

    Where the table's rows are a service's to write, it decides, and may return a row that was there
    already.
    """
    service = table.resource.create
    if service is not None:
        with one_write(), acting(caller):
            return service(values, caller.username)
    record = table.model(**_attributes(table, values))
    stamp(record, caller.username, created=True)
    _store(table, record, caller, None)
    return record


def update_row(table: Table, key: Any, values: Mapping[str, Any], caller: Caller) -> Record:
    """Change the columns given of one row in the caller's scope; NotFound if there is none."""
    with transaction.atomic():
        record = found_row(table, key, caller, lock=True)
        _refuse_rewriting(table, record, values)
        attributes = _attributes(table, values)
        if attributes:
            for name, value in attributes.items():
                setattr(record, name, value)
            stamp(record, caller.username, created=False)
            _store(table, record, caller, {*attributes, "modified_at", "modified_by"})
    return record


def delete_row(table: Table, key: Any, caller: Caller) -> None:
    """Delete one row in the caller's scope; Invalid says by what it is still used."""
    with transaction.atomic():
        # A service locks in its own order, which may not begin with this row.
        record = found_row(table, key, caller, lock=table.resource.delete is None)
        users = in_use_by(record)
        if users:
            raise Invalid(
                _("{row} is still in use by {users}").format(row=table.name, users=", ".join(users))
            )
        with acting(caller):
            erase(table.resource, record, caller.username)


def erase(resource: Resource, record: Record, by: str) -> None:
    """Delete a row, through the table's service where it has one."""
    if resource.delete is not None:
        resource.delete(record, by)
    else:
        record.delete()


def found_row(table: Table, key: Any, caller: Caller, *, lock: bool) -> Record:
    """The row, if the caller may know of it; locked for this transaction where that is asked."""
    rows = restrict(table.model._default_manager.all(), caller, table.resource.scope)
    try:
        return (rows.select_for_update() if lock else rows).get(pk=key)
    except table.model.DoesNotExist as error:
        raise NotFound from error


def in_use_by(record: models.Model) -> list[str]:
    """The tables with rows that refer to this one, asked without loading any of them.

    Pointers to the newest row of a history count as well: they may not point to nothing.
    """
    users = {
        relation.related_model._meta.db_table
        for relation in record._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        # Bookkeeping that goes with its row does not hold it.
        and relation.on_delete is not models.CASCADE
        and relation.related_model._base_manager.filter(**{relation.field.name: record}).exists()
    }
    return sorted(users)


def _attributes(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values by the model's attribute names."""
    by_column = {column.column: column.field.attname for column in table.columns}
    return {by_column[name]: value for name, value in values.items()}


def _refuse_rewriting(table: Table, record: Record, values: Mapping[str, Any]) -> None:
    """Invalid for another value in a column that is written once; the same value is no change."""
    wrong = {
        column.name: _("This column cannot be changed once the row is written")
        for column in table.columns
        if column.column in table.resource.write_once
        and column.column in values
        and values[column.column] != getattr(record, column.field.attname)
    }
    if wrong:
        raise Invalid(wrong)


def _store(table: Table, record: Record, caller: Caller, changed: set[str] | None) -> None:
    """Validate as the model does and save; the database has the last word on races.

    `changed` names the attributes of an existing row to judge and write, None stands for a new row.
    """
    _validate(table, record, changed)
    with one_write(), acting(caller):
        if changed is None:
            record.save(force_insert=True)
        else:
            record.save(update_fields=changed)


def _validate(table: Table, record: Record, changed: set[str] | None) -> None:
    fields = record._meta.concrete_fields
    # Foreign keys were checked by the serializer, within the caller's scope.
    keys = {f.name for f in fields if isinstance(f, models.ForeignKey)}
    # What a client did not send is not its fault.
    kept = {f.name for f in fields if changed is not None and f.attname not in changed}
    wrong: dict[str, str] = {}
    for check in (record.clean_fields, record.validate_unique):
        try:
            check(exclude=keys | kept | wrong.keys())
        except ValidationError as error:
            wrong |= {name: " ".join(texts) for name, texts in error.message_dict.items()}
    if not wrong:
        wrong = _broken_rules(record, keys)
    if wrong:
        names = {column.field.name: column.name for column in table.columns}
        raise Invalid({names.get(name, name): text for name, text in wrong.items()})


_DJANGO_MESSAGE = models.BaseConstraint.default_violation_error_message


def _broken_rules(record: Record, exclude: set[str]) -> dict[str, str]:
    """What the constraints of the table say against a row, for each field they are about."""
    wrong: dict[str, str] = {}
    for model, constraints in record.get_constraints():
        for constraint in constraints:
            try:
                constraint.validate(model, record, exclude=exclude)
            except ValidationError as error:
                # Django's own message only names the constraint, which tells a client nothing.
                silent = constraint.violation_error_message == _DJANGO_MESSAGE
                text = _("This value is not allowed here") if silent else " ".join(error.messages)
                wrong |= dict.fromkeys(_fields_of(constraint), text)
    return wrong


def _fields_of(constraint: models.BaseConstraint) -> list[str]:
    """The names of the fields that a constraint is about."""
    if isinstance(constraint, models.UniqueConstraint):
        return list(constraint.fields)
    return sorted(set(_named(getattr(constraint, "condition", models.Q()))))


def _named(condition: models.Q) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, models.Q):
            yield from _named(child)
        elif isinstance(child, tuple):
            lookup, value = child
            yield lookup.split("__")[0]
            if isinstance(value, models.F):
                yield value.name  # type: ignore[attr-defined]  # the stubs leave it out


@contextmanager
def one_write() -> Iterator[None]:
    """A transaction; what the database refuses in it or at its end is answered to the client."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise refused(error) from error


_UNIQUE = (
    re.compile(r"Key \(([^)]+)\)="),  # PostgreSQL: Key (name)=(x) already exists.
    re.compile(r"UNIQUE constraint failed: (.+)"),  # SQLite: table.column, table.column
)


def refused(error: IntegrityError) -> Invalid:
    """The database's refusal of a row, in words that name the column."""
    text = str(error)
    if "still referenced" in text:
        return Invalid(_("The row is still in use"))
    for pattern in _UNIQUE:
        found = pattern.search(text)
        if found:
            columns = [part.split(".")[-1].strip(' "') for part in found.group(1).split(",")]
            missing = "is not present" in text
            message = (
                _("No row with this key exists") if missing else _("This value is already taken")
            )
            return Invalid(dict.fromkeys(columns, message))
    return Invalid(_("The row conflicts with another or breaks a rule of its table"))
