"""One module a family of formats: bytes become a table, or problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.ingest.found import Found
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import delimited, geojson

Reader = Callable[[bytes, Found, Limits, str], Raw]

READERS: Mapping[str, Reader] = {
    "GeoJSON": lambda data, found, limits, _layer: geojson.read(data, found, limits),
    "CSV": lambda data, found, limits, _layer: delimited.read(data, found, limits),
}
