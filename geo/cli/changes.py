"""`changes`: what differs between two days, by place and cercle."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from geo import changes, tables
from geo.cli import console, options, records, telling, texts, world
from geo.cli.options import Commands
from geo.cli.records import Json
from geo.cli.world import World

_SAID = ("state", "actors", "influence")
_DECIMALS = 6  # of a km²: one square metre
_INDENT = "      "


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What differs between two days.

    Attributes
    ----------
    first, second
        The days.
    rows, marks
        As `changes.between` and `changes.marks` give them.
    """

    first: date
    second: date
    rows: pd.DataFrame
    marks: pd.DataFrame


def add(commands: Commands) -> None:
    """Add the command."""
    about = "what changed between two days: which ground went from whom to whom, by whose claims"
    parser = options.reading(commands, "changes", about)
    parser.add_argument("first", type=options.day, metavar="D1", help="the earlier day, YYYY-MM-DD")
    parser.add_argument("second", type=options.day, metavar="D2", help="the later day")
    options.add_json(parser)
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    days = asked.first, asked.second
    with console.progress(3) as step:
        known = world.read(asked, folder, step, days=days)
        rows = changes.between(known.timeline, *days)
        answer = _Answer(*days, rows, changes.marks(known.timeline, *days))
    if asked.json:
        console.write_json(_document(known, answer))
    else:
        console.write(_lines(known, answer))
    return console.DONE


def _document(known: World, answer: _Answer) -> Json:
    return {
        "first": str(answer.first),
        "second": str(answer.second),
        "heard": records.heard(known),
        "changes": [_change(known, row) for row in tables.rows(answer.rows)],
        "marks": [records.plain(row) for row in tables.rows(answer.marks.set_index("claim_id"))],
        "text": _paragraph(known, answer),
        "names": records.names(known, _actors(answer)),
        "sources": records.sources(known, _sources(answer)),
    }


def _change(known: World, row: Mapping[str, Any]) -> Json:
    both = {end: {name: row[f"{end}_{name}"] for name in _SAID} for end in ("from", "to")}
    return {
        "kind": row["kind"],
        "key": row["key"],
        "name": _name(known, row),
        "from": records.plain(both["from"]),
        "to": records.plain(both["to"]),
        "gained": list(row["gained"]),
        "lost": list(row["lost"]),
        "km2": round(row["km2"], _DECIMALS),
        "claim_ids": list(row["claim_ids"]),
        "ended_ids": list(row["ended_ids"]),
        "sources": list(row["sources"]),
    }


def _lines(known: World, answer: _Answer) -> Iterator[str]:
    lang = known.lang
    first, second = (texts.day(lang, day) for day in (answer.first, answer.second))
    yield texts.CHANGES.said(lang, first=first, second=second)
    yield from telling.heard(known)
    for row in tables.rows(answer.rows):
        name = _name(known, row)
        yield ""
        yield f"{name[0].upper()}{name[1:]}, {texts.number(lang, row['km2'])} km²"
        for text, end in ((texts.BEFORE, "from"), (texts.AFTER, "to")):
            said = (row[f"{end}_{part}"] for part in _SAID)
            yield f"  {text.said(lang, state=_state(known, *said))}"
        yield from _cited(known, row)
    if len(answer.marks):
        yield ""
        yield texts.MARKS.said(lang)
    for row in tables.rows(answer.marks):
        text = texts.BEGAN if row["began"] else texts.ENDED
        yield f"  {text.said(lang, mark=_mark(known, row))}"
        sources = " ".join(row["sources"])
        yield _INDENT + texts.APART.said(lang).join((row["claim_id"], sources))
    yield ""
    yield from _paragraph(known, answer)
    yield from telling.sources(known, _sources(answer))


def _cited(known: World, row: Mapping[str, Any]) -> Iterator[str]:
    """The claims that decide now, those that no longer do, and their sources."""
    for text, ids in ((texts.DECIDING, row["claim_ids"]), (texts.NO_LONGER, row["ended_ids"])):
        if ids:
            yield _INDENT + text.said(known.lang, ids=" ".join(ids))
    yield _INDENT + texts.BY.said(known.lang, sources=" ".join(row["sources"]))


def _name(known: World, row: Mapping[str, Any]) -> str:
    return changes.name(known.layers, row["kind"], row["key"], language=known.lang)


def _state(known: World, state: str, actors: tuple[str, ...], influence: tuple[str, ...]) -> str:
    holders, others = (known.names.actors(some) for some in (actors, influence))
    return texts.state(known.lang, state, holders, others)


def _mark(known: World, row: Mapping[str, Any]) -> str:
    status = texts.STATUS[row["status"]].said(known.lang)
    who = texts.WHO.said(known.lang, status=status, actors=known.names.actors([row["actor"]])[0])
    return texts.APART.said(known.lang).join((who, known.names.area(row["area_ref"])))


def _paragraph(known: World, answer: _Answer) -> list[str]:
    days = answer.first, answer.second
    return changes.sentences(known.layers, answer.rows, *days, language=known.lang)


def _actors(answer: _Answer) -> set[str]:
    rows = answer.rows
    lists = [rows[f"{end}_{name}"] for end in ("from", "to") for name in ("actors", "influence")]
    return {*answer.marks["actor"], *(actor for some in lists for own in some for actor in own)}


def _sources(answer: _Answer) -> list[str]:
    return records.said_by(pd.concat([answer.rows[["sources"]], answer.marks[["sources"]]]))
