"""FlatGeobuf, read by the library."""

from __future__ import annotations

from geo.ingest.found import Found
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import library

KIND = "FlatGeobuf"


def read(data: bytes, found: Found, limits: Limits) -> Raw:
    """Features of the one layer."""
    with library.folder({"layer.fgb": data}) as folder:
        path = folder / "layer.fgb"
        return library.read(path, library.layers(path, KIND), KIND, found, limits)
