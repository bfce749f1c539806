"""What the processes of a run hand to each other, and the folder they fill: whole or not at all.

Claims travel in Arrow files with one batch a tile, so that a tile reads its own and nothing else.
Every file is put in its place in one step: a process that is killed leaves none behind that is
half written, and the one that does its work again writes the same file.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geo.claims import CRS
from geo.errors import TilesError

# The columns of claims that the composite or the rule looks at.
_CLAIM = {
    "claim_id": pa.string(),
    "version": pa.int64(),
    "actor": pa.string(),
    "partners": pa.list_(pa.string()),
    "status": pa.string(),
    "assertion": pa.string(),
    "level": pa.string(),
    "valid_from": pa.timestamp("s"),
    "valid_to": pa.timestamp("s"),
    "date_precision": pa.string(),
    "valid_from_latest": pa.timestamp("s"),
    "valid_to_earliest": pa.timestamp("s"),
    "last_confirmed": pa.timestamp("s"),
    "confirmed_by": pa.list_(pa.string()),
    "reported_on": pa.timestamp("s"),
    "withdrawn_on": pa.timestamp("s"),
    "corrected_on": pa.timestamp("s"),
    "published_on": pa.timestamp("s"),
    "confidence": pa.string(),
    "sources": pa.list_(pa.string()),
}
_LISTS = ("partners", "confirmed_by", "sources")
_GROUND = {"number": pa.int64(), "geometry": pa.large_binary()}

CLAIMS = pa.schema({**_CLAIM, **_GROUND})
LAND = pa.schema(_GROUND)

MADE = "made"

_BLOCK = 2**20  # bytes read at once


def write(path: Path, schema: pa.Schema, frames: Iterable[gpd.GeoDataFrame]) -> None:
    """Write frames indexed by `number`, one batch each."""
    with (
        _in_one_step(path) as for_now,
        pa.OSFile(str(for_now), "wb") as file,
        pa.ipc.new_file(file, schema) as batches,
    ):
        for frame in frames:
            plain = pd.DataFrame(frame.drop(columns="geometry"))
            plain["number"] = frame.index
            plain["geometry"] = shapely.to_wkb(frame.geometry.to_numpy())
            batches.write_batch(
                pa.RecordBatch.from_pandas(plain, schema=schema, preserve_index=False)
            )


def read(path: Path, batch: int) -> gpd.GeoDataFrame:
    """One batch of `write`."""
    with pa.memory_map(str(path)) as file:
        return _frame(pa.ipc.open_file(file).get_batch(batch))


def empty(schema: pa.Schema) -> gpd.GeoDataFrame:
    """What `read` would return of a batch without rows."""
    return _frame(schema.empty_table())


def _frame(batch: pa.RecordBatch | pa.Table) -> gpd.GeoDataFrame:
    plain = batch.to_pandas()
    for column in set(_LISTS) & set(plain):
        plain[column] = [tuple(words) for words in plain[column]]
    ground = shapely.from_wkb(plain["geometry"])
    return gpd.GeoDataFrame(plain, geometry=ground, crs=CRS).set_index("number")


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet."""
    with _in_one_step(path) as for_now:
        table.to_parquet(for_now, index=False, compression="lz4")


def write_arrays(path: Path, **arrays: NDArray[np.generic]) -> None:
    """Write named arrays."""
    with _in_one_step(path) as for_now, for_now.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """What `write_arrays` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


@contextmanager
def arising(folder: Path) -> Iterator[Path]:
    """Give a folder to work in; what lies in its `MADE` becomes `folder` at the end.

    Whatever happens, nothing else is left; only a process that is killed outright leaves the
    working folder behind, a hidden one beside `folder`.

    Raises
    ------
    TilesError
        There is something of that name, or the folder it is to lie in is missing.
    """
    check_free(folder)
    prefix, suffix = f".{folder.name}.", ".partial"
    with tempfile.TemporaryDirectory(
        prefix=prefix, suffix=suffix, dir=folder.parent, ignore_cleanup_errors=True
    ) as for_now:
        work = Path(for_now)
        (work / MADE).mkdir()
        yield work
        check_free(folder)
        (work / MADE).replace(folder)


def check_free(folder: Path) -> None:
    """Raise `TilesError` unless `folder` can be made: nothing has its name, and it has a place."""
    if folder.exists() or folder.is_symlink():
        raise TilesError(f"{folder} is there already. Move it away, or name another folder.")
    if not folder.absolute().parent.is_dir():
        raise TilesError(f"There is no folder {folder.parent} for {folder.name}. Make it first.")


def fingerprint(path: Path) -> str:
    """SHA-256, in hex, of a file; or of the names, sizes and bytes of all files in a folder."""
    digest = hashlib.sha256()
    if path.is_file():
        _feed(digest, path)
        return digest.hexdigest()
    for file in members(path):
        name = file.relative_to(path).as_posix()
        digest.update(f"{name}\0{file.stat().st_size}\0".encode())
        _feed(digest, file)
    return digest.hexdigest()


def members(path: Path) -> list[Path]:
    """The files in a folder, sorted; or the one file itself."""
    return [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())


def _feed(digest: hashlib._Hash, path: Path) -> None:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)


@contextmanager
def _in_one_step(path: Path) -> Iterator[Path]:
    """Give a name to write to, and put what was written in the place of `path`."""
    for_now = path.with_name(f".{uuid4().hex}.{path.name}")
    try:
        yield for_now
        for_now.replace(path)
    finally:
        for_now.unlink(missing_ok=True)
