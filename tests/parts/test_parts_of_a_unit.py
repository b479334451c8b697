"""GET /products/<imei>/parts: what is and was in a unit, and what may replace it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.parts.models import PartType
from tests.factories import (
    PartFactory,
    PartProductLinkerFactory,
    PartTypeFactory,
    PartTypeReplacementLinkerFactory,
    ProductEntityLinkerFactory,
    ProductFactory,
    RepairFactory,
)
from tests.personas import Api

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def product(entity: Any) -> Any:
    product = ProductFactory.create()
    ProductEntityLinkerFactory.create(product=product, entity=entity)
    return product


def path(product: Any) -> str:
    return f"/v1/products/{product.pk}/parts"


def shown(kind: PartType) -> dict[str, Any]:
    return {
        "created_at": f"{kind.created_at:%Y-%m-%dT%H:%M:%S.%f}",
        "created_by": kind.created_by,
        "description": kind.description,
        "erp_code": kind.erp_code,
        "modified_at": None,
        "name": kind.name,
        "part_type_id": kind.pk,
        "serial_number_category": kind.serial_number_category,
    }


def rule(product: Any, existing: PartType, replacement: PartType, **more: Any) -> None:
    PartTypeReplacementLinkerFactory.create(
        existing_part_type=existing,
        replacement_part_type=replacement,
        **{"product_type": product.product_type, "default_part_type": False, **more},
    )


def test_a_part_is_answered_as_in_the_reference(api: Api, product: Any) -> None:
    other = PartTypeFactory.create()
    link = PartProductLinkerFactory.create(
        product=product,
        part__created_at=NOON,
        part__created_by="d.mclean@example.com",
        created_at=NOON,
        created_by="h.he@example.com",
    )
    part = link.part
    rule(product, part.part_type, part.part_type, default_part_type=True)
    rule(product, part.part_type, other)
    answer = api.as_("overview").get(path(product))
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success",
        "message": "Parts found.",
        "data": {
            str(part.pk): {
                "created_at": "2024-03-01T12:00:00.000000",
                "created_by": "d.mclean@example.com",
                "modified_at": None,
                "part_id": part.pk,
                "part_product_linker": {
                    "added_repair_id": None,
                    "created_at": "2024-03-01T12:00:00.000000",
                    "created_by": "h.he@example.com",
                    "date_added": "2024-03-01T12:00:00.000000",
                    "date_removed": None,
                    "modified_at": None,
                    "part_id": part.pk,
                    "part_product_linker_id": link.pk,
                    "product_imei": product.pk,
                    "removed_repair_id": None,
                    "replaced_part_id": None,
                },
                "part_type": shown(part.part_type),
                "part_type_id": part.part_type_id,
                "replacement_part_types": [shown(part.part_type), shown(other)],
                "serial_number": part.serial_number,
            }
        },
    }


def test_a_unit_without_parts_has_none(api: Api, product: Any) -> None:
    PartProductLinkerFactory.create()
    answer = api.as_("overview").get(path(product))
    assert answer.status_code == 200
    assert answer.json()["data"] == {}


def test_parts_that_were_in_the_unit_are_told_of(api: Api, product: Any) -> None:
    out = RepairFactory.create(product=product)
    gone = PartProductLinkerFactory.create(
        product=product, date_removed=NOON + dt.timedelta(days=3), removed_repair=out
    )
    now = PartProductLinkerFactory.create(
        product=product, part__part_type=gone.part.part_type, replaced_part=gone.part
    )
    data = api.as_("overview").get(path(product)).json()["data"]
    assert set(data) == {str(gone.part_id), str(now.part_id)}
    past = data[str(gone.part_id)]["part_product_linker"]
    assert past["date_removed"] == "2024-03-04T12:00:00.000000"
    assert past["removed_repair_id"] == out.pk
    assert data[str(now.part_id)]["part_product_linker"]["replaced_part_id"] == gone.part_id


@pytest.mark.parametrize("is_back", [True, False])
def test_of_a_part_that_came_back_the_last_stay_counts(api: Api, product: Any, is_back) -> None:
    part = PartFactory.create()
    for days in (9, 1):
        PartProductLinkerFactory.create(
            product=product, part=part, date_removed=NOON + dt.timedelta(days=days)
        )
    if is_back:
        PartProductLinkerFactory.create(product=product, part=part)
    data = api.as_("overview").get(path(product)).json()["data"]
    expected = None if is_back else "2024-03-10T12:00:00.000000"
    assert data[str(part.pk)]["part_product_linker"]["date_removed"] == expected


def test_replacements_follow_the_rules_of_the_units_type(api: Api, product: Any) -> None:
    """Rules for every type and for this one, the type offered first ahead, each once."""
    link = PartProductLinkerFactory.create(product=product)
    existing = link.part.part_type
    a, b, c, elsewhere = PartTypeFactory.create_batch(4)
    rule(product, existing, b)
    rule(product, existing, c, default_part_type=True)
    rule(product, existing, a, product_type=None)
    rule(product, existing, b, product_type=None)
    rule(ProductFactory.create(), existing, elsewhere)
    rule(product, a, elsewhere)
    data = api.as_("overview").get(path(product)).json()["data"]
    kinds = data[str(link.part_id)]["replacement_part_types"]
    assert [kind["part_type_id"] for kind in kinds] == [c.pk, a.pk, b.pk]


def test_a_part_nothing_may_replace_has_an_empty_list(api: Api, product: Any) -> None:
    link = PartProductLinkerFactory.create(product=product)
    data = api.as_("overview").get(path(product)).json()["data"]
    assert data[str(link.part_id)]["replacement_part_types"] == []


def test_secrets_of_a_pcb_are_not_told(api: Api, product: Any) -> None:
    """OVERVIEW reads this; the key with which the unit signs is in the PCB's properties."""
    key = "4ab1ab3ab1ab7ab9ab1ab4ab"
    PartProductLinkerFactory.create(product=product, part__properties={"device_key": key})
    assert key not in api.as_("overview").get(path(product)).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_parts(api: Api, product: Any) -> None:
    caller = api.as_("overview")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert caller.get(path(product)).status_code == 200
        return len(captured)

    def fit() -> None:
        link = PartProductLinkerFactory.create(product=product)
        rule(product, link.part.part_type, link.part.part_type)

    fit()
    queries()
    few = queries()
    for _ in range(12):
        fit()
    assert queries() == few


def test_a_unit_of_another_entity_is_not_there(api: Api, product: Any) -> None:
    PartProductLinkerFactory.create(product=product)
    assert api.as_("insider").get(path(product)).status_code == 200
    refused = api.as_("outsider").get(path(product))
    missing = api.as_("outsider").get("/v1/products/000000000000000/parts")
    assert (refused.status_code, refused.content) == (404, missing.content)


def test_nobody_reads_without_a_token(api: Api, product: Any) -> None:
    assert api.anonymous().get(path(product)).status_code == 401


@pytest.mark.parametrize("imei", ["0", "x", "01010123456000500", "%00", "0101012345600０5"])
def test_what_is_no_imei_is_not_found(api: Api, imei: str) -> None:
    assert api.as_("overview").get(f"/v1/products/{imei}/parts").status_code == 404


def test_only_get_is_taken(api: Api, product: Any) -> None:
    assert api.as_("system").post(path(product), json={}).status_code == 405
