"""Real-time communication, as served."""

from apps.core.levels import CLOSED, READ_DELETE, READ_ONLY
from apps.core.resources import Resource, register
from apps.core.scope import HIDDEN, via_product
from apps.rtc import models

UNIT = ("product__serial_number", "product__product_imei")

register(
    Resource(
        model=models.RtcConnectionHistory,
        path="rtc_connection_history",
        levels=READ_DELETE,
        scope=via_product(),
        audited=False,
        listed=(
            "product",
            "connection_status",
            "connection_status_reason",
            "connection_status_time",
            "latest_message_time",
        ),
        search=UNIT,
        filters=("connection_status", "connection_status_reason"),
    ),
    Resource(
        model=models.RtcMessageHistory,
        path="rtc_message_history",
        levels=CLOSED,
        scope=via_product(),
        audited=False,
        listed=("product", "message_sent_time", "delivery_status", "message_reference"),
        search=(*UNIT, "message_reference"),
        filters=("delivery_status",),
    ),
    Resource(
        model=models.RtcMoMessageHistory,
        path="rtc_mo_message_history",
        levels=READ_ONLY,
        scope=via_product(),
        audited=False,
        listed=(
            "product",
            "message_received_time",
            "processing_status",
            "processing_status_info",
        ),
        search=UNIT,
        filters=("processing_status",),
    ),
    Resource(
        model=models.RtcFallbackMessageHistory,
        path="rtc_fallback_message_history",
        levels=CLOSED,
        scope=via_product(),
        audited=False,
        listed=("product", "message_sent_time", "created_at"),
        search=UNIT,
    ),
    Resource(
        model=models.RtcDeadLetter,
        path="rtc_dead_letter",
        aliases=("rtc_dead_letters",),
        levels=READ_ONLY,
        scope=HIDDEN,
        audited=False,
        listed=("queue_name", "created_at", "status", "status_time", "replay_status"),
        search=("payload",),
        filters=("queue_name", "status", "replay_status"),
    ),
)
