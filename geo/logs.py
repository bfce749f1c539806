"""The log on standard error: one line an event, with nothing in it of people or of their files.

Every room tells of what it did by `tell`; `configure` decides what is written, and how.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

VARIABLE = "MALI_CONTROL_LOG"  # of the environment: a level, a format, or both: "warning,json"
LEVELS = ("debug", "info", "warning", "error")
JSON, TEXT = FORMATS = ("json", "text")

_OURS = "geo"
_FOREIGN = ("streamlit", "uvicorn", "websockets")  # they have handlers of their own
_TOLD = "told"
_ROOT = Path(__file__).parents[1]


def tell(log: logging.Logger, what: str, level: int = logging.INFO, **told: object) -> None:
    """Write that something has happened: `what` in a word or two, and what is known of it."""
    log.log(level, what, extra={_TOLD: told})


def configure(setting: str, stream: TextIO = sys.stderr) -> None:
    """Write events to a stream, those of other libraries in the same way. May be called again.

    Parameters
    ----------
    setting
        Level and format, with a comma between them; either may be left out. The level is then
        `info`, and the format `text` on a terminal and `json` elsewhere. What is neither is
        passed over.
    """
    words = [word.strip().lower() for word in setting.split(",")]
    level = next((word for word in words if word in LEVELS), "info")
    wanted = next((word for word in words if word in FORMATS), TEXT if stream.isatty() else JSON)
    lines = Lines(wanted, full=level == "debug")
    ours = logging.getLogger(_OURS)
    ours.setLevel(level.upper())
    ours.propagate = False
    for old in [one for one in ours.handlers if isinstance(one, _Handler)]:
        ours.removeHandler(old)
    handler = _Handler(stream)
    handler.setFormatter(lines)
    ours.addHandler(handler)
    for name, found in list(logging.root.manager.loggerDict.items()):
        if isinstance(found, logging.Logger) and name.partition(".")[0] in _FOREIGN:
            for other in found.handlers:
                other.setFormatter(lines)


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, to be told from those of others."""


class Lines(logging.Formatter):
    """A record as one line.

    Of the messages of other libraries only the sentence is written and not what is filled in, of
    an exception its type and its place and not its text: they may quote a file, an address or a
    name. At the level `debug` everything is written.

    Parameters
    ----------
    wanted
        One of `FORMATS`.
    full
        Whether everything is written.
    """

    def __init__(self, wanted: str, *, full: bool) -> None:
        super().__init__()
        self.wanted = wanted
        self.full = full

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = self._document(record)
        if self.wanted == JSON:
            return json.dumps(told, default=str, allow_nan=True)
        at, level, where, what = (told.pop(name) for name in ("at", "level", "where", "what"))
        rest = " ".join(f"{name}={json.dumps(value, default=str)}" for name, value in told.items())
        return f"{at} {level} {where}: {json.dumps(what)[1:-1]}{f' {rest}' if rest else ''}"

    def _document(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        own = record.name.partition(".")[0] == _OURS
        document = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "where": record.name,
            "what": record.getMessage() if own or self.full else str(record.msg),
        }
        told = getattr(record, _TOLD, {})
        document |= told if isinstance(told, Mapping) else {}
        if record.exc_info and record.exc_info[1] is not None:
            document |= self._fault(record.exc_info[1])
        return document

    def _fault(self, fault: BaseException) -> dict[str, Any]:
        frames = traceback.extract_tb(fault.__traceback__)
        ours = [one for one in frames if Path(one.filename).is_relative_to(_ROOT)]
        told: dict[str, Any] = {"fault": type(fault).__name__}
        for name, found in (("place", ours), ("raised", frames)):
            if found and (name == "place" or found[-1] not in ours):
                told[name] = _place(found[-1])
        if fault.__cause__ is not None:
            told["cause"] = type(fault.__cause__).__name__
        if self.full:
            told["trace"] = "".join(traceback.format_exception(fault))
        return told


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    short = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else Path(*path.parts[-2:])
    return f"{short.as_posix()}:{frame.lineno} {frame.name}"
