"""Actions on the parameters of a unit, which are its own and those of its parts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.actions import Answer, Call, ProductAction, operation
from apps.core.columns import render_time
from apps.core.levels import Level
from apps.core.serializers import TimeField
from apps.parts.parameter_history import parameter_history, parameters_at
from apps.parts.services.energy_limits import suggest_energy_limit


class Moment(serializers.Serializer):
    """The moment to look at; without one, all of the history."""

    date = TimeField(required=False)


class ParametersHistory(ProductAction):
    """The parameters of a unit and its parts: all there ever were, or those active at a date.

    The date stands in the query or, as the reference has it, in a body of JSON.
    """

    path = "products/<imei>/parameters/history"
    domain = "products"

    @operation(
        level=Level.OVERVIEW,
        summary=gettext_lazy("Parameters of a unit and its parts, ever or at a date"),
        body=Moment,
        query=Moment,
    )
    def get(self, call: Call) -> Answer:
        moment = call.data.get("date") or call.query.get("date")
        if moment is None:
            text = _("Full parameter history for #{imei} returned successfully")
            return Answer(text.format(imei=call.imei), parameter_history(call.imei))
        text = _("Active parameters for #{imei} at {date} returned successfully")
        return Answer(
            text.format(imei=call.imei, date=render_time(moment)),
            parameters_at(call.imei, moment),
        )


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}]})
class EnergyField(serializers.Field):
    """An energy in Wh, as text or as a number; the service reads it."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class SuggestedLimit(serializers.Serializer):
    """The energy limit asked for, in Wh."""

    energy_limit = EnergyField()


class SuggestEnergyLimit(ProductAction):
    """Ask for another energy limit; what lies beyond the unit's bounds is cut to them.

    The answer says what was asked for, what is set, the bounds, and whether the two differ.
    """

    path = "products/<imei>/suggest_energy_limit"
    domain = "products"

    @operation(
        level=Level.TECHNICAL,
        summary=gettext_lazy("Ask for another energy limit of a unit"),
        body=SuggestedLimit,
    )
    def put(self, call: Call) -> Answer:
        limit = suggest_energy_limit(
            product_imei=call.imei,
            energy_limit=call.data["energy_limit"],
            by=call.caller.username,
        )
        text = (
            _("The requested energy_limit was truncated: {applied} Wh set for Product #{imei}")
            if limit.bounded
            else _("energy_limit of {applied} Wh set for Product #{imei}")
        )
        return Answer(
            text.format(applied=f"{limit.applied:g}", imei=call.imei),
            {
                "requested": limit.requested,
                "applied": limit.applied,
                "max_energy_limit": limit.max_energy_limit,
                "min_energy_limit": limit.min_energy_limit,
                "bounded": limit.bounded,
            },
        )


ACTIONS = (ParametersHistory, SuggestEnergyLimit)
