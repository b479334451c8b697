"""The API's documentation: the committed OpenAPI document and a page that draws it.

Generating the document takes seconds and tens of megabytes, so it is made by `make schema`,
committed, held against the code by `make check`, and served as the file it is.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

SCHEMA_FILE = Path(settings.BASE_DIR) / "docs" / "openapi.json"


@lru_cache(maxsize=1)
def _document() -> bytes:
    return SCHEMA_FILE.read_bytes()


def _etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_document()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_etag)
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, as JSON."""
    return HttpResponse(_document(), content_type="application/vnd.oai.openapi+json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page at /docs/: every operation by domain, with its level, to read and to try."""
    return render(request, "docs.html")
