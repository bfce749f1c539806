"""Files a command writes: refused before any work is done for nothing, or written whole."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from geo.cli import texts
from geo.cli.texts import Text
from geo.errors import ViewError
from geo.layers import folder as folders


def check(path: Path, endings: Collection[str], refusal: Text, lang: str) -> str:
    """The ending of `path`, in lower case, if a file can be written there.

    Raises
    ------
    ViewError
        The ending is none of `endings`, which is what `refusal` says; the path is a folder, or
        lies in none.
    """
    ending = path.suffix.lower()
    if ending not in endings:
        raise ViewError(refusal.said(lang, file=path, endings=", ".join(endings)))
    if path.is_dir():
        raise ViewError(texts.IS_FOLDER.said(lang, file=path))
    if not path.parent.is_dir():
        raise ViewError(texts.NO_FOLDER.said(lang, file=path, folder=path.parent))
    return ending


def put(path: Path, content: bytes, lang: str) -> None:
    """Write a file in one step, or raise `ViewError` and leave everything as it was."""
    target = path.resolve()  # through a link, not in its place
    try:
        folders.replace(target.parent, target.name, content)
    except OSError as fault:
        told = texts.NOT_WRITTEN.said(lang, file=path, reason=fault.strerror)
        raise ViewError(told) from fault
