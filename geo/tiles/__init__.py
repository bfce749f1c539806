"""The composite built tile by tile, for layers that are too large to be cut in one piece.

Which claims cover a ground can be found out for every tile of a map by itself, if claims are
clipped to the tile first, and if the borders of tiles are parallel to the axes and on the grid:
then rounding cannot move them, and areas add up. Faces of several tiles are one face where they
lie in one unit and the same claims cover them; no geometry has to be compared.

`run` does the same with files on many processes, by way of dask, which nothing else here needs.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo import composite
from geo.claims import KEY
from geo.composite import Composite
from geo.tiles import cut, merge, plan, slabs, tile
from geo.tiles.plan import AUTO
from geo.tiles.slabs import Share

__all__ = ["AUTO", "build"]


def build(
    claims: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None = None, *, tiles: int | str = AUTO
) -> Composite:
    """Cut claims into faces as `composite.build` does, one tile after the other.

    Faces and their areas are those of `composite.build`, but for what rounding on the grid does
    where an edge crosses the border of a tile; their ids are not.

    Parameters
    ----------
    claims, units
        As `composite.build` takes them.
    tiles
        How many, or "auto": see `plan.lay`.

    Raises
    ------
    GeometryError, CompositeError
        As `composite.build` raises them.
    TilesError
        `tiles` is neither "auto" nor a number from 1, or too many claims lie on one place.
    """
    claims = claims.sort_values(list(KEY), ignore_index=True)
    land = composite.build(claims.iloc[:0], units).units
    ground, repairs = tile.ground(claims)
    boxes = plan.lay(plan.density(np.concatenate([ground, land.geometry])), tiles)
    if not len(boxes):
        return composite.build(claims, units)
    ids = claims["claim_id"].tolist()
    claimed = cut.by_tile(ground, boxes, ids)
    landed = cut.by_tile(land.geometry.to_numpy(), boxes, land.index.tolist())

    parts, rows = [], []
    covered, left_out = np.zeros(len(claims), dtype=bool), np.zeros(len(claims))
    for number, box in enumerate(boxes):
        row, shape = claimed.of(number)
        here = claims.iloc[row].set_geometry(shape, crs=claims.crs)
        bounded = None if units is None else tile.Land(*landed.of(number))
        for share, part in slabs.parts(Share(here, bounded, box), days=False):
            own = share.claims.index.to_numpy()
            covered[own[part.incidence[:, 1]]] = True
            left_out[own] += part.left_out_km2
            parts.append(part)
            rows.append(own)
    faces, incidence = merge.merged(parts, rows)
    incidence.flags.writeable = False
    report = merge.report(
        ids, repairs, empty=shapely.is_empty(ground), covered=covered, left_out_km2=left_out
    )
    return Composite(faces, claims, land, incidence, report)
