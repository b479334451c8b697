"""The menu of the back office: sections that apps fill with their tables and pages.

An app says in its `pages.py` where its tables stand:

    section("fleet", _("Fleet"), icon="solar_power", order=10)
    place("fleet", "product", "product_group", "product_note")
    page("credit", _("Credit of the fleet"), "admin:dcm_balance_fleet", table="balance")

Type tables stand in CATALOGUE, what ties two of them together in RULES. A table that nobody places
stands in the catalogue if it is a type table, else in its app's section.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.loading import Once


@dataclass(frozen=True)
class Page:
    """A page that is no table's list, by the name of its URL; seen by who may look at `table`."""

    title: Any
    url_name: str
    table: str


@dataclass
class Section:
    """One heading of the menu with what stands below it: pages, then tables.

    Tables are given by name or by model label; a section without any table is not shown.
    """

    key: str
    title: Any
    icon: str
    order: int
    tables: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)


CATALOGUE = "catalogue"
RULES = "rules"
SYSTEM = "system"


class Menu:
    """The sections, loaded once from every app's `pages.py`."""

    def __init__(self) -> None:
        self._sections: dict[str, Section] = {}
        self._load_all = Once("pages")
        self.section(CATALOGUE, _("Catalogue"), icon="menu_book", order=900)
        self.section(RULES, _("Which goes with which"), icon="rule", order=910)
        self.section(SYSTEM, _("System"), icon="settings", order=1000)

    def section(self, key: str, title: Any, *, icon: str, order: int) -> None:
        """Declare a section; sections stand in ascending `order`."""
        self._sections[key] = Section(key, title, icon, order)

    def place(self, key: str, *tables: str) -> None:
        """Add tables to a section, in this order. "app.Model" names a table of another package."""
        self._sections[key].tables.extend(tables)

    def page(self, key: str, title: Any, url_name: str, *, table: str) -> None:
        """Add a page above the tables of a section, for whoever may look at `table`."""
        self._sections[key].pages.append(Page(title, url_name, table))

    def sections(self) -> Iterable[Section]:
        self._load_all()
        return sorted(self._sections.values(), key=lambda s: s.order)


menu = Menu()
section = menu.section
place = menu.place
page = menu.page
