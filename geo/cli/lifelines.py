"""`lifelines`: the roads into a town on one day, the state of their stretches, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from geo import lifelines
from geo.cli import console, options, records, telling, texts, world
from geo.cli.options import Commands
from geo.cli.place import find
from geo.cli.records import Json
from geo.cli.world import World
from geo.errors import UnknownPlaceError, ViewError
from geo.languages import Language

_EXAMPLES = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """The roads into a town on one day.

    Attributes
    ----------
    day
        The day.
    told
        As `lifelines.told` gives it, for every day.
    roads
        Of this day: `key`, `name`, `state` and `states` (numbers of `lifelines.STATES`, of the
        road and of its stretches), `stretches`, `reasons` (those with an effect on this day).
    said
        Items about the town itself, and whether they count.
    """

    day: date
    told: Json
    roads: list[Json]
    said: list[Json]


def add(commands: Commands) -> None:
    """Add the command."""
    about = "the roads into a town on a day: blocked, risky, open or unknown, and why"
    parser = options.reading(commands, "lifelines", about)
    parser.add_argument(
        "name", nargs="+", metavar="PLACE", help="in French or English, with or without accents"
    )
    options.add_date(parser)
    options.add_json(parser)
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    with console.progress(3) as step:
        known = world.read(asked, folder, step, days=(asked.date,))
        _check_day(known, asked.date)
        answer = _answer(known, _find(known, " ".join(asked.name)), asked.date)
    if asked.json:
        console.write_json(_document(known, answer))
    else:
        console.write(_lines(known, answer))
    return console.DONE


def _check_day(known: World, day: date) -> None:
    """Events answer for the days of the dataset, and so do the roads of a layer given."""
    data = known.layers.dataset
    first, last = data.first_day, data.supported_until
    if not first <= day <= last:
        raise ViewError(texts.DAY_OUTSIDE.said(known.lang, day=day, first=first, last=last))


def _find(known: World, name: str) -> str:
    """Key of a town on a road; one without is refused, in the language asked for."""
    place = find(known, name)
    on_roads = lifelines.towns(known.layers)
    if place not in on_roads:
        language = Language(known.lang)
        some = [known.names.place(key) for key in on_roads[:_EXAMPLES]]
        raise UnknownPlaceError(
            language.say(
                "No road of layers/roads.csv passes {place}. Choose a town on a road: {some} …",
                place=known.names.place(place),
                some=", ".join(some),
            )
        )
    return place


def _answer(known: World, place: str, day: date) -> _Answer:
    evidence = lifelines.evidence(known.layers, known.timeline)
    language = Language(known.lang)
    told = lifelines.told(known.layers, known.timeline, evidence, place, language=language)
    number = (day - known.layers.dataset.first_day).days
    roads = [_on(road, number) for road in told["roads"]]
    return _Answer(day, told, roads, [said for said in told["said"] if _lasts(said, number)])


def _on(road: Json, number: int) -> Json:
    """A road on one day."""
    reasons = []
    for reason in road["reasons"]:
        effects = [effect for effect in reason["effects"] if _lasts(effect, number)]
        reasons += [{"item": reason["item"], "effects": effects}] if effects else []
    return {
        "key": road["key"],
        "name": road["name"],
        "state": _state(road["runs"], number),
        "states": [_state(stretch["runs"], number) for stretch in road["stretches"]],
        "stretches": road["stretches"],
        "stops": road["stops"],
        "reasons": reasons,
    }


def _lasts(span: Mapping[str, Any], number: int) -> bool:
    after: int | None = span["to"]
    return span["from"] <= number and (after is None or number < after)


def _state(runs: list[tuple[int, int]], number: int) -> int:
    return [state for begin, state in runs if begin <= number][-1]


# ---- JSON


def _document(known: World, answer: _Answer) -> Json:
    items = _cited(answer)
    return {
        "place": answer.told["place"],
        "name": answer.told["name"],
        "date": str(answer.day),
        "heard": records.heard(known),
        "roads": [_road(road) for road in answer.roads],
        "said": [{"item": said["item"], "counts": said["counts"]} for said in answer.said],
        "items": items,
        "sources": records.sources(known, _sources(items)),
    }


def _road(road: Json) -> Json:
    keys = [stretch["key"] for stretch in road["stretches"]]
    return {
        "lifeline": road["key"],
        "name": road["name"],
        "state": lifelines.STATES[road["state"]],
        "stretches": [
            {
                "stretch": stretch["key"],
                "towns": _towns(road, stretch),
                "state": lifelines.STATES[state],
            }
            for stretch, state in zip(road["stretches"], road["states"], strict=True)
        ],
        "reasons": [
            {
                "item": reason["item"],
                "state": None if effect["state"] is None else lifelines.STATES[effect["state"]],
                "stretches": [keys[i] for i in effect["stretches"]],
                "why": effect["how"],
            }
            for reason in road["reasons"]
            for effect in reason["effects"]
        ],
    }


def _towns(road: Json, stretch: Json) -> list[str]:
    return [stop["place"] for stop in road["stops"][stretch["first"] : stretch["last"] + 1]]


def _cited(answer: _Answer) -> Json:
    """The items that are named on this day, in the order in which they first are."""
    named = [said["item"] for said in answer.said]
    named += [reason["item"] for road in answer.roads for reason in road["reasons"]]
    return {item: answer.told["items"][item] for item in dict.fromkeys(named)}


def _sources(items: Json) -> list[str]:
    return sorted({key for item in items.values() for key in item["sources"]})


# ---- lines for people


def _lines(known: World, answer: _Answer) -> Iterator[str]:
    language, told = Language(known.lang), answer.told
    title = language.say("Roads to {town}", town=told["name"])
    yield f"{title}, {language.day(answer.day)}"
    yield from telling.heard(known)
    counting = [said["item"] for said in answer.said if said["counts"]]
    if counting:
        yield ""
        yield language.say("{town} itself, and no road in particular", town=told["name"])
    for item in counting:
        yield from _item(known, answer, item, [])
    for road in answer.roads:
        yield ""
        state = told["states"][road["state"]]
        yield language.say("{road}: {state}", road=road["name"], state=state)
        yield from _stretches(answer, road)
        for reason in road["reasons"]:
            effects = [effect for effect in reason["effects"] if _speaks(road, effect)]
            lines = [_effect(known, answer, road, effect) for effect in effects]
            if lines:
                yield from _item(known, answer, reason["item"], lines)
    yield from telling.sources(known, _sources(_cited(answer)))


def _stretches(answer: _Answer, road: Json) -> Iterator[str]:
    """The stretches of a road, those of one state that follow each other as one."""
    towns = answer.told["towns"]
    numbered = zip(road["states"], road["stretches"], strict=True)
    for state, group in groupby(numbered, key=lambda pair: pair[0]):
        stretches = [stretch for _, stretch in group]
        ends = (stretches[0]["first"], stretches[-1]["last"])
        between = " \u2013 ".join(towns[road["stops"][end]["place"]]["name"] for end in ends)
        yield f"  {answer.told['states'][state]}  {between}"


def _speaks(road: Json, effect: Json) -> bool:
    """Whether it is worth a line: what would open a stretch is, where nothing outweighs it."""
    open_ = lifelines.OPEN
    return effect["state"] != open_ or any(road["states"][i] == open_ for i in effect["stretches"])


def _effect(known: World, answer: _Answer, road: Json, effect: Json) -> str:
    where = ", ".join(road["stretches"][i]["label"] for i in effect["stretches"])
    state = [] if effect["state"] is None else [answer.told["states"][effect["state"]]]
    return texts.APART.said(known.lang).join([*state, where, effect["how"]])


def _item(known: World, answer: _Answer, key: str, lines: list[str]) -> Iterator[str]:
    item = answer.told["items"][key]
    apart = texts.APART.said(known.lang)
    yield f"    {key}  {item['heading']}"
    yield f"          {apart.join([item['period'].removesuffix('.'), *item['tags']])}"
    yield from (f"          {line}" for line in lines)
