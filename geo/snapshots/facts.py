"""Facts of a day on the ground of a picture: who holds what, in ranges, and on whose word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import boundaries, figures, ground, slices
from geo.figures import EVERYBODY, HELD, Ranges
from geo.layers import Layers
from geo.snapshots.extents import Extent
from geo.timeline import NONE, STEPS, Timeline

UNCHECKED = "general-knowledge"  # the source of what no page was opened for


@dataclass(frozen=True, slots=True)
class Range:
    """A figure: its low end, its value as asked, its high end, and what it is a part of."""

    low: float
    value: float
    high: float
    of: float


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What the claims say about the ground of a picture on one day.

    Attributes
    ----------
    day
        The day.
    km2
        By state (`timeline.STATES`, then `none`): of the ground.
    places
        By actor, most first: places it controls or shares, among those listed.
    influence_km2
        By actor, most first: ground under its influence, as asked.
    contested_km2
        By those who contend (sorted), most first: ground they contest, as asked.
    held
        Who controls or shares any of it, and of which the largest ground, most first.
    middle
        State, holders and influence at the middle of the extent; `none` outside the ground.
    pressed
        (status, actor, name of the place or "" for a road): sieges and blockades of the day.
    sources
        Keys of the bibliography on whose word the ground is drawn, those of most claims first.
    claims
        Ids of the claims that decide, sorted.
    stale, low, unchecked
        Shares (0 to 1) of the ground with a state that rests on evidence past its shelf-life, on
        claims of low confidence only, on claims nobody checked against a page.
    """

    day: date
    km2: dict[str, Range]
    places: dict[str, Range]
    influence_km2: dict[str, float]
    contested_km2: dict[tuple[str, ...], float]
    held: tuple[str, ...]
    middle: tuple[str, tuple[str, ...], tuple[str, ...]]
    pressed: tuple[tuple[str, str, str], ...]
    sources: tuple[str, ...]
    claims: tuple[str, ...]
    stale: float
    low: float
    unchecked: float


def gather(layers: Layers, timeline: Timeline, extent: Extent, day: date) -> Facts:
    """The facts of a day on the ground of an extent.

    Raises
    ------
    ViewError
        `day` comes after what the timeline supports.
    """
    faces = slices.at(timeline, day)
    inside = within(timeline, extent, day)
    faces = faces.assign(area_km2=faces["area_km2"] * inside)
    here = faces[inside > 0]
    told = here[here["state"] != NONE]
    marks = _marks(layers, timeline, extent, day)
    ids = {claim for claims in told["claim_ids"] for claim in claims} | {m.claim for m in marks}
    # Of a corrected claim only the version that stands has a say.
    stands = timeline.codes.step != STEPS.index("corrected")
    claims = timeline.composite.claims[stands].set_index("claim_id")
    deciding = claims.loc[sorted(ids)]
    table = _table(timeline, layers, inside, extent, day)
    influence = {a: table["km2", "influence", a].value for a in _actors(table, "km2", "influence")}
    return Facts(
        day=day,
        km2={state: table["km2", state, EVERYBODY] for state in _states(table)},
        places={a: table["places", HELD, a] for a in _actors(table, "places", HELD)},
        influence_km2=influence,
        contested_km2=_contested(here),
        held=tuple(_actors(table, "km2", HELD)),
        middle=_middle(timeline, faces, extent),
        pressed=tuple(
            sorted({(m.status, m.actor, m.place) for m in marks if m.status != "presence"})
        ),
        sources=by_weight(deciding["sources"]),
        claims=tuple(sorted(ids)),
        stale=_share(told, told["stale"].to_numpy(bool)),
        low=_share(told, _all_of(told, set(deciding.index[deciding["confidence"] == "low"]))),
        unchecked=_share(
            told, _all_of(told, set(deciding.index[deciding["verification"] == UNCHECKED]))
        ),
    )


