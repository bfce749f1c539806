"""GeoParquet: what its footer announces is judged before anything is decoded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geo.ingest.found import Found, Refusal
from geo.ingest.limits import MEGABYTE, Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import library

KIND = "GeoParquet"
_CRS84 = "OGC:CRS84"
_INDEX = "__index_level_"
_DAMAGED = (pa.ArrowException, OSError, ValueError, KeyError, TypeError, OverflowError)


def read(data: bytes, found: Found, limits: Limits) -> Raw:
    """Rows of the one table; without a geometry column, a table like any other."""
    try:
        file = pq.ParquetFile(BytesIO(data))
        _check_footer(file.metadata, limits)
        about = _about(file.schema_arrow.metadata or {})
        table = file.read(use_threads=False)
    except MemoryError:
        raise
    except _DAMAGED:
        raise Refusal("damaged", kind=KIND) from None
    name = about.get("primary_column", "")
    count = table.num_rows
    shapes: NDArray[np.object_] | None = None
    crs: str | None = _CRS84
    if name in table.column_names:
        shapes, crs = _geometry(table.column(name), about["columns"].get(name, {}), found, limits)
    columns = {
        column: [_cell(cell) for cell in table.column(column).to_pylist()]
        for column in table.column_names
        if column != name and not column.startswith(_INDEX) and _plain(table.column(column).type)
    }
    return Raw(KIND, columns, shapes, crs, range(1, count + 1), (), count)


def _check_footer(told: Any, limits: Limits) -> None:  # noqa: ANN401 (pyarrow has no types)
    if told.num_rows > limits.features:
        raise Refusal("too-many-features", number=told.num_rows, most=limits.features)
    if told.num_columns > limits.columns:
        raise Refusal("too-many-columns", number=told.num_columns, most=limits.columns)
    groups = [told.row_group(at) for at in range(min(told.num_row_groups, limits.features))]
    if sum(abs(group.total_byte_size) for group in groups) > limits.unpacked_bytes:
        raise Refusal("archive-unpacked", most=limits.unpacked_bytes / MEGABYTE)
    if sum(group.num_rows for group in groups) != told.num_rows:
        raise Refusal("damaged", kind=KIND)


def _about(metadata: Mapping[bytes, bytes]) -> dict[str, Any]:
    told = json.loads(metadata.get(b"geo", b"{}"))
    if not isinstance(told, dict) or not isinstance(told.get("columns", {}), dict):
        raise ValueError("geo")  # noqa: TRY004 (damaged: see read)
    return {
        "primary_column": str(told.get("primary_column", "")),
        "columns": told.get("columns", {}),
    }


def _geometry(
    column: Any,  # noqa: ANN401
    about: Any,  # noqa: ANN401
    found: Found,
    limits: Limits,
) -> tuple[NDArray[np.object_], str | None]:
    about = about if isinstance(about, dict) else {}
    encoding = str(about.get("encoding", "WKB"))
    if encoding.upper() != "WKB" or not (
        pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)
    ):
        raise Refusal("geometry-packing", found=encoding)
    crs = about.get("crs", _CRS84)
    if isinstance(crs, dict):
        named = crs.get("id") if isinstance(crs.get("id"), dict) else {}
        short = f"{named.get('authority')}:{named.get('code')}" if named else ""
        crs = short if short in {_CRS84, "EPSG:4326"} else json.dumps(crs)
    return library.shapes(column.to_pylist(), found, limits), None if crs is None else str(crs)


def _plain(kind: Any) -> bool:  # noqa: ANN401
    """Whether a column holds cells; boxes and raw bytes say nothing of a claim."""
    return not (pa.types.is_struct(kind) or pa.types.is_binary(kind) or pa.types.is_map(kind))


def _cell(cell: object) -> object:
    if isinstance(cell, float) and not np.isfinite(cell):
        return None
    if isinstance(cell, str):
        return cell.strip() or None
    return cell
