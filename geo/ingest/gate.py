"""The gate: what a file is, by its content, before anything opens it."""

from __future__ import annotations

import re

from geo.ingest.limits import MEGABYTE, Limits
from geo.ingest.report import Problem, problem

GEOJSON, CSV, KML, GEOPACKAGE = "GeoJSON", "CSV", "KML", "GeoPackage"
FLATGEOBUF, GEOPARQUET, ARCHIVE = "FlatGeobuf", "GeoParquet", "ZIP"

# Endings a file of a kind may have; a name without an ending may be anything.
ENDINGS = {
    GEOJSON: ("geojson", "json"),
    CSV: ("csv", "tsv", "txt", "tab"),
    KML: ("kml", "xml"),
    GEOPACKAGE: ("gpkg",),
    FLATGEOBUF: ("fgb",),
    GEOPARQUET: ("parquet", "geoparquet"),
    ARCHIVE: ("zip", "kmz", "shz"),
}
_SQLITE = b"SQLite format 3\0"
_GEOPACKAGES = (b"GPKG", b"GP10", b"GP11")  # application id of the three editions
_SHAPEFILE = b"\x00\x00\x27\x0a"
_OLE = b"\xd0\xcf\x11\xe0"  # workbooks before 2007
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"ARROW1", "Arrow"),
    (b"{\\rtf", "RTF"),
)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_XML = {b"ogrvrtdatasource": "VRT", b"featurecollection": "GML", b"gpx": "GPX", b"html": "HTML"}
_HEAD = 4_096
_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_LONGEST_ENDING = 10


def kind(data: bytes, filename: str, limits: Limits) -> tuple[str, Problem | None]:
    """What a file is (a key of `ENDINGS`), or the problem with it."""
    if not data.strip(_BLANK):
        return "", problem("file-empty")
    if len(data) > limits.file_bytes:
        about = {"size": round(len(data) / MEGABYTE, 1), "most": limits.file_bytes / MEGABYTE}
        return "", problem("file-too-large", **about)
    found = _content(data)
    if isinstance(found, Problem):
        return "", found
    ending = _ending(filename)
    if ending and ending not in ENDINGS[found]:
        return found, problem("wrong-ending", ending=f".{ending}", kind=found)
    return found, None


def _ending(filename: str) -> str:
    _, dot, ending = re.split(r"[/\\]", filename)[-1].rpartition(".")
    return ending.lower().strip() if dot and len(ending) <= _LONGEST_ENDING else ""


def _content(data: bytes) -> str | Problem:
    if data.startswith(_SQLITE):
        good = data[68:72] in _GEOPACKAGES or b"gpkg_contents" in data[: 100 * _HEAD]
        return GEOPACKAGE if good else problem("kind-refused", kind="SQLite")
    for beginning, found in (
        (b"PAR1", GEOPARQUET),
        (b"fgb\x03", FLATGEOBUF),
        (b"PK\x03\x04", ARCHIVE),
        (b"PK\x05\x06", ARCHIVE),
    ):
        if data.startswith(beginning):
            return found
    if data.startswith(_SHAPEFILE):
        return problem("shapefile-part")
    if data.startswith(_OLE):
        return problem("spreadsheet")
    for beginning, name in _OTHERS:
        if data.startswith(beginning):
            return problem("kind-refused", kind=name)
    return _text(data)


def _text(data: bytes) -> str | Problem:
    head = data[:_HEAD].replace(b"\0", b"").lstrip(_BLANK)
    if head[:1] in {b"{", b"["}:
        return GEOJSON
    if head[:1] == b"<":
        return _markup(head)
    # Text has no control characters but blanks; UTF-16 has zero bytes, taken out above.
    strange = sum(byte < 32 and byte not in b"\t\n\r\x0c" for byte in head)  # noqa: PLR2004
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:_HEAD].count(0) > _HEAD // 8
    if strange or (0 in data[:_HEAD] and not wide):
        return problem("kind-unknown")
    return CSV


def _markup(head: bytes) -> str | Problem:
    if b"<!doctype" in head.lower() or b"<!entity" in head.lower():
        return problem("xml-definitions")
    root = _ROOT.search(head)
    name = root[1].lower().rpartition(b":")[2] if root else b""
    if name == b"kml":
        return KML
    known = _XML.get(name)
    return problem("kind-refused", kind=known or "XML")
