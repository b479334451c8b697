"""What the API's description allows, and what it does not: no request brings a server error.

Requests are generated from the OpenAPI document the program serves, for somebody who may do
everything. A share of the operations always runs; all of them with the mark `slow`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.accounts.services import issue_token
from apps.core.resources import registry
from smartsolar.wsgi import application
from tests.contract.rows import make
from tests.contract.test_actions import TABLES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unknown_entity")]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_wsgi("/v1/schema", application)
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
# One in so many of them runs with every commit.
SHARE = 15


def steady(examples: int) -> Any:
    """The same examples on every run, and no more than asked for."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def fuzz(operation: Any, token: str, examples: int) -> None:
    """Send generated requests: every other one to rows that are there."""
    keys = keys_of(operation)
    turn = itertools.count()

    @steady(examples)
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        if next(turn) % 2 == 0:
            case.path_parameters |= keys
        response = case.call(headers={"Authorization": f"Token token={token}"})
        # The greeting is text, as the reference has it, not JSON.
        checks = CHECKS[:2] if operation.path == "/v1/home" else CHECKS
        case.validate_response(response, checks=checks)

    send()


def keys_of(operation: Any) -> dict[str, str]:
    """Keys of rows for what stands in the path."""
    found = {}
    for name in re.findall(r"{(\w+)}", operation.path):
        table = operation.path.split("/")[2] if name == "key" else TABLES[name]
        found[name] = str(make(registry.at(table).model).pk)
    return found


@pytest.fixture
def token(system: Any) -> Iterator[str]:
    """The token of somebody who may do everything, while requests keep the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield issue_token(user=system)[0]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS[::SHARE], ids=lambda o: o.label)
def test_no_request_is_a_server_error(operation: Any, token: str) -> None:
    fuzz(operation, token, 5)


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_no_request_to_any_operation_is_a_server_error(operation: Any, token: str) -> None:
    fuzz(operation, token, 3)
