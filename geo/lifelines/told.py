"""The roads into a town on every day, in words: what the page draws and the command line prints.

Plain JSON types with finished sentences. Days are whole numbers counted from the first day of the
data, so that whoever shows them need only look up which evidence counts on a day: no rule is left
to apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas.api.typing import NaTType

from geo import details, history, slices, tables, words
from geo.evidence import as_heard, cited
from geo.languages import ENGLISH, Language
from geo.layers import Layers
from geo.lifelines.days import STATES, States, painted, runs, worst
from geo.lifelines.roads import Lifeline, into
from geo.lifelines.rule import ATTACKS, DAYS, PRESSING, area, sayings
from geo.lifelines.sentences import ATTACK, CLAIM, HOW, OLD, states
from geo.timeline import Timeline

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What is told, and in which language.

    Attributes
    ----------
    layers, timeline
        The data.
    evidence
        What speaks about the stretches and the town: `rule.evidence` and `rule.sayings`.
    claims
        The claims it rests on: id -> column -> value.
    language
        In which it is told.
    """

    layers: Layers
    timeline: Timeline
    evidence: pd.DataFrame
    claims: Mapping[str, Json]
    language: Language

    def town(self, place: str) -> str:
        """The name of a place in a sentence."""
        return self.language.place(self.layers.places.loc[place].to_dict())

    def label(self, place: str) -> str:
        """The name of a place on the drawing: the French one, as on the map."""
        return str(self.layers.places.loc[place, "name_fr"])

    def between(self, a: str, b: str) -> str:
        """A stretch by the towns at its ends."""
        return f"{self.label(a)} \u2013 {self.label(b)}"

    def actors(self, keys: Iterable[str]) -> str:
        """Names of actors as a list."""
        return words.actors(self.language, self.layers.actors, keys)

    def colour(self, actor: str) -> str:
        """The colour of an actor; grey for one of the reader's own."""
        return str(self.layers.actors["colour"].get(actor, "#6d6b64"))

    def number(self, day: pd.Timestamp | NaTType) -> int | None:
        """A day counted from the first of the data; None for a day that never comes."""
        if isinstance(day, NaTType):
            return None
        return (day.date() - self.layers.dataset.first_day).days


def told(
    layers: Layers,
    timeline: Timeline,
    evidence: pd.DataFrame,
    place: str,
    *,
    language: Language = ENGLISH,
) -> Json:
    """Everything about the roads into `place`.

    Parameters
    ----------
    evidence
        As `rule.evidence` returns it for the same layers and timeline.

    Returns
    -------
    dict
        `place`, `name`, `firstDay` (ISO), `last` (number of the last supported day), `states`
        (words, by number); `roads`: see `_road`; `towns`: see `_station`, by key; `items`: see
        `_claim` and `_event`, by id; `said` of the town itself (`item`, `from`, `to`, `counts`);
        `disputed` (two accounts each, with `from`, `to` and `place`); `sources` by key, as
        `details.source` gives them.

    Raises
    ------
    UnknownPlaceError
        No road passes `place`.
    """
    ways = into(layers, place)
    used = evidence[evidence["stretch"].isin([s for way in ways for s in way.stretches])]
    about = sayings(layers, timeline, place)
    used = pd.concat([used, about], ignore_index=True)
    claims = _as_known(timeline)
    cited_claims = {
        row["claim_id"]: row
        for row in tables.rows(claims[claims["claim_id"].isin(used["claim_id"])])
    }
    teller = _Told(layers, timeline, used, cited_claims, language)
    stops = list(dict.fromkeys(stop for way in ways for leg in way.stops for stop in leg))
    items = _items(teller)
    keys = dict.fromkeys(key for item in items.values() for key in item["sources"])
    return {
        "place": place,
        "name": teller.label(place),
        "firstDay": layers.dataset.first_day.isoformat(),
        "last": (layers.dataset.supported_until - layers.dataset.first_day).days,
        "states": states(language),
        "roads": [_road(teller, way) for way in ways],
        "towns": {stop: _station(teller, stop) for stop in stops},
        "items": items,
        "said": [_saying(teller, row) for row in tables.rows(about)],
        "disputed": _disputed(teller, stops),
        "sources": {
            key: details.source(layers, key, language)
            for key in keys
            if key in layers.bibliography.index
        },
    }


def _as_known(timeline: Timeline) -> pd.DataFrame:
    """The claims without what came after the day up to which the reader wants to know."""
    bare = pd.DataFrame(timeline.composite.claims.drop(columns="geometry"))
    claims = as_heard(bare, timeline.filters.sources)
    if timeline.filters.known_on is None:
        return claims
    last = pd.Timestamp(timeline.filters.known_on)
    return claims.assign(
        valid_to=claims["valid_to"].mask(claims["valid_to"] > last),
        last_confirmed=claims["last_confirmed"].mask(claims["last_confirmed"] > last, last),
    )


