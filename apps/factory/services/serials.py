"""Giving out serial numbers."""

from __future__ import annotations

from apps.factory.models import Serial
from apps.factory.serials import serial_number


def claim_serial_number(*, prefix: str, by: str) -> str:
    """A serial number that no unit has or will have.

    The database numbers the rows of `serial`, so that two requests never get the same one, and none
    waits for another. A number whose request fails is not given out again.
    """
    return serial_number(prefix, Serial.objects.create(created_by=by).pk)
