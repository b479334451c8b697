"""The cells that are known, in the back office: how many of each network, and where one stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.connectivity.cell_files import CellRow
from apps.connectivity.cell_pages import MOST_SHOWN
from apps.connectivity.models import Cell, CellNetwork
from apps.connectivity.services.cells import write_cells
from tests.factories import NetworkFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:connectivity_cellnetwork_changelist")
LOOK_UP = reverse("admin:connectivity_cellnetwork_look_up")
NOON = "2024-05-01 12:00:00+00:00"


def cell(cid: int = 1, **columns: Any) -> CellRow:
    """A good cell, but for the columns given."""
    good = {
        **{"mcc": 635, "mnc": 10, "lac": 4021, "cid": cid, "radio": 1},
        **{"latitude": -1.95, "longitude": 30.06, "reach": 1200, "samples": 7},
        "surveyed": 1_488_347_104,
    }
    return CellRow(**(good | columns))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def counted() -> dict[tuple[int, int], int]:
    return {(row.mcc, row.mnc): row.cells for row in CellNetwork.objects.all()}


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# --- kept by imports -----------------------------------------------------------------------------


def test_an_import_counts_what_is_new_by_network() -> None:
    write_cells([cell(1), cell(2), cell(2, radio=4), cell(1, mnc=13), cell(1, mcc=641)])
    write_cells([cell(2), cell(3)])
    assert counted() == {(635, 10): 4, (635, 13): 1, (641, 10): 1}
    assert sum(counted().values()) == Cell.objects.count()


def test_a_later_survey_moves_the_day_and_not_the_number() -> None:
    with time_machine.travel(NOON, tick=False):
        write_cells([cell(1)])
    with time_machine.travel("2024-06-01 12:00:00+00:00", tick=False):
        write_cells([cell(1, surveyed=1_488_347_105)])
    row = CellNetwork.objects.get()
    assert row.changed_at is not None
    assert (row.cells, row.surveyed, row.changed_at.month) == (1, 1_488_347_105, 6)


def test_what_is_known_already_changes_nothing() -> None:
    with time_machine.travel(NOON, tick=False):
        write_cells([cell(1)])
    with time_machine.travel("2024-06-01 12:00:00+00:00", tick=False):
        assert write_cells([cell(1), cell(1, surveyed=5)][1:]) == 0
        assert write_cells([cell(1)]) == 0
    row = CellNetwork.objects.get()
    assert row.changed_at is not None
    assert (row.cells, row.surveyed, row.changed_at.month) == (1, 1_488_347_104, 5)


# --- the list ------------------------------------------------------------------------------------


def test_without_cells_the_page_says_how_to_import_them(overview: User) -> None:
    shown = text_of(signed_in(overview).get(LIST))
    assert "No cells are known yet" in shown
    assert "manage.py import_cells" in shown


def test_the_page_tells_how_many_of_which_network_and_since_when(overview: User) -> None:
    NetworkFactory.create(mccmnc=63510, name="Rwanda MTN", mcc=635, mnc=10)
    with time_machine.travel(NOON, tick=False):
        write_cells([cell(number) for number in range(1, 1_235)])
        shown = text_of(signed_in(overview).get(LIST))
    assert "1,234 cells are known" in shown
    assert "Rwanda MTN" in shown
    assert "1 Mar 2017" in shown
    assert "just now" in shown


@pytest.mark.parametrize(
    ("question", "networks"),
    [
        ({"country": "635"}, {(635, 10), (635, 13)}),
        ({"q": "mtn"}, {(635, 10)}),
        ({"q": "641"}, {(641, 10)}),
        ({"country": "x"}, {(635, 10), (635, 13), (641, 10)}),
    ],
)
def test_networks_are_found_by_country_and_name(
    overview: User, question: dict[str, str], networks: set[tuple[int, int]]
) -> None:
    NetworkFactory.create(mccmnc=63510, name="Rwanda MTN", mcc=635, mnc=10)
    write_cells([cell(), cell(mnc=13), cell(mcc=641)])
    found = signed_in(overview).get(LIST, question).context["cl"].result_list
    assert {(row.mcc, row.mnc) for row in found} == networks


def test_no_page_counts_the_cells_or_looks_through_them(overview: User) -> None:
    write_cells([cell(number) for number in range(1, 10)])
    client = signed_in(overview)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    write_cells([cell(number, mnc=number) for number in range(1, 10)])
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few) <= 9
    assert not [query for query in many if 'FROM "cell"' in query["sql"]]


# --- looking one up ------------------------------------------------------------------------------


def test_a_cell_is_looked_up_by_its_key(overview: User) -> None:
    write_cells([cell(27_113), cell(27_113, radio=4, reach=0), cell(27_114)])
    answer = signed_in(overview).get(LOOK_UP, {"mcc": 635, "mnc": 10, "lac": 4021, "cid": 27_113})
    assert [found.radio for found, _day in answer.context["cells"]] == [1, 4]
    assert "-1.95" in text_of(answer)


def test_an_area_shows_its_first_cells_and_says_that_there_are_more(overview: User) -> None:
    write_cells([cell(number) for number in range(MOST_SHOWN + 5)])
    answer = signed_in(overview).get(LOOK_UP, {"mcc": 635, "mnc": 10, "lac": 4021})
    assert [found.cid for found, _day in answer.context["cells"]] == list(range(MOST_SHOWN))
    assert f"Only the first {MOST_SHOWN} are shown" in text_of(answer)


def test_a_look_up_goes_by_the_key(overview: User) -> None:
    write_cells([cell(number) for number in range(100)])
    client = signed_in(overview)
    with CaptureQueriesContext(connection) as asked:
        client.get(LOOK_UP, {"mcc": 635, "mnc": 10})
    (sql,) = [query["sql"] for query in asked if 'FROM "cell"' in query["sql"]]
    assert f"LIMIT {MOST_SHOWN + 1}" in sql
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}".replace(
                "%", "%%"
            )
        )
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "INDEX" in plan.upper()
    assert "SORT" not in plan.upper()
    assert "TEMP B-TREE" not in plan.upper()


def test_a_cell_that_is_not_known_is_said_to_be_none(overview: User) -> None:
    answer = signed_in(overview).get(LOOK_UP, {"mcc": 635, "mnc": 10, "lac": 1, "cid": 1})
    assert "No such cell is known" in text_of(answer)


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ({"mcc": "x", "mnc": 10}, "mcc"),
        ({"mcc": 635, "mnc": 2**70}, "mnc"),
        ({"mcc": 635, "mnc": 10, "lac": -1}, "lac"),
        ({"mcc": 635, "mnc": 10, "cid": 5}, "lac"),
        ({"mcc": 635, "mnc": "\x00"}, "mnc"),
        ({"cid": 5}, "mcc"),
    ],
)
def test_what_is_no_cell_is_refused_beside_its_field(
    overview: User, question: dict[str, Any], wrong: str
) -> None:
    answer = signed_in(overview).get(LOOK_UP, question)
    assert answer.status_code == 200
    assert wrong in answer.context["form"].errors
    assert not answer.context["cells"]


# --- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [LIST, LOOK_UP])
def test_who_sees_one_entity_only_does_not_see_the_masts(insider: User, page: str) -> None:
    assert signed_in(insider).get(page).status_code == 403


@pytest.mark.parametrize("page", [LIST, LOOK_UP])
def test_nobody_gets_in_without_signing_in(page: str) -> None:
    assert Client().get(page).status_code == 302


def test_nobody_writes_cells_by_hand(system: User) -> None:
    write_cells([cell()])
    client, row = signed_in(system), CellNetwork.objects.get()
    for page in ("add", "delete", "change"):
        args = () if page == "add" else (row.pk,)
        url = reverse(f"admin:connectivity_cellnetwork_{page}", args=args)
        assert client.post(url, {"post": "yes", "cells": 5}).status_code == 403
    assert counted() == {(635, 10): 1}


def test_the_command_keeps_the_numbers(tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    path.write_text("GSM,635,10,1,2,0,30.06,-1.95,1200,7,1,1459692342,1488347104,0\n")
    call_command("import_cells", str(path), verbosity=0)
    assert counted() == {(635, 10): 1}
