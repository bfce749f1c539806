"""`layers`, `withdraw`, `restore`: the layers that were uploaded."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from geo.cli import console, options
from geo.cli.options import Commands
from geo.errors import StoreError
from geo.languages import Language, message
from geo.store import desk, engine, people, shelf, where
from geo.store.desk import Done
from geo.store.engine import Store
from geo.store.people import Person
from geo.store.shelf import Layer, Version

_Run: TypeAlias = Callable[[argparse.Namespace, Path], int]

_STATES = {
    shelf.DRAFT: message("{layer}  {title}  (a draft)"),
    shelf.PUBLISHED: message("{layer}  {title}  (on the map)"),
    shelf.WITHDRAWN: message("{layer}  {title}  (withdrawn)"),
}
_PURGED = message("{layer}  removed for good on {day}, for safety")
_NONE = message("No layer has been uploaded.")
_WITHDRAWN = message("{layer} is off the map. A known-on day before today still shows it.")
_RESTORED = message("{layer} is on the map again.")
_WITHDREW, _RESTORES = message("withdrawn on {day}"), message("restored on {day}")
_HEAD = message("Head of the audit log: {hash}")


def add(commands: Commands) -> None:
    """Add the commands."""
    _add(commands, "layers", "the layers that were uploaded, and what became of them", _list)
    withdraw = _add(commands, "withdraw", "take a layer off the map; nothing is deleted", _withdraw)
    restore = _add(commands, "restore", "put a withdrawn layer back on the map", _restore)
    for parser in (withdraw, restore):
        parser.add_argument("layer", metavar="ID", help="of the layer: up1, up2 …")
        parser.add_argument("--by", metavar="NAME", help="who does it; your user name if left out")
    withdraw.add_argument("--reason", default="", metavar="TEXT", help="why, for the audit log")


def _add(commands: Commands, name: str, about: str, run: _Run) -> argparse.ArgumentParser:
    described = f"{about[0].upper()}{about[1:]}."
    parser = commands.add_parser(name, help=about, description=described, allow_abbrev=False)
    options.add_json(parser)
    options.add_language(parser)
    parser.set_defaults(run=run)
    return parser


# ---- what the other commands of the store share


def store() -> Store:
    """The store that the environment names."""
    return engine.opened(where.address())


def person(asked: argparse.Namespace) -> Person:
    """Whoever sits at this machine: by the name they give, or by that of their user."""
    return people.local(asked.by or people.user())


def seen(layer: str, who: Person) -> tuple[str, int]:
    """A layer and its revision as it is now."""
    return layer, shelf.layer(store(), who, layer).rev


def head(sha256: str, language: Language) -> str:
    """The head of the audit log, to be kept elsewhere."""
    return language.say(_HEAD, hash=sha256)


def document(done: Done) -> dict[str, Any]:
    """A change, as JSON has it."""
    return {"layer": _document(done.layer), "head": done.head}


# ---- the commands


def _list(asked: argparse.Namespace, _folder: Path) -> int:
    language = Language(asked.lang)
    found: list[Layer] = []
    if not where.absent(where.address()):
        found = shelf.layers(store(), people.local(people.user()))
    if asked.json:
        console.write_json({"layers": [_document(one) for one in found]})
    elif found:
        console.write(line for one in found for line in _lines(one, language))
    else:
        console.write([language.say(_NONE)])
    return console.DONE


def _withdraw(asked: argparse.Namespace, _folder: Path) -> int:
    who = person(asked)
    layer, rev = _found(asked.layer, who)
    at = datetime.now(UTC)
    done = desk.withdraw(store(), who, layer, rev=rev, at=at, reason=asked.reason)
    return _say(asked, done, _WITHDRAWN)


def _restore(asked: argparse.Namespace, _folder: Path) -> int:
    who = person(asked)
    layer, rev = _found(asked.layer, who)
    done = desk.restore(store(), who, layer, rev=rev, at=datetime.now(UTC))
    return _say(asked, done, _RESTORED)


def _found(layer: str, who: Person) -> tuple[str, int]:
    if where.absent(where.address()):
        raise StoreError(shelf.NO_LAYER, layer=layer)
    return seen(layer, who)


def _say(asked: argparse.Namespace, done: Done, sentence: str) -> int:
    language = Language(asked.lang)
    if asked.json:
        console.write_json(document(done))
    else:
        told = language.say(sentence, layer=done.layer.layer)
        console.write([told, head(done.head, language)])
    return console.DONE


def _lines(one: Layer, language: Language) -> Iterator[str]:
    if one.purged:
        day = language.day(date.fromisoformat(one.purged[:10]))
        yield language.say(_PURGED, layer=one.layer, day=day)
        return
    yield language.say(_STATES[one.state], layer=one.layer, title=one.newest.title)
    for version in one.versions:
        yield f"    {_version(version, language)}"
    for turn in one.turns:
        if turn.action == "publish":
            continue
        day = language.day(turn.day)
        sentence = _WITHDREW if turn.action == "withdraw" else _RESTORES
        told = language.say(sentence, day=day)
        yield f"    {told}{f': {turn.reason}' if turn.reason else ''}"


def _version(version: Version, language: Language) -> str:
    told = {
        "version": version.version,
        "claims": language.plural("{number} claim", "{number} claims", version.claims),
        "file": version.filename,
        "moment": (version.published_at or version.saved_at).replace("T", " ").rstrip("Z"),
        "name": version.published_by or version.saved_by,
    }
    if version.state == shelf.PUBLISHED:
        return language.say(
            "version {version}: {claims} from {file}, published {moment} UTC by {name}", **told
        )
    return language.say(
        "version {version}: {claims} from {file}, a draft saved {moment} UTC by {name}", **told
    )


def _document(one: Layer) -> dict[str, Any]:
    return {
        "layer": one.layer,
        "state": one.state,
        "revision": one.rev,
        "purged": one.purged or None,
        "title": one.newest.title,
        "versions": [
            {name: getattr(version, name) for name in Version.__slots__} for version in one.versions
        ],
        "turns": [
            {
                "action": turn.action,
                "version": turn.version,
                "day": turn.day.isoformat(),
                "reason": turn.reason,
            }
            for turn in one.turns
        ],
    }
