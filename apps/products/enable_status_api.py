"""Whether every unit is on, for the systems that sell them."""

from __future__ import annotations

import orjson
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.core.actions import ActionView, Call, operation
from apps.core.levels import Level
from apps.core.sweeps import PageQuery
from apps.products.enable_status import ENABLE_STATUS


class EnableStatusSchema(serializers.Serializer):
    """One unit: its newest change of the enable state, its stage of life, type and owner.

    `total_accessory_energy` is the active value of that parameter, as it is kept.
    """

    current_enable_state = serializers.CharField()
    current_state_type = serializers.IntegerField(allow_null=True)
    date = serializers.DateTimeField(allow_null=True)
    dcm_enabled_flag = serializers.BooleanField()
    entity = serializers.CharField(allow_null=True)
    entity_id = serializers.IntegerField(allow_null=True)
    hardware_type = serializers.CharField()
    prev_enable_state = serializers.CharField(allow_null=True)
    product_imei = serializers.CharField()
    product_type_id = serializers.IntegerField()
    serial_number = serializers.CharField()
    total_accessory_energy = serializers.CharField(allow_null=True)
    user = serializers.CharField(allow_null=True)


class EnableStatusesSchema(serializers.Serializer):
    # DRF takes declared fields out of the class, so this hides nothing.
    data = EnableStatusSchema(many=True)  # type: ignore[assignment]
    message = serializers.CharField()
    status = serializers.CharField()


class CurrentEnableStatus(ActionView):
    """The enable state of each unit, in order of IMEI, so that a sales system can compare its own.

    A unit with several owners is told once, with the one it has had longest.
    """

    path = "current_enable_status"

    @operation(
        level=Level.FACTORY,
        summary=gettext_lazy("Whether each unit is on"),
        query=PageQuery,
        response=EnableStatusesSchema,
    )
    def get(self, call: Call) -> HttpResponseBase:
        """All units, unless a number for each page is given."""
        message = orjson.dumps(_("enable_histories retrieved"))
        return ENABLE_STATUS.answer(
            call.caller,
            page=call.query["page"],
            size=call.query["results_per_page"],
            before=b'{"data":[',
            after=b'],"message":%b,"status":"success"}' % message,
        )


ACTIONS = (CurrentEnableStatus,)
