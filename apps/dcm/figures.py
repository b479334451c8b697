"""The fleet's credit in figures, each with the way to its list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.callers import Caller
from apps.core.panels import Bar, Tone
from apps.dcm.fleet import EXPIRES, EXPIRIES, WAITED, WAITS, ZEROES, credit_counts


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, with the list behind it and the same as CSV."""

    label: Any
    value: int
    tone: Tone
    url: str
    csv_url: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures that belong together."""

    title: Any
    tiles: tuple[Tile, ...]


def groups(caller: Caller) -> tuple[Tiles, ...]:
    """Every figure of the fleet's credit, with the way to its list."""
    counts = credit_counts(caller)
    drift_page = reverse("admin:dcm_balance_drift")
    return (
        Tiles(
            _("Credit ends"),
            tuple(
                _tile(label, counts.expiries[key], tone, "balance", f"{EXPIRES}={key}")
                for key, label, _ahead, tone in EXPIRIES
            ),
        ),
        Tiles(
            _("Commands that wait for their unit"),
            tuple(
                _tile(label, counts.waits[key], tone, "paymentcommand", f"{WAITED}={key}")
                for key, label, _since, _until, tone in WAITS
            ),
        ),
        Tiles(
            _("To be looked at"),
            (
                _tile(
                    *(_("zero commands that wait"), counts.zeroes, "warn"),
                    *("paymentcommand", f"{WAITED}={ZEROES}"),
                ),
                Tile(
                    *(_("units whose credit drifts"), counts.drifting, "bad"),
                    *(drift_page, reverse("admin:dcm_balance_drift_export")),
                ),
            ),
        ),
    )


def _tile(label: Any, value: int, tone: Tone, model: str, query: str) -> Tile:
    rows, file = (reverse(f"admin:dcm_{model}_{page}") for page in ("changelist", "export"))
    # A figure of nothing alarms nobody.
    return Tile(label, value, tone if value else "", f"{rows}?{query}", f"{file}?{query}")


def bars(caller: Caller) -> tuple[Bar, ...]:
    """The same for the home page, without what is in order."""
    ends, waits, others = (group.tiles for group in groups(caller))
    named = (
        (_("Ends within 24 hours"), ends[0]),
        (_("Ends within 3 days"), ends[1]),
        (_("Waits for 1 to 3 days"), waits[1]),
        (_("Waits for 3 to 7 days"), waits[2]),
        (_("Waits for over 7 days"), waits[3]),
        (_("Zero commands that wait"), others[0]),
        (_("Units whose credit drifts"), others[1]),
    )
    return tuple(Bar(label, tile.value, tile.url, tile.tone) for label, tile in named)
