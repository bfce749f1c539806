"""The map itself: ground, lines, symbols and names, drawn on paper as the web map draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from matplotlib.path import Path

from geo.snapshots import ink, labels, paper, typeset
from geo.snapshots.frame import Box, Frame
from geo.snapshots.ink import NOTHING, Actor, Look
from geo.snapshots.labels import Label
from geo.snapshots.paper import Paper, Pen
from geo.snapshots.scene import Base, Scene, Town
from geo.snapshots.typeset import Style

Palette = Mapping[str, Actor]

_BADGES, _LETTERS = 5.9, 7.0  # zooms from which forces have a plate, and the plate its letters
_RIVERS = ((6.0, 1), (7.0, 2), (99.0, 3))  # up to this zoom, rivers up to this rank


def ground(page: Paper, base: Base, frame: Frame) -> None:
    """Sea, neighbours and country, under everything."""
    page.group("ground")
    page.fill(paper.rectangle(frame.box), ink.ABROAD)
    page.fill(paper.of_shape(base.sea, frame), ink.SEA)
    for _, shape in base.neighbours:
        edge = paper.of_shape(shapely.boundary(shape), frame)
        page.stroke(edge, Pen(ink.ABROAD_LINE, frame.stroke))
    page.fill(paper.of_shape(base.outline, frame), ink.GROUND)


def states(page: Paper, scene: Scene, frame: Frame, palette: Palette) -> None:
    """Who holds what, each look one shape."""
    for look, shape in scene.grounds:
        page.group("-".join(("state", look.kind, *look.actors)))
        page.paint(paper.of_shape(shape, frame), ink.fill(look, palette), frame.stroke)


def clocks(page: Paper, at: Sequence[tuple[float, float]], frame: Frame) -> None:
    """Where the evidence is old."""
    page.group("old-evidence")
    for x, y in at:
        clock(page, x, y, labels.CLOCK * frame.stroke, frame.stroke)


def lines(page: Paper, base: Base, scene: Scene, frame: Frame) -> None:
    """Water, borders of regions, and the country's own."""
    page.group("water")
    for shape in base.lakes:
        page.fill(paper.of_shape(shape, frame), ink.LAKE)
    most = next(rank for zoom, rank in _RIVERS if frame.zoom < zoom)
    for rank, shape in base.rivers:
        if rank <= most:
            width = (1.6 if rank == 1 else 1) * frame.stroke
            page.stroke(paper.of_shape(shape, frame), Pen(ink.RIVER, width))
    page.group("borders")
    for shape, approximate in base.borders[scene.edition]:
        dashes = (4 * frame.stroke, 4 * frame.stroke) if approximate else ()
        page.stroke(
            paper.of_shape(shape, frame),
            Pen(ink.OUTLINE, 0.9 * frame.stroke, dashes, opacity=0.75 if approximate else 0.55),
        )
    country = paper.of_shape(shapely.boundary(base.outline), frame)
    page.stroke(country, Pen(paper.HALO, 3.2 * frame.stroke))
    page.stroke(country, Pen(ink.OUTLINE, 1.2 * frame.stroke))


def symbols(page: Paper, scene: Scene, frame: Frame, palette: Palette, named: set[str]) -> None:
    """Blocked roads, what is only claimed, towns, sieges and forces.

    Parameters
    ----------
    named
        Keys of the places that have a name on the map, and so a dot.
    """
    page.group("blocked-roads")
    for actor, _, shape in scene.roads:
        road(page, paper.of_shape(shape, frame), palette[actor].colour, frame.stroke)
    page.group("claimed")
    for actor, shape in scene.claimed:
        outline = paper.of_shape(shapely.boundary(shape), frame)
        claimed(page, outline, palette[actor].colour, frame.stroke)
    for town in reversed(scene.towns):
        if _inside(frame, town.x, town.y) and (town.key in named or labels.is_drawn(town, frame)):
            page.group(f"town-{town.key}")
            _town(page, town, frame, palette)


def names(page: Paper, placed: Sequence[Label], frame: Frame) -> None:
    """Names over everything, haloed."""
    page.group("name")
    for label in placed:
        page.text(
            label.x,
            label.y,
            label.text,
            label.style,
            room=label.room,
            halo=3.4 * frame.stroke,
        )


# ---- symbols, which the legend draws too


