"""Errors a caller can act on. Services raise them; `apps.core.handlers` renders them, once.

`status` is the HTTP status; `errors` maps a field to what is wrong with it. A message is a
sentence a person can act on. Reference: "Errors" and the envelope of `change_state`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

T = TypeVar("T")

INVALID_DATA = _(
    "Your request contained invalid data. See 'data' or 'validation_errors' for exact details"
)


class DomainError(Exception):
    """Something in a request cannot be done, and why."""

    status = 400
    headers: Mapping[str, str] = {}

    def __init__(
        self,
        message: Any = "",
        *,
        errors: Mapping[str, Any] | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.errors = dict(errors) if errors else None
        self.data = data
        if headers:
            self.headers = headers


class Invalid(DomainError):
    """400: the request is wrong. `Invalid("why")` or `Invalid({"column": "why"})`."""

    def __init__(self, what: Any, *, data: Any = None) -> None:
        if isinstance(what, Mapping):
            super().__init__(INVALID_DATA, errors=what, data=dict(what) if data is None else data)
        else:
            super().__init__(what, data=data)


class Unauthenticated(DomainError):
    """401: no valid token, or a unit's signature that does not hold."""

    status = 401
    headers = {"WWW-Authenticate": "Token"}

    def __init__(self, message: Any = None, **more: Any) -> None:
        super().__init__(message or _("Your token is invalid or not present"), **more)


class Forbidden(DomainError):
    """403: the caller's level is too low."""

    status = 403

    def __init__(self, message: Any = None, **more: Any) -> None:
        super().__init__(message or _("Your user is not allowed to do this"), **more)


class NotFound(DomainError):
    """404: no such row, or none that the caller may know of: the two answer alike."""

    status = 404

    def __init__(self, message: Any = None, **more: Any) -> None:
        super().__init__(message or _("The specified resource could not be found"), **more)


class NotAllowed(DomainError):
    """405: the table or action does not take this verb."""

    status = 405

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(
            _("The method is not allowed at this endpoint"), headers={"Allow": ", ".join(allowed)}
        )


class TooLarge(DomainError):
    """413: the body is over the limit."""

    status = 413

    def __init__(self, message: Any = None, **more: Any) -> None:
        super().__init__(message or _("The body of the request is too large"), **more)


class Unsupported(DomainError):
    """415: a body in a form that is not read here."""

    status = 415

    def __init__(self, message: Any = None, **more: Any) -> None:
        super().__init__(message or _("Send the body as application/json"), **more)


class TooMany(DomainError):
    """429: wait before trying again; `seconds` becomes Retry-After."""

    status = 429

    def __init__(self, seconds: int, message: Any = None) -> None:
        super().__init__(
            message or _("Too many attempts. Please try again later"),
            headers={"Retry-After": str(seconds)},
        )


class Unavailable(DomainError):
    """503: something the answer needs is away; nothing was written."""

    status = 503
    headers = {"Retry-After": "30"}

    def __init__(self, message: Any = None, **more: Any) -> None:
        super().__init__(
            message or _("We're temporarily unavailable. Please try again later"), **more
        )


def only(came: Mapping[str, T | DomainError]) -> T:
    """What came of the one unit that a service for many was asked of; raises what refuses it."""
    (result,) = came.values()
    if isinstance(result, DomainError):
        raise result
    return result
