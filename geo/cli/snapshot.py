"""`snapshot`: one picture of one day, as a newsroom prints or posts it."""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path

from geo import languages
from geo.cli import console, files, options, records, texts, world
from geo.cli.options import Commands
from geo.cli.world import World
from geo.errors import SnapshotError
from geo.languages import Language
from geo.snapshots import checklist, drawing, exports, extents, presets
from geo.snapshots import files as pictures
from geo.snapshots.findings import Checked
from geo.snapshots.request import Snapshot
from geo.view import View

ADDRESS = "MALI_CONTROL_ADDRESS"  # of the environment: where the app is served


def add(commands: Commands) -> None:
    """Add the command."""
    about = "one picture of a day, for the web, social media or print"
    parser = options.reading(commands, "snapshot", about)
    options.add_date(parser)
    parser.add_argument(
        "--also",
        action="append",
        type=options.day,
        default=[],
        metavar="DAY",
        help="one more day, for the preset of four dates; may be given several times",
    )
    endings = ", ".join(exports.ENDINGS)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=f"its ending tells how: {endings}"
    )
    add_picture(parser, preset="article")
    parser.add_argument(
        "--scale",
        type=int,
        choices=pictures.SCALES,
        default=1,
        help="2: twice as many pixels each way, of a .png",
    )
    parser.add_argument(
        "--live",
        action="store_true",
        help="of a page (.html): say that it is made anew with the data, not that it never changes",
    )
    parser.set_defaults(run=_run)


def add_picture(parser: argparse.ArgumentParser, *, preset: str | None) -> None:
    """Add what pictures and films have in common."""
    parser.add_argument(
        "--preset",
        default=preset,
        metavar="P",
        help=f"one of {', '.join(presets.PRESETS)}; if left out, {preset or 'what suits the file'}",
    )
    parser.add_argument(
        "--extent",
        metavar="E",
        help="mali, region:KEY, place:NAME, place:NAME@KM, or WEST,SOUTH,EAST,NORTH in degrees "
        "(written --extent=-6,12,-3,15); the whole country if left out",
    )
    for name, what in (("headline", "headline"), ("caption", "caption"), ("alt", "alt text")):
        parser.add_argument(
            f"--{name}", metavar="TEXT", help=f"the {what}; written from the claims if left out"
        )
    parser.add_argument("--claimed", action="store_true", help="outline what is only claimed, too")
    parser.add_argument(
        "--address",
        default=os.environ.get(ADDRESS, ""),
        metavar="URL",
        help=f"where the app is served, for the link on the picture; {ADDRESS} if left out",
    )


def asked_for(asked: argparse.Namespace, known: World, days: list[date]) -> Snapshot:
    """The picture that was asked for.

    Raises
    ------
    SnapshotError
        There is no such preset or extent, or the claims lie outside the country.
    """
    language = languages.Language(asked.lang)
    preset = presets.named(asked.preset, language)
    if not known.country:
        raise SnapshotError(texts.NOT_PICTURED.said(asked.lang))
    extent = None
    if asked.extent is not None:
        extent = extents.parse(asked.extent, known.layers, days[-1], language)
    return Snapshot(
        _view(asked, known, days, language),
        preset,
        extent,
        tuple(days) if preset.shown > 1 or len(days) > 1 else (),
        asked.headline,
        asked.caption,
        asked.alt,
        asked.address,
    )


def _view(asked: argparse.Namespace, known: World, days: list[date], language: Language) -> View:
    heard, layers = set(asked.sources or ()), world.chosen(asked, language)
    said = set(records.said_by(known.claims))
    return View(
        days[-1],
        known_on=asked.known_on,
        min_confidence=asked.min_confidence,
        without=tuple(sorted(said - heard)) if heard else (),
        layers=layers.layers,
        without_layers=layers.without_layers,
        claimed=asked.claimed,
        language=language,
    )


def _run(asked: argparse.Namespace, folder: Path) -> int:
    lang, path = asked.lang, asked.out
    ending = files.check(path, exports.ENDINGS, texts.PICTURE_ENDING, lang)
    presets.named(asked.preset, languages.Language(lang))  # before any work is done for nothing
    days = sorted({asked.date, *asked.also})
    with console.progress(5) as step:
        known = world.read(asked, folder, step, days=days)
        step(texts.DRAWING.said(lang))
        drawn = drawing.draw(asked_for(asked, known, days), known.layers, known.timeline)
        step(texts.WRITING.said(lang, file=path))
        made = known.layers, known.timeline
        content = exports.render(drawn, ending, *made, scale=asked.scale, live=asked.live)
        plain = (
            {ending: content} if asked.scale == 1 else {}
        )  # the size the preset is meant to have
        found = checklist.check(Checked(drawn, *made, plain))
        checklist.refuse(found)
        files.put(path, content, lang)
        exports.keep(path.name, content)
    for finding in found:
        console.say(texts.DOUBT.said(lang, message=finding.message))
    console.say(texts.PICTURED.said(lang, file=path, headline=drawn.words.headline))
    console.say(texts.SEALED.said(lang, code=drawn.code))
    return console.DONE
