"""What the reader sees, as one frozen value that round-trips through the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import TypeVar

from geo.errors import ViewError

ZOOM = (4, 12)  # how far out and in the map goes
MERCATOR_LAT = 85  # degrees; a web map ends here

CONFIDENCES = ("low", "medium", "high")

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the map looks: zoom level and centre in degrees."""

    zoom: float
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class View:
    """One view of the map.

    Attributes
    ----------
    day
        The day shown.
    camera
        None: the whole country.
    at
        (lon, lat) of the ground whose details are open; None: none is.
    known_on
        Only what had been reported by this day is shown; None: everything.
    min_confidence
        `low` `medium` `high`: claims below it are not heard; None: all are.
    without
        Keys of the sources that are switched off, sorted.
    claimed
        Whether uncorroborated claims are drawn as outlines.
    """

    day: date
    camera: Camera | None = None
    at: tuple[float, float] | None = None
    known_on: date | None = None
    min_confidence: str | None = None
    without: tuple[str, ...] = ()
    claimed: bool = False

    def query(self) -> dict[str, str]:
        """The view as parameters of an address: always with the date, `map` and `at` where set."""
        query = {"date": self.day.isoformat()}
        if self.camera is not None:
            query["map"] = f"{self.camera.zoom:g}/{self.camera.lat:g}/{self.camera.lon:g}"
        if self.at is not None:
            query["at"] = f"{self.at[0]:g},{self.at[1]:g}"
        if self.known_on is not None:
            query["known"] = self.known_on.isoformat()
        if self.min_confidence is not None:
            query["confidence"] = self.min_confidence
        if self.without:
            query["without"] = ",".join(self.without)
        if self.claimed:
            query["claimed"] = "1"
        return query


def parse(query: Mapping[str, str], *, first: date, last: date) -> tuple[View, tuple[str, ...]]:
    """Read a view from an address; what cannot be read is left out and said.

    Parameters
    ----------
    query
        `date` and `known` (YYYY-MM-DD), `map` (zoom/lat/lon), `at` (lon,lat), `confidence`,
        `without` (keys of sources, joined by commas), `claimed` (1); others are ignored.
    first, last
        The days the data cover. Without a date the view shows `last`.

    Returns
    -------
    The view, and one sentence for each parameter that was left out or changed.
    """
    problems: list[str] = []
    day = _read(query, "date", lambda text: _day(text, first, last), problems)
    camera = _read(query, "map", _camera, problems)
    at = _read(query, "at", _point, problems)
    known_on = _read(query, "known", _iso_day, problems)
    confidence = _read(query, "confidence", _confidence, problems)
    without = _read(query, "without", _keys, problems) or ()
    claimed = query.get("claimed") == "1"
    seen = View(day or last, camera, at, known_on, confidence, without, claimed)
    return seen, tuple(problems)


def _read(
    query: Mapping[str, str], name: str, reader: Callable[[str], _Value], problems: list[str]
) -> _Value | None:
    """The value of one parameter; None where it is absent or wrong, which is then a problem."""
    text = query.get(name)
    if not text:
        return None
    try:
        return reader(text)
    except ViewError as error:
        problems.append(str(error))
        return None


def _iso_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ViewError(
            f"The address asks for the date {text[:40]!r}, which is not a day. "
            "Write it as YYYY-MM-DD; it is ignored."
        ) from None


def _day(text: str, first: date, last: date) -> date:
    day = _iso_day(text)
    if not first <= day <= last:
        raise ViewError(
            f"The address asks for {day}, but the data cover {first} to {last}. {last} is shown "
            "instead: nothing after it is supported by a source."
        )
    return day


def _numbers(text: str, separator: str, names: str) -> list[float]:
    parts = text.split(separator)
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != len(names.split(separator)) or not all(map(isfinite, numbers)):
        raise ViewError(f"The address has {text[:40]!r} where {names} is expected; it is ignored.")
    return numbers


def _camera(text: str) -> Camera:
    zoom, lat, lon = _numbers(text, "/", "map=zoom/lat/lon")
    if not (ZOOM[0] <= zoom <= ZOOM[1] and abs(lat) <= MERCATOR_LAT and abs(lon) <= 180):  # noqa: PLR2004
        raise ViewError(f"The address looks at {text[:40]!r}, which is not on the map; ignored.")
    return Camera(zoom, lat, lon)


def _point(text: str) -> tuple[float, float]:
    lon, lat = _numbers(text, ",", "at=lon,lat")
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 -- degrees
        raise ViewError(f"The address asks about {text[:40]!r}, which is not on Earth; ignored.")
    return lon, lat


def _confidence(text: str) -> str:
    if text not in CONFIDENCES:
        raise ViewError(
            f"The address asks for the confidence {text[:40]!r}. Write one of "
            f"{', '.join(CONFIDENCES)}; all are shown instead."
        )
    return text


def _keys(text: str) -> tuple[str, ...]:
    keys = text.split(",")
    if not all(_KEY.fullmatch(key) for key in keys):
        raise ViewError(
            f"The address switches off the sources {text[:40]!r}, which are not keys of the "
            "bibliography; all are heard instead."
        )
    return tuple(sorted(set(keys)))
