"""Units at a glance."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.connectivity.dashboard import dashboard
from apps.core.actions import ActionView, Call, operation
from apps.core.handlers import json_response
from apps.core.levels import Level


class DashboardQuery(serializers.Serializer):
    """Which units, and which page of them; as for the list of units."""

    q = serializers.CharField(
        required=False,
        help_text=_("Filters and order over the columns of units, entities and hardware_type"),
    )
    page = serializers.CharField(required=False)
    results_per_page = serializers.CharField(required=False, help_text=_("10, and at most 1,000"))


class OwnerSchema(serializers.Serializer):
    entity_id = serializers.IntegerField()
    name = serializers.CharField()
    bboxx_company_flag = serializers.BooleanField()
    financier = serializers.BooleanField(allow_null=True)
    tariff = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)
    modified_at = serializers.DateTimeField(allow_null=True)


class GlanceSchema(serializers.Serializer):
    """One unit. `alerts` has the types of its open alerts and `notes` its notes; one null: none."""

    product_imei = serializers.CharField()
    serial_number = serializers.CharField()
    imsi = serializers.CharField()
    hardware_type = serializers.CharField()
    entities = OwnerSchema(many=True)
    hub_id = serializers.IntegerField(allow_null=True)
    shop_id = serializers.IntegerField(allow_null=True)
    location_date = serializers.DateTimeField(allow_null=True)
    alerts = serializers.ListField(child=serializers.CharField(allow_null=True))
    software_lock = serializers.IntegerField(allow_null=True)
    pending_software_created_at = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    state_date = serializers.DateTimeField(allow_null=True)
    recent_connection = serializers.DateTimeField(allow_null=True)
    latitude = serializers.CharField(allow_null=True)
    longitude = serializers.CharField(allow_null=True)
    error_radius = serializers.IntegerField(allow_null=True)
    capacity_limit = serializers.CharField(allow_null=True)
    current_enable_flag = serializers.BooleanField()
    desired_enable_flag = serializers.BooleanField()
    current_tamper_flag = serializers.BooleanField()
    desired_tamper_flag = serializers.BooleanField()
    notes = serializers.ListField(child=serializers.CharField(allow_null=True))
    software = serializers.CharField(allow_null=True)
    pending_software = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)
    modified_at = serializers.DateTimeField(allow_null=True)


class DashboardSchema(serializers.Serializer):
    # DRF takes declared fields out of the class, so this hides nothing.
    data = GlanceSchema(many=True)  # type: ignore[assignment]
    num_results = serializers.IntegerField()
    num_results_filtered = serializers.IntegerField()


class Dashboard(ActionView):
    """What there is to know of units at a glance: where they are, how they are, what is wrong.

    `q` follows the query format of lists, with two names more: `entities`, the name of an entity
    that owns the unit now, and `hardware_type`. Both counts are of the units that match.
    """

    path = "dashboard2"

    @operation(
        level=Level.OVERVIEW,
        summary=_("Units at a glance"),
        query=DashboardQuery,
        response=DashboardSchema,
    )
    def get(self, call: Call) -> HttpResponseBase:
        rows, total = dashboard(call.caller, call.query)
        return json_response({"data": rows, "num_results": total, "num_results_filtered": total})


ACTIONS = (Dashboard,)
