"""`purge`: remove what endangers somebody, for good."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from geo import cache
from geo.cli import console, options, uploaded
from geo.cli.options import Commands
from geo.errors import StoreError
from geo.languages import Language, message
from geo.store import purging, shelf, where
from geo.store.purging import Purged

_DONE = message(
    "{layer} is removed for good: its file, claims, titles and reasons, from the audit log too. "
    "Hashes, days and names of editors are left."
)
_AGAIN = message("{layer} was removed before. What was deleted is overwritten once more.")
_SHARED = message(
    "Its file as received is still kept, because {layers} came from the same file. Remove what "
    "came from it, too."
)
_ELSEWHERE = message(
    "Not reached by this, and to be removed by hand (docs/operations.md says how): app processes "
    "that run, until they are restarted; backups made before, and stores put aside by "
    "restore-backup; copies and logs that the database keeps of itself; computed composites on "
    "other machines; pictures, pages, tables and data packs that were taken away."
)


def add(commands: Commands) -> None:
    """Add the command."""
    about = "remove a withdrawn layer that endangers somebody, for good: nothing brings it back"
    parser = commands.add_parser(
        "purge", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    parser.add_argument("layer", metavar="ID", help="of the layer: up1, up2 …")
    parser.add_argument(
        "--reason",
        required=True,
        metavar="TEXT",
        help="why; this stays in the audit log, so it must name nobody",
    )
    parser.add_argument("--by", metavar="NAME", help="who does it; your user name if left out")
    options.add_json(parser)
    options.add_language(parser)
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, _folder: Path) -> int:
    if where.absent(where.address()):
        raise StoreError(shelf.NO_LAYER, layer=asked.layer)
    done = purging.purge(
        uploaded.store(),
        uploaded.person(asked),
        asked.layer,
        at=datetime.now(UTC),
        reason=asked.reason,
    )
    dropped = cache.clear()
    if asked.json:
        told = {"layer": asked.layer, "head": done.head, "file_shared_with": list(done.shared)}
        console.write_json(told | {"composites_dropped": dropped})
    else:
        console.write(_told(asked.layer, done, dropped, Language(asked.lang)))
    return console.DONE


def _told(layer: str, done: Purged, dropped: int, language: Language) -> list[str]:
    lines = [language.say(_AGAIN if done.before else _DONE, layer=layer)]
    if done.shared:
        lines.append(language.say(_SHARED, layers=language.listed(done.shared)))
    lines.append(
        language.plural(
            "{number} computed composite of this machine was dropped with it.",
            "{number} computed composites of this machine were dropped with it.",
            dropped,
        )
    )
    return [*lines, language.say(_ELSEWHERE), uploaded.head(done.head, language)]
