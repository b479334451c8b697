"""The outermost layer: a request id, one spelling of paths, an answer without a database."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.core.errors import DomainError, Unavailable
from apps.core.handlers import render_error
from apps.core.request_ids import current_request_id

logger = logging.getLogger("smartsolar.request")

API_PREFIX = "/v1/"


class ServerFault(DomainError):
    """500: a fault of ours; the request id leads to the log."""

    status = 500


class ApiMiddleware:
    """Names each request; below /v1/ it accepts a trailing slash and never answers a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:12]
        token = current_request_id.set(request_id)
        try:
            if request.path_info.startswith(API_PREFIX) and request.path_info.endswith("/"):
                request.path_info = request.path_info.rstrip("/")
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            return response
        finally:
            current_request_id.reset(token)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (OperationalError, InterfaceError)):
            logger.error("the database is away: %s", error)
            return self._away(request)
        if request.path_info.startswith(API_PREFIX):
            logger.exception("unexpected error in %s %s", request.method, request.path_info)
            return render_error(
                request,
                ServerFault(
                    _(
                        "We had a problem with our server; give support this number: {number}"
                    ).format(number=current_request_id.get())
                ),
            )
        return None

    @staticmethod
    def _away(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(API_PREFIX):
            return render_error(request, Unavailable())
        return HttpResponse(
            _("The database cannot be reached at the moment. Please try again in a minute."),
            status=503,
            headers={"Retry-After": "30"},
            content_type="text/plain; charset=utf-8",
        )
