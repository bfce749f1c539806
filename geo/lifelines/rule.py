"""What claims and events say about each stretch of road, and on which days: docs/method.md.

Absence of evidence is never evidence: a stretch of which nothing here speaks is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from functools import partial
from itertools import pairwise, starmap
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from geo import ground, history, slices, tables
from geo.claims import BASE, CONFIDENCES, SHIPPED
from geo.errors import AreaRefError
from geo.layers import Layers, corridors
from geo.lifelines.roads import distance_km
from geo.timeline import Timeline, days

DAYS = 90  # after its newest confirmation evidence about a road still counts: editorial
HELD_KM = 25  # between towns of one holder; further apart that says little of the road: editorial
ATTACKS = ("attack", "battle", "capture", "abduction")  # kinds of events that make a road risky
PASSAGE = "passage"  # kind of event: traffic is reported to pass
# Kinds of events that are about a town's supply as a whole and name no road.
SAYINGS = ("assessment", "blockade", "blockade-effect", "declaration", "siege", "talks")
PRESSING = ("siege", "blockade")
NOT_STATE = ("jihadist", "separatist", "militia")  # kinds of actors

_LIFE = np.timedelta64(DAYS + 1, "D")  # to the first day on which it counts no more
_DAY = np.timedelta64(1, "D")
_EVER = np.datetime64("NaT", "D")

_Span = tuple[np.datetime64, np.datetime64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of evidence: what one claim or event says about one stretch, and when.

    Attributes
    ----------
    stretch
        `bamako-kayes/5`; "" where it is about a town and no road is named.
    state
        "blocked", "risky", "open"; "said" where no road is named; "" where it is too old to
        count and is only listed.
    kind
        "siege-here", "siege-next", "siege-town" (of the stretch, of one that meets it, of a town
        on it) and the same with "blockade", "attack", "contested", "besieger" (a town on it is
        held by an actor that besieges others), "passage", "held" (all towns on it are held by
        one actor, none further from the next than `HELD_KM`), "event" (of a town's supply as a
        whole).
    place
        The town meant, "" where it is the stretch.
    claim_id, event
        What says so: one of the two, the other "".
    start, stop
        Days on which it counts, half-open; NaT: without end.
    """

    stretch: str
    state: str
    kind: str
    place: str
    claim_id: str
    event: str
    start: np.datetime64
    stop: np.datetime64


@dataclass(frozen=True, slots=True)
class _Held:
    """A town under one claim, as long as its evidence is fresh."""

    actors: tuple[str, ...]
    claim_id: str
    span: _Span


def evidence(layers: Layers, timeline: Timeline) -> pd.DataFrame:
    """Everything that speaks about any stretch of road, under the filters of `timeline`.

    Returns
    -------
    DataFrame
        RangeIndex, the columns of `Evidence`; `start` and `stop` datetime64[s].
    """
    stops = corridors.stretches(layers.roads)
    rows = [
        *_pressed(timeline, stops),
        *_events(layers, timeline, stops),
        *_towns(layers, timeline, stops),
    ]
    return _frame(rows)


def sayings(layers: Layers, timeline: Timeline, place: str) -> pd.DataFrame:
    """What is said of a town's supply as a whole: columns as `evidence`, `state` "said" or ""."""
    about = (row for row in _overlays(timeline) if row.place == place)
    rows = [*_aged(about, "said"), *_said(layers, timeline, place)]
    return _frame(rows)


def area(ref: str) -> ground.AreaRef:
    """The ground a claim names; a layer of the reader's own may name it as it likes: `drawn`."""
    try:
        return ground.parse(ref)
    except AreaRefError:
        return ground.AreaRef("drawn")


def _frame(rows: Iterable[Evidence]) -> pd.DataFrame:
    names = [field.name for field in fields(Evidence)]
    frame = pd.DataFrame([astuple(row) for row in rows], columns=names)
    days = {name: frame[name].astype("datetime64[s]") for name in ("start", "stop")}
    texts = {name: frame[name].astype("str") for name in names if name not in days}
    return frame.assign(**texts, **days)


# ---- sieges and blockades


@dataclass(frozen=True, slots=True)
class _Overlay:
    """A siege or blockade of a stretch or of a town, one of which is ""."""

    claim_id: str
    status: str
    actor: str
    stretch: str
    place: str
    span: _Span  # as long as its evidence is fresh
    stop: np.datetime64  # as long as it is said to last


