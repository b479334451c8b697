"""The newest measurements on the page of a unit."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.products.models import Product
from apps.telemetry.errors import StoreAway
from apps.telemetry.spool import TelemetryOutage
from apps.telemetry.store import current
from tests.factories import ProductFactory
from tests.telemetry.charts.conftest import NOW, signed_in, url

pytestmark = pytest.mark.django_db


def card_of(client: Client, unit: Product) -> Any:
    page = client.get(f"/admin/products/product/{unit.pk}/change/")
    return next(card for card in page.context["cards"] if str(card.title) == "Measurements")


def test_the_unit_s_page_tells_its_newest_values_and_leads_to_the_charts(unit, overview) -> None:
    card = card_of(signed_in(overview), unit)
    assert [(str(fact.label), fact.value) for fact in card.facts] == [
        ("Voltage", "12.7 V"),
        ("Current in", "2.87 A"),
    ]
    assert card.url == url(unit)


def test_the_unit_s_page_stands_while_the_store_is_away(unit, overview, monkeypatch) -> None:
    def away(*arguments: Any, **more: Any) -> Any:
        raise StoreAway("gone")

    monkeypatch.setattr(type(current()), "last", away)
    client = signed_in(overview)
    assert "away" in str(card_of(client, unit).facts[0].value)
    monkeypatch.undo()
    TelemetryOutage.objects.create(store=current().name, retry_at=NOW, last_error="gone")
    assert "away" in str(card_of(client, unit).facts[0].value)


def test_a_unit_without_measurements_says_so(overview) -> None:
    card = card_of(signed_in(overview), ProductFactory.create())
    assert (card.facts, str(card.empty)) == ((), "The unit has not sent any measurement yet.")