def dot(page: Paper, at: tuple[float, float], r: float, look: Look, palette: Palette) -> None:
    """A town: a pie of its holders with a white casing; hollow where nothing is known."""
    x, y = at
    s = r / 4.2
    page.fill(paper.disc(x, y, r + s), paper.HALO)
    if not look.actors:
        page.fill(paper.disc(x, y, r), "#fbfaf8")
        page.stroke(paper.disc(x, y, r), Pen("#8d8b84", s))
        return
    turn = 360 / len(look.actors)
    for n, actor in enumerate(look.actors):
        colour = ink.blend(palette[actor].colour, 0.5 if look.stale else 0)
        whole = len(look.actors) == 1
        path = paper.disc(x, y, r) if whole else paper.wedge(x, y, r, n * turn, (n + 1) * turn)
        page.fill(path, colour)
    if look.kind == "contested":
        pen = Pen(ink.INK, 1.2 * s, (2 * s, 1.5 * s), round=False)
    else:
        pen = Pen(ink.INK, 0.8 * s, opacity=0.55)
    page.stroke(paper.disc(x, y, r), pen)


def ring(page: Paper, at: tuple[float, float], r: float, pen: tuple[str, float, bool]) -> None:
    """A siege, or dashed a blockade, around a town: (colour, stroke, dashed)."""
    colour, stroke, dashed = pen
    circle = paper.disc(*at, r)
    page.stroke(circle, Pen(paper.HALO, 5 * stroke, opacity=0.9))
    dashes = (5 * stroke, 3.5 * stroke) if dashed else ()
    page.stroke(circle, Pen(colour, 2.6 * stroke, dashes, round=False))


def road(page: Paper, path: Path, colour: str, stroke: float) -> None:
    """A blocked road."""
    page.stroke(path, Pen(paper.HALO, 6 * stroke, round=False, opacity=0.85))
    page.stroke(path, Pen(colour, 3.4 * stroke, (8 * stroke, 5 * stroke), round=False))


def claimed(page: Paper, path: Path, colour: str, stroke: float) -> None:
    """The outline of what is claimed and not corroborated."""
    page.stroke(path, Pen(paper.HALO, 4.4 * stroke, opacity=0.9))
    page.stroke(path, Pen(colour, 2.2 * stroke, (7 * stroke, 4 * stroke), round=False))


def badge(
    page: Paper,
    at: tuple[float, float],
    actor: Actor,
    stroke: float,
    *,
    letters: bool,
    stale: bool,
) -> float:
    """A plate for forces based in a place, from the middle of its left side; how wide it is."""
    said = actor.badge if letters else ""
    wide = (8 + 6 * len(said)) * stroke if letters else 6 * stroke
    high = (13 if letters else 6) * stroke
    box = Box(at[0], at[1] - high / 2, wide, high)
    shape = paper.plate(box, (3 if letters else 1.5) * stroke)
    page.fill(shape, ink.blend(actor.colour, 0.45 if stale else 0))
    page.stroke(shape, Pen(paper.HALO, 1.2 * stroke))
    if said:
        style = Style(8.5 * stroke, 700, colour="#ffffff")
        from_left = (wide - typeset.width(said, style)) / 2
        page.text(box.left + from_left, at[1] - 2.9 * stroke, said, style, room=box)
    return wide + 2 * stroke


def clock(page: Paper, x: float, y: float, r: float, stroke: float) -> None:
    """Evidence past its shelf-life."""
    circle = paper.disc(x, y, r)
    page.fill(circle, paper.HALO, 0.92)
    pen = Pen("#6d6b64", stroke)
    page.stroke(circle, pen)
    page.stroke(paper.line((x, y + r * 0.6), (x, y), (x + r * 0.45, y - r * 0.25)), pen)


def _town(page: Paper, town: Town, frame: Frame, palette: Palette) -> None:
    at = _at(frame, town.x, town.y)
    r = labels.radius(town, frame)
    for status, actor in town.rings:
        around = labels.reach(town, frame)
        ring(page, at, around, (palette[actor].colour, frame.stroke, status == "blockade"))
    if town.look != NOTHING and frame.km(town.radius_km) > r + 3 * frame.stroke:
        middle = paper.disc(*at, 2.4 * frame.stroke)
        page.fill(middle, paper.HALO)
        page.stroke(middle, Pen(ink.INK, 1.3 * frame.stroke))
    else:
        dot(page, at, r, town.look, palette)
    if frame.zoom < _BADGES:
        return
    letters = frame.zoom >= _LETTERS
    left, high = at[0] + r * 0.5, at[1] + r + (8 if letters else 4) * frame.stroke
    for actor, stale in town.badges:
        left += badge(
            page, (left, high), palette[actor], frame.stroke, letters=letters, stale=stale
        )


def shows_forces(frame: Frame) -> bool:
    """Whether forces based in a place are drawn at this size."""
    return frame.zoom >= _BADGES


def _at(frame: Frame, x: float, y: float) -> tuple[float, float]:
    point = frame.page(np.array([[x, y]]))[0]
    return float(point[0]), float(point[1])


def _inside(frame: Frame, x: float, y: float) -> bool:
    west, south, east, north = frame.ground.bounds
    return bool(west <= x <= east and south <= y <= north)
