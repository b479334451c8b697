"""The menu of the back office: what an app adds to a section, and who sees it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.accounts.models import User
from apps.core.adminpages.navigation import sidebar
from apps.core.menu import menu, page

pytestmark = pytest.mark.django_db

FLEET = "admin:dcm_balance_fleet"


def section_of(user: User, title: str) -> list[dict[str, Any]]:
    """What stands below a heading for somebody."""
    request = RequestFactory().get("/admin/")
    request.user = user
    found = [group["items"] for group in sidebar(request) if str(group.get("title")) == title]
    return found[0] if found else []


def test_a_page_stands_above_the_tables_of_its_section(overview: User) -> None:
    first, *tables = section_of(overview, "Credit")
    assert (str(first["title"]), first["link"]) == ("Credit of the fleet", reverse(FLEET))
    assert tables


def test_no_table_stands_in_the_menu_twice(system: User) -> None:
    request = RequestFactory().get("/admin/")
    request.user = system
    links = [item["link"] for group in sidebar(request) for item in group["items"]]
    assert reverse("admin:products_product_changelist") in links
    assert len(links) == len(set(links))


def test_the_menu_leads_to_the_page(overview: User) -> None:
    client = Client()
    client.force_login(overview)
    link = f'href="{reverse(FLEET)}"'
    assert link in client.get(reverse("admin:index")).content.decode()
    assert client.get(reverse(FLEET)).status_code == 200


def test_a_page_is_seen_by_who_may_look_at_its_table(
    overview: User, system: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    (credit,) = (section for section in menu.sections() if section.key == "credit")
    monkeypatch.setattr(credit, "pages", [])
    page("credit", "For few", FLEET, table="accounts.User")
    assert "For few" not in {str(item["title"]) for item in section_of(overview, "Credit")}
    assert "For few" in {str(item["title"]) for item in section_of(system, "Credit")}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (FLEET, "Credit of the fleet"),
        ("admin:dcm_balance_drift", "Credit of the fleet"),
        ("admin:dcm_balance_changelist", "Balances"),
        ("admin:index", "Home"),
        ("admin:password_change", None),
    ],
)
def test_one_entry_is_where_one_is(overview: User, name: str, title: str | None) -> None:
    request = RequestFactory().get(reverse(name))
    request.user = overview
    items = [item for group in sidebar(request) for item in group["items"]]
    active = [str(item["title"]) for item in items if item["active"]]
    assert active == ([] if title is None else [title])
