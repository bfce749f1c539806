"""The same without a browser: `python -m geo <command>`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from geo import layers
from geo.errors import GeoError

DONE, REFUSED = 0, 1  # wrong usage is 2, and argparse's own


def main(arguments: Sequence[str] | None = None, *, folder: Path = layers.FOLDER) -> int:
    """Run one command; the exit code.

    Parameters
    ----------
    arguments
        What was typed after `python -m geo`; None: what this process was started with.
    folder
        The folder of layers to work on.
    """
    asked = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Path], int] = asked.run
    try:
        return run(asked, folder)
    except GeoError as fault:
        _say(f"geo: {fault}")
    except OSError as fault:
        _say(f"geo: {fault.filename}: {fault.strerror}. Check who may read and write there.")
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description=__doc__)
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)
    _add_build(commands)
    return parser


def _add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "build layers/*.geojson from the tables written by hand"
    parser = commands.add_parser("build", help=about, description=about.capitalize() + ".")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a layer is not up to date"
    )
    parser.set_defaults(run=_build)


def _build(asked: argparse.Namespace, folder: Path) -> int:
    if asked.check:
        differing = layers.check(folder)
        for name in differing:
            _say(f"{name} is not what the tables make.")
        _say("Run: python -m geo build" if differing else "Every layer is up to date.")
        return REFUSED if differing else DONE
    written = layers.write(folder)
    for name in written:
        _say(f"{name} {'written' if (folder / name).exists() else 'removed'}")
    if not written:
        _say("Every layer was up to date.")
    return DONE


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
