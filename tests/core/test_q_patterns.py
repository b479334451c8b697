"""`q`: like and ilike take raw % and _, and mean the same on every database."""

from __future__ import annotations

import pytest

from apps.core.patterns import MAX_PATTERN, MAX_WILDCARDS
from tests.core.lists import Lists, where
from tests.factories import HubFactory
from tests.personas import Api

NAMES = ["alpha", "Alpha", "al_ha", "50%", "50 percent", "*star", "a?c", "[x]", "back\\slash"]
NAMES += ["ÉTÉ"]


@pytest.fixture
def hubs(api: Api) -> Lists:
    for name in NAMES:
        HubFactory.create(name=name)
    return Lists(api.as_("system"), "hubs", "name")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("alpha", ["alpha"]),
        ("al%", ["alpha", "al_ha"]),
        ("%ha", ["alpha", "Alpha", "al_ha"]),
        ("al_ha", ["alpha", "al_ha"]),
        ("_lpha", ["alpha", "Alpha"]),
        ("alph", []),
        ("%", NAMES),
        ("50%", ["50%", "50 percent"]),
        ("50\\%", ["50%"]),
        ("al\\_ha", ["al_ha"]),
        ("back\\\\slash", ["back\\slash"]),
        ("*%", ["*star"]),
        ("*", []),
        ("a?c", ["a?c"]),
        ("[x]", ["[x]"]),
        ("_T_", ["ÉTÉ"]),
        ("ÉT%", ["ÉTÉ"]),
        ("ét%", []),
        ("", []),
    ],
)
def test_like_minds_case(hubs: Lists, pattern: str, found: list[str]) -> None:
    assert hubs.names(where("name", "like", pattern)) == found


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ALPHA", ["alpha", "Alpha"]),
        ("AL%", ["alpha", "Alpha", "al_ha"]),
        ("%PERCENT", ["50 percent"]),
        ("A?C", ["a?c"]),
        ("AL\\_HA", ["al_ha"]),
        ("étÉ", ["ÉTÉ"]),
        ("%té", ["ÉTÉ"]),
        ("*STAR", ["*star"]),
        ("é", []),
    ],
)
def test_ilike_does_not(hubs: Lists, pattern: str, found: list[str]) -> None:
    assert hubs.names(where("name", "ilike", pattern)) == found


@pytest.mark.parametrize("op", ["like", "ilike"])
def test_a_pattern_is_for_text(products: Lists, op: str) -> None:
    for name in ("gps_lat", "is_payg", "disable_date", "product_type_id"):
        assert name in products.refusal(where(name, op, "%1%"))
    assert products.names(where("capacity_limit", op, 20)) == ["bob"]


@pytest.mark.parametrize("op", ["like", "ilike"])
@pytest.mark.parametrize(
    "pattern", ["%a" * (MAX_WILDCARDS + 1), "a" * (MAX_PATTERN + 1), "a\\", 1.5, ["a"], {"a": 1}]
)
def test_a_pattern_that_would_cost_too_much_or_means_nothing_is_refused(
    hubs: Lists, op: str, pattern: object
) -> None:
    assert "name" in hubs.refusal(where("name", op, pattern))


@pytest.mark.parametrize("op", ["like", "ilike"])
def test_the_longest_pattern_is_taken(hubs: Lists, op: str) -> None:
    assert hubs.names(where("name", op, "%a" * MAX_WILDCARDS)) == []
    assert hubs.names(where("name", op, "\\%" * 100)) == []
