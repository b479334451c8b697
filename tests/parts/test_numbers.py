"""No two PCBs share a number of their modems, however their rows are written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.parts.models import Part
from apps.parts.models.part import MODEM_NUMBERS
from tests.factories import PartFactory, PartTypeFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", MODEM_NUMBERS)
def test_a_number_of_a_modem_is_kept_once(number: str) -> None:
    PartFactory.create(properties={number: "123"})
    with pytest.raises(IntegrityError), transaction.atomic():
        PartFactory.create(properties={number: "123"})
    PartFactory.create(properties={number: "124"})


@pytest.mark.parametrize("properties", [None, {}, {"colour": "red"}, ["imsi"], "imsi", 5])
def test_parts_without_such_numbers_are_not_compared(properties: Any) -> None:
    PartFactory.create_batch(2, properties=properties)
    assert Part.objects.count() == 2


@pytest.mark.parametrize("number", MODEM_NUMBERS)
def test_the_table_answers_a_number_used_twice_with_400(api: Api, number: str) -> None:
    kind = PartTypeFactory.create()
    body = {"part_type_id": kind.pk, "properties": {number: "123"}}
    first = api.as_("factory").post("/v1/parts", json={**body, "serial_number": "A"})
    assert first.status_code == 201
    again = api.as_("factory").post("/v1/parts", json={**body, "serial_number": "B"})
    assert again.status_code == 400
    assert Part.objects.count() == 1
