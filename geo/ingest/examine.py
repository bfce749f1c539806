"""A file becomes claims or problems. Runs in the process that `worker` confines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd

from geo.ingest import answers, assemble, doubts, mapping
from geo.ingest.answers import Answers
from geo.ingest.found import Found, Refusal
from geo.ingest.known import Known
from geo.ingest.limits import Limits
from geo.ingest.normalise import Names, Normaliser
from geo.ingest.raw import Raw
from geo.ingest.readers import READERS
from geo.ingest.report import Problem, Report, ordered, plain, problem


def examine(data: bytes, asked: Mapping[str, Any], known: Known, limits: Limits) -> Report:
    """Read a file that the gate has let in.

    Parameters
    ----------
    asked
        `filename`, `kind` (one of `READERS`), `mapping`, `defaults`, and `day` (ISO) of upload.
    """
    found = Found()
    given = answers.read(asked["defaults"], found)
    report = Report(
        filename=plain(asked["filename"], 200),
        kind=asked["kind"],
        defaults=dict(asked["defaults"]),
    )
    try:
        raw = _read(data, asked, given, found, limits)
        report = replace(report, kind=raw.kind, columns=tuple(raw.columns), features=raw.total)
        return _understood(report, raw, asked, given, found, known, limits)
    except Refusal as refusal:
        problems = [*found.problems(), refusal.problem]
        return replace(report, problems=ordered(problems))


def _read(
    data: bytes, asked: Mapping[str, Any], given: Answers, found: Found, limits: Limits
) -> Raw:
    reader: Callable[..., Raw] = READERS[asked["kind"]]
    raw = reader(data, found, limits, given.word("layer"))
    if raw.total > limits.features:
        raise Refusal("too-many-features", number=raw.total, most=limits.features)
    if raw.total == 0:
        raise Refusal("table-empty")
    return raw


def _understood(  # noqa: PLR0913, PLR0917 (all there is)
    report: Report,
    raw: Raw,
    asked: Mapping[str, Any],
    given: Answers,
    found: Found,
    known: Known,
    limits: Limits,
) -> Report:
    chosen = mapping.choose(raw, asked["mapping"], found, known)
    report = replace(report, mapping=chosen)
    mapping.check(raw, chosen, given.fields, found)
    if found.refused:
        return replace(report, problems=ordered(found.problems()))
    day = date.fromisoformat(asked["day"])
    normaliser = Normaliser(raw, chosen, given, found, known, limits, day)
    rows = [row for row in normaliser.rows() if row.number not in given.left_out]
    layer, origin = None, dict[tuple[str, int], int]()
    if rows and not found.refused:
        layer, origin = assemble.layer(rows, normaliser.names, report.filename, found)
        if layer is not None:
            doubts.check(layer, origin, given, found, known)
    problems = _left_out(found.problems(), raw, given)
    names = _used(normaliser.names, layer)
    problems += (
        [problem("sources-new", names=list(names.sources.values()))] if names.sources else []
    )
    report = replace(
        report,
        problems=ordered(problems),
        origin=origin,
        sources=names.sources,
        actors=names.actors,
    )
    blocked = any(found.blocks for found in problems)
    return report if blocked else replace(report, layer=layer)


def _left_out(problems: list[Problem], raw: Raw, given: Answers) -> list[Problem]:
    """Problems of features the reader goes on without no longer block."""
    told: list[Problem] = []
    gone = set(given.left_out) & set(range(1, raw.total + 1))
    for found in problems:
        all_left = found.features and given.left_out.issuperset(found.features)
        if found.blocks and found.features and (given.leave_refused or all_left):
            gone |= set(found.features)
            told.append(replace(found, left_out=True))
        else:
            told.append(found)
    if gone:
        told.append(problem("left-out", features=tuple(sorted(gone)), number=len(gone)))
    return told


def _used(names: Names, layer: gpd.GeoDataFrame | None) -> Names:
    """Names of what is in the layer; those of rows that were refused are not."""
    if layer is None:
        return Names()
    actors = {*layer["actor"], *(key for keys in layer["partners"] for key in keys)}
    sources = {key for keys in layer["sources"] for key in keys}
    return Names(
        {key: text for key, text in names.actors.items() if key in actors},
        {key: text for key, text in names.sources.items() if key in sources},
    )
