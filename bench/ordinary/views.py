"""A unit's contact in serializers, models and querysets."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.connectivity.models import Connection, UnitNonce
from apps.connectivity.schemas import CellSchema, PositionSchema
from apps.connectivity.signatures import read_signature, verify
from apps.dcm.models import Balance, PaymentCommand
from apps.products.models import (
    EnableHistory,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    SoftwareVersionType,
    TamperEnableHistory,
)


class DeviceAuthentication(BaseAuthentication):
    """The unit that signed the request."""

    def authenticate(self, request: Request) -> tuple[Product, Any]:
        signature = read_signature(request.headers.get("Authorization", ""), time.time())
        unit = (
            Product.objects.select_for_update(of=("self",))
            .select_related("latest_state__current_state_type", "latest_connection")
            .filter(pk=signature.imei)
            .first()
        )
        if unit is None:
            raise AuthenticationFailed
        verify(
            signature,
            key=unit.device_key,
            method=request.method or "",
            path=request.path,
            body=request._request.body,
        )
        _nonce, fresh = UnitNonce.objects.get_or_create(
            imei=signature.imei, nonce=signature.nonce, defaults={"seen_at": timezone.now()}
        )
        if not fresh:
            raise AuthenticationFailed
        return unit, None


class ReportSerializer(serializers.Serializer):
    """Body of POST rc_data."""

    time = serializers.DateTimeField()
    enabled = serializers.BooleanField()
    tamper_enabled = serializers.BooleanField()
    software = serializers.CharField()
    cells = CellSchema(many=True)
    gps = PositionSchema(required=False)
    balance = serializers.IntegerField(required=False)


class CommandSerializer(serializers.ModelSerializer):
    class Meta:
        model = PaymentCommand
        fields = ("transaction_id", "category", "value")


class ContactView(APIView):
    """POST and GET rc_data."""

    authentication_classes = (DeviceAuthentication,)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)

    def post(self, request: Request) -> Response:
        serializer = ReportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        report: dict[str, Any] = serializer.validated_data
        unit: Any = request.user
        self._histories(unit)
        version = SoftwareVersionType.objects.filter(name=report["software"]).first()
        ProductSoftwareLinker.objects.filter(
            product=unit, software_version_type=version, date_removed=None
        ).first()
        ProductParameter.objects.filter(product=unit, status="pending").exists()
        connection = self._connection(unit, report)
        unit.latest_connection = connection
        if "gps" in report:
            unit.latest_connection_location = connection
            unit.gps_lat, unit.gps_lon = report["gps"]["lat"], report["gps"]["lon"]
        unit.modified_at, unit.modified_by = timezone.now(), "unit"
        unit.save()
        if "balance" in report:
            expiry = timezone.now() + dt.timedelta(seconds=report["balance"])
            Balance.objects.update_or_create(
                product=unit, defaults={"balance": report["balance"], "expected_expiry": expiry}
            )
        return Response({"status": "success", "message": "Report received", "data": None})

    def get(self, request: Request) -> Response:
        unit: Any = request.user
        software = ProductSoftwareLinker.objects.filter(
            product=unit, date_added=None, date_removed=None
        ).select_related("software_version_type")
        pending = ProductParameter.objects.filter(product=unit, status="pending").select_related(
            "parameter_type"
        )
        commands = PaymentCommand.objects.filter(product=unit, status="pending", void=False)
        wishes = {
            "enable": unit.desired_enable_flag,
            "tamper_switch": unit.desired_tamper_flag,
            "capacity_limit": unit.capacity_limit,
            "software": next((row.software_version_type.name for row in software), None),
            "parameters": {row.parameter_type.name: row.value for row in pending},
            "payment_commands": CommandSerializer(commands, many=True).data,
        }
        return Response({"status": "success", "message": "", "data": wishes})

    def _histories(self, unit: Product) -> None:
        EnableHistory.objects.filter(product=unit).order_by("-date").first()
        TamperEnableHistory.objects.filter(product=unit).order_by("-date").first()

    def _connection(self, unit: Product, report: dict[str, Any]) -> Connection:
        cells = {
            f"cell_{number}_{name}": value
            for number, cell in enumerate(report["cells"], start=1)
            for name, value in cell.items()
        }
        gps = report.get("gps")
        place = {"latitude": str(gps["lat"]), "longitude": str(gps["lon"])} if gps else {}
        return Connection.objects.create(
            product=unit, date=report["time"], created_by="unit", **cells, **place
        )
