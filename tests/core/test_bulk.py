"""Rows written in bulk read back as rows that were saved one by one."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.alerts.models import AlertType
from apps.core.bulk import insert_rows
from apps.parts.models import Part, PartType, PartTypeCategory
from apps.products.models import ProductType

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2024, 6, 3, 12, tzinfo=dt.UTC)


def test_every_kind_of_value_comes_back() -> None:
    insert_rows(
        AlertType,
        [
            {
                "alert_type_id": 70,
                "created_at": NOON,
                "name": 'Ünüsual, "quoted"\n\\N',
                "version": 2,
                "status": "",
                "analysis_frequency": dt.timedelta(days=2, hours=3, milliseconds=5),
                "cooling_off_period": None,
                "active": False,
                "label": "L",
            }
        ],
    )
    row = AlertType.objects.get()
    assert row.created_at == NOON
    assert (row.name, row.status, row.version) == ('Ünüsual, "quoted"\n\\N', "", 2)
    assert row.analysis_frequency == dt.timedelta(days=2, hours=3, milliseconds=5)
    assert row.cooling_off_period is None
    assert row.active is False


def test_columns_left_out_get_their_defaults() -> None:
    insert_rows(ProductType, [{"product_type_id": 70, "created_at": NOON, "name": "Lantern"}])
    row = ProductType.objects.get()
    assert (row.parameter_types, row.credit_type, row.modified_at) == ([], None, None)


def test_json_and_times_of_other_zones() -> None:
    category = PartTypeCategory.objects.create(name="Lid")
    kind = PartType.objects.create(
        name="Lid", part_type_category=category, serial_number_category="known"
    )
    kampala = dt.timezone(dt.timedelta(hours=3))
    properties = {"imei": "013777940659541", "none": None, "list": [1.5, True]}
    rows = [
        {
            "part_id": 70 + number,
            "created_at": NOON.astimezone(kampala),
            "part_type_id": kind.pk,
            "properties": held,
        }
        for number, held in enumerate((properties, None))
    ]
    insert_rows(Part, rows)
    first, second = Part.objects.order_by("pk")
    assert first.properties == properties
    assert second.properties is None
    assert first.created_at == NOON


def test_an_unknown_column_is_an_error() -> None:
    with pytest.raises(ValueError, match="product_type has no column"):
        insert_rows(ProductType, [{"product_type_id": 70, "nmae": "Lantern"}])


def test_no_rows_are_no_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        insert_rows(ProductType, [])
