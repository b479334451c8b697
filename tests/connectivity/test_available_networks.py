"""GET /products/<imei>/available_networks: where the SIM in a unit may roam."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.connectivity.models import Network
from apps.parts.categories import PartCategory
from apps.parts.models import PartType, PartTypeCategory
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.factories import (
    ConnectionFactory,
    NetworkFactory,
    PartFactory,
    PartProductLinkerFactory,
    PartTypeCategoryFactory,
    PartTypeFactory,
    SimPartTypeSimProviderLinkerFactory,
    SimProviderFactory,
    SimProviderNetworkLinkerFactory,
)

pytestmark = pytest.mark.django_db

RWANDA, KENYA = 635, 639


@pytest.fixture
def networks(db: None) -> dict[str, Network]:
    """Two networks of Rwanda, one of Kenya."""
    return {
        name: NetworkFactory.create(mccmnc=mcc * 100 + mnc, name=name, mcc=mcc, mnc=mnc)
        for name, mcc, mnc in (("MTN", RWANDA, 10), ("Airtel", RWANDA, 14), ("Telkom", KENYA, 7))
    }


def part_type(category: PartCategory) -> PartType:
    row = PartTypeCategory.objects.filter(pk=category).first()
    return PartTypeFactory.create(
        part_type_category=row or PartTypeCategoryFactory.create(pk=category)
    )


def sim_type(*networks: Network) -> PartType:
    """A new type of SIM that may use these networks."""
    provider = SimProviderFactory.create()
    for network in networks:
        SimProviderNetworkLinkerFactory.create(sim_provider=provider, network=network)
    kind = part_type(PartCategory.SIM)
    SimPartTypeSimProviderLinkerFactory.create(sim_part_type=kind, sim_provider=provider)
    return kind


def fit(product: Product, kind: PartType, **more: Any) -> None:
    PartProductLinkerFactory.create(
        product=product, part=PartFactory.create(part_type=kind), **more
    )


def ask(api: Any, product: Product, **params: Any) -> Any:
    return api.as_("overview").get(f"/v1/products/{product.pk}/available_networks", params)


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [network["name"] for network in answer.json()["data"]["networks"]]


def test_the_networks_of_the_sim_in_a_country_are_told_by_name(
    api: Any, product: Product, networks: dict[str, Network]
) -> None:
    fit(product, sim_type(*networks.values()))
    answer = ask(api, product, mcc=RWANDA)
    assert names(answer) == ["Airtel", "MTN"]
    assert answer.json()["status"] == "success"
    row = api.as_("overview").get("/v1/networks/63514").json()
    assert answer.json()["data"]["networks"][0] == row


def test_a_network_the_sim_may_not_use_is_not_told(
    api: Any, product: Product, networks: dict[str, Network]
) -> None:
    fit(product, sim_type(networks["MTN"], networks["Telkom"]))
    sim_type(networks["Airtel"])
    assert names(ask(api, product, mcc=RWANDA)) == ["MTN"]
    assert names(ask(api, product, mcc=KENYA)) == ["Telkom"]
    assert names(ask(api, product, mcc=999)) == []


def test_without_a_country_it_is_the_one_the_unit_was_last_heard_from(
    api: Any, product: Product, networks: dict[str, Network]
) -> None:
    fit(product, sim_type(*networks.values()))
    ConnectionFactory.create(product=product, date=NOW - dt.timedelta(days=9), mcc=RWANDA)
    ConnectionFactory.create(product=product, date=NOW - dt.timedelta(days=2), mcc=KENYA)
    ConnectionFactory.create(product=product, date=NOW - dt.timedelta(days=1), mcc=None)
    assert names(ask(api, product)) == ["Telkom"]
    assert names(ask(api, product, mcc=RWANDA)) == ["Airtel", "MTN"]


def test_without_any_country_one_is_asked_for(
    api: Any, product: Product, networks: dict[str, Network]
) -> None:
    fit(product, sim_type(*networks.values()))
    ConnectionFactory.create(mcc=RWANDA)
    answer = ask(api, product)
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == {"mcc"}
    assert answer.json()["message"].startswith("mcc: Give a country")


@pytest.mark.parametrize(
    "mcc", ["", "63", "6355", "-35", "6.5", "abc", "６３５", "635; DROP", "0x1"]
)
def test_what_is_no_country_code_is_refused(api: Any, product: Product, mcc: str) -> None:
    answer = ask(api, product, mcc=mcc)
    assert answer.status_code == 400
    assert set(answer.json()["validation_errors"]) == {"mcc"}
    assert "mcc" in answer.json()["message"]


def test_a_unit_without_a_known_sim_has_none_and_the_message_says_why(
    api: Any, product: Product, networks: dict[str, Network]
) -> None:
    fit(product, part_type(PartCategory.BATTERY))
    fit(product, sim_type(*networks.values()), date_removed=NOW)
    answer = ask(api, product, mcc=RWANDA)
    assert names(answer) == []
    assert answer.json()["message"] == f"The SIM type of Product #{product.pk} is not known"


def test_a_network_two_sims_may_use_is_told_once(
    api: Any, product: Product, networks: dict[str, Network]
) -> None:
    fit(product, sim_type(networks["MTN"]))
    fit(product, sim_type(networks["MTN"], networks["Airtel"]))
    assert names(ask(api, product, mcc=RWANDA)) == ["Airtel", "MTN"]


def test_more_networks_take_no_more_queries(
    api: Any, product: Product, networks: dict[str, Network]
) -> None:
    fit(product, sim_type(*networks.values()))
    ConnectionFactory.create(product=product, mcc=RWANDA)
    ask(api, product)
    for params, count in (({"mcc": 999}, 4), ({"mcc": RWANDA}, 4), ({}, 5)):
        with CaptureQueriesContext(connection) as queries:
            ask(api, product, **params)
        assert len(queries) == count  # who asks, the unit, (its country,) its SIM, the networks
