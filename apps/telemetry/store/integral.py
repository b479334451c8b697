"""The area under the line through a field's values, interval by interval, as InfluxQL's INTEGRAL.

In value times seconds, by the trapezium rule; below zero it is negative. The line runs through all
values a query finds, of whichever series: of several at a time the largest counts. Before the first
value and after the last there is no area.

A line across the end of an interval counts up to there; from there on it counts for the interval of
its next value, however many without a value lie between: those have none. An interval has an area
as soon as it has a value, but for a last one whose only value is at its very start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apps.telemetry.store.series import SECOND, Value


class Area:
    """The area of one field, from its values in order of time."""

    def __init__(self, interval: int) -> None:
        self.interval = interval
        self._done: dict[int, Value | None] = {}
        self._at: int | None = None
        self._value = 0.0
        self._start = 0
        self._sum = 0.0

    def add(self, times: Sequence[int], values: Sequence[Any]) -> None:
        """Go on along more values, all of them after those there were; None stands for none."""
        pending: tuple[int, float] | None = None
        for at, value in zip(times, values, strict=True):
            if value is None:
                continue
            if pending is not None and pending[0] == at:
                pending = at, max(pending[1], value)
                continue
            if pending is not None:
                self._step(*pending)
            pending = at, value
        if pending is not None:
            self._step(*pending)

    def found(self) -> dict[int, Value | None]:
        """The area of each interval that has one, by its start."""
        if self._at is None or self._at == self._start:
            return dict(self._done)
        return {**self._done, self._start: self._sum}

    def _step(self, at: int, value: float) -> None:
        if self._at is None:
            self._start = at - at % self.interval
        else:
            end = self._start + self.interval
            if at >= end:
                self._close(end, at, value)
                self._start = at - at % self.interval
            self._sum += (value + self._value) / 2 * ((at - self._at) / SECOND)
        self._at, self._value = at, value

    def _close(self, end: int, at: int, value: float) -> None:
        """End the interval on the line to the next value."""
        assert self._at is not None
        slope = (value - self._value) / (at - self._at)
        reached = self._value + slope * (end - self._at)
        self._done[self._start] = self._sum + (reached + self._value) / 2 * (
            (end - self._at) / SECOND
        )
        self._at, self._value, self._sum = end, reached, 0.0
