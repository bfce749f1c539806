"""What became of a file: the claims in it, or why not, with every doubt and what would mend it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import geopandas as gpd

from geo.ingest.rules import ASKED, MENDED, NOTE, REFUSED, RULES
from geo.languages import ENGLISH, Language

ACCEPT, WARN, REJECT = "accept", "warn", "reject"
MOST_LETTERS = 1_000  # of a sentence
_SHOWN_LETTERS = 80  # of a text out of the file
_SHOWN_ITEMS = 6  # of a list

Value: TypeAlias = str | int | float | Sequence[str]
Geometry: TypeAlias = Mapping[str, Any]  # GeoJSON, EPSG:4326

# Control characters, halves of a character, marks that turn the writing direction or show nothing.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]"
)


def plain(text: object, most: int = _SHOWN_LETTERS) -> str:
    """A text out of a file as it may stand in a sentence: one line, nothing unseen, not long."""
    seen = _UNSEEN.sub(" ", str(text)[: 4 * most])
    line = " ".join(unicodedata.normalize("NFC", seen).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a reader may give with one click.

    Attributes
    ----------
    label
        What it says: a name or a notation, the same in all languages.
    defaults, mapping
        To be added to those `validate` was called with.
    place
        What it would look like on the map, as GeoJSON; None where it shows nothing.
    """

    label: str
    defaults: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    place: Geometry | None = None

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "label": self.label,
            "defaults": dict(self.defaults),
            "mapping": dict(self.mapping),
            "place": self.place,
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """How a problem can be mended with one click.

    Attributes
    ----------
    kind
        `axes` `crs` `place` `actor` `dates` `column` `value` `ends` `layer` `encoding` `keep`
        `leave-out`.
    choices
        The likeliest first.
    """

    kind: str
    choices: tuple[Choice, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"kind": self.kind, "choices": [choice.document() for choice in self.choices]}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was refused, asked, mended or noted.

    Attributes
    ----------
    rule
        A key of `rules.RULES`.
    values
        What its sentences are filled in with: texts out of the file (made `plain`), numbers.
    claim_id
        Of the first claim it concerns, as the file has it; `""` where it has none.
    features
        Numbers of all features it concerns, from 1, rising; none: the whole file.
    line
        Of the first of them, where the file has lines; 0 where it has none.
    place
        The first of them on the map, as GeoJSON; None where it has no ground.
    offer
        How it can be mended with one click; None: in the file only.
    left_out
        Whether the reader chose to go on without these features.
    file, files
        Of a series: the first file it was found in, and in how many; `""` and 0 elsewhere.
    """

    rule: str
    values: Mapping[str, Value] = field(default_factory=dict)
    claim_id: str = ""
    features: tuple[int, ...] = ()
    line: int = 0
    place: Geometry | None = None
    offer: Offer | None = None
    left_out: bool = False
    file: str = ""
    files: int = 0

    @property
    def severity(self) -> str:
        """`refused`, `asked`, `mended`, `doubtful` or `note`."""
        return RULES[self.rule].severity

    @property
    def blocks(self) -> bool:
        """Whether no claim can be made until it is mended."""
        return RULES[self.rule].blocks and not self.left_out

    @property
    def feature(self) -> int | None:
        """Number of the first feature it concerns."""
        return self.features[0] if self.features else None

    @property
    def message(self) -> str:
        """What is the matter, in English."""
        return self.said(ENGLISH)

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return self.mend(ENGLISH)

    def said(self, language: Language) -> str:
        """What is the matter."""
        where = self._where(language)
        if not self.file:
            return where
        if self.files > 1:
            return language.plural(
                "{file} and {number} more file: {what}",
                "{file} and {number} more files: {what}",
                self.files - 1,
                file=self.file,
                what=where,
            )[:MOST_LETTERS]
        return language.say("{file}: {what}", file=self.file, what=where)[:MOST_LETTERS]

    def _where(self, language: Language) -> str:
        what = self._filled(RULES[self.rule].message, language)
        many = len(self.features) - 1
        if self.line and many > 0:
            where = language.plural(
                "Line {line} and {number} more: {what}",
                "Line {line} and {number} more: {what}",
                many,
                line=self.line,
                what=what,
            )
        elif self.line:
            where = language.say("Line {line}: {what}", line=self.line, what=what)
        elif many > 0:
            where = language.plural(
                "Feature {feature} and {number} more: {what}",
                "Feature {feature} and {number} more: {what}",
                many,
                feature=self.feature,
                what=what,
            )
        elif self.features:
            where = language.say("Feature {feature}: {what}", feature=self.feature, what=what)
        else:
            return what
        return where[:MOST_LETTERS]

    def mend(self, language: Language) -> str:
        """What to do about it; `""` where nothing needs to be done."""
        remedy = RULES[self.rule].remedy
        return self._filled(remedy, language) if remedy else ""

    def _filled(self, sentence: str, language: Language) -> str:
        values = {name: _shown(value, language) for name, value in self.values.items()}
        return language.say(sentence, **values)[:MOST_LETTERS]

    def document(self, language: Language = ENGLISH) -> dict[str, Any]:
        """As JSON has it; `values` let it be said in another language later."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "blocks": self.blocks,
            "claim_id": self.claim_id or None,
            "feature": self.feature,
            "features": list(self.features),
            "line": self.line or None,
            "message": self.said(language),
            "remedy": self.mend(language),
            "place": self.place,
            "offer": self.offer.document() if self.offer else None,
            "left_out": self.left_out,
            "file": self.file or None,
            "files": self.files,
            "values": {name: _json(value) for name, value in self.values.items()},
        }


