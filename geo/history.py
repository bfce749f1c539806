"""All days of the timeline at one place, and the days on which anything changes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import ViewError
from geo.timeline import COUNTS, Timeline, check_supported, described, each, intervals, judge


def at(
    timeline: Timeline, face: int, *, until: date, first_day: date | None = None
) -> pd.DataFrame:
    """What became of one face, from `first_day` to `until`, both included.

    Parameters
    ----------
    first_day
        None: the first day of any claim of the composite.

    Returns
    -------
    DataFrame
        RangeIndex, in order of time, without gaps: `start`, `stop`
        (datetime64[s], half-open, the last `stop` being the day after `until`),
        `state` (`none` where nothing counts), `actors`, `influence`, `level`,
        `stale`, `stale_influence` as in `Timeline.states`, and `claim_ids`
        (tuple of text, sorted: what decided or was listed on any of these
        days). Two rows that touch differ in some state column.

    Raises
    ------
    ViewError
        `until` comes before `first_day` or after `Timeline.supported_until`, or there is no such
        face.
    """
    check_supported(timeline, until)
    composite = timeline.composite
    if not 0 <= face < len(composite.faces):
        raise ViewError(
            f"There is no face {face}. Ids hold for one composite only: ask slices.locate for it."
        )
    if first_day is None:
        begins = composite.claims["valid_from"].min()
        first_day = until if pd.isna(begins) else begins.date()
    if until < first_day:
        raise ViewError(f"{until} comes before {first_day}. Choose a later last day.")

    start, stop, state = _spans(timeline, face, first_day, until)
    spans = pd.DataFrame({"start": start, "stop": stop}).astype("datetime64[s]")
    spans = spans.join(described(timeline, state))
    spans["claim_ids"] = pd.Series(_deciding(timeline, face, start, stop), dtype=object)
    return spans


def changes_days(timeline: Timeline) -> NDArray[np.datetime64]:
    """Days on which any face changes its state, or its evidence goes stale: sorted, each once."""
    ends = timeline.runs.stop[~np.isnat(timeline.runs.stop)]
    return np.unique(np.concatenate([timeline.runs.start, ends]))


def _spans(
    timeline: Timeline, face: int, begin: date, until: date
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64], NDArray[np.int64]]:
    """Start, stop and state of the runs of a face between two days, and of the gaps: state -1."""
    runs = timeline.runs
    own = slice(*np.searchsorted(runs.face, (face, face + 1)))
    first, last = np.datetime64(begin, "D"), np.datetime64(until, "D") + 1
    start = np.maximum(runs.start[own], first)
    stop = np.fmin(runs.stop[own], last)  # fmin passes over NaT, which is still lasting
    shown = start < stop

    start, stop = start[shown], stop[shown]
    starts = np.concatenate([start, [first], stop])
    stops = np.concatenate([stop, start, [last]])
    state = np.concatenate([runs.state[own][shown], np.full(len(start) + 1, -1)])
    order = np.argsort(starts, kind="stable")
    order = order[(starts < stops)[order]]
    return starts[order], stops[order], state[order].astype(np.int64)


def _deciding(
    timeline: Timeline, face: int, start: NDArray[np.datetime64], stop: NDArray[np.datetime64]
) -> list[tuple[str, ...]]:
    """The claims that count over the face at any time in each span."""
    codes, incidence = timeline.codes, timeline.composite.incidence
    own = slice(*np.searchsorted(incidence[:, 0], (face, face + 1)))
    claim = incidence[own, 1].astype(np.int64)
    begins, ends = start.astype(np.int64), stop.astype(np.int64)
    ids = timeline.composite.claims["claim_id"].to_numpy()
    found = np.empty(0, dtype=np.int64)
    for some in intervals(codes, np.zeros_like(claim), claim):
        counts = judge(codes, some.interval, some.claim) == COUNTS
        interval = some.interval[counts]
        lo = np.searchsorted(ends, some.start[interval], side="right")
        hi = np.searchsorted(begins, some.stop[interval])
        row, span = each(lo, np.maximum(hi - lo, 0))
        found = np.union1d(found, span * len(ids) + some.claim[counts][row])

    bounds = np.searchsorted(found, np.arange(len(start) + 1) * len(ids))
    return [tuple(ids[found[a:b] % len(ids)]) for a, b in pairwise(bounds)]
