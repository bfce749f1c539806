"""One day of the timeline: everywhere, or at one place with every reason."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.claims import COLUMNS
from geo.composite import NO_UNIT, Composite
from geo.evidence import as_heard
from geo.timeline import (
    COUNTS,
    LISTED,
    NONE,
    STATES,
    STEPS,
    Timeline,
    check_supported,
    day_number,
    described,
    judge,
)

_ALIKE = ["state", "actors", "influence", "stale"]


def at(timeline: Timeline, day: date) -> gpd.GeoDataFrame:
    """Resolved state of every face on `day`, and the claims that say so.

    Returns
    -------
    GeoDataFrame
        Indexed by `face_id`: the columns of `Composite.faces`, then `state`
        (one of `timeline.STATES`, or `none`), `actors`, `influence`, `level`,
        `stale` and `stale_influence` as in `Timeline.states`, and `claim_ids`
        (tuple of text, sorted: the claims that decide, and those of the
        influence listed). Under `none` tuples are empty and text is "".
        `uncertain` (bool): a claim that decides may not have begun yet on this
        day, or may have ended (see `claims.certain_days`).

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    faces = timeline.composite.faces
    said = described(timeline, states_on(timeline, day)).set_index(faces.index)
    face, claim = _deciding(timeline, day)
    # Claims are ordered by their id, so every tuple is sorted.
    ids = timeline.composite.claims["claim_id"].to_numpy()[claim].tolist()
    bounds = np.searchsorted(face, np.arange(len(faces) + 1)).tolist()
    told = [tuple(ids[a:b]) for a, b in pairwise(bounds)]
    said["claim_ids"] = pd.Series(told, index=faces.index, dtype=object)
    said["uncertain"] = np.isin(faces.index, face[_uncertain(timeline, day)[claim]])
    return pd.concat([faces, said], axis="columns")


def states_on(timeline: Timeline, day: date) -> NDArray[np.int64]:
    """State of every face on `day`, row by row: a row of `Timeline.states`, or -1 for `none`.

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    check_supported(timeline, day)
    runs, today = timeline.runs, np.datetime64(day, "D")
    # NaT, still lasting, is never <=
    now = np.flatnonzero((runs.start <= today) & ~(runs.stop <= today))
    state = np.full(len(timeline.composite.faces), -1)
    state[runs.face[now]] = runs.state[now]
    return state


def merged(faces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Faces of a slice, united where they have the same state, actors, influence and staleness.

    Parameters
    ----------
    faces
        As `at` returns them.

    Returns
    -------
    GeoDataFrame
        RangeIndex, `none` last: `state`, `actors`, `influence`, `stale`,
        `claim_ids` (tuple of text, sorted: those of all its faces), `area_km2`
        (float), `geometry` (Polygon or MultiPolygon, EPSG:4326).
    """
    rows = [
        (
            *alike,
            tuple(sorted({claim_id for ids in group["claim_ids"] for claim_id in ids})),
            float(group["area_km2"].sum()),
            shapely.coverage_union_all(group.geometry.to_numpy()),
        )
        for alike, group in faces.groupby(_ALIKE, sort=False)
    ]
    rank = {state: place for place, state in enumerate((*STATES, NONE))}
    rows.sort(key=lambda row: (rank[row[0]], *row[1:4]))
    columns = [*_ALIKE, "claim_ids", "area_km2", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=faces.crs)


def named(composite: Composite, unit: pd.Series, claim_ids: pd.Series) -> pd.DataFrame:
    """What to call ground: after the places that its claims are about, or else its unit.

    Parameters
    ----------
    unit, claim_ids
        Rows of `Composite.units` and tuples of text, as in a slice.

    Returns
    -------
    DataFrame
        Indexed as `unit`: `kind` (`place`, `unit`, or `drawn` for other ground without units) and
        `key` (text: of the place, or places joined by one space; of the cercle or unit; or "").
    """
    references = composite.claims.set_index("claim_id")["area_ref"]
    local = references[references.str.startswith("place:")]
    place = local.str.removeprefix("place:").str.split("@").str[0].to_dict()
    places = claim_ids.map(lambda ids: " ".join(sorted({place[i] for i in ids if i in place})))
    units = composite.units
    known = [column for column in ("cercle", "unit") if column in units]
    keys = units[known[0]].astype("str") if known else units.index.astype("str")
    within = pd.Series([*keys, ""], dtype="str").iloc[unit].set_axis(unit.index)  # -1 is the last
    kind = np.where(places != "", "place", np.where(unit == NO_UNIT, "drawn", "unit"))
    key = places.where(places != "", within)
    return pd.DataFrame({"kind": kind, "key": key}, index=unit.index, dtype="str")


def locate(composite: Composite, lon: float, lat: float) -> int | None:
    """Face at a point, the first of them on a border; None where there is none.

    The search tree is made on the first call and kept with the composite.
    """
    found = composite.faces.sindex.query(shapely.Point(lon, lat), predicate="intersects")
    return int(found.min()) if len(found) else None


def explain(timeline: Timeline, lon: float, lat: float, day: date) -> pd.DataFrame:
    """Every claim over a point that is valid on `day`, and what becomes of it.

    Returns
    -------
    DataFrame
        RangeIndex, ordered by `claim_id`: the columns of `claims.COLUMNS`, as
        `evidence.as_heard` has them, then `counts` (bool: it decides, or is listed
        beside), `step` (one of `timeline.STEPS`: "counts", "listed", or the step
        at which the claim was set aside) and `uncertain` (bool: it may not have
        begun yet, or may have ended). No rows where no claim is.

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    check_supported(timeline, day)
    face = locate(timeline.composite, lon, lat)
    faces, claim = valid(timeline, day)
    claim = claim[faces == face]
    step = judge(timeline.codes, np.zeros_like(claim), claim)
    names = [column.name for column in COLUMNS]
    here = timeline.composite.claims[names].iloc[claim].reset_index(drop=True)
    said = as_heard(pd.DataFrame(here), timeline.filters.sources)
    said["counts"] = np.isin(step, (COUNTS, LISTED))
    said["step"] = pd.Series([STEPS[code] for code in step], dtype="str")
    said["uncertain"] = _uncertain(timeline, day)[claim]
    return said


def valid(timeline: Timeline, day: date) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (face, claim), sorted: the claim covers the face and is valid on `day`."""
    codes, number = timeline.codes, day_number(day)
    lasts = (codes.first <= number) & (number < codes.after)
    incidence = timeline.composite.incidence
    face, claim = incidence[lasts[incidence[:, 1]]].astype(np.int64).T
    return face, claim


def _deciding(timeline: Timeline, day: date) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (face, claim), sorted: the claim counts over the face on `day`."""
    face, claim = valid(timeline, day)
    counts = judge(timeline.codes, face, claim) == COUNTS
    return face[counts], claim[counts]


def _uncertain(timeline: Timeline, day: date) -> NDArray[np.bool_]:
    """Which claims, were they valid on `day`, may not have begun yet or may have ended."""
    codes, number = timeline.codes, day_number(day)
    return (number < codes.certain_first) | (codes.certain_after <= number)
