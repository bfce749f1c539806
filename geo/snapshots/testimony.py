"""Who says so, for every face and every day at once: small enough to lie inside a page.

Texts stand once in a list and are named by their place in it; so do sources and claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import details, ground, tables
from geo.evidence import cited
from geo.languages import Language
from geo.layers import Layers
from geo.timeline import COUNTS, FAR, Intervals, Timeline, day_number, intervals, judge

Json = dict[str, Any]
Run = tuple[int, int, int, tuple[int, ...]]  # face, first day, first day after, claims


def told(layers: Layers, timeline: Timeline, language: Language) -> Json:
    """The claims behind a map that scrubs, as plain JSON types.

    Returns
    -------
    dict
        `strings`; `sources` (as `details.source`); `claims` ([heading, tags, period, note, reason,
        sources], texts as places in `strings`, sources as places in `sources`); `faces` (one a
        face: [from, to, [claim, …]] for the days on which they decide, `to` None while they do);
        `marks` (the claim of each of the payload's `overlays`, in their order).
    """
    first = layers.dataset.first_day
    runs = deciding(timeline, first)
    marks = _marks(timeline)
    used = sorted({claim for _, _, _, claims in runs for claim in claims} | set(marks))
    place = {row: number for number, row in enumerate(used)}
    words = _Words(layers, language)
    claims = [
        words.claim(row) for row in tables.rows(timeline.composite.claims.iloc[used].reset_index())
    ]
    faces: list[list[Any]] = [[] for _ in range(len(timeline.composite.faces))]
    for face, start, stop, rows in runs:
        ends = None if stop == FAR else stop
        faces[face].append([start, ends, [place[row] for row in rows]])
    return {
        "strings": list(words.strings),
        "sources": words.sources,
        "claims": claims,
        "faces": faces,
        "marks": [place[row] for row in marks],
    }


def deciding(timeline: Timeline, first: date) -> list[Run]:
    """When which claims decide each face: rows of the claims, days counted from `first`."""
    codes = timeline.codes
    face, claim = timeline.composite.incidence.astype(np.int64).T
    heard = codes.step[claim] == COUNTS
    found: list[Run] = []
    for some in intervals(codes, face[heard], claim[heard]):
        counts = judge(codes, some.interval, some.claim) == COUNTS
        found += _runs(some, counts, day_number(first))
    joined: list[Run] = []
    for run in found:
        if joined and joined[-1][0] == run[0] and joined[-1][2:] == (run[1], run[3]):
            joined[-1] = (run[0], joined[-1][1], run[2], run[3])
        elif run[3]:
            joined.append(run)
    return joined


def _runs(some: Intervals, counts: NDArray[np.bool_], first: int) -> Iterable[Run]:
    """The intervals that reach into the days from `first` on, and the claims that decide them."""
    order = np.lexsort((some.claim[counts], some.interval[counts]))
    interval, claim = some.interval[counts][order], some.claim[counts][order].tolist()
    bounds = np.searchsorted(interval, np.arange(len(some.face) + 1)).tolist()
    starts = np.maximum(some.start - first, 0).tolist()
    stops = np.where(some.stop == FAR, FAR, some.stop - first).tolist()
    for face, start, stop, (a, b) in zip(
        some.face.tolist(), starts, stops, pairwise(bounds), strict=True
    ):
        if stop > 0:
            yield face, start, stop, tuple(claim[a:b])


def _marks(timeline: Timeline) -> list[int]:
    """Rows of the claims behind the payload's `overlays`: those at a place or along a road."""
    rows = timeline.overlays["claim"].tolist()
    refs = timeline.composite.claims["area_ref"].iloc[rows]
    kinds = [ground.parse(ref).kind for ref in refs]
    return [row for row, kind in zip(rows, kinds, strict=True) if kind in ("road", "place")]


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Texts and sources, each once, in the order in which they are first needed."""

    layers: Layers
    language: Language
    strings: dict[str, int] = field(default_factory=dict)
    sources: list[Json] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)

    def claim(self, row: Json) -> list[Any]:
        said = details.claim_block(self.layers, row | {"step": "counts"}, self.language)
        return [
            self.text(said["heading"]),
            [self.text(tag) for tag in said["tags"]],
            self.text(said["period"]),
            self.text(said["note"]),
            self.text(said["reason"]),
            [self.source(key) for key in cited(row)],
        ]

    def text(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings))

    def source(self, key: str) -> int:
        if key not in self.keys:
            self.keys[key] = len(self.sources)
            self.sources.append(details.source(self.layers, key, self.language))
        return self.keys[key]
