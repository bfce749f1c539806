"""What is doubtful in claims that can be read: contradictions, ground beyond the border."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import areas
from geo.ingest.answers import Answers
from geo.ingest.found import Found
from geo.ingest.known import Known
from geo.ingest.report import Choice, Offer

_OVERLAP_KM2 = 0.5  # less is how exactly people draw one border twice
_MOST_PAIRS = 2_000  # of rows against each other: nobody reads more
_MOST_TRIED = 1_000_000
_AT_ONCE, _SOME = 200, 50
_BEYOND_SHARE = 0.02
_BEYOND_KM2 = 5.0  # borders drawn by others differ from ours by some kilometres
_NEVER = pd.Timestamp("9999-12-31")


def check(
    claims: gpd.GeoDataFrame,
    origin: Mapping[tuple[str, int], int],
    answers: Answers,
    found: Found,
    known: Known,
) -> None:
    """Add every doubt about `claims` to `found`."""
    numbers = [
        origin[key] for key in zip(claims["claim_id"], claims["version"].tolist(), strict=True)
    ]
    if not answers.word("outside"):
        _beyond(claims, numbers, found, known)
    if not answers.word("conflicts"):
        _conflicts(claims, numbers, found)


def _beyond(claims: gpd.GeoDataFrame, numbers: list[int], found: Found, known: Known) -> None:
    shapes = claims.geometry.to_numpy()
    shapely.prepare(known.outline)
    over = shapely.intersects(known.outline, shapes) & ~shapely.covers(known.outline, shapes)
    over &= claims["area_ref"].to_numpy() == "drawn"
    unlike, first = _distinct(shapes[over])
    outside = shapely.difference(unlike, known.outline)
    beyond = areas.km2(outside)
    share = beyond / np.maximum(areas.km2(unlike), 1e-12)
    for at, row in enumerate(np.flatnonzero(over)):
        one = first[at]
        if beyond[one] > _BEYOND_KM2 and share[one] > _BEYOND_SHARE:
            found.add(
                "reaches-outside",
                numbers[row],
                claim_id=claims["claim_id"].iloc[row],
                shape=outside[one],
                after=round(float(beyond[one]), 1),
            )


def _distinct(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Every shape once, and for each of the given its place among them."""
    _, index, inverse = np.unique(shapely.to_wkb(shapes), return_index=True, return_inverse=True)
    return shapes[index], inverse


def _conflicts(claims: gpd.GeoDataFrame, numbers: list[int], found: Found) -> None:
    """Two actors in control of one ground on one day, in one source."""
    rows = np.flatnonzero(
        (claims["status"] == "control")
        & (claims["assertion"] == "assessed")
        & claims["corrected_on"].isna()
    )
    base = claims.iloc[rows]
    shapes, place = _distinct(base.geometry.to_numpy())
    pairs, whole = _against(base, place, shapes)
    both = np.sort(place[pairs], axis=1)
    where, which = np.unique(both, axis=0, return_inverse=True)
    common = shapely.intersection(shapes[where[:, 0]], shapes[where[:, 1]])
    km2 = areas.km2(common)
    actors, ids = base["actor"].tolist(), base["claim_id"].tolist()
    starts = base["valid_from"].to_numpy("datetime64[D]")
    offer = Offer("keep", (Choice("keep", {"conflicts": "keep"}),))
    for at in np.flatnonzero(km2[which] > _OVERLAP_KM2):
        pair = pairs[at].tolist()
        for row in pair:
            found.add(
                "conflict",
                numbers[rows[row]],
                claim_id=ids[row],
                shape=common[which[at]],
                offer=offer,
                names=sorted(actors[one] for one in pair),
                start=str(starts[pair].max()),
                number=round(float(km2[which[at]]), 1),
            )
    if not whole:
        found.add("conflicts-many")


def _against(
    base: gpd.GeoDataFrame, place: NDArray[np.intp], shapes: NDArray[np.object_]
) -> tuple[NDArray[np.intp], bool]:
    """Pairs of rows that speak against each other where they meet, and whether these are all.

    Two rows do if one source says them of one level on one day of report, with days in common and
    different actors. A town's holder may differ from its region's: there the most local speaks;
    and of what one source reports the latest counts.
    """
    members: list[list[int]] = [[] for _ in shapes]
    for row, at in enumerate(place.tolist()):
        members[at].append(row)
    told = [
        (actor, *sorted(more)) for actor, more in zip(base["actor"], base["partners"], strict=True)
    ]
    actors = pd.factorize(pd.Series(told, dtype=object))[0]
    alike = pd.factorize(base["level"] + base["reported_on"].astype("str"))[0]
    starts = base["valid_from"].to_numpy("datetime64[D]")
    ends = base["valid_to"].fillna(_NEVER).to_numpy("datetime64[D]")
    sources = [frozenset(keys) for keys in base["sources"]]
    kept: list[tuple[int, int]] = []
    tried = 0
    for first, second in _meeting(shapes):
        mine, others = members[first], members[second]
        tried += len(mine) * len(others)
        too_many = tried > _MOST_TRIED
        if too_many:
            mine, others = mine[:_SOME], others[:_SOME]  # enough to show what is the matter
        a, b = np.repeat(mine, len(others)), np.tile(others, len(mine))
        against = (actors[a] != actors[b]) & (alike[a] == alike[b])
        against &= np.maximum(starts[a], starts[b]) < np.minimum(ends[a], ends[b])
        against &= (a < b) | (first != second)
        for x, y in zip(a[against].tolist(), b[against].tolist(), strict=True):
            if sources[x] & sources[y]:
                kept.append((x, y))
            if len(kept) >= _MOST_PAIRS:
                return np.array(kept, dtype=np.intp), False
        if too_many:
            return np.array(kept, dtype=np.intp).reshape(-1, 2), False
    return np.array(kept, dtype=np.intp).reshape(-1, 2), True


def _meeting(shapes: NDArray[np.object_]) -> Iterator[tuple[int, int]]:
    """Pairs of shapes whose boxes meet, each with itself as well, a few shapes at a time."""
    tree = shapely.STRtree(shapes)
    for begin in range(0, len(shapes), _AT_ONCE):
        one, other = tree.query(shapes[begin : begin + _AT_ONCE])
        keep = one + begin <= other
        yield from zip((one[keep] + begin).tolist(), other[keep].tolist(), strict=True)
