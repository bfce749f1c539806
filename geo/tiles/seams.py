"""Ground that tiles cut apart, put together again."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.areas import GRID

_SPAN = 2**30  # more steps of the grid than there are around the Earth: 360 million


def dissolved(shapes: NDArray[np.object_], face: NDArray[np.int64]) -> NDArray[np.object_]:
    """Unite the pieces of each face across the borders of tiles.

    For looking at them: areas add up without.

    Parameters
    ----------
    shapes
        (N,) Polygons or MultiPolygons on the grid, the faces of several tiles.
    face
        (N,) the face each of them is a piece of, numbered from 0 without gaps.

    Returns
    -------
    ndarray
        (F,) one Polygon or MultiPolygon a face, in the order of the numbers. If each tile's pieces
        are a coverage, the faces are one, too: neighbours share every vertex.
    """
    order = np.argsort(face, kind="stable")
    size = np.bincount(face)
    first = np.cumsum(size) - size
    sewn = _sewn(shapes)[order]
    united: NDArray[np.object_] = sewn[first]
    for row in np.flatnonzero(size > 1):
        united[row] = shapely.coverage_union_all(sewn[first[row] : first[row] + size[row]])
    return united


def _sewn(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give both sides of a border the same vertices.

    Two tiles are cut without knowing of each other, so that on their border one may have vertices
    that the other has not. Such a border is parallel to an axis and on the grid, therefore a
    vertex that lies on it lies on it exactly, and may be put in without moving anything.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    kind, xy, (rings, polygons) = shapely.to_ragged_array(parts)
    before, new = _missing(xy, rings)
    shift = np.searchsorted(before, rings, side="left")
    xy = np.insert(xy, before, new, axis=0)
    parts = shapely.from_ragged_array(kind, xy, (rings + shift, polygons))
    sewn: NDArray[np.object_] = shapely.multipolygons(parts, indices=owner)
    alone = np.bincount(owner)[owner] == 1
    sewn[owner[alone]] = parts[alone]
    return sewn


def _missing(
    xy: NDArray[np.float64], rings: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find vertices to put into segments they lie on: before which one, and where each lies."""
    steps = np.rint(xy / GRID).astype(np.int64)
    segment = np.ones(len(xy), dtype=bool)
    segment[rings[1:] - 1] = False  # the last vertex of a ring begins none
    found = [_missing_along(steps, np.flatnonzero(segment), axis) for axis in (0, 1)]
    before, vertex = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(before, kind="stable")
    return before[order], xy[vertex[order]]


def _missing_along(
    steps: NDArray[np.int64], start: NDArray[np.intp], axis: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of segments along which coordinate `axis` stays the same: before which vertex, and which."""
    start = start[steps[start, axis] == steps[start + 1, axis]]
    line = steps[:, axis] * _SPAN + steps[:, 1 - axis]  # sorts by line, then along it
    near = np.flatnonzero(np.isin(steps[:, axis], steps[start, axis]))
    key, place = np.unique(line[near], return_index=True)
    a, b = line[start], line[start + 1]
    lo = np.searchsorted(key, np.minimum(a, b), side="right")
    hi = np.searchsorted(key, np.maximum(a, b), side="left")

    count = np.maximum(hi - lo, 0)  # a vertex twice in a row is a segment without length
    row = np.repeat(np.arange(len(start)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    forward = a[row] < b[row]
    along = np.where(forward, lo[row] + nth, hi[row] - 1 - nth)
    return start[row] + 1, near[place[along]]
