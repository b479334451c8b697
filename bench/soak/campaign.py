"""What a campaign is: one long run over a database of its own that must find nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules


@dataclass(frozen=True)
class Effort:
    """How much of a campaign to run (1.0 is all of it) and from which seed."""

    scale: float
    seed: int

    def of(self, number: int) -> int:
        """That many at full scale, at least one."""
        return max(1, round(number * self.scale))


@dataclass(frozen=True)
class Campaign:
    """One long run. `run` returns its figure in one line and raises where an invariant breaks.

    Races need a server that locks rows: those campaigns run on PostgreSQL, the others on SQLite.
    """

    name: str
    run: Callable[[Effort], str]
    postgresql: bool = False


def every_campaign() -> Iterator[Campaign]:
    """The campaigns of every module of this package that lists some in `CAMPAIGNS`."""
    import bench.soak as package

    for module in sorted(iter_modules(package.__path__), key=lambda found: found.name):
        if not module.name.startswith("__"):
            yield from getattr(import_module(f"bench.soak.{module.name}"), "CAMPAIGNS", ())
