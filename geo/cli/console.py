"""Standard output and error: text for people, JSON for programs, progress on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

from geo import tables

DONE, REFUSED = 0, 1  # wrong usage is 2, and argparse's own

_CLEARED = "\r\x1b[2K"


def say(message: str) -> None:
    """A message, to standard error."""
    _write(sys.stderr, f"{tables.escaped(message)}\n")


def write(lines: Iterable[str]) -> None:
    """Lines of text, to standard output."""
    _write(sys.stdout, "".join(f"{tables.escaped(line)}\n" for line in lines))


def write_json(document: Mapping[str, Any]) -> None:
    """One JSON document, to standard output."""
    # What the output cannot encode is written as \uXXXX, which in JSON means the same.
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    text = json.dumps(document, ensure_ascii=plain, allow_nan=False, indent=1)
    _write(sys.stdout, f"{tables.escaped(text)}\n")


@contextmanager
def progress(steps: int) -> Iterator[Callable[[str], None]]:
    """A bar that moves on with every step, on a terminal only, and is gone in the end.

    Gives a function to be called at the beginning of every step with what is now done.
    """
    shown = sys.stderr.isatty()
    begun = 0

    def step(what: str) -> None:
        nonlocal begun
        if shown:
            bar = "#" * begun + "." * (steps - begun)
            _write(sys.stderr, f"{_CLEARED}[{bar}] {tables.escaped(what)} …")
            sys.stderr.flush()
        begun += 1

    try:
        yield step
    finally:
        if shown:
            _write(sys.stderr, _CLEARED)


@contextmanager
def pipe() -> Iterator[None]:
    """Let whoever reads our output stop reading: `python -m geo place Gao | head` is no fault."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
