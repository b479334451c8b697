"""Answers in the caller's language, and what a client is told of a fault of ours."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.factories import ProductTypeFactory
from tests.personas import Api

pytestmark = pytest.mark.django_db

ASKED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("nobody", "GET", "/v1/products", {}),
    ("overview", "POST", "/v1/product_types", {"json": {}}),
    ("system", "GET", "/v1/product_types/0", {}),
    ("system", "GET", "/v1/no_such", {}),
    ("system", "POST", "/v1/products", {"json": {}}),
    ("system", "POST", "/v1/product_types", {"data": b"<a/>", "content_type": "text/xml"}),
    ("system", "GET", "/v1/products", {"params": {"q": {"filters": [{"name": "x", "op": "=="}]}}}),
    ("system", "GET", "/v1/products", {"params": {"page": "0"}}),
    ("system", "GET", "/v1/products", {"params": {"no_such": "1"}}),
    ("system", "POST", "/v1/product_types", {"json": {"no_such": 1}}),
    ("system", "POST", "/v1/product_types", {"json": {"name": 1}}),
    ("system", "POST", "/v1/product_types", {"json": {}}),
    ("system", "POST", "/v1/product_types", {"json": {"name": "Home"}}),
]


def said(api: Api, language: str, asked: tuple[str, str, str, dict[str, Any]]) -> str:
    persona, verb, path, more = asked
    session = api.anonymous() if persona == "nobody" else api.as_(persona)
    answer = session.request(verb, path, headers={"Accept-Language": language}, **more)
    assert answer.status_code >= 400
    content = answer.json()
    return f"{content['message']} {list((content['validation_errors'] or {}).values())}"


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked[1]} {asked[2]} {asked[3]}")
def test_an_error_is_told_in_the_callers_language(api: Api, asked: Any) -> None:
    ProductTypeFactory.create(name="Home")
    english, french = said(api, "en", asked), said(api, "fr", asked)
    assert french != english
    # One caller's language is not the next one's.
    assert said(api, "", asked) == said(api, "de", asked) == english
    assert said(api, "fr-CH, en;q=0.5", asked) == french


def test_a_record_reads_the_same_in_every_language(api: Api) -> None:
    path = f"/v1/product_types/{ProductTypeFactory.create().pk}"
    answers = {
        api.as_("system").get(path, headers={"Accept-Language": language}).content
        for language in ("en", "fr", "x" * 5_000, "\xff")
    }
    assert len(answers) == 1


def test_a_fault_of_ours_is_told_by_its_number_alone(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> bytes:
        raise RuntimeError("the cable to the printer is loose")

    monkeypatch.setattr("apps.core.viewsets.list_bytes", broken)
    with caplog.at_level(logging.ERROR):
        answer = api.as_("system").get("/v1/product_types")
    assert answer.status_code == 500
    content = answer.json()
    assert set(content) == {"status", "message", "validation_errors", "data"}
    assert answer["X-Request-ID"] in content["message"]
    for secret in ("printer", "RuntimeError", "Traceback", "viewsets"):
        assert secret not in answer.content.decode()
    assert "the cable to the printer is loose" in caplog.text


def test_every_answer_has_a_number_of_its_own(api: Api) -> None:
    numbers = {api.as_("system").get("/v1/product_types")["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3
