"""The endpoints units speak to. They sign each request instead of carrying a token."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.connectivity.dashboard_api import ACTIONS as DASHBOARD_ACTIONS
from apps.connectivity.errors import SignatureRefused
from apps.connectivity.location_api import ACTIONS as LOCATION_ACTIONS
from apps.connectivity.network_api import ACTIONS as NETWORK_ACTIONS
from apps.connectivity.schemas import MeasurementsSchema, ReportSchema, WishesSchema
from apps.connectivity.services.contacts import (
    SignedRequest,
    answer_wishes,
    receive_points,
    receive_report,
)
from apps.connectivity.signatures import read_signature
from apps.connectivity.unit_bodies import UNIT_BODY_LIMIT, decode_unit_body, read_unit_points
from apps.connectivity.wakeup_api import ACTIONS as WAKEUP_ACTIONS
from apps.core.actions import ActionView, Answer, Call, Operation, operation
from apps.core.bodies import raw_body
from apps.telemetry.services.points import dropped, told

logger = logging.getLogger(__name__)

T = TypeVar("T")


class RcData(ActionView):
    """A unit says how it is and asks what it is to do, every four hours."""

    path = "rc_data"

    @operation(level=None, summary=gettext_lazy("Report how a unit is"), body=ReportSchema)
    def post(self, call: Call) -> Answer:
        """Signed by the unit. Writes a connection; confirms whatever was pending."""

        def receive(signed: SignedRequest) -> Answer:
            receive_report(
                signed=signed, decode=lambda: decode_unit_body(call.request, signed.body)
            )
            return Answer(_("Report received"))

        return signed_by_unit(call.request, receive)

    @operation(level=None, summary=gettext_lazy("Ask what a unit is to do"), response=WishesSchema)
    def get(self, call: Call) -> Answer:
        """Signed by the unit. Answers with whatever is still pending, in order."""
        return signed_by_unit(
            call.request,
            lambda signed: Answer(_("Pending changes"), answer_wishes(signed=signed)),
        )

    def parse_body(self, request: HttpRequest, spec: Operation) -> dict[str, Any]:
        """Nothing yet: a body is read only once its signature holds; `body` is documentation."""
        return {}


class RmData(ActionView):
    """A unit hands over what it measured since it was last heard, every four hours."""

    path = "rm_data"

    @operation(level=None, summary=gettext_lazy("Hand over measurements"), body=MeasurementsSchema)
    def post(self, call: Call) -> Answer:
        """Signed by the unit, which may delete what was taken in. The same again changes nothing.

        Values that can never be stored (of another kind than their field, or too old) are counted
        as dropped; to send them again would not help.
        """

        def receive(signed: SignedRequest) -> Answer:
            kept = receive_points(
                signed=signed,
                read=lambda imei: read_unit_points(call.request, signed.body, imei),
            )
            return Answer(told(kept), dropped(kept))

        return signed_by_unit(call.request, receive)

    def parse_body(self, request: HttpRequest, spec: Operation) -> dict[str, Any]:
        """Nothing yet: a body is read only once its signature holds; `body` is documentation."""
        return {}


def signed_by_unit(request: HttpRequest, answer: Callable[[SignedRequest], T]) -> T:
    """Hand what a unit signed to `answer`; the reason of a refusal goes to the log."""
    received = time.time()
    try:
        signature = read_signature(request.META.get("HTTP_AUTHORIZATION", ""), received)
        signed = SignedRequest(
            signature=signature,
            method=request.method or "",
            path=request.path,
            body=raw_body(request, UNIT_BODY_LIMIT),
            received=received,
        )
        return answer(signed)
    except SignatureRefused as refused:
        logger.warning("%s %s refused: %s", request.method, request.path, refused.reason)
        raise


ACTIONS = (
    RcData,
    RmData,
    *LOCATION_ACTIONS,
    *NETWORK_ACTIONS,
    *DASHBOARD_ACTIONS,
    *WAKEUP_ACTIONS,
)
