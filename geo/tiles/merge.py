"""The faces of all tiles as one composite."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import areas
from geo.claims import CRS
from geo.composite import Repair, number_lists
from geo.errors import CompositeError
from geo.tiles.seams import dissolved
from geo.tiles.tile import Ints, Part

_ROUNDING = 1e-9  # of the area of all faces, what adding it up in another order may cost
_CLIPPED_KM2 = 0.01  # less is the grid, not a claim that reaches beyond the units


def merged(
    parts: Sequence[Part], rows: Sequence[Ints]
) -> tuple[gpd.GeoDataFrame, NDArray[np.int32]]:
    """Make one face of all faces that lie in one unit and that the same claims cover.

    Parameters
    ----------
    parts
        The tiles.
    rows
        For each tile, the rows of its claims among all claims.

    Returns
    -------
    tuple
        `Composite.faces` and `Composite.incidence`.

    Raises
    ------
    CompositeError
        The faces do not have the area of the pieces.
    """
    pieces = pd.concat([part.faces for part in parts], ignore_index=True)
    before = np.cumsum([0, *(len(part.faces) for part in parts)])
    piece, claim = np.concatenate(
        [
            np.column_stack([part.incidence[:, 0] + first, row[part.incidence[:, 1]]])
            for part, row, first in zip(parts, rows, before[:-1], strict=True)
        ]
    ).T
    unit = pieces["unit"].to_numpy().astype(np.int64)
    claims_of = number_lists(piece, claim, len(pieces))
    alike = (unit + 1) * (claims_of.max(initial=0) + 1) + claims_of
    # In the order of the ground, so that ids do not depend on how the claims were numbered.
    order = np.argsort(unit, kind="stable")
    _, first, rank = np.unique(alike[order], return_index=True, return_inverse=True)
    face = np.empty(len(pieces), dtype=np.int64)
    face[order] = np.argsort(np.argsort(first))[rank]
    leader = order[np.sort(first)]

    faces = gpd.GeoDataFrame(
        {
            "unit": unit[leader].astype(np.int32),
            "area_km2": areas.sum_by(face, pieces["area_km2"].to_numpy(), len(leader)),
        },
        geometry=dissolved(pieces.geometry.to_numpy(), face),
        crs=CRS,
    ).rename_axis("face_id")[["geometry", "unit", "area_km2"]]
    _check_total(faces)

    number = np.full(len(pieces), -1)
    number[leader] = np.arange(len(leader))
    leads = number[piece] >= 0
    incidence = np.column_stack([number[piece], claim])[leads].astype(np.int32)
    return faces, incidence[np.lexsort(incidence.T[::-1])]


def report(
    claim_ids: Sequence[str],
    repairs: Sequence[Repair],
    *,
    empty: NDArray[np.bool_],
    covered: NDArray[np.bool_],
    left_out_km2: NDArray[np.float64],
) -> tuple[Repair, ...]:
    """Say what was repaired or ignored, as `composite.build` says it.

    Parameters
    ----------
    claim_ids
        (C,) of all claims.
    repairs
        What it took to make their ground fit to be cut.
    empty, covered
        (C,) which claims cover no ground, and which have a face.
    left_out_km2
        (C,) what of each claim lies beyond the units.
    """
    faceless = ~empty & ~covered

    def what(row: int) -> str:
        if not faceless[row]:
            return f"reaches beyond the units: {left_out_km2[row]:.2f} km² left out"
        return "lies outside the units: ignored" if left_out_km2[row] else "is too small: ignored"

    rows: list[int] = np.flatnonzero(faceless | (left_out_km2 > _CLIPPED_KM2)).tolist()
    clipped = [Repair(claim_ids[row], what(row)) for row in rows]
    return tuple(sorted([*repairs, *clipped], key=lambda repair: repair.claim_id))


def _check_total(faces: gpd.GeoDataFrame) -> None:
    """Raise unless the faces have the area of the pieces they were made of."""
    total = float(faces["area_km2"].sum())
    united = float(areas.km2(faces.geometry.to_numpy()).sum())
    if abs(total - united) > _ROUNDING * total:
        raise CompositeError(
            f"The faces have {united:.3f} km², the pieces of all tiles {total:.3f} km². "
            f"This is a fault of the program, not of the claims: report it together with the layer."
        )
