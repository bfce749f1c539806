"""Names on a map: the most important first, each where it touches nothing, or not at all.

Neither adjustText nor textalloc does this: the one moves labels about until they overlap less, the
other knows of points and lines but not of ranks and faces of type. Places around a
point, tried in order, are what the web map does, and give the same answer every time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from geo.snapshots import scene as scenes
from geo.snapshots import typeset
from geo.snapshots.frame import Box, Frame
from geo.snapshots.scene import Base, Scene, Town
from geo.snapshots.typeset import Style

# As on the web map, which labels a place of rank r from this zoom on; a picture cannot be zoomed,
# and shows a little more.
_RANK_ZOOM = (0.0, 0.0, 4.9, 6.1, 7.1, 8.1)
_RANK_SIZE = (0.0, 1.0, 0.93, 0.86, 0.82, 0.8)
_MINOR = 2  # a dot of this rank or a lesser one may be hidden in part
_APART = 9.0  # CSS pixels beside a name that the ring of another town keeps: it would seem its own
_PRESSED_RANK = 2  # a besieged town is named like a town of this rank
_RIVER_ZOOM = 5.2
_REGIONS = (5.6, 9.0)
CLOCK = 4.5  # radius of a clock, in CSS pixels
_CLOCK_ROOM_KM = 15
_TOWN, _AREA, _ABROAD = "#1f1e1b", "#6a675d", "#8c897f"


@dataclass(frozen=True, slots=True)
class Label:
    """A name where it is set.

    Attributes
    ----------
    text, style
        What is set, and how.
    x, y
        The left end of its baseline, in points.
    room
        The box it takes.
    town
        Key of the place; "" for a region or country.
    """

    text: str
    style: Style
    x: float
    y: float
    room: Box
    town: str = ""


def radius(town: Town, frame: Frame) -> float:
    """Radius of the dot of a town, in points."""
    size = 0.9 if frame.zoom < 6 else 1.2 if frame.zoom >= 8 else 1  # noqa: PLR2004 -- as on the web map
    plain = 4.6 if town.rank <= 2 else 3.6 if frame.zoom >= 5.4 else 3.0  # noqa: PLR2004
    return (plain if town.told else 2.4) * size * frame.stroke


def reach(town: Town, frame: Frame) -> float:
    """Radius of the ring of a besieged town, in points."""
    ground = frame.km(town.radius_km) + 3 * frame.stroke
    return max(radius(town, frame) + 4.5 * frame.stroke, min(ground, 60 * frame.stroke))


def is_drawn(town: Town, frame: Frame) -> bool:
    """Whether a town has a dot though it has no name."""
    if not town.told:
        return False
    minor = town.rank >= 4 and frame.zoom < 5.2 and not town.rings  # noqa: PLR2004 -- as on the web map
    return not (minor and not town.look.actors)


def place(
    base: Base, scene: Scene, frame: Frame, size: float, language: str
) -> tuple[list[Label], list[tuple[float, float]]]:
    """All names of a map, and the clocks of old evidence (x, y on the page) that fit between them.

    Parameters
    ----------
    size
        Of the name of an important town, in points.
    language
        In which countries are named.
    """
    placer = _Placer(frame, size)
    towns = [town for town in scene.towns if placer.sees(town)]
    for town in towns:
        if is_drawn(town, frame):
            placer.block(town)
    for town in sorted(towns, key=lambda town: (_rank(town), town.rank, town.key)):
        if town.rings or frame.zoom >= _RANK_ZOOM[_rank(town)]:
            placer.town(town)
    if _REGIONS[0] <= frame.zoom < _REGIONS[1]:
        style = Style(size * 0.74, 600, colour=_AREA)
        for name, x, y in base.regions[scene.edition]:
            placer.area(name.upper(), (x, y), style)
    style = Style(size * 0.95, 400, "italic", _ABROAD)
    for names, x, y in _abroad(base, frame):
        placer.area(names[language], (x, y), style)
    return placer.labels, [at for at in clocks(scene, frame) if placer.free(at, CLOCK)]


def clocks(scene: Scene, frame: Frame) -> list[tuple[float, float]]:
    """Where a clock of old evidence belongs: in the middle of stale ground that has room for it."""
    west, south, east, north = frame.ground.bounds
    points = [
        (x, y)
        for x, y, room in scene.clocks
        if room > _CLOCK_ROOM_KM * 1000 and west <= x <= east and south <= y <= north
    ]
    return [(float(x), float(y)) for x, y in frame.page(np.array(points).reshape(-1, 2))]


def _rank(town: Town) -> int:
    return min(town.rank, _PRESSED_RANK) if town.rings else town.rank


def _abroad(base: Base, frame: Frame) -> Iterable[tuple[dict[str, str], float, float]]:
    """Where each neighbour has most room on this map, which may be far from its own middle."""
    for names, shape in base.neighbours:
        seen = shapely.clip_by_rect(shape, *frame.ground.bounds)
        if names["fr"] and not seen.is_empty and shapely.area(seen) > 0:
            x, y, _ = scenes.middle(seen)
            yield names, x, y


@dataclass(frozen=True, slots=True)
class _Leave:
    """What a name may do: hide a part of lesser dots; how far it keeps from others' rings."""

    over_minor: bool = False
    apart: float = 0


