"""What there is to draw on one day, in metres of the projection; nothing here knows of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import boundaries, ground, slices, tables
from geo.composite import Composite
from geo.languages import Language
from geo.layers import Layers
from geo.snapshots import frame
from geo.snapshots.ink import NOTHING, Actor, Look
from geo.timeline import STEPS, Timeline

_NOT_SAID = [
    STEPS.index(step)
    for step in ("corrected", "reported-later", "published-later", "withdrawn", "layer-off")
]
# The layer of neighbours ends at 20 W, 3 N, 12 E and 31 N. West and south of it is sea; what lies
# east and north of it is land.
_ATLANTIC = (-45.0, -10.0, 9.3, 31.0)
_UNKNOWN = Actor("#8c8c8c")  # an actor that no table describes


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """What stays the same on every day. Shapes are in metres.

    Attributes
    ----------
    faces
        (F,) polygons of the composite.
    outline
        The country.
    neighbours, rivers, lakes
        Shapes; neighbours with their names by language, rivers with their rank.
    sea
        What is not land, as far as the layers know.
    borders
        By edition: lines between regions, and whether each is approximate.
    regions
        By edition: name and middle.
    towns
        One row a place: `name_fr` `name_en` `x` `y` `rank` `radius_km` `face` (-1 where none),
        indexed by `place`.
    """

    faces: NDArray[np.object_]
    outline: shapely.Geometry
    neighbours: tuple[tuple[dict[str, str], shapely.Geometry], ...]
    sea: shapely.Geometry
    rivers: tuple[tuple[int, shapely.Geometry], ...]
    lakes: tuple[shapely.Geometry, ...]
    borders: Mapping[str, tuple[tuple[shapely.Geometry, bool], ...]]
    regions: Mapping[str, tuple[tuple[str, float, float], ...]]
    towns: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Town:
    """A place on one day.

    Attributes
    ----------
    key, name
        As in the table of places, and as it is written on the map.
    x, y
        Metres.
    rank, radius_km
        As in the table of places.
    look
        Of the ground under its middle, if a claim about the town itself decides it.
    rings
        (status, actor) of its sieges and blockades.
    badges
        (actor, stale) of the forces based in it.
    """

    key: str
    name: str
    x: float
    y: float
    rank: int
    radius_km: float
    look: Look
    rings: tuple[tuple[str, str], ...]
    badges: tuple[tuple[str, bool], ...]

    @property
    def told(self) -> bool:
        """Whether anything is said of it."""
        return self.look != NOTHING or bool(self.rings or self.badges)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One day.

    Attributes
    ----------
    day, edition
        The day, and the edition of the regions in force on it.
    grounds
        Look and shape, country before towns: ground of one look is one shape.
    clocks
        Middle of every stale face of the country, and the radius of its room: x, y, metres.
    towns
        Every place, the most important first.
    roads
        (actor, stale, line) of every blocked stretch.
    claimed
        (actor, shape) of what is claimed and not corroborated, where the view asks for it.
    """

    day: date
    edition: str
    grounds: tuple[tuple[Look, shapely.Geometry], ...]
    clocks: tuple[tuple[float, float, float], ...]
    towns: tuple[Town, ...]
    roads: tuple[tuple[str, bool, shapely.Geometry], ...]
    claimed: tuple[tuple[str, shapely.Geometry], ...]


def palette(layers: Layers, timeline: Timeline) -> dict[str, Actor]:
    """How every actor of the claims is drawn."""
    known = {
        str(key): Actor(row["colour"], row["pattern"], row["badge"])
        for key, row in layers.actors[["colour", "pattern", "badge"]].to_dict("index").items()
    }
    return dict.fromkeys(timeline.composite.claims["actor"], _UNKNOWN) | known


@lru_cache(maxsize=4)  # both are frozen and stand for their content
def base(layers: Layers, composite: Composite) -> Base:
    """Everything that does not change with the day, projected once."""
    towns = layers.places[["name_fr", "name_en", "rank", "radius_km"]].copy()
    points = frame.project(layers.places.geometry.to_numpy())
    faces = [slices.locate(composite, p.x, p.y) for p in layers.places.geometry]
    editions = {edition.name: edition for edition in boundaries.EDITIONS}
    return Base(
        faces=frame.project(composite.faces.geometry.to_numpy()),
        outline=_shape(layers.outline),
        neighbours=tuple(
            ({"fr": str(row["name_fr"]), "en": str(row["name_en"])}, _shape(row["geometry"]))
            for row in tables.rows(layers.neighbours)
        ),
        sea=_shape(
            shapely.difference(
                shapely.segmentize(shapely.box(*_ATLANTIC), 2),
                shapely.union_all([layers.outline, *layers.neighbours.geometry]),
            )
        ),
        rivers=tuple(
            (int(row["rank"]), _shape(row["geometry"])) for row in tables.rows(layers.rivers)
        ),
        lakes=tuple(frame.project(layers.lakes.geometry.to_numpy())),
        borders={
            name: tuple(
                (_shape(line), certainty == "approximate")
                for line, certainty in zip(lines.geometry, lines["certainty"], strict=True)
            )
            for name, lines in layers.borders.items()
        },
        regions={
            name: tuple(
                (str(row["name_fr"]), *middle(_shape(row["geometry"]))[:2])
                for row in tables.rows(layers.regions[name])
            )
            for name in editions
        },
        towns=towns.assign(
            x=shapely.get_x(points),
            y=shapely.get_y(points),
            face=[-1 if face is None else face for face in faces],
        ),
    )


