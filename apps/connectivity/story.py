"""What connections and text messages tell of a unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import Lag
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from apps.connectivity.models import Connection, SmsDispatch, SmsHistory
from apps.connectivity.reliability import BY_DEFAULT, reliability_rate
from apps.connectivity.sms.progress import WORDS, Progress, price, progress_of
from apps.connectivity.wakeups import Trigger
from apps.core.stories import Card, Event, Fact, Tone, card, events, row_url, rows_of
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
        facts.append(_reliability(imei))
        facts.extend(signal_fact(found["latest_connection__cell_1_signal"]))
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


def signal_fact(raw: int | None) -> list[Fact]:
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
    """Where the unit was last found, and how sure that is; and where its own GPS said it was."""
    located = {
        name: found[f"latest_connection_location__{name}"]
        for name in ("date", "latitude", "longitude", "address", "error_radius")
    }
    lat, lon, radius = located["latitude"], located["longitude"], located["error_radius"]
    facts = []
    if located["address"]:
        facts.append(Fact(_("Address"), located["address"]))
    if lat and lon:
        hint = _("within {distance}").format(distance=_distance(radius)) if radius else _("by GPS")
        facts.append(Fact(_("Location"), f"{lat}, {lon}", hint, url=f"geo:{lat},{lon}"))
    if located["date"]:
        facts.append(Fact(_("Located"), "", when=located["date"]))
    gps = found["gps_lat"], found["gps_lon"]
    if None not in gps and (radius or not lat):
        facts.append(
            Fact(_("Position by GPS"), "{}, {}".format(*gps), url="geo:{},{}".format(*gps))
        )
    return facts


def _distance(metres: int) -> str:
    return f"{metres} m" if metres < 1_000 else f"{metres / 1_000:.1f} km"


def _reliability(imei: str) -> Fact:
    """How much of what is expected of a unit was heard lately; of a new one, since the first."""
    begins = timezone.now() - BY_DEFAULT
    reports = Connection.objects.filter(product_id=imei).order_by("date")
    first = reports.values_list("date", flat=True).first()
    is_new = first is not None and first > begins
    rate = reliability_rate(imei, start=first if is_new else begins)
    tone: Tone = "good" if rate >= 0.8 else "warn" if rate >= 0.5 else "bad"
    hint = (
        _("of the connections expected since it was first heard of")
        if is_new
        else _("of the connections expected in the last 7 days")
    )
    return Fact(_("Reliability"), f"{rate:.0%}", hint, tone=tone)


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
    """Text messages to the unit: why each was sent, what became of it, and what it cost."""
    rows = SmsHistory.objects.filter(product_id=imei).select_related("dispatch")
    return [_told(sms) for sms in rows.order_by("-sent_time", "-pk")[:limit]]


def _told(sms: SmsHistory) -> Event:
    dispatch: SmsDispatch | None = getattr(sms, "dispatch", None)
    held = dispatch is not None and dispatch.handed_over_at is None
    progress = progress_of(sms.status, held=held)
    parts = [str(WORDS[progress].label) if progress else sms.status or ""]
    if progress is Progress.DELIVERED and sms.modified_at:
        took = (sms.modified_at - sms.sent_time).total_seconds()
        parts = [_("delivered after {length}").format(length=span(took))]
    if sms.attempted_retries:
        parts.append(
            ngettext(
                "tried again {count} time", "tried again {count} times", sms.attempted_retries
            ).format(count=sms.attempted_retries)
        )
    if dispatch and dispatch.cost is not None:
        parts.append(price(dispatch.cost, dispatch.currency))
    return Event(
        sms.sent_time,
        _TITLES.get(sms.trigger or "", _TITLES[Trigger.WAKEUP]),
        ", ".join(part for part in parts if part),
        sms.created_by or "",
        "sms",
        WORDS[progress].tone if progress in (Progress.EXPIRED, Progress.NOT_SENT) else "",
        row_url(SmsHistory, sms.pk),
    )


_TITLES: dict[str, Any] = {
    Trigger.WAKEUP: lazy("Text message sent to wake the unit up"),
    Trigger.ENABLE: lazy("Text message sent so that the unit switches on"),
    Trigger.DISABLE: lazy("Text message sent so that the unit switches off"),
}
