"""Where a problem lies, as a small piece of GeoJSON for the map."""

from __future__ import annotations

import math
from typing import Any

import shapely

from geo.ingest.report import Geometry

_MOST_CORNERS = 60  # a sketch: what has more is shown by the box around it
_DECIMALS = 4


def place(shape: shapely.Geometry | None) -> Geometry | None:
    """A sketch of a shape in longitude and latitude; None where it has no place on Earth."""
    if shape is None or shape.is_empty:
        return None
    bounds = shape.bounds
    if not all(math.isfinite(edge) for edge in bounds) or max(map(abs, bounds)) > 180:  # noqa: PLR2004
        return None
    if shapely.get_num_coordinates(shape) > _MOST_CORNERS or shapely.get_type_id(shape) > 6:  # noqa: PLR2004
        shape = shapely.box(*bounds)
    told: Any = shapely.geometry.mapping(shapely.force_2d(shape))
    return {"type": told["type"], "coordinates": _rounded(told["coordinates"])}


def _rounded(coordinates: Any) -> Any:  # noqa: ANN401 (numbers, or lists of these)
    if isinstance(coordinates, int | float):
        return round(float(coordinates), _DECIMALS)
    return [_rounded(part) for part in coordinates]
