"""Columns of values as bytes, and back: what makes a year of a unit's minutes some ten megabytes.

Measured values are decimals with few digits: such a column is kept as whole numbers, each less the
one before it, in the smallest width that holds them. Any other column of numbers is kept as its
doubles, or byte by byte in planes where that compresses better. All exact: what goes in comes out.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate
from operator import sub
from sys import byteorder
from typing import Any

import msgpack

from apps.telemetry.store.series import Column, Kind

_SCALES = (1, 10, 100, 1_000, 10_000)
_DOUBLES = 0
# Beyond it a product with a scale need not be exact.
_LARGEST = 2.0**48
_WIDTHS = (("b", 2**7), ("h", 2**15), ("i", 2**31), ("q", 2**63))
# Shorter than this, compression adds more than it takes away.
_WORTH_IT = 48
# Level 6 saves another 3 % and takes twice the time.
_LEVEL = 3
_PROBE = 16


def pack_numbers(values: Sequence[float]) -> bytes:
    """Finite numbers as bytes."""
    for scale in _SCALES:
        if _decimal(values[:_PROBE], scale) and _decimal(values, scale):
            return _packed_whole([round(v * scale) for v in values], _SCALES.index(scale) + 1)
    doubles = _bytes_of(array("d", values))
    plain = _squeezed(doubles)
    planes = _squeezed(b"".join(doubles[plane::8] for plane in range(8)))
    in_planes = len(planes) < len(plain)
    return bytes((_DOUBLES, in_planes)) + (planes if in_planes else plain)


def unpack_numbers(packed: bytes) -> list[float]:
    """The numbers that `pack_numbers` was given, as floats."""
    if packed[0] != _DOUBLES:
        scale = _SCALES[packed[0] - 1]
        whole = _unpacked_whole(packed)
        # Whole numbers are floats here too: a field has one kind of numbers.
        return [v / scale for v in whole]
    raw = _spread(packed[2:])
    return _array_of("d", _from_planes(raw) if packed[1] else raw).tolist()


def _from_planes(planes: bytes) -> bytes:
    length = len(planes) // 8
    raw = bytearray(len(planes))
    for plane in range(8):
        raw[plane::8] = planes[plane * length : (plane + 1) * length]
    return bytes(raw)


def pack_whole(values: Sequence[int]) -> bytes:
    """Whole numbers of up to 63 bits as bytes; ascending ones take the least."""
    return _packed_whole(values, 1)


def unpack_whole(packed: bytes) -> list[int]:
    """The numbers that `pack_whole` was given."""
    return list(_unpacked_whole(packed))


def pack_column(column: Column, kind: Kind) -> list[Any]:
    """A column of one kind, with gaps, as a value msgpack knows."""
    dense = [value for value in column if value is not None]
    present = None
    if len(dense) < len(column):
        present = _squeezed(bytes(value is not None for value in column))
    if kind is Kind.NUMBER:
        packed = pack_numbers(dense)  # type: ignore[arg-type]  # admission has seen to it
    elif kind is Kind.TRUTH:
        packed = _squeezed(bytes(map(bool, dense)))
    else:
        packed = _squeezed(msgpack.packb(dense))
    return [kind.value[:2], present, packed]


_KINDS = {kind.value[:2]: kind for kind in Kind}


def unpack_column(stored: Sequence[Any]) -> tuple[Kind, Column]:
    """What `pack_column` was given."""
    short, present, packed = stored
    kind = _KINDS[short]
    dense: Column
    if kind is Kind.NUMBER:
        dense = unpack_numbers(packed)  # type: ignore[assignment]  # a list of floats is a column
    elif kind is Kind.TRUTH:
        dense = list(map(bool, _spread(packed)))
    else:
        dense = msgpack.unpackb(_spread(packed))
    if present is None:
        return kind, dense
    following = iter(dense)
    return kind, [next(following) if there else None for there in _spread(present)]


def _decimal(values: Sequence[float], scale: int) -> bool:
    """Whether each number is a whole number of `scale`ths, so that dividing gives it back."""
    if not values:
        return True
    if max(values) * scale > _LARGEST or min(values) * scale < -_LARGEST:
        return False
    return [round(v * scale) / scale for v in values] == list(values)


def _packed_whole(values: Sequence[int], mark: int) -> bytes:
    first = values[0] if values else 0
    steps = list(map(sub, values[1:], values))
    limit = max(max(steps, default=0), -min(steps, default=0))
    place, (code, _limit) = next((p, w) for p, w in enumerate(_WIDTHS) if limit < w[1])
    head = bytes((mark, place)) + first.to_bytes(8, "little", signed=True)
    return head + _squeezed(_bytes_of(array(code, steps))) if values else bytes((mark, 9))


def _unpacked_whole(packed: bytes) -> Sequence[int]:
    if packed[1] == 9:
        return []
    first = int.from_bytes(packed[2:10], "little", signed=True)
    steps = _array_of(_WIDTHS[packed[1]][0], _spread(packed[10:]))
    return list(accumulate(steps, initial=first))


def _squeezed(raw: bytes) -> bytes:
    if len(raw) >= _WORTH_IT:
        small = zlib.compress(raw, _LEVEL)
        if len(small) < len(raw):
            return b"\1" + small
    return b"\0" + raw


def _spread(squeezed: bytes) -> bytes:
    return zlib.decompress(squeezed[1:]) if squeezed[0] else squeezed[1:]


def _bytes_of(values: array[Any]) -> bytes:
    """Little-endian, so that a database may move between machines."""
    if byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _array_of(code: str, raw: bytes) -> array[Any]:
    values = array(code)
    values.frombytes(raw)
    if byteorder == "big":
        values.byteswap()
    return values
