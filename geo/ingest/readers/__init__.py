"""One module a family of formats: bytes become a table, or problems.

The libraries behind them are loaded where they are used: only the process that reads strangers'
files ever opens one with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.ingest.found import Found
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw

Reader = Callable[[bytes, Found, Limits, str], Raw]


def _geojson(data: bytes, found: Found, limits: Limits, _layer: str) -> Raw:
    from geo.ingest.readers import geojson  # noqa: PLC0415

    return geojson.read(data, found, limits)


def _csv(data: bytes, found: Found, limits: Limits, _layer: str) -> Raw:
    from geo.ingest.readers import delimited  # noqa: PLC0415

    return delimited.read(data, found, limits)


def _kml(data: bytes, found: Found, limits: Limits, _layer: str) -> Raw:
    from geo.ingest.readers import kml  # noqa: PLC0415

    return kml.read(data, found, limits)


def _geopackage(data: bytes, found: Found, limits: Limits, layer: str) -> Raw:
    from geo.ingest.readers import geopackage  # noqa: PLC0415

    return geopackage.read(data, found, limits, layer)


def _flatgeobuf(data: bytes, found: Found, limits: Limits, _layer: str) -> Raw:
    from geo.ingest.readers import flatgeobuf  # noqa: PLC0415

    return flatgeobuf.read(data, found, limits)


def _geoparquet(data: bytes, found: Found, limits: Limits, _layer: str) -> Raw:
    from geo.ingest.readers import geoparquet  # noqa: PLC0415

    return geoparquet.read(data, found, limits)


def _archive(data: bytes, found: Found, limits: Limits, layer: str) -> Raw:
    from geo.ingest.readers import archive  # noqa: PLC0415

    return archive.read(data, found, limits, layer, READERS)


READERS: Mapping[str, Reader] = {
    "GeoJSON": _geojson,
    "CSV": _csv,
    "KML": _kml,
    "GeoPackage": _geopackage,
    "FlatGeobuf": _flatgeobuf,
    "GeoParquet": _geoparquet,
    "ZIP": _archive,
}