# ---- a road


def _road(teller: _Told, way: Lifeline) -> Json:
    """One way into the town.

    Returns
    -------
    dict
        `key`, `name`; `runs`: [day, state] pairs, each from its day on; `stops`: `place`, and
        `via` if it is inside a stretch; `stretches`: `key`, `label`, `first` and `last` of its
        stops, `runs`; `reasons`: see `_reasons`; `attacks`: [day, item] pairs.
    """
    data = teller.layers.dataset
    states = painted(teller.evidence, way.stretches, data.first_day, data.supported_until)
    own = teller.evidence[teller.evidence["stretch"].isin(way.stretches)]
    attacks = own[own["kind"] == "attack"].drop_duplicates("event")
    return {
        "key": way.key,
        "name": teller.language.field(way, "name"),
        "runs": runs(worst(states)),
        "stops": [
            {"place": way.place, "via": False},
            *({"place": stop, "via": stop != leg[-1]} for leg in way.stops for stop in leg[1:]),
        ],
        "stretches": _stretches(teller, way, states),
        "reasons": _reasons(teller, own, way),
        "attacks": [
            [teller.number(row["start"]), row["event"]]
            for row in tables.rows(attacks.sort_values("start", kind="stable"))
        ],
    }


def _stretches(teller: _Told, way: Lifeline, states: States) -> list[Json]:
    told_stretches, first = [], 0
    for stretch, leg, row in zip(way.stretches, way.stops, states, strict=True):
        last = first + len(leg) - 1
        label = teller.between(leg[0], leg[-1])
        told_stretches.append(
            {"key": stretch, "label": label, "first": first, "last": last, "runs": runs(row)}
        )
        first = last
    return told_stretches


def _reasons(teller: _Told, own: pd.DataFrame, way: Lifeline) -> list[Json]:
    """What speaks about the stretches of a way, item by item, the gravest and newest first.

    Returns
    -------
    list of dict
        `item`; `effects`: `state` (number; None: too old to count), `how` (why, in words),
        `stretches` (their numbers on the way), `from`, `to` (first day after; None: never).
    """
    found: dict[str, list[Json]] = {}
    for row in tables.rows(own):
        effect = {
            "state": STATES.index(row["state"]) if row["state"] else None,
            "how": _how(teller, row),
            "from": teller.number(row["start"]),
            "to": teller.number(row["stop"]),
        }
        effects = found.setdefault(row["claim_id"] or row["event"], [])
        if not any(effect.items() <= known.items() for known in effects):
            effects.append({**effect, "stretches": []})
        same = next(known for known in effects if effect.items() <= known.items())
        same["stretches"].append(way.stretches.index(row["stretch"]))
    for effects in found.values():
        effects.sort(key=_gravest)
    reasons = [{"item": item, "effects": effects} for item, effects in found.items()]
    return sorted(reasons, key=lambda reason: _gravest(reason["effects"][0]))


def _gravest(effect: Json) -> tuple[int, int]:
    return -(effect["state"] or 0), -effect["from"]


def _how(teller: _Told, row: Json) -> str:
    if not row["state"]:
        return teller.language.say(OLD, days=DAYS)
    claim = teller.claims.get(row["claim_id"])
    holders = [claim["actor"], *claim["partners"]] if claim else []
    return teller.language.say(
        HOW[row["kind"]],
        town=teller.town(row["place"]) if row["place"] else "",
        actors=teller.actors(holders),
        days=DAYS,
    )


# ---- a town


def _station(teller: _Told, place: str) -> Json:
    """One town: `name`; `holders`: [day, text, colours]; `rings`: [from, to, status, colour].

    `holders` has one entry for every day on which it changes who a claim about the town itself
    says holds it; without such a claim `text` is "" and there are no colours.
    """
    data, point = teller.layers.dataset, teller.layers.places.geometry[place]
    face = slices.locate(teller.timeline.composite, point.x, point.y)
    holders: list[list[Any]] = []
    if face is not None:
        spans = history.at(
            teller.timeline, face, until=data.supported_until, first_day=data.first_day
        )
        for span in tables.rows(spans):
            entry = [teller.number(span["start"]), *_held(teller, place, span)]
            if not holders or holders[-1][1:] != entry[1:]:
                holders.append(entry)
    return {"name": teller.label(place), "holders": holders, "rings": _rings(teller, place)}


