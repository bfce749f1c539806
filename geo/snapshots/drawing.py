"""The drawing: one figure from which every file is made, the same for pixels, SVG and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from matplotlib.figure import Figure

from geo.languages import Language
from geo.layers import Dataset, Layers
from geo.snapshots import (
    captions,
    cartography,
    facts,
    frame,
    ink,
    labels,
    layout,
    legend,
    paper,
    request,
    scene,
    seal,
    typeset,
)
from geo.snapshots.captions import Words
from geo.snapshots.cartography import Palette
from geo.snapshots.extents import Extent
from geo.snapshots.frame import Box, Frame
from geo.snapshots.labels import Label
from geo.snapshots.layout import Plan, Told
from geo.snapshots.legend import Legend
from geo.snapshots.paper import Paper, Pen
from geo.snapshots.request import Snapshot
from geo.snapshots.scene import Base, Scene
from geo.snapshots.typeset import Style
from geo.timeline import Timeline

_WEST_AFRICA = Extent("box", "", (-16.5, 5.5, 10.0, 26.5))
_LAND, _HERE, _BAR = "#f0efeb", "#c4c0b2", "#1f1e1b"


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A picture, drawn.

    Attributes
    ----------
    snapshot, dataset, words
        What was asked for, of which data, and what it says.
    figure
        A figure of which a point is 1/72 inch.
    plan
        Where everything stands.
    frames, scenes, names
        Of each map: where it lies, what is on it, and the names set on it.
    legend
        What is drawn.
    texts
        (text, box) of every text on the page, in points from the lower left corner.
    code, data_version
        The check code, and the SHA-256 of the data, in hex.
    record
        What `verify` reads, as one word.
    """

    snapshot: Snapshot
    dataset: Dataset
    words: Words
    figure: Figure
    plan: Plan
    frames: tuple[Frame, ...]
    scenes: tuple[Scene, ...]
    names: tuple[tuple[Label, ...], ...]
    legend: Legend
    texts: tuple[tuple[str, Box], ...]
    code: str
    data_version: str
    record: str


def draw(snapshot: Snapshot, layers: Layers, timeline: Timeline) -> Drawing:
    """Draw a picture.

    Parameters
    ----------
    timeline
        The claims as the view hears them: known on, sources and confidence are not applied here.

    Raises
    ------
    SnapshotError
        A day lies outside the data, days and maps differ in number, or there is no room.
    """
    with typeset.settings():
        return _draw(Subject(snapshot, layers, timeline))


@dataclass(frozen=True, slots=True)
class Film:
    """The days of a film, and what is to be seen of them.

    Attributes
    ----------
    days
        One a frame, in order.
    scenes
        Of every day on which the picture changes, the first among them.
    """

    days: tuple[date, ...]
    scenes: tuple[Scene, ...]


class Subject:
    """What is drawn, gathered: the picture as values, before any ink."""

    def __init__(
        self,
        snapshot: Snapshot,
        layers: Layers,
        timeline: Timeline,
        *,
        film: Film | None = None,
    ) -> None:
        request.check(snapshot, layers, timeline)
        self.film = film
        self.snapshot, self.layers, self.timeline = snapshot, layers, timeline
        self.extent = request.ground_of(snapshot, layers)
        self.base: Base = scene.base(layers, timeline.composite)
        self.palette: Palette = scene.palette(layers, timeline)
        self.scenes = tuple(self.scene(day) for day in snapshot.shown)
        told = [facts.gather(layers, timeline, self.extent, day) for day in snapshot.shown]
        self.words = captions.write(snapshot, layers, timeline, told)
        heard = self._seal()
        if film is not None:
            self.words = captions.filmed(self.words, snapshot, film.days, heard, layers)
        drawn = (*self.scenes, *(film.scenes if film is not None else ()))
        self.plan, self.frames, self.legend = self._arranged(drawn)

    @property
    def dataset(self) -> Dataset:
        """Of which data."""
        return self.layers.dataset

    @property
    def language(self) -> Language:
        """In which everything is said."""
        return self.snapshot.view.language

    def scene(self, day: date) -> Scene:
        """What there is to draw on a day."""
        claimed = self.snapshot.view.claimed
        return scene.on(self.layers, self.timeline, day, self.language, claimed=claimed)

    def _seal(self) -> tuple[str, ...]:
        """Seal the picture; the sources of all claims that decided it."""
        snapshot, timeline = self.snapshot, self.timeline
        view = snapshot.view
        box = None if self.extent.kind == "country" else self.extent.box
        query, days = snapshot.query(), snapshot.shown
        if self.film is not None:
            query |= {"from": self.film.days[0].isoformat(), "to": self.film.days[-1].isoformat()}
            days = tuple(scene.day for scene in self.film.scenes)
        told = seal.record(self.layers, timeline, query, days, box=box, claimed=view.claimed)
        self.code, self.data_version, self.record = told.code, told.data_version, seal.stamp(told)
        claims = timeline.composite.claims
        return facts.by_weight(claims["sources"][claims["claim_id"].isin(told.claims)])

    def _sealed(self) -> tuple[str, ...]:
        version = f"{self.layers.dataset.version} ({self.data_version[:8]})"
        code = self.language.say(
            "Check code {code} · data {version}", code=self.code, version=version
        )
        link = self.snapshot.permalink().removeprefix("https://").removeprefix("http://")
        return (code, self.language.say("All sources: {link}", link=link)) if link else (code,)

    def _arranged(self, drawn: Sequence[Scene]) -> tuple[Plan, tuple[Frame, ...], Legend]:
        """Plan and legend depend on each other: what the frame shows, and what room that leaves."""
        shown: tuple[Scene, ...] = tuple(drawn)
        frames: tuple[Frame, ...] = ()
        told = Told(self.words, Legend((), ()), self._sealed(), self.language)
        for _ in range(3):
            plan = layout.plan(self.snapshot.preset, told)
            frames = tuple(self._frame(box) for box in plan.maps)
            seen = [*frames, *(frames[-1:] * (len(shown) - len(frames)))]
            key = legend.of(shown, seen, self._names(), self.language)
            if key == told.legend:
                break
            told = Told(self.words, key, told.sealed, self.language)
        return plan, frames, told.legend

    def _frame(self, box: Box) -> Frame:
        shape: shapely.Geometry | None = None
        if self.extent.kind == "country":
            shape = self.layers.outline
        elif self.extent.kind == "region":
            edition = self.scenes[-1].edition
            shape = self.layers.regions[edition].geometry[self.extent.key]
        rows, columns = self.snapshot.preset.maps
        return frame.around(
            self.extent,
            shape,
            box,
            self.snapshot.preset.stroke * (0.8 if rows * columns > 1 else 1),
        )

    def _names(self) -> dict[str, str]:
        return {
            str(key): str(name)
            for key, name in self.layers.actors[self.language.column("short")].items()
        }

    def labels(
        self, shown: Scene, where: Frame
    ) -> tuple[tuple[Label, ...], list[tuple[float, float]]]:
        """The names of one map, and its clocks of old evidence."""
        several = self.snapshot.preset.shown > 1
        size = self.snapshot.preset.type.label * (0.82 if several else 1)
        placed, clocks = labels.place(self.base, shown, where, size, self.language.code)
        return tuple(placed), clocks


