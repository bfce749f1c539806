"""Presets: the sizes pictures are published in, and how large their type must be there."""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import SnapshotError
from geo.languages import ENGLISH, Language, message

MB = 1_000_000
_INCH = 72  # points
_SMALL = 650  # CSS pixels
_MM = 72 / 25.4  # points of a millimetre

# Type that is read (headline, date, legend, names), and type that only has to be there (sources,
# licences): their smallest size where the picture is seen.
LEAST_READ_PX, LEAST_FINE_PX = 12, 7.5
LEAST_READ_PT, LEAST_FINE_PT = 7, 5


@dataclass(frozen=True, slots=True)
class Margins:
    """Room at the edges that no text enters, in points."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes of type, in points of the drawing.

    Attributes
    ----------
    headline
        The title.
    text
        The date and the legend.
    label
        Names on the map; towns of little weight are set a little smaller.
    fine
        Sources, licences, caveats.
    """

    headline: float
    text: float
    label: float
    fine: float


@dataclass(frozen=True, slots=True)
class Preset:
    """A size a picture is published in.

    Attributes
    ----------
    name, title
        As it is asked for, and as it is called (a message of the catalogue).
    width, height
        In points of the drawing. On a screen a point is a pixel of the picture at its plain size;
        on paper it is 1/72 inch.
    unit
        `px`, or `mm` for paper.
    dpi
        Pixels of a plain PNG to 72 points.
    seen
        Width at which the picture is usually seen: CSS pixels, or points on paper.
    type
        Sizes of type.
    margins
        The area that stays free of text: a safe area where the picture may be cropped or covered.
    panel
        Where everything but the map stands: `side`, at its left; `beside`, with the title over the
        map and the legend at its right; `foot`, with the title over it and the rest under it.
    share
        Width of the panel or of the legend, as a share of the picture; 0 at the foot.
    most_bytes
        Largest size of a plain PNG; None: no limit is set by those who show it.
    maps
        Rows and columns of maps: (2, 2) shows four dates.
    """

    name: str
    title: str
    width: float
    height: float
    unit: str
    dpi: int
    seen: float
    type: Type
    margins: Margins
    panel: str = "foot"
    share: float = 0
    most_bytes: int | None = None
    maps: tuple[int, int] = (1, 1)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a plain PNG."""
        return round(self.width * self.dpi / _INCH), round(self.height * self.dpi / _INCH)

    @property
    def stroke(self) -> float:
        """Size of lines, hatches and symbols: those of the web map are made for labels of 12.5.

        Where labels are large because the picture is seen small, symbols are smaller than they.
        """
        crowded = self.unit == "px" and self.seen < _SMALL
        return self.type.label / (18 if crowded else 13.5)

    @property
    def shown(self) -> int:
        """How many dates it shows."""
        return self.maps[0] * self.maps[1]


def _even(margin: float) -> Margins:
    return Margins(margin, margin, margin, margin)


def _screen(  # noqa: PLR0913 -- a row of the table below
    name: str,
    title: str,
    size: tuple[int, int],
    seen: int,
    type_: Type,
    margins: Margins,
    *,
    panel: str = "foot",
    share: float = 0,
    scale: int = 1,
    most_bytes: int | None = None,
    maps: tuple[int, int] = (1, 1),
) -> Preset:
    width, height = (length / scale for length in size)
    dpi = _INCH * scale
    return Preset(
        name, title, width, height, "px", dpi, seen, type_, margins, panel, share, most_bytes, maps
    )


def _paper(
    name: str, title: str, size: tuple[float, float], type_: Type, share: float = 0
) -> Preset:
    width, height = (length * _MM for length in size)
    panel = "side" if share else "foot"
    # A column stands on a page that is white already; a page of its own needs a margin.
    margin = _even(1.2 * _MM if width < 500 else 8 * _MM)  # noqa: PLR2004 -- points; pages are wider
    return Preset(name, title, width, height, "mm", 300, width, type_, margin, panel, share)


_ARTICLE = Type(34, 20.5, 20, 13)
_SOCIAL = Type(52, 31.5, 29, 20)

PRESETS = {
    preset.name: preset
    for preset in (
        # Link cards are cropped at the edges: text keeps to the central nine tenths.
        _screen(
            "card",
            message("Link card"),
            (1200, 630),
            600,
            Type(33, 24.5, 24, 15),
            Margins(60, 32, 60, 32),
            panel="side",
            share=0.55,
            most_bytes=MB,
        ),
        _screen(
            "article",
            message("Web article"),
            (1200, 800),
            720,
            _ARTICLE,
            _even(28),
            panel="side",
            share=0.4,
        ),
        _screen(
            "article-2x",
            message("Web article, double"),
            (2400, 1600),
            720,
            _ARTICLE,
            _even(28),
            panel="side",
            share=0.4,
            scale=2,
        ),
        # Television keeps text in the central nine tenths.
        _screen(
            "wide",
            message("Screen 16:9"),
            (1920, 1080),
            1280,
            Type(56, 29, 27, 17.5),
            Margins(96, 54, 96, 54),
            panel="side",
            share=0.46,
        ),
        _screen(
            "square",
            message("Square"),
            (1080, 1080),
            412,
            _SOCIAL,
            _even(40),
            panel="beside",
            share=0.39,
        ),
        _screen(
            "portrait",
            message("Portrait 4:5"),
            (1080, 1350),
            412,
            _SOCIAL,
            _even(44),
            panel="beside",
            share=0.38,
        ),
        # The names of the account and the buttons lie on the ends of a story.
        _screen(
            "story",
            message("Story 9:16"),
            (1080, 1920),
            412,
            Type(60, 34, 31, 21),
            Margins(56, 230, 56, 300),
            panel="beside",
            share=0.4,
        ),
        _screen(
            "four",
            message("Four dates"),
            (1600, 1800),
            720,
            Type(54, 27.5, 27, 17),
            _even(44),
            maps=(2, 2),
        ),
        _paper("column-1", message("Newspaper, one column"), (54, 128), Type(10, 7.2, 7, 5)),
        _paper(
            "column-2", message("Newspaper, two columns"), (112, 138), Type(12.5, 7.6, 7.4, 5.2)
        ),
        _paper(
            "column-3",
            message("Newspaper, three columns"),
            (170, 116),
            Type(15, 7.8, 7.6, 5.3),
            share=0.4,
        ),
        _paper("a4", message("A4, landscape"), (297, 210), Type(22, 11.5, 10.5, 7.2), share=0.36),
        _paper("a4-portrait", message("A4, portrait"), (210, 297), Type(25, 11.5, 10.5, 7.2)),
    )
}


def named(name: str, language: Language = ENGLISH) -> Preset:
    """The preset called `name`.

    Raises
    ------
    SnapshotError
        There is none.
    """
    if name not in PRESETS:
        raise SnapshotError(
            language.say(
                "No preset is called {name}. Choose one of: {known}.",
                name=repr(name[:40]),
                known=", ".join(PRESETS),
            )
        )
    return PRESETS[name]
