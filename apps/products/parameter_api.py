"""Actions on the parameters of a unit."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.core.actions import Answer, Call, ProductAction, operation
from apps.core.columns import render_time
from apps.core.levels import Level
from apps.core.serializers import TimeField
from apps.products.parameter_history import parameter_history, parameters_at


class Moment(serializers.Serializer):
    """The moment to look at; without one, all of the history."""

    date = TimeField(required=False)


class ParametersHistory(ProductAction):
    """The parameters of a unit and its parts: all there ever were, or those active at a date.

    The date stands in the query or, as the reference has it, in a body of JSON.
    """

    path = "products/<imei>/parameters/history"

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


ACTIONS = (ParametersHistory,)
