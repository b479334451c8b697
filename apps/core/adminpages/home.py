"""The home page: every app's panels, side by side, for one caller."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.navigation import may_see
from apps.core.panels import Chart, Panel, home
from apps.core.resources import registry

_BARS = 12


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add figures, charts and lists to the context of the index page (unfold's callback)."""
    caller = caller_of(request)
    panels: list[Panel] = [
        source.build(caller)
        for source in home.sources()
        if may_see(request, registry.named(source.table).model)
    ]
    shown = [chart for panel in panels for chart in panel.charts]
    charts = [_chart(chart, f"chart-{number}") for number, chart in enumerate(shown, start=1)]
    context.update(
        figures=[figure for panel in panels for figure in panel.figures],
        charts=charts,
        agendas=[agenda for panel in panels for agenda in panel.agendas],
        has_units=any(panel.has_units for panel in panels),
        is_global=caller.is_global,
    )
    return context


def _chart(chart: Chart, key: str) -> dict[str, Any]:
    bars = chart.bars[:_BARS]
    return {
        "key": key,
        "title": chart.title,
        "hint": chart.hint,
        "empty": chart.empty,
        "bars": bars,
        "is_empty": not any(bar.value for bar in bars),
        "data": {
            "labels": [str(bar.label) for bar in bars],
            "values": [bar.value for bar in bars],
            "tones": [bar.tone for bar in bars],
        },
    }
