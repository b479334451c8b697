"""Whoever writes to the endpoint that a test is about."""

import pytest

from tests.contract.writes import Endpoint, Writer
from tests.entities.conftest import unknown_entity
from tests.personas import Api

__all__ = ["unknown_entity", "writer"]


@pytest.fixture
def writer(endpoint: Endpoint, api: Api) -> Writer:
    return Writer(endpoint, api)
