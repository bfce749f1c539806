"""`build`: the layers made from the tables written by hand."""

from __future__ import annotations

import argparse
from pathlib import Path

from geo import layers
from geo.cli import console
from geo.cli.options import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    about = "build layers/*.geojson from the tables written by hand"
    parser = commands.add_parser(
        "build", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a layer is not up to date"
    )
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    if asked.check:
        return _check(folder)
    written = layers.write(folder)
    for name in written:
        console.say(f"{name} {'written' if (folder / name).exists() else 'removed'}")
    if not written:
        console.say("Every layer was up to date.")
    return console.DONE


def _check(folder: Path) -> int:
    differing = layers.check(folder)
    for name in differing:
        console.say(f"{name} is not what the tables make.")
    console.say("Run: python -m geo build" if differing else "Every layer is up to date.")
    return console.REFUSED if differing else console.DONE