class _Placer:
    """What is taken so far."""

    def __init__(self, frame: Frame, size: float) -> None:
        self.frame = frame
        self.size = size
        self.labels: list[Label] = []
        self._taken: list[tuple[float, float, float, float]] = []
        self._own: dict[str, tuple[float, float, float, float]] = {}
        self._minor: list[tuple[float, float, float, float]] = []
        self._rings: list[tuple[float, float, float, float]] = []

    def sees(self, town: Town) -> bool:
        x, y = self._at(town.x, town.y)
        box = self.frame.box
        return box.left <= x <= box.right and box.bottom <= y <= box.top

    def block(self, town: Town) -> None:
        """No name may lie on the dot of a town, its ring, or its plates."""
        x, y = self._at(town.x, town.y)
        r = (reach(town, self.frame) if town.rings else radius(town, self.frame)) + 0.5
        r = min(r, 14 * self.frame.stroke)
        self._own[town.key] = (x - r, y - r, x + r, y + r)
        if town.rings:
            self._rings.append(self._own[town.key])
        elif town.rank >= _MINOR:
            self._minor.append(self._own[town.key])
        self._taken.append(self._own[town.key])

    def free(self, at: tuple[float, float], radius: float) -> bool:
        r = (radius + 1) * self.frame.stroke
        box = (at[0] - r, at[1] - r, at[0] + r, at[1] + r)
        return not any(_touch(box, other) for other in self._taken)

    def town(self, town: Town) -> None:
        rank = _rank(town)
        weight = 600 if rank <= 1 else 400
        style = Style(self.size * _RANK_SIZE[rank], weight, colour=_TOWN)
        text = typeset.drawable(town.name)
        wide = typeset.width(text, style)
        x, y = self._at(town.x, town.y)
        mark = reach(town, self.frame) if town.rings else radius(town, self.frame)
        gap = min(mark, 16 * self.frame.stroke) + 3 * self.frame.stroke
        down = style.size * typeset.CAPITAL / 2  # from the middle of a capital to its foot
        slant = gap * 0.75
        foot = style.size * typeset.CAPITAL
        shift = 0.55 * style.size
        spots = [
            (x + gap, y - down),
            (x - gap - wide, y - down),
            (x - wide / 2, y + gap),
            (x - wide / 2, y - gap - foot),
            (x + slant, y + slant * 0.8),
            (x + slant, y - slant * 0.8 - foot),
            (x - slant - wide, y + slant * 0.8),
            (x - slant - wide, y - slant * 0.8 - foot),
            *((x + gap, y - down + way * shift) for way in (1, -1)),
            *((x - gap - wide, y - down + way * shift) for way in (1, -1)),
            *((x - wide * part, y + gap) for part in (0.25, 0.75)),
            *((x - wide * part, y - gap - foot) for part in (0.25, 0.75)),
        ]
        # Capitals and besieged towns are named even where a name hides a part of a lesser dot.
        must = rank <= 1 or bool(town.rings)
        for over_minor, apart in ((False, _APART), (True, _APART), (False, 0.0), (True, 0.0)):
            if over_minor and not must:
                continue
            for left, baseline in spots:
                how = _Leave(over_minor, apart * self.frame.stroke)
                if self._put(text, style, (left, baseline), town.key, how):
                    if town.key not in self._own:
                        self.block(town)
                    return

    def area(self, text: str, at: tuple[float, float], style: Style) -> None:
        text = typeset.drawable(text)
        wide = typeset.width(text, style)
        x, y = self._at(*at)
        high = style.size * typeset.CAPITAL
        for rise in (0, 1.2, -1.2, 2.4, -2.4):
            at = (x - wide / 2, y - high / 2 + rise * style.size)
            if self._put(text, style, at, "", _Leave()):
                return

    def _put(
        self, text: str, style: Style, at: tuple[float, float], town: str, leave: _Leave
    ) -> bool:
        x, y = at
        wide = typeset.width(text, style)
        air = 1.6 * self.frame.stroke
        low, high = style.size * typeset.DESCENT, style.size * typeset.ASCENT
        box = (x - air, y - low, x + wide + air, y + high)
        edge = self.frame.box.inset(2 * self.frame.stroke)
        inside = (
            edge.left <= box[0]
            and box[2] <= edge.right
            and edge.bottom <= box[1]
            and box[3] <= edge.top
        )
        own = self._own.get(town)
        # The dot of the town itself may reach into the air around its name, not into the letters.
        passed = {id(own)} | ({id(other) for other in self._minor} if leave.over_minor else set())
        if not inside or any(_touch(box, o) for o in self._taken if id(o) not in passed):
            return False
        near = (box[0] - leave.apart, box[1], box[2] + leave.apart, box[3])
        if leave.apart and any(_touch(near, ring) for ring in self._rings if ring is not own):
            return False
        self._taken.append(box)
        room = Box(x, box[1], wide, box[3] - box[1])
        self.labels.append(Label(text, style, round(x, 2), round(y, 2), room, town))
        return True

    def _at(self, x: float, y: float) -> tuple[float, float]:
        point = self.frame.page(np.array([[x, y]]))[0]
        return float(point[0]), float(point[1])


def _touch(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return not (a[2] < b[0] or a[0] > b[2] or a[3] < b[1] or a[1] > b[3])
