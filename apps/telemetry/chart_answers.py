"""What the page of measurements is told: as data for its script, and in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from apps.telemetry import chart_marks
from apps.telemetry.chart_days import FIGURES, Calendar, Days
from apps.telemetry.chart_fields import Measure
from apps.telemetry.chart_marks import MaySee
from apps.telemetry.chart_questions import DAY, Question, Subject
from apps.telemetry.chart_states import Lane, Run
from apps.telemetry.charts import Drawing, Line
from apps.telemetry.store import current
from apps.telemetry.store.series import SECOND


def chart_answer(question: Question, drawings: Sequence[Drawing], may: MaySee) -> dict[str, Any]:
    """A chart as the script draws it: a value for each `interval` from `start` on.

    `may` tells which tables the person may see: what they hold is marked in the chart.
    """
    return {
        "start": question.start,
        "end": question.end,
        "interval": question.interval,
        "units": [
            {
                "imei": drawing.subject.imei,
                "serial_number": drawing.subject.serial_number,
                "lines": [_line(line) for line in drawing.lines],
                "lanes": [_lane(lane) for lane in drawing.lanes],
                "marks": [
                    {"at": mark.at, "kind": mark.kind, "text": str(mark.text)}
                    for mark in chart_marks.marks_of(drawing.subject.imei, question, may)
                ],
                "contacts": chart_marks.contacts_of(drawing.subject.imei, question, may),
            }
            for drawing in drawings
        ],
    }


def days_answer(days: Days, calendars: Sequence[Calendar]) -> dict[str, Any]:
    """The figures of each day: a value for each day from `start` on."""
    return {
        "start": days.start,
        "end": days.end,
        "days": (days.end - days.start) // DAY,
        "figures": [
            {"field": figure.field, "label": str(figure.label), "unit": figure.unit}
            for figure in FIGURES
        ],
        "units": [
            {
                "imei": calendar.subject.imei,
                "serial_number": calendar.subject.serial_number,
                "columns": calendar.columns,
                "wholes": {figure.field: calendar.whole(figure) for figure in FIGURES},
                "waiting": calendar.waiting,
            }
            for calendar in calendars
        ],
    }


def happened(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The marks of all units of a chart in words, newest first."""
    found = [
        {
            "when": dt.datetime.fromtimestamp(mark["at"], dt.UTC),
            "serial_number": unit["serial_number"],
            "text": mark["text"],
        }
        for unit in answer["units"]
        for mark in unit["marks"]
    ]
    return sorted(found, key=lambda mark: mark["when"], reverse=True)


def newest_value(subjects: Sequence[Subject], fields: Sequence[Measure]) -> dt.datetime | None:
    """When any of the fields last had a value. Raises StoreAway."""
    times = [
        latest.time // SECOND
        for subject in subjects
        for measurement, names in _kept(fields)
        for latest in current().last(subject.imei, measurement, names).values()
    ]
    return dt.datetime.fromtimestamp(max(times), dt.UTC) if times else None


def _kept(fields: Sequence[Measure]) -> Iterator[tuple[str, list[str]]]:
    """The fields of each measurement as the store has them."""
    names: dict[str, list[str]] = {}
    for measure in fields:
        names.setdefault(measure.measurement, []).extend(measure.factors or (measure.field,))
    yield from names.items()


def _line(line: Line) -> dict[str, Any]:
    return {
        "field": line.measure.key,
        "label": str(line.measure.label),
        "unit": line.measure.unit,
        "mean": line.mean,
        "least": line.least,
        "most": line.most,
        "gap_after": line.gap_after,
    }


def _lane(lane: Lane) -> dict[str, Any]:
    return {
        "field": lane.measure.key,
        "label": str(lane.measure.label),
        "kind": lane.measure.kind.value,
        "states": lane.states,
        "runs": [_run(run) for run in lane.runs],
        "last": lane.last,
    }


def _run(run: Run) -> list[Any]:
    """[from, to, state], or [from, to, [[state, share], …]] where there were several."""
    if len(run.shares) == 1:
        return [run.start, run.end, run.shares[0][0]]
    return [run.start, run.end, [list(share) for share in run.shares]]
