"""KML: its XML is judged by a parser that expands nothing, then read by the library."""

from __future__ import annotations

from xml.parsers import expat

from geo.ingest.found import Found, Refusal
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import library

KIND = "KML"
_CRS = "EPSG:4326"
# What the library adds to every placemark, and says nothing of a claim.
_OWN = {
    *("altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet"),
    "Style",
}


class _Judge:
    """Counts placemarks, and refuses definitions and depth."""

    def __init__(self, limits: Limits) -> None:
        self.placemarks, self.elsewhere = 0, False
        self._depth, self._limits = 0, limits

    def definitions(self, *_: object) -> None:
        raise Refusal("xml-definitions")

    def begin(self, name: str, _: object) -> None:
        self._depth += 1
        if self._depth > self._limits.depth:
            raise Refusal("xml-depth", number=self._depth, most=self._limits.depth)
        bare = name.rpartition(":")[2]
        self.placemarks += bare == "Placemark"
        self.elsewhere = self.elsewhere or bare == "NetworkLink"

    def end(self, _: str) -> None:
        self._depth -= 1


def read(data: bytes, found: Found, limits: Limits, kind: str = KIND) -> Raw:
    """All placemarks of all folders."""
    judge = _judged(data, limits, kind)
    if judge.elsewhere:
        found.add("network-link")
    if judge.placemarks > limits.features:
        raise Refusal("too-many-features", number=judge.placemarks, most=limits.features)
    if not judge.placemarks:
        raise Refusal("table-empty")
    with library.folder({"layer.kml": data}) as folder:
        path = folder / "layer.kml"
        raw = library.read(path, library.layers(path, kind), kind, found, limits)
    if raw.total < judge.placemarks:
        raise Refusal("features-lost", number=judge.placemarks, found=raw.total)
    columns = {
        name: cells
        for name, cells in raw.columns.items()
        if name not in _OWN and any(cell is not None for cell in cells)
    }
    return Raw(kind, columns, raw.shapes, _CRS, raw.numbers, (), raw.total)


def _judged(data: bytes, limits: Limits, kind: str) -> _Judge:
    judge = _Judge(limits)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = judge.definitions
    parser.EntityDeclHandler = judge.definitions
    parser.StartElementHandler = judge.begin
    parser.EndElementHandler = judge.end
    try:
        parser.Parse(data, True)  # noqa: FBT003 (the parser's own signature)
    except expat.ExpatError as fault:
        raise Refusal("damaged-at", kind=kind, number=fault.lineno) from None
    except (LookupError, ValueError):
        raise Refusal("encoding-unknown") from None
    return judge
