"""What came of a command for each unit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import ProductFactory
from tests.fleet.test_work import make
from tests.personas import Api

pytestmark = pytest.mark.django_db


def test_the_units_of_a_command_are_listed_filtered_and_paged(api: Api, work_off: Any) -> None:
    ProductFactory.create_batch(3)
    number = make(api, confirm=True)
    make(api)
    work_off(number)
    path = f"/v1/fleet_commands/{number}/units"
    page = api.as_("overview").get(path, {"results_per_page": 2}).json()
    assert (page["num_results"], page["total_pages"], len(page["objects"])) == (3, 2, 2)
    assert {row["outcome"] for row in page["objects"]} == {"done"}
    failed = {"filters": [{"name": "outcome", "op": "==", "val": "failed"}]}
    assert api.as_("overview").get(path, {"q": failed}).json()["num_results"] == 0
    assert api.as_("overview").get(path, {"outcome": "done"}).json()["num_results"] == 3
    # Another command cannot be reached from here.
    assert (
        api.as_("overview").get(path, {"fleet_command_id": number + 1}).json()["num_results"] == 3
    )


def test_the_units_of_a_command_come_as_a_file(api: Api, work_off: Any) -> None:
    units = ProductFactory.create_batch(3)
    number = make(api, confirm=True)
    work_off(number)
    path = f"/v1/fleet_commands/{number}/units"
    answer = api.as_("overview").get(path, {"format": "csv", "results_per_page": 1})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 4
    assert [line.split(",")[2] for line in lines[1:]] == [unit.pk for unit in units]
    q = {"filters": [{"name": "product_imei", "op": "==", "val": units[1].pk}]}
    answer = api.as_("overview").get(path, {"format": "csv", "q": q})
    assert len(b"".join(answer.streaming_content).decode().splitlines()) == 2
    assert api.as_("overview").get(path, {"format": "xml"}).status_code == 400
