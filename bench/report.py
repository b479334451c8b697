"""The table of results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.pairs import Result
from bench.server import Cost

HEAD = ("case", "app ms", "floor ms", "ratio", "half within", "limit", "")


def table(results: Sequence[Result]) -> str:
    """One line for each result, in columns."""
    rows = [HEAD, *(_row(result) for result in results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _row(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        _cost(result.subject),
        _cost(result.basis),
        f"{result.value:.2f}{result.unit}",
        f"{result.low:.2f}-{result.high:.2f}",
        f"{result.limit:g}{result.unit}",
        "ok" if result.ok else "OVER",
    )


def _cost(cost: Cost | None) -> str:
    return "" if cost is None else f"{cost.web:.3f}+{cost.database:.3f}"


def save(results: Sequence[Result], path: Path) -> None:
    path.write_text(json.dumps([{**asdict(r), "ok": r.ok} for r in results], indent=2) + "\n")
