"""A log record is one line that tells which request it belongs to."""

import logging

import pytest

from apps.core.request_ids import current_request_id
from smartsolar.log import OneLineFormatter, RequestIdFilter, logging_config

FORMAT = logging_config(level="INFO")["formatters"]["line"]["format"]


def rendered(record: logging.LogRecord) -> str:
    RequestIdFilter().filter(record)
    return OneLineFormatter(FORMAT).format(record)


def record_of(message: str, **attributes: object) -> logging.LogRecord:
    return logging.makeLogRecord(
        {"name": "apps.dcm", "levelname": "INFO", "msg": message, **attributes}
    )


def test_a_record_inside_a_request_carries_its_id() -> None:
    token = current_request_id.set("5f3a")
    try:
        assert rendered(record_of("credited")).endswith("INFO apps.dcm [5f3a] credited")
    finally:
        current_request_id.reset(token)


def test_a_record_outside_requests_has_no_id() -> None:
    assert rendered(record_of("swept")).endswith("INFO apps.dcm swept")


def test_line_ends_in_a_message_cannot_forge_a_second_record() -> None:
    line = rendered(record_of("name\r\n2026-01-01 INFO apps.dcm all is well"))
    assert line.endswith("name\\r\\n2026-01-01 INFO apps.dcm all is well")
    assert len(line.splitlines()) == 1


def test_a_traceback_stays_on_the_line() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0  # noqa: B018
    error = caught.value
    line = rendered(record_of("failed", exc_info=(type(error), error, error.__traceback__)))
    assert "ZeroDivisionError" in line
    assert len(line.splitlines()) == 1
