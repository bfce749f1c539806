"""What became of an uploaded file, as the page shows it: doubts, offers, columns, a small map."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import shapely
import shapely.geometry

from geo import ingest
from geo.ingest import Choice, Problem, Report
from geo.ingest.fields import FIELDS, IGNORE
from geo.ingest.report import Geometry, Value
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import offered

Json = dict[str, Any]

VERDICTS = {
    ingest.ACCEPT: message("Accepted."),
    ingest.WARN: message("Accepted, with what is listed below."),
    ingest.REJECT: message("Refused: nothing can be made of it until this is mended."),
}
SEVERITIES = {
    "refused": message("Refused"),
    "asked": message("Asked"),
    "mended": message("Mended"),
    "doubtful": message("Doubtful"),
    "note": message("Note"),
}
TEXT = {
    "columns": message("Which column says what"),
    "given": message("Your answers"),
    "undo": message("Take back"),
    "leave": message("Go on without whatever is refused"),
    "look": message("Show this ground on the map"),
    "where": message("Where the doubts lie. Dashed: where an answer would put it."),
    "closer": message("Look closer at {number}"),
    "whole": message("The whole map"),
}
_KEYED = re.compile(r"(place|commune|cercle|region|road):")
_MOST = 200  # doubts that are listed; the rest is counted
_COARSE = 0.04  # degrees


def document(report: Report, layers: Layers, language: Language) -> Json:
    """What the component is given, as plain JSON types."""
    listed = report.problems[:_MOST]
    dots = [_spot(found) for found in listed]
    ghosts = [_ghosts(found, dot) for found, dot in zip(listed, dots, strict=True)]
    placed = (i for i, dot in enumerate(dots) if dot or ghosts[i])
    numbers = {i: n for n, i in enumerate(placed, start=1)}
    return {
        "part": "report",
        "id": key(report),
        "verdict": language.translate(VERDICTS[report.verdict]),
        "standing": report.verdict,
        "about": list(_about(report, language)),
        "text": language.all(TEXT),
        "columns": [[name, report.mapping.get(name, IGNORE)] for name in report.columns],
        "fields": [[IGNORE, language.say("(not used)")]]
        + [[field, offered.field(field, language)] for field in FIELDS],
        "given": offered.given(report, layers, language),
        "problems": [
            _problem(found, layers, numbers.get(i), dots[i], language)
            for i, found in enumerate(listed)
        ],
        "refused": any(found.blocks and found.features for found in report.problems)
        and "leave_out" not in report.defaults,
        "outline": _outline(layers),
        "dots": [[*dot, numbers[i]] for i, dot in enumerate(dots) if dot],
        "ghosts": [[*at, numbers[i], c] for i, some in enumerate(ghosts) for at, c in some],
    }


def key(report: Report) -> str:
    """Another text for another file, or for other answers about it."""
    asked = [report.sha256, sorted(report.mapping.items()), sorted(report.defaults.items())]
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]


def answered(
    report: Report, told: Mapping[str, Any], mapping: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The mapping and the answers after a click: those before, and what was clicked.

    Parameters
    ----------
    told
        As `uploads.js` tells it. What does not fit the report changes nothing.
    mapping
        What the reader has said of columns so far, without what was guessed.
    """
    columns, defaults = dict(mapping), dict(report.defaults)
    if told.get("id") != key(report):
        return columns, defaults
    choice = _chosen(report, told.get("choose"))
    if choice is not None:
        columns |= choice.mapping
        defaults |= choice.defaults
    more = told.get("columns")
    for name, field in more.items() if isinstance(more, dict) else ():
        if name in report.columns and field in {*FIELDS, IGNORE}:
            # A field has one column: the one that was chosen last.
            columns = {old: same for old, same in columns.items() if same != field or field == "-"}
            columns[str(name)] = str(field)
    defaults.pop(str(told.get("undo")), None)
    if told.get("leave"):
        defaults["leave_out"] = "refused"
    return columns, defaults


def _chosen(report: Report, which: object) -> Choice | None:
    match which:
        case [int(problem), int(choice)] if 0 <= problem < len(report.problems) and choice >= 0:
            offer = report.problems[problem].offer
            if offer is not None and choice < len(offer.choices):
                return offer.choices[choice]
    return None


def _about(report: Report, language: Language) -> Iterator[str]:
    if report.features:
        features = language.plural("{number} feature", "{number} features", report.features)
        claims = language.plural("{number} claim", "{number} claims", report.claims)
        yield f"{report.filename}, {report.kind}: {features}, {claims}."
    else:
        yield report.filename
    if len(report.problems) > _MOST:
        yield language.say(
            "The first {shown} of {all} remarks are listed.",
            shown=_MOST,
            all=language.number(len(report.problems)),
        )


def _problem(
    found: Problem,
    layers: Layers,
    number: int | None,
    dot: tuple[float, float] | None,
    language: Language,
) -> Json:
    choices = found.offer.choices if found.offer else ()
    return {
        "severity": found.severity,
        "told": language.translate(SEVERITIES[found.severity]),
        "said": _worded(found, layers, language).said(language),
        "remedy": found.mend(language),
        "mapping": any(choice.mapping for choice in choices),
        "choices": [offered.label(choice, layers, language) for choice in choices],
        "number": "" if number is None else str(number),
        "link": None
        if dot is None or not shapely.contains_xy(layers.outline, *dot)
        else {"at": f"{dot[0]:.4f},{dot[1]:.4f}", "map": f"8/{dot[1]:.4f}/{dot[0]:.4f}"}
        | {"lang": language.code},
    }


def _worded(found: Problem, layers: Layers, language: Language) -> Problem:
    """A problem whose sentence names ground in words, where it is kept under a key."""

    def said(value: Value) -> Value:
        if isinstance(value, str):
            return offered.ground(value, layers, language) if _KEYED.match(value) else value
        return value if isinstance(value, int | float) else [str(said(one)) for one in value]

    return replace(found, values={name: said(value) for name, value in found.values.items()})


def _spot(found: Problem) -> tuple[float, float] | None:
    """A point of the ground a problem is about: where the file has it, not where it may belong."""
    if found.offer is not None and found.offer.kind == "axes":
        return _point(found.offer.choices[-1].place)
    return _point(found.place)


def _ghosts(
    found: Problem, dot: tuple[float, float] | None
) -> list[tuple[tuple[float, float], int]]:
    """Where each answer would put it, and which answer that is."""
    choices = found.offer.choices if found.offer else ()
    points = [(_point(choice.place), i) for i, choice in enumerate(choices)]
    return [(point, i) for point, i in points if point is not None and point != dot]


def _point(place: Geometry | None) -> tuple[float, float] | None:
    if place is None:
        return None
    shape = shapely.geometry.shape(place)
    if shape.is_empty:
        return None
    point = shapely.point_on_surface(shape)
    return round(float(point.x), 4), round(float(point.y), 4)


def _outline(layers: Layers) -> list[list[list[float]]]:
    simple = shapely.simplify(layers.outline, _COARSE)
    return [
        [[round(x, 2), round(y, 2)] for x, y in part.exterior.coords]
        for part in shapely.get_parts(simple)
    ]
