"""What differs between two days: which ground went from whom to whom, and who says so.

A change is another state, other holders or another influence on the second day than on the first.
Evidence that grew old is none, and neither is what came and went between the two days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from geo import slices
from geo.errors import ViewError
from geo.languages import Language, message
from geo.layers import Layers
from geo.timeline import NONE, STEPS, Timeline, check_supported
from geo.words import contenders

NAMED = 6  # kinds of change that a paragraph tells before it counts the rest
LISTED = 8  # places that one of its sentences names before it counts the rest

# From nothing to everything: who has more than before gained, who has less lost.
STANDING = (NONE, "influence", "contested", "shared", "control")

_SAID = ("state", "actors", "influence")
_FROM = [f"from_{name}" for name in _SAID]
_TO = [f"to_{name}" for name in _SAID]
_KINDS = ("place", "unit", "drawn")  # in the order of the rows


def faces(timeline: Timeline, first: date, second: date) -> gpd.GeoDataFrame:
    """Every face on both days.

    Returns
    -------
    GeoDataFrame
        Indexed by `face_id`: `geometry`, `unit`, `area_km2` as in `Composite.faces`;
        `from_state`, `from_actors`, `from_influence`, `to_state`, `to_actors`, `to_influence` as
        in `slices.at` on the two days; `changed` (bool); `claim_ids` (tuple of text, sorted: what
        decides on the second day) and `ended_ids` (likewise: what decided on the first, and no
        longer does).

    Raises
    ------
    ViewError
        The second day comes before the first, or after `Timeline.supported_until`.
    """
    check_supported(timeline, second)
    if second < first:
        raise ViewError(f"{second} comes before {first}. Name the earlier day first.")
    then, now = slices.at(timeline, first), slices.at(timeline, second)
    both = now[["geometry", "unit", "area_km2"]].assign(
        **{f"from_{name}": then[name] for name in _SAID},
        **{f"to_{name}": now[name] for name in _SAID},
    )
    both["changed"] = False
    for name in _SAID:
        both["changed"] |= then[name] != now[name]
    both["claim_ids"] = now["claim_ids"]
    both["ended_ids"] = [
        tuple(sorted(set(before) - set(after)))
        for before, after in zip(then["claim_ids"], now["claim_ids"], strict=True)
    ]
    return both


def between(timeline: Timeline, first: date, second: date) -> pd.DataFrame:
    """Every change, by place or unit: together they are the difference of the two slices.

    Ground is called after the place that a claim deciding on either day is about, or else after
    the unit it lies in, see `slices.named`.

    Returns
    -------
    DataFrame
        RangeIndex, places first, then by falling area: `kind` and `key` as in `slices.named`;
        `from_state`, `from_actors`, `from_influence`, `to_state`, `to_actors`, `to_influence`;
        `gained`, `lost` (tuples of text, sorted: the actors with more of the ground than before,
        and those with less, see `moved`); `km2` (float); `claim_ids`, `ended_ids` as in `faces`;
        `sources` (tuple of text, sorted: of the claims that decide now, or else of those that
        ended).

    Raises
    ------
    ViewError
        As `faces`.
    """
    changed = faces(timeline, first, second)
    changed = changed[changed["changed"]]
    both = changed["claim_ids"] + changed["ended_ids"]
    named = pd.DataFrame(changed).join(slices.named(timeline.composite, changed["unit"], both))
    stands = timeline.codes.step != STEPS.index("corrected")  # of each claim one version
    claims = timeline.composite.claims[stands]
    cited = dict(claims[["claim_id", "sources"]].itertuples(index=False))
    rows = [
        (*alike, *_row(alike, group, cited))
        for alike, group in named.groupby(["kind", "key", *_FROM, *_TO], sort=False)
    ]
    rows.sort(key=lambda row: (_KINDS.index(row[0]), -row[10], row[1:8]))
    more = ["gained", "lost", "km2", "claim_ids", "ended_ids", "sources"]
    return pd.DataFrame(rows, columns=["kind", "key", *_FROM, *_TO, *more])


def moved(
    before: tuple[str, Sequence[str], Sequence[str]],
    after: tuple[str, Sequence[str], Sequence[str]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Actors that have more of a ground after than before, and those that have less: both sorted.

    Parameters
    ----------
    before, after
        State, actors and influence. What an actor has is ordered as in `STANDING`.
    """
    then, now = _standing(*before), _standing(*after)
    actors = sorted(then.keys() | now.keys())
    gained = tuple(actor for actor in actors if now.get(actor, 0) > then.get(actor, 0))
    lost = tuple(actor for actor in actors if now.get(actor, 0) < then.get(actor, 0))
    return gained, lost


def marks(timeline: Timeline, first: date, second: date) -> pd.DataFrame:
    """Sieges, blockades and presences that are there on one of the days only.

    Returns
    -------
    DataFrame
        RangeIndex, ordered by `status`, `area_ref` and `claim_id`: `status`, `actor`, `area_ref`,
        `claim_id` (text), `began` (bool: it is there on the second day; else on the first) and
        `sources` (tuple of text).
    """
    table, claims = timeline.overlays, timeline.composite.claims
    then, now = (
        (table["start"] <= day) & ~(table["stop"] <= day)
        for day in map(pd.Timestamp, (first, second))
    )
    other = table[then != now]
    about = claims.iloc[other["claim"]].reset_index(drop=True)
    told = pd.DataFrame(about[["status", "actor", "area_ref", "claim_id"]])
    told["began"] = now[then != now].to_numpy()
    told["sources"] = about["sources"]
    return told.sort_values(["status", "area_ref", "claim_id"], ignore_index=True)


