"""Where and when a layer changes the map: what two maps side by side point out.

Only ground is compared, as in `rehearsal.ledger`: sieges, blockades and forces are symbols on it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from geo import overlay
from geo.sheets.rehearsal import SAID, Rehearsal, within
from geo.timeline import NONE, Timeline

Json = dict[str, Any]
Span = tuple[int, int]
Looks = list[tuple[int, int, int]]  # start, stop, what is said

_NOTHING = (NONE, (), ())


def marks(tried: Rehearsal) -> list[Json]:
    """Ground that is otherwise with the layer, and on which days.

    Returns
    -------
    list
        `c` rings as in `overlay.payload`; `r` days, counted from the first of the data set, as
        [from, to, from, to …], half-open. Ground that changes on the same days is one.
    """
    data = tried.after.dataset
    days = np.datetime64(data.first_day), np.datetime64(data.supported_until) + 1
    said: dict[tuple[Any, ...], int] = {_NOTHING: 0}
    before = _looks(tried.timeline_before, days, said)
    after = _looks(tried.timeline_after, days, said)
    faces = tried.timeline_after.composite.faces
    inside = within(faces, tried.timeline_before.composite.faces)
    found: dict[tuple[Span, ...], list[int]] = defaultdict(list)
    for face, parent in enumerate(inside.tolist()):
        spans = _apart(before[parent] if parent >= 0 else [], after[face])
        if spans:
            found[tuple(spans)].append(face)
    drawn = overlay.simplified(tried.timeline_after)
    return [
        {
            "c": overlay.rings(shapely.coverage_union_all(drawn[alike])),
            "r": [day for span in spans for day in span],
        }
        for spans, alike in found.items()
    ]


def days(marks: list[Json], first: date, last: date) -> list[int]:
    """The days on which something begins or ends to be otherwise, in order."""
    until = (last - first).days
    return sorted({day for mark in marks for day in mark["r"] if 0 <= day <= until})


def _looks(
    timeline: Timeline, days: tuple[np.datetime64, np.datetime64], said: dict[tuple[Any, ...], int]
) -> list[Looks]:
    """For each face its runs between two days; what they say as a number out of `said`."""
    said_of = zip(*(timeline.states[name] for name in SAID), strict=True)
    number = np.array([said.setdefault(look, len(said)) for look in said_of], dtype=np.int64)
    runs = timeline.runs
    first, after = days
    start = np.maximum(runs.start.astype("datetime64[D]"), first)
    stop = np.fmin(runs.stop.astype("datetime64[D]"), after)  # passes over NaT: still lasting
    kept = start < stop
    begin, end = (
        (kept_days[kept] - first).astype(np.int64).tolist() for kept_days in (start, stop)
    )
    looks: list[Looks] = [[] for _ in range(len(timeline.composite.faces))]
    for face, one, other, look in zip(
        runs.face[kept].tolist(), begin, end, number[runs.state[kept]].tolist(), strict=True
    ):
        looks[face].append((one, other, look))
    return looks


def _apart(one: Looks, other: Looks) -> list[Span]:
    """The days on which two faces are otherwise, as few spans as can say it."""
    if one == other:
        return []
    days = sorted({day for start, stop, _ in (*one, *other) for day in (start, stop)})
    spans: list[Span] = []
    i = j = 0
    for start, stop in pairwise(days):
        while i < len(one) and one[i][1] <= start:
            i += 1
        while j < len(other) and other[j][1] <= start:
            j += 1
        mine = one[i][2] if i < len(one) and one[i][0] <= start else 0
        theirs = other[j][2] if j < len(other) and other[j][0] <= start else 0
        if mine == theirs:
            continue
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    return spans
