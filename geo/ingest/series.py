"""Daily snapshots, one file a day with the day in its name, become claims that last."""

from __future__ import annotations

import io
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import claims
from geo.ingest import people
from geo.ingest.archives import Archive
from geo.ingest.crew import AT_ONCE
from geo.ingest.fields import OF_CLAIMS
from geo.ingest.found import Refusal
from geo.ingest.limits import MEGABYTE, Limits
from geo.ingest.report import (
    Choice,
    Offer,
    Problem,
    Report,
    ordered,
    plain,
    problem,
)
from geo.ingest.severities import ASKED, REFUSED

# What a series may cost in all; each of its files has the limits of any file.
MOST_DAYS = 4_000
_OF_ONE_DAY = ("start", "end", "number", "after")  # values that differ from day to day
MOST_UNPACKED = 2_000 * MEGABYTE
MOST_CLAIMS = 200_000
MOST_PACKED = 250 * MEGABYTE
_MOST_REFUSED = 20  # files, after which reading on would tell nothing new
_GRID = 1e-6  # degrees: ground closer than that is the same ground

_ENDINGS = {"geojson", "json", "csv", "kml", "gpkg", "fgb", "parquet", "shp"}
_PARTS = {"shx", "dbf", "prj", "cpg"}
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})([-_.]?)(\d{2})\2(\d{2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{2})([-_.])(\d{2})\2((?:19|20)\d{2})(?!\d)")
_LAST_MONTH = 12
_DAY_BY_DAY = timedelta(days=1)
_OF_TIME = (
    *("claim_id", "version", "valid_from", "valid_to", "reported_on", "last_confirmed"),
    *("valid_from_latest", "valid_to_earliest", "withdrawn_on", "corrected_on"),
    "sources",  # those of all days are the sources of the claim
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One file of a series.

    Attributes
    ----------
    name
        Of the file.
    load
        Gives its bytes.
    """

    name: str
    load: Callable[[], bytes]


@dataclass(slots=True)
class _Lasting:
    """A claim while it lasts."""

    first: date
    last: date
    said: dict[str, Any]
    shape: shapely.Geometry
    sources: dict[str, None]


Look = Callable[[bytes, str, Mapping[str, str]], Report]  # a file, its name, its defaults
Key = tuple[Any, ...]


def in_archive(data: bytes, limits: Limits) -> list[Snapshot] | None:
    """The files of a ZIP, if it is a series: two or more layers, each with a day in its name."""
    if len(data) > MOST_PACKED:
        return None
    roomy = replace(limits, members=MOST_DAYS * 5, unpacked_bytes=MOST_UNPACKED)
    try:
        archive = Archive(data, roomy, keep=False)
    except Refusal:
        return None  # it is told in detail when it is read as what it is
    names = [name for name in archive.names if _ending(name) in _ENDINGS]
    dated = [name for name in names if _YEAR_FIRST.search(name) or _YEAR_LAST.search(name)]
    if len(dated) < 2 or len(dated) < len(names):  # noqa: PLR2004 (one file is no series)
        return None
    # A Shapefile goes on as what it would have been brought as: its parts in a ZIP.
    return [
        Snapshot(re.sub(r"\.shp$", ".zip", name, flags=re.IGNORECASE), _loader(archive, name))
        for name in names
    ]


def day_of(name: str, order: str = "") -> date | None:
    """The one day in the name of a file; None where there is none, or more than one reading."""
    bare = PurePosixPath(name).name
    found = {_date(one[1], one[3], one[4]) for one in _YEAR_FIRST.finditer(bare)}
    for one in _YEAR_LAST.finditer(bare):
        first, second = int(one[1]), int(one[3])
        if order == "dmy" or (not order and (first > _LAST_MONTH or first == second)):
            found.add(_date(one[4], one[3], one[1]))
        elif order == "mdy" or (not order and second > _LAST_MONTH):
            found.add(_date(one[4], one[1], one[3]))
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def read(
    snapshots: Sequence[Snapshot],
    report: Report,
    look: Look,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """All files as one layer.

    A claim of one day goes on with the next if all it says and its ground are the same. It ends
    on the day after the last file that has it, also where the next day has no file, unless the
    reader said `gaps=hold`; those of the last file last as far as known.

    Parameters
    ----------
    snapshots
        In any order.
    report
        Of the whole, as far as known: name, size, defaults.
    look
        Reads one file.
    progress
        Told how many of how many files are done.
    """
    order = report.defaults.get("dates", "")
    days, problems = _in_order(snapshots, order)
    if problems:
        return replace(report, problems=ordered(problems))
    told = _Told()
    series = _Series(hold=report.defaults.get("gaps") == "hold")
    for done, (day, snapshot, one) in enumerate(_looked(days, report, look), start=1):
        told.add(snapshot.name, one)
        if one.layer is not None:
            series.add(day, one.layer)
        if progress is not None:
            progress(done, len(days))
        if told.refused > _MOST_REFUSED or series.count > MOST_CLAIMS:
            break
    return _whole(report, told, series)


def _in_order(
    snapshots: Sequence[Snapshot], order: str
) -> tuple[list[tuple[date, Snapshot]], list[Problem]]:
    found: dict[date, Snapshot] = {}
    problems: list[Problem] = []
    if len(snapshots) > MOST_DAYS:
        problems.append(problem("series-long", number=len(snapshots), most=MOST_DAYS))
    for snapshot in snapshots[:MOST_DAYS]:
        day = day_of(snapshot.name, order)
        if day is None:
            choices = tuple(Choice(word, {"dates": word}) for word in ("dmy", "mdy"))
            offer = Offer("dates", choices) if _YEAR_LAST.search(snapshot.name) else None
            problems.append(problem("series-day", name=snapshot.name, offer=offer))
        elif day in found:
            names = [found[day].name, snapshot.name]
            problems.append(problem("series-twice", day=day.isoformat(), names=names))
        else:
            found[day] = snapshot
    return sorted(found.items()), problems[:_MOST_REFUSED]


def _looked(
    days: Sequence[tuple[date, Snapshot]], report: Report, look: Look
) -> Iterator[tuple[date, Snapshot, Report]]:
    """Every file with its report, in order; the next ones are read while one is made use of."""
    given = {name: value for name, value in report.defaults.items() if name != "gaps"}
    waiting: deque[tuple[date, Snapshot, Future[Report]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for day, snapshot in days:
                at = {"valid_from": day.isoformat(), "reported_on": day.isoformat()}
                # One source for all days; that none is named is told of the whole.
                at["source"] = report.filename
                reading = pool.submit(look, snapshot.load(), snapshot.name, at | given)
                waiting.append((day, snapshot, reading))
                if len(waiting) > AT_ONCE:
                    done = waiting.popleft()
                    yield *done[:2], done[2].result()
            while waiting:
                done = waiting.popleft()
                yield *done[:2], done[2].result()
        finally:
            for _, _, reading in waiting:
                reading.cancel()


class _Told:
    """Problems of all files: alike ones once, with the file they were first found in."""

    def __init__(self) -> None:
        self.problems: dict[tuple[str, str], Problem] = {}
        self._last: dict[tuple[str, str], str] = {}
        self.refused, self.features = 0, 0
        self.last: Report | None = None
        self.sources: dict[str, str] = {}
        self.actors: dict[str, str] = {}

    def add(self, name: str, report: Report) -> None:
        self.refused += report.layer is None
        self.features += report.features
        self.last = report if self.last is None or report.layer is not None else self.last
        self.sources |= report.sources
        self.actors |= report.actors
        for found in report.problems:
            # What is asked or refused is told value by value; what was mended, once a rule.
            asked = found.severity in {ASKED, REFUSED}
            values = found.document()["values"].items() if asked else ()
            key = found.rule, repr(sorted(one for one in values if one[0] not in _OF_ONE_DAY))
            before = self.problems.get(key)
            if before is None:
                self.problems[key] = replace(found, file=plain(name), files=1)
            elif self._last[key] != name:
                self.problems[key] = replace(before, files=before.files + 1)
            self._last[key] = name


class _Series:
    """Claims from day to day."""

    def __init__(self, *, hold: bool) -> None:
        self._hold = hold
        self._open: dict[Key, _Lasting] = {}
        self._ended: list[tuple[Key, _Lasting, date]] = []
        self._before: date | None = None
        self.gaps: list[date] = []

    @property
    def count(self) -> int:
        return len(self._open) + len(self._ended)

    def add(self, day: date, layer: gpd.GeoDataFrame) -> None:
        """The claims of the next day that has a file."""
        before, self._before = self._before, day
        gap = before is not None and day - before > _DAY_BY_DAY
        if gap and before is not None:
            self.gaps.append(before + _DAY_BY_DAY)
        rows = dict(self._rows(layer, day))
        for key in [key for key in self._open if key not in rows or (gap and not self._hold)]:
            lasting = self._open.pop(key)
            ended = day if self._hold else lasting.last + _DAY_BY_DAY
            self._ended.append((key, lasting, ended))
        for key, lasting in rows.items():
            if key in self._open:
                self._open[key].last = day
                self._open[key].sources |= lasting.sources
            else:
                self._open[key] = lasting

    def _rows(self, layer: gpd.GeoDataFrame, day: date) -> Iterator[tuple[Key, _Lasting]]:
        shapes = layer.geometry.to_numpy()
        alike = _bytes(shapes)
        columns = [name for name in OF_CLAIMS if name not in _OF_TIME]
        sources = layer["sources"].tolist()
        for at, row in enumerate(layer[columns].to_dict("records")):
            # What is empty is left out, so that a column of a later release changes no id.
            key = (*((name, str(cell)) for name, cell in row.items() if _said(cell)), alike[at])
            yield key, _Lasting(day, day, row, shapes[at], dict.fromkeys(sources[at]))

    def layer(self, stem: str) -> gpd.GeoDataFrame | None:
        """All claims, as `claims.parse` returns them."""
        lasting = [(key, one, None) for key, one in self._open.items()]
        all_of_them = [*self._ended, *lasting]
        if not all_of_them:
            return None
        rows = [
            {name: value for name, value in one.said.items() if value != ""}
            | {
                "claim_id": people.claim_id(stem, (key, one.first.isoformat())),
                "valid_from": one.first,
                "valid_to": ended,
                "reported_on": one.first,
                "last_confirmed": one.last,
                "sources": tuple(one.sources),
            }
            for key, one, ended in all_of_them
        ]
        columns = {
            name: pd.Series([row.get(name) for row in rows], dtype=object) for name in OF_CLAIMS
        }
        ground = [one.shape for _, one, _ in all_of_them]
        return claims.parse(gpd.GeoDataFrame(columns, geometry=ground, crs=claims.CRS))


def _said(cell: object) -> bool:
    return bool(cell) and cell is not pd.NaT


def _bytes(shapes: NDArray[Any]) -> list[bytes]:
    """The same bytes for the same ground, whichever corner it was drawn from."""
    rounded = shapely.transform(shapes, lambda xy: (xy / _GRID).round())
    return [bytes(one) for one in shapely.to_wkb(shapely.normalize(rounded))]


def _whole(report: Report, told: _Told, series: _Series) -> Report:
    problems = list(told.problems.values())
    if series.gaps and "gaps" not in report.defaults:
        choices = tuple(Choice(word, {"gaps": word}) for word in ("end", "hold"))
        days = [day.isoformat() for day in series.gaps]
        problems.append(problem("series-gaps", names=days, offer=Offer("gaps", choices)))
    if series.count > MOST_CLAIMS:
        problems.append(problem("series-long", number=series.count, most=MOST_CLAIMS))
    last = told.last or report
    if "sources" not in last.mapping.values() and not {"source", "sources"} & {*report.defaults}:
        problems.append(problem("source-missing"))
    whole = replace(
        report,
        kind=last.kind,
        features=told.features,
        columns=last.columns,
        mapping=last.mapping,
        problems=ordered(problems),
        sources=told.sources,
        actors=told.actors,
    )
    if any(found.blocks for found in problems):
        return whole
    return replace(whole, layer=series.layer(people.stem(report.filename)))


# ---- files out of an archive


def _loader(archive: Archive, name: str) -> Callable[[], bytes]:
    if _ending(name) != "shp":
        return lambda: archive.read(name)
    stem = name[: -len("shp")].lower()
    endings = {"shp", *_PARTS}
    parts = [
        part
        for part in archive.names
        if part.lower().startswith(stem) and part.lower()[len(stem) :] in endings
    ]

    def packed() -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as together:
            for part in parts:
                together.writestr(PurePosixPath(part).name, archive.read(part))
        return made.getvalue()

    return packed


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
