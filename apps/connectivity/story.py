"""What connections and text messages tell of a unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import Lag
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.connectivity.models import Connection, SmsHistory
from apps.core.stories import Card, Event, Fact, Tone, card, events, rows_of
from apps.core.wording import span
from apps.products.models import Product

# Units report every four hours; three missed reports are more than bad luck.
GAP = dt.timedelta(hours=12)


@card(order=10, table="connection")
def contact(imei: str) -> Card:
    """When the unit was last heard of, how well, and from where."""
    names = ("date", "cell_1_signal", "mcc", "mnc")
    found = Product.objects.values(
        "gps_lat",
        "gps_lon",
        *(f"latest_connection__{name}" for name in names),
        *(
            f"latest_connection_location__{name}"
            for name in ("date", "latitude", "longitude", "address", "error_radius")
        ),
    ).get(pk=imei)
    when = found["latest_connection__date"]
    facts: list[Fact] = []
    if when:
        facts.append(Fact(_("Last contact"), "", when=when, tone=_freshness(when)))
        facts.extend(_signal(found["latest_connection__cell_1_signal"]))
        mcc, mnc = found["latest_connection__mcc"], found["latest_connection__mnc"]
        if mcc is not None and mnc is not None:
            facts.append(Fact(_("Network"), f"{mcc}-{mnc:02d}"))
    facts.extend(_place(found))
    return Card(
        _("Contact"),
        "cell_tower",
        tuple(facts),
        rows_of(Connection, imei),
        _("All connections"),
        _("The unit has never been heard of."),
    )


def _freshness(when: dt.datetime) -> Tone:
    silence = timezone.now() - when
    if silence < dt.timedelta(hours=6):
        return "good"
    return "warn" if silence < dt.timedelta(hours=48) else "bad"


def _signal(raw: int | None) -> list[Fact]:
    """Signal in words: from dBm, or from a modem's 0 to 31 (−113 dBm and 2 dB for each)."""
    if raw is None or raw > 31:
        return []
    strength = raw if raw < 0 else -113 + 2 * raw
    words: tuple[Any, Tone]
    if strength >= -85:
        words = (_("good"), "good")
    elif strength >= -100:
        words = (_("fair"), "warn")
    else:
        words = (_("poor"), "bad")
    return [Fact(_("Signal"), words[0], f"{strength} dBm", tone=words[1])]


def _place(found: dict[str, Any]) -> list[Fact]:
    lat = found["gps_lat"] or found["latest_connection_location__latitude"]
    lon = found["gps_lon"] or found["latest_connection_location__longitude"]
    facts = []
    if found["latest_connection_location__address"]:
        facts.append(Fact(_("Address"), found["latest_connection_location__address"]))
    if lat and lon:
        radius = found["latest_connection_location__error_radius"]
        hint = _("within {metres} m").format(metres=radius) if radius else ""
        facts.append(Fact(_("Location"), f"{lat}, {lon}", hint, url=f"geo:{lat},{lon}"))
        if found["latest_connection_location__date"]:
            facts.append(Fact(_("Located"), "", when=found["latest_connection_location__date"]))
    return facts


@events(order=40, kind="contact", label=lazy("Contact"), table="connection")
def gaps(imei: str, limit: int) -> list[Event]:
    """Stretches of silence, told when the unit came back; and the one it is in now."""
    reports = Connection.objects.filter(product_id=imei)
    back = (
        reports.annotate(before=Window(Lag("date"), order_by=F("date").asc()))
        .filter(before__lt=F("date") - GAP)
        .order_by("-date")
        .values_list("before", "date")
    )
    found = [
        Event(
            date,
            _("Heard of again"),
            _("After {length} of silence").format(length=span((date - before).total_seconds())),
            icon="signal_cellular_alt",
            tone="info",
        )
        for before, date in back[:limit]
    ]
    last = reports.order_by("-date").values_list("date", flat=True).first()
    if last and timezone.now() - last > GAP:
        since = Event(
            last,
            _("Last heard of"),
            _("Silent since"),
            icon="signal_cellular_off",
            tone="bad",
        )
        found.insert(0, since)
    return found[:limit]


@events(order=40, kind="contact", label=lazy("Contact"), table="sms_history")
def messages(imei: str, limit: int) -> list[Event]:
    rows = SmsHistory.objects.filter(product_id=imei).order_by("-sent_time", "-pk")
    return [
        Event(
            when,
            _("Text message sent to wake the unit up"),
            ", ".join(part for part in (_status(status), _retries(retries)) if part),
            by or "",
            "sms",
        )
        for when, status, retries, by in rows.values_list(
            "sent_time", "status", "attempted_retries", "created_by"
        )[:limit]
    ]


def _status(status: str | None) -> str:
    return (status or "").replace("_", " ").replace("-", " ").capitalize()


def _retries(count: int) -> str:
    return _("tried again {count} times").format(count=count) if count > 1 else ""
