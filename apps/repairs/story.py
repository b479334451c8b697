"""What repairs tell of a unit: when it was on the bench, why, and what came of it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.stories import Card, Event, Fact, card, events, row_url, rows_of
from apps.repairs.models import Repair, RepairProcess

# A repair is over once it has an outcome or the unit was refurbished.
IN_PROGRESS = Q(outcome__isnull=True, refurbishment_date__isnull=True)


@card(order=60, table="repair")
def on_the_bench(imei: str) -> Card | None:
    """The repair under way, and how many there were; no card for a unit never repaired."""
    rows = list(
        Repair.objects.filter(product_id=imei)
        .order_by("-created_at", "-pk")
        .values_list("pk", "created_at", "process", "outcome", "refurbishment_date")[:100]
    )
    if not rows:
        return None
    key, created, process, outcome, finished = rows[0]
    under_way = outcome is None and finished is None
    number = _("#{number}").format(number=key)
    facts = [
        Fact(
            _("In repair") if under_way else _("Last repair"),
            number,
            _process(process),
            url=row_url(Repair, key),
            tone="warn" if under_way else "",
        ),
        Fact(_("Begun"), "", when=created),
    ]
    if outcome:
        facts.append(Fact(_("Outcome"), _words(outcome)))
    facts.append(Fact(_("Repairs in all"), len(rows)))
    return Card(_("Repairs"), "build", tuple(facts), rows_of(Repair, imei), _("All repairs"))


@events(order=60, kind="repairs", label=lazy("Repairs"), table="repair")
def repairs(imei: str, limit: int) -> list[Event]:
    rows = Repair.objects.filter(product_id=imei).order_by("-created_at", "-pk")
    columns = (
        "pk",
        "created_at",
        "process",
        "outcome",
        "refurbishment_date",
        "repair_centre__name",
        "created_by",
    )
    found = []
    for key, created, process, outcome, done, centre, by in rows.values_list(*columns)[:limit]:
        url = row_url(Repair, key)
        detail = " · ".join(part for part in (_process(process), centre or "") if part)
        title = _("Repair #{number} begun").format(number=key)
        found.append(Event(created, title, detail, by or "", "build", "info", url))
        if done:
            title = _("Repair #{number} finished").format(number=key)
            ended = max(dt.datetime.combine(done, dt.time(12), tzinfo=dt.UTC), created)
            found.append(
                Event(ended, title, _words(outcome), icon="task_alt", tone="good", url=url)
            )
    return sorted(found, key=lambda event: event.when, reverse=True)[:limit]


def _process(process: str | None) -> str:
    return str(RepairProcess(process).label).capitalize() if process in RepairProcess.values else ""


def _words(text: str | None) -> str:
    return (text or "").replace("_", " ").capitalize()
