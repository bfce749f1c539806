"""A ZIP: a Shapefile, a KMZ, or one file of another format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from geo.ingest import gate
from geo.ingest.archives import Archive
from geo.ingest.found import Found, Refusal
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import kml, shapefile
from geo.ingest.report import Choice, Offer

Reader = Callable[[bytes, Found, Limits, str], Raw]

_KINDS = {
    ending: kind
    for kind, endings in gate.ENDINGS.items()
    if kind != gate.ARCHIVE
    for ending in endings
    if ending not in {"txt", "xml", "tab"}
}
_WORKBOOKS = ("[Content_Types].xml", "mimetype")


def read(
    data: bytes, found: Found, limits: Limits, wanted: str, readers: Mapping[str, Reader]
) -> Raw:
    """The one layer in an archive, or the one that was asked for."""
    archive = Archive(data, limits)
    names = archive.names
    inside = [name for name in names if _ending(name) in {*_KINDS, "shp"}]
    if any(name in names for name in _WORKBOOKS) and not inside:
        raise Refusal("spreadsheet")
    if not inside:
        raise Refusal("archive-nothing", names=names)
    if all(_ending(name) == "kml" for name in inside):
        # The first document of a KMZ often does nothing but point to the others beside it.
        inside = [name for name in inside if b"Placemark" in archive.read(name)] or inside
    name = _chosen(inside, wanted)
    if _ending(name) == "shp":
        return _shapefile(archive, name, found, limits)
    content = archive.read(name)
    if _ending(name) == "kml":
        return kml.read(content, found, limits, kind="KMZ")
    kind, refused = gate.kind(content, PurePosixPath(name).name, limits)
    if refused is not None:
        raise Refusal(refused.rule, **refused.values)
    inner = "" if wanted == name else wanted
    return readers[kind](content, found, limits, inner)


def _chosen(inside: list[str], wanted: str) -> str:
    if wanted in inside:
        return wanted
    if len(inside) > 1:
        if wanted:
            raise Refusal("archive-layer", name=wanted, names=inside)
        choices = tuple(Choice(name, {"layer": name}) for name in inside[:20])
        raise Refusal("archive-several", names=inside, offer=Offer("layer", choices))
    return inside[0]


def _shapefile(archive: Archive, name: str, found: Found, limits: Limits) -> Raw:
    stem = name[: -len(".shp")].lower()
    parts = {
        f".{_ending(other)}": archive.read(other)
        for other in archive.names
        if other.lower() == f"{stem}.{_ending(other)}" and f".{_ending(other)}" in shapefile.PARTS
    }
    return shapefile.read(parts, PurePosixPath(name).name, found, limits)


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".")
