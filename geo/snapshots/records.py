"""Records of exports kept on this machine, so that a printed check code alone can be checked.

One small file an export, named by its code: what is there is never changed but for the hashes of
the files that were made. Losing the folder loses nothing but this: a file carries its own record.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from geo.errors import SnapshotError
from geo.languages import ENGLISH, Language
from geo.layers import folder as folders
from geo.snapshots import seal
from geo.snapshots.seal import Record

VARIABLE = "MALI_CONTROL_RECORDS"  # of the environment: a folder to use in place of the usual one
_log = logging.getLogger(__name__)


def folder() -> Path:
    """Where records are kept."""
    named = os.environ.get(VARIABLE)
    usual = Path(platformdirs.user_data_dir("mali-control-map", appauthor=False)) / "records"
    return Path(named) if named else usual


def keep(record: Record, files: Mapping[str, bytes], *, where: Path | None = None) -> Path | None:
    """Keep a record, and the hashes of the files made of it by name; where, or None if nowhere.

    A folder that cannot be written stops no export: a file carries its own record.
    """
    place = where or folder()
    path = place / _name(record)
    known = _files(path) | {hashlib.sha256(made).hexdigest(): name for name, made in files.items()}
    told = {"code": record.code, "record": seal.stamp(record), "files": dict(sorted(known.items()))}
    try:
        place.mkdir(parents=True, exist_ok=True)
        folders.replace(place, path.name, f"{json.dumps(told, indent=1)}\n".encode())
    except OSError as fault:
        _log.warning("The record %s cannot be kept in %s (%s).", record.code, place, fault)
        return None
    return path


def find(code: str, *, where: Path | None = None, language: Language = ENGLISH) -> Record:
    """The record of a check code.

    Raises
    ------
    SnapshotError
        It is no check code, or no record of it is kept here, or the record is damaged.
    """
    plain = seal.read_code(code)
    if plain is None:
        raise SnapshotError(
            language.say(
                "{code} is not a check code. It is printed on the picture and looks like "
                "MCM-7F3A-91C2.",
                code=repr(code[:40]),
            )
        )
    place = where or folder()
    for path in sorted(place.glob(f"{plain}_*.json")):
        found = seal.read(path.read_bytes(), language)
        if found is not None and found.code == plain:
            return found
    raise SnapshotError(
        language.say(
            "No record of {code} is kept here. Give the file itself: it carries its record. Or ask "
            "whoever made it to check the code.",
            code=plain,
        )
    )


def made_here(record: Record, digest: str, *, where: Path | None = None) -> bool | None:
    """Whether a file is to the byte one that was made here; None: nothing is known of its maker.

    Parameters
    ----------
    digest
        SHA-256 of the file, in hex.
    """
    known = _files((where or folder()) / _name(record))
    return digest in known if known else None


def _name(record: Record) -> str:
    """The code, and enough of the hash behind it that two views never share a file."""
    told = json.dumps([record.data_version, sorted(record.query.items())])
    return f"{record.code}_{hashlib.sha256(told.encode()).hexdigest()[:16]}.json"


def _files(path: Path) -> dict[str, str]:
    """Names of the files made of a record by the hash of their bytes; none where it is damaged."""
    try:
        told = json.loads(path.read_text("utf-8"))["files"]
        return {str(digest): str(name) for digest, name in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
