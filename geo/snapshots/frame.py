"""Frames: from degrees to the rectangle of a map on the page, true to area.

Albers' equal-area conic with the parallels of Mali: areas on paper compare as they do on the
ground, and from 10 to 25 degrees north no length is more than 1.1 % off, so that one scale bar is
true for the whole picture. The web map is Mercator's, in which the north is 8 % larger.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.snapshots.extents import Extent

ALBERS = "+proj=aea +lat_1=12.5 +lat_2=22.5 +lat_0=17.5 +lon_0=-4 +ellps=WGS84 +units=m"
_AROUND = 0.035  # of its size: room left around what must be seen
# Nothing here is known to the kilometre: closer, a disc around a town would look like a front line.
_LEAST_KM = 60
_DENSE = 25  # points along each side of a box, whose sides are curves on the page
_WEB_KM = 40_075.017 / 256  # of a CSS pixel of the web map at zoom 0, at the equator
_STEPS = (1, 2, 5)
_DECIMALS = 2  # of a point: what is drawn is the same on every machine


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, in points from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.bottom + self.height

    def inset(self, by: float) -> Box:
        """The rectangle `by` points further in on every side."""
        return Box(self.left + by, self.bottom + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True, slots=True)
class Frame:
    """A map on the page.

    Attributes
    ----------
    box
        Its rectangle.
    west, south
        Metres of the projection at its lower left corner.
    metres
        To a point of the page.
    stroke
        Size of lines and symbols, as in `presets.Preset`.
    """

    box: Box
    west: float
    south: float
    metres: float
    stroke: float

    @property
    def zoom(self) -> float:
        """The zoom at which the web map shows as much on a CSS pixel: rules of ranks follow it."""
        km = self.metres * self.stroke / 1000
        return math.log2(_WEB_KM * math.cos(math.radians(self.latitude)) / km)

    @property
    def latitude(self) -> float:
        """Degrees north in the middle."""
        return self.degrees(
            self.box.left + self.box.width / 2, self.box.bottom + self.box.height / 2
        )[1]

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude of a point of the page."""
        east = self.west + (x - self.box.left) * self.metres
        north = self.south + (y - self.box.bottom) * self.metres
        lon, lat = _degrees().transform(east, north)
        return float(lon), float(lat)

    def page(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 2) metres of the projection as points of the page."""
        points: NDArray[np.float64] = np.round(
            (metres - (self.west, self.south)) / self.metres + (self.box.left, self.box.bottom),
            _DECIMALS,
        )
        return points

    @property
    def ground(self) -> shapely.Polygon:
        """The rectangle in metres of the projection."""
        return shapely.box(
            self.west,
            self.south,
            self.west + self.box.width * self.metres,
            self.south + self.box.height * self.metres,
        )

    def km(self, kilometres: float) -> float:
        """Points of a length on the ground."""
        return kilometres * 1000 / self.metres


def project(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes in degrees as shapes in metres of the projection."""
    projected: NDArray[np.object_] = shapely.transform(shapes, _metres)
    return projected


def around(extent: Extent, shape: shapely.Geometry | None, box: Box, stroke: float) -> Frame:
    """The frame that shows an extent as large as the box allows, in its middle.

    Both sides are at least 60 km on the ground.

    Parameters
    ----------
    shape
        In degrees, what must be seen of a country or region; None: the box of the extent.
    """
    if shape is None:
        shape = shapely.segmentize(shapely.box(*extent.box), max(_size(extent)) / _DENSE)
    west, south, east, north = shapely.bounds(shapely.transform(shape, _metres))
    pad = 1 + 2 * _AROUND
    metres = max(
        (east - west) * pad / box.width,
        (north - south) * pad / box.height,
        _LEAST_KM * 1000 / min(box.width, box.height),
    )
    middle = (west + east) / 2, (south + north) / 2
    return Frame(
        box,
        middle[0] - box.width * metres / 2,
        middle[1] - box.height * metres / 2,
        metres,
        stroke,
    )


def round_length(frame: Frame, room: float) -> float:
    """The longest round length, in km, that is at most `room` points on the page."""
    most = room * frame.metres / 1000
    tens = 10 ** math.floor(math.log10(most))
    return max(float(step * tens) for step in _STEPS if step * tens <= most)


def _size(extent: Extent) -> tuple[float, float]:
    west, south, east, north = extent.box
    return east - west, north - south


def _metres(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(_forward().transform(degrees[:, 0], degrees[:, 1]))


@cache
def _forward() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", ALBERS, always_xy=True)


@cache
def _degrees() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(ALBERS, "EPSG:4326", always_xy=True)
