"""What time series add to the page of a unit: its newest measurements."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _

from apps.core.stories import Card, Fact, card
from apps.telemetry.chart_fields import Measure, at_first, fields_of
from apps.telemetry.errors import StoreAway
from apps.telemetry.sparklines import sparklines
from apps.telemetry.spool import TelemetryOutage
from apps.telemetry.store import current
from apps.telemetry.store.series import SECOND, TELEMETRY, Kind, Value


@card(order=15, table="product")
def measurements(imei: str) -> Card:
    """The newest value and last day of what people look at most, and the way to the charts."""
    facts: tuple[Fact, ...] = ()
    empty = _("The unit has not sent any measurement yet.")
    store = current()
    # Known to be away: whoever opens a unit does not wait for a time-out.
    if TelemetryOutage.objects.filter(pk=store.name).exists():
        facts = (_away(),)
    elif measures := [measure for measure in at_first(fields_of([imei])) if _is_kept(measure)]:
        numbers = [measure.field for measure in measures if measure.kind is Kind.NUMBER]
        try:
            latest = store.last(imei, TELEMETRY, [measure.field for measure in measures])
            newest = max((found.time for found in latest.values()), default=0)
            lines = sparklines(store, imei, numbers, newest + 1) if latest and numbers else {}
        except StoreAway:
            facts = (_away(),)
        else:
            facts = tuple(
                Fact(
                    measure.label,
                    f"{_told(found.value)} {measure.unit}".strip(),
                    hint=lines.get(measure.field, ""),
                    when=dt.datetime.fromtimestamp(found.time // SECOND, dt.UTC),
                )
                for measure in measures
                if (found := latest.get(measure.field))
            )
    url = reverse("admin_charts", args=(imei,))
    return Card(_("Measurements"), "monitoring", facts, url, _("Charts"), empty)


def _away() -> Fact:
    return Fact(_("Newest values"), _("not to be had now: their store is away"), tone="warn")


def _is_kept(measure: Measure) -> bool:
    return measure.measurement == TELEMETRY and not measure.factors


def _told(value: Value) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return str(localize(round(value, 2) if isinstance(value, float) else value))
