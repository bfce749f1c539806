"""`slice`: the state on one day, written to a file."""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd

from geo import formats, slices, tables
from geo.cli import console, files, options, records, telling, texts, world
from geo.cli.options import Commands
from geo.cli.world import World
from geo.timeline import NONE

_SEVERAL = "#8c8c8c"  # ground of several actors: the colour of one of them would take sides


def add(commands: Commands) -> None:
    """Add the command."""
    about = "the state on one day as a file: who holds which ground, by whose claims"
    parser = options.reading(commands, "slice", about)
    options.add_date(parser)
    endings = ", ".join(formats.WRITERS)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=f"its ending tells how: {endings}"
    )
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    lang, path = asked.lang, asked.out
    ending = files.check(path, formats.WRITERS, texts.ENDING_UNKNOWN, lang)
    with console.progress(4) as step:
        known = world.read(asked, folder, step, days=(asked.date,))
        step(texts.WRITING.said(lang, file=path))
        shapes = slices.merged(slices.at(known.timeline, asked.date))
        files.put(path, formats.WRITERS[ending](_sheet(known, asked, shapes)), lang)
    area = texts.number(lang, shapes["area_km2"].sum())
    day = texts.day(lang, asked.date)
    console.say(texts.WRITTEN.said(lang, file=path, day=day, count=len(shapes), area=area))
    return console.DONE


def _sheet(known: World, asked: argparse.Namespace, shapes: gpd.GeoDataFrame) -> formats.Sheet:
    rows = tables.rows(shapes.drop(columns="geometry"))
    return formats.Sheet(
        name=f"control_{asked.date:%Y_%m_%d}",
        about=_about(known, asked),
        shapes=formats.rounded(shapes),
        labels=tuple(telling.state(known, row) for row in rows),
        colours=tuple(_colour(known, row) for row in rows),
    )


def _about(known: World, asked: argparse.Namespace) -> dict[str, str]:
    """What a reader of the file alone has to know; what was not asked for is left out."""
    data, lang = known.layers.dataset, known.lang
    french = lang == "fr"
    named = data.title_fr if french else data.title_en
    title = named if known.shipped else ", ".join(path.name for path in asked.given)
    day = texts.day(lang, asked.date)
    about = {
        "title": texts.SLICE_TITLE.said(lang, day=day, title=title),
        "date": str(asked.date),
        "known_on": str(asked.known_on or ""),
        "sources": " ".join(asked.sources or ()),
        "min_confidence": asked.min_confidence or "",
        "layers": " ".join(sorted(known.timeline.filters.layers or ())),
    }
    if known.shipped:
        about |= {"version": data.version, "licence": data.licence}
        shown = known.layers.published.query("shown")["title"]
        on = known.timeline.filters.layers
        shown = shown if on is None else shown[shown.index.isin(on)]
        about["uploaded"] = "; ".join(f"{layer}: {title}" for layer, title in shown.items())
    if known.country:
        about |= {
            "attribution": texts.ATTRIBUTION,
            "caveat": data.boundaries_fr if french else data.boundaries_en,
        }
    return {name: text for name, text in about.items() if text}


def _colour(known: World, row: records.Json) -> str:
    if row["state"] == NONE:
        return ""
    actors = row["actors"] or row["influence"]
    own = known.layers.actors["colour"]
    return str(own.get(actors[0], _SEVERAL)) if len(actors) == 1 else _SEVERAL
