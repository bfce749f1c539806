"""Extents: which ground a picture shows, as it is asked for and as a box of degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from geo import boundaries, places
from geo.errors import SnapshotError, UnknownPlaceError
from geo.languages import ENGLISH, Language, message
from geo.layers import Layers
from geo.view import MERCATOR_LAT, Camera

COUNTRY = "mali"
_KM = (10.0, 400.0)  # least and most radius around a place
_RADIUS_KM = 75.0
_KM_PER_DEGREE = 111.2
_SCREEN = (1000, 640)  # CSS pixels of the map a camera is taken to look through
_WORLD = 256  # CSS pixels of the world at zoom 0
_LEAST = 0.05  # degrees
_FORMS = "mali, region:KEY, place:NAME, place:NAME@KM, WEST,SOUTH,EAST,NORTH"
_DISTRICT = "bamako"  # is in no region
_SIDES = 4  # of a box


@dataclass(frozen=True, slots=True)
class Extent:
    """Ground a picture shows.

    Attributes
    ----------
    kind
        `country` `region` `place` `box`.
    key
        Of the region or the place; "" for the others.
    box
        West, south, east, north in degrees: what must be in the picture.
    km
        Around a place; 0 for the others.
    """

    kind: str
    key: str
    box: tuple[float, float, float, float]
    km: float = 0


def country(layers: Layers) -> Extent:
    """The whole country."""
    return Extent("country", "", _bounds(layers.outline.bounds))


def seen(camera: Camera) -> Extent:
    """What a reader sees of the web map through a camera."""
    wide, high = (length / _WORLD / 2**camera.zoom for length in _SCREEN)
    middle = math.asinh(math.tan(math.radians(camera.lat)))
    south, north = (
        math.degrees(math.atan(math.sinh(middle + turn * math.pi * high))) for turn in (-1, 1)
    )
    west, east = camera.lon - 180 * wide, camera.lon + 180 * wide
    return Extent("box", "", (west, south, east, north))


def parse(text: str, layers: Layers, day: date, language: Language = ENGLISH) -> Extent:
    """Read an extent: `mali`, `region:kidal`, `place:Gao@60`, `-6,12,-3,15`.

    Raises
    ------
    SnapshotError
        It cannot be read, is empty, or shows nothing of the country.
    """
    asked = _Asked(text, layers, language)
    said = text.strip()
    kind, _, rest = said.partition(":")
    if said.lower() == COUNTRY:
        return country(layers)
    if kind == "region" and rest:
        return _region(asked, rest, day)
    if kind == "place" and rest:
        return _place(asked, rest)
    if said.count(",") == _SIDES - 1:
        return _box(asked, said)
    raise asked.unreadable()


def title(extent: Extent, layers: Layers, day: date, language: Language) -> str:
    """What the ground is called: `Mali`, `Kidal region`, `Around Gao`."""
    if extent.kind == "region":
        name = layers.regions[boundaries.edition_on(day).name].loc[extent.key, "name_fr"]
        if extent.key == _DISTRICT:
            return str(name)
        return language.say("Region {of_name}", of_name=language.of(str(name)))
    if extent.kind == "place":
        return language.say("Around {name}", name=str(layers.places.loc[extent.key, "name_fr"]))
    return "Mali"


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What was typed, and what it is looked up in."""

    text: str
    layers: Layers
    language: Language

    def refused(self, sentence: str, **values: object) -> SnapshotError:
        return SnapshotError(self.language.say(sentence, text=repr(self.text[:80]), **values))

    def unreadable(self) -> SnapshotError:
        return self.refused(
            message("The extent {text} cannot be read. Write one of these: {forms} (in degrees)."),
            forms=_FORMS,
        )


def _region(asked: _Asked, name: str, day: date) -> Extent:
    regions = asked.layers.regions[boundaries.edition_on(day).name]
    keys = {places.fold(str(name)): str(key) for key, name in regions["name_fr"].items()}
    keys |= {places.fold(str(key)): str(key) for key in regions.index}
    found = keys.get(places.fold(name))
    if found is None:
        raise asked.refused(
            message(
                "The extent {text} names a region there was not on {day}. Choose one of: {known}."
            ),
            day=day,
            known=", ".join(regions.index),
        )
    return Extent("region", found, _bounds(regions.geometry[found].bounds))


def _place(asked: _Asked, text: str) -> Extent:
    name, _, km = text.partition("@")
    radius = _number(km.removesuffix("km")) if km else _RADIUS_KM
    if radius is None or not _KM[0] <= radius <= _KM[1]:
        raise asked.refused(
            message(
                "The extent {text} has no usable radius. Write kilometres from {least} to {most} "
                "after the @."
            ),
            least=f"{_KM[0]:g}",
            most=f"{_KM[1]:g}",
        )
    try:
        key = places.find(asked.layers.places, name)
    except UnknownPlaceError as fault:
        raise SnapshotError(str(fault)) from fault
    return around(key, radius, asked.layers)


def around(place: str, km: float, layers: Layers) -> Extent:
    """The ground within `km` of a place."""
    point = layers.places.geometry[place]
    high = km / _KM_PER_DEGREE
    wide = high / math.cos(math.radians(point.y))
    box = (point.x - wide, point.y - high, point.x + wide, point.y + high)
    return Extent("place", place, _bounds(box), km)


def _box(asked: _Asked, text: str) -> Extent:
    numbers = [_number(part) for part in text.split(",")]
    known = [number for number in numbers if number is not None]
    if len(known) != _SIDES:
        raise asked.unreadable()
    west, south, east, north = known
    on_earth = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= MERCATOR_LAT  # noqa: PLR2004 -- degrees
    if not on_earth or east - west < _LEAST or north - south < _LEAST:
        raise asked.refused(
            message(
                "The extent {text} is empty or not on the map. Write west, south, east and north "
                "in degrees, in this order, at least {least} apart."
            ),
            least=_LEAST,
        )
    left, low, right, high = _bounds(asked.layers.outline.bounds)
    if east < left or west > right or north < low or south > high:
        raise asked.refused(
            message(
                "The extent {text} shows nothing of the country, which lies between longitudes "
                "{left} and {right} and latitudes {low} and {high}. Move it there."
            ),
            left=left,
            right=right,
            low=low,
            high=high,
        )
    return Extent("box", "", (west, south, east, north))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _bounds(bounds: tuple[float, ...]) -> tuple[float, float, float, float]:
    west, south, east, north = (round(float(side), 4) for side in bounds)
    return west, south, east, north
