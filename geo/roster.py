"""The layers on the map, the shipped one and each published one, and which of them a view hears."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from geo import tables
from geo.claims import SHIPPED, layers_of
from geo.languages import Language
from geo.layers import Layers
from geo.timeline import Filters
from geo.view import UNKNOWN_LAYERS, View

MOST_TITLE = 40  # characters of a title that stand inside a sentence

_QUOTED = 40  # characters of an address that are repeated to its reader


@dataclass(frozen=True, slots=True)
class Member:
    """One layer on the map.

    Attributes
    ----------
    layer
        Its id; `SHIPPED` for the claims that come with the program.
    title
        As given; of the shipped one that of the data set.
    day, version
        When its newest version was published, and which that is; None and 0 for the shipped one.
    claims
        How many of its claims this map gave on the known-on day of the view.
    shown
        Whether it is on the map now, not withdrawn.
    heard
        Whether the view hears it.
    """

    layer: str
    title: str
    day: date | None
    version: int
    claims: int
    shown: bool
    heard: bool


def members(layers: Layers, seen: View) -> tuple[Member, ...]:
    """The shipped layer, then the published ones, the oldest first; none if nothing is published.

    A withdrawn layer is among them where the view goes back to a day on which it was there, or
    names it.
    """
    if layers.published.empty:
        return ()
    counted = _standing(layers, seen.known_on)
    on = heard(layers, seen)
    named = {*seen.layers, *seen.without_layers}
    found = [
        Member(
            layer=SHIPPED,
            title=seen.language.field(layers.dataset, "title"),
            day=None,
            version=0,
            claims=int(counted.get(SHIPPED, 0)),
            shown=True,
            heard=on is None or SHIPPED in on,
        )
    ]
    for row in tables.rows(layers.published.reset_index()):
        layer, claims = str(row["layer"]), int(counted.get(row["layer"], 0))
        if row["shown"] or claims or layer in named:
            found.append(
                Member(
                    layer=layer,
                    title=row["title"],
                    day=row["day"].date(),
                    version=int(row["version"]),
                    claims=claims,
                    shown=bool(row["shown"]),
                    heard=on is None or layer in on,
                )
            )
    return tuple(found)


def _standing(layers: Layers, known_on: date | None) -> pd.Series:
    """How many claims of each layer this map gave on a day; None: gives now."""
    told = layers.claims
    stands = told["corrected_on"].isna()
    if known_on is not None:
        last = pd.Timestamp(known_on)
        begun = told["published_on"].isna() | (told["published_on"] <= last)
        stands = begun & ~(told["corrected_on"] <= last)
    counted: pd.Series = layers_of(told["claim_id"][stands]).value_counts()
    return counted


def heard(layers: Layers, seen: View) -> frozenset[str] | None:
    """Ids of the layers that a view hears; None: all, also those that are yet to come."""
    if not seen.layers and not seen.without_layers:
        return None
    on = set(seen.layers) if seen.layers else {SHIPPED, *layers.published.index}
    return frozenset(on.difference(seen.without_layers))


def filters(layers: Layers, seen: View) -> Filters:
    """What a view wants to hear."""
    sources = None
    if seen.without:
        sources = frozenset(layers.bibliography.index.difference(list(seen.without)))
    return Filters(seen.known_on, sources, seen.min_confidence, layers=heard(layers, seen))


def checked(layers: Layers, seen: View) -> tuple[View, tuple[str, ...]]:
    """A view without the layers that are not on this map, and a sentence that says which."""
    known = {SHIPPED, *layers.published.index}
    strange = sorted({*seen.layers, *seen.without_layers} - known)
    if not strange:
        return seen, ()
    text = seen.language.say("'{text}'", text=",".join(strange)[:_QUOTED])
    kept = replace(
        seen,
        layers=tuple(name for name in seen.layers if name in known),
        without_layers=tuple(name for name in seen.without_layers if name in known),
    )
    return kept, (seen.language.say(UNKNOWN_LAYERS, text=text),)


def said(layers: Layers, seen: View) -> list[str]:
    """Which layers are off, in a few words; nothing where all are heard."""
    on = heard(layers, seen)
    every = [SHIPPED, *layers.published.index]
    told = [name for name in every if on is None or name in on]
    off = [name for name in every if name not in told]
    if not off:
        return []
    if not told or seen.layers:
        return [_only(layers, told, seen.language)]
    return [_without(layers, off, seen.language)]


def _without(layers: Layers, off: list[str], language: Language) -> str:
    if len(off) > 1:
        return language.plural("{number} layer off", "{number} layers off", len(off))
    if off == [SHIPPED]:
        return language.say("without the data set of this map")
    return language.say("without the layer “{title}”", title=short_title(layers, off[0]))


def _only(layers: Layers, told: list[str], language: Language) -> str:
    if not told:
        return language.say("no layer heard")
    if len(told) > 1:
        return language.plural("only {number} layer", "only {number} layers", len(told))
    if told == [SHIPPED]:
        return language.say("only the data set of this map")
    return language.say("only the layer “{title}”", title=short_title(layers, told[0]))


def short_title(layers: Layers, layer: str) -> str:
    """The title of a published layer, cut where a sentence would get too long."""
    title = str(layers.published.loc[layer, "title"])
    return title if len(title) <= MOST_TITLE else title[: MOST_TITLE - 1].rstrip() + "…"


def uploaded(layers: Layers, claim_ids: Iterable[str]) -> list[str]:
    """Ids of the published layers that some claims are from, in the order of their publication."""
    found = set(layers_of(pd.Series(list(claim_ids), dtype="str")))
    return [str(layer) for layer in layers.published.index if layer in found]


def credited(layers: Layers, claim_ids: Iterable[str], language: Language) -> list[str]:
    """The published layers that some claims are from, one a layer; no reader is told by whom."""
    found = layers.published.loc[uploaded(layers, claim_ids)].reset_index()
    return [
        language.say(
            "“{title}”, published on {day}",
            title=short_title(layers, row["layer"]),
            day=language.day(row["day"].date()),
        )
        for row in tables.rows(found)
    ]
