"""The page of a unit's measurements: its charts, the data behind them, and the file.

They are seen by whoever sees the unit's own page; a unit out of scope is one that does not exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.adminpages.navigation import may_see
from apps.core.errors import DomainError, NotFound
from apps.core.handlers import json_response
from apps.products.models import Product
from apps.telemetry import chart_files, chart_marks, charts
from apps.telemetry.chart_fields import Measure
from apps.telemetry.chart_forms import choices, query_of
from apps.telemetry.chart_tables import figures_of, rows_of
from apps.telemetry.charts import Drawing, Question, Subject
from apps.telemetry.store import current
from apps.telemetry.store.admission import now as now_in_nanoseconds
from apps.telemetry.store.series import SECOND, TELEMETRY

_POINTS_IN_TABLE = 120
_MOST_TYPED = 64


@dataclass(frozen=True)
class Asked:
    """What a request asks for: units that the person may know of, and what of them."""

    subjects: list[Subject]
    has: list[Measure]
    question: Question


@require_safe
def chart_page(request: HttpRequest, imei: str) -> HttpResponse:
    """The charts of a unit, or the same values as a table."""
    unit = _unit(request, imei)
    as_table = request.GET.get("view") == "table"
    context = _frame(request, unit) | {"as_table": as_table}
    status = 200
    try:
        asked = _asked(request, unit, points=_POINTS_IN_TABLE if as_table else charts.POINTS)
        context |= choices(request, asked.has, asked.question)
        context |= _shown(request, asked, as_table=as_table)
    except DomainError as error:
        context = choices(request, charts.fields_of([unit.pk])) | context
        context["trouble"] = ". ".join(str(text) for text in (error.errors or {}).values()) or str(
            error.message
        )
        status = error.status
    return TemplateResponse(request, "telemetry/charts.html", context, status=status)


@require_safe
def chart_data(request: HttpRequest, imei: str) -> HttpResponse:
    """The values of a shorter or longer time, for a chart that is on the screen."""
    unit = _unit(request, imei)
    try:
        asked = _asked(request, unit)
        return json_response(_payload(request, asked, charts.draw(asked.question, asked.subjects)))
    except DomainError as error:
        return json_response(
            {"message": _sentence(error)}, status=error.status, headers=dict(error.headers)
        )


@require_safe
def chart_file(request: HttpRequest, imei: str) -> HttpResponse:
    """What is shown, as CSV."""
    unit = _unit(request, imei)
    try:
        asked = _asked(request, unit)
        drawings = charts.draw(asked.question, asked.subjects)
    except DomainError as error:
        return HttpResponse(
            _sentence(error), status=error.status, content_type="text/plain; charset=utf-8"
        )
    return chart_files.csv_response(asked.question, drawings)


# --- who asks for what ---------------------------------------------------------------------------


def _units(request: HttpRequest) -> QuerySet[Product]:
    """The units that the person may know of, as on the page of a unit."""
    page = admin.site.get_model_admin(Product)
    if not page.has_view_permission(request):
        raise PermissionDenied
    return page.get_queryset(request)


def _unit(request: HttpRequest, imei: str) -> Product:
    unit = None if "\x00" in imei else _units(request).filter(pk=imei).first()
    if unit is None:
        raise Http404
    return unit


def _asked(request: HttpRequest, unit: Product, points: int = charts.POINTS) -> Asked:
    """Raises Invalid for a question that is wrong, NotFound for a second unit that is not there."""
    units = [unit, *_second(request, unit)]
    has = charts.fields_of([one.pk for one in units])
    question = charts.read_question(
        {**request.GET.dict(), "fields": request.GET.getlist("fields")},
        has=has,
        now=now_in_nanoseconds(),
        points=points,
    )
    return Asked([Subject(one.pk, one.serial_number) for one in units], has, question)


def _second(request: HttpRequest, first: Product) -> list[Product]:
    term = request.GET.get("with", "").strip()
    if not term:
        return []
    found = None
    if len(term) <= _MOST_TYPED and "\x00" not in term:
        found = _units(request).filter(Q(pk=term) | Q(serial_number=term)).order_by("pk").first()
    if found is None:
        raise NotFound(_("There is no second unit with this serial number or IMEI"))
    return [found] if found.pk != first.pk else []


def _sentence(error: DomainError) -> str:
    if error.errors:
        return ". ".join(f"{name}: {text}" for name, text in error.errors.items())
    return str(error.message)


# --- what is answered ----------------------------------------------------------------------------


def _payload(request: HttpRequest, asked: Asked, drawings: list[Drawing]) -> dict[str, Any]:
    """The chart as the script in the page draws it: a value for each `interval` from `start` on."""
    may = _eyes(request)
    question = asked.question
    return {
        "start": question.start,
        "end": question.end,
        "interval": question.interval,
        "units": [
            {
                "imei": drawing.subject.imei,
                "serial_number": drawing.subject.serial_number,
                "lines": [
                    {
                        "field": line.measure.field,
                        "label": str(line.measure.label),
                        "unit": line.measure.unit,
                        "mean": line.mean,
                        "least": line.least,
                        "most": line.most,
                        "gap_after": line.gap_after,
                    }
                    for line in drawing.lines
                ],
                "marks": [
                    {"at": mark.at, "kind": mark.kind, "text": str(mark.text)}
                    for mark in chart_marks.marks_of(drawing.subject.imei, question, may)
                ],
                "contacts": chart_marks.contacts_of(drawing.subject.imei, question, may),
            }
            for drawing in drawings
        ],
    }


def _shown(request: HttpRequest, asked: Asked, *, as_table: bool) -> dict[str, Any]:
    """The part of the page that the store answers."""
    if not asked.has:
        return {"nothing_ever": True}
    drawings = charts.draw(asked.question, asked.subjects)
    figures = figures_of(drawings)
    if all(figure.last is None for figure in figures):
        return {"nothing_now": True, **_latest(request, asked)}
    shown: dict[str, Any] = {"figures": figures, "subjects": asked.subjects}
    payload = _payload(request, asked, drawings)
    shown["happened"] = _happened(payload)
    if as_table:
        return shown | {"rows": rows_of(asked.question, drawings)}
    return shown | {"payload": payload}


def _happened(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The marks of all units in words, newest first."""
    found = [
        {
            "when": dt.datetime.fromtimestamp(mark["at"], dt.UTC),
            "serial_number": unit["serial_number"],
            "text": mark["text"],
        }
        for unit in payload["units"]
        for mark in unit["marks"]
    ]
    return sorted(found, key=lambda mark: mark["when"], reverse=True)


