"""`publish`: a file becomes a layer on the map."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from geo import cache, ingest, layers
from geo.claims import SEPARATOR
from geo.cli import check, console, options, texts, uploaded
from geo.cli.options import Commands
from geo.languages import Language, message
from geo.store import desk, known, people
from geo.store.desk import Done, Upload

_DONE = message("{layer}, version {version}, is on the map: {claims}.")


def add(commands: Commands) -> None:
    """Add the command."""
    about = "put a file on the map, as a new layer or as the next version of one"
    parser = commands.add_parser(
        "publish", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    check.add_file(parser)
    parser.add_argument("--title", required=True, metavar="TEXT", help="what readers see")
    parser.add_argument("--by", required=True, metavar="NAME", help="who publishes it")
    parser.add_argument(
        "--corrects", metavar="ID", help="the layer of which it is the next version"
    )
    options.add_json(parser)
    options.add_language(parser)
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    language, person = Language(asked.lang), people.local(asked.by)
    with console.progress(4) as step:
        step(language.say("reading {file}", file=asked.file.name))
        data, report = check.examined(asked, folder)
        if report.verdict == ingest.REJECT:
            return _refused(asked, report, language)
        step(texts.READING.said(asked.lang))
        now = datetime.now(UTC)
        corrects = uploaded.seen(asked.corrects, person) if asked.corrects else None
        upload = Upload(data, report, asked.title, corrects)
        foreseen = known.foreseen(layers.load(folder), upload, now.date())
        step(texts.CUTTING.said(asked.lang, count=len(foreseen.claims)))
        # Whatever the map could not draw is refused here, and not by the map of every reader.
        made = cache.composite(foreseen.claims, foreseen.units)
        step(language.say("putting the layer on the map"))
        done = desk.put_up(uploaded.store(), person, upload, at=now)
    if asked.json:
        console.write_json(uploaded.document(done) | {"report": report.document(language)})
        return console.DONE
    console.write(check.lines(report, language))
    for repair in made.report:
        if repair.claim_id.startswith(done.layer.layer + SEPARATOR):
            said = texts.REPAIRED.said(asked.lang, claim_id=repair.claim_id, what=repair.what)
            console.say(said)
    console.write(["", *_told(done, language)])
    return console.DONE


def _refused(asked: argparse.Namespace, report: ingest.Report, language: Language) -> int:
    if asked.json:
        console.write_json({"layer": None, "report": report.document(language)})
    else:
        console.write(check.lines(report, language))
    return console.REFUSED


def _told(done: Done, language: Language) -> list[str]:
    version = done.layer.newest
    claims = language.plural("{number} claim", "{number} claims", version.claims)
    shown = {"layer": done.layer.layer, "version": version.version, "claims": claims}
    return [language.say(_DONE, **shown), uploaded.head(done.head, language)]
