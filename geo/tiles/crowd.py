"""How much would come of cutting claims that lie over one another, told before it is done.

Outlines that cross each other cut ground into as many faces as there are crossings, and each face
is covered by half the claims: a hundred different outlines of one town make a million pairs (face,
claim), a thousand make a billion. That many do not fit into memory, and must not be tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo import composite

FEW = 64  # different outlines over one point: whatever they are like, they can be cut at once

_PROBES = 32  # points at which it is counted how many outlines lie over one another
_SAMPLE = 16  # outlines cut, and then twice as many, to see what doubling them does


@dataclass(frozen=True, slots=True)
class Crowd:
    """Claims that lie over one another.

    Attributes
    ----------
    claims
        How many different outlines lie over the deepest place found.
    lon, lat
        That place.
    pairs
        How many pairs (face, claim) cutting all the claims would make; an estimate.
    """

    claims: int
    lon: float
    lat: float
    pairs: float


def deepest(claims: gpd.GeoDataFrame, box: shapely.Polygon) -> Crowd | None:
    """Look for the place where most outlines lie over one another; None if nowhere many do.

    Parameters
    ----------
    claims
        Sorted; clean ground, clipped to the tile.
    box
        The tile. Claims that cover all of it add no outline, but lie over every face.
    """
    drawn = _different(claims.geometry.to_numpy(), box)
    if len(drawn) <= FEW:
        return None
    shapes = claims.geometry.to_numpy()[drawn]
    points = shapely.point_on_surface(shapes[_spread(len(shapes), _PROBES)])
    point, over = shapely.STRtree(shapes).query(points, predicate="intersects")
    depth = np.bincount(point, minlength=len(points))
    if depth.max() <= FEW:
        return None
    stack = claims.iloc[drawn[np.sort(over[point == depth.argmax()])]]
    lon, lat = shapely.get_coordinates(points[depth.argmax()])[0]
    faces, pairs = _grown(stack)
    places = len(drawn) / len(stack)  # as crowded as the deepest one, at most
    everywhere = len(claims) - len(drawn)
    return Crowd(len(stack), float(lon), float(lat), places * (pairs + faces * everywhere))


def _different(shapes: NDArray[np.object_], box: shapely.Polygon) -> NDArray[np.intp]:
    """Rows of shapes that have an outline inside the tile, one of those that have the same."""
    partial = np.flatnonzero(shapely.area(shapes) < box.area)
    if len(partial) <= FEW:
        return partial
    outlines = shapely.to_wkb(shapely.normalize(shapes[partial]))
    _, first = np.unique(outlines, return_index=True)
    return partial[np.sort(first)]


def _grown(stack: gpd.GeoDataFrame) -> tuple[float, float]:
    """Faces and pairs that the claims of a stack would make, from what few and twice as many do."""
    few, twice = (
        composite.build(stack.iloc[_spread(len(stack), size)]) for size in (_SAMPLE, 2 * _SAMPLE)
    )
    doublings = np.log2(len(stack) / (2 * _SAMPLE))
    return (
        len(twice.faces) * (len(twice.faces) / len(few.faces)) ** doublings,
        len(twice.incidence) * (len(twice.incidence) / len(few.incidence)) ** doublings,
    )


def _spread(count: int, wanted: int) -> NDArray[np.intp]:
    """Take `wanted` places among `count`, evenly; all of them if there are not so many."""
    return np.unique(np.linspace(0, count - 1, min(count, wanted)).round().astype(np.intp))
