"""The newest measurements on the page of a unit."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.products.models import Product
from apps.telemetry.errors import StoreAway
from apps.telemetry.spool import TelemetryOutage
from apps.telemetry.store import current
from apps.telemetry.store.series import HOUR
from tests.factories import ProductFactory
from tests.telemetry.charts.conftest import NOW, signed_in, url, write

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


def test_beside_a_value_stands_its_last_day_as_a_line(unit, overview) -> None:
    write(unit, "current_out", [1.0])
    write(unit, "temperature", [20.0] * 2, every=HOUR)
    hints = {str(fact.label): str(fact.hint) for fact in card_of(signed_in(overview), unit).facts}
    # The day before the newest value: the six hours without a voltage came before it.
    assert hints["Voltage"].count("M") == 1
    assert hints["Voltage"].count("L") == 47
    assert hints["Current out"] == hints["Temperature"] == ""


def test_the_line_is_lifted_over_a_gap(overview) -> None:
    made = ProductFactory.create()
    write(made, "voltage", [12.0, 12.5, 13.0] * 8, every=HOUR, without=range(6, 14))
    line = str(card_of(signed_in(overview), made).facts[0].hint)
    assert line.count("M") == 2


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
