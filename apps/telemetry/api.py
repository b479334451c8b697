"""The data of one unit: what it measured, read and written. Reference: "Product Data"."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actions import Answer, Call, Operation, ProductAction, operation
from apps.core.bodies import json_object, raw_body
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.telemetry.data_questions import PARAMETERS
from apps.telemetry.data_schemas import PointsSchema, QuestionSchema
from apps.telemetry.selectors import data_of_unit
from apps.telemetry.services.points import (
    dropped,
    keep_points,
    read_plain_json,
    read_points,
    told,
)
from apps.telemetry.store.series import Batch


class Data(ProductAction):
    """Time series of one unit."""

    path = "products/<imei>/data"

    @operation(
        level=Level.OVERVIEW,
        summary=gettext_lazy("Read a unit's data"),
        query=QuestionSchema,
    )
    def get(self, call: Call) -> Answer:
        """Parameters may also be sent as a JSON body. Fields answer as lists of [value, time]."""
        parameters = _asked(call.request, call.data)
        return Answer(
            _("data retrieved successfully"), data_of_unit(imei=call.imei, parameters=parameters)
        )

    @operation(
        level=Level.TECHNICAL, summary=gettext_lazy("Write a unit's data"), body=PointsSchema
    )
    def post(self, call: Call) -> Answer:
        """The same points again change nothing. A field keeps the kind of its first value."""
        kept = keep_points(batch=_points(call.request, call.imei))
        if kept.dropped and not kept.written:
            raise Invalid(" ".join(kept.reasons), data=dropped(kept))
        return Answer(told(kept), dropped(kept))

    def parse_body(self, request: HttpRequest, spec: Operation) -> dict[str, Any]:
        """As it is; points, too many for a serializer, are read where they are wanted."""
        return {} if spec.body else json_object(request, required=False)


def _points(request: HttpRequest, imei: str) -> Batch:
    plain = None
    if request.content_type == "application/json":
        plain = read_plain_json(raw_body(request), imei)
    return plain or read_points(json_object(request), imei)


def _asked(request: HttpRequest, body: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a question, from query string and body; `fields` may be repeated."""
    unknown = sorted(body.keys() - PARAMETERS)
    if unknown:
        raise Invalid({name[:64]: _("This field is not known here") for name in unknown})
    parameters = dict(body)
    for name, values in request.GET.lists():
        if name in body or (len(values) > 1 and name != "fields"):
            raise Invalid({name: _("given more than once")})
        parameters[name] = values if len(values) > 1 else values[0]
    return parameters


ACTIONS = (Data,)
