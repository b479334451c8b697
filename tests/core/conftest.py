"""The personas, for the tests of this folder."""

from tests.personas import *  # noqa: F403  fixtures are found by name
