"""How much memory a web worker takes, whatever it is asked."""

from __future__ import annotations

from bench.case import Case, Fleet, Request
from bench.cases import contacts, products

_MIX = (*products.CASES[:5], *contacts.CASES)


def _request(fleet: Fleet, number: int) -> Request:
    return _MIX[number % len(_MIX)].requests(fleet, number)


CASES = (Case("memory", 100, _request, unit="MB"),)
