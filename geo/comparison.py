"""Two days compared, as the browser and a spreadsheet receive it: looks, lines, sources.

What changed is the business of `changes`; here it is put into words and looks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from geo import changes, details, ground, slices, tables, words
from geo.languages import FRENCH, Language, message
from geo.layers import Layers
from geo.timeline import NONE, Timeline

Json = dict[str, Any]
Said = tuple[str, tuple[str, ...], tuple[str, ...]]  # state, actors, influence

NAMED = 4  # sieges and blockades that a sentence names before it counts the rest
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a cell
COLUMNS = ("kind", "where", "from", "to", "gained", "lost", "km2", "claims", "ended", "sources")
MARKS = words.PRESSED | {"presence": message("Forces of {actors} based here")}

MOVED = {
    "both": message("Gained by {gained}, lost by {lost}"),
    "gain": message("Gained by {gained}"),
    "loss": message("Lost by {lost}"),
}


# ---- the map of gains and losses


def looks(
    layers: Layers, timeline: Timeline, first: date, second: date, language: Language
) -> Json:
    """What turns the map of `overlay.payload` into one of gains and losses.

    Returns
    -------
    dict
        `states` (None first: no information on either day; `kind` is `same`, or `changed` with
        `gained` and `lost`, places in the actors of the map), `runs` (of every face: one for all
        days, or none), `none` (what the first state is called).

    Raises
    ------
    ViewError
        As `changes.faces`.
    """
    faces = pd.DataFrame(changes.faces(timeline, first, second).drop(columns="geometry"))
    ids = faces["claim_ids"] + faces["ended_ids"]
    faces["town"] = slices.named(timeline.composite, faces["unit"], ids)["kind"] == "place"
    keys = [_look(row) for row in tables.rows(faces)]
    states = list(dict.fromkeys([None, *keys]))
    number = {key: place for place, key in enumerate(states)}
    return {
        "states": [key and _drawn(layers, key, language) for key in states],
        "runs": [[0, None, number[key]] if key else [] for key in keys],
        "none": language.say("No information on either day"),
    }


_Look = tuple[str, tuple[str, ...], tuple[str, ...], bool]  # kind, gained, lost, whether a town


def _look(face: Json) -> _Look | None:
    """How a face is drawn; None where nothing was known on either day."""
    before, after = _said(face, "from"), _said(face, "to")
    if face["changed"]:
        return ("changed", *changes.moved(before, after), face["town"])
    return None if after[0] == NONE else ("same", (), (), False)


def _drawn(layers: Layers, look: _Look, language: Language) -> Json:
    kind, gained, lost, town = look
    names = {
        "gained": language.listed(_names(layers, gained, language)),
        "lost": language.listed(_names(layers, lost, language)),
    }
    if kind == "same":
        label = language.say("No change")
    else:
        which = "both" if gained and lost else "gain" if gained else "loss"
        label = language.say(MOVED[which], **names)
    place = {actor: row for row, actor in enumerate(layers.actors.index)}
    return {
        "kind": kind,
        "gained": [place[actor] for actor in gained],
        "lost": [place[actor] for actor in lost],
        "actors": [],
        "influence": [],
        "level": "place" if town else "",
        "stale": False,
        "label": label,
        "legend": label,
    }


# ---- the ledger


def ledger(
    layers: Layers, timeline: Timeline, first: date, second: date, language: Language
) -> list[Json]:
    """Every change as a line: places, then cercles, the largest first; then marks.

    Returns
    -------
    list of dict
        `kind` (`place`, `unit`, `drawn`; `siege`, `blockade`, `presence`), `where` (name), `before`
        and `after` (what is said of it; "" where a mark is not there), `gained` and `lost` (names),
        `km2` (None for a mark, which covers no ground), `claims` and `ended` (ids), `sources` (as
        `details.source` has them, with their `key`).

    Raises
    ------
    ViewError
        As `changes.between`.
    """
    table = changes.between(timeline, first, second)
    held = [_line(layers, row, language) for row in tables.rows(table)]
    marks = _marks(layers, changes.marks(timeline, first, second), language)
    return _cite(layers, held + marks, language)


def _line(layers: Layers, row: Json, language: Language) -> Json:
    return {
        "kind": row["kind"],
        "where": where(layers, row["kind"], row["key"], language),
        "before": changes.state(layers, _said(row, "from"), language=language.code),
        "after": changes.state(layers, _said(row, "to"), language=language.code),
        "gained": _names(layers, row["gained"], language),
        "lost": _names(layers, row["lost"], language),
        "km2": row["km2"],
        "claims": list(row["claim_ids"]),
        "ended": list(row["ended_ids"]),
        "sources": row["sources"],
    }


def _said(row: Json, when: str) -> Said:
    return row[f"{when}_state"], row[f"{when}_actors"], row[f"{when}_influence"]


def _marks(layers: Layers, marks: pd.DataFrame, language: Language) -> list[Json]:
    """The segments of one road, and several claims about one siege, are one line."""
    parsed = [ground.parse(ref) for ref in marks["area_ref"]]
    kinds = pd.DataFrame({"area": [p.kind for p in parsed], "key": [p.key for p in parsed]})
    table = marks.join(kinds)
    lines = []
    for began in (True, False):
        groups = table[table["began"] == began].groupby(["status", "area", "key", "actor"])
        for (status, area, key, actor), own in groups:
            there = language.say(
                MARKS[str(status)], actors=_names(layers, [str(actor)], language)[0]
            )
            ids = own["claim_id"].tolist()
            lines.append(
                {
                    "kind": status,
                    "where": where(layers, str(area), str(key), language),
                    "before": "" if began else there,
                    "after": there if began else "",
                    "gained": [],
                    "lost": [],
                    "km2": None,
                    "claims": ids if began else [],
                    "ended": [] if began else ids,
                    "sources": list(dict.fromkeys(own["sources"].explode())),
                }
            )
    return sorted(lines, key=lambda line: list(MARKS).index(line["kind"]))


def _names(layers: Layers, actors: Sequence[str], language: Language) -> list[str]:
    return list(layers.actors[language.column("short")].loc[list(actors)])


def news(lines: Sequence[Json], language: Language) -> str:
    """The sieges and blockades of the ledger in a sentence or two; "" where there are none."""
    pressed = [line for line in lines if line["kind"] in words.PRESSED]
    begun = [f"{line['where']} ({line['after']})" for line in pressed if line["after"]]
    over = [f"{line['where']} ({line['before']})" for line in pressed if line["before"]]
    said = []
    if begun:
        said.append(language.say("New on the second date: {marks}.", marks=_few(begun, language)))
    if over:
        said.append(language.say("No longer there: {marks}.", marks=_few(over, language)))
    return " ".join(said)


def _few(names: list[str], language: Language) -> str:
    rest = len(names) - NAMED
    if rest > 0:
        more = language.plural("{number} other", "{number} others", rest)
        return language.listed([*names[:NAMED], more])
    return language.listed(names)


def where(layers: Layers, kind: str, key: str, language: Language) -> str:
    """What ground is called, by the kind and key that `slices.named` gives it."""
    if kind == "road":
        return str(layers.roads.xs(key)[language.column("name")].iloc[0])
    if kind == "place":
        return " / ".join(layers.places["name_fr"].loc[key.split()])
    if kind == "unit":  # a cercle, or a part of one
        key = dict(layers.units[["unit", "cercle"]].itertuples(index=False)).get(key, key)
    if kind in ("unit", "cercle"):
        if key == details.BAMAKO:  # the district is in no cercle
            return f"District {FRENCH.of('Bamako')}"
        return f"Cercle {FRENCH.of(layers.cercles.loc[key, 'name_fr'])}"
    return key


def _cite(layers: Layers, lines: list[Json], language: Language) -> list[Json]:
    """The lines with their sources in full; each source is looked up once."""
    keys = dict.fromkeys(key for line in lines for key in line["sources"])
    known = {key: details.source(layers, key, language) | {"key": key} for key in keys}
    return [line | {"sources": [known[key] for key in line["sources"]]} for line in lines]


# ---- the same for a spreadsheet


def spreadsheet(lines: Sequence[Json]) -> str:
    """The ledger as CSV (`COLUMNS`), safe to open in a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        km2 = "" if line["km2"] is None else f"{line['km2']:.2f}"
        lists = [", ".join(line["gained"]), ", ".join(line["lost"]), km2]
        keys = (line["claims"], line["ended"], [source["key"] for source in line["sources"]])
        told = [line["kind"], line["where"], line["before"], line["after"], *lists]
        writer.writerow(map(safe, [*told, *map(" ".join, keys)]))
    return file.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
