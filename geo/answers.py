"""Where sources differ, as the browser receives it: a map of its own, and a list in words.

Who says what of which ground is the business of `disagreement`; here it is put into words and
looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo import details, disagreement, tables, words
from geo.languages import FRENCH, Language, message
from geo.layers import Layers
from geo.timeline import Timeline

Json = dict[str, Any]

# How far the sources that speak of one ground agree, the least first.
KINDS = {
    "split": message("Sources differ, without a majority"),
    "dissent": message("Most sources agree, others differ"),
    "agree": message("Several sources, one answer"),
    "single": message("One source alone"),
}
SILENT = message("No source says who holds it")


def looks(timeline: Timeline, first: date, language: Language) -> Json:
    """What turns the map of `overlay.payload` into one of where sources differ.

    Returns
    -------
    dict
        `states` (None first: nobody speaks; `kind` is one of `KINDS`), `runs` (of every face:
        [from, to, state, ...], days counted from `first`, `to` None while it lasts), `none` (what
        the first state is called).
    """
    told = disagreement.runs(timeline)
    counts = (told[name].tolist() for name in ("sources", "answers", "agreeing", "level"))
    counted = list(zip(*counts, strict=True))
    states = list(dict.fromkeys(counted))
    number = {state: place for place, state in enumerate(states, 1)}
    start, stop = (
        (told[end].to_numpy("datetime64[D]") - np.datetime64(first)).astype(object)
        for end in ("start", "stop")
    )
    runs: list[list[int | None]] = [[] for _ in range(len(timeline.composite.faces))]
    for face, begin, end, state in zip(told["face_id"], start, stop, counted, strict=True):
        lasts = None if end is None else end.days
        runs[face] += [begin.days, lasts, number[state]]
    return {
        "states": [None, *(_drawn(language, *state) for state in states)],
        "runs": runs,
        "none": language.translate(SILENT),
    }


def kind(sources: int, answers: int, agreeing: int) -> str:
    """Which of `KINDS` some sources are, of which so many give the most common answer."""
    if answers > 1:
        return "dissent" if 2 * agreeing > sources else "split"
    return "agree" if sources > 1 else "single"


def _drawn(language: Language, sources: int, answers: int, agreeing: int, level: str) -> Json:
    named = kind(sources, answers, agreeing)
    said = language.plural("{number} source", "{number} sources", sources)
    if answers > 1:
        several = language.plural("{number} answer", "{number} answers", answers)
        said = language.say("{sources}, {answers}", sources=said, answers=several)
    agreement = language.translate(KINDS[named])
    label = language.say("{agreement} ({counted})", agreement=agreement, counted=said)
    return {
        "kind": named,
        "actors": [],
        "influence": [],
        "level": level,
        "stale": False,
        "label": agreement if named == "single" else label,
        "legend": agreement,
    }


# ---- the list


def listed(layers: Layers, timeline: Timeline, day: date, language: Language) -> Json:
    """What sources say differently on a day, place by place.

    Returns
    -------
    dict
        `title`, `summary` and `caution` (sentences), `ground` (a list of: `name`, `lon`, `lat`,
        `shown` (what the map makes of it), `area` and `answers`, each with its `text`, how many
        say so in `count`, and `sources`, as `details.source` has them), `recorded` (disagreements
        about this day that were compiled by hand, as `details.disagreement` has them, each with
        `name`, `lon` and `lat` of its place: None if it has none).

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    ground = disagreement.where(timeline, day)
    return {
        "title": language.say("Where sources differ on {day}", day=language.day(day)),
        "summary": _summary(timeline, day, len(ground), language),
        "caution": language.say(
            "Sources that agree may all repeat one: agreement is not corroboration. What each says "
            "of the most local ground is compared; what a party claims and nobody corroborates is "
            "not."
        ),
        "ground": [_ground(layers, timeline, row, language) for row in tables.rows(ground)],
        "recorded": [
            _recorded(layers, row, language) for row in tables.rows(details.disputed(layers, day))
        ],
    }


def _recorded(layers: Layers, row: Json, language: Language) -> Json:
    told = details.disagreement(layers, row, language) | dict.fromkeys(("name", "lon", "lat"))
    if row["place"]:
        place = layers.places.loc[row["place"]]
        point = place["geometry"]
        told["name"] = language.place(place.to_dict())
        told |= {"lon": round(point.x, 4), "lat": round(point.y, 4)}
    return told


