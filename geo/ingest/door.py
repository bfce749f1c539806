"""The door: bytes and a name in, a report out. It never raises for what is in the file."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from geo import claims, layers, logs
from geo.ingest import crew, gate, series
from geo.ingest.limits import LIMITS, Limits
from geo.ingest.report import REJECT, Report, plain, problem

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


def validate(  # noqa: PLR0913 (the last four are for pages, tests and operators)
    data: bytes,
    filename: str,
    *,
    mapping: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    day: date | None = None,
    limits: Limits = LIMITS,
    folder: Path = layers.FOLDER,
    progress: Progress | None = None,
) -> Report:
    """What would become of a stranger's file. Nothing is kept.

    Parameters
    ----------
    data
        As received.
    filename
        What the reader calls it: its ending is compared with the content, it is never opened.
    mapping
        Column of the file -> field of a claim, for columns whose name does not say it;
        `-` in place of a field: not used.
    defaults
        What holds where the file says nothing, and answers to what is asked: docs/uploads.md
        lists the keys.
    day
        The day of upload, which `reported_on` is where nothing else is given; None: today.
    limits
        What the file may cost; each file, of a series.
    folder
        The layers whose actors and places it is compared with.
    progress
        Told, of a series, how many of how many files are done.

    Returns
    -------
    Report
        With a `layer` unless the verdict is `reject`. A ZIP of layers that each have a day in
        their name is a series: one layer of claims that last from day to day.
    """
    begun = _begun(data, filename, mapping, defaults)
    found = _looked_at(data, begun, _Desk(begun.mapping, day, limits, folder), progress)
    if found.verdict == REJECT:
        rules = sorted({problem.rule for problem in found.problems})
        logs.tell(_log, "refused", rules=rules, size=found.size, kind=found.kind)
    return found


def _looked_at(data: bytes, begun: Report, desk: _Desk, progress: Progress | None) -> Report:
    if data[:2] == b"PK":
        snapshots = series.in_archive(data, desk.limits)
        if snapshots is not None:
            return series.read(snapshots, begun, desk.look, progress=progress)
    return desk.look(data, begun.filename, begun.defaults)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Looks at one file after the other, all in the same way."""

    mapping: Mapping[str, str]
    day: date | None
    limits: Limits
    folder: Path

    def look(self, data: bytes, filename: str, defaults: Mapping[str, str]) -> Report:
        """What would become of one file."""
        report = _begun(data, filename, self.mapping, defaults)
        kind, refused = gate.kind(data, report.filename, self.limits)
        if refused is not None:
            return replace(report, kind=kind, problems=(refused,))
        day = self.day or datetime.now(UTC).date()  # noqa: TID251 (this is the day)
        asked = {
            "filename": report.filename,
            "kind": kind,
            "mapping": dict(self.mapping),
            "defaults": dict(report.defaults),
            "day": day.isoformat(),
        }
        answer = crew.ask(data, asked, self.limits, self.folder)
        if answer.ended != crew.DONE:
            about = {"seconds": self.limits.seconds} if answer.ended == crew.SLOW else {}
            return replace(report, kind=kind, problems=(problem(answer.ended, **about),))
        told = Report.from_json(answer.report)
        layer = None if answer.layer is None else claims.parse(answer.layer)
        return replace(told, size=report.size, sha256=report.sha256, layer=layer)


def _begun(
    data: bytes,
    filename: str,
    mapping: Mapping[str, str] | None,
    defaults: Mapping[str, str] | None,
) -> Report:
    return Report(
        filename=plain(filename, 200),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        mapping={str(column): str(field) for column, field in (mapping or {}).items()},
        defaults={str(key): str(value) for key, value in (defaults or {}).items()},
    )
