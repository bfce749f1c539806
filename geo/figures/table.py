"""The ranges added up: rows for every day on which a figure changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.areas import sum_by
from geo.boundaries import EDITIONS
from geo.composite import Composite
from geo.errors import ViewError
from geo.figures.readings import BEGINNING, END, EVERYBODY, HELD, M2, Ints, Mix, Ranges
from geo.timeline import NONE, STATES, check_supported, day_number, each

COUNTRY = ""  # the region of the rows about all ground

_STATES = (HELD, *STATES, NONE)  # in the order of the rows
# What a column says: the weight it sums, and the field of `Mix` it sums it over.
_MEASURES = {"km2": "m2", "places": "places", "people": "people"}
_PREFIXES = {"low": "low_", "asked": "", "high": "high_", "stale": "stale_"}


def on(ranges: Ranges, day: date, *, regions: bool = False) -> pd.DataFrame:
    """Every figure on one day: the rows of `over_time`."""
    return over_time(ranges, day, day, regions=regions)


def over_time(ranges: Ranges, first: date, last: date, *, regions: bool = False) -> pd.DataFrame:
    """Every figure on `first`, and on each later day until `last` on which any of them changes.

    Parameters
    ----------
    regions
        Add the rows of every region, in the edition of the day, to those of the country.

    Returns
    -------
    DataFrame
        RangeIndex, ordered by the first five columns:

        - `day` (datetime64[s]): the figures hold from this day to the next one in the table;
        - `edition`, `region` (text): "" for the whole country;
        - `actor` (text): "" in the rows that part the ground by its state, of which there is
          always one for every state, `none` among them; they add up to `of_km2`;
        - `state`: of the ground; in the rows of an actor also `held`, what it controls or shares;
        - `low_km2`, `km2`, `high_km2` (float): the range, and the value as asked; `stale_km2`:
          what of `km2` rests on evidence past its shelf-life; `of_km2`: the whole region;
        - the same five for `places` (int): listed places, by the state of the ground at their
          point;
        - the same five for `people` (int): inhabitants of those places whose population is known;
          of `of_places` it is known of `counted_places` (int).

        The rows of several actors overlap: ground that two contest counts for both. An actor has
        no row where even the high end is nothing.

    Raises
    ------
    ViewError
        `last` comes before `first` or after `Timeline.supported_until`, or the units do not say
        which region they are in.
    """
    check_supported(ranges.timeline, last)
    if last < first:
        raise ViewError(f"{last} comes before {first}. Choose a later last day.")
    parts = _parts(ranges.mixes)
    tables = [
        _tabled(ranges, parts, grouping, _days(ranges, grouping, first, last))
        for grouping in _groupings(ranges.timeline.composite, regions=regions)
    ]
    table = pd.concat(tables).sort_values("day", kind="stable", ignore_index=True)
    for name in table.columns[table.columns.str.endswith("_km2") | (table.columns == "km2")]:
        table[name] = table[name] / M2
    texts = dict.fromkeys(("edition", "region", "actor", "state"), "str")
    counts = {name: "int64" for name in table.columns[5:] if not name.endswith("km2")}
    return table.astype(texts | counts)


@dataclass(frozen=True, slots=True, eq=False)
class _Grouping:
    """One way to part the country, and the days on which it stands.

    Attributes
    ----------
    edition
        Its name; "" for the whole country.
    regions
        (G,) text, sorted.
    group
        (F,) the place in `regions` of every face.
    first, after
        Day numbers, half-open.
    """

    edition: str
    regions: NDArray[np.object_]
    group: Ints
    first: int
    after: int


def _groupings(composite: Composite, *, regions: bool) -> Iterator[_Grouping]:
    faces = len(composite.faces)
    whole = np.array([COUNTRY], dtype=object)
    yield _Grouping("", whole, np.zeros(faces, dtype=np.int64), BEGINNING, END)
    if not regions:
        return
    unit = composite.faces["unit"].to_numpy()
    for edition in EDITIONS:
        if edition.column not in composite.units:
            raise ViewError(
                f"The units have no column {edition.column!r}, so no figure can be given by "
                f"region. Ask for the figures of the whole ground."
            )
        names = composite.units[edition.column].to_numpy(dtype=object)[unit]
        known, group = np.unique(names.astype(str), return_inverse=True)
        first = BEGINNING if edition.valid_from is None else day_number(edition.valid_from)
        after = END if edition.valid_to is None else day_number(edition.valid_to)
        yield _Grouping(edition.name, known.astype(object), group, first, after)


def _days(ranges: Ranges, grouping: _Grouping, first: date, last: date) -> Ints:
    """Days with rows: the first one asked for, the first of the edition, those of a change."""
    begin, end = max(day_number(first), grouping.first), min(day_number(last) + 1, grouping.after)
    changes = ranges.start[(begin < ranges.start) & (ranges.start < end)]
    return np.unique(np.append(changes, begin if begin < end else []).astype(np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Every pair of every mix, end to end.

    Attributes
    ----------
    pairs
        DataFrame, RangeIndex, ordered: `actor` and `state` of every pair that occurs, and those of
        the ground whether they do or not.
    first, size
        (X,) where the parts of each mix begin, and how many there are.
    pair
        (P,) rows of `pairs`.
    ends
        (P,) bool by the name of a field of `Mix`: whether the part counts for it.
    """

    pairs: pd.DataFrame
    first: Ints
    size: Ints
    pair: Ints
    ends: dict[str, NDArray[np.bool_]]