def _draw(subject: Subject) -> Drawing:
    preset, plan = subject.snapshot.preset, subject.plan
    page = Paper(preset.width, preset.height)
    names = []
    for shown, where in zip(subject.scenes, subject.frames, strict=True):
        placed, clocks = subject.labels(shown, where)
        names.append(placed)
        cartography.ground(page, subject.base, where)
        cartography.states(page, shown, where, subject.palette)
        cartography.lines(page, subject.base, shown, where)
        cartography.clocks(page, clocks, where)
        towns = {label.town for label in placed}
        cartography.symbols(page, shown, where, subject.palette, towns)
        cartography.names(page, placed, where)
    surround(page, subject)
    set_lines(page, plan.dates, "date")
    return Drawing(
        snapshot=subject.snapshot,
        dataset=subject.layers.dataset,
        words=subject.words,
        figure=page.figure,
        plan=plan,
        frames=subject.frames,
        scenes=subject.scenes,
        names=tuple(names),
        legend=subject.legend,
        texts=tuple(page.texts),
        code=subject.code,
        data_version=subject.data_version,
        record=subject.record,
    )


def surround(page: Paper, subject: Subject) -> None:
    """Everything around the maps but their dates."""
    plan, preset = subject.plan, subject.snapshot.preset
    page.group("bar")
    page.fill(paper.rectangle(plan.bar), _BAR)
    set_lines(page, plan.lines, "text")
    room = plan.maps[0].left if preset.panel == "side" else preset.width
    legend.draw(page, plan.keys, plan.key_style, subject.palette, room)
    _locator(page, subject.base, plan.locator, subject.frames[0])
    _scale_bar(page, subject)


def set_lines(page: Paper, lines: Sequence[layout.Line], group: str) -> None:
    """Set lines of text."""
    page.group(group)
    for line in lines:
        page.text(line.x, line.y, line.text, line.style, room=line.room)


def _locator(page: Paper, base: Base, box: Box, shown: Frame) -> None:
    """Where in West Africa the map lies."""
    page.group("locator")
    stroke = box.height / 90
    where = frame.around(_WEST_AFRICA, None, box, stroke)
    page.fill(paper.rectangle(box), _LAND)
    page.fill(paper.of_shape(base.sea, where), ink.SEA)
    for _, shape in base.neighbours:
        page.stroke(paper.of_shape(shapely.boundary(shape), where), Pen("#cfcdc5", 0.6 * stroke))
    country = paper.of_shape(base.outline, where)
    page.fill(country, _HERE)
    page.stroke(country, Pen(ink.OUTLINE, 0.8 * stroke))
    seen = paper.of_shape(shapely.boundary(shown.ground), where)
    page.stroke(seen, Pen(_BAR, 1.6 * stroke, round=False))
    page.stroke(paper.rectangle(box), Pen("#b5b2a8", 0.6 * stroke, round=False))


def _scale_bar(page: Paper, subject: Subject) -> None:
    """A round length on the ground, true at the middle of the map."""
    page.group("scale")
    left, y, room = subject.plan.scale
    size = subject.plan.type.fine
    where = subject.frames[0]
    km = frame.round_length(where, room * 0.98)
    long, tick = where.km(km), size * 0.34
    pen = Pen(_BAR, max(size * 0.09, 0.4), round=False)
    ends = paper.line((left, y + tick), (left, y), (left + long, y), (left + long, y + tick))
    page.stroke(ends, pen)
    style = Style(size, 400)
    text = subject.language.say("{number} km", number=subject.language.number(km))
    page.text(
        left, y - size * 0.9, text, style, room=layout.Line(text, style, left, y - size * 0.9).room
    )
