"""Claims and front lines drawn by a seeded hand: as many as one likes, and always the same ones.

They say nothing of Mali: the actors are letters, only the regions are real. The more claims there
are, the smaller each of them is, so that about as many lie over any point however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo import claims, layers

SEED = 7
ACTORS = tuple("ABCDEFGH")
_ACTIVITY = (0.34, 0.24, 0.12, 0.12, 0.06, 0.06, 0.04, 0.02)
STATUSES = ("control", "contested", "influence")
_FREQUENCY = (0.70, 0.15, 0.15)
KINDS = ("unit", "front", "drawn")  # a unit, a front drawn again and again, an area drawn once
_MIX = (0.3, 0.4, 0.3)

FIRST_DAY = np.datetime64("2012-01-17")
DAYS = 4_700
_LASTING = 0.08  # of the claims: no end known
_WEST, _SOUTH, _EAST, _NORTH = -12.3, 10.1, 4.3, 25.0
# Most that is said is said of the same few parts of the country.
_HOT = np.array(
    [(-3.5, 14.5), (0, 16.3), (1.4, 18.4), (-4, 17), (-7, 13), (-3, 16.7), (2.4, 15.9), (-9, 14.5)]
)
_AT_HOT, _AROUND = 0.6, 0.8  # of the claims; degrees
_FEW = 300  # with so many claims, a drawn one has a median radius of _RADIUS degrees
_RADIUS = 0.28

FRONT_DAYS = 700
_FRONT_CORNERS, _FRONT_DEPTH = 13, 8  # 13 * 2**8 = 3,328 vertices on the first day
_FRONT_PLACES = 12  # along the front, where most of what changes does
_FRONT_EDITS = 2.2  # a day

Drawing = tuple[shapely.Polygon, int, int]  # ground, first day, day after the last


def regions() -> gpd.GeoDataFrame:
    """The regions of Mali as they were in 2012: ground that is cut and counted by."""
    return layers.load().regions["2012"][["geometry"]].reset_index(drop=True)


def claims_of(count: int) -> gpd.GeoDataFrame:
    """`count` claims of the years 2012 to 2024, as `claims.parse` returns them.

    All have the same level and confidence, and each a source of its own: the steps of the rule
    that a notebook leaves out find nothing to set aside, and every way of asking must answer alike.
    """
    rng = np.random.default_rng(SEED)
    shrink = (_FEW / count) ** 0.5
    units = shapely.STRtree(_units(count // 5, rng))
    drawings: list[Drawing] = []
    stories: list[int] = []
    while len(drawings) < count:
        story = list(_story(rng, shrink, units))
        stories += [len(story)]
        drawings += story
    grounds, first, after = zip(*drawings[:count], strict=True)
    teller = np.repeat(np.arange(len(stories)), stories)[:count]
    return _parsed(
        grounds,
        np.array(first),
        np.where(rng.random(count) < _LASTING, -1, after),
        actor=rng.choice(ACTORS, len(stories), p=_ACTIVITY)[teller],
        status=rng.choice(STATUSES, len(stories), p=_FREQUENCY)[teller],
    )


def front_lines(days: int = FRONT_DAYS) -> gpd.GeoDataFrame:
    """One claim a day: the ground behind a front line, published anew in full every day.

    A day's line has some 3,000 vertices, those of the day before but where something changed.
    """
    rng = np.random.default_rng(SEED)
    angle = np.linspace(0, 2 * np.pi, _FRONT_CORNERS + 1)
    ring = np.array([-3.0, 16.5]) + 2 * np.column_stack([np.cos(angle), np.sin(angle)])
    chain = _crooked(np.stack([ring[:-1], ring[1:]], axis=1), rng, _FRONT_DEPTH, 0.08)
    ground = _largest(shapely.make_valid(shapely.Polygon(chain[:, :-1].reshape(-1, 2))))
    places = rng.random(_FRONT_PLACES)
    grounds = []
    for _ in range(days):
        grounds.append(ground)
        for _ in range(rng.poisson(_FRONT_EDITS)):
            along = rng.choice(places) + rng.normal(0, 0.01)
            radius = float(np.exp(rng.normal(np.log(0.02), 0.5)))
            ground = _pushed(ground, along % 1, _blob(rng, radius, int(rng.integers(8, 15))), rng)
    first = np.arange(days)
    return _parsed(grounds, first, first + 1, actor="B", status="control")


def _parsed(
    grounds: list[shapely.Polygon], first: NDArray, after: NDArray, **columns: object
) -> gpd.GeoDataFrame:
    number = np.arange(len(grounds))
    table = gpd.GeoDataFrame(
        {
            "claim_id": [f"c{i:05d}" for i in number],
            "level": "region",
            "confidence": "medium",
            "sources": [f"s{i:05d}" for i in number],
            "valid_from": (FIRST_DAY + first).astype(str),
            "valid_to": np.where(after < 0, "", (FIRST_DAY + after).astype(str)),
            "reported_on": (FIRST_DAY + first + number % 30).astype(str),
            **columns,
        },
        geometry=list(grounds),
        crs=claims.CRS,
    )
    return claims.parse(table)


def _story(rng: np.random.Generator, shrink: float, units: shapely.STRtree) -> Iterator[Drawing]:
    """One claim, or all claims that follow one front."""
    centre = rng.uniform((_WEST, _SOUTH), (_EAST, _NORTH))
    if rng.random() < _AT_HOT:
        centre = rng.choice(_HOT) + rng.normal(0, _AROUND, 2)
    radius = float(np.exp(rng.normal(np.log(_RADIUS), 0.7))) * shrink
    kind = rng.choice(KINDS, p=_MIX)
    first = int(rng.uniform(0, DAYS))
    if kind == "front":
        yield from _front(rng, centre, radius, first)
        return
    after = first + 7 + int(rng.exponential(420))
    if kind == "unit":
        yield units.geometries[units.nearest(shapely.Point(centre))], first, after
    else:
        yield _moved(_blob(rng, radius, int(rng.integers(12, 120))), centre), first, after


def _front(
    rng: np.random.Generator, centre: NDArray, radius: float, first: int
) -> Iterator[Drawing]:
    """An area whose outline changes here and there, and keeps its other vertices."""
    ground = _moved(_blob(rng, radius, int(rng.integers(30, 160))), centre)
    for _ in range(rng.integers(3, 12)):
        after = first + 1 + int(rng.exponential(60))
        yield ground, first, after
        bite = _blob(rng, radius * rng.uniform(0.15, 0.45), int(rng.integers(10, 40)))
        ground, first = _pushed(ground, rng.random(), bite, rng), after


def _pushed(
    ground: shapely.Polygon, along: float, bite: shapely.Polygon, rng: np.random.Generator
) -> shapely.Polygon:
    """`ground` with `bite` added or taken away at a place along its outline, from 0 to 1."""
    outline = shapely.get_coordinates(shapely.get_exterior_ring(ground))
    bite = _moved(bite, outline[int(along * len(outline))])
    push = shapely.union if rng.random() < 0.55 else shapely.difference  # noqa: PLR2004
    return _largest(push(ground, bite))


def _blob(rng: np.random.Generator, radius: float, vertices: int) -> shapely.Polygon:
    """A star-shaped area around 0, 0 with a few lobes and a rough edge."""
    angle = 2 * np.pi * (np.arange(vertices) + rng.random(vertices)) / vertices
    lobe = np.arange(1, 7)[:, None]
    size, turn = rng.normal(0, 0.28, (6, 1)) / lobe, rng.uniform(0, 2 * np.pi, (6, 1))
    reach = 1 + (size * np.cos(lobe * angle + turn)).sum(axis=0) + rng.normal(0, 0.03, vertices)
    reach = radius * np.maximum(0.15, reach)
    return shapely.Polygon(np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]))


def _moved(shape: shapely.Polygon, by: NDArray) -> shapely.Polygon:
    return shapely.transform(shape, lambda xy: xy + by)


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    parts = shapely.get_parts(shape)
    return parts[np.argmax(shapely.area(parts))]


def _units(count: int, rng: np.random.Generator) -> NDArray[np.object_]:
    """About `count` areas with crooked borders, neighbours sharing every vertex: communes, say."""
    centres = rng.uniform((_WEST - 1, _SOUTH - 1), (_EAST + 1, _NORTH + 1), (count, 2))
    edges = shapely.voronoi_polygons(shapely.MultiPoint(centres), only_edges=True)
    ends = shapely.get_coordinates(shapely.get_parts(edges)).reshape(-1, 2, 2)
    lines = shapely.linestrings(_crooked(ends, rng, 4, 0.08))
    found = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
    # Where a crooked line crosses itself it cuts off crumbs.
    return found[shapely.area(found) > 0.05 * np.median(shapely.area(found))]


def _crooked(
    lines: NDArray[np.float64], rng: np.random.Generator, depth: int, roughness: float
) -> NDArray[np.float64]:
    """Lines (N, k, 2) with the middle of each segment pushed aside, `depth` times over."""
    for _ in range(depth):
        start, end = lines[:, :-1], lines[:, 1:]
        aside = np.stack([start[..., 1] - end[..., 1], end[..., 0] - start[..., 0]], axis=-1)
        middle = (start + end) / 2 + aside * rng.normal(0, roughness, (*start.shape[:2], 1))
        woven = np.stack([start, middle], axis=2).reshape(len(lines), -1, 2)
        lines = np.concatenate([woven, lines[:, -1:]], axis=1)
    return lines