def on(
    layers: Layers, timeline: Timeline, day: date, language: Language, *, claimed: bool = False
) -> Scene:
    """What there is to draw on a day.

    Raises
    ------
    ViewError
        `day` comes after what the timeline supports.
    """
    still = base(layers, timeline.composite)
    faces = slices.at(timeline, day)
    looks = np.empty(len(faces), dtype=object)
    looks[:] = [_look(row) for row in tables.rows(faces.drop(columns="geometry"))]
    marks = _marks(timeline, day)
    return Scene(
        day=day,
        edition=boundaries.edition_on(day).name,
        grounds=_grounds(still.faces, looks),
        clocks=_clocks(still.faces, looks),
        towns=_towns(still.towns, looks, marks, language),
        roads=tuple(
            (mark.actor, mark.stale, _shape(mark.shape)) for mark in marks if mark.kind == "road"
        ),
        claimed=_claimed(timeline, day) if claimed else (),
    )


def states(timeline: Timeline, day: date) -> tuple[object, ...]:
    """What a scene depends on besides the day itself: two days of equal states look alike."""
    marks = tuple((m.kind, m.key, m.status, m.actor, m.stale) for m in _marks(timeline, day))
    edition = boundaries.edition_on(day).name
    return (slices.states_on(timeline, day).tobytes(), marks, edition)


@dataclass(frozen=True, slots=True, eq=False)
class _Mark:
    """A siege, blockade or presence of the day; `kind` and `key` of the ground it is about."""

    kind: str
    key: str
    status: str
    actor: str
    stale: bool
    shape: shapely.Geometry


def _marks(timeline: Timeline, day: date) -> list[_Mark]:
    now = pd.Timestamp(day)
    overlays = timeline.overlays
    live = overlays[(overlays["start"] <= now) & ~(overlays["stop"] <= now)]
    claims = timeline.composite.claims.iloc[live["claim"]]
    marks = []
    for status, actor, stale, ref, shape in zip(
        live["status"],
        live["actor"],
        live["stale_from"] <= now,
        claims["area_ref"],
        claims.geometry,
        strict=True,
    ):
        named = ground.parse(ref)
        if named.kind in {"place", "road"}:
            marks.append(_Mark(named.kind, named.key, status, actor, bool(stale), shape))
    return marks


def _look(row: Mapping[str, object]) -> Look:
    kind = str(row["state"])
    if kind == NOTHING.kind:
        return NOTHING
    actors = row["influence"] if kind == "influence" else row["actors"]
    return Look(kind, tuple(actors), bool(row["stale"]), row["level"] == "place")  # type: ignore[arg-type]


def _grounds(
    faces: NDArray[np.object_], looks: NDArray[np.object_]
) -> tuple[tuple[Look, shapely.Geometry], ...]:
    kinds = sorted(set(looks), key=lambda look: (look.town, look.kind, look.actors, look.stale))
    return tuple(
        (look, shapely.orient_polygons(shapely.coverage_union_all(faces[looks == look])))
        for look in kinds
    )


def _clocks(
    faces: NDArray[np.object_], looks: NDArray[np.object_]
) -> tuple[tuple[float, float, float], ...]:
    return tuple(
        middle(shape)
        for shape, look in zip(faces, looks, strict=True)
        if look.stale and not look.town
    )


def _towns(
    places: pd.DataFrame,
    looks: NDArray[np.object_],
    marks: list[_Mark],
    language: Language,
) -> tuple[Town, ...]:
    at: dict[str, list[_Mark]] = {}
    for mark in marks:
        if mark.kind == "place":
            at.setdefault(mark.key, []).append(mark)
    towns = []
    for row in tables.rows(places.reset_index()):
        here = at.get(row["place"], [])
        under = looks[row["face"]] if row["face"] >= 0 else NOTHING
        pressed = {(m.status, m.actor) for m in here if m.status != "presence"}
        towns.append(
            Town(
                row["place"],
                language.place(row),
                float(row["x"]),
                float(row["y"]),
                int(row["rank"]),
                float(row["radius_km"]),
                under if under.town else NOTHING,
                tuple(sorted(pressed)),
                tuple(sorted({(m.actor, m.stale) for m in here if m.status == "presence"})),
            )
        )
    return tuple(sorted(towns, key=lambda town: (town.rank, town.key)))


def _claimed(timeline: Timeline, day: date) -> tuple[tuple[str, shapely.Geometry], ...]:
    """As the web map draws them: an end that was not known yet is no end."""
    claims, now = timeline.composite.claims, pd.Timestamp(day)
    known_on = timeline.filters.known_on
    told = (claims["assertion"] == "claimed") & ~np.isin(timeline.codes.step, _NOT_SAID)
    ends = claims["valid_to"]
    if known_on is not None:
        ends = ends.where(ends <= pd.Timestamp(known_on))
    live = claims[told & (claims["valid_from"] <= now) & ~(ends <= now)]
    return tuple(
        (actor, _shape(shape)) for actor, shape in zip(live["actor"], live.geometry, strict=True)
    )


def _shape(shape: shapely.Geometry) -> shapely.Geometry:
    return frame.project(np.array([shape], dtype=object))[0]


@lru_cache(maxsize=4000)
def middle(shape: shapely.Geometry) -> tuple[float, float, float]:
    """Where there is most room: centre and radius of the largest circle inside."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=2000)
    x, y = shapely.get_coordinates(circle)[0]
    return float(x), float(y), float(shapely.length(circle))
