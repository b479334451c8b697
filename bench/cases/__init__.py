"""The benchmarks. Each module here lists its own in `CASES`; there is nothing else to register."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from bench.case import Case


@cache
def every_case() -> tuple[Case, ...]:
    """All cases, module by module."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(case for name in modules for case in import_module(f"{__name__}.{name}").CASES)


def named(name: str) -> Case:
    return next(case for case in every_case() if case.name == name)
