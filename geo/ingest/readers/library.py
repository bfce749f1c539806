"""What the formats that GDAL reads have in common: a file of our own naming, layers, counts."""

from __future__ import annotations

import math
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from geo.ingest import wkb
from geo.ingest.found import Found, Refusal
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.report import Choice, Offer

DAMAGED = (DataLayerError, DataSourceError, FieldError, GeometryError, UnicodeError, ValueError)


@contextmanager
def folder(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder with these files, under names that are ours, for as long as they are read."""
    with tempfile.TemporaryDirectory() as made:
        for name, content in files.items():
            (Path(made) / name).write_bytes(content)
        yield Path(made)


def layers(path: Path, kind: str) -> list[str]:
    """Names of the layers in a file."""
    try:
        with _quiet():
            return [str(name) for name, _ in pyogrio.list_layers(path)]
    except DAMAGED:
        raise Refusal("damaged", kind=kind) from None


def choose(names: Sequence[str], wanted: str) -> str:
    """The one layer of a file, or the one that was asked for."""
    if not names:
        raise Refusal("layer-none")
    if wanted:
        if wanted not in names:
            raise Refusal("layer-unknown", name=wanted, names=list(names))
        return wanted
    if len(names) > 1:
        choices = tuple(Choice(name, {"layer": name}) for name in names[:20])
        raise Refusal("layers-several", names=list(names), offer=Offer("layer", choices))
    return names[0]


def read(path: Path, names: Sequence[str], kind: str, found: Found, limits: Limits) -> Raw:
    """Layers of a file, one after the other, as one table."""
    columns: dict[str, list[object]] = {}
    geometry: list[bytes | None] = []
    crs: str | None = None
    for name in names:
        meta, wkbs, cells = _layer(path, name, kind, limits)
        crs = crs or meta["crs"]
        before, count = len(geometry), len(wkbs)
        geometry += wkbs
        for column, found_cells in zip(meta["fields"], cells, strict=True):
            told = columns.setdefault(str(column), [None] * before)
            told += [_cell(value) for value in found_cells]
        for column, values in columns.items():
            columns[column] = [*values, *[None] * (before + count - len(values))]
        if len(geometry) > limits.features:
            raise Refusal("too-many-features", number=len(geometry), most=limits.features)
    if len(columns) > limits.columns:
        raise Refusal("too-many-columns", number=len(columns), most=limits.columns)
    numbers = range(1, len(geometry) + 1)
    return Raw(kind, columns, shapes(geometry, found, limits), crs, numbers, (), len(geometry))


def shapes(geometry: Sequence[bytes | None], found: Found, limits: Limits) -> NDArray[np.object_]:
    """Geometries of bytes that were walked before; None where there is none, or it is refused."""
    made = np.full(len(geometry), None, dtype=object)
    left = limits.vertices
    for at, data in enumerate(geometry):
        if data is None:
            continue
        try:
            left -= wkb.corners(bytes(data), left)
            made[at] = shapely.from_wkb(bytes(data))
        except wkb.TooDeepError:
            found.add("geometry-nested", at + 1, number=wkb.MOST_NESTED + 1, most=wkb.MOST_NESTED)
        except (wkb.UnsoundError, shapely.errors.ShapelyError):
            found.add("geometry-damaged", at + 1, kind="WKB")
    return made


def _layer(
    path: Path, name: str, kind: str, limits: Limits
) -> tuple[dict[str, Any], list[bytes | None], list[NDArray[np.object_]]]:
    try:
        with _quiet():
            told = pyogrio.read_info(path, layer=name, force_feature_count=True)["features"]
            meta, _, wkbs, cells = pyogrio.raw.read(
                path, layer=name, datetime_as_string=True, max_features=limits.features + 1
            )
    except DAMAGED:
        raise Refusal("damaged", kind=kind) from None
    count = len(wkbs) if wkbs is not None else len(cells[0]) if len(cells) else 0
    if told > count and count <= limits.features:
        raise Refusal("features-lost", number=int(told), found=count)
    return meta, list(wkbs) if wkbs is not None else [None] * count, list(cells)


@contextmanager
def _quiet() -> Iterator[None]:
    """Warnings of the library tell of metadata; what it cannot read is missing, and then told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _cell(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return value.strip("\0").strip() or None
    if isinstance(value, bytes | memoryview):
        return None
    return value
