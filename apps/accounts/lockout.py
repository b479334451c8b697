"""Guessing passwords: who is checked how, and when the door stays shut.

django-axes counts failures for a username and an address together, in the database, whichever web
process hears them. Both doors, the API's and the back office's, are counted as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address, get_cool_off
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import TooMany


def check_credentials(*, request: HttpRequest, username: str, password: str) -> User | None:
    """The active user with this name and password, or None; None takes as long for any reason.

    Counts a failure against the name and the address. Raises TooMany, with the seconds to wait,
    from the tenth failure on: even the right password is not looked at until then.
    """
    user = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        raise TooMany(seconds_shut(request, username))
    return user if isinstance(user, User) else None


def forget_failures(*, request: HttpRequest, username: str) -> None:
    """Start counting anew after a sign-in of this name from this address."""
    AxesProxyHandler.reset_attempts(
        username=counted_name(request, {"username": username}),
        ip_address=get_client_ip_address(request),
    )


def seconds_shut(request: HttpRequest, username: str) -> int:
    """How long a locked-out name has to wait at this address; at least one second."""
    last = AccessAttempt.objects.filter(
        username=counted_name(request, {"username": username}),
        ip_address=get_client_ip_address(request),
    ).aggregate(last=Max("attempt_time"))["last"]
    now = timezone.now()
    return max(1, ceil(((last or now) + get_cool_off(request) - now).total_seconds()))


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The name failures are counted under (AXES_USERNAME_CALLABLE): any casing is one name."""
    given = (credentials or request.POST).get("username") or ""
    return str(given).strip().lower()[:255]


def shut(
    request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """What a locked-out sign-in is answered (AXES_LOCKOUT_CALLABLE).

    The API has said 429 already. The back office has drawn its sign-in page with the reason on it.
    """
    if response.status_code != 429:
        response.status_code = 429
        response["Retry-After"] = str(seconds_shut(request, counted_name(request, credentials)))
    return response
