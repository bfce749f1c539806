"""`audit`: the log of who changed what, and whether all of it is as it was written."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geo.cli import console, options, uploaded
from geo.cli.options import Commands
from geo.languages import Language, message
from geo.store import people, trail, where
from geo.store.trail import Verdict

_HOLDS = message("All is as it was written.")
_ACTIONS = {
    "draft": message("{name} saved a draft of {layer}, version {version}"),
    "discard": message("{name} discarded the draft of {layer}, version {version}"),
    "publish": message("{name} published {layer}, version {version}"),
    "withdraw": message("{name} withdrew {layer}, version {version}"),
    "restore": message("{name} restored {layer}, version {version}"),
    trail.PURGE: message("{name} removed {layer} for good"),
}


def add(commands: Commands) -> None:
    """Add the command."""
    about = "the log of every change to the uploaded layers, or whether it holds"
    parser = commands.add_parser(
        "audit", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    parser.add_argument(
        "what",
        choices=("verify", "log"),
        help="verify: read everything and compare it with the log; log: list its entries",
    )
    parser.add_argument(
        "--head", metavar="HASH", help="one that was told earlier; it must still be in the log"
    )
    parser.add_argument("--layer", metavar="ID", help="list the entries of this layer only")
    options.add_json(parser)
    options.add_language(parser)
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, _folder: Path) -> int:
    return _verify(asked) if asked.what == "verify" else _log(asked)


def _verify(asked: argparse.Namespace) -> int:
    language, who = Language(asked.lang), people.local(people.user())
    verdict = Verdict(0, trail.START, ())
    if asked.head or not where.absent(where.address()):
        verdict = trail.verify(uploaded.store(), who, anchor=asked.head)
    faults = [language.say(fault.sentence, **fault.values) for fault in verdict.faults]
    if asked.json:
        told = {"holds": not faults, "entries": verdict.entries, "head": verdict.head}
        console.write_json(told | {"faults": faults})
    else:
        entries = language.plural(
            "{number} entry in the log.", "{number} entries in the log.", verdict.entries
        )
        console.write([*(faults or [language.say(_HOLDS)]), entries])
        console.write([uploaded.head(verdict.head, language)])
    return console.REFUSED if faults else console.DONE


def _log(asked: argparse.Namespace) -> int:
    language, who = Language(asked.lang), people.local(people.user())
    entries: list[dict[str, Any]] = []
    if not where.absent(where.address()):
        entries = trail.entries(uploaded.store(), who, layer=asked.layer)
    if asked.json:
        console.write_json({"entries": entries})
    else:
        console.write(_line(entry, language) for entry in entries)
    return console.DONE


def _line(entry: dict[str, Any], language: Language) -> str:
    detail = entry["detail"]
    about = {"name": entry["who"], "layer": entry["layer"], "version": detail["version"]}
    sentence = _ACTIONS[entry["action"]]
    done = language.say(sentence, **{k: v for k, v in about.items() if f"{{{k}}}" in sentence})
    moment = entry["at"].replace("T", " ").rstrip("Z")
    reason = detail.get("reason")
    return f"{entry['n']}  {moment} UTC  {done}{f' ({reason})' if reason else ''}"
