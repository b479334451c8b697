"""`python -m bench [--only NAME] [--quick] [--keep]`: each benchmark against its limit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.case import UNITS, Case
from bench.cases import every_case
from bench.databases import Databases
from bench.pairs import Effort, Result, measure
from bench.report import save, table

THOROUGH = Effort(rounds=61, block=0.06)
QUICK = Effort(rounds=15, block=0.04)
RESULTS = Path(__file__).with_name("results.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for and print it; 1 if anything is over its limit."""
    options = parse(arguments)
    chosen = _chosen(options.only)
    if not chosen:
        print(f"No case is called {options.only}; there are:", *_names(), sep="\n  ")
        return 2
    results: list[Result] = []
    databases = Databases(keep=options.keep)
    try:
        # The largest fleet is made last, from the smaller ones.
        for case in chosen:
            results.append(measure(case, databases, effort_of(options), _units(case, options)))
            print(table(results[-1:]).splitlines()[1], file=sys.stderr, flush=True)
    finally:
        databases.close()
    print(table(results))
    save(results, RESULTS)
    if not all(result.exact for result in results):
        print("The database is on another machine: its share is wall time, not CPU.")
    return 0 if all(result.ok for result in results) else 1


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="NAME", help="cases whose name contains NAME")
    parser.add_argument("--quick", action="store_true", help="less exact, within a minute")
    parser.add_argument("--keep", action="store_true", help="leave the databases for the next run")
    return parser.parse_args(arguments)


def effort_of(options: argparse.Namespace) -> Effort:
    return QUICK if options.quick else THOROUGH


def _units(case: Case, options: argparse.Namespace) -> int:
    """Filling a million units takes longer than a quick run may."""
    return min(case.units, UNITS) if options.quick else case.units


def _chosen(name: str) -> list[Case]:
    """The case of that name, or else all whose name contains it."""
    exact = [case for case in every_case() if case.name == name]
    return exact or [case for case in every_case() if name in case.name]


def _names() -> list[str]:
    return [case.name for case in every_case()]


if __name__ == "__main__":
    sys.exit(main())
