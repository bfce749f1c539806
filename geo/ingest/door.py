"""The door: bytes and a name in, a report out. It never raises for what is in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from geo import claims, layers
from geo.ingest import crew, gate
from geo.ingest.limits import LIMITS, Limits
from geo.ingest.report import Report, plain, problem


def validate(  # noqa: PLR0913 (the last three are for tests and operators)
    data: bytes,
    filename: str,
    *,
    mapping: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    day: date | None = None,
    limits: Limits = LIMITS,
    folder: Path = layers.FOLDER,
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
        What the file may cost.
    folder
        The layers whose actors and places it is compared with.

    Returns
    -------
    Report
        With a `layer` unless the verdict is `reject`.
    """
    name = plain(filename, 200)
    report = Report(
        filename=name,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        mapping=dict(mapping or {}),
        defaults=dict(defaults or {}),
    )
    kind, refused = gate.kind(data, name, limits)
    if refused is not None:
        return replace(report, kind=kind, problems=(refused,))
    asked = {
        "filename": name,
        "kind": kind,
        "mapping": {str(column): str(field) for column, field in (mapping or {}).items()},
        "defaults": {str(key): str(value) for key, value in (defaults or {}).items()},
        "day": (day or datetime.now(UTC).date()).isoformat(),  # noqa: TID251 (this is the day)
    }
    answer = crew.ask(data, asked, limits, folder)
    if answer.ended != crew.DONE:
        seconds = limits.seconds
        found = problem(answer.ended, **({"seconds": seconds} if answer.ended == crew.SLOW else {}))
        return replace(report, kind=kind, problems=(found,))
    told = Report.from_json(answer.report)
    layer = None if answer.layer is None else claims.parse(answer.layer)
    return replace(told, size=report.size, sha256=report.sha256, layer=layer)
