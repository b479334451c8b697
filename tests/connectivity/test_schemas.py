"""The documented protocol is the one that is spoken."""

from __future__ import annotations

import pytest

from apps.connectivity import unit_reports
from apps.connectivity.schemas import PendingSchema, ReportSchema
from apps.connectivity.statements import CELL_FIELDS
from tests.connectivity.units import UnitSession


def test_every_field_of_a_report_is_documented() -> None:
    documented = {name: field.required for name, field in ReportSchema().fields.items()}
    read = {name: required for name, (_reader, required) in unit_reports._READERS.items()}
    assert documented == read
    cell = ReportSchema().fields["cells"].child
    assert set(cell.fields) == set(CELL_FIELDS)


@pytest.mark.django_db
def test_every_wish_is_documented(unit: UnitSession) -> None:
    assert list(unit.wishes()) == list(PendingSchema().fields)
