"""`verify`: whether an old export is still true, and what has been corrected since."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from geo import languages, layers
from geo.cli import console, options, texts
from geo.cli.options import Commands
from geo.errors import SnapshotError
from geo.layers import Layers
from geo.snapshots import seal, verdict, verified
from geo.snapshots.verdict import Verdict
from geo.store.known import joined

MOST_BYTES = 200_000_000  # of a file that is read; a film of every day there is has a tenth


def add(commands: Commands) -> None:
    """Add the command."""
    about = "whether an old export is still true: unchanged, or what was corrected since"
    parser = commands.add_parser(
        "verify", help=about, description=f"{about[0].upper()}{about[1:]}.", allow_abbrev=False
    )
    parser.add_argument(
        "given", metavar="FILE_OR_CODE", help="an exported file, or its check code: MCM-7F3A-91C2"
    )
    parser.add_argument(
        "--lang", choices=options.LANGUAGES, default="en", help="language of what is written"
    )
    options.add_json(parser)
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    language = languages.Language(asked.lang)
    given = _given(asked.given, asked.lang)
    with console.progress(2) as step:
        step(texts.READING.said(asked.lang))
        known = joined(layers.load(folder))
        step(texts.RESOLVING.said(asked.lang))
        found = verdict.of(known, given, language=language)
    if asked.json:
        console.write_json(verified.document(known, found, language))
    else:
        console.write(_lines(known, found, language))
    return console.DONE


def _lines(known: Layers, found: Verdict, language: languages.Language) -> Iterator[str]:
    yield verified.headline(found, language)
    yield ""
    yield from verified.about(known, found, language)
    for part in (verified.claims(found, language), verified.differences(known, found, language)):
        if part:
            yield ""
            yield from part


def _given(text: str, lang: str) -> bytes | str:
    """The content of a file, or a check code where there is no such file."""
    path = Path(text)
    try:
        if not path.exists() and seal.read_code(text) is not None:
            return text
        if path.stat().st_size > MOST_BYTES:
            raise SnapshotError(texts.FILE_TOO_LARGE.said(lang, file=text))
        return path.read_bytes()
    except FileNotFoundError as fault:
        raise SnapshotError(texts.NO_FILE_NO_CODE.said(lang, file=text)) from fault
    except (OSError, ValueError) as fault:  # a folder, no leave to read, a zero byte in the name
        reason = getattr(fault, "strerror", None) or fault
        raise SnapshotError(texts.LAYER_NOT_READ.said(lang, file=text, reason=reason)) from fault
