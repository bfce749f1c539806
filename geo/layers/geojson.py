"""GeoJSON (RFC 7946) as this project keeps it: one feature a line, so that changes can be read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyogrio.errors import DataSourceError

from geo.errors import LayerError
from geo.layers import folder

DECIMALS = 6  # of a degree: the grid of the composite; most ground has four of its own accord


def features(frame: gpd.GeoDataFrame) -> list[str]:
    """Every row as one line of GeoJSON; all columns but the geometry become properties.

    Lists are joined by one space, `aliases` by `|`; what is unknown is null.
    """
    names = [name for name in frame.columns if name != frame.geometry.name]
    columns = [[_value(name, cell) for cell in frame[name].tolist()] for name in names]
    shapes = frame.geometry.to_numpy()
    return [
        _dumped(
            {
                "type": "Feature",
                "properties": dict(zip(names, cells, strict=True)),
                "geometry": _shape(shape),
            }
        )
        for shape, *cells in zip(shapes, *columns, strict=True)
    ]


def collection(head: Mapping[str, str], lines: Iterable[str]) -> bytes:
    """A FeatureCollection of `lines` as `features` makes them, with the members of `head`."""
    opening = _dumped({"type": "FeatureCollection", **head})[:-1]
    body = ",\n".join(lines)
    return f'{opening},"features":[\n{body}\n]}}\n'.encode()


def read(files: Mapping[str, bytes], name: str, columns: Iterable[str]) -> gpd.GeoDataFrame:
    """A layer with at least `columns`; days stay text, absent text is None."""
    try:
        # GDAL would turn text that looks like days into days, or not, as the other rows are.
        frame = gpd.read_file(BytesIO(files[name]), DATE_AS_STRING="YES")
    except DataSourceError as fault:
        raise LayerError(f"{name} is no longer GeoJSON. {folder.remedy(name)}") from fault
    for column in (*columns, "geometry"):
        if column not in frame.columns:
            raise LayerError(f"{name} has no {column!r}. {folder.remedy(name)}")
    if frame.geometry.isna().any() or not shapely.is_valid(frame.geometry.to_numpy()).all():
        raise LayerError(f"{name} has a damaged shape. {folder.remedy(name)}")
    return frame


def _value(name: str, cell: Any) -> Any:  # noqa: ANN401 (a cell of any column)
    if isinstance(cell, tuple):
        cell = ("|" if name == "aliases" else " ").join(cell)
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    if cell is pd.NA or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _shape(shape: shapely.Geometry) -> dict[str, Any]:
    mapping = shapely.geometry.mapping(shape)
    return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}


def _rounded(coordinates: Any) -> Any:  # noqa: ANN401 (nested as deep as the geometry)
    if isinstance(coordinates, float):
        return round(coordinates, DECIMALS) + 0.0  # no -0.0
    return [_rounded(inner) for inner in coordinates]


def _dumped(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
