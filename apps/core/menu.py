"""The menu of the back office: sections that apps fill with their tables.

An app says in its `pages.py` where its tables stand:

    section("fleet", _("Fleet"), icon="solar_power", order=10)
    place("fleet", "product", "product_group", "product_note")

Type tables stand in CATALOGUE, what ties two of them together in RULES. A table that nobody places
stands in the catalogue if it is a type table, else in its app's section.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


@dataclass
class Section:
    """One heading of the menu with the tables below it, by name or by model label."""

    key: str
    title: Any
    icon: str
    order: int
    tables: list[str] = field(default_factory=list)


CATALOGUE = "catalogue"
RULES = "rules"
SYSTEM = "system"


class Menu:
    """The sections, loaded once from every app's `pages.py`."""

    def __init__(self) -> None:
        self._sections: dict[str, Section] = {}
        self._loaded = False
        self.section(CATALOGUE, _("Catalogue"), icon="menu_book", order=900)
        self.section(RULES, _("Which goes with which"), icon="rule", order=910)
        self.section(SYSTEM, _("System"), icon="settings", order=1000)

    def section(self, key: str, title: Any, *, icon: str, order: int) -> None:
        """Declare a section; sections stand in ascending `order`."""
        self._sections[key] = Section(key, title, icon, order)

    def place(self, key: str, *tables: str) -> None:
        """Add tables to a section, in this order. "app.Model" names a table of another package."""
        self._sections[key].tables.extend(tables)

    def sections(self) -> Iterable[Section]:
        if not self._loaded:
            self._loaded = True
            autodiscover_modules("pages")
        return sorted(self._sections.values(), key=lambda s: s.order)


menu = Menu()
section = menu.section
place = menu.place