def _overlays(timeline: Timeline) -> Iterator[_Overlay]:
    known = timeline.overlays
    pressing = known[known["status"].isin(PRESSING) & (known["assertion"] == "assessed")]
    claims = timeline.composite.claims.iloc[pressing["claim"]]
    for row, claim_id, ref in zip(
        tables.rows(pressing), claims["claim_id"], claims["area_ref"], strict=True
    ):
        named = area(ref)
        if named.kind not in {"road", "place"}:
            continue
        start, stop, stale = (_day(row[name]) for name in ("start", "stop", "stale_from"))
        yield _Overlay(
            claim_id,
            row["status"],
            row["actor"],
            f"{named.key}/{named.segment}" if named.kind == "road" else "",
            named.key if named.kind == "place" else "",
            (start, np.fmin(stop, stale)),
            stop,
        )


def _aged(
    overlays: Iterable[_Overlay], state: str, stretch: str = "", *, where: str = "town"
) -> Iterator[Evidence]:
    """Each of `overlays` while it counts, and after that as too old to count."""
    for one in overlays:
        start, stale = one.span
        common = (f"{one.status}-{where}", one.place, one.claim_id, "")
        yield Evidence(stretch, state, *common, start, stale)
        if not one.stop <= stale:  # also where it is said to last without end
            yield Evidence(stretch, "", *common, stale, one.stop)


def _pressed(timeline: Timeline, stops: pd.Series) -> Iterator[Evidence]:
    overlays = list(_overlays(timeline))
    ends = {str(stretch): {passed[0], passed[-1]} for stretch, passed in stops.items()}
    for stretch, passed in stops.items():
        name = str(stretch)
        others = [one for one in overlays if one.stretch in ends and one.stretch != name]
        beside = [one for one in others if ends[name] & ends[one.stretch]]
        here = [one for one in overlays if one.stretch == name]
        yield from _aged(here, "blocked", name, where="here")
        yield from _aged(beside, "risky", name, where="next")
        yield from _aged([one for one in overlays if one.place in passed], "risky", name)


# ---- events


def _events(layers: Layers, timeline: Timeline, stops: pd.Series) -> Iterator[Evidence]:
    heard = _heard(layers.events, timeline)
    telling = heard[heard["kind"].isin([*ATTACKS, PASSAGE])]
    for row in tables.rows(telling):
        passage = row["kind"] == PASSAGE
        state, kind = ("open", "passage") if passage else ("risky", "attack")
        for stretch in _stretches_of(layers, row, stops):
            yield _dated(row, stretch, state, kind)


def _said(layers: Layers, timeline: Timeline, place: str) -> Iterator[Evidence]:
    """Events about a town's supply, and those on a road that is not known."""
    heard = _heard(layers.events, timeline)
    roads = layers.event_roads
    listed = roads.index[(roads["place"] == place) & (roads["stretches"].map(len) == 0)]
    here = (heard["place"] == place) & heard["kind"].isin(SAYINGS)
    for row in tables.rows(heard[here | heard.index.isin(listed)]):
        yield _dated(row, "", "said", "event")


def _dated(event: dict[str, Any], stretch: str, state: str, kind: str) -> Evidence:
    start = _day(event["date"])
    return Evidence(stretch, state, kind, event["place"], "", event["event"], start, start + _LIFE)


def _stretches_of(layers: Layers, event: dict[str, Any], stops: pd.Series) -> tuple[str, ...]:
    """Where an event was: what `event_roads.csv` says, or else every stretch past its place."""
    if event["event"] in layers.event_roads.index:
        said: tuple[str, ...] = layers.event_roads.loc[event["event"], "stretches"]
        return said
    if event["kind"] == PASSAGE:  # that a town is reached does not say by which road
        return ()
    return tuple(str(stretch) for stretch, passed in stops.items() if event["place"] in passed)


def _heard(events: pd.DataFrame, timeline: Timeline) -> pd.DataFrame:
    """Events the reader wants to hear of; an event is known from its day on."""
    filters = timeline.filters
    heard = pd.Series(data=True, index=events.index)
    if filters.known_on is not None:
        heard &= events["date"] <= pd.Timestamp(filters.known_on)
    if filters.layers is not None and SHIPPED not in filters.layers:
        heard &= False  # events come with the shipped layer
    sources = filters.sources
    if sources is not None:
        heard &= events["sources"].map(lambda keys: not sources.isdisjoint(keys))
    if filters.min_confidence is not None:
        floor = CONFIDENCES.index(filters.min_confidence)
        heard &= events["confidence"].map(CONFIDENCES.index) >= floor
    return events[heard]


# ---- who holds the towns


