"""Ground cut along the borders of tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import areas
from geo.errors import CompositeError

_ROUNDING = 1e-7  # of an area, what cutting its outline may change: see areas.km2
_KM2 = 1e-6  # and of the smallest ones

_POLYGON, _COLLECTION = 3, 7  # GEOS type ids


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What of each shape lies in each tile: sorted by tile and shape.

    Attributes
    ----------
    tile, row
        (N,) the tile, and the row of the shape.
    shape
        (N,) Polygons and MultiPolygons: the part of the shape that lies in the tile.
    """

    tile: NDArray[np.int64]
    row: NDArray[np.int64]
    shape: NDArray[np.object_]

    def of(self, tile: int) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """Rows and shapes of the pieces in one tile."""
        own = slice(*np.searchsorted(self.tile, (tile, tile + 1)))
        return self.row[own], self.shape[own]


def by_tile(
    shapes: NDArray[np.object_], boxes: NDArray[np.float64], names: Sequence[object]
) -> Pieces:
    """Cut `shapes` along the borders of the tiles.

    Parameters
    ----------
    shapes
        (N,) valid Polygons or MultiPolygons, some perhaps empty, all within the tiles.
    boxes
        (T, 4) as `plan.lay` returns them.
    names
        What messages call the shapes.

    Raises
    ------
    CompositeError
        The pieces of a shape do not have its area.
    """
    tiles = shapely.box(*boxes.T)
    row, tile = shapely.STRtree(tiles).query(shapes, predicate="intersects")
    bounds = shapely.bounds(shapes)[row]
    whole = (bounds[:, :2] >= boxes[tile, :2]).all(axis=1)
    whole &= (bounds[:, 2:] <= boxes[tile, 2:]).all(axis=1)

    pieces = shapes[row]
    pieces[~whole] = _polygonal(shapely.intersection(pieces[~whole], tiles[tile[~whole]]))
    _check_whole(shapes, row, pieces, names)
    ground = shapely.area(pieces) > 0  # not those that only touch
    tile, row, pieces = tile[ground], row[ground], pieces[ground]
    order = np.lexsort((row, tile))
    return Pieces(tile[order], row[order], pieces[order])


def _polygonal(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Drop the lines and points along which a shape touches its tile."""
    mixed = shapely.get_type_id(shapes) == _COLLECTION
    parts, owner = shapely.get_parts(shapes[mixed], return_index=True)
    polygon = shapely.get_type_id(parts) == _POLYGON
    shapes[mixed] = shapely.multipolygons(
        parts[polygon], indices=owner[polygon], out=np.full(mixed.sum(), shapely.MultiPolygon())
    )
    return shapes


def _check_whole(
    shapes: NDArray[np.object_],
    row: NDArray[np.int64],
    pieces: NDArray[np.object_],
    names: Sequence[object],
) -> None:
    """Raise unless the pieces of each shape that was cut have its area."""
    count = np.bincount(row, minlength=len(shapes))
    was_cut, some = np.flatnonzero(count > 1), count[row] > 1
    before = areas.km2(shapes[was_cut])
    place = np.searchsorted(was_cut, row[some])
    lost = np.abs(before - areas.sum_by(place, areas.km2(pieces[some]), len(was_cut)))
    excess = lost - (before * _ROUNDING + _KM2)
    if (excess > 0).any():
        worst = int(excess.argmax())
        raise CompositeError(
            f"{lost[worst]:.6f} km² of {names[was_cut[worst]]!r} were lost or doubled between "
            f"tiles. This is a fault of the program, not of the claims: report it together with "
            f"the layer."
        )
