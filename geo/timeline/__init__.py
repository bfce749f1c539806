"""The rule of docs/claims.md applied to the composite: who holds each face, on which days.

Three modules behind one door: `codes` has the claims as numbers and step 1 of the rule, `rule` its
other steps, and `runs` the days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.claims import CONFIDENCES, SHELF_LIFE_DAYS
from geo.composite import Composite
from geo.errors import ViewError
from geo.timeline.codes import (
    COUNTS,
    FAR,
    LISTED,
    STEPS,
    Codes,
    Filters,
    Ints,
    day_number,
    each,
    encode,
)
from geo.timeline.rule import STATES, decide, judge
from geo.timeline.runs import Intervals, Runs, days, intervals, lay_out

__all__ = [
    "COUNTS",
    "FAR",
    "LISTED",
    "NONE",
    "STATES",
    "STEPS",
    "Codes",
    "Filters",
    "Intervals",
    "Runs",
    "Timeline",
    "check_supported",
    "day_number",
    "days",
    "decide",
    "described",
    "each",
    "intervals",
    "judge",
    "resolve",
    "with_every_side",
]

NONE = "none"  # the state of ground on which nothing counts: no information
_NOTHING = pd.DataFrame(
    {
        "state": pd.Series([NONE], dtype="str"),
        "actors": [()],
        "influence": [()],
        "level": pd.Series([""], dtype="str"),
        "stale": False,
        "stale_influence": [()],
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The rule applied to a composite, under one set of filters.

    Attributes
    ----------
    composite
        What it was resolved from.
    filters
        What was asked for.
    runs
        When each face is in which state.
    states
        DataFrame indexed by `state_id` (0, 1, 2 …), every state that occurs: `state` (one of
        `STATES`), `actors` (tuple of text, sorted: who holds or contests; empty under
        `influence`), `influence` (tuple of text, sorted: who else has influence), `level` (one
        of `LEVELS`, of the claims that decide; "" under `influence`), `stale` (bool: the newest
        evidence is past its shelf-life; under `influence`, everybody's is), `stale_influence`
        (tuple of text: those of `influence` whose evidence is).
    overlays
        DataFrame, one row a siege, blockade or presence that counts, ordered by claim: `claim`
        (row of `Composite.claims`), `status`, `assertion`, `actor` (text), `start`, `stop`
        (datetime64[s], half-open, NaT while it lasts), `stale_from` (datetime64[s], first day
        past its shelf-life; may lie after `stop`).
    codes
        The claims as numbers, for `judge`.
    supported_until
        The last day on which any claim can be supported; None: no such day is known.
    """

    composite: Composite
    filters: Filters
    runs: Runs
    states: pd.DataFrame
    overlays: pd.DataFrame
    codes: Codes
    supported_until: date | None = None


def resolve(  # noqa: PLR0913 -- one argument a filter
    composite: Composite,
    *,
    known_on: date | None = None,
    sources: Collection[str] | None = None,
    min_confidence: str | None = None,
    claimed: bool = False,
    layers: Collection[str] | None = None,
    supported_until: date | None = None,
) -> Timeline:
    """Apply the rule to every face and day, hearing only what `Filters` lets through.

    Parameters
    ----------
    supported_until
        The last day of the data set: questions about later days are refused. A claim that is
        still lasting lasts as far as known, and nothing is known of those.

    Raises
    ------
    ViewError
        `min_confidence` is not a level of confidence.
    """
    if min_confidence not in (None, *CONFIDENCES):
        raise ViewError(
            f"The confidence floor is {min_confidence!r}. Choose one of {', '.join(CONFIDENCES)}."
        )
    heard, told = (None if some is None else frozenset(some) for some in (sources, layers))
    filters = Filters(known_on, heard, min_confidence, claimed, told)
    codes = encode(composite.claims, filters)
    return _laid_out(composite, filters, codes, supported_until)


def with_every_side(timeline: Timeline) -> Timeline:
    """The disagreement view of a timeline: without steps 3 and 4 of the rule.

    Of the claims that are most local, none silences another: a later report and better evidence
    stand beside what they would have set aside, and ground is contested between all it is said
    to be held by.
    """
    codes = replace(timeline.codes, every_side=True)
    return _laid_out(timeline.composite, timeline.filters, codes, timeline.supported_until)


def check_supported(timeline: Timeline, day: date) -> None:
    """Raise `ViewError` for a day after the last one that the data set supports."""
    last = timeline.supported_until
    if last is not None and day > last:
        raise ViewError(
            f"Nothing is known of {day}: no claim is supported after {last}. "
            f"Ask for {last} or an earlier day."
        )


def described(timeline: Timeline, state: Ints) -> pd.DataFrame:
    """The row of `Timeline.states` for every number in `state`; `NONE` and nothing else for -1."""
    rows = pd.concat([timeline.states, _NOTHING], ignore_index=True)  # -1 is the last place
    return rows.iloc[state].reset_index(drop=True)


def _laid_out(
    composite: Composite, filters: Filters, codes: Codes, supported_until: date | None
) -> Timeline:
    runs, states = lay_out(codes, composite.incidence)
    overlays = _overlays(composite.claims, codes)
    return Timeline(composite, filters, runs, states, overlays, codes, supported_until)


def _overlays(claims: gpd.GeoDataFrame, codes: Codes) -> pd.DataFrame:
    """Sieges, blockades and presences that pass the filters."""
    row = np.flatnonzero(codes.step == LISTED)
    names = ("status", "assertion", "actor", "valid_from")
    listed = {name: claims[name].to_numpy()[row] for name in names}
    shelf_life = np.array([SHELF_LIFE_DAYS[status] for status in listed["status"]], dtype=np.int64)
    stale_from = days(codes.confirmed[row] + shelf_life + 1)
    return pd.DataFrame(
        {
            "claim": row,
            "status": listed["status"],
            "assertion": listed["assertion"],
            "actor": listed["actor"],
            "start": listed["valid_from"],
            "stop": days(codes.after[row]).astype("datetime64[s]"),
            "stale_from": stale_from.astype("datetime64[s]"),
        }
    )
