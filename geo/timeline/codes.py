"""Claims as numbers, and the first step of the rule: which of them the reader wants to hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.claims import BASE, CONFIDENCES, KEY, LEVELS, STATUSES, certain_days, layers_of
from geo.evidence import as_heard

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FAR = 2**31 - 1  # the day number of "still lasting": after every day there is

# What becomes of a claim, in the order in which the rule looks at it.
STEPS = (
    "counts",
    "listed",
    "corrected",
    "reported-later",
    "published-later",
    "withdrawn",
    "layer-off",
    "not-assessed",
    "source-off",
    "below-confidence",
    "less-local",
    "superseded-by-source",
    "weaker-evidence",
    "already-holder",
)
COUNTS = STEPS.index("counts")
LISTED = STEPS.index("listed")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader wants to hear.

    Attributes
    ----------
    known_on
        Use only what had been reported by this day; None: everything.
    sources
        Keys of the sources that are heard; None: all.
    min_confidence
        One of `CONFIDENCES`; None: any.
    claimed
        Whether `claimed` assertions count beside `assessed` ones.
    layers
        Ids of the layers that are heard, `claims.SHIPPED` among them or not; None: all.
    """

    known_on: date | None = None
    sources: frozenset[str] | None = None
    min_confidence: str | None = None
    claimed: bool = False
    layers: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """One list of numbers a claim, end to end.

    Attributes
    ----------
    size
        (C,) how many numbers each claim has.
    member
        (size.sum(),) the numbers, those of claim 0 first.
    """

    size: Ints
    member: Ints

    def of(self, claim: Ints) -> tuple[Ints, Ints]:
        """Every number of every one of `claim`: its position in `claim`, and the number."""
        first = np.cumsum(self.size) - self.size
        position, place = each(first[claim], self.size[claim])
        return position, self.member[place]


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """The claims as numbers, so that the rule is arithmetic on whole columns.

    Attributes
    ----------
    first, after
        (C,) day numbers (0 is 1970-01-01) of `valid_from` and `valid_to`; `FAR` while it lasts,
        and where the end came after the day up to which the reader wants to know.
    certain_first, certain_after
        (C,) day numbers between which the claim held for certain, if at all: see
        `claims.certain_days`. Of an end that was yet to come nobody knew.
    reported, confirmed
        (C,) day numbers. Nothing is confirmed after the day up to which the reader wants to know,
        or by a source that is not heard.
    status, level, confidence
        (C,) places in `STATUSES`, `LEVELS`, `CONFIDENCES`.
    step
        (C,) places in `STEPS`: what the filters say of a claim that is valid.
    actors
        The actor of each claim and its partners: places in `names`.
    sources
        The sources of each claim that are heard, numbered in any order.
    names
        (A,) text: every actor, sorted.
    every_side
        Whether steps 3 and 4 of the rule are left out, so that no source silences another.
    """

    first: Ints
    after: Ints
    certain_first: Ints
    certain_after: Ints
    reported: Ints
    confirmed: Ints
    status: Ints
    level: Ints
    confidence: Ints
    step: Ints
    actors: Lists
    sources: Lists
    names: NDArray[np.object_]
    every_side: bool = False

    def holds(self, claim: Ints) -> Bools:
        """Which of `claim` say who holds the ground."""
        return np.asarray(self.status[claim] < len(BASE))


def encode(claims: gpd.GeoDataFrame, filters: Filters) -> Codes:
    """Number the columns of `claims` that the rule looks at."""
    known = _known(filters)
    names, actors = _named(claims)
    sources = _heard(claims.sources.tolist(), filters)
    confidence = _places(claims.confidence, CONFIDENCES)
    certain_first, certain_after = _certain(claims, known)
    return Codes(
        first=_days(claims.valid_from),
        after=_known_end(_days(claims.valid_to), known),
        certain_first=certain_first,
        certain_after=certain_after,
        reported=_days(claims.reported_on),
        confirmed=np.minimum(_days(as_heard(claims, filters.sources).last_confirmed), known),
        status=_places(claims.status, STATUSES),
        level=_places(claims.level, LEVELS),
        confidence=confidence,
        step=_first_step(claims, filters, confidence, heard=sources.size > 0),
        actors=actors,
        sources=sources,
        names=names,
    )


def _named(claims: gpd.GeoDataFrame) -> tuple[NDArray[np.object_], Lists]:
    """Every actor, sorted, and which of them each claim names: its actor, then its partners."""
    owner, partners = _flat(claims.partners.tolist())
    owner = np.concatenate([np.arange(len(claims)), owner])
    actors = np.concatenate([claims.actor.to_numpy(object), partners])
    names, actor = np.unique(actors[np.argsort(owner, kind="stable")], return_inverse=True)
    return names, Lists(np.bincount(owner, minlength=len(claims)), actor)


