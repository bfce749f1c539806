"""Paper: one matplotlib figure of which a point is 1/72 inch, drawn on in the order of the calls.

No pyplot: a figure is an object like any other, and two are never mixed up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from geo.snapshots.frame import Box, Frame
from geo.snapshots.ink import MARKED, MARKS_APART, SPECK, SPECKS_APART, Fill
from geo.snapshots.typeset import Style

HALO = "#ffffff"
_INCH = 72
_DOT = 0.01  # of a dash that is nothing but its round ends
_KAPPA = 0.5522847498  # a quarter of a circle as one cubic curve


@dataclass(frozen=True, slots=True)
class Pen:
    """A line: colour, width in points, dashes in points, round or straight ends."""

    colour: str
    width: float
    dashes: tuple[float, ...] = ()
    round: bool = True
    opacity: float = 1


class Paper:
    """A page to draw on, in points from its lower left corner.

    Attributes
    ----------
    figure
        What is drawn so far.
    texts
        (text, box) of every text that was set, for tests and the checklist.
    """

    def __init__(self, width: float, height: float, colour: str = "#ffffff") -> None:
        self.figure = Figure(figsize=(width / _INCH, height / _INCH), dpi=_INCH, facecolor=colour)
        # Artists of the figure, not of axes: these would give each a clip and a scale of its own.
        self._points = Affine2D().scale(1 / _INCH) + self.figure.dpi_scale_trans
        self.texts: list[tuple[str, Box]] = []
        self._drawn: list[Artist] = []
        self._group = ""
        self._count = 0

    def group(self, name: str) -> None:
        """Name what is drawn from here on: the layers of an SVG."""
        self._group = name

    def mark(self) -> int:
        """How much is drawn so far."""
        return len(self._drawn)

    def since(self, mark: int) -> list[Artist]:
        """What was drawn since then."""
        return self._drawn[mark:]

    def remove(self, artists: Sequence[Artist]) -> None:
        """Take off what was drawn."""
        gone = set(map(id, artists))
        self._drawn = [artist for artist in self._drawn if id(artist) not in gone]
        for artist in artists:
            artist.remove()

    # ---- shapes

    def fill(self, path: Path, colour: str, opacity: float = 1) -> None:
        """Fill a path."""
        if len(path.vertices):
            self._add(PathPatch(path, facecolor=colour, edgecolor="none", lw=0, alpha=opacity))

    def stroke(self, path: Path, pen: Pen, within: Path | None = None) -> None:
        """Draw along a path; only `within` another, if one is given."""
        if not len(path.vertices):
            return
        ends: Any = "round" if pen.round else "butt"
        line: Any = (0, pen.dashes) if pen.dashes else "solid"
        patch = PathPatch(
            path,
            facecolor="none",
            edgecolor=pen.colour,
            lw=pen.width,
            linestyle=line,
            capstyle=ends,
            joinstyle="round",
            alpha=pen.opacity,
        )
        self._add(patch, within)

    def paint(self, path: Path, fill: Fill, scale: float) -> None:
        """Fill a path as a state is filled: with colour, bands, marks and specks."""
        if not len(path.vertices):
            return
        self.fill(path, fill.ground)
        low, high = path.vertices.min(axis=0), path.vertices.max(axis=0)
        if fill.bands:
            count = len(fill.bands)
            for colour in dict.fromkeys(filter(None, fill.bands)):
                rows = [row for row, band in enumerate(fill.bands) if band == colour]
                bands = _bands(low, high, fill.period * scale, count, rows)
                self._clipped(bands, path, facecolor=colour, edgecolor="none", lw=0)
        if fill.marks:
            self._marks(path, fill.marks, scale, (low, high))
        if fill.specks:
            apart = SPECKS_APART * scale
            for shift in (0.25, 0.75):
                rows_of = _rows(low, high, apart, shift)
                pen = Pen(SPECK, 1.6 * scale, (_DOT, apart - _DOT))
                self.stroke(rows_of, pen, within=path)

    def _marks(
        self, path: Path, marks: str, scale: float, ends: tuple[NDArray[Any], NDArray[Any]]
    ) -> None:
        low, high = ends
        apart = MARKS_APART * scale
        rows = _rows(low, high, apart, 0.5)
        if marks == "dots":
            pen = Pen(MARKED, 2.6 * scale, (_DOT, apart - _DOT), opacity=0.75)
        else:
            pen = Pen(MARKED, 1.1 * scale, round=False, opacity=0.75)
        self.stroke(rows, pen, within=path)
        if marks == "cross":
            turned = _rows(low[::-1], high[::-1], apart, 0.5)
            self.stroke(Path(turned.vertices[:, ::-1], turned.codes), pen, within=path)

    def _clipped(self, path: Path, within: Path, **style: Any) -> None:  # noqa: ANN401 -- matplotlib's own
        self._add(PathPatch(path, **style), within)

    # ---- text

    def text(  # noqa: PLR0913 -- where, what, how
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        *,
        room: Box,
        halo: float = 0,
        opacity: float = 1,
    ) -> None:
        """Set a text from its baseline's left end; `room` is the box it takes."""
        if not text.strip():
            return
        if halo:
            # The halo is an outline of its own: with matplotlib's path effects the text would
            # become outlines too, which no one could edit or read aloud.
            outline = TextPath((x, y), text, prop=style.font, usetex=False)
            self.stroke(outline, Pen(HALO, halo, opacity=0.88))
        words = Text(
            x,
            y,
            text,
            fontproperties=style.font,
            color=style.colour,
            ha="left",
            va="baseline",
            parse_math=False,
            usetex=False,
            alpha=opacity,
        )
        self.texts.append((text, room))
        self._add(words)

    def _add(self, artist: Artist, within: Path | None = None) -> None:
        self._count += 1
        artist.set_zorder(self._count)
        artist.set_transform(self._points)
        if self._group:
            artist.set_gid(f"{self._group}-{self._count}")
        if within is not None:
            artist.set_clip_path(within, self._points)
        self.figure.add_artist(artist)
        self._drawn.append(artist)


