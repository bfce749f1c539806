"""A tile cut smaller where too much lies in it: into slabs of days, or else into smaller boxes.

The rule is local in time as it is in space: who holds a ground on a day depends only on claims
that are valid on that day. So where thousands of claims follow each other on one place, a slab of
days needs to be cut along the outlines of its own claims only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import TilesError
from geo.tiles import crowd, cut, plan, tile
from geo.tiles.tile import Land, Part

# Pairs (face, claim) in one go. With many claims on one place they grow with the third power of the
# claims, so that cutting the days soon pays, if claims follow each other.
PAIRS_OF_SLAB = 250_000
# Where they do not, boxes are cut. Pairs take some 100 bytes each to find, and the rule up to 500.
PAIRS_OF_BOX = 4_000_000
# Of one tile, all boxes together. Beyond, the answer would be larger than any use of it.
PAIRS_OF_TILE = 50_000_000

_ALWAYS = np.datetime64("NaT", "s")
_FEWER = 0.75  # of the claims: a slab that has more of them is hardly smaller


# What can be done about it.
_AT_ONCE = "Leave out those that say the same."
_FOLLOWING = "Build it with python -m geo build-composite, which cuts the days, too."


@dataclass(frozen=True, slots=True)
class Slab:
    """Some days, half-open.

    Attributes
    ----------
    start, stop
        datetime64[s]; NaT: since ever, and for ever.
    """

    start: np.datetime64 = _ALWAYS
    stop: np.datetime64 = _ALWAYS


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """What is to be cut at once.

    Attributes
    ----------
    claims
        Sorted by `claim_id`, any index; clean ground, clipped to the box; days, to the slab.
    land
        The units in the box; None where faces are not clipped to units.
    box
        (4,) west, south, east and north.
    slab
        The days.
    """

    claims: gpd.GeoDataFrame
    land: Land | None
    box: NDArray[np.float64]
    slab: Slab = Slab()


def parts(share: Share, *, days: bool = True) -> Iterator[tuple[Share, Part]]:
    """Cut a tile into faces: in one go, or share by share if that would take too much memory.

    Parameters
    ----------
    share
        The tile.
    days
        Whether it may be cut into slabs, and not only into smaller boxes.

    Raises
    ------
    TilesError
        So many claims lie on one place that no cut helps.
    """
    halves = _halves(share, days=days)
    if not halves:
        yield share, tile.faces(share.claims, share.land, share.box)
    for half in halves:
        yield from parts(half, days=days)


def _halves(share: Share, *, days: bool) -> list[Share]:
    """Cut in two what is too much to be cut into faces in one go; [] if it is not."""
    crowded = crowd.deepest(share.claims, shapely.box(*share.box))
    if crowded is None or crowded.pairs <= PAIRS_OF_SLAB:
        return []
    following = _by_days(share)
    if following and days:
        return following
    if crowded.pairs <= PAIRS_OF_BOX:
        return []
    boxes = plan.halves(plan.density(share.claims.geometry), share.box)
    if crowded.pairs > PAIRS_OF_TILE or not len(boxes):
        raise TilesError(
            f"{crowded.claims:,} claims with different outlines lie over one another at longitude "
            f"{crowded.lon:.4f}, latitude {crowded.lat:.4f}. Cut along all of them, the ground "
            f"there would fall into more faces than fit into memory. "
            f"{_FOLLOWING if following else _AT_ONCE}"
        )
    return _by_boxes(share, boxes)


def _by_days(share: Share) -> list[Share]:
    """Cut where it leaves the fewest claims on either side; [] if most would be on both."""
    first = share.claims["valid_from"].to_numpy()
    after = share.claims["valid_to"].to_numpy()
    begin, end = np.sort(first), np.sort(after[~np.isnat(after)])
    breaks = np.unique(np.concatenate([begin, end]))
    before = np.searchsorted(begin, breaks, side="left")
    since = len(first) - np.searchsorted(end, breaks, side="right")
    larger = np.maximum(before, since)
    if larger.min() > _FEWER * len(first):
        return []
    day = breaks[larger.argmin()]
    return [
        _within(share, replace(share.slab, stop=day)),
        _within(share, replace(share.slab, start=day)),
    ]


def _within(share: Share, slab: Slab) -> Share:
    """Keep the days of a slab, and the claims that are valid on any of them."""
    first, after = share.claims["valid_from"], share.claims["valid_to"]
    claims = share.claims
    if not np.isnat(slab.start):
        claims = claims.assign(valid_from=first.clip(lower=slab.start))
    if not np.isnat(slab.stop):
        claims = claims.assign(valid_to=after.fillna(slab.stop).clip(upper=slab.stop))
    valid = claims["valid_to"].isna() | (claims["valid_from"] < claims["valid_to"])
    return replace(share, claims=claims[valid], slab=slab)


def _by_boxes(share: Share, boxes: NDArray[np.float64]) -> list[Share]:
    claimed = cut.by_tile(
        share.claims.geometry.to_numpy(), boxes, share.claims["claim_id"].tolist()
    )
    landed = share.land and cut.by_tile(share.land.shape, boxes, share.land.unit.tolist())
    halves = []
    for number, box in enumerate(boxes):
        row, shape = claimed.of(number)
        claims = share.claims.iloc[row].set_geometry(shape, crs=share.claims.crs)
        land = None
        if share.land and landed:
            unit, clipped = landed.of(number)
            land = Land(share.land.unit[unit], clipped)
        halves.append(replace(share, claims=claims, land=land, box=box))
    return halves
