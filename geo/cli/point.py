"""What is said at one point: its face, and the roads that pass near it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import slices
from geo.claims import BASE
from geo.cli import texts
from geo.cli.world import World
from geo.details import ROAD_NEAR
from geo.errors import ViewError
from geo.timeline import COUNTS, LISTED, STEPS, day_number


def face(world: World, lon: float, lat: float) -> int | None:
    """The face at a point; None on ground that no claim of the layers given covers.

    Raises
    ------
    ViewError
        The point lies outside the country.
    """
    found = slices.locate(world.timeline.composite, lon, lat)
    if found is None and world.country:
        swapped = slices.locate(world.timeline.composite, lat, lon) is not None
        hint = texts.SWAPPED if swapped else texts.CHOOSE_INSIDE
        told = texts.POINT_OUTSIDE.said(
            world.lang, lon=lon, lat=lat, hint=hint.said(world.lang, lon=lat, lat=lon)
        )
        raise ViewError(told)
    return found


def roads(world: World, lon: float, lat: float, day: date) -> pd.DataFrame:
    """Claims about roads near a point that are valid on a day, as `slices.explain` gives claims.

    Roads are lines, which cover no face; what is said of them is listed, never decided.
    """
    codes, number = world.timeline.codes, day_number(day)
    near = lines_near(world, lon, lat)
    near = near[(codes.first[near] <= number) & (number < codes.after[near])]
    said = pd.DataFrame(world.claims.drop(columns="geometry").iloc[near].reset_index(drop=True))
    step = codes.step[near]
    said["counts"] = np.isin(step, (COUNTS, LISTED))
    said["step"] = pd.Series([STEPS[code] for code in step], dtype="str")
    return said


def lines_near(world: World, lon: float, lat: float) -> NDArray[np.int64]:
    """Rows of the claims of sieges, blockades and forces on a road or at a point near this one."""
    shapes = world.claims.geometry.to_numpy()
    beside = ~world.claims["status"].isin([*BASE, "influence"]).to_numpy()
    thin = np.isin(shapely.get_dimensions(shapes), (0, 1))
    near = shapely.dwithin(shapes, shapely.Point(lon, lat), ROAD_NEAR)
    return np.flatnonzero(beside & thin & near)


def covering(world: World, at: int | None) -> NDArray[np.int64]:
    """Rows of the claims that cover a face on any day."""
    incidence = world.timeline.composite.incidence
    rows: NDArray[np.int64] = incidence[incidence[:, 0] == at, 1].astype(np.int64)
    return rows
