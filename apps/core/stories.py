"""The story of one unit: facts and events that apps contribute to the unit's page.

The page belongs to the app of the units; what is told on it belongs to whoever knows it. An app
declares its share in its `story.py`:

    @card(order=30, table="balance")
    def credit(imei: str) -> Card | None: ...

    @events(order=30, kind="credit", label=_("Credit"), table="payment_command")
    def payments(imei: str, limit: int) -> list[Event]: ...

Scope is settled before the story is told: whoever reads it may know of the unit. A share is told
only to those whose level lets them see its table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import models
from django.urls import reverse

from apps.core.loading import Once

Tone = Literal["", "good", "warn", "bad", "info"]


@dataclass(frozen=True)
class Fact:
    """One line of a card: a label and what is the case."""

    label: Any
    value: Any
    hint: Any = ""
    url: str = ""
    tone: Tone = ""
    # A moment is shown as "2 h ago", with the date and time on demand.
    when: dt.datetime | None = None


@dataclass(frozen=True)
class Card:
    """A few facts that belong together; `url` leads to all the rows behind them."""

    title: Any
    icon: str
    facts: tuple[Fact, ...]
    url: str = ""
    link: Any = ""
    empty: Any = ""


@dataclass(frozen=True)
class Event:
    """Something that happened to the unit, told in words."""

    when: dt.datetime
    title: Any
    detail: Any = ""
    by: str = ""
    icon: str = "circle"
    tone: Tone = ""
    url: str = ""


@dataclass(frozen=True)
class CardSource:
    """A function that makes a card, and which table one must see to be shown it."""

    build: Callable[[str], Card | None]
    order: int
    table: str


@dataclass(frozen=True)
class EventSource:
    """A function that lists events of one kind, newest first, at most `limit`.

    Sources of one kind share its key, label and order; the order is that of the kinds on the page.
    """

    tell: Callable[[str, int], list[Event]]
    order: int
    kind: str
    label: Any
    table: str


@dataclass
class Stories:
    """Every app's share, loaded once from every app's `story.py`."""

    _cards: list[CardSource] = field(default_factory=list)
    _events: list[EventSource] = field(default_factory=list)
    _load_all: Once = field(default_factory=lambda: Once("story"))

    def card(self, *, order: int, table: str) -> Callable[[Any], Any]:
        def add(build: Callable[[str], Card | None]) -> Callable[[str], Card | None]:
            self._cards.append(CardSource(build, order, table))
            return build

        return add

    def events(self, *, order: int, kind: str, label: Any, table: str) -> Callable[[Any], Any]:
        def add(tell: Callable[[str, int], list[Event]]) -> Callable[[str, int], list[Event]]:
            self._events.append(EventSource(tell, order, kind, label, table))
            return tell

        return add

    def cards(self) -> Iterable[CardSource]:
        self._load()
        return sorted(self._cards, key=lambda source: source.order)

    def event_sources(self) -> Iterable[EventSource]:
        self._load()
        return sorted(self._events, key=lambda source: source.order)

    def _load(self) -> None:
        self._load_all()


stories = Stories()
card = stories.card
events = stories.events


def newest_first(shares: Iterable[list[Event]], page: int, size: int) -> tuple[list[Event], bool]:
    """Page `page` (from 1) of all events by time, and whether there are older ones.

    Each share must hold its newest `page * size + 1` events.
    """
    merged = sorted((e for share in shares for e in share), key=lambda e: e.when, reverse=True)
    return merged[(page - 1) * size : page * size], len(merged) > page * size


def rows_of(model: type[models.Model], imei: str, field: str = "product") -> str:
    """The list of a table in the back office, filtered by the unit."""
    meta = model._meta
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{page}?{field}__product_imei__exact={imei}"


def row_url(model: type[models.Model], key: Any) -> str:
    """The page of one row in the back office."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(key,))
