"""The protocol of units as the API documentation shows it.

`unit_reports` does the checking: a serializer would cost more than everything else in a contact.
A test keeps the two alike.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.connectivity.statements import MAX_CELLS


class CellSchema(serializers.Serializer):
    """A cell the unit saw; the first one serves it."""

    mcc = serializers.IntegerField()
    mnc = serializers.IntegerField()
    lac = serializers.IntegerField()
    cid = serializers.IntegerField()
    signal = serializers.IntegerField()


class PositionSchema(serializers.Serializer):
    lat = serializers.FloatField()
    lon = serializers.FloatField()


class FinalBalanceSchema(serializers.Serializer):
    transaction_id = serializers.CharField()
    value = serializers.IntegerField()


class ReportSchema(serializers.Serializer):
    """Body of POST rc_data."""

    time = serializers.CharField(help_text=_("ISO 8601, or milliseconds since 1970"))
    enabled = serializers.BooleanField()
    tamper_enabled = serializers.BooleanField()
    software = serializers.CharField(help_text=_("Name of the version the unit runs"))
    cells = serializers.ListField(child=CellSchema(), max_length=MAX_CELLS)
    gps = PositionSchema(required=False, allow_null=True)
    frequency = serializers.IntegerField(required=False, allow_null=True)
    timing_advance = serializers.IntegerField(required=False, allow_null=True)
    parameters = serializers.DictField(required=False, allow_null=True)
    balance = serializers.IntegerField(
        required=False, allow_null=True, help_text=_("Credit left, in seconds")
    )
    acks = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        allow_null=True,
        help_text=_("transaction_id of each payment command the unit has booked"),
    )
    final_balance = FinalBalanceSchema(required=False, allow_null=True)


class MeasurementsSchema(serializers.Serializer):
    """Body of POST rm_data."""

    measurement = serializers.CharField(default="telemetry")
    tags = serializers.DictField(child=serializers.CharField(), required=False)
    fields = serializers.DictField(  # type: ignore[assignment]  # the reference's name
        child=serializers.ListField(), help_text=_("For each field a list of [time, value]")
    )


class SoftwareSchema(serializers.Serializer):
    name = serializers.CharField()
    link = serializers.CharField(allow_null=True)
    checksum = serializers.CharField(allow_null=True)


class CommandSchema(serializers.Serializer):
    transaction_id = serializers.CharField()
    category = serializers.CharField()
    value = serializers.IntegerField()


class PendingSchema(serializers.Serializer):
    enable = serializers.BooleanField()
    tamper_switch = serializers.BooleanField()
    capacity_limit = serializers.CharField(allow_null=True)
    software = SoftwareSchema(allow_null=True)
    parameters = serializers.DictField(child=serializers.CharField())
    payment_commands = CommandSchema(many=True)


class WishesSchema(serializers.Serializer):
    """Answer of GET rc_data."""

    status = serializers.CharField()
    message = serializers.CharField()
    # DRF takes declared fields out of the class, so this hides nothing.
    data = PendingSchema()  # type: ignore[assignment]
