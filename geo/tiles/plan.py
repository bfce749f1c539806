"""Where the tiles lie: boxes that share out the ground so that each has about as much to cut."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.areas import GRID
from geo.errors import TilesError

AUTO = "auto"

# Steps of the grid from one possible border of a tile to the next: a hundredth of a degree, about
# 1 km. What matters is that borders are parallel to the axes and on the grid of the composite:
# then a vertex put on one by rounding does not move it.
CELL = 10_000

# Vertices of outlines in one tile, at most, where tiles are chosen by themselves. Measured: see
# docs/scale.md. Smaller tiles cut more claims in two, larger ones have more crossings to find.
PER_TILE = 100_000

_STEPS = round(1 / GRID)  # of the grid to a degree
_ROWS = 2**16  # more rows of cells than there are between the poles: 18,000
_EARTH = np.array([-180.0, -90.0, 180.0, 90.0])

_Box = tuple[int, int, int, int]  # west, south, east, north, in cells
_Leaf = tuple[int, _Box, NDArray[np.intp]]  # minus its vertices, where it lies, its cells


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """How many vertices of outlines lie where.

    Attributes
    ----------
    cell
        (N, 2) int64, column and row of every cell with a vertex, each once, sorted.
    vertices
        (N,) int64, how many lie in it.
    """

    cell: NDArray[np.int64]
    vertices: NDArray[np.int64]


def density(shapes: ArrayLike) -> Density:
    """Count the vertices of `shapes` by cell."""
    xy = shapely.get_coordinates(shapes)
    # Not rounded to the grid: no vertex may lie outside the outermost cells, however little.
    column, row = (np.floor(xy / GRID).astype(np.int64) // CELL).T
    # One number a cell, because numpy sorts numbers ten times faster than rows.
    cell, vertices = np.unique(column * _ROWS + row, return_counts=True)
    column, row = np.divmod(cell + _ROWS // 2, _ROWS)
    return Density(np.column_stack([column, row - _ROWS // 2]), vertices)


def total(densities: Iterable[Density]) -> Density:
    """Add up several counts."""
    every = [Density(np.empty((0, 2), np.int64), np.empty(0, np.int64)), *densities]
    cell, place = np.unique(np.concatenate([d.cell for d in every]), axis=0, return_inverse=True)
    vertices = np.concatenate([d.vertices for d in every])
    counted = np.bincount(place, weights=vertices, minlength=len(cell))
    return Density(cell, counted.astype(np.int64))


def lay(where: Density, tiles: int | str = AUTO) -> NDArray[np.float64]:
    """Lay tiles over all vertices, smaller where there are more: a k-d tree of halves.

    Parameters
    ----------
    where
        The vertices of everything that is to be cut.
    tiles
        How many; fewer where there are not enough cells. "auto": as many as it takes for none to
        have more than `PER_TILE` vertices.

    Returns
    -------
    ndarray
        (T, 4) west, south, east, north in degrees, sorted: boxes that fill the whole rectangle
        around the vertices, and do not overlap. None where there is no vertex.

    Raises
    ------
    TilesError
        `tiles` is neither "auto" nor a number from 1.
    """
    wanted = _number(tiles)
    if not len(where.cell):
        return np.empty((0, 4))
    (west, south), (east, north) = where.cell.min(axis=0), where.cell.max(axis=0) + 1
    root = (int(west), int(south), int(east), int(north))
    leaves: list[_Leaf] = [(-int(where.vertices.sum()), root, np.arange(len(where.cell)))]
    whole: list[_Box] = []  # of one cell: nothing to halve
    while leaves and _more(wanted, len(leaves) + len(whole), heaviest=-leaves[0][0]):
        leaf = heapq.heappop(leaves)
        both = _halves(where, leaf)
        for half in both:
            heapq.heappush(leaves, half)
        if not both:
            whole.append(leaf[1])
    return _degrees(sorted(whole + [box for _, box, _ in leaves]))


def halves(where: Density, box: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut one tile in two: (2, 4) as `lay` returns them; none where there is only one cell."""
    west, south, east, north = np.rint(box * _STEPS / CELL).astype(int).tolist()
    # A vertex on the eastern or northern border lies in the next cell.
    within = Density(np.clip(where.cell, (west, south), (east - 1, north - 1)), where.vertices)
    leaf = (-int(where.vertices.sum()), (west, south, east, north), np.arange(len(where.cell)))
    return _degrees([half for _, half, _ in _halves(within, leaf)])


def _degrees(boxes: list[_Box]) -> NDArray[np.float64]:
    degrees = np.array(boxes, dtype=np.int64).reshape(-1, 4) * CELL / _STEPS
    return np.clip(degrees, _EARTH[[0, 1, 0, 1]], _EARTH[[2, 3, 2, 3]])


def _number(tiles: int | str) -> int | None:
    """How many tiles are asked for; None: as many as it takes."""
    if tiles == AUTO:
        return None
    if isinstance(tiles, int) and tiles >= 1:
        return tiles
    raise TilesError(f'The number of tiles is {tiles!r}. Write a whole number from 1, or "{AUTO}".')


def _more(wanted: int | None, there: int, *, heaviest: int) -> bool:
    return heaviest > PER_TILE if wanted is None else there < wanted


def _halves(where: Density, leaf: _Leaf) -> list[_Leaf]:
    """Cut a tile where it leaves about half the vertices on either side; [] if it cannot be."""
    _, box, rows = leaf
    extent = np.ptp(where.cell[rows], axis=0)
    if not extent.any():
        return []
    axis = int(extent[1] > extent[0])  # across the longer side
    rows = rows[np.argsort(where.cell[rows, axis], kind="stable")]
    place, upto = where.cell[rows, axis], np.cumsum(where.vertices[rows])
    ends = np.flatnonzero(np.diff(place))
    end = ends[np.argmin(np.abs(upto[ends] - upto[-1] / 2))]
    border = int(place[end + 1])

    before, after = list(box), list(box)
    before[axis + 2] = after[axis] = border
    return [
        (-int(where.vertices[half].sum()), (side[0], side[1], side[2], side[3]), half)
        for side, half in ((before, rows[: end + 1]), (after, rows[end + 1 :]))
    ]
