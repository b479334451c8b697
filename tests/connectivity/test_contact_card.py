"""What the page of a unit says of its contact: how reliable it is, and where it was found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from apps.connectivity.models import Connection
from apps.connectivity.story import contact
from apps.products.models import Product
from tests.connectivity.conftest import NOW
from tests.factories import ConnectionFactory

HOUR = dt.timedelta(hours=1)


def facts(product: Product) -> dict[str, tuple[str, str]]:
    """Label -> value and hint."""
    card = contact(product.pk)
    return {str(fact.label): (str(fact.value), str(fact.hint)) for fact in card.facts}


def locate(product: Product, row: Connection, **columns: Any) -> None:
    product.latest_connection = product.latest_connection_location = row
    for name, value in columns.items():
        setattr(product, name, value)
    product.save()


def test_a_unit_is_as_reliable_as_its_last_seven_days(product: Product) -> None:
    ConnectionFactory.create(product=product, date=NOW - 400 * HOUR)
    for n in range(1, 22):
        row = ConnectionFactory.create(product=product, date=NOW - n * 8 * HOUR)
    locate(product, row)
    value, hint = facts(product)["Reliability"]
    assert (value, hint) == ("50%", "of the connections expected in the last 7 days")


def test_of_a_new_unit_nothing_is_expected_before_it_was_first_heard_of(product: Product) -> None:
    for hours in (24, 20, 4):  # 6 are expected of it
        row = ConnectionFactory.create(product=product, date=NOW - hours * HOUR)
    locate(product, row)
    value, hint = facts(product)["Reliability"]
    assert (value, hint) == ("50%", "of the connections expected since it was first heard of")


def test_a_unit_never_heard_of_has_no_reliability(product: Product) -> None:
    assert facts(product) == {}


def test_a_place_from_cells_says_how_sure_it_is(product: Product) -> None:
    row = ConnectionFactory.create(
        product=product, date=NOW, latitude="-1.95", longitude="30.06", error_radius=2_340
    )
    locate(product, row)
    assert facts(product)["Location"] == ("-1.95, 30.06", "within 2.3 km")
    Connection.objects.filter(pk=row.pk).update(error_radius=900)
    assert facts(product)["Location"] == ("-1.95, 30.06", "within 900 m")
    assert "Position by GPS" not in facts(product)


def test_a_place_by_gps_says_so_once(product: Product) -> None:
    row = ConnectionFactory.create(
        product=product, date=NOW, latitude="-1.95", longitude="30.06", error_radius=None
    )
    locate(product, row, gps_lat=-1.95, gps_lon=30.06)
    found = facts(product)
    assert found["Location"] == ("-1.95, 30.06", "by GPS")
    assert "Position by GPS" not in found


def test_an_earlier_position_by_gps_is_not_given_the_radius_of_cells(product: Product) -> None:
    row = ConnectionFactory.create(
        product=product, date=NOW, latitude="-1.95", longitude="30.06", error_radius=2_340
    )
    locate(product, row, gps_lat=0.0, gps_lon=30.5)
    found = facts(product)
    assert found["Location"] == ("-1.95, 30.06", "within 2.3 km")
    assert found["Position by GPS"] == ("0.0, 30.5", "")
