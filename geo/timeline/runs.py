"""The days: where a face's claims come and go, and the runs of one state between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.claims import LEVELS
from geo.composite import number_lists
from geo.timeline.codes import COUNTS, FAR, Bools, Codes, Ints, each
from geo.timeline.rule import NOBODY, STATES, Verdict, decide

_SPAN = 2**33  # more than there are day numbers, so that face * _SPAN + day sorts by both
_AT_ONCE = 2**20  # pairs judged in one go: 0.2 GB, however many claims lie on one place


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Days on which a face stays in one state; sorted by face and start, read-only.

    Attributes
    ----------
    face
        (R,) int32, `face_id`.
    start, stop
        (R,) datetime64[D], half-open; `stop` is NaT while it lasts.
    state
        (R,) int32, `state_id` in `Timeline.states`. Where a face has no run, nothing counts. Two
        runs of a face that touch have different states.
    """

    face: NDArray[np.int32]
    start: NDArray[np.datetime64]
    stop: NDArray[np.datetime64]
    state: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Some of the days between two breaks of a face, and the claims that are valid on them.

    Attributes
    ----------
    face, start, stop
        (I,) sorted by face and start; day numbers, half-open, `FAR` while it lasts.
    interval, claim
        (N,) pairs: the claim is valid throughout the interval.
    """

    face: Ints
    start: Ints
    stop: Ints
    interval: Ints
    claim: Ints


def lay_out(codes: Codes, incidence: NDArray[np.int32]) -> tuple[Runs, pd.DataFrame]:
    """Resolve every face on every day: `Timeline.runs` and `Timeline.states`."""
    face, claim = incidence.astype(np.int64).T
    counts = codes.step[claim] == COUNTS
    spans, verdicts = [], []
    for some in intervals(codes, face[counts], claim[counts]):
        spans.append((some.face, some.start, some.stop))
        verdicts.append(decide(codes, some.interval, some.claim, len(some.face)))
    lies_in, start, stop = (np.concatenate(column) for column in zip(*spans, strict=True))
    verdict = _together(verdicts)
    cuts = _cut_where_stale(start, stop, verdict)
    number, states = _number_states(codes, verdict, cuts)
    return _join_alike(lies_in[cuts.interval], cuts, number), states


def intervals(codes: Codes, face: Ints, claim: Ints) -> Iterator[Intervals]:
    """Cut the days of each face where one of its claims begins or ends.

    The intervals come in blocks, at least one, with at most about `_AT_ONCE` pairs each: a
    thousand claims on one place make a million pairs, ten thousand a hundred million.

    Parameters
    ----------
    face, claim
        (N,) pairs: the claim covers the face; in any order.
    """
    day = np.concatenate([codes.first[claim], codes.after[claim]])
    keys = np.tile(face, 2) * _SPAN + day
    _, place, broken = np.unique(keys, return_index=True, return_inverse=True)

    face, day = np.tile(face, 2)[place], day[place]
    lasts = _followed(face)  # on the last break of a face its last claim has ended
    number: Ints = np.cumsum(lasts) - lasts
    lo, hi = number[broken.reshape(2, -1)]
    face, start, stop = face[lasts], day[lasts], np.roll(day, -1)[lasts]
    for a, b in pairwise(_blocks(lo, hi, len(face))):
        within = np.flatnonzero((lo < b) & (a < hi))
        first = np.maximum(lo[within], a) - a
        row, interval = each(first, np.minimum(hi[within], b) - a - first)
        yield Intervals(face[a:b], start[a:b], stop[a:b], interval, claim[within[row]])


def _blocks(lo: Ints, hi: Ints, count: int) -> list[int]:
    """Bounds of the blocks of `count` intervals; each claim is valid in those from lo to hi."""
    depth = np.cumsum(np.bincount(lo, minlength=count) - np.bincount(hi, minlength=count + 1)[:-1])
    pairs = np.cumsum(depth)
    full = np.searchsorted(pairs, np.arange(_AT_ONCE, pairs[-1:].sum(), _AT_ONCE))
    return [0, *np.unique([*(full + 1), count]).tolist()]


def _together(parts: list[Verdict]) -> Verdict:
    """Verdicts of blocks that follow each other, as one."""
    first = np.cumsum([0, *(len(part.state) for part in parts)])
    columns = {
        field.name: np.concatenate(
            [
                getattr(part, field.name) + (a if field.name.endswith("_group") else 0)
                for a, part in zip(first, parts, strict=False)
            ]
        )
        for field in fields(Verdict)
    }
    return Verdict(**columns)


def days(numbers: Ints) -> NDArray[np.datetime64]:
    """Day numbers as datetime64[D]; NaT for `FAR`."""
    return np.where(numbers == FAR, np.datetime64("NaT", "D"), numbers.astype("datetime64[D]"))


@dataclass(frozen=True, slots=True, eq=False)
class _Cuts:
    """Intervals with a state, cut once more where evidence passes its shelf-life.

    Attributes
    ----------
    interval, start, stop
        (K,) sorted by interval and start; day numbers, half-open.
    """

    interval: Ints
    start: Ints
    stop: Ints


def _cut_where_stale(begin: Ints, end: Ints, verdict: Verdict) -> _Cuts:
    every = np.arange(len(begin))
    interval = np.concatenate([every, every, verdict.influence_group])
    start = np.concatenate([begin, verdict.stale_from, verdict.influence_stale_from])
    inside = (begin[interval] <= start) & (start < end[interval])
    inside &= verdict.state[interval] != NOBODY
    interval, start = interval[inside], start[inside]
    _, place = np.unique(interval * _SPAN + start, return_index=True)
    interval, start = interval[place], start[place]
    stop = np.where(_followed(interval), np.roll(start, -1), end[interval])
    return _Cuts(interval, start, stop)


def _number_states(codes: Codes, verdict: Verdict, cuts: _Cuts) -> tuple[Ints, pd.DataFrame]:
    """Give every cut the number of its state, and tabulate the states."""
    late_cut, late = _late_influence(verdict, cuts)
    count, here = len(verdict.state), cuts.interval
    stale = cuts.start >= verdict.stale_from[here]
    number = np.zeros(len(here), dtype=np.int64)
    for column in (
        verdict.state[here],
        verdict.level[here] + 1,
        stale.astype(np.int64),
        number_lists(verdict.holder_group, verdict.holder, count)[here],
        number_lists(verdict.influence_group, verdict.influencer, count)[here],
        number_lists(late_cut, late, len(here)),
    ):
        number = pd.factorize(number * (column.max(initial=0) + 1) + column)[0]
    example = np.flatnonzero(~pd.Series(number).duplicated())  # of 0, of 1 …: as they appear

    there = here[example]
    rows = list(
        zip(
            verdict.state[there].tolist(),
            _tuples(verdict.holder_group, codes.names[verdict.holder], there),
            _tuples(verdict.influence_group, codes.names[verdict.influencer], there),
            verdict.level[there].tolist(),
            stale[example].tolist(),
            _tuples(late_cut, codes.names[late], example),
            strict=True,
        )
    )
    order = sorted(range(len(rows)), key=rows.__getitem__)  # by words: nothing else decides
    rank = np.argsort(np.array(order, dtype=np.int64))
    return rank[number], _table([rows[i] for i in order])


def _late_influence(verdict: Verdict, cuts: _Cuts) -> tuple[Ints, Ints]:
    """Pairs, sorted: in the cut, the actor has influence, and the evidence is past its life."""
    size = np.bincount(verdict.influence_group, minlength=len(verdict.state))
    first = np.cumsum(size) - size
    cut, pair = each(first[cuts.interval], size[cuts.interval])
    late = cuts.start[cut] >= verdict.influence_stale_from[pair]
    return cut[late], verdict.influencer[pair[late]]


def _tuples(group: Ints, words: NDArray[np.object_], wanted: Ints) -> list[tuple[str, ...]]:
    """The words of each of the `wanted` groups, from sorted pairs (group, word)."""
    lo, hi = np.searchsorted(group, wanted), np.searchsorted(group, wanted, side="right")
    return [tuple(words[a:b]) for a, b in zip(lo, hi, strict=True)]


def _table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    state, actors, influence, level, stale, late = zip(*rows, strict=True) if rows else [()] * 6
    return pd.DataFrame(
        {
            "state": pd.Series([STATES[code] for code in state], dtype="str"),
            "actors": pd.Series(actors, dtype=object),
            "influence": pd.Series(influence, dtype=object),
            "level": pd.Series([("", *LEVELS)[code + 1] for code in level], dtype="str"),
            "stale": pd.Series(stale, dtype=bool),
            "stale_influence": pd.Series(late, dtype=object),
        }
    ).rename_axis("state_id")


def _join_alike(face: Ints, cuts: _Cuts, state: Ints) -> Runs:
    """Join cuts of one face that touch and have the same state."""
    joined = _followed(face) & _followed(state) & (cuts.stop == np.roll(cuts.start, -1))
    first = ~np.roll(joined, 1)
    runs = Runs(
        face=face[first].astype(np.int32),
        start=days(cuts.start[first]),
        stop=days(cuts.stop[~joined]),
        state=state[first].astype(np.int32),
    )
    for column in (runs.face, runs.start, runs.stop, runs.state):
        column.flags.writeable = False
    return runs


def _followed(values: Ints) -> Bools:
    """Which rows are followed by a row with the same value."""
    followed = np.zeros(len(values), dtype=bool)
    followed[:-1] = values[1:] == values[:-1]
    return followed
