"""The API's own lane: a request id, one spelling of paths, an answer even without a database."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from secrets import token_hex

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.defaults import server_error

from apps.core.errors import DomainError, Invalid, Unavailable
from apps.core.handlers import render_error
from apps.core.request_ids import current_request_id
from apps.core.urls import api_paths

logger = logging.getLogger("smartsolar.request")

API_PREFIX = "/v1/"


class ServerFault(DomainError):
    """500: a fault of ours; the request id leads to the log."""

    status = 500


def is_away(error: Exception) -> bool:
    """Whether the database could not be reached."""
    return isinstance(error, (OperationalError, InterfaceError))


class ApiMiddleware:
    """Names each request; answers the API by itself and hands everything else on.

    Below /v1/ nothing uses a session, a form token, a message, the user's own language or a page
    to redirect to, and what Django does for those costs more than most answers. So a request that
    an endpoint takes goes straight to it; the transport rules of SecurityMiddleware, the host check
    and one way to answer errors are all that stands before it. A trailing slash is accepted.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.paths = api_paths()
        self.known_host = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = token_hex(6)
        token = current_request_id.set(request_id)
        try:
            if request.path_info.startswith(API_PREFIX):
                response = self.answer(request)
            else:
                response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            return response
        finally:
            current_request_id.reset(token)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The endpoint's answer, or the site's where the path has none."""
        path = request.path_info
        if path.endswith("/") and path != API_PREFIX:
            request.path_info = path = path.rstrip("/")
        found = self.paths.find(path[len(API_PREFIX) :])
        if found is None:
            return self.get_response(request)
        view, named = found
        try:
            self.check_host(request)
            response = view(request, **named)
        except DisallowedHost:
            return render_error(request, Invalid(_("This site has another name")))
        except Exception as error:
            return self.failed(request, error)
        if not response.streaming and "Content-Length" not in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
        return response

    def check_host(self, request: HttpRequest) -> None:
        """Raise DisallowedHost for a name not ours; the one seen last is not judged anew."""
        host = request.META.get("HTTP_HOST", "")
        if host != self.known_host:
            request.get_host()
            self.known_host = host

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django's hook for what a view of the site raises."""
        if request.path_info.startswith(API_PREFIX) or is_away(error):
            return self.failed(request, error)
        return None

    def failed(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """The answer where a view could not give one."""
        if is_away(error):
            logger.error("the database is away: %s", error)
            return away(request)
        logger.exception("unexpected error in %s %s", request.method, request.path_info)
        message = format_lazy(
            _("We had a problem with our server; give support this number: {number}"),
            number=current_request_id.get(),
        )
        return render_error(request, ServerFault(message))


def away(request: HttpRequest) -> HttpResponse:
    """503: the database cannot be reached; in the API's words or in a sentence for people."""
    if request.path_info.startswith(API_PREFIX):
        return render_error(request, Unavailable())
    return HttpResponse(
        _("The database cannot be reached at the moment. Please try again in a minute."),
        status=503,
        headers={"Retry-After": "30"},
        content_type="text/plain; charset=utf-8",
    )


def server_fault(request: HttpRequest) -> HttpResponse:
    """Django's last resort, for what went wrong outside a view: a session that cannot be read."""
    error = sys.exception()
    if isinstance(error, Exception) and is_away(error):
        logger.error("the database is away: %s", error)
        return away(request)
    return server_error(request)
