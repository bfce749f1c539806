"""`backup`, `restore-backup`: the whole store as one file, and back."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from geo.cli import console, options, uploaded
from geo.cli.options import Commands
from geo.languages import Language, message
from geo.store import backup, people
from geo.store.backup import Manifest

_MADE = message("{file} written: {layers}, {entries}.")
_RESTORED = message("The store is as it was on {moment} UTC: {layers}, {entries}.")


def add(commands: Commands) -> None:
    """Add the commands."""
    about = "write the whole store of uploaded layers to one file, while others go on working"
    made = commands.add_parser(
        "backup", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    made.set_defaults(run=_make)
    about = "put a backup in the place of the store, once all of it has been looked at"
    restored = commands.add_parser(
        "restore-backup", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    restored.add_argument(
        "--replace", action="store_true", help="put a store that holds layers aside"
    )
    restored.set_defaults(run=_restore)
    for parser in (made, restored):
        parser.add_argument("file", type=Path, metavar="FILE")
        options.add_json(parser)
        options.add_language(parser)


def _make(asked: argparse.Namespace, _folder: Path) -> int:
    who = people.local(people.user())
    manifest = backup.make(uploaded.store(), who, asked.file, at=datetime.now(UTC))
    return _say(asked, manifest, _MADE)


def _restore(asked: argparse.Namespace, _folder: Path) -> int:
    who, at = people.local(people.user()), datetime.now(UTC)
    manifest = backup.restore(uploaded.store(), who, asked.file, at=at, replace=asked.replace)
    return _say(asked, manifest, _RESTORED)


def _say(asked: argparse.Namespace, manifest: Manifest, sentence: str) -> int:
    if asked.json:
        console.write_json(asdict(manifest))
        return console.DONE
    language = Language(asked.lang)
    told = {
        "file": asked.file.name,
        "moment": manifest.made_at.replace("T", " ").rstrip("Z"),
        "layers": language.plural("{number} layer", "{number} layers", manifest.layers),
        "entries": language.plural(
            "{number} entry in the log", "{number} entries in the log", manifest.entries
        ),
    }
    wanted = {name: told[name] for name in told if f"{{{name}}}" in sentence}
    console.write([language.say(sentence, **wanted), uploaded.head(manifest.head, language)])
    return console.DONE