def _parts(mixes: tuple[Mix, ...]) -> _Parts:
    ground = {(EVERYBODY, state) for state in (*STATES, NONE)}
    pairs = sorted(
        ground.union(*(mix.high for mix in mixes)),
        key=lambda pair: (pair[0], _STATES.index(pair[1])),
    )
    number = {pair: row for row, pair in enumerate(pairs)}
    flat = [(mix, pair) for mix in mixes for pair in sorted(mix.high)]
    size = np.array([len(mix.high) for mix in mixes], dtype=np.int64)
    return _Parts(
        pairs=pd.DataFrame(pairs, columns=["actor", "state"], dtype="str"),
        first=np.cumsum(size) - size,
        size=size,
        pair=np.array([number[pair] for _, pair in flat], dtype=np.int64),
        ends={
            end: np.array([pair in getattr(mix, end) for mix, pair in flat], dtype=bool)
            for end in Mix._fields
        },
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Moves:
    """Ground that comes to a figure on one day and leaves it on another.

    Attributes
    ----------
    face, part
        (M,) the ground, and the part of a mix that makes it come.
    figure
        (M,) the row of the figures.
    comes, goes
        (M,) places in the days of the table; the number of days where it does not leave.
    """

    face: Ints
    part: Ints
    figure: Ints
    comes: Ints
    goes: Ints


def _tabled(ranges: Ranges, parts: _Parts, grouping: _Grouping, days: Ints) -> pd.DataFrame:
    """Rows of one grouping on `days`, in order."""
    # Whatever happens, every region has a row for every state of the ground.
    ground = np.flatnonzero(parts.pairs["actor"] == EVERYBODY)
    every = np.arange(len(grouping.regions))
    always = (every[:, None] * len(parts.pairs) + ground).ravel()
    key, moves = _moves(ranges, parts, grouping, days)
    keys, row = np.unique(np.concatenate([always, key]), return_inverse=True)
    moves = replace(moves, figure=row[len(always) :])

    weights = {name: ranges.weights[name].to_numpy(np.float64) for name in _MEASURES.values()}
    sums = {
        (end, name): _sums(moves, parts.ends[end], weight, (len(keys), len(days)))
        for name, weight in weights.items()
        for end in Mix._fields
    }
    told = (sums["high", "m2"] > 0) | (sums["high", "places"] > 0)
    told[:, np.isin(keys, always)] = True
    day, kept = np.nonzero(told)
    region, pair = np.divmod(keys[kept], len(parts.pairs))
    columns = {
        "day": days[day].astype("datetime64[D]").astype("datetime64[s]"),
        "edition": np.full(len(day), grouping.edition, dtype=object),
        "region": grouping.regions[region],
        "actor": parts.pairs["actor"].to_numpy()[pair],
        "state": parts.pairs["state"].to_numpy()[pair],
    }
    for measure, name in _MEASURES.items():
        for end, prefix in _PREFIXES.items():
            columns[f"{prefix}{measure}"] = sums[end, name][told]
        columns[f"of_{measure}"] = _by_region(ranges, grouping, name)[region]
    columns["counted_places"] = _by_region(ranges, grouping, "counted")[region]
    return pd.DataFrame(columns)


def _moves(ranges: Ranges, parts: _Parts, grouping: _Grouping, days: Ints) -> tuple[Ints, _Moves]:
    """Every move, and the key of its figure: region x pairs + pair."""
    comes, goes = (np.searchsorted(days, day) for day in (ranges.start, ranges.stop))
    shown = np.flatnonzero(comes < goes)
    mix = ranges.mix[shown]
    row, part = each(parts.first[mix], parts.size[mix])
    span = shown[row]
    face = ranges.face[span]
    key = grouping.group[face] * len(parts.pairs) + parts.pair[part]
    return key, _Moves(face, part, key, comes[span], goes[span])


def _sums(
    moves: _Moves, counts: NDArray[np.bool_], weight: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Weight of every figure on every day, (days, figures), of the parts that count."""
    figures, days = shape
    here = counts[moves.part]
    moved, row = weight[moves.face[here]], moves.figure[here] * (days + 1)
    cells = figures * (days + 1)
    change = sum_by(row + moves.comes[here], moved, cells)
    change -= sum_by(row + moves.goes[here], moved, cells)
    # Whole numbers below 2**53: the sums are exact, though they are floats.
    sums: NDArray[np.float64] = np.cumsum(change.reshape(figures, -1), axis=1)[:, :-1].T
    return sums


def _by_region(ranges: Ranges, grouping: _Grouping, name: str) -> NDArray[np.float64]:
    weight = ranges.weights[name].to_numpy(np.float64)
    return sum_by(grouping.group, weight, len(grouping.regions))
