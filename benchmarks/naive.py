"""The peer: one day of a map of control the way a notebook makes it, anew for every day.

Filter the claims by the day, dissolve them by actor, overlay what overlaps, overlay the regions,
and measure. Written as fairly as we can: whatever needs no overlay is left out, no two actors are
compared twice, and areas are measured by the engine's own fast function, not in a projection.
"""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import areas
from geo.claims import CRS


def valid_on(claims: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """The claims that hold on `day`."""
    today = pd.Timestamp(day)
    return claims[(claims["valid_from"] <= today) & ~(claims["valid_to"] <= today)]


def states(claims: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """Ground by state on `day`: who controls it alone, what is contested, mere influence.

    Returns
    -------
    GeoDataFrame
        `state`, `actor` (text; "" but under `control`), `geometry`.
    """
    today = valid_on(claims, day)
    held = today.loc[today["status"] == "control", ["actor", "geometry"]]
    holders = held.dissolve("actor", as_index=False)
    disputed = today.loc[today["status"] == "contested"].geometry.to_numpy()

    shapes = holders.geometry.to_numpy()
    one, other = holders.sindex.query(holders.geometry, predicate="intersects")
    rivals = one < other
    both = shapely.intersection(shapes[one[rivals]], shapes[other[rivals]])
    contested = _layer("contested", np.concatenate([both, disputed]))
    control = _overlay(holders, contested[["geometry"]], "difference").assign(state="control")
    influence = _layer("influence", today.loc[today["status"] == "influence"].geometry.to_numpy())
    spoken_for = pd.concat([holders, contested])[["geometry"]]
    influence = _overlay(influence, spoken_for, "difference")
    return pd.concat([control, contested, influence], ignore_index=True)


def table(claims: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, day: date) -> pd.Series:
    """Square kilometres on `day` by `region` (row of `regions`), `state` and `actor`."""
    named = regions.reset_index(names="region")
    cut = _overlay(states(claims, day), named, "intersection")
    cut["area_km2"] = areas.km2(cut.geometry.to_numpy())
    return cut.groupby(["region", "state", "actor"])["area_km2"].sum()


def _overlay(ground: gpd.GeoDataFrame, other: gpd.GeoDataFrame, how: str) -> gpd.GeoDataFrame:
    """Polygons only; said outright, for geopandas warns of the lines and points it drops."""
    return gpd.overlay(ground, other, how=how, keep_geom_type=len(ground) > 0)


def _layer(state: str, shapes: np.ndarray) -> gpd.GeoDataFrame:
    """Everything under one state, as one shape."""
    ground = [shapely.union_all(shapes)] if len(shapes) else []
    return gpd.GeoDataFrame(
        {"state": state, "actor": ""}, geometry=ground, crs=CRS, index=range(len(ground))
    )
