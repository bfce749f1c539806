"""The legend: exactly what is drawn, no more; and "no information" always."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

from geo.languages import Language, message
from geo.snapshots import cartography, ink, paper, typeset
from geo.snapshots.cartography import Palette
from geo.snapshots.frame import Box, Frame
from geo.snapshots.ink import NOTHING, Look
from geo.snapshots.paper import Paper, Pen
from geo.snapshots.scene import Scene
from geo.snapshots.typeset import Style

ACTORS, GROUND = message("Actors"), message("State of the ground")
STATES = {
    "control": message("control"),
    "shared": message("held jointly"),
    "contested": message("contested"),
    "alone": message("contested, one named"),
    "influence": message("influence"),
    "none": message("no information"),
}
SIGNS = {
    "siege": message("siege"),
    "blockade": message("blockade"),
    "road": message("blocked road"),
    "presence": message("forces based here"),
    "claimed": message("claimed only"),
    "stale": message("old evidence, paler"),
}
_SWATCH = (1.45, 0.82)  # of the size of the text: width and height of a key
_GAP, _BETWEEN, _ROW = 0.45, 0.9, 1.34


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the legend.

    Attributes
    ----------
    kind
        `actor`, a key of `STATES` or one of `SIGNS`.
    label
        What it means.
    looks
        What an area is painted with; of an actor, in up to two halves.
    actor
        Whose colour a symbol has; "" for the others.
    """

    kind: str
    label: str
    looks: tuple[Look, ...] = ()
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Legend:
    """What is drawn: by whom, and in what state; signs are among the states."""

    actors: tuple[Key, ...]
    states: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """All of it, in order."""
        return self.actors + self.states


@dataclass(frozen=True, slots=True)
class Placed:
    """A key where it stands: the left end of its swatch, and the baseline of its text."""

    key: Key
    x: float
    y: float


def of(
    scenes: Sequence[Scene], frames: Sequence[Frame], names: dict[str, str], language: Language
) -> Legend:
    """The legend of what is drawn of some scenes in their frames.

    Parameters
    ----------
    names
        Short names of actors; one that is not in it is called by its key.
    """
    seen = _Seen()
    for scene, frame in zip(scenes, frames, strict=True):
        seen.take(scene, frame)
    actors = tuple(
        Key("actor", names.get(actor, actor), seen.forms(actor), actor) for actor in seen.actors()
    )
    states = [
        Key(kind, language.translate(label), (look,))
        for kind, label in STATES.items()
        if (look := seen.example(kind)) is not None
    ]
    signs = [
        Key(kind, language.translate(label), (), seen.signs[kind])
        for kind, label in SIGNS.items()
        if kind in seen.signs
    ]
    return Legend(actors, (*states, *signs))


class _Seen:
    """What is in view, counted in km²: what covers most comes first."""

    def __init__(self) -> None:
        self.looks: dict[Look, float] = {}
        self.signs: dict[str, str] = {}
        self._weights: dict[str, float] = {}

    def take(self, scene: Scene, frame: Frame) -> None:
        self._take_ground(scene, frame)
        ground = frame.ground
        for actor, _, shape in scene.roads:
            if shapely.intersects(shape, ground):
                self._sign("road", actor)
        for actor, shape in scene.claimed:
            if shapely.intersects(shapely.boundary(shape), ground):
                self._sign("claimed", actor)
        forces = cartography.shows_forces(frame)
        for town in scene.towns:
            if shapely.intersects_xy(ground, town.x, town.y):
                badges = [("presence", actor) for actor, _ in town.badges] if forces else []
                for status, actor in (*town.rings, *badges):
                    self._sign(status, actor)

    def _take_ground(self, scene: Scene, frame: Frame) -> None:
        ground = frame.ground
        shapely.prepare(ground)
        for look, shape in scene.grounds:
            whole = shapely.contains_properly(ground, shape)
            seen = shape if whole else shapely.intersection(shape, ground)
            area = shapely.area(seen) / 1e6
            if area > 0:
                self.looks[look] = self.looks.get(look, 0.0) + area
                for actor in look.actors:
                    self._weigh(actor, area)
        if any(look.stale for look in self.looks):
            self.signs.setdefault("stale", "")

    def actors(self) -> list[str]:
        return sorted(self._weights, key=lambda actor: (-self._weights[actor], actor))

    def forms(self, actor: str) -> tuple[Look, ...]:
        """An actor's full colour and its tint, as far as they are drawn."""
        kinds = {look.kind for look in self.looks if actor in look.actors}
        full = (Look("control", (actor,)),) if kinds != {"influence"} else ()
        tint = (Look("influence", (actor,)),) if "influence" in kinds else ()
        return full + tint

    def example(self, kind: str) -> Look | None:
        """The look of a state that covers most; that of no information always."""
        if kind == NOTHING.kind:
            return NOTHING
        chosen = {
            ink.fresh(look): area
            for look, area in sorted(self.looks.items(), key=lambda item: item[1])
            if _kind(look) == kind
        }
        best = max(chosen, key=lambda look: chosen[look], default=None)
        return None if best is None else Look(best.kind, best.actors)

    def _sign(self, kind: str, actor: str) -> None:
        self.signs.setdefault(kind, actor)
        self._weigh(actor, 0.0)

    def _weigh(self, actor: str, area: float) -> None:
        self._weights[actor] = self._weights.get(actor, 0.0) + area


