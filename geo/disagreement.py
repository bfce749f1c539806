"""Where sources differ: what each of them says of the same ground on the same day.

The disagreement view is the rule without its steps 3 and 4 (docs/claims.md): a later report and
better evidence silence nobody. Step 2 stays: what is compared is what sources say of the most
local ground that any of them speaks of, for a claim about a region contradicts none about a town
in it. Influence contradicts nobody and is not compared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import slices, tables
from geo.areas import sum_by
from geo.claims import LEVELS
from geo.composite import number_lists
from geo.errors import ViewError
from geo.timeline import (
    COUNTS,
    STATES,
    Timeline,
    check_supported,
    day_number,
    days,
    decide,
    intervals,
    judge,
)

Ints = NDArray[np.int64]

_KINDS = ("place", "unit", "drawn")  # in the order of the rows
_COUNTED = ("sources", "answers", "agreeing")
_PARTS = ("differ", "agree", "single")


class Answer(NamedTuple):
    """What some sources, sorted, say alike: a state, and the actors that hold or contest."""

    state: str
    actors: tuple[str, ...]
    sources: tuple[str, ...]


def answers(timeline: Timeline, day: date) -> pd.DataFrame:
    """What each source says of each face on `day`, whatever the others say.

    Returns
    -------
    DataFrame
        RangeIndex, ordered by `face_id` and `source` (text); `state` (`control`, `contested` or
        `shared`), `actors` (tuple of text, sorted), `claim_ids` (tuple of text, sorted: its claims
        that say so). A source that says two things of the same ground is said to call it contested.

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    check_supported(timeline, day)
    voices = _voices(timeline, *slices.valid(timeline, day))
    codes, claims = timeline.codes, timeline.composite.claims
    actors = _lists(voices.holder_of, codes.names[voices.holder], len(voices.group))
    ids = claims["claim_id"].to_numpy()[voices.claim]
    told = pd.DataFrame(
        {
            "face_id": voices.group,
            "source": pd.Series(_source_names(timeline)[voices.source], dtype="str"),
            "state": pd.Series([STATES[code] for code in voices.state], dtype="str"),
            "actors": pd.Series(actors, dtype=object),
            "claim_ids": pd.Series(_lists(voices.claim_of, ids, len(voices.group)), dtype=object),
        }
    )
    return told.sort_values(["face_id", "source"], ignore_index=True)


def at(timeline: Timeline, day: date) -> gpd.GeoDataFrame:
    """How far sources agree about every face on `day`.

    Returns
    -------
    GeoDataFrame
        Indexed by `face_id`: the columns of `Composite.faces`, then `sources` (int: how many say
        who holds the ground), `answers` (int: how many different answers they give), `agreeing`
        (int: how many of them give the most common one) and `differ` (bool: there is more than one
        answer).

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    check_supported(timeline, day)
    faces = timeline.composite.faces
    voices = _voices(timeline, *slices.valid(timeline, day))
    counted = dict(zip(_COUNTED, _agreement(voices, len(faces)), strict=True))
    return faces.assign(**counted, differ=counted["answers"] > 1)


def where(timeline: Timeline, day: date) -> pd.DataFrame:
    """List the ground about which sources differ on `day`, with every answer.

    Returns
    -------
    DataFrame
        RangeIndex, places first, then by falling area: `kind` and `key` as in `slices.named`;
        `state`, `actors` (what the timeline makes of it), `km2` (float), `sources`, `agreeing` as
        in `at`, `answers` (tuple of `Answer`: those that most sources give first), and `face_id`
        (the largest face of the row).

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    faces = at(timeline, day)
    faces = pd.DataFrame(faces.loc[faces["differ"], ["unit", "area_km2", "sources", "agreeing"]])
    told = answers(timeline, day)
    told = told[told["face_id"].isin(faces.index)]
    by_face = told.groupby("face_id")
    faces["answers"] = pd.Series({face: _ordered(rows) for face, rows in by_face}, dtype=object)
    ids = by_face["claim_ids"].agg("sum")
    faces = faces.join(slices.named(timeline.composite, faces["unit"], ids))
    faces = faces.join(slices.at(timeline, day)[["state", "actors"]])
    alike = ["kind", "key", "state", "actors", "answers", "sources", "agreeing"]
    faces = faces.rename(columns={"area_km2": "km2"}).sort_values("km2", kind="stable")
    grouped = faces.rename_axis("face_id").reset_index().groupby(alike, as_index=False)
    listed = pd.DataFrame(grouped.agg({"km2": "sum", "face_id": "last"}))
    rank = listed["kind"].map(_KINDS.index)
    order = np.lexsort((listed["key"], -listed["km2"], rank))  # alike rows stay as grouped
    columns = ["kind", "key", "state", "actors", "km2", "sources", "agreeing", "answers", "face_id"]
    return listed[columns].iloc[order].reset_index(drop=True)


