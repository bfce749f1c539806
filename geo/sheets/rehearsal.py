"""What an upload would change if it were published, as tables: ground, figures, other claims.

Two maps of one day are compared, without the layer and with it. Nothing is decided here: both are
resolved like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import areas, changes, claims, comparison, details, effects, slices, tables
from geo.figures import Ranges
from geo.languages import Language, message
from geo.layers import Layers
from geo.sheets.sheet import KM2, SOURCES, WHAT, WHERE, Cell, Sheet, said
from geo.timeline import NONE, Timeline

MOST_PAIRS = 2_000  # of claims against each other: nobody reads more

_OVERLAP_KM2 = 0.5  # less is how exactly people draw one border twice
_HOLDING = ("control", "shared", "contested")
SAID = ("state", "actors", "influence")
HEADS = (message("Without the layer"), message("With the layer"))
_LEDGER, _FIGURES = message("Ground that changes"), message("Figures that change")
_MET = message("Claims that it meets")
_DECIDE, _ENDED = message("Claims that decide with it"), message("Claims that no longer decide")
_CLAIM, _BECOMES = message("Claim"), message("What becomes of it")
_AGAINST, _ACTOR = message("Claims of the layer against it"), message("Actor, or ground")


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsal:
    """The map without an upload and with it.

    Attributes
    ----------
    before, after
        The layers; both speak of the same days.
    timeline_before, timeline_after
        Their timelines, with everything heard.
    layer
        The id that the upload has in `after`.
    """

    before: Layers
    after: Layers
    timeline_before: Timeline
    timeline_after: Timeline
    layer: str

    @property
    def claims(self) -> gpd.GeoDataFrame:
        """What the upload says, as the map would have it."""
        told = self.after.claims
        return told[self._own(told) & told["corrected_on"].isna()]

    @property
    def others(self) -> gpd.GeoDataFrame:
        """What everybody else says."""
        told = self.before.claims
        return told[~self._own(told) & told["corrected_on"].isna()]

    def _own(self, told: gpd.GeoDataFrame) -> pd.Series:
        own: pd.Series = told["claim_id"].str.startswith(self.layer + claims.SEPARATOR)
        return own

    @property
    def first_day(self) -> date:
        """The day on which to look at first: when the last of its claims has begun."""
        data = self.after.dataset
        begun: date = self.claims["valid_from"].max().date()
        return min(max(begun, data.first_day), data.supported_until)


# ---- ground


def ledger(
    tried: Rehearsal, day: date, language: Language, heads: tuple[str, str] = HEADS
) -> Sheet:
    """Ground whose state is another with the layer, the largest first.

    `heads` says what the two maps are called, as messages or finished.

    Raises
    ------
    ViewError
        `day` comes after the last that is supported.
    """
    changed = _changed(tried, day)
    groups = changed.groupby(
        ["kind", "key", *(f"{name}_{when}" for when in ("then", "now") for name in SAID)],
        sort=False,
    )
    rows = sorted(
        ((alike, group) for alike, group in groups), key=lambda one: -one[1]["area_km2"].sum()
    )
    return Sheet(
        _titled(_LEDGER, day, language),
        language.say("Nothing changes on this day.")
        if not rows
        else language.plural(
            "{number} line, {km2} km² in all.",
            "{number} lines, {km2} km² in all.",
            len(rows),
            km2=language.number(round(float(changed["area_km2"].sum()))),
        ),
        _columns((WHERE, *heads, KM2, _DECIDE, _ENDED), language),
        tuple(_line(tried, alike, group, language) for alike, group in rows),
    )


def _line(
    tried: Rehearsal, alike: Sequence[Any], group: pd.DataFrame, language: Language
) -> tuple[Cell, ...]:
    kind, key = alike[:2]
    km2 = float(group["area_km2"].sum())
    without, beside = tuple(alike[2:5]), tuple(alike[5:8])
    return (
        Cell(comparison.where(tried.after, kind, key, language) or language.say("drawn ground")),
        Cell(changes.state(tried.after, without, language=language.code)),
        Cell(changes.state(tried.after, beside, language=language.code)),
        Cell(language.number(round(km2, 1)), f"{km2:.2f}"),
        Cell(" ".join(_union(group["claim_ids"]))),
        Cell(" ".join(_union(group["ended"]))),
    )


def _changed(tried: Rehearsal, day: date) -> pd.DataFrame:
    """Faces of the map with the layer that are otherwise without it; `ended`: ids of claims."""
    now, then = slices.at(tried.timeline_after, day), slices.at(tried.timeline_before, day)
    at = within(now, then)
    found = then.iloc[np.maximum(at, 0)].reset_index(drop=True)
    table = pd.DataFrame(now.drop(columns="geometry")).reset_index(drop=True)
    empty: dict[str, object] = {"state": NONE, "actors": (), "influence": ()}
    for name in SAID:
        values = [
            value if row >= 0 else empty[name] for row, value in zip(at, found[name], strict=True)
        ]
        table[f"{name}_then"] = pd.Series(values, dtype=object)
        table[f"{name}_now"] = table[name].astype(object)
    table["ended"] = pd.Series(
        [
            tuple(sorted(set(before) - set(after))) if i >= 0 else ()
            for i, before, after in zip(at, found["claim_ids"], table["claim_ids"], strict=True)
        ],
        dtype=object,
    )
    differs = np.zeros(len(table), dtype=bool)
    for name in SAID:
        pairs = zip(table[f"{name}_then"], table[f"{name}_now"], strict=True)
        differs |= np.fromiter((a != b for a, b in pairs), dtype=bool, count=len(table))
    changed = table[differs & (table["area_km2"] > 0).to_numpy()]
    both = changed["claim_ids"] + changed["ended"]
    return changed.join(slices.named(tried.timeline_after.composite, changed["unit"], both))


def within(now: gpd.GeoDataFrame, then: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """For each face the row of the face of `then` that it lies in; -1 for none.

    More claims cut ground more finely, never otherwise: a point inside tells for the whole face.
    """
    tree = shapely.STRtree(then.geometry.to_numpy())
    points = shapely.point_on_surface(now.geometry.to_numpy())
    face, row = tree.query(points, predicate="intersects")
    at = np.full(len(now), -1)
    at[face] = row
    return at


# ---- figures


def figured(
    tried: Rehearsal,
    before: Ranges,
    after: Ranges,
    day: date,
    language: Language,
    heads: tuple[str, str] = HEADS,
) -> Sheet:
    """The figures of a day that are others with the layer.

    Parameters
    ----------
    before, after
        `figures.ranges` of the two timelines.
    """
    told = effects.on(tried.after, before, after, day, language)
    rows = tuple(
        (Cell(row["name"]), Cell(row["before"]), Cell(row["after"])) for row in told["rows"]
    )
    return Sheet(
        _titled(_FIGURES, day, language),
        told["note"] if rows else language.say("No figure of this day changes."),
        _columns((_ACTOR, *heads), language),
        rows,
    )


# ---- other claims


def met(tried: Rehearsal, day: date, language: Language) -> Sheet:
    """Shipped and published claims that the layer contradicts on any day, or supersedes on `day`.

    A claim is contradicted where one of the layer says on the same ground and days that others
    hold it; superseded where it decided without the layer and does not with it.
    """
    ended = set(_union(_changed(tried, day)["ended"]))
    against, whole = _against(tried.claims, tried.others)
    others = tried.others.set_index("claim_id", drop=False).rename_axis(None)
    wanted = [key for key in dict.fromkeys([*against, *sorted(ended)]) if key in others.index]
    rows = []
    for claim in tables.rows(pd.DataFrame(others.loc[wanted].drop(columns="geometry"))):
        key = claim["claim_id"]
        becomes = []
        if key in against:
            becomes.append(language.say("contradicted"))
        if key in ended:
            becomes.append(language.say("superseded on this day"))
        rows.append((*_told(tried, claim, language), Cell(language.listed(becomes)),
                     Cell(" ".join(against.get(key, ())))))  # fmt: skip
    lead = language.say("It contradicts and supersedes nothing.")
    if rows:
        lead = language.say(
            "Contradicted: a claim of the layer says otherwise of the same ground and days. "
            "Superseded: it decided somewhere on this day, and would no longer."
        )
    if not whole:
        lead += " " + language.say(
            "There are more: only the first {number} pairs were compared.",
            number=language.number(MOST_PAIRS),
        )
    heads = (_CLAIM, WHERE, WHAT, SOURCES, _BECOMES, _AGAINST)
    return Sheet(_titled(_MET, day, language), lead, _columns(heads, language), tuple(rows))


def _told(tried: Rehearsal, claim: dict[str, Any], language: Language) -> tuple[Cell, ...]:
    known = tried.before.bibliography[["publisher", "reliability"]]
    return (
        Cell(claim["claim_id"]),
        Cell(details.area(tried.before, claim["area_ref"], language)),
        Cell(said(claim, tried.before.actors, language)),
        Cell(
            "; ".join(dict.fromkeys("{} ({})".format(*known.loc[key]) for key in claim["sources"]))
        ),
    )


def _against(
    mine: gpd.GeoDataFrame, theirs: gpd.GeoDataFrame
) -> tuple[dict[str, tuple[str, ...]], bool]:
    """Id of a claim -> ids of claims of the layer that say otherwise; and whether this is all."""
    mine, theirs = (
        table[table["status"].isin(_HOLDING) & (table["assertion"] == "assessed")]
        for table in (mine, theirs)
    )
    tree = shapely.STRtree(theirs.geometry.to_numpy())
    one, other = tree.query(mine.geometry.to_numpy(), predicate="intersects")
    ends = pd.Timestamp("9999-12-31").as_unit("s")
    far = mine["valid_from"].to_numpy()[one] < theirs["valid_to"].fillna(ends).to_numpy()[other]
    near = theirs["valid_from"].to_numpy()[other] < mine["valid_to"].fillna(ends).to_numpy()[one]
    mine_says, their_say = _holders(mine), _holders(theirs)
    unlike = np.fromiter(
        (mine_says[a] != their_say[b] for a, b in zip(one, other, strict=True)),
        dtype=bool,
        count=len(one),
    )
    pairs = np.flatnonzero(far & near & unlike)
    some = pairs[:MOST_PAIRS]
    common = shapely.intersection(
        mine.geometry.to_numpy()[one[some]], theirs.geometry.to_numpy()[other[some]]
    )
    found: dict[str, list[str]] = {}
    ids, their_ids = mine["claim_id"].tolist(), theirs["claim_id"].tolist()
    for pair in some[areas.km2(common) > _OVERLAP_KM2]:
        found.setdefault(their_ids[other[pair]], []).append(ids[one[pair]])
    told = {key: tuple(dict.fromkeys(found[key])) for key in sorted(found)}
    return told, len(some) == len(pairs)


def _holders(table: gpd.GeoDataFrame) -> list[tuple[str, frozenset[str]]]:
    return [
        (status, frozenset((actor, *more)))
        for status, actor, more in zip(
            table["status"], table["actor"], table["partners"], strict=True
        )
    ]


# ---- all three


def _titled(title: str, day: date, language: Language) -> str:
    said = language.translate(title)
    return language.say("{title}, {day}", title=said, day=language.day(day))


def _columns(names: Iterable[str], language: Language) -> tuple[tuple[str, bool], ...]:
    return tuple((language.translate(name), name == KM2) for name in names)


def _union(ids: Iterable[Sequence[str]]) -> list[str]:
    return sorted({one for some in ids for one in some})
