"""Where the engine learns who is asking, once a request.

The accounts app supplies the function, named in settings, so that `core` knows no domain.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from apps.core.callers import Caller


class Resolver(Protocol):
    def __call__(self, header: str) -> Caller: ...


@lru_cache(maxsize=1)
def _resolver() -> Resolver:
    return import_string(settings.CALLER_RESOLVER)


def authenticate(request: HttpRequest) -> Caller:
    """The caller named by the Authorization header; raises Unauthenticated."""
    known = getattr(request, "caller", None)
    if known is None:
        known = _resolver()(request.META.get("HTTP_AUTHORIZATION", ""))
        request.caller = known  # type: ignore[attr-defined]
    return known
