"""What the back office asks for before it shows the preview of a command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.core.adminpages.choosing import RowSelect
from apps.core.adminpages.filters import visible_rows
from apps.entities.models import ProductEntityLinker
from apps.fleet import pace
from apps.fleet.models import CommandName
from apps.products.models import Product, ProductParameter, SoftwareStatus, StateType

_NOTE_LENGTH = 10_000


class AskForm(forms.Form):
    """What every command is asked with; `reference` makes a form that is sent twice count once."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=_NOTE_LENGTH,
        help_text=_("Why this is done, for whoever looks at it later"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    per_minute = forms.IntegerField(
        label=_("Units per minute"),
        required=False,
        min_value=pace.LEAST,
        max_value=pace.MOST,
        help_text=_("Slower if the units are to hear of it little by little; empty: as usual"),
        widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
    )
    reference = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data, initial={"reference": uuid4().hex})
        self.request = request

    def parameters(self) -> dict[str, Any]:
        """What the command's body is, as the API would be sent it."""
        return {}

    def choice(self, name: str, column: models.ForeignKey, label: Any) -> None:
        """A row of another table, found by typing, among those the person may see."""
        rows = visible_rows(column.related_model, self.request)
        widget = RowSelect(column, admin.site, attrs={"class": "unfold-admin-autocomplete"})
        self.fields[name] = forms.ModelChoiceField(rows, label=label, widget=widget)


class SoftwareForm(AskForm):
    """The version to load."""

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(request, data)
        self.choice("software", _column(Product, "software_lock"), _("Software version"))
        field: Any = self.fields["software"]
        field.queryset = field.queryset.exclude(status=SoftwareStatus.BAD)
        self.order_fields(["software"])

    def parameters(self) -> dict[str, Any]:
        return {"software": self.cleaned_data["software"].pk}


class ParameterForm(AskForm):
    """The parameter and its value."""

    value = forms.CharField(label=_("Value"), max_length=255, widget=UnfoldAdminTextInputWidget())

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(request, data)
        self.choice("kind", _column(ProductParameter, "parameter_type"), _("Parameter"))
        self.order_fields(["kind", "value"])

    def parameters(self) -> dict[str, Any]:
        kind = self.cleaned_data["kind"]
        return {"parameter_type_id": kind.pk, "value": self.cleaned_data["value"]}


class EntityForm(AskForm):
    """The entity to assign to, or to take from."""

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(request, data)
        self.choice("entity", _column(ProductEntityLinker, "entity"), _("Entity"))
        self.order_fields(["entity"])

    def parameters(self) -> dict[str, Any]:
        return {"entity_id": self.cleaned_data["entity"].pk}


class ExchangeForm(AskForm):
    """The entity that has the units, and the one to have them instead."""

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(request, data)
        self.choice("old", _column(ProductEntityLinker, "entity"), _("From entity"))
        self.choice("new", _column(ProductEntityLinker, "entity"), _("To entity"))
        self.order_fields(["old", "new"])

    def parameters(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"old_entity_id": cleaned["old"].pk, "new_entity_id": cleaned["new"].pk}


class StateForm(AskForm):
    """The stage of life to move to."""

    state = forms.ModelChoiceField(
        StateType.objects.order_by("pk"), label=_("New state"), widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(request, data)
        self.order_fields(["state"])

    def parameters(self) -> dict[str, Any]:
        return {"new_state": self.cleaned_data["state"].pk}


_FORMS: Mapping[str, type[AskForm]] = {
    CommandName.UPDATE_SOFTWARE: SoftwareForm,
    CommandName.LOCK_SOFTWARE: SoftwareForm,
    CommandName.SET_PARAMETER: ParameterForm,
    CommandName.ASSIGN_ENTITY: EntityForm,
    CommandName.CHANGE_ENTITY: ExchangeForm,
    CommandName.REMOVE_ENTITY: EntityForm,
    CommandName.CHANGE_STATE: StateForm,
}
# What the API names otherwise than the form: where an error of the service belongs.
FIELDS: Mapping[str, str] = {
    "software": "software",
    "parameter_type_id": "kind",
    "name": "kind",
    "value": "value",
    "entity_id": "entity",
    "old_entity_id": "old",
    "new_entity_id": "new",
    "new_state": "state",
    "per_minute": "per_minute",
    "note": "note",
}


def form_for(command: str) -> type[AskForm]:
    """The form of a command; the plain one for a command without parameters."""
    return _FORMS.get(command, AskForm)


def _column(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)
