"""A command to all of a hundred thousand units, against one statement of the rows it is about.

The command writes more than that: for each unit what is expected of it, what came of it, a
row of its history and what others are told of it.
"""

from __future__ import annotations

from bench.case import Case, Fleet, Request


def _none(fleet: Fleet, number: int) -> Request:
    raise AssertionError("a worker is measured, which is sent no request")


CASES = (
    Case("fleet-command", 12, _none, process="bench.fleet_work switch"),
    Case("fleet-command-software", 18, _none, process="bench.fleet_work software"),
    Case("fleet-command-entity", 26, _none, process="bench.fleet_work entity"),
    Case("fleet-command-parameter", 26, _none, process="bench.fleet_work parameter"),
)
