"""Actions that make a unit connect, and the report of what became of the SMS."""

from __future__ import annotations

import logging
import time
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.connectivity.errors import ReportRefused
from apps.connectivity.models import SmsHistory
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.services.sms_deliveries import Outcome, record_report
from apps.connectivity.sms.reports import verify_report
from apps.core.actions import (
    ActionView,
    Answer,
    Call,
    Operation,
    ProductAction,
    operation,
    validated,
)
from apps.core.bodies import decode_json, raw_body
from apps.core.errors import Invalid
from apps.core.levels import Level
from apps.core.reader import row_bytes
from apps.core.serializers import StrictText, TimeField
from apps.core.tables import table_of

logger = logging.getLogger(__name__)

_LARGEST_REPORT = 64 * 1024


class SendWakeup(ProductAction):
    """Send a unit an SMS at which it connects. The answer is the row of sms_history.

    The SMS is sent within seconds; `status` tells what became of it. While an SMS to the unit is on
    its way, its row is the answer, and no other is sent. A unit that is TERMINATED, has no SIM or
    runs software that cannot be woken up is refused with 400.
    """

    path = "products/<imei>/send_wakeup"

    @operation(level=Level.ADMIN, summary=gettext_lazy("Wake a unit up by SMS"))
    def post(self, call: Call) -> Answer:
        row = send_wakeup(product_imei=call.imei, by=call.caller.username)
        body = row_bytes(table_of(SmsHistory), call.caller, str(row.pk))
        return Answer(_("sms successfully sent"), orjson.Fragment(body))


class ForceConnection(ProductAction):
    """Have a unit connect as soon as it can be reached: by an SMS, as `send_wakeup`."""

    path = "products/<imei>/force_connection"

    @operation(level=Level.ADMIN, summary=gettext_lazy("Make a unit connect"))
    def post(self, call: Call) -> Answer:
        send_wakeup(product_imei=call.imei, by=call.caller.username)
        return Answer(_("Force connection request sent"), {})


class DeliveryReport(serializers.Serializer):
    """What became of one SMS.

    `reference` is that of the message as it was sent, `time` when it came to be so, `reason` why a
    message was not delivered. What else the gateway tells is not looked at.
    """

    reference = StrictText(max_length=64)
    status = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    time = TimeField(required=False, allow_null=True)
    reason = StrictText(required=False, allow_null=True, allow_blank=True, max_length=255)


class SmsDeliveries(ActionView):
    """The SMS gateway reports what became of a message. It signs each report (see docs/sms.md)."""

    path = "sms_deliveries"

    @operation(
        level=None,
        summary=gettext_lazy("Report what became of an SMS"),
        body=DeliveryReport,
    )
    def post(self, call: Call) -> Answer:
        """Signed by the gateway. A repeated or late report changes nothing that is settled."""
        body = raw_body(call.request, _LARGEST_REPORT)
        try:
            verify_report(
                call.request.headers,
                body,
                secret=settings.SMS_GATEWAY_SECRET,
                now=time.time(),
            )
        except ReportRefused as refused:
            logger.warning("a delivery report was refused: %s", refused.reason)
            raise
        report = _report(body)
        record_report(
            reference=report["reference"],
            outcome=Outcome(report["status"]),
            at=report.get("time"),
            reason=report.get("reason") or "",
        )
        return Answer(_("Report received"))

    def parse_body(self, request: HttpRequest, spec: Operation) -> dict[str, Any]:
        """Nothing yet: a body is read only once its signature holds; `body` is documentation."""
        return {}


def _report(body: bytes) -> dict[str, Any]:
    """The fields of a report that are known here. Raises Invalid for one that is wrong."""
    told = decode_json(body)
    if not isinstance(told, dict):
        raise Invalid(_("The body must be a JSON object"))
    known = DeliveryReport().fields
    return validated(DeliveryReport, {name: told[name] for name in told if name in known})


ACTIONS = (SendWakeup, ForceConnection, SmsDeliveries)