def runs(timeline: Timeline) -> pd.DataFrame:
    """On which days how many sources speak of each face, and how far they agree.

    Returns
    -------
    DataFrame
        RangeIndex, ordered by `face_id` and `start`: `start`, `stop` (datetime64[s], half-open;
        NaT while it lasts), `sources`, `answers`, `agreeing` as in `at`, and `level` (one of
        `LEVELS`: how local what they say is). A face has no row for days on which no source says
        who holds it; two rows of a face that touch differ in one of the last four columns.
    """
    spans = _spans(timeline)
    told = pd.DataFrame({"face_id": spans.face, "start": spans.start, "stop": spans.stop})
    told["sources"], told["answers"] = spans.sources, spans.answers
    told["agreeing"], told["level"] = spans.agreeing, np.array(LEVELS, dtype=object)[spans.level]
    alike = ["face_id", *_COUNTED, "level"]
    goes_on = (told[alike] == told[alike].shift()).all(axis=1)
    goes_on &= told["start"] == told["stop"].shift()
    merged = told.groupby((~goes_on).cumsum(), as_index=False).agg(
        dict.fromkeys(alike, "first") | {"start": "first", "stop": "last"}
    )
    for end in ("start", "stop"):
        merged[end] = days(merged[end].to_numpy(np.int64)).astype("datetime64[s]")
    columns = ["face_id", "start", "stop", *_COUNTED, "level"]
    return pd.DataFrame(merged[columns]).astype({"level": "str"})


def over_time(timeline: Timeline, first: date, last: date) -> pd.DataFrame:
    """How much ground sources differ about, on `first` and each later day of a change until `last`.

    Returns
    -------
    DataFrame
        RangeIndex, ordered by `day` (datetime64[s]); then four parts of the whole, in km²:
        `differ_km2` (sources give different answers), `agree_km2` (several give the same),
        `single_km2` (one source says who holds the ground) and `silent_km2` (none does).

    Raises
    ------
    ViewError
        `last` comes before `first`, or after `Timeline.supported_until`.
    """
    check_supported(timeline, last)
    if last < first:
        raise ViewError(f"{last} comes before {first}. Choose a later last day.")
    spans = _spans(timeline)
    face, start, stop = spans.face, spans.start, spans.stop
    part = np.select([spans.answers > 1, spans.sources > 1], [0, 1], default=2)
    begin, end = day_number(first), day_number(last) + 1
    breaks = np.concatenate([start, stop])
    on = np.unique([begin, *breaks[(begin < breaks) & (breaks < end)]]).astype(np.int64)

    km2 = timeline.composite.faces["area_km2"].to_numpy()
    cells = len(on) + 1
    comes, goes = (np.searchsorted(on, moved) for moved in (start, stop))
    change = sum_by(part * cells + comes, km2[face], len(_PARTS) * cells)
    change -= sum_by(part * cells + goes, km2[face], len(_PARTS) * cells)
    parts = change.reshape(len(_PARTS), cells).cumsum(axis=1)[:, :-1]
    table = {"day": on.astype("datetime64[D]").astype("datetime64[s]")}
    table |= {f"{name}_km2": row.round(6) for name, row in zip(_PARTS, parts, strict=True)}
    silent = km2.sum() - parts.sum(axis=0)
    return pd.DataFrame(table).assign(silent_km2=silent.round(6))


