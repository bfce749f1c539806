"""Geometry as bytes (WKB), walked without building it: is it sound, how deep, how many corners."""

from __future__ import annotations

import struct

from geo.ingest.found import Refusal

_POINT, _LINE, _POLYGON, _COLLECTION = 1, 2, 3, 7
_MULTI = (4, 5, 6, 7)
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_LEAST = 5  # bytes of the shortest geometry, beside its count
MOST_NESTED = 8


class UnsoundError(ValueError):
    """The bytes are no geometry."""


class TooDeepError(ValueError):
    """Collections within collections, too many of them."""


def corners(data: bytes, most: int) -> int:
    """How many corners a geometry has.

    Raises
    ------
    UnsoundError, TooDeepError
        It cannot be given to a library.
    Refusal
        There are more than `most`.
    """
    at, count = 0, 0
    waiting = [1]  # geometries still to come, at each depth
    while waiting:
        if waiting[-1] == 0:
            waiting.pop()
            continue
        waiting[-1] -= 1
        kind, dimensions, order, at = _head(data, at)
        if kind in _MULTI:
            parts, at = _count(data, at, order, _LEAST)
            waiting.append(parts)
            if len(waiting) > MOST_NESTED:
                raise TooDeepError
        else:
            more, at = _simple(data, at, kind, dimensions, order)
            count += more
        if count > most:
            raise Refusal("too-many-vertices", number=count, most=most)
    if at != len(data):
        raise UnsoundError
    return count


def _head(data: bytes, at: int) -> tuple[int, int, str, int]:
    if at + _LEAST > len(data) or data[at] > 1:
        raise UnsoundError
    order = "<" if data[at] else ">"
    (code,) = struct.unpack_from(f"{order}I", data, at + 1)
    at += _LEAST
    flags = code & 0xF0000000
    code &= 0x0FFFFFFF
    if flags & _EWKB_SRID:
        at += 4
    dimensions = 2 + bool(flags & _EWKB_Z) + bool(flags & _EWKB_M)
    thousands, kind = divmod(code, 1000)
    if thousands:
        dimensions = {1: 3, 2: 3, 3: 4}.get(thousands, 0)
    if not dimensions or not _POINT <= kind <= _COLLECTION:
        raise UnsoundError
    return kind, dimensions, order, at


def _count(data: bytes, at: int, order: str, size: int) -> tuple[int, int]:
    """A count of things that have at least `size` bytes each."""
    if at + 4 > len(data):
        raise UnsoundError
    (count,) = struct.unpack_from(f"{order}I", data, at)
    if count * size > len(data) - at:
        raise UnsoundError
    return int(count), at + 4


def _simple(data: bytes, at: int, kind: int, dimensions: int, order: str) -> tuple[int, int]:
    size = 8 * dimensions
    if kind == _POINT:
        if at + size > len(data):
            raise UnsoundError
        return 1, at + size
    rings = 1
    if kind == _POLYGON:
        rings, at = _count(data, at, order, 4)
    total = 0
    for _ in range(rings):
        count, at = _count(data, at, order, size)
        total += count
        at += count * size
    if at > len(data):
        raise UnsoundError
    return total, at
