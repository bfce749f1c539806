"""The three readings of the claims, laid over each other: what each ground adds to which figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import timeline
from geo.areas import sum_by
from geo.claims import CONFIDENCES
from geo.composite import Composite
from geo.timeline import NONE, Filters, Timeline

Ints = NDArray[np.int64]
Pairs = frozenset[tuple[str, str]]  # (actor, state); the actor is "" for the ground itself

EVERYBODY = ""  # the actor of the figures that part the ground by its state
HELD = "held"  # the state of the figures that add up what an actor controls or shares
BEGINNING, END = -(2**31), 2**31 - 1  # day numbers before and after all days there are
M2 = 10**6  # in a km²

_CAREFUL = "medium"  # the confidence that the low end of a range asks for
_SPAN = 2**33  # more than there are day numbers, so that face * _SPAN + day sorts by both
_WEIGHTS = ("m2", "places", "counted", "people")


class Mix(NamedTuple):
    """What the three readings come to on one ground: the figures it is part of.

    Attributes
    ----------
    low, asked, high
        Pairs (actor, state) whose low end, whose value and whose high end the ground adds to.
    stale
        Those of `asked` that rest on evidence past its shelf-life.
    """

    low: Pairs
    asked: Pairs
    high: Pairs
    stale: Pairs


class _Said(NamedTuple):
    """A row of `Timeline.states`."""

    state: str
    actors: tuple[str, ...]
    influence: tuple[str, ...]
    level: str
    stale: bool
    stale_influence: tuple[str, ...]


_NOTHING = _Said(NONE, (), (), "", stale=False, stale_influence=())


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """Three readings of one composite laid over each other, and what each face weighs.

    Attributes
    ----------
    timeline
        The reading that was asked for.
    face, start, stop, mix
        (S,) int64, sorted by face and start: every day of every face is in one span. Day numbers
        (0 is 1970-01-01), half-open; `mix` is a place in `mixes`.
    mixes
        What occurs.
    weights
        DataFrame, one row a face, int64: `m2` (whole square metres, so that parts add up to the
        whole in any order), `places` (those whose point lies in it), `counted` (those of them with
        a known population), `people` (their inhabitants).
    """

    timeline: Timeline
    face: Ints
    start: Ints
    stop: Ints
    mix: Ints
    mixes: tuple[Mix, ...]
    weights: pd.DataFrame


def ranges(asked: Timeline, places: gpd.GeoDataFrame | None = None) -> Ranges:
    """Read the claims of `asked` twice more, and lay the readings over each other.

    Parameters
    ----------
    asked
        The timeline whose figures are wanted; its filters hold for all three readings.
    places
        As `places.parse` returns them; None: no places and no people are counted.
    """
    filters = asked.filters
    floor = max(filters.min_confidence or CONFIDENCES[0], _CAREFUL, key=CONFIDENCES.index)
    careful = _reread(asked, replace(filters, min_confidence=floor, claimed=False))
    widely = _reread(asked, replace(filters, claimed=True))

    face, start, states = _laid_over((careful, asked, widely))
    key = (states + 1) @ (1, 2**20, 2**40)  # a million states of one reading would not fit
    _, example, which = np.unique(key, return_index=True, return_inverse=True)
    mixed = list(_mixed((careful, asked, widely), states[example]))
    mixes = tuple(dict.fromkeys(mixed))
    number = {mix: place for place, mix in enumerate(mixes)}
    mix = np.array([number[what] for what in mixed], dtype=np.int64)[which]

    new = np.ones(len(face), dtype=bool)
    new[1:] = (face[1:] != face[:-1]) | (mix[1:] != mix[:-1])
    face, start, mix = face[new], start[new], mix[new]
    stop = np.full(len(face), END)
    stop[:-1] = np.where(face[1:] == face[:-1], start[1:], END)
    return Ranges(asked, face, start, stop, mix, mixes, _weights(asked.composite, places))


def _reread(asked: Timeline, filters: Filters) -> Timeline:
    if filters == asked.filters:
        return asked
    reading = timeline.resolve(asked.composite, **asdict(filters))
    return timeline.with_every_side(reading) if asked.codes.every_side else reading


def _laid_over(readings: Sequence[Timeline]) -> tuple[Ints, Ints, Ints]:
    """Spans of every face through all time: face, start, and a column of states for each reading.

    A state is a `state_id` of the reading, or -1.
    """
    every = np.arange(len(readings[0].composite.faces), dtype=np.int32)
    faces: list[NDArray[np.int32]]
    faces, days = [every], [np.full(len(every), BEGINNING)]
    for reading in readings:
        begin, end = _numbers(reading.runs.start), _numbers(reading.runs.stop)
        ends = end < END
        faces += [reading.runs.face, reading.runs.face[ends]]
        days += [begin, end[ends]]
    face, day = np.concatenate(faces).astype(np.int64), np.concatenate(days)
    key, place = np.unique(face * _SPAN + day, return_index=True)
    face, day = face[place], day[place]
    return face, day, np.column_stack([_states(reading, face, day, key) for reading in readings])


def _states(reading: Timeline, face: Ints, day: Ints, key: Ints) -> Ints:
    """State of a reading at each of some days of some faces, `key` being both in one number."""
    runs = reading.runs
    if not len(runs.face):
        return np.full(len(key), -1)
    begins = runs.face.astype(np.int64) * _SPAN + _numbers(runs.start)
    run = np.searchsorted(begins, key, side="right") - 1
    lasts = (run >= 0) & (runs.face[run] == face) & (day < _numbers(runs.stop)[run])
    return np.where(lasts, runs.state[run], -1)


def _numbers(days: NDArray[np.datetime64]) -> Ints:
    return np.where(np.isnat(days), END, days.astype(np.int64))


def _mixed(readings: Sequence[Timeline], states: Ints) -> Iterator[Mix]:
    """The mix of each row of `states`, one state of each reading."""
    said = [
        [*map(_Said._make, reading.states.itertuples(index=False)), _NOTHING]
        for reading in readings
    ]
    for row in states:
        careful, asked, widely = (told[state] for told, state in zip(said, row, strict=True))
        shown = _pairs(asked)
        contested = {(a, HELD) for told in (careful, asked, widely) for a in told.actors}
        yield Mix(
            low=shown & _pairs(careful),
            asked=shown,
            high=shown | _pairs(careful) | _pairs(widely) | contested,
            stale=_stale(asked, shown),
        )


def _pairs(said: _Said) -> Pairs:
    """The figures that a state, a row of `Timeline.states`, is part of."""
    states = (said.state, HELD) if said.state in ("control", "shared") else (said.state,)
    return frozenset(
        {
            (EVERYBODY, said.state),
            *((actor, state) for actor in said.actors for state in states),
            *((actor, "influence") for actor in said.influence),
        }
    )


def _stale(said: _Said, pairs: Pairs) -> Pairs:
    """Those of its `pairs` that rest on evidence past its shelf-life."""
    late = {(actor, "influence") for actor in said.stale_influence}
    if said.stale:
        late |= {pair for pair in pairs if pair[0] == EVERYBODY or pair[1] != "influence"}
    return frozenset(late)


def _weights(composite: Composite, places: gpd.GeoDataFrame | None) -> pd.DataFrame:
    faces = composite.faces
    weights = pd.DataFrame(0, index=range(len(faces)), columns=_WEIGHTS, dtype=np.int64)
    weights["m2"] = np.rint(faces["area_km2"].to_numpy() * M2).astype(np.int64)
    if places is None:
        return weights
    place, face = faces.sindex.query(places.geometry.to_numpy(), predicate="intersects")
    order = np.lexsort((face, place))
    place, first = np.unique(place[order], return_index=True)
    face = face[order][first]  # on a border the first face, as slices.locate has it
    population = places["population"].iloc[place]
    for name, values in (
        ("places", np.ones(len(place))),
        ("counted", population.notna()),
        ("people", population.fillna(0)),
    ):
        sums = sum_by(face, np.asarray(values, dtype=np.float64), len(faces))
        weights[name] = sums.astype(np.int64)
    return weights
