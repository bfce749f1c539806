"""`areas`: km², places and people at every change, as low and high ends."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from geo import figures, formats
from geo.cli import console, files, options, texts, world
from geo.cli.options import Commands
from geo.errors import ViewError

_ENDINGS = (".csv",)
_DECIMALS = 6  # of a km²: one square metre, to which the figures add up
_KEYS = ["edition", "region", "actor", "state"]


def add(commands: Commands) -> None:
    """Add the command."""
    about = "km², places and people by actor and state at every change, as low and high ends"
    parser = options.reading(commands, "areas", about)
    options.add_days(parser)
    parser.add_argument(
        "--by",
        choices=("actor", "region"),
        default="actor",
        help="region: also for every region, in the edition of the day; actor if left out",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="a .csv file; standard output if left out"
    )
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    lang, path = asked.lang, asked.out
    if path is not None:
        files.check(path, _ENDINGS, texts.AREAS_ENDING, lang)
    with console.progress(4) as step:
        known = world.read(asked, folder, step, days=(asked.first, asked.last))
        if asked.by == "region" and not known.country:
            raise ViewError(texts.NO_REGIONS.said(lang))
        step(texts.COUNTING.said(lang))
        ranges = figures.ranges(known.timeline, known.layers.places)
        table = figures.over_time(ranges, asked.first, asked.last, regions=asked.by == "region")
    text = _csv(table)
    if path is None:
        console.write(text.splitlines())
        return console.DONE
    files.put(path, text.encode(), lang)
    days = table["day"].nunique()
    console.say(texts.AREAS_WRITTEN.said(lang, file=path, count=len(table), days=days))
    return console.DONE


def _csv(table: pd.DataFrame) -> str:
    told = table.assign(**{name: table[name].map(formats.harmless) for name in _KEYS})
    told["day"] = told["day"].dt.strftime("%Y-%m-%d")
    text: str = told.round(_DECIMALS).to_csv(index=False, lineterminator="\n")
    return text
