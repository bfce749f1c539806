"""The layout of a page: where everything stands, measured before anything is drawn.

Text is set at the sizes of the preset; where a picture says more than it has room for, type shrinks
in small steps, and a headline that is still too long ends in an ellipsis. Nothing is cut off and
nothing lies on anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from geo.errors import SnapshotError
from geo.languages import Language
from geo.snapshots import legend as legends
from geo.snapshots import typeset
from geo.snapshots.captions import Words
from geo.snapshots.frame import Box
from geo.snapshots.legend import Key, Legend, Placed
from geo.snapshots.presets import Preset, Type
from geo.snapshots.typeset import LEADING, Style

_Scale = tuple[float, float, float]

_LEAST_MAP = 0.34  # of the height between the margins: less would be no map
_STEPS = tuple(1 - 0.04 * step for step in range(8))  # sizes of type
_HEADLINES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)  # and of the headline, beside that
# What is tried, the best first: a smaller headline is borne more easily than smaller text, and
# headings of the legend can go before text has become much smaller.
_ATTEMPTS = sorted(
    product(_STEPS, (True, False), _HEADLINES),
    key=lambda tried: (3 * (1 - tried[0]) + 0.1 * (not tried[1]) + (1 - tried[2]), tried),
)
_LINES = 6  # a headline has at most
_SOFT, _FAINT = "#57544c", "#6a675d"
_BAR = (2.2, 0.22)  # of the size of the text: the bar over the title
_LOCATOR = 1.12  # width to height
_LOCATOR_LINES = 6.5  # of fine type: how high the locator is


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text from the left end of its baseline."""

    text: str
    style: Style
    x: float
    y: float

    @property
    def room(self) -> Box:
        """The box it takes."""
        low, high = self.style.size * typeset.DESCENT, self.style.size * typeset.ASCENT
        return Box(self.x, self.y - low, typeset.width(self.text, self.style), low + high)


