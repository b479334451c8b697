"""The page of a unit's measurements: its charts, the data behind them, and the files.

They are seen by whoever sees the unit's own page; a unit out of scope is one that does not exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from apps.core.adminpages.navigation import may_see
from apps.core.errors import DomainError, NotFound
from apps.core.handlers import json_response
from apps.products.models import Product
from apps.telemetry import chart_days, chart_files, chart_tables, charts
from apps.telemetry.chart_answers import chart_answer, days_answer, happened, newest_value
from apps.telemetry.chart_fields import Measure, fields_of
from apps.telemetry.chart_forms import choices, day_lengths, query_of
from apps.telemetry.chart_questions import (
    POINTS,
    POINTS_OF_PHONES,
    Question,
    Subject,
    read_question,
)
from apps.telemetry.horizon import horizon
from apps.telemetry.store.admission import now as now_in_nanoseconds

_POINTS_IN_TABLE = 120
_MOST_TYPED = 64
Answer = Callable[[HttpRequest, Product], HttpResponse]
View = Callable[[HttpRequest, str], HttpResponse]


@dataclass(frozen=True)
class Asked:
    """What a request asks for: units that the person may know of, and what of them."""

    subjects: list[Subject]
    has: list[Measure]
    question: Question


@gzip_page
@require_safe
def chart_page(request: HttpRequest, imei: str) -> HttpResponse:
    """The charts of a unit, or the same values as a table."""
    unit = _unit(request, imei)
    as_table = request.GET.get("view") == "table"
    context = _frame(request, unit) | {"as_table": as_table}
    status, headers = 200, {}
    try:
        asked = _asked(request, unit, points=_POINTS_IN_TABLE if as_table else _pixels(request))
        context |= choices(request, asked.has, asked.question)
        context |= _shown(request, asked, as_table=as_table)
    except DomainError as error:
        context = choices(request, fields_of([unit.pk])) | context
        context["trouble"] = ". ".join(str(text) for text in (error.errors or {}).values()) or str(
            error.message
        )
        # Whether the same question may be answered later.
        context["may_pass"] = error.status >= 500
        status, headers = error.status, dict(error.headers)
    return TemplateResponse(
        request, "telemetry/charts.html", context, status=status, headers=headers
    )


def _part(refuse: Callable[[DomainError], HttpResponse]) -> Callable[[Answer], View]:
    """A part of the page that its script asks for; `refuse` says why there is none."""

    def decorate(answer: Answer) -> View:
        @gzip_page
        @require_safe
        @wraps(answer)
        def view(request: HttpRequest, imei: str) -> HttpResponse:
            unit = _unit(request, imei)
            try:
                return answer(request, unit)
            except DomainError as error:
                return refuse(error)

        return view

    return decorate


def _as_json(error: DomainError) -> HttpResponse:
    return json_response(
        {"message": _sentence(error)}, status=error.status, headers=dict(error.headers)
    )


def _as_text(error: DomainError) -> HttpResponse:
    return HttpResponse(
        _sentence(error),
        status=error.status,
        content_type="text/plain; charset=utf-8",
        headers=dict(error.headers),
    )


@_part(_as_json)
def chart_data(request: HttpRequest, unit: Product) -> HttpResponse:
    """The values of a shorter or longer time, for a chart that is on the screen."""
    asked = _asked(request, unit)
    drawings = charts.draw(asked.question, asked.subjects)
    return json_response(chart_answer(asked.question, drawings, partial(may_see, request)))


@_part(_as_json)
def days_data(request: HttpRequest, unit: Product) -> HttpResponse:
    """What each day came to."""
    asked = _asked(request, unit)
    days = chart_days.read_days(request.GET.dict(), asked.question)
    return json_response(days_answer(days, chart_days.draw_days(days, asked.subjects)))


@_part(_as_text)
def chart_file(request: HttpRequest, unit: Product) -> HttpResponse:
    """What is shown, as CSV."""
    asked = _asked(request, unit)
    return chart_files.csv_response(asked.question, charts.draw(asked.question, asked.subjects))


@_part(_as_text)
def days_file(request: HttpRequest, unit: Product) -> HttpResponse:
    """What each day came to, as CSV."""
    asked = _asked(request, unit)
    days = chart_days.read_days(request.GET.dict(), asked.question)
    return chart_files.csv_of_days(days, chart_days.draw_days(days, asked.subjects))


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


def _asked(request: HttpRequest, unit: Product, points: int = POINTS) -> Asked:
    """Raises Invalid for a question that is wrong, NotFound for a second unit that is not there."""
    units = [unit, *_second(request, unit)]
    has = fields_of([one.pk for one in units])
    question = read_question(
        {**request.GET.dict(), "fields": request.GET.getlist("fields")},
        has=has,
        now=now_in_nanoseconds(),
        points=points,
        kept=horizon(),
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


def _pixels(request: HttpRequest) -> int:
    """How many values have a place before the page is open, by what the browser says it runs on."""
    told = request.headers.get("Sec-CH-UA-Mobile") == "?1"
    return POINTS_OF_PHONES if told or "Mobi" in request.headers.get("User-Agent", "") else POINTS


def _sentence(error: DomainError) -> str:
    if error.errors:
        return ". ".join(f"{name}: {text}" for name, text in error.errors.items())
    return str(error.message)


# --- what is answered ----------------------------------------------------------------------------


def _shown(request: HttpRequest, asked: Asked, *, as_table: bool) -> dict[str, Any]:
    """The part of the page that the store answers."""
    if not asked.has:
        return {"nothing_ever": True}
    days = chart_days.read_days(request.GET.dict(), asked.question)
    shown: dict[str, Any] = {"subjects": asked.subjects, **day_lengths(request, days)}
    drawings = charts.draw(asked.question, asked.subjects)
    shown["draws"] = not as_table
    if as_table:
        shown |= _days_in_rows(days, asked)
    if all(drawing.is_empty for drawing in drawings):
        return shown | {"nothing_now": True, **_latest(request, asked)}
    answer = chart_answer(asked.question, drawings, partial(may_see, request))
    shown |= {
        "figures": chart_tables.figures_of(drawings),
        "shares": chart_tables.shares_of(drawings),
        "happened": happened(answer),
    }
    if as_table:
        return shown | {"rows": chart_tables.rows_of(asked.question, drawings)}
    return shown | {"payload": answer}


def _days_in_rows(days: chart_days.Days, asked: Asked) -> dict[str, Any]:
    calendars = chart_days.draw_days(days, asked.subjects)
    if all(calendar.is_empty for calendar in calendars):
        return {}
    return {
        "wholes": chart_tables.wholes_of(calendars),
        "day_rows": chart_tables.rows_of_days(days, calendars),
    }


def _latest(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """When there last was any value of the fields, and the page that ends there."""
    latest = newest_value(asked.subjects, asked.question.fields)
    if latest is None:
        return {}
    # The end does not belong to what is shown.
    end = latest + dt.timedelta(seconds=1)
    query = query_of(request, without=("start", "end"), end=end.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return {"latest": latest, "latest_url": f"?{query}"}


def _frame(request: HttpRequest, unit: Product) -> dict[str, Any]:
    """What the page shows whatever is asked for."""
    urls = {"file": "admin_charts_file", "data": "admin_charts_data"}
    urls |= {"days": "admin_charts_days", "days_file": "admin_charts_days_file"}
    return {
        **admin.site.each_context(request),
        "title": _("Measurements of {unit}").format(unit=unit.serial_number),
        "subtitle": None,
        "opts": Product._meta,
        "original": unit,
        "unit": unit,
        "chart_url": query_of(request, without=("view",)),
        "table_url": query_of(request, without=("view",), view="table"),
        **{f"{name}_url": reverse(view, args=(unit.pk,)) for name, view in urls.items()},
    }


urlpatterns = [
    path("", admin.site.admin_view(chart_page), name="admin_charts"),
    path("data/", admin.site.admin_view(chart_data), name="admin_charts_data"),
    path("file/", admin.site.admin_view(chart_file), name="admin_charts_file"),
    path("days/", admin.site.admin_view(days_data), name="admin_charts_days"),
    path("days/file/", admin.site.admin_view(days_file), name="admin_charts_days_file"),
]
