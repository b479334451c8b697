"""Where all units are."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.connectivity.locations import DEFAULT_SIZE, LOCATIONS
from apps.core.actions import ActionView, Call, operation
from apps.core.levels import Level
from apps.core.sweeps import PageQuery


class LocationSchema(serializers.Serializer):
    """The last place known of one unit; `error_radius` in metres, null for a position by GPS."""

    product_imei = serializers.CharField()
    latitude = serializers.CharField()
    longitude = serializers.CharField()
    error_radius = serializers.IntegerField(allow_null=True)


class LocationsSchema(serializers.Serializer):
    # DRF takes declared fields out of the class, so this hides nothing.
    data = LocationSchema(many=True)  # type: ignore[assignment]


class Locations(ActionView):
    """The last place known of each unit, in order of IMEI; units never located are left out."""

    path = "products/locations"

    @operation(
        level=Level.OVERVIEW,
        summary=gettext_lazy("Where all units are"),
        query=PageQuery,
        response=LocationsSchema,
    )
    def get(self, call: Call) -> HttpResponseBase:
        """1,000 units on a page where no other number is asked for; any number is given."""
        return LOCATIONS.answer(
            call.caller,
            page=call.query["page"],
            size=call.query["results_per_page"] or DEFAULT_SIZE,
            before=b'{"data":[',
            after=b"]}",
        )


ACTIONS = (Locations,)