def elsewhen(layers: Layers, timeline: Timeline, language: Language) -> list[Json]:
    """Every period in which sources differ about some ground, the latest first.

    Returns
    -------
    list of dict
        `name`, `lon`, `lat`, `from` (ISO day) and `period` (text).
    """
    first, last = layers.dataset.first_day, layers.dataset.supported_until
    told = disagreement.runs(timeline)
    told = told[(told["answers"] > 1) & (told["start"] <= pd.Timestamp(last))]
    found = {}
    for start in sorted(told["start"].unique(), reverse=True):
        day = max(pd.Timestamp(start).date(), first)
        now = told[told["start"] == start].set_index("face_id")["stop"]
        if (now <= pd.Timestamp(day)).all():
            continue  # it was over before the first day
        for row in tables.rows(disagreement.where(timeline, day)):
            if row["face_id"] in now.index:
                name, lon, lat = _named(layers, timeline, row, language)
                stop = now[row["face_id"]]
                ends = None if pd.isna(stop) or stop > pd.Timestamp(last) else stop.date()
                found[name, day] = {
                    "name": name,
                    "lon": lon,
                    "lat": lat,
                    "from": day.isoformat(),
                    "period": words.period(language, day, ends, "day"),
                }
    return list(found.values())


def _summary(timeline: Timeline, day: date, count: int, language: Language) -> str:
    series = disagreement.over_time(timeline, day, day).iloc[0]
    km2 = series.filter(like="_km2")
    cents = percents(km2 / km2.sum())
    parts = ("agree", "single", "silent")
    share = {part: language.percent(cents[f"{part}_km2"] / 100) for part in parts}
    rest = language.say(
        "Several sources give one answer about {agree} of the country, one source alone speaks of "
        "{single}, and of {silent} nobody says who holds it.",
        **share,
    )
    if not count:
        none = language.say(
            "On this day no two claims of this map contradict each other about any ground."
        )
        return f"{none} {rest}"
    different = language.number(round(km2["differ_km2"]))
    differ = language.plural(
        "Sources contradict each other about {number} place, {km2} km².",
        "Sources contradict each other about {number} places, {km2} km².",
        count,
        km2=different,
    )
    return f"{differ} {rest}"


def percents(shares: pd.Series) -> pd.Series:
    """Shares of a whole in whole per cent that sum to 100.

    What rounding down leaves goes to the largest remainders; no share is off by more than one.
    """
    exact = shares.astype(float) * 100
    whole = exact // 1
    left = 100 - int(whole.sum())
    whole[(exact - whole).nlargest(left).index] += 1
    return whole.astype(int)


def _ground(layers: Layers, timeline: Timeline, row: Json, language: Language) -> Json:
    name, lon, lat = _named(layers, timeline, row, language)
    holders = _names(layers, row["actors"], language)
    return {
        "name": name,
        "lon": lon,
        "lat": lat,
        "area": language.say("{km2} km²", km2=language.number(round(row["km2"]))),
        "shown": language.say(
            "The map shows: {state}", state=words.state(language, row["state"], holders)
        ),
        "answers": [
            {
                "text": words.state(language, said.state, _names(layers, said.actors, language)),
                "count": language.say(
                    "{some} of {all} sources", some=len(said.sources), all=row["sources"]
                ),
                "sources": [details.source(layers, key, language) for key in said.sources],
            }
            for said in row["answers"]
        ],
    }


def _named(
    layers: Layers, timeline: Timeline, row: Json, language: Language
) -> tuple[str, float, float]:
    """What a row of `disagreement.where` is called, and a point of it."""
    if row["kind"] == "place":
        places = layers.places.loc[row["key"].split()]
        name = " / ".join(language.place(place) for place in tables.rows(places))
        point = places.geometry.iloc[0]
    else:
        point = timeline.composite.faces.geometry.loc[row["face_id"]].representative_point()
        name = language.say("drawn area")
        if row["kind"] == "unit":
            name = f"Cercle {FRENCH.of(layers.cercles.loc[row['key'], 'name_fr'])}"
    return name, round(point.x, 4), round(point.y, 4)


def _names(layers: Layers, actors: Iterable[str], language: Language) -> list[str]:
    return layers.actors[language.column("short")].loc[list(actors)].tolist()
