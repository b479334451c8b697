"""Bodies of units: JSON or MessagePack, by Content-Type, strictly."""

from __future__ import annotations

import math
from typing import Any

import msgpack
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.core.bodies import check_text, decode_json
from apps.core.errors import Invalid, Unsupported
from apps.telemetry.services.points import Batch, read_plain, read_plain_json, read_points

UNIT_BODY_LIMIT = 1024 * 1024
MESSAGEPACK = frozenset({"application/msgpack", "application/x-msgpack", "application/vnd.msgpack"})
_MAX_DEPTH = 100


def decode_unit_body(request: HttpRequest, body: bytes) -> dict[str, Any]:
    """The object in a unit's body. Raises Invalid, and Unsupported for another format."""
    if not body:
        raise Invalid(_("The request needs a body"))
    kind = request.content_type
    if kind == "application/json":
        value = decode_json(body)
    elif kind in MESSAGEPACK:
        value = decode_messagepack(body)
    else:
        raise Unsupported(_("Send the body as application/json or application/msgpack"))
    if not isinstance(value, dict):
        raise Invalid(_("The body must be an object"))
    return value


def read_unit_points(request: HttpRequest, body: bytes, imei: str) -> Batch:
    """The points in a unit's body. Raises as `decode_unit_body`, and TooLarge for too many."""
    plain = None
    if request.content_type == "application/json":
        plain = read_plain_json(body, imei)
    elif request.content_type in MESSAGEPACK:
        plain = read_plain(_unpacked(body), imei)
    return plain or read_points(decode_unit_body(request, body), imei)


def decode_messagepack(body: bytes) -> Any:
    """Decode MessagePack to what JSON could say; Invalid for everything else."""
    value = _unpacked(body)
    _check(value, 0)
    return value


def _unpacked(body: bytes) -> Any:
    try:
        return msgpack.unpackb(body, raw=False, strict_map_key=True, object_pairs_hook=_pairs)
    except (ValueError, RecursionError, msgpack.UnpackException) as error:
        raise Invalid(_("The body is not valid MessagePack")) from error


def _pairs(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _check(value: Any, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise Invalid(_("The body is nested too deeply"))
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Invalid(_("The body contains a number that is not finite"))
    elif isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(name, str):
                raise Invalid(_("The keys of an object must be text"))
            check_text(name)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif not (value is None or isinstance(value, int)):
        # Bytes, timestamps and other extensions: JSON has none of them.
        raise Invalid(_("The body contains a value of a type that is not read here"))
