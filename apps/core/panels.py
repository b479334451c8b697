"""The home page: figures and charts that apps contribute, each within the caller's scope.

An app declares its panels in its `pages.py`:

    @panel(order=10, table="alert")
    def open_alerts(caller: Caller) -> Panel: ...

A panel that names a table is shown to those who may see that table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from apps.core.callers import Caller
from apps.core.loading import Once

Tone = Literal["", "good", "warn", "bad", "info"]


@dataclass(frozen=True)
class Figure:
    """One number on the home page, leading to the rows it counts."""

    label: Any
    value: int
    icon: str
    url: str = ""
    hint: Any = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Bar:
    """One bar of a chart, leading to the rows it counts."""

    label: Any
    value: int
    url: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Chart:
    """Bars with a title; `empty` says what it means that there are none."""

    title: Any
    bars: tuple[Bar, ...]
    empty: Any = ""
    hint: Any = ""


@dataclass(frozen=True)
class Line:
    """One row of a short list: what, about which unit, since when."""

    title: Any
    detail: Any = ""
    when: Any = None
    url: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Agenda:
    """A short list of what waits for somebody, with a link to all of it."""

    title: Any
    lines: tuple[Line, ...]
    empty: Any
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """What one app adds to the home page."""

    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    agendas: tuple[Agenda, ...] = ()
    # Whether there is anything to look at; a fleet of no units gets a page that says how to begin.
    has_units: bool | None = None


@dataclass(frozen=True)
class Source:
    """A function that builds a panel, and which table one must see to be shown it."""

    build: Callable[[Caller], Panel]
    order: int
    table: str


@dataclass
class Home:
    """Every panel, loaded once from every app's `pages.py`."""

    _sources: list[Source] = field(default_factory=list)
    _load_all: Once = field(default_factory=lambda: Once("pages"))

    def panel(self, *, order: int, table: str) -> Callable[[Any], Any]:
        def add(build: Callable[[Caller], Panel]) -> Callable[[Caller], Panel]:
            self._sources.append(Source(build, order, table))
            return build

        return add

    def sources(self) -> Iterable[Source]:
        self._load_all()
        return sorted(self._sources, key=lambda source: source.order)


home = Home()
panel = home.panel
