"""What people call the stages of a unit's life."""

from __future__ import annotations

import pytest
from django.utils.functional import Promise

from apps.products.fleet import stage_name
from apps.products.lifecycle import STAGE_WORDS, LifeStage


@pytest.mark.parametrize("stage", LifeStage)
def test_every_stage_has_words_in_the_language_of_the_reader(stage: LifeStage) -> None:
    assert isinstance(STAGE_WORDS[stage], Promise)
    assert stage_name(stage.name) == str(STAGE_WORDS[stage])


@pytest.mark.parametrize(
    ("name", "words"),
    [("IN_REPAIR_SYSTEM", "In repair system"), ("ON_LOAN", "On loan"), ("Lent out", "Lent out")],
)
def test_a_stage_of_the_installations_own_goes_by_its_name(name: str, words: str) -> None:
    assert stage_name(name) == words
