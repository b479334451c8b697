"""Whoever writes to the endpoint that a test is about."""

import pytest

from tests.contract.writes import Endpoint, Writer
from tests.personas import Api


@pytest.fixture
def writer(endpoint: Endpoint, api: Api) -> Writer:
    return Writer(endpoint, api)
