"""Saving and deleting from the generated forms: stamped, logged, and refused in words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import ProtectedError, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.deletion import deletion_plan
from apps.core.adminpages.json_fields import STRICT_JSON
from apps.core.audit import acting
from apps.core.errors import DomainError
from apps.core.resources import Resource
from apps.core.tables import Table
from apps.core.writing import create_row, erase, one_write, refused, stamp


class WritingMixin:
    """What a generated page does when somebody presses Save or Delete."""

    admin_site: Any
    model: Any
    resource: Resource
    table: Table
    formfield_overrides = STRICT_JSON

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Save what the form changed and nothing else: a unit may report while somebody types."""
        caller = caller_of(request)
        if not change and self.resource.create is not None:
            row = create_row(self.table, self._sent(obj, form), caller)
            # The form was made for a row of its own; the service may have found one.
            obj.__dict__.update(row.__dict__)
            return
        stamp(obj, caller.username, created=not change)
        with acting(caller):
            if not change:
                obj.save(force_insert=True)
                return
            own = {f.name for f in obj._meta.concrete_fields}
            changed = own.intersection(form.changed_data)
            if changed:
                obj.save(update_fields=[*sorted(changed), "modified_at", "modified_by"])

    def _sent(self, obj: Any, form: ModelForm) -> dict[str, Any]:
        """What the form asked for, by column, as a POST would have it."""
        return {
            column.column: getattr(obj, column.field.attname)
            for column in self.table.columns
            if column.field.name in form.cleaned_data
        }

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        caller = caller_of(request)
        with one_write(), acting(caller):
            erase(self.resource, obj, caller.username)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        caller = caller_of(request)
        with one_write(), acting(caller):
            if self.resource.delete is None:
                queryset.delete()
                return
            for row in queryset.order_by("pk"):
                erase(self.resource, row, caller.username)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return deletion_plan(objs, request, self.admin_site)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The audit log has it already; Django's own log would say it twice."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """As `log_addition`."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """As `log_addition`."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        except (IntegrityError, DomainError) as error:
            return self.refuse(request, error, request.get_full_path())

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        try:
            return super().delete_view(request, object_id, *args, **kw)  # type: ignore[misc]
        except (IntegrityError, ProtectedError, DomainError) as error:
            return self.refuse(request, error, request.path)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        try:
            return super().response_action(request, queryset)  # type: ignore[misc]
        except (IntegrityError, ProtectedError, DomainError) as error:
            return self.refuse(request, error, request.get_full_path())

    def refuse(self, request: HttpRequest, error: Exception, back: str) -> HttpResponse:
        """Say why nothing was written, and go back to where it was tried."""
        messages.error(request, self.reason(error))
        return HttpResponseRedirect(back)

    def reason(self, error: Exception) -> str:
        if isinstance(error, ProtectedError):
            rows = list(error.protected_objects)[:1]
            name = rows[0]._meta.verbose_name_plural if rows else ""
            return _("Nothing was deleted: still in use by {users}.").format(users=name)
        known = refused(error) if isinstance(error, IntegrityError) else error
        assert isinstance(known, DomainError)
        if known.errors:
            return " ".join(f"{name}: {text}" for name, text in known.errors.items())
        return str(known.message)
