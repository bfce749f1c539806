"""Our own files for the browser, as they lie in this folder, and Leaflet beside them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from xstatic.pkg import leaflet

# In the order in which they need each other.
MAP = (
    *("geometry.js", "paint.js", "outlook.js"),
    *("fills.js", "labels.js", "symbols.js", "legend.js", "marks.js", "graticule.js", "overlay.js"),
)
SCRUBBER = ("chart.js", "loop.js", "scrubber.js")
PANEL = ("source.js", "answer.js", "roster.js", "panel.js")

LEAFLET = Path(leaflet.BASE_DIR)


def text(*names: str) -> str:
    """Files of this folder as they are, one after the other."""
    folder = files("geo") / "browser"
    return "".join((folder / name).read_text("utf-8") for name in names)


def leaflet_text(name: str) -> str:
    """A file of Leaflet, with the line ends of everything else."""
    return (LEAFLET / name).read_text("utf-8")
