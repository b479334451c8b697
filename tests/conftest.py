"""What every test may ask for: the personas; and what none leaves for the next."""

from collections.abc import Iterator

import pytest
from django.utils import translation

pytest_plugins = ["tests.personas"]


@pytest.fixture(autouse=True)
def leave_no_language() -> Iterator[None]:
    """A page that one test reads in French leaves the next one's thread in French."""
    yield
    translation.deactivate()
