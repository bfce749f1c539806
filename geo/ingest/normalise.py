"""Rows of strangers become rows of claims: who, what, where and when, each fault said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.claims import CITING
from geo.ingest import days, outlines, people, position, whereabouts, words_of_claims
from geo.ingest.answers import Answers
from geo.ingest.fields import DAYS
from geo.ingest.found import Found
from geo.ingest.known import Known
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.report import Choice, Offer
from geo.ingest.words_of_claims import WORDS

_TEXTS = ("confidence_reason", "note_en", "note_fr")
_OLD, _UPLOADED = date(1960, 1, 1), "reported-default"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb]"
)
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
_LEAST_KM, _MOST_KM = 0.1, 100.0
_ORDER = (
    ("valid_from", "valid_from_latest"),
    ("valid_from", "last_confirmed"),
    ("valid_to_earliest", "valid_to"),
    ("reported_on", "withdrawn_on"),
    ("reported_on", "corrected_on"),
)
_MOST_NESTED = 20  # brackets of WKT


@dataclass(frozen=True, slots=True)
class Row:
    """One claim in the making.

    Attributes
    ----------
    number, line
        Of the feature.
    said
        Column of claims -> cell: text, days, None where empty.
    shape
        Its ground.
    """

    number: int
    line: int
    said: dict[str, Any]
    shape: shapely.Geometry


@dataclass(slots=True)
class Names:
    """What keys in the rows stand for.

    Attributes
    ----------
    actors, sources
        Key -> what the file says, for those that are not in our tables.
    """

    actors: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


class Normaliser:
    """Understands the rows of one file."""

    def __init__(  # noqa: PLR0913, PLR0917 (all it takes)
        self,
        raw: Raw,
        mapping: Mapping[str, str],
        answers: Answers,
        found: Found,
        known: Known,
        limits: Limits,
        day: date,
    ) -> None:
        """Know what is asked."""
        self._raw, self._answers, self._found, self._known = raw, answers, found, known
        self._limits, self._day = limits, day
        self._column = {meant: name for name, meant in mapping.items()}
        self._finder = whereabouts.Finder(known, answers)
        self._mender = outlines.Mender(known, answers, found)
        self.names = Names()

    def rows(self) -> list[Row]:
        """Every row that can be read; of every other a problem says why not."""
        shapes = self._shapes()
        if shapes is None:
            return []
        self._say_defaults()
        rows = (self._row(at, shapes[at]) for at in range(len(self._raw.numbers)))
        return [row for row in rows if row is not None]

    # ---- cells

    def _text(self, meant: str, at: int) -> str:
        """A cell, cleaned, or what was given for where it is empty."""
        name = self._column.get(meant)
        cell = self._raw.columns[name][at] if name is not None else None
        if isinstance(cell, list | tuple | np.ndarray):
            cell = " ".join(map(str, cell))
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        written = "" if cell is None else str(cell).strip()
        if not written:
            return self._answers.fields.get(meant, "")
        if len(written) > self._limits.cell_letters:
            about = {"column": name, "number": len(written), "most": self._limits.cell_letters}
            self._add("cell-too-long", at, **about)
            return ""
        clean = unicodedata.normalize("NFC", _UNSEEN.sub("", written)).strip()
        if len(clean) < len(written) and clean != unicodedata.normalize("NFC", written):
            self._add("text-cleaned", at, column=name)
        return clean

    def _add(self, rule: str, at: int, **about: Any) -> None:  # noqa: ANN401
        line = self._raw.lines[at] if self._raw.lines else 0
        if "claim_id" not in about:
            about["claim_id"] = self._id(at)
        self._found.add(rule, self._raw.numbers[at], line=line, **about)

    def _id(self, at: int) -> str:
        name = self._column.get("claim_id")
        cell = self._raw.columns[name][at] if name is not None else None
        return "" if cell is None else str(cell)[:200].strip()

    def _blocked(self, at: int) -> bool:
        return self._raw.numbers[at] in self._found.blocked

    def _say_defaults(self) -> None:
        said = {*self._column, *self._answers.fields}
        for meant, rule in (("status", "status-default"), ("confidence", "confidence-default")):
            if meant not in said:
                self._found.add(rule)
        if "reported_on" not in said:
            self._found.add(_UPLOADED, day=self._day.isoformat())

    # ---- one row

    def _row(self, at: int, shape: shapely.Geometry | None) -> Row | None:
        number = self._raw.numbers[at]
        line = self._raw.lines[at] if self._raw.lines else 0
        said: dict[str, Any] = {"claim_id": self._text("claim_id", at)}
        said |= self._who_and_what(at)
        said |= self._when(at)
        said |= self._rest(at)
        ground = self._ground(at, shape, said)
        if self._blocked(at) or ground is None:
            return None
        return Row(number, line, said, ground)

    def _who_and_what(self, at: int) -> dict[str, Any]:
        written = self._text("actor", at)
        if not written:
            self._add("actor-missing", at)
            return {"actor": "", "status": "control"}
        status = self._word("status", at) or "control"
        names = people.several(written, self._known, self._answers)
        if len(names) > 1 and status not in {"contested", "shared"}:
            meant = self._answers.word("several")
            if not meant:
                choices = tuple(Choice(w, {"several": w}) for w in ("contested", "shared"))
                self._add("actors-several", at, names=names, offer=Offer("value", choices))
            status = meant or status
        partners = self._text("partners", at)
        names += people.partners(partners, self._known) if partners else []
        keys = [self._actor(name, at) for name in names]
        if len(set(keys)) < len(keys):
            self._add("actor-its-own-partner", at, name=keys[0])
        return {"actor": keys[0], "partners": " ".join(keys[1:]), "status": status}

    def _actor(self, name: str, at: int) -> str:
        key, ours = people.actor(name, self._known, self._answers)
        if not key:
            self._add("actor-unreadable", at, name=name)
        elif not ours:
            offer = people.near(name, self._known)
            self._add("actor-unknown", at, name=name, offer=offer, alike=key, claim_id="")
        if key not in self._known.actor_names:
            self.names.actors.setdefault(key, name)
        return key

    def _word(self, meant: str, at: int) -> str:
        written = self._text(meant, at)
        if not written:
            return ""
        written = self._answers.meant(meant, written) or written
        word = words_of_claims.word(meant, written)
        if not word:
            words = WORDS[meant]
            kept = meant in {"status", "confidence"}
            choices = tuple(Choice(known, {f"{meant}:{written}": known}) for known in words)
            offer = Offer("value", choices) if kept else None
            about = {"column": meant, "value": written, "columns": list(words)}
            self._add("word-unknown", at, **about, offer=offer)
        return word

    def _rest(self, at: int) -> dict[str, Any]:
        said: dict[str, Any] = {name: self._text(name, at) for name in _TEXTS}
        for name in WORDS:
            if name not in {"status", "date_precision"}:
                said[name] = self._word(name, at)
        version = self._text("version", at)
        if version and not re.fullmatch(r"[1-9]\d{0,8}", version):
            self._add("number-wrong", at, column="version", value=version)
        said["version"] = version
        for name in CITING:
            said[name] = self._sources(name, at)
        return said

    def _sources(self, name: str, at: int) -> str:
        written = self._text(name, at)
        if not written:
            return ""
        found = people.sources(written, self._known, keys=self._column.get(name) == name)
        self.names.sources |= {key: text for key, text in found.items() if text}
        return " ".join(found)

    # ---- when

    def _when(self, at: int) -> dict[str, Any]:
        said: dict[str, Any] = dict.fromkeys(DAYS)
        precision = self._word("date_precision", at)
        for name in DAYS:
            read = self._reading(name, at)
            if read is None or read.first is None or read.after is None:
                continue
            last = read.after - timedelta(days=1)
            if name == "valid_from":
                precision = precision or ("" if read.precision == "day" else read.precision)
                said[name] = read.first
            elif name == "valid_to":
                said |= self._end(read, at, said["valid_from"])
            else:
                # Of a span the day by which it surely was so.
                said[name] = read.first if name == "last_confirmed" else last
        said["date_precision"] = precision
        said["reported_on"] = said["reported_on"] or self._day
        if said["valid_from"] is None and not self._text("valid_from", at):
            self._add("start-missing", at)
        self._check_days(said, at)
        return said

    def _reading(self, name: str, at: int) -> days.Reading | None:
        written = self._text(name, at)
        if not written:
            return None
        read = days.read(written, self._answers.word("dates"))
        column = self._column.get(name, name)
        if read.rule == "day-ambiguous":
            choices = tuple(Choice(order, {"dates": order}) for order in days.ORDERS)
            offer = Offer("dates", choices)
            self._add(read.rule, at, column=column, value=written, offer=offer, alike=column)
        elif read.rule:
            # What is mended alike is said once for the column, with the first as the example.
            alike = column if read.first else None
            self._add(read.rule, at, column=column, value=written, alike=alike, **read.values)
        return read

    def _end(self, read: days.Reading, at: int, start: date | None) -> dict[str, Any]:
        """`valid_to`: the first day after, whatever the file calls the last."""
        column = self._column.get("valid_to", "")
        if read.precision != "day":
            earliest = max(filter(None, (read.first, start)))
            return {"valid_to": read.after, "valid_to_earliest": earliest}
        meant = self._answers.word("ends")
        if not meant and column and column != "valid_to":
            choices = tuple(Choice(word, {"ends": word}) for word in ("exclusive", "inclusive"))
            offer = Offer("ends", choices)
            self._add("ends-meaning", at, column=column, offer=offer, alike="", claim_id="")
        return {"valid_to": read.after if meant == "inclusive" else read.first}

    def _check_days(self, said: Mapping[str, Any], at: int) -> None:
        start, end = said["valid_from"], said["valid_to"]
        if start and end and end <= start:
            self._add("ends-before", at, start=start.isoformat(), end=end.isoformat())
        for early, late in _ORDER:
            if said[early] and said[late] and said[late] < said[early]:
                about = {"early": early, "late": late}
                days_of = {"start": said[early].isoformat(), "end": said[late].isoformat()}
                self._add("days-order", at, **about, **days_of)
        for name in ("valid_from", "reported_on", "last_confirmed"):
            if said[name] and said[name] > self._day:
                self._add("day-future", at, column=name, value=said[name].isoformat())
        if start and start < _OLD:
            self._add("day-old", at, column="valid_from", value=start.isoformat())
        if start and said["reported_on"] < start <= self._day:
            about = {"start": start.isoformat(), "end": said["reported_on"].isoformat()}
            self._add("reported-before", at, **about)

    # ---- where

    def _shapes(self) -> NDArray[np.object_] | None:
        """All shapes in longitude and latitude, None where a row has none of its own."""
        shapes, crs = self._raw.shapes, self._raw.crs
        if shapes is None:
            shapes, crs = self._drawn()
        if not any(shape is not None for shape in shapes):
            return shapes
        flat = outlines.flat(shapes, self._raw.numbers, self._raw.lines, self._found)
        corners = int(shapely.get_num_coordinates(flat).sum())
        if corners > self._limits.vertices:
            self._found.add("too-many-vertices", number=corners, most=self._limits.vertices)
            return None
        return position.to_degrees(flat, crs, self._answers, self._found, self._known)

    def _drawn(self) -> tuple[NDArray[np.object_], str | None]:
        """Shapes written into cells: WKT, or longitude and latitude."""
        count = len(self._raw.numbers)
        shapes = np.full(count, None, dtype=object)
        for at in range(count):
            if "wkt" in self._column:
                shapes[at] = self._wkt(at)
            elif {"lon", "lat"} <= {*self._column}:
                shapes[at] = self._point(at)
        return shapes, "EPSG:4326"

    def _wkt(self, at: int) -> shapely.Geometry | None:
        cell = self._raw.columns[self._column["wkt"]][at]
        written = "" if cell is None else str(cell).strip()
        if not written:
            return None
        written = re.sub(r"^SRID=4326;", "", written, flags=re.IGNORECASE)
        deep = written.count("(")
        if deep and _nested(written) > _MOST_NESTED:
            about = {"number": _nested(written), "most": _MOST_NESTED}
            self._add("geometry-nested", at, **about)
            return None
        try:
            return shapely.from_wkt(written)
        except (shapely.errors.ShapelyError, ValueError):
            self._add("wkt-damaged", at, value=written)
            return None

    def _point(self, at: int) -> shapely.Geometry | None:
        lon, lat = self._text("lon", at), self._text("lat", at)
        if not lon and not lat:
            return None
        xy = []
        for written in (lon, lat):
            if not _NUMBER.fullmatch(written):
                self._add("coordinates-wrong", at, value=written or " ")
                return None
            if "," in written:
                self._add("decimal-comma", at)
            xy.append(float(written.replace(",", ".")))
        return shapely.Point(*xy)

    def _ground(
        self, at: int, shape: shapely.Geometry | None, said: dict[str, Any]
    ) -> shapely.Geometry | None:
        line = self._raw.lines[at] if self._raw.lines else 0
        radius = self._radius(at)
        if shape is not None:
            said["area_ref"] = self._own_ref(at)
            if shapely.get_dimensions(shape) == 0 and not said["level"]:
                said["level"] = "place"
            return self._mender.mend(shape, said["status"], radius, self._raw.numbers[at], line)
        for kind in whereabouts.ORDER:
            text = self._text(kind, at)
            if text:
                return self._named(kind, text, at, radius, said)
        if not self._blocked(at):
            self._add("ground-missing", at)
        return None

    def _own_ref(self, at: int) -> str:
        """The `area_ref` beside a geometry, where it is one."""
        text = self._text("area_ref", at)
        return text if text and not self._finder.find("area_ref", text).rule else ""

    def _named(
        self, kind: str, text: str, at: int, radius: float | None, said: dict[str, Any]
    ) -> shapely.Geometry | None:
        named = self._finder.find(kind, text)
        if named.rule:
            self._add(named.rule, at, **named.values, offer=named.offer, claim_id="")
        if not named.ref:
            return None
        ref = named.ref
        if radius is not None and ref.startswith("place:") and "@" not in ref:
            ref = f"{ref}@{radius:g}km"
        said["area_ref"] = ref
        start = said["valid_from"] or self._day
        shape = self._finder.shape(ref, start)
        if shape is None:
            self._add("ground-not-then", at, name=text, start=start.isoformat())
        return shape

    def _radius(self, at: int) -> float | None:
        written = self._text("radius_km", at) or self._answers.word("radius_km")
        if not written:
            return None
        number = float(written.replace(",", ".")) if _NUMBER.fullmatch(written) else 0.0
        if not _LEAST_KM <= number <= _MOST_KM:
            self._add("radius-wrong", at, value=written)
            return None
        return round(number, 3)


def _nested(written: str) -> int:
    depth = most = 0
    for letter in written:
        depth += (letter == "(") - (letter == ")")
        most = max(most, depth)
    return most
