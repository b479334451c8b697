"""Real-time communication with made-up units: when they were online, and messages each way."""

from __future__ import annotations

import datetime as dt
import json
from random import Random

from apps.core.demo import Fleet, Maker, Unit
from apps.products.demo.life import TERMINATED, Life
from apps.products.demo.switches import UNIT
from apps.rtc.models import (
    ConnectionStatus,
    ConnectionStatusReason,
    DeliveryStatus,
    ProcessingStatus,
    RtcConnectionHistory,
    RtcDeadLetter,
    RtcMessageHistory,
    RtcMoMessageHistory,
)

_REASONS_OFFLINE = (
    ConnectionStatusReason.INACTIVITY,
    ConnectionStatusReason.SLEEP_MODE,
    ConnectionStatusReason.LOW_BATTERY_VOLTAGE,
    ConnectionStatusReason.UNKNOWN,
)
_HOUR = dt.timedelta(hours=1)


class RtcMaker(Maker):
    """Has units with RTC come online and go offline, and exchange a few messages."""

    def write(self, fleet: Fleet, unit: Unit) -> None:
        life = unit.get(Life)
        if not (life.rtc and life.activated) or life.stage == TERMINATED:
            return
        rng = fleet.rng("rtc", unit.number)
        start = max(life.activated, life.heard - fleet.days * 24 * _HOUR)
        _write_links(fleet, unit, rng, start)
        _write_messages(fleet, unit, rng, start)
        network, host = rng.randrange(64, 128), rng.randrange(1, 255)
        life.row |= {
            "ip_address": f"10.{network}.{rng.randrange(256)}.{host}",
            "latest_rtc_mo_status_report_time": life.heard,
            "latest_rtc_mt_status_update_time": start + (life.heard - start) * rng.random(),
        }

    def finish(self, fleet: Fleet) -> None:
        """A few messages that nobody could read."""
        rng = fleet.rng("dead letters")
        for payload in (
            {"imei": "356938035643809", "message": {"status": {"enabled": True}}},
            {"imei": "35693803564380", "message": {"status": {"enabled": False}}},
            {"message": {"telemetry": {"voltage": 12.9}}},
        ):
            fleet.add(
                RtcDeadLetter,
                at=fleet.until - rng.uniform(1, 60) * _HOUR,
                by="system",
                queue_name="RTC-MO",
                payload=json.dumps(payload),
            )


def _write_links(fleet: Fleet, unit: Unit, rng: Random, start: dt.datetime) -> None:
    """Online and offline in turn; a unit just heard is mostly online."""
    life = unit.get(Life)
    moments = sorted(start + (life.heard - start) * rng.random() for _turn in range(3))
    fresh = fleet.until - life.heard < 4 * _HOUR
    online = (rng.random() < 0.75) if fresh else False
    if not online:
        moments.append(life.heard)
    statuses = [(len(moments) - place) % 2 == (1 if online else 0) for place in range(len(moments))]
    for at, on in zip(moments, statuses, strict=True):
        reason = ConnectionStatusReason.MESSAGE_RECEIVED if on else rng.choice(_REASONS_OFFLINE)
        row = fleet.add(
            RtcConnectionHistory,
            at=at,
            by="system",
            product_imei=unit.key,
            connection_status=str(ConnectionStatus.ONLINE if on else ConnectionStatus.OFFLINE),
            connection_status_time=at,
            connection_status_reason=str(reason),
            latest_message_time=life.heard if online and at == moments[-1] else at,
        )
    life.row["latest_rtc_connection_history_id"] = row["rtc_connection_history_id"]


def _write_messages(fleet: Fleet, unit: Unit, rng: Random, start: dt.datetime) -> None:
    heard = unit.get(Life).heard
    for _message in range(rng.choice((0, 1, 1, 2))):
        sent = start + (heard - start) * rng.random()
        delivered = rng.random() < 0.9
        fleet.add(
            RtcMessageHistory,
            at=sent,
            by="system",
            product_imei=unit.key,
            message_reference=f"{rng.getrandbits(64):016x}",
            message_json=json.dumps({"sync": True}),
            message_sent_time=sent,
            delivery_status=str(DeliveryStatus.DELIVERED if delivered else DeliveryStatus.FAILED),
            delivery_status_time=min(sent + dt.timedelta(seconds=rng.uniform(1, 40)), fleet.until),
            delivery_status_info=None if delivered else "No answer from the unit",
        )
    at = start + (heard - start) * rng.random()
    fleet.add(
        RtcMoMessageHistory,
        at=at,
        by=UNIT,
        product_imei=unit.key,
        message_json=json.dumps(
            {"status": {"enabled": bool(unit.get(Life).row["current_enable_flag"])}}
        ),
        message_received_time=at,
        processing_status=str(ProcessingStatus.PROCESSED),
    )


MAKER = RtcMaker()
