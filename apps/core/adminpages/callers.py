"""Who is asking, in the back office: the user of the session as a Caller."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from apps.core.callers import Caller


@cache
def _resolver() -> Callable[[Any], Caller]:
    return import_string(settings.SESSION_CALLER_RESOLVER)


def caller_of(request: HttpRequest) -> Caller:
    """The caller behind a page; whoever reaches a page of the back office has signed in."""
    known: Caller | None = getattr(request, "caller", None)
    if known is None:
        known = _resolver()(request.user)
        request.caller = known  # type: ignore[attr-defined]
    return known