@dataclass(frozen=True, slots=True, eq=False)
class _Voices:
    """What each source says of each group: ground on a day, or over days without a change.

    Attributes
    ----------
    group, source, state, answer
        (V,) sorted by group and source: the source speaks of the group; a number of `Codes`; a
        place in `STATES`; a number that voices have in common who say the same.
    holder_of, holder
        Pairs, sorted: the voice names the actor.
    claim_of, claim
        Pairs, sorted: the voice rests on the claim.
    """

    group: Ints
    source: Ints
    state: Ints
    answer: Ints
    holder_of: Ints
    holder: Ints
    claim_of: Ints
    claim: Ints


class _Spans(NamedTuple):
    """Days on which sources speak of a face, all (S,), ordered by face and start.

    Attributes
    ----------
    face, start, stop
        Day numbers, half-open; `FAR` while it lasts.
    sources, answers, agreeing
        As in `at`.
    level
        Places in `LEVELS`.
    """

    face: Ints
    start: Ints
    stop: Ints
    sources: Ints
    answers: Ints
    agreeing: Ints
    level: Ints


def _voices(timeline: Timeline, group: Ints, claim: Ints) -> _Voices:
    """Resolve what each source says, from the pairs (group, claim) of claims valid in them."""
    codes = replace(timeline.codes, every_side=True)
    compared = (judge(codes, group, claim) == COUNTS) & codes.holds(claim)
    group, claim = group[compared], claim[compared]
    pair, source = codes.sources.of(claim)
    most = int(codes.sources.member.max(initial=0)) + 1
    voice, number = np.unique(group[pair] * most + source, return_inverse=True)
    verdict = decide(codes, number, claim[pair], len(voice))
    named = number_lists(verdict.holder_group, verdict.holder, len(voice))
    order = np.lexsort((claim[pair], number))
    return _Voices(
        group=voice // most,
        source=voice % most,
        state=verdict.state,
        answer=named * len(STATES) + verdict.state,
        holder_of=verdict.holder_group,
        holder=verdict.holder,
        claim_of=number[order],
        claim=claim[pair][order],
    )


def _agreement(voices: _Voices, groups: int) -> tuple[Ints, Ints, Ints]:
    """For each group, how many sources speak, in how many ways, and how many in the commonest."""
    most = int(voices.answer.max(initial=0)) + 1
    said, count = np.unique(voices.group * most + voices.answer, return_counts=True)
    agreeing = np.zeros(groups, dtype=np.int64)
    np.maximum.at(agreeing, said // most, count)
    sources = np.bincount(voices.group, minlength=groups)
    return sources, np.bincount(said // most, minlength=groups), agreeing


def _spans(timeline: Timeline) -> _Spans:
    face, claim = timeline.composite.incidence.astype(np.int64).T
    counts = timeline.codes.step[claim] == COUNTS
    spans = []
    for some in intervals(timeline.codes, face[counts], claim[counts]):
        voices = _voices(timeline, some.interval, some.claim)
        counted = _agreement(voices, len(some.face))
        level = np.zeros(len(some.face), dtype=np.int64)
        level[voices.group[voices.claim_of]] = timeline.codes.level[voices.claim]
        columns = (some.face, some.start, some.stop, *counted, level)
        spans.append([column[counted[0] > 0] for column in columns])
    return _Spans(*(np.concatenate(column) for column in zip(*spans, strict=True)))


def _source_names(timeline: Timeline) -> NDArray[np.object_]:
    """The key of each source as `Codes` numbers those that are heard."""
    heard = timeline.filters.sources
    lists = timeline.composite.claims["sources"]
    keys = [key for sources in lists for key in sources if heard is None or key in heard]
    member = timeline.codes.sources.member
    names = np.empty(int(member.max(initial=-1)) + 1, dtype=object)
    names[member] = keys
    return names


def _lists(of: Ints, words: NDArray[np.object_], count: int) -> list[tuple[str, ...]]:
    """The words of each of `count` voices, from sorted pairs (voice, word)."""
    bounds = np.searchsorted(of, np.arange(count + 1))
    return [tuple(words[a:b]) for a, b in pairwise(bounds)]


def _ordered(rows: pd.DataFrame) -> tuple[Answer, ...]:
    """The answers about one face, the most common first."""
    said: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in tables.rows(rows):
        said.setdefault((row["state"], row["actors"]), []).append(row["source"])
    told = [Answer(*answer, tuple(sources)) for answer, sources in said.items()]
    return tuple(sorted(told, key=lambda answer: (-len(answer.sources), answer)))
