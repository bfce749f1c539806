"""What the reader sees, as one frozen value that round-trips through the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import TypeVar

from geo import languages
from geo.errors import ViewError
from geo.languages import ENGLISH, Language, message

ZOOM = (4, 12)  # how far out and in the map goes
MERCATOR_LAT = 85  # degrees; a web map ends here

CONFIDENCES = ("low", "medium", "high")
DISAGREEMENT = "disagreement"  # what may be shown in place of who holds the ground
MEASURES = ("km2", "people", "places")  # what the chart behind the slider counts
# The parameters of an address that say what counts: they go along from page to page.
HEARING = ("known", "confidence", "without", "layers", "without_layers")
NO_KINDS = "none"  # in the address: events of no kind are shown
UNKNOWN_EVENT = message(
    "The address asks for the event {text}, which is not in the data; it is ignored."
)
UNKNOWN_LAYERS = message(
    "The address names the layers {text}, which are not on this map; they are ignored."
)

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
    layers
        Ids of the layers that alone are heard, sorted; (): every layer is.
    without_layers
        Ids of layers that are switched off, sorted.
    claimed
        Whether uncorroborated claims are drawn as outlines.
    show
        `disagreement`: where sources differ is painted; None: who holds the ground.
    measure
        One of `MEASURES`.
    loop
        (first, last) day of the period that plays again and again; None: there is none.
    kinds
        Kinds of the events that are shown, sorted; None: of every kind.
    event
        Key of the event that is open; None: none is.
    language
        In which everything is said.
    """

    day: date
    camera: Camera | None = None
    at: tuple[float, float] | None = None
    known_on: date | None = None
    min_confidence: str | None = None
    without: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    without_layers: tuple[str, ...] = ()
    claimed: bool = False
    show: str | None = None
    measure: str = MEASURES[0]
    loop: tuple[date, date] | None = None
    kinds: tuple[str, ...] | None = None
    event: str | None = None
    language: Language = ENGLISH

    def query(self) -> dict[str, str]:
        """The view as parameters of an address: always with the date and the language."""
        query = {"date": self.day.isoformat(), "lang": self.language.code}
        if self.camera is not None:
            query["map"] = f"{self.camera.zoom:g}/{self.camera.lat:g}/{self.camera.lon:g}"
        if self.at is not None:
            query["at"] = f"{self.at[0]:g},{self.at[1]:g}"
        return query | self._heard() | self._shown()

    def _heard(self) -> dict[str, str]:
        """The parameters that say what counts, and whether what does not is outlined."""
        chosen = {
            "known": "" if self.known_on is None else self.known_on.isoformat(),
            "confidence": self.min_confidence or "",
            "without": ",".join(self.without),
            "layers": ",".join(self.layers),
            "without_layers": ",".join(self.without_layers),
            "claimed": "1" if self.claimed else "",
        }
        return {name: text for name, text in chosen.items() if text}

    def _shown(self) -> dict[str, str]:
        """The parameters that change no answer: what is painted, played and listed."""
        query = {}
        if self.show is not None:
            query["show"] = self.show
        if self.measure != MEASURES[0]:
            query["of"] = self.measure
        if self.loop is not None:
            query["loop"] = ",".join(day.isoformat() for day in self.loop)
        if self.kinds is not None:
            query["kinds"] = ",".join(self.kinds) or NO_KINDS
        if self.event is not None:
            query["event"] = self.event
        return query


def parse(
    query: Mapping[str, str], *, first: date, last: date, language: Language = ENGLISH
) -> tuple[View, tuple[str, ...]]:
    """Read a view from an address; what cannot be read is left out and said.

    Parameters
    ----------
    query
        `date` and `known` (YYYY-MM-DD), `map` (zoom/lat/lon), `at` (lon,lat), `confidence`,
        `without` (keys of sources, joined by commas), `layers`, `without_layers` (their ids,
        joined by commas), `claimed` (1), `show` (disagreement), `of`
        (km2, people, places), `loop` (two days, joined by a comma), `kinds` (of events, joined by
        commas, or none), `event` (its key), `lang` (en, fr); others are ignored.
    first, last
        The days the data cover. Without a date the view shows `last`.
    language
        Of a view whose address names none.

    Returns
    -------
    The view, and one sentence for each parameter that was left out or changed.
    """
    wanted = _Parameters(query, language, [])
    wanted = _Parameters(query, wanted.read("lang", _language) or language, wanted.problems)
    seen = View(
        wanted.read("date", lambda text, said: _day(text, first, last, said)) or last,
        wanted.read("map", _camera),
        wanted.read("at", _point),
        known_on=wanted.read("known", _iso_day),
        min_confidence=wanted.read("confidence", _confidence),
        without=wanted.read("without", _keys) or (),
        layers=wanted.read("layers", _layers) or (),
        without_layers=wanted.read("without_layers", _layers) or (),
        claimed=query.get("claimed") == "1",
        show=wanted.read("show", _one_of("show", (DISAGREEMENT,))),
        measure=wanted.read("of", _one_of("of", MEASURES)) or MEASURES[0],
        loop=wanted.read("loop", lambda text, said: _loop(text, first, last, said)),
        kinds=wanted.read("kinds", _kinds),
        event=wanted.read("event", _event),
        language=wanted.language,
    )
    return seen, tuple(wanted.problems)


