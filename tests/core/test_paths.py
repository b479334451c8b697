"""The API's own way from a path to its view leads where Django's leads."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import resolve

from apps.core.paths import Paths
from apps.core.urls import api_paths, no_such_path, routes

EVERY_ROUTE = sorted(route for route, _view in routes())


@pytest.mark.parametrize("route", EVERY_ROUTE)
def test_every_route_leads_to_the_view_django_finds(route: str) -> None:
    path = re.sub(r"<[^>]+>", "350000000000001", route)
    found = api_paths().find(path)
    assert found is not None
    view, named = found
    match = resolve(f"/v1/{path}")
    assert view is match.func
    assert named == match.kwargs


@pytest.mark.parametrize(
    "path", ["", "/", "no_such_table", "products/", "products//enable", "products/1/no/such"]
)
def test_what_no_route_takes_leads_nowhere(path: str) -> None:
    assert api_paths().find(path) is None
    assert resolve(f"/v1/{path}").func is no_such_path


def view_a() -> None:
    """Stands for a view."""


def view_b() -> None:
    """Stands for another."""


def test_a_literal_segment_goes_before_a_placeholder() -> None:
    paths = Paths([("units/<key>", view_a), ("units/locations", view_b)])
    assert paths.find("units/locations") == (view_b, {})
    assert paths.find("units/7") == (view_a, {"key": "7"})


def test_a_literal_that_leads_nowhere_falls_back_on_a_placeholder() -> None:
    paths = Paths([("units/<key>/off", view_a), ("units/locations", view_b)])
    assert paths.find("units/locations/off") == (view_a, {"key": "locations"})


def test_one_place_may_have_several_names() -> None:
    paths = Paths([("units/<key>", view_a), ("units/<imei>/off", view_b)])
    assert paths.find("units/7") == (view_a, {"key": "7"})
    assert paths.find("units/7/off") == (view_b, {"imei": "7"})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/v1/", "/v1/no_such_table", "/v1/no_such_table/"])
def test_below_v1_nothing_answers_with_a_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["status"] == "error"


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    answer = client.get("/v1/products", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer.json()["status"] == "error"
    assert client.get("/v1/products").status_code == 401
