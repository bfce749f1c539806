"""Composites kept on disk under the content they were cut from: the same claims are cut once.

One file a composite: a zip archive of faces (GeoParquet), incidence (npy) and report (JSON),
so that it is replaced in one step and every damaged byte is noticed by its checksum. Losing the
cache costs seconds, so nothing that goes wrong with it is an error.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import platformdirs
import pyarrow as pa
import shapely

from geo.areas import GRID
from geo.claims import CRS, KEY
from geo.composite import Composite, Repair, build

VARIABLE = "MALI_CONTROL_CACHE"  # of the environment: a folder to use in place of the usual one
KEPT = 8  # composites: two or three layers of claims, each with and without an upload or two

# Part of every key: raise it when `composite.build` or this file would make something else of
# the same claims.
_FORMAT = 2
_SUFFIX = ".composite.zip"
_FACES, _INCIDENCE, _REPORT = "faces.parquet", "incidence.npy", "report.json"

# What reading a file that is damaged, or that we did not write, can raise.
_UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
    pa.ArrowException,
    zipfile.BadZipFile,
    zlib.error,
)

_log = logging.getLogger(__name__)


def composite(
    claims: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None = None, *, folder: Path | None = None
) -> Composite:
    """`composite.build(claims, units)`, from disk if it was built there before.

    Parameters
    ----------
    claims, units
        As `composite.build` takes them.
    folder
        Where to keep composites; None: the folder named in the environment as
        `MALI_CONTROL_CACHE`, or else the user's cache folder.
    """
    claims = claims.sort_values(list(KEY), ignore_index=True)
    land = None if units is None else units.to_crs(CRS).reset_index(drop=True)
    path = (folder or _usual_folder()) / f"{key(claims, land)}{_SUFFIX}"
    found = _read(path, claims, land)
    if found is None:
        found = build(claims, land)
        _write(path, found)
    return found


def clear(folder: Path | None = None) -> int:
    """Drop every composite that is kept, whatever it is of; how many there were."""
    found = list((folder or _usual_folder()).glob(f"*{_SUFFIX}"))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def key(claims: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None = None) -> str:
    """SHA-256, in hex, over everything the faces and the incidence depend on."""
    digest = hashlib.sha256(f"{_FORMAT} {GRID} {shapely.geos_version_string}".encode())
    columns = (claims["claim_id"], claims["status"], claims.geometry.to_wkb())
    for claim_id, status, ground in zip(*columns, strict=True):
        digest.update(f"\0claim {claim_id}\0{status}\0{len(ground or b'')}\0".encode())
        digest.update(ground or b"")
    for ground in () if units is None else units.geometry.to_wkb():
        digest.update(f"\0unit {len(ground)}\0".encode())
        digest.update(ground)
    return digest.hexdigest()


def _usual_folder() -> Path:
    named = os.environ.get(VARIABLE)
    return Path(named or platformdirs.user_cache_dir("mali-control-map", appauthor=False))


def _read(path: Path, claims: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None) -> Composite | None:
    """The composite kept in `path`; None if there is none, or none that can be trusted."""
    if not path.is_file():
        return None
    try:
        faces, incidence, report = _unpacked(path)
        _check(faces, incidence, len(claims))
        os.utime(path)  # the oldest by this time are dropped first
    except _UNREADABLE as fault:
        _log.warning("%s is damaged and is made again (%s).", path, fault)
        return None
    land = gpd.GeoDataFrame(geometry=[], crs=CRS) if units is None else units
    return Composite(faces, claims, land, incidence, report)


def _unpacked(path: Path) -> tuple[gpd.GeoDataFrame, np.ndarray, tuple[Repair, ...]]:
    with zipfile.ZipFile(path) as archive:
        faces = gpd.read_parquet(BytesIO(archive.read(_FACES)), use_threads=False)
        incidence = np.load(BytesIO(archive.read(_INCIDENCE)), allow_pickle=False)
        told = json.loads(archive.read(_REPORT))
    incidence.flags.writeable = False
    return faces, incidence, tuple(Repair(claim_id, what) for claim_id, what in told)


def _check(faces: gpd.GeoDataFrame, incidence: np.ndarray, claims: int) -> None:
    """Raise ValueError unless the parts are of the kind and size a composite has."""
    columns = {"geometry": "geometry", "unit": "int32", "area_km2": "float64"}
    if {name: str(kind) for name, kind in faces.dtypes.items()} != columns:
        raise ValueError("other columns")
    if incidence.dtype != np.int32 or incidence.shape[1:] != (2,):
        raise ValueError("another incidence")
    if len(incidence) and not ((incidence >= 0) & (incidence < (len(faces), claims))).all():
        raise ValueError("incidence of other claims")


def _write(path: Path, made: Composite) -> None:
    """Keep `made` in `path`, whole or not at all, and drop the oldest files of the folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name_for_now = tempfile.mkstemp(prefix=".", suffix=_SUFFIX, dir=path.parent)
    except OSError as fault:
        _log.warning("Composites cannot be kept in %s (%s).", path.parent, fault)
        return
    for_now = Path(name_for_now)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_packed(made))
        for_now.replace(path)
        _drop_oldest(path.parent)
    except OSError as fault:
        _log.warning("Composites cannot be kept in %s (%s).", path.parent, fault)
        for_now.unlink(missing_ok=True)


def _packed(made: Composite) -> bytes:
    faces, incidence, archive = BytesIO(), BytesIO(), BytesIO()
    made.faces.to_parquet(faces, compression="zstd")
    np.save(incidence, made.incidence, allow_pickle=False)
    report = json.dumps([[repair.claim_id, repair.what] for repair in made.report])
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(_FACES, faces.getvalue())
        file.writestr(_INCIDENCE, incidence.getvalue(), zipfile.ZIP_DEFLATED)
        file.writestr(_REPORT, report)
    return archive.getvalue()


def _drop_oldest(folder: Path) -> None:
    """Keep the `KEPT` files used last; unfinished ones of a crash grow old like the others."""
    files = [path for path in folder.iterdir() if path.name.endswith(_SUFFIX)]
    for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
        path.unlink(missing_ok=True)