def _middle(
    timeline: Timeline, faces: gpd.GeoDataFrame, extent: Extent
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    west, south, east, north = extent.box
    face = slices.locate(timeline.composite, (west + east) / 2, (south + north) / 2)
    if face is None:
        return NONE, (), ()
    row = faces.loc[face]
    return str(row["state"]), row["actors"], row["influence"]


def within(timeline: Timeline, extent: Extent, day: date) -> NDArray[np.float64]:
    """(F,) how much of each face the extent is about, 0 to 1."""
    faces = timeline.composite.faces
    if extent.kind == "country":
        return np.ones(len(faces))
    units = timeline.composite.units
    column = boundaries.edition_on(day).column
    if extent.kind == "region" and column in units:
        keys = np.append(units[column].to_numpy(dtype=object), "")  # -1, no unit, is the last
        share: NDArray[np.float64] = (keys[faces["unit"].to_numpy()] == extent.key).astype(float)
        return share
    shapes = faces.geometry.to_numpy()
    share = shapely.area(shapely.clip_by_rect(shapes, *extent.box)) / shapely.area(shapes)
    return share


@dataclass(frozen=True, slots=True)
class _Mark:
    """A siege, blockade or presence of the day; `place` is "" along a road."""

    status: str
    actor: str
    place: str
    claim: str


def _marks(layers: Layers, timeline: Timeline, extent: Extent, day: date) -> list[_Mark]:
    now = pd.Timestamp(day)
    overlays = timeline.overlays
    live = overlays[(overlays["start"] <= now) & ~(overlays["stop"] <= now)]
    claims = timeline.composite.claims.iloc[live["claim"]]
    box = shapely.box(*extent.box)
    marks = []
    for status, actor, claim_id, ref, shape in zip(
        live["status"], live["actor"], claims["claim_id"], claims["area_ref"], claims.geometry,
        strict=True,
    ):  # fmt: skip
        if not shapely.intersects(box, shape):
            continue
        named = ground.parse(ref)
        place = ""
        if named.kind == "place" and named.key in layers.places.index:
            place = str(layers.places.loc[named.key, "name_fr"])
        marks.append(_Mark(status, actor, place, claim_id))
    return marks


_Table = dict[tuple[str, str, str], Range]  # by measure, state and actor


def _table(
    timeline: Timeline, layers: Layers, inside: NDArray[np.float64], extent: Extent, day: date
) -> _Table:
    ranges = _ranges(timeline, layers)
    # Ground outside weighs nothing: the sums and what they are parts of are those of the extent.
    weights = ranges.weights.assign(
        m2=np.rint(ranges.weights["m2"].to_numpy() * inside).astype(np.int64)
    )
    if extent.kind == "region":
        weights["places"] = weights["places"].where(inside > 0, 0)
    elif extent.kind != "country":
        weights["places"] = _places(timeline, layers, extent)
    ranges = replace(ranges, weights=weights)
    rows = figures.on(ranges, day)
    rows = rows[(rows["edition"] == "")]
    return {
        (measure, row["state"], row["actor"]): Range(
            float(row[f"low_{measure}"]),
            float(row[measure]),
            float(row[f"high_{measure}"]),
            float(row[f"of_{measure}"]),
        )
        for row in rows.to_dict("records")
        for measure in ("km2", "places")
    }


@lru_cache(maxsize=4)  # both are frozen and stand for their content
def _ranges(timeline: Timeline, layers: Layers) -> Ranges:
    return figures.ranges(timeline, layers.places)


def _places(timeline: Timeline, layers: Layers, extent: Extent) -> NDArray[np.int64]:
    """(F,) how many places of each face lie in the box of an extent."""
    west, south, east, north = extent.box
    near = layers.places.cx[west:east, south:north]
    counts = np.zeros(len(timeline.composite.faces), dtype=np.int64)
    for point in near.geometry:
        face = slices.locate(timeline.composite, point.x, point.y)
        if face is not None:
            counts[face] += 1
    return counts


def _states(table: _Table) -> list[str]:
    return [state for measure, state, actor in table if measure == "km2" and actor == EVERYBODY]


def _actors(table: _Table, measure: str, state: str) -> list[str]:
    found = {a: r.value for (m, s, a), r in table.items() if m == measure and s == state and a}
    return sorted((a for a in found if found[a] > 0), key=lambda a: (-found[a], a))


def _contested(faces: gpd.GeoDataFrame) -> dict[tuple[str, ...], float]:
    disputed = faces[faces["state"] == "contested"]
    sums: Counter[tuple[str, ...]] = Counter()
    for actors, area in zip(disputed["actors"], disputed["area_km2"], strict=True):
        sums[actors] += area
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def by_weight(named: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Sources that claims name, those of most claims first; what nobody checked last."""
    counted = Counter(source for sources in named for source in sources)
    return tuple(sorted(counted, key=lambda key: (key == UNCHECKED, -counted[key], key)))


def _share(faces: gpd.GeoDataFrame, chosen: NDArray[np.bool_]) -> float:
    whole = faces["area_km2"].sum()
    return float(faces["area_km2"][chosen].sum() / whole) if whole else 0.0


def _all_of(faces: gpd.GeoDataFrame, ids: set[str]) -> NDArray[np.bool_]:
    return np.array([ids.issuperset(claims) for claims in faces["claim_ids"]], dtype=bool)


__all__ = ["UNCHECKED", "Facts", "Range", "gather", "within"]
