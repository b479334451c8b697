"""The data of units as the API documentation shows it; `data_points` and `data_questions` check."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.telemetry.data_functions import OFFERED


class PointsSchema(serializers.Serializer):
    """Body of POST data."""

    measurement = serializers.CharField(default="telemetry")
    tags = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text=_("Beside product_imei, which is the unit of the path"),
    )
    fields = serializers.DictField(  # type: ignore[assignment]  # the reference's name
        child=serializers.ListField(),
        help_text=_("For each field a list of [time, value]"),
    )


class QuestionSchema(serializers.Serializer):
    """Parameters of GET data, in the query string or as a JSON body."""

    start = serializers.CharField(
        required=False, help_text=_("Points after this time; 7 days ago by default")
    )
    end = serializers.CharField(required=False, help_text=_("Up to this time; now by default"))
    fields = serializers.CharField(  # type: ignore[assignment]  # the reference's name
        required=False, help_text=_("Names, repeated or with commas; * for all, as by default")
    )
    measurement = serializers.CharField(required=False, help_text=_("telemetry by default"))
    limit = serializers.CharField(required=False, help_text=_("The first so many rows"))
    where = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text=_("Such as: voltage > 14 and (current < 2 or state = 'on')"),
    )
    tags = serializers.CharField(
        required=False, allow_blank=True, help_text=_("A JSON object of tags and their values")
    )
    ds_interval = serializers.CharField(
        required=False, help_text=_("Length of intervals: a number and u, ms, s, m, h, d or w")
    )
    ds_function = serializers.CharField(
        required=False,
        help_text=format_lazy(
            _("What an interval's values become; mean by default: {functions}"),
            functions=", ".join(OFFERED),
        ),
    )
    ds_fucntion = serializers.CharField(
        required=False, help_text=_("The same: the reference spells it both ways")
    )
