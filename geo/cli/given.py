"""Layers of claims the reader brings: the formats are told by their first bytes, never by name."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo import claims
from geo.cli import texts
from geo.cli.texts import Text
from geo.errors import LayerError

_SQLITE = b"SQLite format 3\0"
_GEOPACKAGE = (b"GPKG", b"GP10", b"GP11")  # application id of the three editions
_APPLICATION_ID = slice(68, 72)  # of the header of an SQLite file

# What each reader raises for bytes that are not what they began like.
_DAMAGED = (
    ArithmeticError,
    AttributeError,
    DataLayerError,
    DataSourceError,
    IndexError,
    KeyError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    pa.ArrowException,
    pyproj.exceptions.ProjError,
    shapely.errors.ShapelyError,
)


def read(paths: Sequence[Path], lang: str) -> gpd.GeoDataFrame:
    """All claims of all layers, as `claims.parse` returns them.

    Raises
    ------
    LayerError, ClaimError
        A file cannot be read, is of another kind, or does not describe claims.
    """
    found: list[gpd.GeoDataFrame] = []
    for path in paths:
        table = _table(path, lang)
        if table.empty:
            raise _refused(texts.LAYER_EMPTY, path, lang)
        try:
            layer = claims.parse(table, layer=str(path))
        except (UnicodeError, pyproj.exceptions.ProjError) as fault:
            raise _refused(texts.LAYER_UNUSABLE, path, lang) from fault
        _check_new(layer, found, path, lang)
        found.append(layer)
    together = gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=claims.CRS)
    return together.sort_values("claim_id", ignore_index=True)


def _check_new(
    layer: gpd.GeoDataFrame, before: list[gpd.GeoDataFrame], path: Path, lang: str
) -> None:
    taken = {claim_id for other in before for claim_id in other["claim_id"]}
    twice = layer["claim_id"][layer["claim_id"].isin(taken)]
    if len(twice):
        raise _refused(texts.CLAIM_TWICE, path, lang, claim_id=twice.iloc[0])


def _table(path: Path, lang: str) -> gpd.GeoDataFrame:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise _refused(texts.LAYER_NOT_READ, path, lang, reason=fault.strerror) from fault
    except ValueError as fault:  # a name with a zero byte
        raise _refused(texts.LAYER_NOT_READ, path, lang, reason=fault) from fault
    kind = _kind(content)
    if kind is None:
        raise _refused(texts.LAYER_UNKNOWN, path, lang)
    try:
        return _READERS[kind](content, path, lang)
    except LayerError:
        raise
    except _DAMAGED as fault:
        raise _refused(texts.LAYER_DAMAGED, path, lang, kind=kind) from fault


def _kind(content: bytes) -> str | None:
    if content.startswith(b"PAR1"):
        return "GeoParquet"
    if content.startswith(_SQLITE) and content[_APPLICATION_ID] in _GEOPACKAGE:
        return "GeoPackage"
    # JSON may be of UTF-8, with or without a mark, or of UTF-16.
    if content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"{"):
        return "GeoJSON"
    return None


def _geojson(content: bytes, path: Path, lang: str) -> gpd.GeoDataFrame:
    document = json.loads(content)
    if document["type"] != "FeatureCollection":
        raise ValueError(document["type"])
    # RFC 7946 knows one CRS only; what was written after its forerunner may name another.
    named = document.get("crs")
    crs = named["properties"]["name"] if named else claims.CRS
    rows: list[Mapping[str, Any]] = []
    shapes = []
    for number, feature in enumerate(document["features"], start=1):
        try:
            rows.append(_known(feature.get("properties") or {}))
            shapes.append(_shape(feature.get("geometry")))
        except _DAMAGED as fault:
            raise _refused(texts.FEATURE_DAMAGED, path, lang, number=number) from fault
    # Column by column: a frame of rows would make numbers of text where a cell is missing.
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def _known(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {c.name: properties[c.name] for c in claims.COLUMNS if c.name in properties}


def _shape(geometry: Mapping[str, Any] | None) -> shapely.Geometry | None:
    return None if geometry is None else shapely.from_geojson(json.dumps(geometry))


def _geopackage(content: bytes, path: Path, lang: str) -> gpd.GeoDataFrame:
    # From a copy: SQLite writes beside a file it opens, and takes it for its own.
    with tempfile.TemporaryDirectory() as for_now, warnings.catch_warnings():
        # Warnings of the library tell of metadata and extensions; what it cannot read is missing
        # in the table, and then told as a repair.
        warnings.simplefilter("ignore", RuntimeWarning)
        copy = Path(for_now) / "layer.gpkg"
        copy.write_bytes(content)
        spatial = [name for name, kind in pyogrio.list_layers(copy) if kind is not None]
        if len(spatial) != 1:
            told = {"count": len(spatial), "names": ", ".join(spatial)}
            raise _refused(texts.LAYERS_INSIDE, path, lang, **told)
        return gpd.read_file(copy, layer=spatial[0])


def _geoparquet(content: bytes, _path: Path, _lang: str) -> gpd.GeoDataFrame:
    return gpd.read_parquet(BytesIO(content))


_READERS: Mapping[str, Callable[[bytes, Path, str], gpd.GeoDataFrame]] = {
    "GeoJSON": _geojson,
    "GeoPackage": _geopackage,
    "GeoParquet": _geoparquet,
}


def _refused(text: Text, path: Path, lang: str, **values: object) -> LayerError:
    return LayerError(text.said(lang, file=path, **values))
