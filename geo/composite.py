"""Claims cut into faces, once, and which claims cover each face. No rule is in it.

The space-time composite of Langran and Chrisman, "A Framework for Temporal Geographic
Information", Cartographica 25(3), 1988.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import areas
from geo.areas import GRID
from geo.claims import BASE, CRS, KEY
from geo.errors import CompositeError, GeometryError

NO_UNIT = -1

# Rounding a vertex to the grid moves an edge by at most 0.71 of it, and snapping to a vertex of
# another outline by as much again: no claim may gain or lose more than this times its outline.
_SLACK = 2 * GRID
_ROW = 2**28  # more than there are steps of the grid from pole to pole
_KM_PER_DEGREE = 111.32  # at most, on the equator
_ROUNDING = 1e-9  # of an area, what adding millions of floats may cost
_MOST_FACES = 1_000_000  # 2 GB of geometry
_MOST_PAIRS = 20_000_000  # of the incidence: 2 GB while they are sorted
_OUTSIDE = "lies outside the units"
_CLIPPED_KM2 = 0.01  # less is the grid, not a claim that reaches beyond the units

_FAULT = "This is a fault of the program, not of the claims: report it together with the layer."


@dataclass(frozen=True, slots=True)
class Repair:
    """What was repaired in a claim's ground, or ignored, before it was cut."""

    claim_id: str
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class Composite:
    """Ground cut into faces once, and which claims cover each of them.

    Attributes
    ----------
    faces
        GeoDataFrame indexed by `face_id` (0, 1, 2 …): `geometry` (Polygon or
        MultiPolygon, EPSG:4326), `unit` (int32, row of `units`, `NO_UNIT`
        where there are none), `area_km2` (float). Faces never overlap, no two
        have the same unit and the same claims, and together they are the
        units, or the claimed ground where there are no units. Ids hold for
        this composite only.
    claims
        GeoDataFrame, one row a claim, as `claims.parse` returns it.
    units
        GeoDataFrame, RangeIndex, the coverage the faces were clipped to, with
        its own columns; without rows if none was given.
    incidence
        (N, 2) int32, sorted, read-only: incidence[i] = (row of `faces`, row of
        `claims`). Lines and points cover no face.
    report
        What was repaired or ignored, ordered by claim.
    """

    faces: gpd.GeoDataFrame
    claims: gpd.GeoDataFrame
    units: gpd.GeoDataFrame
    incidence: NDArray[np.int32]
    report: tuple[Repair, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """The ground between all outlines, before alike pieces become one face.

    Attributes
    ----------
    shapes
        (P,) Polygons.
    inside
        (P,) a point in each of them.
    km2
        (P,) their area.
    unit
        (P,) int64, row of the units, or `NO_UNIT`.
    piece, claim
        (N,) int64, pairs sorted by both: the claim covers the piece.
    """

    shapes: NDArray[np.object_]
    inside: NDArray[np.object_]
    km2: NDArray[np.float64]
    unit: NDArray[np.int64]
    piece: NDArray[np.int64]
    claim: NDArray[np.int64]


def build(claims: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None = None) -> Composite:
    """Cut `claims` into faces along every outline, and along and within `units`.

    Parameters
    ----------
    claims
        As `claims.parse` returns them; the order of the rows does not matter.
    units
        Polygons that share borders and do not overlap, in any CRS, with any
        columns. None: the faces are the claimed ground only.

    Raises
    ------
    GeometryError
        Ground lies off the Earth, the units overlap or need repair, or the outlines cross so often
        that the faces would not fit into memory.
    CompositeError
        A conservation check failed. No composite is better than a wrong one.
    """
    claims = claims.sort_values(list(KEY), ignore_index=True)
    units = _parse_units(units)
    claimed, repairs = _claimed_ground(claims)
    land = units.geometry.to_numpy()

    chains = _chains(np.concatenate([claimed, land]))
    _check_size(chains, claimed)
    pieces = _label(_cut(chains), claimed, land)
    covered = areas.sum_by(pieces.claim, pieces.km2[pieces.piece], len(claims))
    _check_kept(claims["claim_id"].tolist(), claimed, covered)

    kept = pieces.unit != NO_UNIT
    if len(units):
        tiled = areas.sum_by(pieces.unit[kept], pieces.km2[kept], len(units))
        _check_kept(units.index.tolist(), land, tiled)
    else:
        kept[pieces.piece] = True
    repairs += _clipped(pieces, kept, claims, claimed, land)

    _check_disjoint(pieces.shapes)
    faces, incidence = _merge(pieces, kept)
    _check_total(faces)
    incidence.flags.writeable = False
    report = tuple(sorted(repairs, key=lambda repair: repair.claim_id))
    return Composite(faces, claims, units, incidence, report)


def number_lists(
    group: NDArray[np.int64], member: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Number lists so that two of them have the same number only if they are the same.

    Parameters
    ----------
    group, member
        (N,) each list's members, none negative; the lists one after the other, 0 first.
    count
        How many lists there are, counting empty ones.

    Returns
    -------
    ndarray
        (count,) numbers, not consecutive; 0 for empty lists.

    Notes
    -----
    Walks all lists at once, one member deeper each time, as down a trie. Exact, where a hash could
    collide, and linear in the members.
    """
    size = np.bincount(group, minlength=count)
    first = np.cumsum(size) - size
    base = int(member.max(initial=0)) + 1
    number = np.zeros(count, dtype=np.int64)
    used = 1
    for depth in range(int(size.max(initial=0))):
        deeper = np.flatnonzero(size > depth)
        step = number[deeper] * base + member[first[deeper] + depth]
        rank, distinct = pd.factorize(step)
        number[deeper] = used + rank
        used += len(distinct)
    return number


def _parse_units(units: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    if units is None:
        return gpd.GeoDataFrame(geometry=[], crs=CRS)
    if units.crs is None:
        raise GeometryError("The units have no CRS. Save them again as EPSG:4326 (lon, lat).")
    units = units.to_crs(CRS).reset_index(drop=True)
    if units.active_geometry_name != "geometry":
        units = units.rename_geometry("geometry")
    shapes, repairs = areas.polygons(units.geometry.to_numpy(), [f"Unit {i}" for i in units.index])
    if repairs:
        row, what = repairs[0]
        raise GeometryError(f"Unit {row} {what}. Correct it: borders must not depend on a repair.")
    return units.set_geometry(gpd.GeoSeries(shapes, crs=CRS))


def _claimed_ground(claims: gpd.GeoDataFrame) -> tuple[NDArray[np.object_], tuple[Repair, ...]]:
    """Polygons of each claim, empty where it covers no ground, and what that took."""
    shapes = claims.geometry.to_numpy().copy()
    # A road cut by a blockade or a camp at a point is a symbol, and no fault.
    status = claims["status"].to_numpy()
    symbol = ~np.isin(status, (*BASE, "influence")) & np.isin(
        shapely.get_dimensions(shapes), (0, 1)
    )
    shapes[symbol] = shapely.Polygon()

    ids = claims["claim_id"].tolist()
    claimed, repairs = areas.polygons(shapes, [f"Claim {claim_id!r}" for claim_id in ids])
    return claimed, tuple(Repair(ids[row], what) for row, what in repairs if not symbol[row])


def _check_size(chains: NDArray[np.object_], claimed: NDArray[np.object_]) -> None:
    """Refuse what could not be cut: each crossing makes a face, and each face has its claims."""
    start, end, _ = areas.segments(chains)
    few = min(_MOST_FACES, _MOST_PAIRS / max(len(claimed), 1))
    count, points = areas.crossings(start, end, most=few)
    if count < few:
        return
    over, _ = shapely.STRtree(shapely.points(points)).query(claimed, predicate="contains")
    pairs = count * len(over) / max(len(points), 1)
    if count > _MOST_FACES or pairs > _MOST_PAIRS:
        lon, lat = points[0]
        raise GeometryError(
            f"The outlines cross about {float(f'{count:.1g}'):,.0f} times, for instance near "
            f"longitude {lon:.4f}, latitude {lat:.4f}: the faces between them would not fit into "
            f"memory. Draw claims on the same ground with the same outline, split the layer, or "
            f"use python -m geo build-composite, which cuts it into tiles and days."
        )


def _cut(chains: NDArray[np.object_]) -> NDArray[np.object_]:
    """Polygons between all outlines together."""
    # The grid is what makes it safe: without one, outlines a centimetre apart lose whole faces
    # without a word.
    edges = shapely.get_parts(shapely.unary_union(chains, grid_size=GRID))
    # Cuts and dangles are necks and spikes thinner than the grid, folded onto themselves. A cut
    # that once was the border of more than that shows in the areas: see _check_kept.
    found, _cuts, _dangles, invalid = shapely.polygonize_full(edges)
    if not shapely.is_empty(invalid):
        raise CompositeError(f"Outlines cross where they were to meet. {_FAULT}")
    pieces: NDArray[np.object_] = shapely.get_parts(found)
    return pieces


def _chains(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Every segment of every outline once, whoever drew it, in lines as long as can be.

    Claims redraw the same borders over and over, and noding loose segments takes four times as
    long as noding lines: this is what keeps it cheap.
    """
    # In the order of the shapes themselves, so that lines do not depend on how claims are named.
    _, distinct = np.unique(shapely.to_wkb(shapes), return_index=True)
    start, end, ring = _borders(shapely.get_rings(shapely.get_parts(shapes[distinct])))
    ends = pd.DataFrame({"one": np.minimum(start, end), "other": np.maximum(start, end)})
    new = np.flatnonzero(~ends.duplicated().to_numpy())
    start, end, ring = start[new], end[new], ring[new]

    # A line goes on while a ring goes on being new.
    last = np.flatnonzero(np.append((np.diff(new) > 1) | (np.diff(ring) > 0), True)[: len(new)])
    corner = np.insert(start, last + 1, end[last])
    line = np.repeat(np.arange(len(last)), np.diff(last, prepend=-1) + 1)
    lines: NDArray[np.object_] = shapely.linestrings(_degrees(corner), indices=line)
    return lines


def _borders(
    rings: NDArray[np.object_],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.intp]]:
    """Both ends of every segment that has a length on the grid, and the row of its ring."""
    start, end, ring = areas.segments(rings)
    one, other = _corners(start), _corners(end)
    long = one != other
    return one[long], other[long], ring[long]


def _corners(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number the points of the grid, one number a point."""
    step = np.rint(xy / GRID).astype(np.int64)
    return step[:, 0] * _ROW + step[:, 1]


def _degrees(corner: NDArray[np.int64]) -> NDArray[np.float64]:
    """Longitude and latitude of numbered points of the grid."""
    x, y = np.divmod(corner + _ROW // 2, _ROW)
    return np.column_stack([x, y - _ROW // 2]) / round(1 / GRID)


def _label(
    shapes: NDArray[np.object_], claimed: NDArray[np.object_], land: NDArray[np.object_]
) -> _Pieces:
    """Find the unit and the claims each piece lies in, by a point inside it."""
    inside = _well_inside(shapes)
    tree = shapely.STRtree(inside)
    claim, piece = tree.query(claimed, predicate="contains")
    order = np.lexsort((claim, piece))

    row, placed = tree.query(land, predicate="contains")
    shared = np.bincount(placed, minlength=len(shapes)) > 1
    overlaps = shared & (shapely.area(shapes) > shapely.length(shapes) * _SLACK)
    if overlaps.any():
        lon, lat = shapely.get_coordinates(inside[overlaps])[0]
        raise GeometryError(
            f"Two units overlap at longitude {lon:.4f}, latitude {lat:.4f}. "
            f"Let neighbours share one border, vertex for vertex."
        )
    unit = np.full(len(shapes), NO_UNIT, dtype=np.int64)
    unit[placed[::-1]] = row[::-1]  # of two units that share a sliver, the first has it
    return _Pieces(shapes, inside, areas.km2(shapes), unit, piece[order], claim[order])


def _well_inside(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Find a point in each polygon, farther from its outline than the grid can move one.

    Where a polygon has no such point it is a sliver, and any point will do.
    """
    points: NDArray[np.object_] = shapely.point_on_surface(shapes)
    # A point on the surface may lie in a spike a step of the grid wide, whatever the polygon's
    # size, and so on the other side of the outline as it was drawn.
    doubtful = np.flatnonzero(shapely.dwithin(points, shapely.boundary(shapes), _SLACK))
    triangles, polygon = shapely.get_parts(
        shapely.constrained_delaunay_triangles(shapes[doubtful]), return_index=True
    )
    order = np.lexsort((shapely.area(triangles) / shapely.length(triangles), polygon))
    widest = order[np.append(np.diff(polygon) > 0, True)[: len(order)]]

    corner = shapely.get_coordinates(triangles[widest]).reshape(-1, 4, 2)[:, :3]
    facing = np.linalg.norm(np.roll(corner, 1, axis=1) - np.roll(corner, -1, axis=1), axis=2)
    weight = facing / facing.sum(axis=1, keepdims=True)
    points[doubtful] = shapely.points((corner * weight[:, :, None]).sum(axis=1))  # incentres
    return points


def _check_kept(
    names: Sequence[object], shapes: NDArray[np.object_], pieces_km2: NDArray[np.float64]
) -> None:
    """Raise unless each shape has the area of the pieces it was cut into, but for the grid."""
    lost = np.abs(areas.km2(shapes) - pieces_km2)
    excess = lost - shapely.length(shapes) * _SLACK * _KM_PER_DEGREE**2
    if (excess > 0).any():
        row = int(excess.argmax())
        raise CompositeError(
            f"{lost[row]:.3f} km² of {names[row]!r} were lost or doubled. {_FAULT}"
        )


def _clipped(
    pieces: _Pieces,
    kept: NDArray[np.bool_],
    claims: gpd.GeoDataFrame,
    claimed: NDArray[np.object_],
    land: NDArray[np.object_],
) -> tuple[Repair, ...]:
    """Which claims reach beyond the units, or end up without a face."""
    outside = ~kept[pieces.piece]
    left_out = areas.sum_by(pieces.claim[outside], pieces.km2[pieces.piece[outside]], len(claims))
    faces = np.bincount(pieces.claim[~outside], minlength=len(claims))
    faceless = (faces == 0) & ~shapely.is_empty(claimed)

    def what(row: int) -> str:
        if not faceless[row]:
            return f"reaches beyond the units: {left_out[row]:.2f} km² left out"
        if not left_out[row]:
            return "is too small: ignored"
        swapped = shapely.transform(claimed[row], lambda xy: xy[:, ::-1])
        if shapely.intersects(land, swapped).any():
            return f"{_OUTSIDE}, but inside them with longitude and latitude swapped: ignored"
        return f"{_OUTSIDE}: ignored"

    rows: list[int] = np.flatnonzero(faceless | (left_out > _CLIPPED_KM2)).tolist()
    return tuple(Repair(claims["claim_id"].iloc[row], what(row)) for row in rows)


def _merge(pieces: _Pieces, kept: NDArray[np.bool_]) -> tuple[gpd.GeoDataFrame, NDArray[np.int32]]:
    """Make one face of all kept pieces that lie in one unit and that the same claims cover."""
    # In the order of the ground, so that ids do not depend on how the claims were numbered.
    x, y = shapely.get_coordinates(pieces.inside).T
    order = np.lexsort((y, x, pieces.unit))
    order = order[kept[order]]

    claims_of = number_lists(pieces.piece, pieces.claim, len(pieces.shapes))
    alike = (pieces.unit[order] + 1) * (claims_of.max(initial=0) + 1) + claims_of[order]
    _, first, rank = np.unique(alike, return_index=True, return_inverse=True)
    face = np.argsort(np.argsort(first))[rank]
    leader = order[np.sort(first)]

    faces = gpd.GeoDataFrame(
        {
            "unit": pieces.unit[leader].astype(np.int32),
            "area_km2": areas.sum_by(face, pieces.km2[order], len(leader)),
        },
        geometry=_unite(pieces.shapes[order], face),
        crs=CRS,
    ).rename_axis("face_id")

    number = np.full(len(pieces.shapes), -1)
    number[leader] = np.arange(len(leader))
    pair = number[pieces.piece] >= 0
    incidence = np.column_stack([number[pieces.piece], pieces.claim])[pair].astype(np.int32)
    return faces[["geometry", "unit", "area_km2"]], incidence[np.lexsort(incidence.T[::-1])]


def _unite(shapes: NDArray[np.object_], face: NDArray[np.int64]) -> NDArray[np.object_]:
    """Unite the pieces of each face, faces numbered from 0."""
    size = np.bincount(face)
    first = np.cumsum(size) - size
    sorted_shapes = shapes[np.argsort(face, kind="stable")]
    united: NDArray[np.object_] = sorted_shapes[first]
    for many in np.unique(size[size > 1]):  # all faces of two pieces, of three …
        alike = np.flatnonzero(size == many)
        pieces = sorted_shapes[first[alike, None] + np.arange(many)]
        united[alike] = shapely.coverage_union_all(pieces, axis=1)
    return united


def _check_disjoint(shapes: NDArray[np.object_]) -> None:
    """Raise unless every border lies between at most two polygons, one on each side."""
    start, end, _ = _borders(shapely.get_rings(shapely.orient_polygons(shapes)))
    crossed = int(pd.DataFrame({"start": start, "end": end}).duplicated().sum())
    if crossed:
        raise CompositeError(f"Faces overlap along {crossed} borders. {_FAULT}")


def _check_total(faces: gpd.GeoDataFrame) -> None:
    """Raise unless the faces together have the area of the ground they cover."""
    total = float(faces["area_km2"].sum())
    united = float(areas.km2(shapely.coverage_union_all(faces.geometry.to_numpy())).sum())
    if abs(total - united) > _ROUNDING * total:
        raise CompositeError(
            f"The faces have {total:.3f} km², the ground they cover {united:.3f} km². {_FAULT}"
        )
