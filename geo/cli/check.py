"""`check`: what would become of an upload, without keeping anything."""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geo import ingest
from geo.cli import console, options, texts
from geo.cli.options import Commands
from geo.errors import ViewError
from geo.ingest import Problem, Report
from geo.languages import Language, message

_VERDICTS = {
    ingest.ACCEPT: message("Accepted."),
    ingest.WARN: message("Accepted, with what is listed below."),
    ingest.REJECT: message("Refused: nothing can be made of it until this is mended."),
}
_STEPS = 40  # of the bar
_FILE = "a file, or a folder of daily files: see docs/uploads.md"
_SEVERITIES = {
    "refused": message("Refused"),
    "asked": message("Asked"),
    "mended": message("Mended"),
    "doubtful": message("Doubtful"),
    "note": message("Note"),
}


def add(commands: Commands) -> None:
    """Add the command."""
    about = "dry run of an upload: accepted or refused, with every doubt and its remedy"
    parser = commands.add_parser(
        "check", help=about, description=f"{about.capitalize()}.", allow_abbrev=False
    )
    add_file(parser)
    options.add_json(parser)
    options.add_language(parser)
    parser.set_defaults(run=_run)


def add_file(parser: argparse.ArgumentParser) -> None:
    """Add a file that is uploaded, and the answers to what is asked about it."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_FILE)
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        type=_pair,
        metavar="COLUMN=FIELD",
        help="which field of a claim a column is; may be given several times",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_pair,
        metavar="FIELD=VALUE",
        help="what holds where the file says nothing, or an answer; may be given several times",
    )


def _pair(text: str) -> tuple[str, str]:
    # A column or a name may hold an equals sign; a field and a value do not.
    name, sign, value = text.rpartition("=")
    if not sign or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name.strip(), value.strip()


def _run(asked: argparse.Namespace, folder: Path) -> int:
    language = Language(asked.lang)
    _, report = examined(asked, folder)
    if asked.json:
        console.write_json(report.document(language))
    else:
        console.write(lines(report, language))
    return console.REFUSED if report.verdict == ingest.REJECT else console.DONE


def examined(asked: argparse.Namespace, folder: Path) -> tuple[bytes, Report]:
    """The bytes of the file that was asked about, and what would become of it."""
    try:
        if asked.file.is_dir():
            data, name = _packed(asked.file), f"{asked.file.resolve().name}.zip"
        else:
            data, name = asked.file.read_bytes(), asked.file.name
    except OSError as fault:
        told = texts.LAYER_NOT_READ.said(asked.lang, file=asked.file, reason=fault.strerror)
        raise ViewError(told) from fault
    with _bar(Language(asked.lang)) as progress:
        report = ingest.validate(
            data,
            name,
            mapping=dict(asked.map),
            defaults=dict(asked.set),
            folder=folder,
            progress=progress,
        )
    return data, report


def _packed(folder: Path) -> bytes:
    """The files of a folder as a ZIP, the same for the same files: a series of daily layers."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.is_file() and not path.name.startswith("."):
                info = zipfile.ZipInfo(path.name)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
    return made.getvalue()


@contextmanager
def _bar(language: Language) -> Iterator[Callable[[int, int], None]]:
    """How many files of a series are done, on a terminal only."""
    with console.progress(_STEPS) as step:
        shown = 0

        def tell(done: int, total: int) -> None:
            nonlocal shown
            while shown * total < done * _STEPS:
                step(language.say("{number} of {total} files", number=done, total=total))
                shown += 1

        yield tell


def lines(report: Report, language: Language) -> Iterator[str]:
    """What became of a file, for people."""
    yield language.say(_VERDICTS[report.verdict])
    if report.features:
        features = language.plural("{number} feature", "{number} features", report.features)
        claims = language.plural("{number} claim", "{number} claims", report.claims)
        yield f"{report.kind}: {features}, {claims}."
    for found in report.problems:
        yield ""
        yield from _told(found, language)


def _told(found: Problem, language: Language) -> Iterator[str]:
    yield f"{language.say(_SEVERITIES[found.severity])} ({found.rule})"
    yield f"  {found.said(language)}"
    remedy = found.mend(language)
    if remedy:
        yield f"  {remedy}"
    for choice in found.offer.choices if found.offer else ():
        typed = [f"--set '{name}={value}'" for name, value in choice.defaults.items()]
        typed += [f"--map '{column}={field}'" for column, field in choice.mapping.items()]
        yield f"    {' '.join(typed)}"
