"""The back office speaks the language a user chose."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from apps.accounts.middleware import LanguageMiddleware
from apps.accounts.models import User


def language_at(path: str, user: object) -> str:
    """The language in force while the page at `path` is made for `user`."""
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(translation.get_language())
        return HttpResponse()

    request = RequestFactory().get(path)
    request.user = user
    with translation.override("en"):
        LanguageMiddleware(page)(request)
    return seen[0]


@pytest.mark.parametrize(
    ("path", "user", "language"),
    [
        ("/admin/", User(language="fr"), "fr"),
        ("/repairs/", User(language="fr"), "fr"),
        ("/admin/", User(language="en"), "en"),
        ("/admin/", AnonymousUser(), "en"),
        ("/v1/products", User(language="fr"), "en"),
    ],
)
def test_a_page_is_in_the_users_language(path: str, user: object, language: str) -> None:
    assert language_at(path, user) == language
