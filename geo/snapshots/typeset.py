"""Type: the face pictures are set in, how wide a text is, and where a line breaks.

The face is Source Sans, as on the web map, from a package on PyPI; letters it lacks are taken from
DejaVu Sans, which matplotlib ships. Widths are those of the outlines, without hinting, so that one
layout holds for pixels, SVG and PDF.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.font_manager import FontEntry, FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import TextToPath

FAMILY = "Map Sans"  # a name of our own: an installed face of the same name may be another one
REST = "DejaVu Sans"
FILES = {
    (400, "normal"): "SourceSansPro-Regular.ttf",
    (400, "italic"): "SourceSansPro-It.ttf",
    (600, "normal"): "SourceSansPro-Semibold.ttf",
    (700, "normal"): "SourceSansPro-Bold.ttf",
}
LEADING = 1.22  # of the size, from one line to the next
ASCENT, DESCENT = 0.75, 0.22  # of the size: from the baseline to the top of É, to the foot of g
CAPITAL = 0.66  # of the size

UNKNOWN = "\ufffd"  # stands for a letter that no face has
_MEASURED = 100.0  # the size widths are taken at
_SETTINGS: dict[Any, Any] = {
    "text.hinting": "no_hinting",
    "text.parse_math": False,
    "text.usetex": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "mali-control-map",
    "svg.id": None,
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
    "agg.path.chunksize": 0,
    "lines.scale_dashes": False,
    "font.family": [FAMILY, REST],
    "font.enable_last_resort": False,
}
_SHIPPED = Path(mpl.get_data_path()) / "fonts" / "ttf"
_LOCK = threading.RLock()


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: its size in points, its weight, upright or italic, and colour."""

    size: float
    weight: int = 400
    slope: str = "normal"
    colour: str = "#1f1e1b"

    @property
    def font(self) -> FontProperties:
        """The same, as matplotlib asks for it."""
        return _properties(self.size, self.weight, self.slope)


@contextmanager
def settings() -> Iterator[None]:
    """Matplotlib set as pictures need it; one picture at a time, for its settings are global."""
    with _LOCK, mpl.rc_context(_SETTINGS):
        _register()
        yield


def path_of(weight: int, slope: str) -> Path:
    """The file of a face."""
    return Path(str(files("font_source_sans_pro") / "files" / FILES[weight, slope]))


def width(text: str, style: Style) -> float:
    """How wide a text is, in points."""
    return _unit(text, style.weight, style.slope) * style.size


def wrap(text: str, style: Style, room: float) -> list[str]:
    """`text` in lines that are at most `room` points wide; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, style) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *cut, line = _pieces(word, style, room)
        lines.extend(cut)
    return [*lines, line] if line else lines


def balanced(lines: list[str], style: Style, room: float) -> list[str]:
    """As many lines, as even as they can be: no last line of one word."""
    text, best = " ".join(lines), lines
    for tenth in range(19, 9, -1):
        narrower = wrap(text, style, room * tenth / 20)
        if len(narrower) > len(lines):
            break
        best = narrower
    return best


def shortened(text: str, style: Style, room: float) -> str:
    """`text`, or as much of it as `room` has space for, with `…`."""
    if width(text, style) <= room:
        return text
    kept = text
    while kept and width(f"{kept.rstrip()}…", style) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def drawable(text: str) -> str:
    """`text` with what no face has a letter for replaced by one sign."""
    known = _letters()
    return "".join(char if ord(char) in known else UNKNOWN for char in text)


def _pieces(word: str, style: Style, room: float) -> list[str]:
    """A word cut after / & ? or, where that does not help, anywhere."""
    if width(word, style) <= room:
        return [word]
    pieces, piece = [], ""
    for part in re.findall(r"[^/&?]*[/&?]|[^/&?]+", word):
        for bit in (part,) if width(part, style) <= room else part:
            if piece and width(piece + bit, style) > room:
                pieces.append(piece)
                piece = ""
            piece += bit
    return [*pieces, piece]


@lru_cache(maxsize=20_000)
def _unit(text: str, weight: int, slope: str) -> float:
    with settings():
        font = _properties(_MEASURED, weight, slope)
        measured = _outlines().get_text_width_height_descent(text, font, ismath=False)
    return float(measured[0]) / _MEASURED


@cache
def _outlines() -> TextToPath:
    return TextToPath()


@lru_cache(maxsize=500)
def _properties(size: float, weight: int, slope: str) -> FontProperties:
    return FontProperties(family=[FAMILY, REST], size=size, weight=weight, style=slope)


@cache
def _register() -> None:
    """Tell matplotlib the files of the face, under our own name for it."""
    for weight, slope in FILES:
        # DejaVu Sans has no weight 600; what is not registered would be warned about.
        rest = _SHIPPED / ("DejaVuSans-Bold.ttf" if weight > 400 else "DejaVuSans.ttf")  # noqa: PLR2004
        for name, path in ((FAMILY, path_of(weight, slope)), (REST, rest)):
            entry = FontEntry(
                fname=str(path),
                name=name,
                style=slope,
                variant="normal",
                weight=weight,
                stretch="normal",
                size="scalable",
            )
            font_manager.fontManager.ttflist.append(entry)


@cache
def _letters() -> frozenset[int]:
    paths = [path_of(400, "normal"), _SHIPPED / "DejaVuSans.ttf"]
    return frozenset(code for path in paths for code in FT2Font(str(path)).get_charmap())