def _held(teller: _Told, place: str, span: Json) -> tuple[str, list[str]]:
    """Who a claim about the town itself says holds it, in words and colours."""
    if span["level"] != "place":
        return "", []
    actors = teller.actors(span["actors"])
    text = teller.language.say(CLAIM[span["state"]], ground=teller.town(place), actors=actors)
    return text, [teller.colour(actor) for actor in span["actors"]]


def _rings(teller: _Told, place: str) -> list[list[Any]]:
    known = teller.timeline.overlays
    pressing = known[known["status"].isin(PRESSING) & (known["assertion"] == "assessed")]
    refs = teller.timeline.composite.claims["area_ref"].iloc[pressing["claim"]]
    here = [(named.kind, named.key) == ("place", place) for named in map(area, refs)]
    return [
        [
            teller.number(row["start"]),
            teller.number(min(filter(pd.notna, (row["stop"], row["stale_from"])))),
            row["status"],
            teller.colour(row["actor"]),
        ]
        for row in tables.rows(pressing[here])
    ]


# ---- what says so


def _items(teller: _Told) -> dict[str, Json]:
    events = teller.layers.events
    happened = events[events.index.isin(teller.evidence["event"])]
    return {claim_id: _claim(teller, row) for claim_id, row in teller.claims.items()} | {
        row["event"]: _event(teller, row) for row in tables.rows(happened)
    }


def _claim(teller: _Told, claim: Json) -> Json:
    """A claim: `of` ("claim"), `heading`, `period`, `note`, `tags` and `sources` (keys)."""
    language = teller.language
    ends = None if claim["valid_to"] is pd.NaT else claim["valid_to"].date()
    period = words.period(language, claim["valid_from"].date(), ends, claim["date_precision"])
    confirmed = details.confirmed(teller.layers, claim, language)
    return {
        "of": "claim",
        "heading": language.say(
            CLAIM[claim["status"]],
            ground=_ground(teller, claim["area_ref"]),
            actors=teller.actors([claim["actor"], *claim["partners"]]),
        ),
        "period": language.say("{period}.", period=period)
        if ends
        else language.say(
            "{period}. Last confirmed {confirmed}.", period=period, confirmed=confirmed
        ),
        "note": language.cell(claim, "note"),
        "tags": _tags(teller, claim),
        "sources": list(cited(claim)),
    }


def _tags(teller: _Told, row: Json) -> list[str]:
    said = words.CONFIDENCE[row["confidence"]], words.VERIFICATION[row["verification"]]
    return [teller.language.translate(text) for text in said]


def _ground(teller: _Told, ref: str) -> str:
    """The ground of a claim about a town or a stretch of road, in words."""
    named = area(ref)
    if named.kind == "road":
        stretch = teller.layers.roads.loc[(named.key, named.segment)]
        return teller.between(stretch["from_place"], stretch["to_place"])
    return teller.town(named.key) if named.kind == "place" else ref


def _event(teller: _Told, event: Json) -> Json:
    """An event: as `_claim`, `of` being "event", and `attack` true if it is one."""
    language, roads = teller.language, teller.layers.event_roads
    notes = [language.cell(event, "note")]
    if event["event"] in roads.index:
        notes.append(language.cell(tables.rows(roads.loc[[event["event"]]])[0], "note"))
    actors = teller.actors(event["actors"])
    by = [language.say(ATTACK[event["attribution"]], actors=actors)]
    attack = event["kind"] in ATTACKS
    return {
        "of": "event",
        "attack": attack,
        "heading": language.cell(event, "title"),
        "period": words.dated(language, event["date"].date(), event["date_precision"]),
        "note": " ".join(filter(None, notes)),
        "tags": [*(by if attack else []), *_tags(teller, event)],
        "sources": list(event["sources"]),
    }


def _saying(teller: _Told, row: Json) -> Json:
    return {
        "item": row["claim_id"] or row["event"],
        "from": teller.number(row["start"]),
        "to": teller.number(row["stop"]),
        "counts": row["state"] != "",
    }


def _disputed(teller: _Told, places: Sequence[str]) -> list[Json]:
    """Two accounts of one matter, about any of the towns, where a siege or blockade is meant."""
    table = teller.layers.disagreements
    claims = table["claims_a"] + table["claims_b"]
    touched = claims.map(lambda ids: not teller.claims.keys().isdisjoint(ids))
    return [
        details.disagreement(teller.layers, row, teller.language)
        | {
            "place": row["place"],
            "from": teller.number(row["valid_from"]),
            "to": teller.number(row["valid_to"]),
        }
        for row in tables.rows(table[touched & table["place"].isin(places)])
    ]
