"""How a state looks: the colours and hatches of the web map, as values.

The twin of `browser/paint.js`: a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

GROUND = "#e9e8e3"  # no information: pale grey …
SPECK = "#bfbdb4"  # … with sparse dots
BETWEEN = "#f6f5f1"  # neutral ground between the bands of what is contested
MARKED = "#ffffff"  # marks inside a fill
SEA = "#d9e3e8"
ABROAD, ABROAD_LINE = "#f7f6f3", "#d3d1ca"
LAKE, RIVER = "#c3d5de", "#a9c2cf"
BORDER, OUTLINE = "#a19e96", "#66635a"
INK = "#2b2a27"
SPECKS_APART = 18.0  # CSS pixels; half as far, set off
MARKS_APART = 9.0


@dataclass(frozen=True, slots=True)
class Actor:
    """How an actor is drawn: `colour` (#rrggbb), `pattern` and `badge` as in `actors.COLUMNS`."""

    colour: str
    pattern: str = "plain"
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """A state as it is drawn.

    Attributes
    ----------
    kind
        `control` `shared` `contested` `influence` `none`.
    actors
        Who holds or contests; under `influence`, who has it.
    stale
        Whether the evidence is past its shelf-life.
    town
        Whether the claim is about a town: its fill is stronger, for it shows through country.
    """

    kind: str
    actors: tuple[str, ...] = ()
    stale: bool = False
    town: bool = False


NOTHING = Look("none")


@dataclass(frozen=True, slots=True)
class Fill:
    """What a look is painted with.

    Attributes
    ----------
    ground
        Colour under everything.
    bands
        Colours of diagonal bands, each as wide as the others; None leaves the ground; () no bands.
    period
        From one set of bands to the next, in CSS pixels.
    marks
        `lines` `dots` `cross` in white, which tell actors of like colour apart; "" none.
    specks
        Whether the sparse dots of no information lie on it.
    """

    ground: str
    bands: tuple[str | None, ...] = ()
    period: float = 0
    marks: str = ""
    specks: bool = False


def blend(colour: str, share: float) -> str:
    """Towards the ground colour: 0 keeps the colour, 1 is ground."""
    # As JavaScript rounds: halves upwards.
    mixed = [int(a + (b - a) * share + 0.5) for a, b in zip(_parts(colour), _parts(GROUND))]  # noqa: B905 -- three and three
    return "#" + "".join(f"{part:02x}" for part in mixed)


def fill(look: Look, palette: Mapping[str, Actor]) -> Fill:
    """What a look is painted with."""
    faded = 0.45 if look.stale else 0.0

    def of(actor: str, share: float) -> str:
        return blend(palette[actor].colour, share + (1 - share) * faded)

    if look.kind == "control":
        actor = palette[look.actors[0]]
        share = (0.05 if look.town else 0.3) + faded * 0.7
        marks = "" if actor.pattern == "plain" else actor.pattern
        return Fill(blend(actor.colour, share), marks=marks)
    if look.kind == "shared":
        return _bands([of(a, 0.05 if look.town else 0.3) for a in look.actors], 16, GROUND)
    if look.kind == "contested":
        colours = [of(actor, 0.0 if look.town else 0.3) for actor in look.actors]
        # Neutral ground between the bands says that nobody holds it; wider in the country.
        gap: list[str | None] = [None] if look.town else [None, None]
        bands = [band for colour in colours for band in (colour, *gap)]
        return _bands(bands, (3.5 if look.town else 2.4) * len(bands), BETWEEN)
    if look.kind == "influence":
        tints = [of(actor, 0.68) for actor in look.actors]
        return Fill(tints[0]) if len(tints) == 1 else _bands(tints, 14, GROUND)
    return Fill(GROUND, specks=True)


def fresh(look: Look) -> Look:
    """The look of newer evidence."""
    return replace(look, stale=False)


def _bands(colours: list[str] | list[str | None], period: float, ground: str) -> Fill:
    return Fill(ground, tuple(colours), period)


def _parts(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
