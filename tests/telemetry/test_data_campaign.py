"""A small share of the long campaign of questions, so that it keeps running."""

from __future__ import annotations

import pytest

from bench.soak.data_questions import HOSTILE, PARAMETERS, Interview
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2])
def test_every_answer_is_the_models_and_the_broken_and_hostile_are_refused(seed) -> None:
    assert sum(Interview(seed).run(200).values()) == 200


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_whole_injection_corpus_is_refused_everywhere(api, name) -> None:
    session = api.as_("overview")
    path = f"/v1/products/{ProductFactory.create().pk}/data"
    for text in HOSTILE:
        answer = session.get(path, {name: text})
        assert answer.status_code == 400, (name, text, answer.content)
