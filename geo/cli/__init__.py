"""The same without a browser: `python -m geo <command>`.

A command is a module with a function `add`, which gives it a parser and sets `run`, and a place in
`_COMMANDS`. `run` takes what was asked and the folder of layers, and returns the exit code.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from geo import layers
from geo.cli.animate import add as _add_animate
from geo.cli.areas import add as _add_areas
from geo.cli.auditing import add as _add_audit
from geo.cli.backups import add as _add_backup
from geo.cli.building import add as _add_build
from geo.cli.changes import add as _add_changes
from geo.cli.check import add as _add_check
from geo.cli.console import DONE, REFUSED, pipe, say
from geo.cli.explain import add as _add_explain
from geo.cli.lifelines import add as _add_lifelines
from geo.cli.place import add as _add_place
from geo.cli.publishing import add as _add_publish
from geo.cli.purging import add as _add_purge
from geo.cli.revising import add as _add_revising
from geo.cli.scaling import add as _add_build_composite
from geo.cli.serve import add as _add_serve
from geo.cli.slicing import add as _add_slice
from geo.cli.snapshot import add as _add_snapshot
from geo.cli.texts import NO_ACCESS
from geo.cli.uploaded import add as _add_uploaded
from geo.cli.verify import add as _add_verify
from geo.errors import GeoError
from geo.languages import Language

_COMMANDS = (
    *(_add_build, _add_slice, _add_areas, _add_changes, _add_place, _add_explain, _add_lifelines),
    *(_add_snapshot, _add_animate, _add_verify, _add_check),
    *(
        _add_publish,
        _add_uploaded,
        _add_revising,
        _add_purge,
        _add_audit,
        _add_backup,
        _add_build_composite,
        _add_serve,
    ),
)
_INTERRUPTED = 130  # what shells say of a program stopped by Ctrl-C


def main(arguments: Sequence[str] | None = None, *, folder: Path = layers.FOLDER) -> int:
    """Run one command; the exit code.

    Parameters
    ----------
    arguments
        What was typed after `python -m geo`; None: what this process was started with.
    folder
        The folder of layers to work on.
    """
    code = DONE
    with pipe():
        asked = _parser().parse_args(arguments)
        code = _run(asked, folder)
    return code


def _parser() -> argparse.ArgumentParser:
    about = "Who held which ground, on which day, according to whom."
    parser = argparse.ArgumentParser(prog="python -m geo", description=about, allow_abbrev=False)
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)
    for add in _COMMANDS:
        add(commands)
    return parser


def _run(asked: argparse.Namespace, folder: Path) -> int:
    run: Callable[[argparse.Namespace, Path], int] = asked.run
    try:
        return run(asked, folder)
    except BrokenPipeError:
        raise
    except GeoError as fault:
        say(f"geo: {Language(getattr(asked, 'lang', 'en')).fault(fault)}")
    except OSError as fault:
        lang = getattr(asked, "lang", "en")
        told = NO_ACCESS.said(lang, file=fault.filename, reason=fault.strerror)
        say(f"geo: {told}")
    except KeyboardInterrupt:
        return _INTERRUPTED
    return REFUSED
