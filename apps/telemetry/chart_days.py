"""What each day came to, for a month to a year: energy, the lowest charge, time without values.

The figures are worked out by services.days and kept in the measurement `analysis`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.errors import Invalid
from apps.telemetry.chart_questions import DAY, Question, Subject
from apps.telemetry.days import TelemetryDay
from apps.telemetry.services.days import TAGS
from apps.telemetry.store import current
from apps.telemetry.store.queries import Query
from apps.telemetry.store.series import ANALYSIS, SECOND

# Days that are one press away, the fewest first.
LENGTHS = {31: lazy("A month"), 92: lazy("Three months"), 366: lazy("A year")}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a day: its name in the store, what people call it, and how it adds up."""

    field: str
    label: Any
    unit: str = ""
    # What a stored value is divided by.
    scale: float = 1
    adds: bool = False


FIGURES = (
    Figure("energy_in", lazy("Energy in"), "Wh", adds=True),
    Figure("energy_out", lazy("Energy out"), "Wh", adds=True),
    Figure("discharge_wh", lazy("From the battery"), "Wh", adds=True),
    Figure("state_of_charge", lazy("Lowest state of charge"), "%"),
    Figure("gaps", lazy("Gaps"), adds=True),
    Figure("gap_longest", lazy("Longest gap"), "h", scale=3600),
)


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days in UTC from `start` to `end`, in seconds since 1970."""

    start: int
    end: int

    @property
    def times(self) -> range:
        """When each day starts."""
        return range(self.start, self.end, DAY)


@dataclass(slots=True)
class Calendar:
    """What the days of one unit came to: for each figure a value a day, None where it is not known.

    `waiting` counts the days whose figures are due and not worked out yet.
    """

    subject: Subject
    columns: dict[str, list[float | None]] = field(default_factory=dict)
    waiting: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether no day has any figure."""
        return all(value is None for column in self.columns.values() for value in column)

    def whole(self, figure: Figure) -> float | None:
        """The sum of a figure that adds up, the lowest of a level, else the highest."""
        values = [value for value in self.columns[figure.field] if value is not None]
        if figure.adds:
            return sum(values) if values else None
        pick = min if figure.field == "state_of_charge" else max
        return pick(values, default=None)


def read_days(parameters: Mapping[str, Any], question: Question) -> Days:
    """The days up to the end of a chart: `days` of them, else as few as show all that it shows.

    Raises Invalid for a number of days that is not among LENGTHS.
    """
    given = str(parameters.get("days") or "")
    if given and given not in map(str, LENGTHS):
        known = ", ".join(map(str, LENGTHS))
        raise Invalid({"days": _("one of {known} is needed").format(known=known)})
    shown = question.end - question.start
    fitting = (days for days in LENGTHS if days * DAY >= shown)
    length = int(given) if given else next(fitting, max(LENGTHS))
    end = question.end + -question.end % DAY
    return Days(max(0, end - length * DAY), end)


def draw_days(days: Days, subjects: Sequence[Subject]) -> list[Calendar]:
    """What the days came to. Raises StoreAway; asks over the network: not in a transaction."""
    waiting = _waiting(days, subjects)
    return [
        Calendar(subject, _columns(days, subject.imei), waiting.get(subject.imei, 0))
        for subject in subjects
    ]


def _columns(days: Days, imei: str) -> dict[str, list[float | None]]:
    names = tuple(figure.field for figure in FIGURES)
    rows = current().read(
        Query(ANALYSIS, imei, days.start * SECOND, days.end * SECOND, fields=names, tags=TAGS)
    )
    found: dict[str, list[float | None]] = {name: [None] * len(days.times) for name in names}
    places = [(at // SECOND - days.start) // DAY for at in rows.times]
    for figure in FIGURES:
        column = found[figure.field]
        for place, value in zip(places, rows.columns.get(figure.field, ()), strict=False):
            if value is not None:
                column[place] = round(float(value) / figure.scale, 2)
    return found


def _waiting(days: Days, subjects: Sequence[Subject]) -> dict[str, int]:
    imeis = [subject.imei for subject in subjects]
    due = TelemetryDay.objects.filter(
        imei__in=imeis,
        day__gte=days.start // DAY,
        # Today goes on: its figures are always of what is there so far.
        day__lt=min(days.end, int(timezone.now().timestamp())) // DAY,
        due_at__lte=timezone.now() - dt.timedelta(minutes=10),
    )
    found: dict[str, int] = {}
    for imei in due.values_list("imei", flat=True):
        found[imei] = found.get(imei, 0) + 1
    return found