def _latest(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """When there last was any value of the fields, and the page that ends there."""
    names = [measure.field for measure in asked.question.fields]
    times = [
        latest.time // SECOND
        for subject in asked.subjects
        for latest in current().last(subject.imei, TELEMETRY, names).values()
    ]
    if not times:
        return {}
    end = dt.datetime.fromtimestamp(max(times) + 1, dt.UTC)
    query = query_of(request, without=("start", "end"), end=end.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return {"latest": end - dt.timedelta(seconds=1), "latest_url": f"?{query}"}


def _frame(request: HttpRequest, unit: Product) -> dict[str, Any]:
    """What the page shows whatever is asked for."""
    return {
        **admin.site.each_context(request),
        "title": _("Measurements of {unit}").format(unit=unit.serial_number),
        "subtitle": None,
        "opts": Product._meta,
        "original": unit,
        "unit": unit,
        "chart_url": query_of(request, without=("view",)),
        "table_url": query_of(request, without=("view",), view="table"),
        "file_url": reverse("admin_charts_file", args=(unit.pk,)),
        "data_url": reverse("admin_charts_data", args=(unit.pk,)),
    }


def _eyes(request: HttpRequest) -> Callable[[type[models.Model]], bool]:
    return partial(may_see, request)


urlpatterns = [
    path("", admin.site.admin_view(chart_page), name="admin_charts"),
    path("data/", admin.site.admin_view(chart_data), name="admin_charts_data"),
    path("file/", admin.site.admin_view(chart_file), name="admin_charts_file"),
]
