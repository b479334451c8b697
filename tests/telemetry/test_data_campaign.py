"""A small share of the long campaign of questions, so that it keeps running."""

from __future__ import annotations

import json

import pytest

from bench.soak.data_questions import BODIES, HOSTILE, MISFITS, PARAMETERS, Interview
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


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_value_of_the_wrong_kind_in_a_body_is_refused(api, name) -> None:
    session = api.as_("overview")
    path = f"/v1/products/{ProductFactory.create().pk}/data"
    for value in MISFITS:
        answer = session.request("GET", path, json={name: value})
        assert answer.status_code == 400, (name, value, answer.content)
        assert set(answer.json()) == {"status", "message", "validation_errors", "data"}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: ascii(body)[:24])
def test_a_body_that_says_nothing_clear_is_refused(api, body) -> None:
    path = f"/v1/products/{ProductFactory.create().pk}/data"
    answer = api.as_("overview").request(
        "GET", path, data=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400, answer.content
    assert len(json.dumps(answer.json())) < 2_000
