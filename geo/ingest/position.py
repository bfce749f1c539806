"""Coordinates become longitude and latitude, if it is known what they are in."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.claims import CRS
from geo.ingest import shown
from geo.ingest.answers import Answers
from geo.ingest.found import Found
from geo.ingest.known import Known
from geo.ingest.report import Choice, Offer

# What layers of Mali come in: degrees, the four UTM zones, web maps, and an older survey's degrees.
_LIKELY = ("EPSG:4326", "EPSG:32630", "EPSG:32629", "EPSG:32631", "EPSG:32628", "EPSG:3857")
_MOST = (180.0, 90.0)


def to_degrees(
    shapes: NDArray[np.object_], crs: str | None, answers: Answers, found: Found, known: Known
) -> NDArray[np.object_] | None:
    """Shapes in EPSG:4326; None where it is not known what they are in, which is then asked.

    Coordinates without end are left as they are: they are refused feature by feature.
    """
    said = answers.word("crs") or crs
    sample = _sample(shapes)
    if said is None or (_is_degrees(said) and _beyond(shapes)):
        if answers.word("crs") or sample is None:
            return shapes
        x, y = sample
        offer = Offer("crs", tuple(_choices(shapes, known)))
        found.add(
            "crs-unknown",
            x=round(x, 4),
            y=round(y, 4),
            offer=offer if offer.choices else None,
        )
        return None
    if _is_degrees(said):
        return shapes
    try:
        system = pyproj.CRS.from_user_input(said)
        turned = _turned(shapes, system)
    except (pyproj.exceptions.ProjError, ValueError):
        found.add("crs-unusable", name=said)
        return None
    if not _same_as_degrees(system):
        found.add("reprojected", name=system.name)
    return turned


def _same_as_degrees(system: pyproj.CRS) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bool(system.equals(pyproj.CRS.from_user_input(CRS), ignore_axis_order=True)) or (
            system.to_epsg() in {4326, 4979}
        )


def _is_degrees(said: str) -> bool:
    if said.upper() in {CRS, "OGC:CRS84", "CRS84", "4326"}:
        return True
    try:
        return _same_as_degrees(pyproj.CRS.from_user_input(said))
    except pyproj.exceptions.ProjError:
        return False


def _turned(shapes: NDArray[np.object_], system: pyproj.CRS) -> NDArray[np.object_]:
    turn = pyproj.Transformer.from_crs(system, CRS, always_xy=True, only_best=False)

    def degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))

    flat = shapely.force_2d(shapes)
    turned: NDArray[np.object_] = shapely.transform(flat, degrees)
    return turned


def _finite(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    xy = shapely.get_coordinates(shapes)
    kept: NDArray[np.float64] = xy[np.isfinite(xy).all(axis=1)]
    return kept


def _sample(shapes: NDArray[np.object_]) -> tuple[float, float] | None:
    xy = _finite(shapes)
    return (float(xy[0, 0]), float(xy[0, 1])) if len(xy) else None


def _beyond(shapes: NDArray[np.object_]) -> bool:
    """Whether most coordinates cannot be degrees."""
    xy = _finite(shapes)
    return bool(len(xy)) and float((np.abs(xy) > _MOST).any(axis=1).mean()) > 0.5  # noqa: PLR2004


def _choices(shapes: NDArray[np.object_], known: Known) -> Iterable[Choice]:
    """The systems in which the ground would lie in Mali, with how it would look."""
    xy = _finite(shapes)
    box = shapely.box(*xy.min(axis=0), *xy.max(axis=0))
    for name in _LIKELY:
        if name == CRS and _beyond(shapes):
            continue
        lies = _turned(np.array([box]), pyproj.CRS.from_user_input(name))[0]
        if np.isfinite(shapely.get_coordinates(lies)).all() and lies.intersects(known.outline):
            yield Choice(name, {"crs": name}, place=shown.place(lies))
