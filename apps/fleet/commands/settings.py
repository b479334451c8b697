"""A parameter set on many units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from rest_framework import serializers

from apps.core.callers import Caller
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.core.serializers import AnyJson, StrictInteger, StrictText
from apps.fleet import reasons
from apps.fleet.commands.command import Command, Order, Parameters, terminated
from apps.fleet.models import CommandName
from apps.products.models import (
    ParameterStatus,
    ParameterType,
    Product,
    ProductParameter,
    ProductType,
)
from apps.products.services.settings import set_on_units
from apps.products.values import text_of

_LARGEST_KEY = 2**63 - 1


class ParameterChoice(serializers.Serializer):
    """A parameter type, by its id or its name, and the value to set."""

    parameter_type_id = StrictInteger(required=False, min_value=1, max_value=_LARGEST_KEY)
    name = StrictText(required=False, max_length=255)
    value = AnyJson()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("parameter_type_id" in attrs) == ("name" in attrs):
            text = _("Give either parameter_type_id or name")
            raise serializers.ValidationError({"parameter_type_id": text, "name": text})
        return attrs


def _prepare(parameters: dict[str, Any], caller: Caller) -> dict[str, Any]:
    """The id of the type and the text of the value; Invalid for what the type does not take."""
    by_name = "name" in parameters
    key = {"name": parameters["name"]} if by_name else {"pk": parameters["parameter_type_id"]}
    kind = ParameterType.objects.filter(**key).first()
    if kind is None:
        text = _("No parameter type has this name") if by_name else _("No row with this key exists")
        raise Invalid({"name" if by_name else "parameter_type_id": text})
    return {"parameter_type_id": kind.pk, "value": text_of(kind, parameters["value"])}


def _told(parameters: Parameters) -> str:
    kind = ParameterType.objects.filter(pk=parameters["parameter_type_id"]).first()
    name = kind.name if kind else parameters["parameter_type_id"]
    units = kind.units if kind and kind.units else ""
    return f"{name} = {parameters['value']} {units}".rstrip()


def _skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
    kind = ParameterType.objects.get(pk=parameters["parameter_type_id"])
    if kind.setting:
        yield reasons.TERMINATED, terminated()
    without = [
        key
        for key, allowed in ProductType.objects.values_list("pk", "parameter_types")
        if allowed and kind.pk not in allowed
    ]
    yield reasons.WRONG_TYPE, Product.objects.filter(product_type__in=without)
    yield reasons.ALREADY, _set_to(kind, parameters["value"])


def _set_to(kind: ParameterType, text: str) -> QuerySet[Product]:
    """The units that have the value, or were asked to take it and no other since."""
    rows = ProductParameter.objects.filter(product=OuterRef("pk"), parameter_type=kind)
    there = rows.filter(value=text, status__in=(ParameterStatus.PENDING, ParameterStatus.ACTIVE))
    found = Product.objects.filter(Exists(there))
    if kind.repeatable:
        return found
    others = rows.filter(status=ParameterStatus.PENDING).exclude(value=text)
    return found.filter(~Exists(others))


def _run(imeis: Sequence[str], order: Order) -> Mapping[str, Any]:
    kind = ParameterType.objects.get(pk=order.parameters["parameter_type_id"])
    value = order.parameters["value"]
    return set_on_units(imeis=imeis, parameter_type=kind, value=value, by=order.by)


COMMANDS = (
    Command(
        name=CommandName.SET_PARAMETER,
        level=Level.SYSTEM,
        title=lazy("Set a parameter"),
        icon="tune",
        consequence=lazy(
            "Each unit takes the value at its next contact; where the parameter is not sent to"
            " units, it holds at once."
        ),
        body=ParameterChoice,
        prepare=_prepare,
        told=_told,
        run=_run,
        skips=_skips,
        silent=True,
    ),
)
