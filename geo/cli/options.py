"""What is typed after a command, read; wrong usage is told by argparse."""

from __future__ import annotations

import argparse
import math
import re
from datetime import date
from pathlib import Path
from typing import TypeAlias

from geo import tables
from geo.claims import CONFIDENCES

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 -- it has no other

LANGUAGES = ("en", "fr")

_PORT = re.compile("[1-9][0-9]{0,4}")
_LAST_PORT = 65535


def reading(commands: Commands, name: str, about: str) -> argparse.ArgumentParser:
    """Parser of a command that reads claims, with the options all of these share."""
    parser = commands.add_parser(
        name, help=about, description=f"{about[0].upper()}{about[1:]}.", allow_abbrev=False
    )
    group = parser.add_argument_group("what is heard")
    group.add_argument(
        "--known-on", type=day, metavar="DAY", help="use only what had been reported by this day"
    )
    group.add_argument(
        "--source",
        action="append",
        dest="sources",
        metavar="ID",
        help="hear only this source of layers/bibliography.csv; may be given several times",
    )
    group.add_argument(
        "--only-layer",
        action="append",
        dest="only_layers",
        metavar="ID",
        help="hear only this layer of those on the map: shipped, up1, up2 …; may be given several "
        "times",
    )
    group.add_argument(
        "--without-layer",
        action="append",
        dest="without_layers",
        metavar="ID",
        help="do not hear this layer; may be given several times",
    )
    group.add_argument(
        "--min-confidence", choices=CONFIDENCES, help="leave out claims below this confidence"
    )
    group.add_argument(
        "--layer",
        action="append",
        dest="given",
        type=Path,
        metavar="FILE",
        help="read this layer of claims (GeoJSON, GeoPackage or GeoParquet with the columns of "
        "docs/claims.md) in place of the shipped ones; may be given several times",
    )
    group.add_argument(
        "--lang",
        choices=LANGUAGES,
        default="en",
        help="language of what is written; en if left out",
    )
    return parser


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument(
        "--json", action="store_true", help="write one JSON document, see docs/cli.md"
    )


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add `--lang`, to a command that reads no claims."""
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default="en",
        help="language of what is written; en if left out",
    )


def add_date(parser: argparse.ArgumentParser) -> None:
    """Add `--date`."""
    parser.add_argument("--date", type=day, required=True, metavar="DAY", help="YYYY-MM-DD")


def add_days(parser: argparse.ArgumentParser) -> None:
    """Add `--from` and `--to`."""
    for name, dest, which in (("--from", "first", "first"), ("--to", "last", "last")):
        parser.add_argument(
            name, type=day, required=True, dest=dest, metavar="DAY", help=f"{which} day, YYYY-MM-DD"
        )


def day(text: str) -> date:
    """A day written YYYY-MM-DD and in no other way."""
    try:
        if tables.DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"there is no day {text}") from None
    raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as YYYY-MM-DD")


def longitude(text: str) -> float:
    """Degrees east."""
    return _degrees(text, 180)


def latitude(text: str) -> float:
    """Degrees north."""
    return _degrees(text, 90)


def port(text: str) -> int:
    """A port of this machine."""
    if _PORT.fullmatch(text) and int(text) <= _LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port; write a number from 1 to 65535")


def _degrees(text: str, most: int) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if abs(number) <= most:  # which NaN is not
        return number
    raise argparse.ArgumentTypeError(
        f"{text!r} is not on Earth; write degrees from -{most} to {most} with a decimal point"
    )