def _known(filters: Filters) -> int:
    """The last day number of which anything is known."""
    return FAR if filters.known_on is None else day_number(filters.known_on)


def _known_end(after: Ints, known: int) -> Ints:
    """Ends as they were known: nobody knew of one that was yet to come."""
    return np.where(after > known, FAR, after)


def _certain(claims: gpd.GeoDataFrame, known: int) -> tuple[Ints, Ints]:
    """`certain_days` as they were known: nobody doubted an end that was yet to come."""
    certain = certain_days(claims)
    after = _days(certain.certain_to)
    end = np.where(claims.valid_to.isna(), after, _days(claims.valid_to))
    return _days(certain.certain_from), np.where(end > known, FAR, after)


def day_number(day: date) -> int:
    """Days from 1970-01-01 to `day`; negative before."""
    return int(np.datetime64(day, "D").astype(np.int64))


def each(first: Ints, size: Ints) -> tuple[Ints, Ints]:
    """Walk the ranges [first, first + size): the range of every step, and the place it is at."""
    row = np.repeat(np.arange(len(size)), size)
    return row, np.arange(len(row)) + np.repeat(first - np.cumsum(size) + size, size)


def _days(column: pd.Series) -> Ints:
    days = column.to_numpy("datetime64[D]")
    return np.where(np.isnat(days), FAR, days.astype(np.int64))


def _places(column: pd.Series, words: tuple[str, ...]) -> Ints:
    code, found = pd.factorize(column)
    return np.array([words.index(word) for word in found], dtype=np.int64)[code]


def _flat(lists: list[tuple[str, ...]]) -> tuple[Ints, NDArray[np.object_]]:
    """Every word of every list, and the place of the list it is in."""
    owner = np.repeat(np.arange(len(lists)), [len(words) for words in lists])
    return owner, np.array([word for words in lists for word in words], dtype=object)


def _heard(lists: list[tuple[str, ...]], filters: Filters) -> Lists:
    owner, sources = _flat(lists)
    source, keys = pd.factorize(sources)
    if filters.sources is not None:
        heard = np.array([key in filters.sources for key in keys], dtype=bool)[source]
        owner, source = owner[heard], source[heard]
    return Lists(np.bincount(owner, minlength=len(lists)), source)


def _first_step(
    claims: gpd.GeoDataFrame, filters: Filters, confidence: Ints, *, heard: Bools
) -> Ints:
    """Step 1 of the rule; where several reasons set a claim aside, the first one stands."""
    known = _known(filters)
    floor = CONFIDENCES.index(filters.min_confidence or CONFIDENCES[0])
    believed = ("assessed", "claimed") if filters.claimed else ("assessed",)
    reasons = {
        "corrected": _other_version(claims, known),
        "reported-later": _days(claims.reported_on) > known,
        "published-later": claims.published_on.notna() & (_days(claims.published_on) > known),
        "withdrawn": claims.withdrawn_on.notna() & (_days(claims.withdrawn_on) <= known),
        "layer-off": ~_of_layers(claims, filters),
        "not-assessed": ~claims.assertion.isin(believed),
        "source-off": ~heard,
        "below-confidence": confidence < floor,
        "counts": claims.status.isin((*BASE, "influence")),
    }
    chosen = [STEPS.index(reason) for reason in reasons]
    return np.select([np.asarray(c) for c in reasons.values()], chosen, default=LISTED)


def _of_layers(claims: gpd.GeoDataFrame, filters: Filters) -> Bools:
    """Which claims are from a layer that is heard."""
    if filters.layers is None:
        return np.ones(len(claims), dtype=bool)
    return np.asarray(layers_of(claims["claim_id"]).isin(filters.layers))


def _other_version(claims: gpd.GeoDataFrame, known: int) -> Bools:
    """Of which claims another version stood on the last day of which anything is known."""
    if claims.corrected_on.isna().all():
        return np.zeros(len(claims), dtype=bool)
    ordered = claims[[*KEY, "corrected_on"]].sort_values(list(KEY))
    before = ordered.groupby("claim_id")["corrected_on"].shift().reindex(claims.index)
    replaced = claims.corrected_on.notna() & (_days(claims.corrected_on) <= known)
    to_come = before.notna() & (_days(before) > known)
    return np.asarray(replaced | to_come)