def _standing(state: str, actors: Iterable[str], influence: Iterable[str]) -> dict[str, int]:
    beside = dict.fromkeys(influence, STANDING.index("influence"))
    return beside | dict.fromkeys(actors, STANDING.index(state))


def _row(
    alike: tuple[Any, ...], group: pd.DataFrame, cited: dict[str, tuple[str, ...]]
) -> tuple[Any, ...]:
    decide, ended = (
        tuple(sorted({claim for ids in group[name] for claim in ids}))
        for name in ("claim_ids", "ended_ids")
    )
    sources = {source for claim in decide or ended for source in cited[claim]}
    return (
        *moved(alike[2:5], alike[5:8]),
        float(group["area_km2"].sum()),
        decide,
        ended,
        tuple(sorted(sources)),
    )


# ---- in words


def sentences(
    layers: Layers, table: pd.DataFrame, first: date, second: date, *, language: str
) -> list[str]:
    """One plain paragraph about the changes between two days, sentence by sentence.

    Parameters
    ----------
    layers
        Where the names of places, cercles and actors come from.
    table
        As `between` returns it for the two days.
    language
        `en` or `fr`.
    """
    speech = _Speech(layers, Language(language))
    span = {"first": speech.language.day(first), "second": speech.language.day(second)}
    if table.empty:
        return [speech.language.say(SAME, **span), speech.language.say(SILENCE)]
    groups = [group for _, group in table.groupby([*_FROM, *_TO], sort=False)]
    groups.sort(key=lambda group: (group["kind"].iloc[0] != "place", -group["km2"].sum()))
    told = [speech.language.say(SPAN, **span, km2=speech.number(table["km2"].sum()))]
    told += [_sentence(speech, group) for group in groups[:NAMED]]
    rest = groups[NAMED:]
    if rest:
        number = sum(map(len, rest))
        km2 = speech.number(sum(group["km2"].sum() for group in rest))
        told.append(speech.language.say(MANY if number > 1 else ONE, number=number, km2=km2))
    return [*told, speech.language.say(CAVEAT), speech.language.say(SILENCE)]


def name(layers: Layers, kind: str, key: str, *, language: str) -> str:
    """What a row of `between` calls its ground: `Kidal`, `the cercle of Ansongo`."""
    return _Speech(layers, Language(language)).ground(kind, key)


def state(layers: Layers, said: tuple[str, Sequence[str], Sequence[str]], *, language: str) -> str:
    """A state, its actors and the influence beside them, in a few words."""
    return _Speech(layers, Language(language)).state(*said)


def _sentence(speech: _Speech, group: pd.DataFrame) -> str:
    """One change, and the grounds that went through it."""
    grounds = [speech.ground(*row) for row in group[["kind", "key"]].itertuples(index=False)]
    if len(grounds) > LISTED:
        number = len(grounds) - LISTED
        more = speech.language.say(MORE if number > 1 else ONE_MORE, number=number)
        grounds = [*grounds[:LISTED], more]
    before, after = (speech.state(*group[names].iloc[0]) for names in (_FROM, _TO))
    listed = speech.language.listed(grounds)
    return speech.language.say(
        "{where}: {before}, then {after} ({km2} km²).",
        where=listed[0].upper() + listed[1:],
        before=before,
        after=after,
        km2=speech.number(group["km2"].sum()),
    )


SAME = message("Between {first} and {second} nothing changed on this map.")
SPAN = message("Between {first} and {second} what is known of {km2} km² changed.")
CAVEAT = message(
    "A change is one in what sources say; areas are those of town discs and whole cercles, not of "
    "front lines."
)
SILENCE = message("That no source reported a change does not mean that there was none.")
ONE = message("Another {km2} km² are in one further change.")
MANY = message("Another {km2} km² are in {number} further changes.")
ONE_MORE, MORE = message("one more"), message("{number} more")
SAID = {
    "control": message("control by {actors}"),
    "shared": message("joint control by {actors}"),
    "contested": message("contested between {actors}"),
    "influence": message("influence of {actors}"),
}


@dataclass(frozen=True, slots=True)
class _Speech:
    """The words of one language, and the names of the layers in it."""

    layers: Layers
    language: Language

    def number(self, value: float) -> str:
        return self.language.number(round(value))

    def ground(self, kind: str, key: str) -> str:
        """A place, or places whose discs overlap; a unit; or ground that is neither."""
        if kind == "drawn":
            return self.language.say("drawn ground")
        table = self.layers.places if kind == "place" else self.layers.cercles
        known = table[self.language.column("name")].to_dict()
        names = [known.get(one, one) for one in key.split()]
        if kind == "place":
            return self.language.listed(names)
        return self.language.say("the cercle {of_name}", of_name=self.language.of(names[0]))

    def state(self, state: str, actors: Sequence[str], influence: Sequence[str]) -> str:
        if state == NONE:
            return self.language.sense("state", "no information")
        short = self.layers.actors[self.language.column("short")].to_dict()
        holders, others = ([short.get(a, a) for a in some] for some in (actors, influence))
        if state == "contested":
            holders = contenders(self.language, holders)
        beside = self.language.listed(others) if others else ""
        listed = self.language.listed(holders) if holders else beside
        said = self.language.say(SAID[state], actors=listed)
        if others and holders:
            return self.language.say(
                "{state}, with influence of {actors}", state=said, actors=beside
            )
        return said