@dataclass(frozen=True, slots=True)
class _Parameters:
    """The parameters of an address, and what was wrong with those read so far."""

    query: Mapping[str, str]
    language: Language
    problems: list[str]

    def read(self, name: str, reader: Callable[[str, Language], _Value]) -> _Value | None:
        """The value of one parameter; None where it is absent or wrong, which is a problem."""
        text = self.query.get(name)
        if not text:
            return None
        try:
            return reader(text, self.language)
        except ViewError as error:
            self.problems.append(str(error))
            return None


def _language(text: str, language: Language) -> Language:
    known = languages.named(text)
    if known is None:
        raise ViewError(
            language.say(
                "The address asks for the language {text}. Write one of {known}; it is ignored.",
                text=_quoted(text, language),
                known=", ".join(languages.CODES),
            )
        )
    return known


def _quoted(text: str, language: Language) -> str:
    """What was asked for, short and visible enough for a sentence."""
    return language.say("'{text}'", text=repr(text[:40])[1:-1])


def _iso_day(text: str, language: Language) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ViewError(
            language.say(
                "The address asks for the date {text}, which is not a day. Write it as "
                "YYYY-MM-DD; it is ignored.",
                text=_quoted(text, language),
            )
        ) from None


def _day(text: str, first: date, last: date, language: Language) -> date:
    day = _iso_day(text, language)
    if not first <= day <= last:
        raise ViewError(
            language.say(
                "The address asks for {day}, but the data cover {first} to {last}. {last} is shown "
                "instead: nothing after it is supported by a source.",
                day=day,
                first=first,
                last=last,
            )
        )
    return day


def _numbers(text: str, names: str, separator: str, language: Language) -> list[float]:
    parts = text.split(separator)
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != len(names.split(separator)) or not all(map(isfinite, numbers)):
        raise ViewError(
            language.say(
                "The address has {text} where {names} is expected; it is ignored.",
                text=_quoted(text, language),
                names=names,
            )
        )
    return numbers


def _camera(text: str, language: Language) -> Camera:
    zoom, lat, lon = _numbers(text, "map=zoom/lat/lon", "/", language)
    if not (ZOOM[0] <= zoom <= ZOOM[1] and abs(lat) <= MERCATOR_LAT and abs(lon) <= 180):  # noqa: PLR2004
        raise ViewError(
            language.say(
                "The address looks at {text}, which is not on the map; ignored.",
                text=_quoted(text, language),
            )
        )
    return Camera(zoom, lat, lon)


def _point(text: str, language: Language) -> tuple[float, float]:
    lon, lat = _numbers(text, "at=lon,lat", ",", language)
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 -- degrees
        raise ViewError(
            language.say(
                "The address asks about {text}, which is not on Earth; ignored.",
                text=_quoted(text, language),
            )
        )
    return lon, lat


def _confidence(text: str, language: Language) -> str:
    if text not in CONFIDENCES:
        raise ViewError(
            language.say(
                "The address asks for the confidence {text}. Write one of {known}; all are shown "
                "instead.",
                text=_quoted(text, language),
                known=", ".join(CONFIDENCES),
            )
        )
    return text


def _keys(text: str, language: Language) -> tuple[str, ...]:
    keys = text.split(",")
    if not all(_KEY.fullmatch(key) for key in keys):
        raise ViewError(
            language.say(
                "The address switches off the sources {text}, which are not keys of the "
                "bibliography; all are heard instead.",
                text=_quoted(text, language),
            )
        )
    return tuple(sorted(set(keys)))


def _layers(text: str, language: Language) -> tuple[str, ...]:
    names = text.split(",")
    if not all(_KEY.fullmatch(name) for name in names):
        raise ViewError(language.say(UNKNOWN_LAYERS, text=_quoted(text, language)))
    return tuple(sorted(set(names)))


def _one_of(name: str, known: tuple[str, ...]) -> Callable[[str, Language], str]:
    def read(text: str, language: Language) -> str:
        if text not in known:
            raise ViewError(
                language.say(
                    "The address has {name}={text}. Write one of {known}; it is ignored.",
                    name=name,
                    text=_quoted(text, language),
                    known=", ".join(known),
                )
            )
        return text

    return read


def _loop(text: str, first: date, last: date, language: Language) -> tuple[date, date]:
    try:
        begin, end = (date.fromisoformat(day) for day in text.split(","))
    except ValueError:
        begin = end = first
    if not first <= begin < end <= last:
        raise ViewError(
            language.say(
                "The address asks to loop over {text}. Write two days from {first} to {last}, the "
                "earlier one first, as loop=YYYY-MM-DD,YYYY-MM-DD; it is ignored.",
                text=_quoted(text, language),
                first=first,
                last=last,
            )
        )
    return begin, end


def _kinds(text: str, language: Language) -> tuple[str, ...]:
    if text == NO_KINDS:
        return ()
    kinds = text.split(",")
    if not all(_KEY.fullmatch(kind) for kind in kinds):
        raise ViewError(
            language.say(
                "The address asks for events of the kinds {text}. Write kinds joined by commas; "
                "all are shown instead.",
                text=_quoted(text, language),
            )
        )
    return tuple(sorted(set(kinds)))


def _event(text: str, language: Language) -> str:
    if not _KEY.fullmatch(text.lower()):
        raise ViewError(language.say(UNKNOWN_EVENT, text=_quoted(text, language)))
    return text
