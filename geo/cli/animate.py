"""`animate`: a film between two days, as MP4 or GIF."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from geo import languages
from geo.cli import console, files, options, texts, world
from geo.cli import snapshot as pictures
from geo.cli.options import Commands
from geo.snapshots import exports, film, presets

_PRESETS = {".mp4": "wide", ".gif": "article"}


def add(commands: Commands) -> None:
    """Add the command."""
    about = "a film of the map between two days"
    parser = options.reading(commands, "animate", about)
    options.add_days(parser)
    endings = ", ".join(film.ENDINGS)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=f"its ending tells how: {endings}"
    )
    pictures.add_picture(parser, preset=None)
    parser.add_argument(
        "--frames",
        type=int,
        default=film.FRAMES,
        metavar="N",
        help=f"at most so many days, evenly spread; {film.FRAMES} if left out",
    )
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    lang, path = asked.lang, asked.out
    ending = files.check(path, film.ENDINGS, texts.FILM_ENDING, lang)
    asked.preset = asked.preset or _PRESETS[ending]
    presets.named(asked.preset, languages.Language(lang))  # before any work is done for nothing
    with console.progress(4) as step:
        known = world.read(asked, folder, step, days=(asked.first, asked.last))
        step(texts.DRAWING.said(lang))
        shown = film.days(asked.first, asked.last, asked.frames)
        picture = pictures.asked_for(asked, known, [asked.last])
        reel = film.prepare(picture, known.layers, known.timeline, shown)
    with tqdm(
        total=len(shown), desc=texts.FILMING.said(lang), leave=False, disable=None, file=sys.stderr
    ) as bar:
        content = film.WRITERS[ending](reel, lambda _done, _of: bar.update())
    files.put(path, content, lang)
    exports.keep(path.name, content)
    seconds = (len(shown) - 2) / film.RATE + 2 * film.HELD
    told = {"count": len(shown), "drawn": reel.drawn, "size": len(content) // 1000}
    console.say(texts.FILMED.said(lang, file=path, seconds=f"{seconds:.0f}", **told))
    console.say(texts.SEALED.said(lang, code=reel.subject.code))
    return console.DONE