def _towns(layers: Layers, timeline: Timeline, stops: pd.Series) -> Iterator[Evidence]:
    passing = stops.explode()
    contested: dict[str, list[_Held]] = defaultdict(list)
    held: dict[str, list[_Held]] = defaultdict(list)
    for place, state, claim in _resolved(layers, timeline, passing.unique()):
        (contested if state == "contested" else held)[place].append(claim)
    besieging = _besieging(layers, timeline)
    for stretch, place in passing.items():
        for claim in contested[place]:
            yield _by(claim, str(stretch), "risky", "contested", place, claim.span)
        for claim in held[place]:
            for span in _common([claim.span], [s for a in claim.actors for s in besieging[a]]):
                yield _by(claim, str(stretch), "risky", "besieger", place, span)
    for stretch, passed in stops.items():
        if max(starmap(partial(distance_km, layers.places), pairwise(passed))) <= HELD_KM:
            yield from _held_by_one(str(stretch), passed, held)


def _resolved(
    layers: Layers, timeline: Timeline, places: Iterable[str]
) -> Iterator[tuple[str, str, _Held]]:
    """Every claim that decides about a town itself: place, state, and while it is fresh.

    A town that was contested counts for as long after its last day as any other evidence.
    """
    claims = timeline.composite.claims
    local = np.flatnonzero((claims["level"] == "place") & claims["status"].isin(BASE))
    told = claims.iloc[local][["claim_id", "valid_from", "valid_to"]]
    told["confirmed"] = days(timeline.codes.confirmed[local])  # nothing after the known-on day
    known = {row["claim_id"]: row for row in tables.rows(told)}
    incidence = timeline.composite.incidence
    faces = set(incidence[np.isin(incidence[:, 1], local), 0].tolist())
    data = layers.dataset
    for place in places:
        point = layers.places.geometry[place]
        face = slices.locate(timeline.composite, point.x, point.y)
        if face is None or face not in faces:
            continue
        spans = history.at(timeline, face, until=data.supported_until, first_day=data.first_day)
        for span in tables.rows(spans[spans["level"] == "place"]):
            for claim_id in span["claim_ids"]:
                held = _fresh(span, known[claim_id]) if claim_id in known else None
                if held is not None:
                    yield place, span["state"], held


def _fresh(span: dict[str, Any], claim: dict[str, Any]) -> _Held | None:
    """The part of a span in which the evidence of one of its claims is fresh, if there is any."""
    begin = max(_day(span["start"]), _day(claim["valid_from"]))
    end = np.fmin(_day(span["stop"]), _day(claim["valid_to"]))
    last = min(end - _DAY, _day(claim["confirmed"]))  # the last day there is evidence of
    until = last + _LIFE if span["state"] == "contested" else min(end, last + _LIFE)
    return _Held(span["actors"], claim["claim_id"], (begin, until)) if begin < until else None


def _besieging(layers: Layers, timeline: Timeline) -> dict[str, list[_Span]]:
    """Days on which each actor that is not the state besieges or blockades anything."""
    kinds = layers.actors["kind"]
    found: dict[str, list[_Span]] = defaultdict(list)
    for one in _overlays(timeline):
        if kinds.get(one.actor) in NOT_STATE:
            found[one.actor].append(one.span)
    return found


def _held_by_one(
    stretch: str, passed: tuple[str, ...], held: dict[str, list[_Held]]
) -> Iterator[Evidence]:
    """All towns of a stretch held by the same single actor at the same time."""
    for actor in sorted({a for claim in held[passed[0]] for a in claim.actors}):
        alone = [[c for c in held[place] if c.actors == (actor,)] for place in passed]
        together = [claim.span for claim in alone[0]]
        for claims in alone[1:]:
            together = _common(together, [claim.span for claim in claims])
        for place, claims in zip(passed, alone, strict=True):
            for claim in claims:
                for span in _common([claim.span], together):
                    yield _by(claim, stretch, "open", "held", place, span)


def _by(claim: _Held, stretch: str, state: str, kind: str, place: str, span: _Span) -> Evidence:
    return Evidence(stretch, state, kind, place, claim.claim_id, "", *span)


def _common(some: Iterable[_Span], others: Iterable[_Span]) -> list[_Span]:
    """Days that lie in one of `some` and in one of `others`."""
    others = list(others)
    spans = {(max(a, c), min(b, d)) for a, b in some for c, d in others if max(a, c) < min(b, d)}
    return sorted(spans)


def _day(value: pd.Timestamp | NaTType) -> np.datetime64:
    return _EVER if isinstance(value, NaTType) else np.datetime64(value.date(), "D")
