"""Shapes become ground that can be cut: each fault mended and said, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import areas, ground
from geo.ingest import shown
from geo.ingest.answers import Answers
from geo.ingest.found import Found
from geo.ingest.known import Known
from geo.ingest.report import Choice, Offer
from geo.places import DEFAULT_RADIUS_KM

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7  # GEOS type ids
_POINTS = (0, 4)
_HALF_GLOBE = 180.0
_MOST_CROSSINGS = 20_000  # of one outline; the engine bears more, but nobody draws more
_MOST_IN_ALL = 100_000
_COVERS = ("control", "contested", "shared", "influence")  # what needs ground
_TINY_KM2 = 1e-4  # ten metres square
_TINY_DEGREES = 1e-7  # square: what may be so small anywhere


def flat(
    shapes: NDArray[np.object_], numbers: Sequence[int], lines: Sequence[int], found: Found
) -> NDArray[np.object_]:
    """Shapes without heights; None in place of those whose coordinates cannot be used as they are.

    Empty shapes and coordinates without end are refused here, before anything is computed.
    """
    shapes = shapes.copy()
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    endless = set(row[~np.isfinite(xy).all(axis=1)].tolist())
    kinds = shapely.get_type_id(shapes)
    for at, number in enumerate(numbers):
        line = lines[at] if lines else 0
        if kinds[at] < 0:
            continue
        if at in endless:
            found.add("coordinates-endless", number, line=line)
        elif kinds[at] > _COLLECTION:
            found.add("geometry-damaged", number, line=line, kind="curves")
        elif shapely.is_empty(shapes[at]):
            found.add("geometry-empty", number, line=line)
        else:
            if shapely.has_z(shapes[at]) and _high(shapes[at]):
                found.add("heights-dropped", number, line=line)
            continue
        shapes[at] = None
    return np.asarray(shapely.force_2d(shapes))


def _high(shape: shapely.Geometry) -> bool:
    """Whether any height says something: some formats write 0 everywhere."""
    heights = shapely.get_coordinates(shape, include_z=True)[:, 2]
    return bool((np.nan_to_num(heights) != 0).any())


class Mender:
    """Makes one shape after the other fit, within what mending may cost in all."""

    def __init__(self, known: Known, answers: Answers, found: Found) -> None:
        """Begin with nothing mended."""
        self._known, self._answers, self._found = known, answers, found
        self._crossings = 0.0
        shapely.prepare(known.outline)

    def mend(
        self, shape: shapely.Geometry, status: str, radius_km: float | None, number: int, line: int
    ) -> shapely.Geometry | None:
        """The shape as ground for a claim of a status; None where it is refused."""
        if not self._on_earth(shape, number, line):
            return None
        shape = self._placed(shape, number, line)
        kind = shapely.get_type_id(shape)
        covers = status in _COVERS
        if kind == _COLLECTION and _has_polygons(shape):
            self._found.add("collection-polygons", number, line=line)
            shape = _polygons(shape)
            kind = shapely.get_type_id(shape)
        if kind in (_POLYGON, _MULTIPOLYGON):
            return self._valid(shape, number, line)
        if not covers:
            return shape
        if kind in _POINTS:
            return self._disc(shape, radius_km, number, line)
        self._refuse("line-without-ground", shape, number, line, status=status)
        return None

    def _refuse(
        self,
        rule: str,
        shape: shapely.Geometry,
        feature: int,
        line: int,
        **values: Any,  # noqa: ANN401
    ) -> None:
        self._found.add(rule, feature, line=line, shape=shape, **values)

    def _on_earth(self, shape: shapely.Geometry, number: int, line: int) -> bool:
        xy = shapely.get_coordinates(shape)
        off = ~(np.abs(xy) <= (_HALF_GLOBE, 90)).all(axis=1)
        if off.any():
            x, y = (round(float(part), 6) for part in xy[off][0])
            self._found.add("coordinates-off-earth", number, line=line, x=x, y=y, alike="")
            return False
        west, _, east, _ = shape.bounds
        if east - west > _HALF_GLOBE:
            start, end, _ = areas.segments(np.atleast_1d(_edges(shape)))
            if (np.abs(end[:, 0] - start[:, 0]) > _HALF_GLOBE).any():
                self._refuse("edge-too-wide", shape, number, line)
                return False
        return True

    def _placed(self, shape: shapely.Geometry, number: int, line: int) -> shapely.Geometry:
        """Ask about ground outside Mali; turned only where the reader said so."""
        outline = self._known.outline
        if shapely.intersects(outline, shape):
            return shape
        turned = shapely.transform(shape, lambda xy: xy[:, ::-1])
        inside = shapely.intersects(outline, turned)
        if inside and self._answers.word("axes") == "swap":
            return turned
        if inside and not self._answers.word("axes"):
            swap = Choice("swap", {"axes": "swap"}, place=shown.place(turned))
            keep = Choice("keep", {"axes": "keep"}, place=shown.place(shape))
            self._found.add(
                "axes-swapped",
                number,
                line=line,
                shape=turned,
                offer=Offer("axes", (swap, keep)),
            )
        elif not inside and not self._answers.word("outside"):
            keep = Choice("keep", {"outside": "keep"})
            offer = Offer("keep", (keep,))
            self._found.add("outside", number, line=line, shape=shape, offer=offer)
        return shape

    def _valid(self, shape: shapely.Geometry, number: int, line: int) -> shapely.Geometry | None:
        if not shapely.is_valid(shape):
            start, end, _ = areas.segments(shapely.get_rings(shapely.get_parts(shape)))
            count, _ = areas.crossings(start, end, most=_MOST_CROSSINGS)
            self._crossings += count
            if count > _MOST_CROSSINGS or self._crossings > _MOST_IN_ALL:
                about = float(f"{count:.1g}")
                self._refuse("crossings-too-many", shape, number, line, number=about)
                return None
            # "structure" keeps what reads as ground; the default punches holes where parts overlap.
            shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
            if not shape.area:
                self._found.add("area-none", number, line=line)
                return None
            after = round(_area(shape), 2)
            self._found.add("made-valid", number, line=line, shape=shape, after=after)
        if not shape.area:
            self._found.add("area-none", number, line=line, shape=shape)
            return None
        if shape.area < _TINY_DEGREES and _area(shape) < _TINY_KM2:
            self._refuse("tiny", shape, number, line, after=round(_area(shape), 7))
        return shape

    def _disc(
        self, shape: shapely.Geometry, radius_km: float | None, number: int, line: int
    ) -> shapely.Geometry:
        km = radius_km or DEFAULT_RADIUS_KM
        if radius_km is None:
            self._found.add("point-disc", number, line=line, shape=shape, number=DEFAULT_RADIUS_KM)
        outline = self._known.outline
        discs = []
        for lon, lat in shapely.get_coordinates(shape):
            inside = shapely.contains_xy(outline, lon, lat)
            limit = outline if inside else shapely.box(-180, -90, 180, 90)
            discs.append(ground.disc(float(lon), float(lat), km, limit))
        return discs[0] if len(discs) == 1 else shapely.union_all(discs)


def _area(shape: shapely.Geometry) -> float:
    return float(areas.km2([shape])[0])


def _edges(shape: shapely.Geometry) -> NDArray[np.object_]:
    parts = _parts(shape)
    polygons = shapely.get_type_id(parts) == _POLYGON
    rings = shapely.get_rings(parts[polygons])
    return np.concatenate([rings, parts[~polygons]])


def _parts(shape: shapely.Geometry) -> NDArray[np.object_]:
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) > _POLYGON).any():
        parts = shapely.get_parts(parts)
    return np.asarray(parts)


def _has_polygons(shape: shapely.Geometry) -> bool:
    return bool((shapely.get_type_id(_parts(shape)) == _POLYGON).any())


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a collection that has some."""
    parts = _parts(shape)
    kept = parts[shapely.get_type_id(parts) == _POLYGON]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(list(kept))
