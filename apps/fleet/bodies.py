"""What the API takes for a command to many units."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.actions import validated
from apps.core.bodies import check_text
from apps.core.callers import Caller
from apps.core.errors import Forbidden, Invalid
from apps.core.serializers import StrictBoolean, StrictChoice, StrictInteger, StrictText
from apps.fleet import pace
from apps.fleet.commands import COMMANDS
from apps.fleet.models import CommandName
from apps.fleet.selection import Selection, by_imeis, by_query
from apps.fleet.services.previews import Wanted

_IMEI_LENGTH = 15


class RowsPage(serializers.Serializer):
    """One page of rows, as lists of tables answer."""

    num_results = serializers.IntegerField()
    objects = serializers.ListField(child=serializers.DictField())
    page = serializers.IntegerField()
    total_pages = serializers.IntegerField()


@extend_schema_field({"oneOf": [{"type": "object"}, {"type": "string"}]})
class QueryField(serializers.Field):
    """A `q` on products, as an object or as the text that stands in a URL."""

    default_error_messages = {"invalid": gettext_lazy("q must be a JSON object")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, (dict, str)):
            self.fail("invalid")
        return data


@extend_schema_field({"type": "object"})
class ParametersField(serializers.Field):
    """What the command asks for besides the units."""

    default_error_messages = {"invalid": gettext_lazy("A JSON object is expected")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.fail("invalid")
        return data


class ImeiField(StrictText):
    """The IMEI of a unit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_IMEI_LENGTH, **options)


class NewFleetCommand(serializers.Serializer):
    """A command and the units it is for: those a query finds, or those named one by one.

    `reference` is the caller's own name for the command: the same request sent again is answered
    with the command it made the first time. With `confirm` the command begins at once.
    """

    command = StrictChoice(choices=CommandName.values)
    parameters = ParametersField(required=False)
    q = QueryField(required=False)
    product_imeis = serializers.ListField(child=ImeiField(), required=False, allow_empty=False)
    note = StrictText(required=False, allow_null=True, max_length=10_000)
    reference = StrictText(required=False, allow_null=True, max_length=255)
    per_minute = StrictInteger(
        required=False, allow_null=True, min_value=pace.LEAST, max_value=pace.MOST
    )
    confirm = StrictBoolean(required=False, default=False)


def wanted_by(data: dict[str, Any], caller: Caller) -> Wanted:
    """The command that a validated body asks for; raises Forbidden or Invalid."""
    command = COMMANDS[data["command"]]
    # Before what is wrong with it is told: as for the action on one unit.
    if caller.level < command.level:
        raise Forbidden
    return Wanted(
        command=command,
        selection=_selection(data, caller),
        parameters=validated(command.body, data.get("parameters", {})),
        note=data.get("note") or None,
        reference=data.get("reference"),
        per_minute=data.get("per_minute"),
    )


def _selection(data: dict[str, Any], caller: Caller) -> Selection:
    if ("q" in data) == ("product_imeis" in data):
        text = _("Give either q or product_imeis")
        raise Invalid({"q": text, "product_imeis": text})
    if "q" in data:
        if isinstance(data["q"], str):
            check_text(data["q"])
        return by_query(data["q"], caller)
    return by_imeis(data["product_imeis"], caller)
