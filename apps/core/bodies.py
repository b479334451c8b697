"""Bodies: reading what a client sends, strictly.

The standard parsers let through what later breaks a row: NaN, infinities, duplicate keys (the last
one silently wins), lone surrogates, NUL, nesting that exhausts the stack, integers of thousands of
digits. Every body of the API is read here.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _

from apps.core.errors import Invalid, TooLarge, Unsupported

API_BODY_LIMIT = 10 * 1024 * 1024
MAX_DEPTH = 100
_MAX_DIGITS = 400


class _Refused(ValueError):
    """A construct of JSON that is not accepted; carries the sentence for the client."""


def _no_constant(name: str) -> NoReturn:
    raise _Refused(_("The JSON contains {name}, which is not a number").format(name=name))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Refused(_("The JSON contains a number that is too large"))
    return number


def _integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise _Refused(_("The JSON contains a number that is too large"))
    return int(text)


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                raise _Refused(_("The key {name!r} appears twice").format(name=name[:100]))
            seen.add(name)
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_pairs,
    parse_constant=_no_constant,
    parse_float=_finite,
    parse_int=_integer,
)


def decode_json(body: bytes | str) -> Any:
    """Parse JSON; raises Invalid with a sentence for anything that is not clean."""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(_("The body is not valid UTF-8")) from error
    try:
        value = _DECODER.decode(text)
    except _Refused as error:
        raise Invalid(str(error)) from error
    except RecursionError as error:
        raise Invalid(_("The JSON is nested too deeply")) from error
    except ValueError as error:
        reason = getattr(error, "msg", _("malformed"))
        place = getattr(error, "pos", 0)
        raise Invalid(
            _("This is not valid JSON: {reason} at character {place}").format(
                reason=reason, place=place
            )
        ) from error
    _check_tree(value, 0, escaped="\\u" in text)
    return value


def _check_tree(value: Any, depth: int, *, escaped: bool) -> None:
    """Bound the depth; where the text had escapes, look for characters no database stores."""
    if depth > MAX_DEPTH:
        raise Invalid(_("The JSON is nested too deeply"))
    if isinstance(value, str):
        if escaped:
            check_text(value)
    elif isinstance(value, dict):
        for name, item in value.items():
            if escaped:
                check_text(name)
            _check_tree(item, depth + 1, escaped=escaped)
    elif isinstance(value, list):
        for item in value:
            # Numbers, of which a unit sends thousands, need no look.
            if escaped or isinstance(item, list | dict):
                _check_tree(item, depth + 1, escaped=escaped)


def check_text(text: str) -> None:
    """Refuse NUL and lone surrogates: neither can be stored."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid(_("Text may not contain NUL or unpaired surrogate characters"))


def raw_body(request: HttpRequest, limit: int = API_BODY_LIMIT) -> bytes:
    """The bytes of the body; 413 over `limit`, 415 for an encoding that is not read here."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unsupported(_("Send the body without a Content-Encoding"))
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as error:
        raise Invalid(_("Content-Length is not a number")) from error
    if length > limit:
        raise TooLarge
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise TooLarge from error
    except UnreadablePostError as error:
        raise Invalid(_("The body ended before it was complete")) from error
    if len(body) > limit:
        raise TooLarge
    return body


def json_object(request: HttpRequest, *, required: bool = True) -> dict[str, Any]:
    """The body as a JSON object; an absent body is {} where it is not required."""
    body = raw_body(request)
    if not body.strip():
        if required:
            raise Invalid(_("The request needs a JSON object as its body"))
        return {}
    if request.content_type not in ("application/json", "text/json"):
        raise Unsupported
    value = decode_json(body)
    if not isinstance(value, dict):
        raise Invalid(_("The body must be a JSON object"))
    return value