@dataclass(frozen=True, slots=True)
class Plan:
    """A page.

    Attributes
    ----------
    type
        Sizes the text is set at.
    maps
        Rectangles of the maps, in the order of the days.
    lines
        Text outside the maps; `dates` is the part of it that says the date of each map.
    dates
        See `lines`.
    keys, key_style, key_room
        The legend, how it is set, and where its names must end.
    locator
        Rectangle of the small map.
    scale
        Left end and height of the scale bar, and how long it may be.
    bar
        The bar over the title.
    """

    type: Type
    maps: tuple[Box, ...]
    lines: tuple[Line, ...]
    dates: tuple[Line, ...]
    keys: tuple[Placed, ...]
    key_style: Style
    locator: Box
    scale: _Scale
    bar: Box


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says besides its map.

    Attributes
    ----------
    words
        As the captions say it.
    legend
        What is drawn.
    sealed
        Check code, version of the data and link.
    language
        In which headings are said.
    headings
        Whether the legend has them; they go before type shrinks.
    """

    words: Words
    legend: Legend
    sealed: tuple[str, ...]
    language: Language
    headings: bool = True


def plan(preset: Preset, told: Told) -> Plan:
    """Where everything stands.

    Raises
    ------
    SnapshotError
        There is no room for it, however small it is set.
    """
    for step, headings, headline in _ATTEMPTS:
        sizes = _scaled(preset.type, step)
        tried = replace(sizes, headline=sizes.headline * headline)
        page = _ARRANGED[preset.panel](preset, tried, replace(told, headings=headings))
        if page is not None:
            return page
    raise SnapshotError(
        told.language.say(
            "The preset {name} has no room for all that this picture has to say. Choose a larger "
            "one, or a smaller extent.",
            name=preset.name,
        )
    )


def _scaled(type_: Type, by: float) -> Type:
    return Type(type_.headline * by, type_.text * by, type_.label, type_.fine * max(by, 0.94))


@dataclass(slots=True)
class _Column:
    """Text set from the top of a column downwards."""

    left: float
    top: float
    width: float
    lines: list[Line] = field(default_factory=list)
    dates: list[Line] = field(default_factory=list)
    keys: list[Placed] = field(default_factory=list)
    full: bool = False  # something in it is wider than it

    def text(
        self,
        text: str,
        style: Style,
        *,
        leading: float = LEADING,
        most: int = 99,
        even: bool = False,
    ) -> None:
        """Set a text in lines; what does not fit `most` of them ends in an ellipsis."""
        lines = typeset.wrap(typeset.drawable(text), style, self.width)
        if even and len(lines) <= most:
            lines = typeset.balanced(lines, style, self.width)
        if len(lines) > most:
            rest = " ".join(lines[most - 1 :])
            lines = [*lines[: most - 1], typeset.shortened(rest, style, self.width)]
        for line in lines:
            self.top -= leading * style.size
            y = self.top + (leading - typeset.ASCENT) * style.size * 0.8
            self.lines.append(Line(line, style, self.left, y))

    def gap(self, points: float) -> None:
        self.top -= points

    def legend(self, heading: str, keys: Sequence[Key], style: Style) -> None:
        """A heading and its keys, in columns."""
        if not keys:
            return
        if heading:
            self.text(heading, Style(style.size * 0.86, 600, colour=_SOFT))
            self.gap(0.12 * style.size)
        box = Box(self.left, 0, self.width, self.top)
        placed, high = legends.arrange(keys, style, box)
        self.full |= any(legends.width(key, style, apart=False) > self.width for key in keys)
        self.keys += placed
        self.top -= high


def _bar(column: _Column, type_: Type) -> Box:
    wide, high = (of * type_.text for of in _BAR)
    column.gap(high)
    box = Box(column.left, column.top, wide, high)
    column.gap(0.15 * type_.text)
    return box


def _title(column: _Column, type_: Type, told: Told) -> None:
    """Headline, date and what was known."""
    words = told.words
    column.text(words.headline, Style(type_.headline, 700), leading=1.1, most=_LINES, even=True)
    column.gap(0.3 * type_.text)
    if len(words.dates) == 1:
        before = len(column.lines)
        column.text(words.dates[0], Style(type_.text * 1.08, 600))
        column.dates += column.lines[before:]
        del column.lines[before:]
    column.text(words.known, Style(max(type_.fine * 1.15, type_.text * 0.74), colour=_SOFT))


def _keys(column: _Column, type_: Type, told: Told) -> None:
    style, say = Style(type_.text), told.language.translate
    actors, ground = (say(legends.ACTORS), say(legends.GROUND)) if told.headings else ("", "")
    column.legend(actors, told.legend.actors, style)
    column.gap(0.35 * type_.text)
    column.legend(ground, told.legend.states, style)


def _fine(column: _Column, type_: Type, told: Told) -> None:
    """Sources, caveat, disclaimer, credit, code and link."""
    words = told.words
    style = Style(type_.fine, colour=_FAINT)
    strong = Style(type_.fine, 600, colour=_SOFT)
    column.text(words.caveat, strong)
    column.text(f"{words.sources} {words.disclaimer} {words.credit}", style)
    for line in told.sealed:
        column.text(line, strong)


def _foot(
    left: float, bottom: float, width: float, type_: Type, told: Told
) -> tuple[_Column, Box, _Scale]:
    """Locator and scale bar at the left, fine print at their right, standing on `bottom`."""
    high = _LOCATOR_LINES * type_.fine * LEADING
    wide = high * _LOCATOR
    scale_high = 2.5 * type_.fine
    gap = 1.1 * type_.fine
    column = _Column(left + wide + gap, 0, width - wide - gap)
    _fine(column, type_, told)
    tall = max(-column.top, high + scale_high)
    top = bottom + tall
    shifted = _Column(column.left, top, column.width)
    _fine(shifted, type_, told)
    locator = Box(left, top - high, wide, high)
    return shifted, locator, (left, top - high - 1.35 * type_.fine, wide)


def _side(preset: Preset, type_: Type, told: Told) -> Plan | None:
    margins = preset.margins
    panel = preset.width * preset.share
    gutter = max(0.9 * type_.text, margins.left * 0.5)
    width = panel - margins.left - gutter
    foot, locator, scale = _foot(margins.left, margins.bottom, width, type_, told)
    head = _Column(margins.left, preset.height - margins.top, width)
    bar = _bar(head, type_)
    _title(head, type_, told)
    head.gap(0.6 * type_.text)
    _keys(head, type_, told)
    if head.full or head.top - 0.5 * type_.text < locator.top:
        return None
    box = Box(panel, 0, preset.width - panel, preset.height)
    return _planned(type_, _grid(preset, box, type_), (head, foot), locator, scale, bar, told)


def _beside(preset: Preset, type_: Type, told: Told) -> Plan | None:
    margins = preset.margins
    width = preset.width - margins.left - margins.right
    foot, locator, scale = _foot(margins.left, margins.bottom, width, type_, told)
    head = _Column(margins.left, preset.height - margins.top, width)
    bar = _bar(head, type_)
    _title(head, type_, told)
    legend = preset.width * preset.share
    gap = 0.6 * type_.text
    top, bottom = head.top - gap, locator.top + 1.6 * gap
    box = Box(0, bottom, preset.width - legend, top - bottom)
    keys = _Column(box.right + gap, top, legend - gap - margins.right)
    _keys(keys, type_, told)
    if keys.full or keys.top < bottom or box.height < _least(preset):
        return None
    return _planned(type_, _grid(preset, box, type_), (head, keys, foot), locator, scale, bar, told)


def _under(preset: Preset, type_: Type, told: Told) -> Plan | None:
    margins = preset.margins
    width = preset.width - margins.left - margins.right
    foot, locator, scale = _foot(margins.left, margins.bottom, width, type_, told)
    head = _Column(margins.left, preset.height - margins.top, width)
    bar = _bar(head, type_)
    _title(head, type_, told)
    gap = 0.6 * type_.text
    keys = _Column(margins.left, 0, width)
    _keys(keys, type_, told)
    tall = -keys.top
    keys = _Column(margins.left, locator.top + 1.4 * gap + tall, width)
    _keys(keys, type_, told)
    top, bottom = head.top - gap, keys.top + tall + 0.8 * gap
    box = Box(0, bottom, preset.width, top - bottom)
    if keys.full or box.height < _least(preset):
        return None
    return _planned(type_, _grid(preset, box, type_), (head, keys, foot), locator, scale, bar, told)


def _least(preset: Preset) -> float:
    return _LEAST_MAP * (preset.height - preset.margins.top - preset.margins.bottom)


_ARRANGED = {"side": _side, "beside": _beside, "foot": _under}


def _grid(preset: Preset, box: Box, type_: Type) -> tuple[Box, ...]:
    """The rectangles of the maps; several have a date over each, and white between."""
    rows, columns = preset.maps
    if preset.shown == 1:
        return (box,)
    margins, gap = preset.margins, 0.7 * type_.text
    left, right = margins.left, preset.width - margins.right
    wide = (right - left - gap * (columns - 1)) / columns
    title = 1.6 * type_.text
    high = (box.height - gap * (rows - 1)) / rows - title
    return tuple(
        Box(
            left + column * (wide + gap),
            box.top - (row + 1) * (high + title) - row * gap,
            wide,
            high,
        )
        for row in range(rows)
        for column in range(columns)
    )


def _planned(  # noqa: PLR0913, PLR0917 -- the parts of a page
    type_: Type,
    maps: tuple[Box, ...],
    columns: Sequence[_Column],
    locator: Box,
    scale: _Scale,
    bar: Box,
    told: Told,
) -> Plan:
    dates = [line for column in columns for line in column.dates]
    if len(maps) > 1:
        style = Style(type_.text * 1.08, 600)
        dates = [
            Line(date, style, box.left, box.top + 0.45 * type_.text)
            for date, box in zip(told.words.dates, maps, strict=True)
        ]
    return Plan(
        type=type_,
        maps=maps,
        lines=tuple(line for column in columns for line in column.lines),
        dates=tuple(dates),
        keys=tuple(key for column in columns for key in column.keys),
        key_style=Style(type_.text),
        locator=locator,
        scale=scale,
        bar=bar,
    )
