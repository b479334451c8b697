"""Values that a column can just hold, and the forms in which a value may be sent."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, models

from apps.core.columns import Column, Kind
from apps.core.resources import registry
from tests.contract.rows import make, new_body, writable
from tests.contract.writes import ENDPOINTS, Writer
from tests.factories import PartTypeFactory, SmsHistoryFactory, SoftwareVersionTypeFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

each_row = pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.verb == "PUT"], ids=str)


def bounds(column: Column) -> list[Any]:
    """The longest, least and greatest values of a column."""
    field = column.field
    if isinstance(field, models.ForeignKey) or column.is_key:
        return []
    if field.choices:
        return [value for value, _label in field.choices]
    if column.kind is Kind.TEXT:
        length = field.max_length or 10_000
        return ["x" * length, "é" * length, "\U0001f600" * length, " " * length]
    if column.kind is Kind.INTEGER:
        low, high = connection.ops.integer_field_range(field.get_internal_type())
        return [high or 2**63 - 1, low or -(2**63), 0, -1]
    return {
        Kind.NUMBER: [0.0, -0.5, 1e-300, 1.7976931348623157e308, -1e308, 5e-324, 0.1 + 0.2],
        Kind.BOOLEAN: [True, False],
        Kind.TIME: [
            "0001-01-01T00:00:00.000000",
            "0999-12-31T23:59:59.999999",
            "1970-01-01T00:00:00.000001",
            "2024-02-29T12:00:00.100000",
            "9999-12-31T23:59:59.999999",
        ],
        Kind.DATE: ["0001-01-01", "2024-02-29", "9999-12-31"],
        Kind.LENGTH: [0.0, 0.000001, 86_400.5, 3_153_600_000.0],
        Kind.JSON: [
            {},
            [],
            0,
            "",
            "null",
            True,
            [[[{"a": [None]}]]],
            2**63 - 1,
            -(2**63),
            "é\u2028",
        ],
    }[column.kind]


@each_row
def test_a_value_that_just_fits_is_kept_as_it_is(writer: Writer) -> None:
    for column in writable(writer.resource):
        for value in bounds(column):
            answer = writer.send({column.name: value})
            where = (column.name, str(value)[:50], answer.content[:300])
            if answer.status_code == 400:
                # A rule of the table is narrower than its type, and says so.
                assert column.name in answer.json()["validation_errors"], where
            else:
                assert answer.status_code == 200, where
                assert answer.json()[column.name] == value, where
                again = writer.session.get(writer.path)
                assert again.content == answer.content, where


@each_row
def test_what_may_be_null_can_be_emptied(writer: Writer) -> None:
    for column in writable(writer.resource):
        if column.field.null:
            answer = writer.send({column.name: None})
            assert answer.status_code == 200, (column.name, answer.content)
            assert answer.json()[column.name] is None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2016-08-08T16:34:56.860081", "2016-08-08T16:34:56.860081"),
        ("2016-08-08 16:34:56", "2016-08-08T16:34:56.000000"),
        ("2016-08-08T16:34", "2016-08-08T16:34:00.000000"),
        ("2016-08-08", "2016-08-08T00:00:00.000000"),
        ("2016-08-08T16:34:56Z", "2016-08-08T16:34:56.000000"),
        ("2016-08-08T16:34:56.5+02:00", "2016-08-08T14:34:56.500000"),
        ("2016-08-08T23:00:00-05:30", "2016-08-09T04:30:00.000000"),
    ],
)
def test_a_time_is_kept_in_utc(api: Api, sent: str, kept: str) -> None:
    row = SoftwareVersionTypeFactory.create()
    path = f"/v1/software_version_types/{row.pk}"
    answer = api.as_("system").put(path, {"release_date": sent})
    assert answer.json()["release_date"] == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(600, 600.0), (0.5, 0.5), ("00:10:00", 600.0), ("36:00:00", 129_600.0), ("00:00:01.5", 1.5)],
)
def test_a_length_of_time_is_seconds_or_a_clock(api: Api, sent: Any, kept: float) -> None:
    row = SmsHistoryFactory.create()
    answer = api.as_("system").put(f"/v1/sms_histories/{row.pk}", {"sms_timeout": sent})
    assert answer.json()["sms_timeout"] == kept


def test_a_whole_number_may_be_sent_for_a_fraction(api: Api) -> None:
    row = make(registry.at("battery_test_results").model)
    answer = api.as_("system").put(f"/v1/battery_test_results/{row.pk}", {"energy": 17})
    assert answer.json()["energy"] == 17.0


def test_text_is_kept_as_it_is_sent(api: Api) -> None:
    row = PartTypeFactory.create()
    for text in ("  two blanks  ", "a\r\nb\tc", "e\u0301 is not \u00e9", "\u0130", "\ufeffx"):
        answer = api.as_("system").put(f"/v1/part_types/{row.pk}", {"description": text})
        assert answer.json()["description"] == text


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_of_many_who_write_the_same_at_once_one_succeeds(api: Api) -> None:
    resource = registry.at("product_types")
    body, session = new_body(resource), api.as_("system")
    start, answers = threading.Barrier(6), []

    def write() -> None:
        try:
            start.wait(5)
            answers.append(session.post("/v1/product_types", body))
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400, 400, 400]
    refused = next(answer for answer in answers if answer.status_code == 400)
    assert "name" in refused.json()["validation_errors"]
    assert resource.model._base_manager.count() == 1
