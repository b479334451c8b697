"""An upload as the spool packs it."""

from __future__ import annotations

from apps.telemetry.services import spooling
from apps.telemetry.services.points import read_points

ONE = f"{1:015d}"


def test_what_waits_comes_out_as_it_went_in() -> None:
    fields = {"a": [[1, 1.5], [2, None]], "b": [[2, "é"]], "c": [[3, True]], "d": [[1, 2**53]]}
    given = read_points({"tags": {"x": "y"}, "fields": fields}, ONE)
    assert spooling.unpack(spooling.pack(given)) == given
