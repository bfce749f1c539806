"""Areas: how many km² a polygon has, and geometry made fit to be cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import GeometryError

GRID = 1e-6  # degrees, about 0.1 m: vertices closer than this are one vertex

# WGS 84: semi-major axis in km, first eccentricity.
_AXIS_KM = 6378.137
_ECCENTRICITY = 0.0066943799901413165**0.5

# Gauss nodes a segment: two are as exact as floats up to a tenth of a degree, and four to 1e-8 even
# for a border drawn with a ruler across the Sahara.
_SHORT, _FEW, _MANY = 0.1, 2, 4

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7  # GEOS type ids
_HALF_GLOBE = 180  # degrees of longitude

# An outline drawn by people crosses itself a few times. Mending one that crosses itself this often
# takes seconds and hundreds of megabytes, and ten times as often a hundred times as much.
_MOST_CROSSINGS = 200_000
_SAMPLES = (1_000, 4_000, 16_000, 64_000)  # segments: the next one if too few of these cross
_ENOUGH = 30  # crossings in a sample, to trust it to a fifth


def km2(geometries: ArrayLike) -> NDArray[np.float64]:
    """Area in km² of each polygon on the WGS 84 ellipsoid, its edges straight in lon/lat.

    Straight in lon/lat is what an edge is in GeoJSON (RFC 7946, section 3.1.1), and what makes
    the measure additive: ground cut in two has the area of its halves, wherever the cut puts
    new vertices, which is true neither of geodesic edges nor of projected ones.

    Parameters
    ----------
    geometries
        (N,) Polygons or MultiPolygons in EPSG:4326; anything else has area 0.

    Notes
    -----
    Line integral of the authalic function q along the outline, by Green's theorem; q is equation
    3-12 of J. P. Snyder, "Map Projections: A Working Manual", USGS Professional Paper 1395
    (1987). Integrated by Gauss-Legendre quadrature on every segment.
    """
    geometries = np.atleast_1d(np.asarray(geometries, dtype=object))
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    start, end, ring = segments(rings)

    south, north = start[:, 1], end[:, 1]
    q = _mean_authalic(south, north, _FEW)
    long = np.abs(north - south) > _SHORT
    q[long] = _mean_authalic(south[long], north[long], _MANY)
    swept = -np.radians(end[:, 0] - start[:, 0]) * q * _AXIS_KM**2 / 2
    return sum_by(owner[part[ring]], swept, len(geometries))


def sum_by(
    group: NDArray[np.integer[Any]], values: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """Sum of `values` in each group 0 … count - 1; 0 where a group is empty."""
    return np.bincount(group, weights=values, minlength=count).astype(np.float64)


def _mean_authalic(
    start: NDArray[np.float64], end: NDArray[np.float64], nodes: int
) -> NDArray[np.float64]:
    """Mean of the authalic function between two latitudes."""
    places, weights = np.polynomial.legendre.leggauss(nodes)
    middle, half = np.radians(start + end) / 2, np.radians(end - start) / 2
    mean = np.zeros(len(start))
    for place, weight in zip(places, weights, strict=True):
        mean += weight / 2 * _authalic(middle + half * place)
    return mean


def _authalic(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    s = _ECCENTRICITY * np.sin(latitude)
    scale: float = (1 - _ECCENTRICITY**2) / _ECCENTRICITY
    return scale * (s / (1 - s**2) + np.arctanh(s))


def segments(
    lines: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Both ends, (N, 2) each, of every segment of `lines`, and the row of the line it is in."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    joined = line[1:] == line[:-1]
    return xy[:-1][joined], xy[1:][joined], line[:-1][joined]


def crossings(
    start: NDArray[np.float64], end: NDArray[np.float64], *, most: float
) -> tuple[float, NDArray[np.float64]]:
    """About how often segments cross each other, and some of the points (P, 2) where they do.

    Counted in a sample, always the same one, that grows until enough of its segments cross, or so
    few that the number is surely below `most`. Of up to a thousand segments it is exact.
    """
    shuffled = np.random.default_rng(0).permutation(len(start))
    count, points = 0.0, np.empty((0, 2))
    for size in _SAMPLES:
        some = shuffled[:size]
        lines = shapely.linestrings(np.stack([start[some], end[some]], axis=1))
        one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
        once = one < other
        share = len(some) / max(len(start), 1)
        hits = int(once.sum())
        count = hits / share**2 if share else 0.0
        points = shapely.get_coordinates(
            shapely.intersection(lines[one[once][:_ENOUGH]], lines[other[once][:_ENOUGH]])
        )
        doubt = hits + 3 * hits**0.5 + 5  # there may be this many, seldom more
        if hits >= _ENOUGH or len(some) == len(start) or doubt < most * share**2:
            break
    return count, points


def polygons(
    geometries: ArrayLike, names: Sequence[str]
) -> tuple[NDArray[np.object_], tuple[tuple[int, str], ...]]:
    """Make every geometry valid flat polygons, and say what that took.

    Parameters
    ----------
    geometries
        (N,) any geometries in EPSG:4326, or None.
    names
        What messages call each of them.

    Returns
    -------
    tuple
        (N,) valid Polygons or MultiPolygons without heights, empty where there is no ground; and
        pairs (row, what was repaired or ignored), ordered by row.

    Raises
    ------
    GeometryError
        A vertex is not on Earth, an edge crosses the 180th meridian, or an outline crosses itself
        more often than can be mended.
    """
    ground = np.array(geometries, dtype=object)
    _check_on_earth(ground, names)
    repairs: list[tuple[int, str]] = []

    def note(rows: NDArray[np.bool_], what: str) -> None:
        repairs.extend((int(row), what) for row in np.flatnonzero(rows))

    kind = shapely.get_type_id(ground)
    polygonal = np.isin(kind, (_POLYGON, _MULTIPOLYGON))
    mixed = kind == _COLLECTION
    note(shapely.is_missing(ground), "has no geometry: ignored")
    note((kind >= 0) & ~polygonal & ~mixed, "is no polygon and covers no ground: ignored")
    note(mixed, "mixes geometries: only its polygons are used")
    ground[mixed] = [_polygons_of(collection) for collection in ground[mixed]]
    ground[~polygonal & ~mixed] = shapely.Polygon()
    _check_edges(ground, names)

    note(shapely.has_z(ground), "has heights: dropped")
    ground = shapely.force_2d(ground)
    broken = ~shapely.is_valid(ground)
    note(broken, "has outlines that cross or overlap: made valid")
    _check_mendable(ground, broken, names)
    # "structure" keeps what reads as ground; the default would punch holes where parts overlap.
    ground[broken] = shapely.make_valid(ground[broken], method="structure", keep_collapsed=False)
    note((polygonal | mixed) & (shapely.area(ground) == 0), "has no area: ignored")
    ground[shapely.area(ground) == 0] = shapely.Polygon()
    return ground, tuple(sorted(repairs, key=lambda repair: repair[0]))


def _check_on_earth(ground: NDArray[np.object_], names: Sequence[str]) -> None:
    xy, owner = shapely.get_coordinates(ground, return_index=True)
    off = ~(np.abs(xy) <= (_HALF_GLOBE, 90)).all(axis=1)  # NaN compares False
    if off.any():
        row = int(np.flatnonzero(off)[0])
        lon, lat = xy[row]
        raise GeometryError(
            f"{names[owner[row]]}: a vertex lies at longitude {lon:g}, latitude {lat:g}. "
            f"Write degrees of EPSG:4326, longitude first."
        )


def _check_edges(ground: NDArray[np.object_], names: Sequence[str]) -> None:
    west, _, east, _ = shapely.bounds(ground).T
    broad = np.flatnonzero(east - west > _HALF_GLOBE)  # no other can have such an edge
    parts, part_owner = shapely.get_parts(ground[broad], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    start, end, ring = segments(rings)
    wide = np.flatnonzero(np.abs(end[:, 0] - start[:, 0]) > _HALF_GLOBE)
    if len(wide):
        row = int(broad[part_owner[part[ring[wide[0]]]]])
        raise GeometryError(
            f"{names[row]}: an edge spans more than half the globe. "
            f"Split the ground at the 180th meridian (RFC 7946, section 3.1.9)."
        )


def _check_mendable(
    ground: NDArray[np.object_], broken: NDArray[np.bool_], names: Sequence[str]
) -> None:
    total = 0.0
    for row in np.flatnonzero(broken):
        start, end, _ = segments(shapely.get_rings(shapely.get_parts(ground[row])))
        count, _ = crossings(start, end, most=_MOST_CROSSINGS)
        total += count
        if total > _MOST_CROSSINGS:
            raise GeometryError(
                f"{names[int(row)]}: its outline crosses itself about {float(f'{count:.1g}'):,.0f} "
                f"times, which is more than can be mended. Draw it again."
            )


def _polygons_of(collection: Any) -> shapely.MultiPolygon:  # noqa: ANN401 (shapely has no types)
    parts = shapely.get_parts(collection)
    while (shapely.get_type_id(parts) > _POLYGON).any():  # collections may be nested
        parts = shapely.get_parts(parts)
    return shapely.MultiPolygon(list(parts[shapely.get_type_id(parts) == _POLYGON]))
