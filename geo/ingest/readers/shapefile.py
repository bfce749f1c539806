"""Shapefiles out of an archive: every record is walked before the library sees them."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pyproj

from geo.ingest.found import Found, Refusal
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import library

KIND = "Shapefile"
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = (".shp", ".shx", ".dbf")
_LONGEST_SYSTEM = 20_000
_MAGIC, _HEADER = 9994, 100
_NULL, _MULTIPATCH = 0, 31
_LINES_AND_AREAS = (3, 5, 13, 15, 23, 25)
_POINTS, _MANY_POINTS = (1, 11, 21), (8, 18, 28)
_COUNTS = 36  # bytes before them: the type and the box
_POINTS_FROM, _PARTS_FROM = 40, 44  # bytes before what is counted


def read(files: Mapping[str, bytes], name: str, found: Found, limits: Limits) -> Raw:
    """Features of a Shapefile, its parts by their ending."""
    for ending in _NEEDED:
        if ending not in files:
            raise Refusal("shapefile-incomplete", name=name, missing=ending)
    count = _walked(files[".shp"], limits)
    _check_table(files, count)
    own = {f"layer{ending}": files[ending] for ending in PARTS if ending in files}
    if not _is_system(files.get(".prj", b"")):
        own.pop("layer.prj", None)  # as if there were none: it is asked
    with library.folder(own) as folder:
        path = folder / "layer.shp"
        raw = library.read(path, library.layers(path, KIND), KIND, found, limits)
    if raw.total < count:
        raise Refusal("features-lost", number=count, found=raw.total)
    return raw


def _is_system(prj: bytes) -> bool:
    try:
        return bool(pyproj.CRS.from_wkt(prj[:_LONGEST_SYSTEM].decode("utf-8", "replace")))
    except pyproj.exceptions.ProjError:
        return False


def _walked(shp: bytes, limits: Limits) -> int:
    """How many records there are; refused where one is damaged or there are too many corners."""
    if len(shp) < _HEADER or struct.unpack_from(">i", shp)[0] != _MAGIC:
        raise Refusal("damaged", kind=KIND)
    if struct.unpack_from(">i", shp, 24)[0] * 2 != len(shp):
        raise Refusal("damaged", kind=KIND)
    at, count, corners = _HEADER, 0, 0
    while at + 8 <= len(shp):
        (words,) = struct.unpack_from(">i", shp, at + 4)
        size = 2 * words
        if words < 2 or at + 8 + size > len(shp):  # noqa: PLR2004 (a type is two words)
            raise Refusal("damaged", kind=KIND)
        corners += _corners(shp[at + 8 : at + 8 + size])
        count += 1
        at += 8 + size
        if corners > limits.vertices:
            raise Refusal("too-many-vertices", number=corners, most=limits.vertices)
        if count > limits.features:
            raise Refusal("too-many-features", number=count, most=limits.features)
    return count


def _corners(record: bytes) -> int:
    (kind,) = struct.unpack_from("<i", record)
    if kind == _MULTIPATCH:
        raise Refusal("geometry-packing", found="MultiPatch")
    if kind in (_NULL, *_POINTS):
        return int(kind != _NULL)
    parts, points, starts = -1, -1, 0
    if kind in _MANY_POINTS and len(record) >= _POINTS_FROM:
        parts, points = 0, struct.unpack_from("<i", record, _COUNTS)[0]
        starts = _POINTS_FROM
    elif kind in _LINES_AND_AREAS and len(record) >= _PARTS_FROM:
        parts, points = struct.unpack_from("<ii", record, _COUNTS)
        starts = _PARTS_FROM
    if parts < 0 or points < 0 or starts + 4 * parts + 16 * points > len(record):
        raise Refusal("damaged", kind=KIND)
    begins = struct.unpack_from(f"<{parts}i", record, starts)
    if not all(0 <= begin <= points for begin in begins):
        raise Refusal("damaged", kind=KIND)
    return int(points)


def _check_table(files: Mapping[str, bytes], count: int) -> None:
    dbf, shx = files[".dbf"], files[".shx"]
    if len(dbf) < 32 or len(shx) < _HEADER:  # noqa: PLR2004 (its header)
        raise Refusal("damaged", kind=KIND)
    rows, header, width = struct.unpack_from("<IHH", dbf, 4)
    if header + rows * width > len(dbf) + 1 or rows != count:
        raise Refusal("damaged", kind=KIND)
    if (len(shx) - _HEADER) // 8 != count:
        raise Refusal("damaged", kind=KIND)
