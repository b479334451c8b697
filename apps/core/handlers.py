"""One rendering of every answer and every error of the API.

Success: {"status": "success", "message", "data"}. Failure: {"status": "validation-error"|"error",
"message", "validation_errors", "data"}. Reference: "Product Actions", `change_state`, "Errors".
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework import exceptions as drf
from rest_framework.response import Response

from apps.core import errors

logger = logging.getLogger("smartsolar.api")


def plain(value: Any) -> Any:
    """What orjson cannot write by itself: lazy translations and other text-like objects."""
    return str(value)


def to_json(value: Any) -> bytes:
    return orjson.dumps(value, default=plain, option=orjson.OPT_NON_STR_KEYS)


def json_response(
    value: Any, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    body = to_json(value)
    return HttpResponse(
        body,
        status=status,
        content_type="application/json",
        headers={"Content-Length": str(len(body)), **(headers or {})},
    )


def language_of(request: HttpRequest) -> str:
    """English or French, from Accept-Language (reference: "Internationalization")."""
    return _best_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=256)
def _best_language(accepted: str) -> str:
    for code, _weight in parse_accept_lang_header(accepted):
        if code != "*":
            with suppress(LookupError):
                return translation.get_supported_language_variant(code)
    return settings.LANGUAGE_CODE


def in_language_of(request: HttpRequest) -> AbstractContextManager[Any]:
    """Speak the language of the request inside; nothing to do where it is spoken already."""
    language = language_of(request)
    return _AS_IT_IS if language == translation.get_language() else translation.override(language)


_AS_IT_IS: AbstractContextManager[Any] = nullcontext()


def error_envelope(error: errors.DomainError) -> dict[str, Any]:
    return {
        "status": "validation-error" if error.status == 400 and error.errors else "error",
        "message": str(error.message),
        "validation_errors": error.errors,
        "data": error.data,
    }


def render_error(request: HttpRequest, error: errors.DomainError) -> HttpResponse:
    with in_language_of(request):
        return json_response(error_envelope(error), error.status, dict(error.headers))


def as_domain_error(error: Exception) -> errors.DomainError | None:
    """What an exception means to a client, or None where it is a fault of ours."""
    if isinstance(error, errors.DomainError):
        return error
    if isinstance(error, drf.ValidationError):
        return errors.Invalid(_flat(error.detail))
    if isinstance(error, (Http404, drf.NotFound)):
        return errors.NotFound()
    if isinstance(error, (PermissionDenied, drf.PermissionDenied)):
        return errors.Forbidden()
    if isinstance(error, (drf.NotAuthenticated, drf.AuthenticationFailed)):
        return errors.Unauthenticated()
    if isinstance(error, drf.UnsupportedMediaType):
        return errors.Unsupported()
    if isinstance(error, drf.ParseError):
        return errors.Invalid(str(error.detail))
    if isinstance(error, DataError):
        logger.error("the database cannot take a value: %s", error)
        return errors.Invalid(_("A value is too large or of the wrong type"))
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error("the database is away: %s", error)
        return errors.Unavailable()
    return None


def _flat(detail: Any) -> Any:
    """DRF's lists of messages as one sentence for each field, as the reference shows them."""
    if isinstance(detail, dict):
        return {str(name): _flat(value) for name, value in detail.items()}
    if isinstance(detail, list):
        return " ".join(str(_flat(item)) for item in detail)
    return str(detail)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook; writes go through DRF views, reads and actions through `render_error`."""
    known = as_domain_error(error)
    if known is None:
        return None
    with translation.override(language_of(context["request"])):
        return Response(error_envelope(known), status=known.status, headers=dict(known.headers))