def _kind(look: Look) -> str:
    return "alone" if look.kind == "contested" and len(look.actors) == 1 else look.kind


# ---- where the keys stand


def arrange(keys: Sequence[Key], style: Style, box: Box) -> tuple[list[Placed], float]:
    """Keys in as few rows as fit the width of a box, from its top; and how high that is."""
    step = _ROW * style.size
    best = min((_rows(keys, style, box.width, columns) for columns in range(1, 7)), key=len)
    wide = box.width / _columns(best, keys, style, box.width)
    placed = []
    for row, line in enumerate(best):
        y = box.top - row * step - style.size * 0.95
        placed += [Placed(key, box.left + column * wide, y) for key, column in line]
    return placed, len(best) * step


_Line = list[tuple[Key, int]]


def _rows(keys: Iterable[Key], style: Style, room: float, columns: int) -> list[_Line]:
    """Keys row by row; a long one takes several columns."""
    wide = room / columns
    lines: list[_Line] = [[]]
    column = 0
    for key in keys:
        takes = min(columns, max(1, math.ceil(width(key, style) / wide - 1e-6)))
        if lines[-1] and column + takes > columns:
            lines.append([])
            column = 0
        lines[-1].append((key, column))
        column += takes
    return lines


def _columns(best: list[_Line], keys: Sequence[Key], style: Style, room: float) -> int:
    return next(
        columns for columns in range(1, 7) if len(_rows(keys, style, room, columns)) == len(best)
    )


def width(key: Key, style: Style, *, apart: bool = True) -> float:
    """How wide a key is, with the room that parts it from the next."""
    swatch = (_SWATCH[0] + _GAP + (_BETWEEN if apart else 0)) * style.size
    return swatch + typeset.width(typeset.drawable(key.label), style)


# ---- drawing


def draw(
    page: Paper, placed: Sequence[Placed], style: Style, palette: Palette, room: float
) -> None:
    """Draw keys where they stand; a name too long for `room` points is cut."""
    page.group("legend")
    wide, high = _SWATCH[0] * style.size, _SWATCH[1] * style.size
    for key, x, y in ((p.key, p.x, p.y) for p in placed):
        middle = y + style.size * typeset.CAPITAL / 2
        _swatch(page, key, Box(x, middle - high / 2, wide, high), palette)
        left = x + wide + _GAP * style.size
        text = typeset.shortened(typeset.drawable(key.label), style, room - (left - x))
        space = Box(left, y - style.size * typeset.DESCENT, typeset.width(text, style), style.size)
        page.text(left, y, text, style, room=space)


def _swatch(page: Paper, key: Key, box: Box, palette: Palette) -> None:
    stroke = box.height / 16
    x, y = box.left + box.width / 2, box.bottom + box.height / 2
    colour = palette[key.actor].colour if key.actor else ink.INK
    if key.looks:
        halves = len(key.looks)
        for n, look in enumerate(key.looks):
            part = Box(
                box.left + n * box.width / halves, box.bottom, box.width / halves, box.height
            )
            # Specks lie far apart on the map; a key has room for a few only if they are closer.
            scale = stroke * (0.5 if look == NOTHING else 1)
            page.paint(paper.rectangle(part), ink.fill(look, palette), scale)
        page.stroke(paper.rectangle(box), Pen("#000000", 0.8 * stroke, round=False, opacity=0.28))
    elif key.kind in {"siege", "blockade"}:
        cartography.ring(page, (x, y), box.height * 0.42, (colour, stroke, key.kind == "blockade"))
    elif key.kind == "road":
        ends = paper.line((box.left, y), (box.right, y))
        cartography.road(page, ends, colour, stroke)
    elif key.kind == "presence":
        actor = palette[key.actor]
        wide = (8 + 6 * len(actor.badge)) * stroke
        at = (x - wide / 2, y)
        cartography.badge(page, at, actor, stroke, letters=True, stale=False)
    elif key.kind == "claimed":
        cartography.claimed(page, paper.rectangle(box.inset(2 * stroke)), colour, stroke)
    elif key.kind == "stale":
        cartography.clock(page, x, y, box.height * 0.42, stroke)
    else:  # an actor who has no ground, only signs
        page.fill(paper.rectangle(box), colour)