def problem(rule: str, **about: Any) -> Problem:  # noqa: ANN401 (the fields of Problem, and values)
    """A problem; whatever is no field of `Problem` fills in its sentences, made `plain`."""
    fields = {name: about.pop(name) for name in _FIELDS if name in about}
    values = {name: _clean(value) for name, value in about.items()}
    fields["claim_id"] = plain(fields.get("claim_id", ""))
    return Problem(rule, values, **fields)


_FIELDS = ("claim_id", "features", "line", "place", "offer", "left_out")


def _clean(value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, str | int | float | list | tuple):
        return plain(value)
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, int | float):
        return value
    return tuple(plain(item, 40) for item in value[:_SHOWN_ITEMS]) + (
        ("…",) if len(value) > _SHOWN_ITEMS else ()
    )


def _json(value: Value) -> Value:
    return list(value) if isinstance(value, tuple) else value


def _shown(value: Value, language: Language) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return language.number(value)
    return language.listed(list(value)) if value else "-"


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What became of a file.

    Attributes
    ----------
    filename
        What the reader called it, made `plain`; never a path to open.
    kind
        `GeoJSON` `CSV` `KML` `KMZ` `Shapefile` `GeoPackage` `FlatGeobuf` `GeoParquet`, or `""`.
    size, sha256
        Of the bytes as received.
    features
        How many the file holds; each has become a claim or stands in a problem.
    columns
        Names of the columns of the file, as written.
    mapping
        Column -> field, as used: what was given, and what was guessed.
    defaults
        As given.
    problems
        In the order of importance, then of the file.
    layer
        GeoDataFrame as `claims.parse` returns it; None where the file is refused.
    origin
        claim_id and version -> number of the feature it was made from.
    sources
        Key in `layer` -> what the file says, for sources that are not in the bibliography.
    actors
        Key in `layer` -> what the file says, for actors that are not in our table.
    """

    filename: str
    kind: str = ""
    size: int = 0
    sha256: str = ""
    features: int = 0
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    layer: gpd.GeoDataFrame | None = field(default=None, repr=False)
    origin: Mapping[tuple[str, int], int] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    actors: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`accept`, `warn` or `reject`."""
        if self.layer is None or any(found.blocks for found in self.problems):
            return REJECT
        return WARN if any(found.severity != NOTE for found in self.problems) else ACCEPT

    @property
    def claims(self) -> int:
        """How many claims were made."""
        return 0 if self.layer is None else len(self.layer)

    def document(self, language: Language = ENGLISH) -> dict[str, Any]:
        """Everything but the claims, as JSON has it."""
        return {
            "verdict": self.verdict,
            "claims": self.claims,
            "file": {
                "name": self.filename,
                "kind": self.kind,
                "bytes": self.size,
                "sha256": self.sha256,
            },
            "features": self.features,
            "columns": list(self.columns),
            "mapping": dict(self.mapping),
            "defaults": dict(self.defaults),
            "sources": dict(self.sources),
            "actors": dict(self.actors),
            "origin": [[*claim, feature] for claim, feature in self.origin.items()],
            "problems": [found.document(language) for found in self.problems],
        }

    def to_json(self, language: Language = ENGLISH) -> str:
        """Everything but the claims, as JSON text; `from_json` reads it."""
        return json.dumps(self.document(language), ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str, layer: gpd.GeoDataFrame | None = None) -> Report:
        """The report that `to_json` wrote, with its claims."""
        told = json.loads(text)
        return cls(
            filename=told["file"]["name"],
            kind=told["file"]["kind"],
            size=told["file"]["bytes"],
            sha256=told["file"]["sha256"],
            features=told["features"],
            columns=tuple(told["columns"]),
            mapping=told["mapping"],
            defaults=told["defaults"],
            problems=tuple(_problem(found) for found in told["problems"]),
            layer=layer,
            origin={(claim, version): feature for claim, version, feature in told["origin"]},
            sources=told["sources"],
            actors=told["actors"],
        )


def _problem(told: Mapping[str, Any]) -> Problem:
    offer = told["offer"]
    choices = tuple(Choice(**choice) for choice in offer["choices"]) if offer else ()
    return Problem(
        told["rule"],
        {n: tuple(v) if isinstance(v, list) else v for n, v in told["values"].items()},
        told["claim_id"] or "",
        tuple(told["features"]),
        told["line"] or 0,
        told["place"],
        Offer(offer["kind"], choices) if offer else None,
        told["left_out"],
        told["file"] or "",
        told["files"],
    )


_ORDER = {REFUSED: 0, ASKED: 1, MENDED: 3, NOTE: 4}


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order of importance, then of the file."""
    return tuple(
        sorted(
            problems,
            key=lambda found: (
                not found.blocks,
                _ORDER.get(found.severity, 2),
                found.feature or 0,
                found.rule,
            ),
        )
    )
