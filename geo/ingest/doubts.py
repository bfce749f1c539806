"""What is doubtful in claims that can be read: contradictions, ground beyond the border."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import areas
from geo.ingest import shown
from geo.ingest.answers import Answers
from geo.ingest.found import Found
from geo.ingest.known import Known
from geo.ingest.report import Choice, Offer

_OVERLAP_KM2 = 0.5  # less is how exactly people draw one border twice
_MOST_PAIRS = 200_000
_BEYOND_SHARE = 0.02
_BEYOND_KM2 = 5.0  # borders drawn by others differ from ours by some kilometres
_NEVER = np.datetime64("9999-12-31")


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
                place=shown.place(outside[one]),
                after=round(float(beyond[one]), 1),
            )


def _distinct(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Every shape once, and for each of the given its place among them."""
    _, index, inverse = np.unique(shapely.to_wkb(shapes), return_index=True, return_inverse=True)
    return shapes[index], inverse


def _conflicts(claims: gpd.GeoDataFrame, numbers: list[int], found: Found) -> None:
    """Two actors in control of one ground on one day, in one source."""
    base = np.flatnonzero(
        (claims["status"] == "control")
        & (claims["assertion"] == "assessed")
        & claims["corrected_on"].isna()
    )
    shapes, place = _distinct(claims.geometry.to_numpy()[base])
    members: list[list[int]] = [[] for _ in shapes]
    for row, at in zip(base.tolist(), place.tolist(), strict=True):
        members[at].append(row)
    pairs = _meeting(shapes)
    checked = 0
    for one, other in pairs:
        rows = (
            combinations(members[one], 2)
            if one == other
            else ((a, b) for a in members[one] for b in members[other])
        )
        km2: float | None = None
        for a, b in rows:
            checked += 1
            if checked > _MOST_PAIRS:
                found.add("conflicts-many")
                return
            start = _together(claims, a, b)
            if start is None:
                continue
            if km2 is None:
                common = shapely.intersection(shapes[one], shapes[other])
                km2 = float(areas.km2([common])[0])
            if km2 > _OVERLAP_KM2:
                _tell(claims, (a, b), numbers, found, (common, km2, start))


def _meeting(shapes: NDArray[np.object_]) -> list[tuple[int, int]]:
    """Pairs of shapes whose boxes meet, each with itself as well; those most alike first."""
    one, other = shapely.STRtree(shapes).query(shapes)
    keep = one <= other
    return list(zip(one[keep].tolist(), other[keep].tolist(), strict=True))


def _together(claims: gpd.GeoDataFrame, a: int, b: int) -> pd.Timestamp | None:
    """First day on which two claims contradict each other; None where they never do."""
    one, other = claims.iloc[a], claims.iloc[b]
    if {one["actor"], *one["partners"]} == {other["actor"], *other["partners"]}:
        return None
    if one["level"] != other["level"] or not set(one["sources"]) & set(other["sources"]):
        return None  # a town's holder may differ from its region's: the most local speaks
    if one["reported_on"] != other["reported_on"]:
        return None  # of one source's reports the latest counts
    start = max(one["valid_from"], other["valid_from"])
    ends = [day for day in (one["valid_to"], other["valid_to"]) if not pd.isna(day)]
    return start if not ends or start < min(ends) else None


def _tell(
    claims: gpd.GeoDataFrame,
    pair: tuple[int, int],
    numbers: list[int],
    found: Found,
    what: tuple[shapely.Geometry, float, pd.Timestamp],
) -> None:
    common, km2, start = what
    names = sorted({claims["actor"].iloc[row] for row in pair})
    for row in sorted(pair, key=lambda row: numbers[row]):
        found.add(
            "conflict",
            numbers[row],
            claim_id=claims["claim_id"].iloc[row],
            place=shown.place(common),
            offer=Offer("keep", (Choice("keep", {"conflicts": "keep"}),)),
            names=names,
            start=start.date().isoformat(),
            number=round(km2, 1),
        )