# ---- paths


def of_shape(shape: shapely.Geometry, frame: Frame) -> Path:
    """A polygon or line in metres as a path on the page, cut to its frame."""
    seen = shapely.clip_by_rect(shape, *frame.ground.bounds)
    return Path.make_compound_path(*_pieces(seen, frame)) if not seen.is_empty else _EMPTY


def rectangle(box: Box) -> Path:
    """The outline of a box."""
    return _closed(
        [(box.left, box.bottom), (box.right, box.bottom), (box.right, box.top), (box.left, box.top)]
    )


def disc(x: float, y: float, r: float) -> Path:
    """A circle."""
    unit = Path.unit_circle()
    return Path(unit.vertices * r + (x, y), unit.codes)


def wedge(x: float, y: float, r: float, start: float, stop: float) -> Path:
    """A slice of a pie; degrees clockwise from the top."""
    unit = Path.wedge(90 - stop, 90 - start)
    return Path(unit.vertices * r + (x, y), unit.codes)


def line(*points: tuple[float, float]) -> Path:
    """A line through points."""
    return Path(np.array(points, dtype=float))


def plate(box: Box, r: float) -> Path:
    """A rectangle with round corners."""
    k, (x, y, w, h) = r * (1 - _KAPPA), (box.left, box.bottom, box.width, box.height)
    m, c = Path.MOVETO, Path.CURVE4
    steps: list[tuple[float, float, Any]] = [
        (x + r, y, m),
        (x + w - r, y, Path.LINETO), (x + w - k, y, c), (x + w, y + k, c), (x + w, y + r, c),
        (x + w, y + h - r, Path.LINETO), (x + w, y + h - k, c), (x + w - k, y + h, c),
        (x + w - r, y + h, c),
        (x + r, y + h, Path.LINETO), (x + k, y + h, c), (x, y + h - k, c), (x, y + h - r, c),
        (x, y + r, Path.LINETO), (x, y + k, c), (x + k, y, c), (x + r, y, c),
        (x + r, y, Path.CLOSEPOLY),
    ]  # fmt: skip
    return Path([(px, py) for px, py, _ in steps], [code for _, _, code in steps])


_EMPTY = Path(np.empty((0, 2)))


def _pieces(shape: shapely.Geometry, frame: Frame) -> Iterable[Path]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "GeometryCollection":
            yield from _pieces(part, frame)
        elif part.geom_type == "Polygon":
            for ring in shapely.get_rings(shapely.orient_polygons(part)):
                yield _closed(frame.page(shapely.get_coordinates(ring))[:-1])
        elif part.geom_type == "LineString":
            yield Path(frame.page(shapely.get_coordinates(part)))


def _closed(points: Sequence[tuple[float, float]] | NDArray[np.float64]) -> Path:
    vertices = np.vstack([points, [points[0]]])
    codes = np.full(len(vertices), Path.LINETO, dtype=Path.code_type)
    codes[0], codes[-1] = Path.MOVETO, Path.CLOSEPOLY
    return Path(vertices, codes)


def _bands(
    low: NDArray[Any], high: NDArray[Any], period: float, count: int, rows: list[int]
) -> Path:
    """Diagonal bands that rise to the right over a rectangle, fixed to the page."""
    (x0, y0), (x1, y1) = low, high
    first, last = np.floor((x0 - y1) / period), np.ceil((x1 - y0) / period)
    starts = np.arange(first, last + 1) * period
    quads = []
    for row in rows:
        left, right = starts + row * period / count, starts + (row + 1) * period / count
        corners = [(left + y0, y0), (right + y0, y0), (right + y1, y1), (left + y1, y1)]
        quads.append(np.stack([np.stack([x, np.full_like(x, y)], axis=1) for x, y in corners], 1))
    points = np.concatenate(quads)
    vertices = np.concatenate([points, points[:, :1]], axis=1).reshape(-1, 2)
    codes = np.tile(np.array([1, 2, 2, 2, 79], dtype=Path.code_type), len(points))
    return Path(np.round(vertices, 2), codes)


def _rows(low: NDArray[Any], high: NDArray[Any], apart: float, shift: float) -> Path:
    """Level lines over a rectangle that begin on one grid, fixed to the page."""
    (x0, y0), (x1, y1) = low, high
    left = (np.floor(x0 / apart) + shift) * apart
    ys = (np.arange(np.floor(y0 / apart), np.ceil(y1 / apart) + 1) + shift) * apart
    points = np.empty((len(ys), 2, 2))
    points[:, :, 1] = ys[:, None]
    points[:, 0, 0], points[:, 1, 0] = left, x1 + apart
    codes = np.tile(np.array([1, 2], dtype=Path.code_type), len(ys))
    return Path(points.reshape(-1, 2), codes)
