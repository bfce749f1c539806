"""Exports: everything that leaves the house, by the ending of its name."""

from __future__ import annotations

from geo.layers import Layers
from geo.snapshots import files, metadata, offline, pack, records, seal
from geo.snapshots.drawing import Drawing
from geo.timeline import Timeline

ENDINGS = (*files.ENDINGS, ".html", ".zip")


def render(
    drawing: Drawing,
    ending: str,
    layers: Layers,
    timeline: Timeline,
    *,
    scale: int = 1,
    live: bool = False,
) -> bytes:
    """A drawing, or what is drawn there, as the bytes of a file.

    Parameters
    ----------
    ending
        One of `ENDINGS`: a picture, the page with the slider, or the data pack.
    layers, timeline
        What it was drawn from.
    scale
        Of a PNG: 2 for twice as many pixels each way.
    live
        Of a page: whether it is made anew with the data.

    Raises
    ------
    SnapshotError
        The file would be larger than may be.
    """
    if ending == ".html":
        record = seal.read(drawing.record.encode())
        return offline.page(drawing.snapshot, layers, timeline, live=live, record=record)
    if ending == ".zip":
        return pack.make(drawing, layers, timeline)
    return files.render(drawing, ending, scale=scale)


def name(drawing: Drawing, ending: str, *, scale: int = 1) -> str:
    """What a file is called."""
    return metadata.name(drawing, ending, scale=scale)


def keep(name: str, content: bytes) -> None:
    """Keep the record of an export on this machine, so that its code alone can be checked."""
    record = seal.read(content)
    if record is not None:
        records.keep(record, {name: content})
