"""One tile cut into faces."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo import areas, composite
from geo.claims import BASE, CRS
from geo.composite import NO_UNIT, Repair

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """The units in a tile.

    Attributes
    ----------
    unit
        (U,) rows of all units.
    shape
        (U,) Polygons or MultiPolygons, clipped to the tile.
    """

    unit: Ints
    shape: NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The faces of one tile.

    Attributes
    ----------
    faces
        GeoDataFrame, RangeIndex: `geometry`, `unit` (int32, row of all units, or `NO_UNIT`) and
        `area_km2`; as in a `Composite`, but of this tile only.
    incidence
        (N, 2) int64, sorted: (row of `faces`, row of the tile's claims).
    left_out_km2
        (C,) of each of the tile's claims, what lies beyond the units.
    """

    faces: gpd.GeoDataFrame
    incidence: Ints
    left_out_km2: NDArray[np.float64]


def ground(claims: gpd.GeoDataFrame) -> tuple[NDArray[np.object_], tuple[Repair, ...]]:
    """Polygons of each claim, empty where it covers no ground, and what that took."""
    shapes = claims.geometry.to_numpy().copy()
    # A road cut by a blockade or a camp at a point is a symbol, and no fault.
    symbol = ~claims["status"].isin((*BASE, "influence")).to_numpy()
    symbol &= np.isin(shapely.get_dimensions(shapes), (0, 1))
    shapes[symbol] = shapely.Polygon()
    ids = claims["claim_id"].tolist()
    clean, repairs = areas.polygons(shapes, [f"Claim {claim_id!r}" for claim_id in ids])
    return clean, tuple(Repair(ids[row], what) for row, what in repairs if not symbol[row])


def faces(claims: gpd.GeoDataFrame, land: Land | None, box: NDArray[np.float64]) -> Part:
    """Cut the claims of one tile into faces.

    Parameters
    ----------
    claims
        Sorted by `claim_id`; clean ground, clipped to the tile.
    land
        The units in the tile; None where faces are not clipped to units.
    box
        (4,) west, south, east and north of the tile.
    """
    if land is None:
        cut = composite.build(claims)
        return Part(cut.faces, cut.incidence.astype(np.int64), np.zeros(len(claims)))

    # The rest of the tile is one more unit: so the ground that is left out is measured, too.
    abroad = shapely.difference(shapely.box(*box), shapely.union_all(land.shape))
    units = [*land.unit.tolist(), NO_UNIT][: len(land.unit) + (abroad.area > 0)]
    shapes = [*land.shape, abroad][: len(units)]
    cut = composite.build(claims, gpd.GeoDataFrame(geometry=shapes, crs=CRS))
    unit = np.array(units)[cut.faces["unit"]]
    kept = unit != NO_UNIT
    face, claim = cut.incidence.astype(np.int64).T
    km2 = cut.faces["area_km2"].to_numpy()[face]
    beyond = ~kept[face]
    number = np.cumsum(kept) - 1
    return Part(
        faces=cut.faces.assign(unit=unit.astype(np.int32))[kept].reset_index(drop=True),
        incidence=np.column_stack([number[face], claim])[~beyond],
        left_out_km2=areas.sum_by(claim[beyond], km2[beyond], len(claims)),
    )
