"""Which cause answers why a unit is as it is, and what is added to it."""

from __future__ import annotations

import pytest

from apps.core.causes import Cause, Role, causes, weigh
from apps.core.resources import registry
from apps.core.stories import Fact


def known(key: str, role: Role = Role.ANSWER, *facts: Fact) -> Cause:
    return Cause(key=key, sentence=key, role=role, facts=facts)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], None),
        # A remark answers nothing.
        ([known("r", Role.REMARK)], None),
        ([known("a"), known("b")], ["a", "b"]),
        # What adds may come first: it is added all the same.
        ([known("r", Role.REMARK), known("a")], ["a", "r"]),
        # A verdict leaves nothing to add, but does not push in.
        ([known("v", Role.VERDICT), known("a"), known("r", Role.REMARK)], ["v"]),
        ([known("a"), known("v", Role.VERDICT)], ["a"]),
        # What answers where nothing else does is silent where something does.
        ([known("o", Role.OTHERWISE), known("a")], ["a"]),
        ([known("r", Role.REMARK), known("o", Role.OTHERWISE)], ["o", "r"]),
        ([known("o", Role.OTHERWISE), known("p", Role.OTHERWISE)], ["o"]),
    ],
)
def test_the_first_that_answers_is_the_sentence(found: list[Cause], told: list[str] | None) -> None:
    explanation = weigh(found)
    keys = explanation and [explanation.answer.key, *(r.key for r in explanation.remarks)]
    assert keys == told


def test_a_fact_stands_once() -> None:
    same, other = Fact("Last contact", "", hint="x"), Fact("Last contact", "", hint="y")
    explanation = weigh(
        [
            known("a", Role.ANSWER, same),
            known("b", Role.REMARK, same, other),
            known("c", Role.REMARK, other),
        ]
    )
    assert explanation is not None
    assert explanation.answer.facts == (same,)
    assert [remark.facts for remark in explanation.remarks] == [(other,), ()]


def test_every_cause_names_a_table_and_a_place_of_its_own() -> None:
    sources = causes.sources()
    assert len({source.order for source in sources}) == len(sources)
    for source in sources:
        assert registry.named(source.table)
