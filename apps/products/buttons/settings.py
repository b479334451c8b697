"""Settings of a unit: first which one, then a value that fits it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.callers import Caller
from apps.core.levels import Level
from apps.core.verb_fields import INPUT, choice
from apps.core.verbs import Press, Said, Verb, VerbForm, VerbGroup, verb
from apps.products.models import DataType, ParameterStatus, ParameterType, Product, ProductParameter
from apps.products.selectors import is_terminated
from apps.products.services.settings import set_parameter, withdraw_parameter

SETTINGS = VerbGroup("settings", order=50, label=lazy("Settings"), icon="tune")

_FORMATS: Mapping[str, Any] = {
    DataType.DATETIME: lazy("A date such as 2018-03-30, a time of day such as 12:00:00, or both."),
    DataType.INT: lazy("A whole number."),
}


class SettingForm(VerbForm):
    """The kind of parameter, among those that units of this type have; then its value.

    The kind is chosen in the page's query (`set`), because what the value may be depends on it.
    """

    choice = "set"

    def __init__(self, unit: Product, caller: Caller, data: Any = None, **options: Any) -> None:
        super().__init__(unit, caller, data, **options)
        key = (data or self.chosen).get(self.choice, "")
        self.kind = _kind(unit, key)
        self.choosing = self.kind is None
        if self.kind is None:
            field: Any = choice(lazy("Which setting"))
            rows = _kinds(unit).order_by("name")
            field.choices = [(row.pk, _named(row)) for row in rows]
            self.pointless = not field.choices and data is None
            self.fields[self.choice] = field
            return
        self.fields["value"] = _value_field(self.kind)
        self.fields["value"].help_text = " ".join(_help(unit, self.kind))
        self.fields[self.choice] = forms.CharField(
            widget=forms.HiddenInput, initial=str(self.kind.pk)
        )


def _kinds(unit: Product) -> QuerySet[ParameterType]:
    allowed = unit.product_type.parameter_types
    rows = ParameterType.objects.all()
    return rows.filter(pk__in=allowed) if allowed else rows


def _key(text: Any) -> int | None:
    """A row's key as a form sends it; None for anything else."""
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    return None


def _kind(unit: Product, text: Any) -> ParameterType | None:
    key = _key(text)
    return None if key is None else _kinds(unit).filter(pk=key).first()


def _named(kind: ParameterType) -> str:
    return kind.name.replace("_", " ").capitalize()


def _value_field(kind: ParameterType) -> forms.Field:
    """An input for just the values that the kind takes; the service has the last word."""
    label = f"{_named(kind)} ({kind.units})" if kind.units else _named(kind)
    rules: Mapping[str, Any] = kind.validation_rules or {}
    if kind.data_type == DataType.BOOL:
        return choice(label, choices=[("true", _("Yes")), ("false", _("No"))])
    if rules.get("options"):
        return choice(label, choices=[(str(value), str(value)) for value in rules["options"]])
    if kind.data_type in (DataType.INT, DataType.FLOAT):
        step = rules.get("step") or (1 if kind.data_type == DataType.INT else "any")
        bounds = {name: rules[name] for name in ("min", "max") if name in rules}
        number = forms.NumberInput(attrs={**INPUT, "step": step, **bounds})
        return forms.CharField(label=label, widget=number)
    lengths = {name: rules[name] for name in ("minlength", "maxlength") if name in rules}
    text = forms.TextInput(attrs={**INPUT, "maxlength": 255, **lengths})
    return forms.CharField(label=label, widget=text, strip=False)


def _help(unit: Product, kind: ParameterType) -> list[str]:
    """What may be given, what holds now, and when a new value will."""
    rules: Mapping[str, Any] = kind.validation_rules or {}
    told = [f"{kind.description.rstrip('. ')}."] if kind.description else []
    if kind.data_type in _FORMATS:
        told.append(str(_FORMATS[DataType(kind.data_type)]))
    if "min" in rules and "max" in rules:
        text = _("From {least} to {most}.")
        told.append(text.format(least=rules["min"], most=rules["max"]))
    if "maxlength" in rules:
        told.append(_("At most {count} characters.").format(count=rules["maxlength"]))
    values = dict(
        ProductParameter.objects.filter(
            product=unit,
            parameter_type=kind,
            status__in=(ParameterStatus.ACTIVE, ParameterStatus.PENDING),
        )
        .order_by("pk")
        .values_list("status", "value")
    )
    if ParameterStatus.ACTIVE in values:
        told.append(_("It is {value} now.").format(value=values[ParameterStatus.ACTIVE]))
    if ParameterStatus.PENDING in values:
        text = _("{value} is waiting for the unit; another value takes its place.")
        told.append(text.format(value=values[ParameterStatus.PENDING]))
    told.append(
        _("The unit takes a new value at its next contact.")
        if kind.setting
        else _("A new value holds at once: it is kept here and not sent to the unit.")
    )
    return told


def _set(press: Press) -> Said:
    kind = ParameterType.objects.get(pk=int(press.values["set"]))
    row = set_parameter(
        product_imei=press.unit.pk, parameter_type=kind, value=press.values["value"], by=press.by
    )
    text = (
        _("{name} will be {value} from the next contact of {unit}.")
        if row.status == ParameterStatus.PENDING
        else _("{name} of {unit} is {value}.")
    )
    return Said(
        text.format(name=_named(kind), value=_with_units(row), unit=press.unit.serial_number)
    )


class WaitingForm(VerbForm):
    """One of the values that wait for the unit."""

    waiting = choice(lazy("Which value"))

    def __init__(self, unit: Product, caller: Caller, data: Any = None, **options: Any) -> None:
        super().__init__(unit, caller, data, **options)
        # One that waits no more since the page was opened is for the service to judge.
        wanted = Q(status=ParameterStatus.PENDING) | Q(pk=_key((data or {}).get("waiting")) or 0)
        rows = ProductParameter.objects.filter(wanted, product=unit)
        field: Any = self.fields["waiting"]
        field.choices = [
            (row.pk, f"{_named(row.parameter_type)}: {_with_units(row)}")
            for row in rows.select_related("parameter_type").order_by("-pk")
        ]
        self.pointless = not field.choices and data is None


def _with_units(row: ProductParameter) -> str:
    return f"{row.value} {row.parameter_type.units or ''}".strip()


def _withdraw(press: Press) -> Said:
    row = withdraw_parameter(
        product_imei=press.unit.pk, parameter_id=int(press.values["waiting"]), by=press.by
    )
    if row is None:
        return Said(
            _("The value was not waiting for {unit}.").format(unit=press.unit.serial_number), False
        )
    text = _("{unit} is no longer asked for {name} = {value}.")
    return Said(
        text.format(
            unit=press.unit.serial_number, name=_named(row.parameter_type), value=_with_units(row)
        )
    )


verb(
    Verb(
        name="set-parameter",
        group=SETTINGS,
        label=lazy("Change a setting"),
        icon="tune",
        level=Level.SYSTEM,
        submit=lazy("Set it"),
        form=SettingForm,
        offered=lambda unit, caller: not is_terminated(unit),
        act=_set,
    ),
    Verb(
        name="withdraw-parameter",
        group=SETTINGS,
        label=lazy("Take back a setting"),
        icon="undo",
        level=Level.SYSTEM,
        consequence=lazy(
            "The unit keeps what it has, unless it has heard of the new value already."
        ),
        submit=lazy("Take it back"),
        form=WaitingForm,
        act=_withdraw,
    ),
)
