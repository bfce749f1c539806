import itertools
import warnings
from datetime import date

import drawn
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

from geo.languages import ENGLISH, FRENCH
from geo.snapshots import extents, files, frame, ink, presets, typeset
from geo.snapshots.presets import PRESETS

SLACK = 0.6  # points: letters have no ink at the very edge of the box they are measured by
HOSTILE = (
    '<script>${alert(1)}</script> $x_1$ {a} & "q" \u0645\u0631\u062d\u0628\u0627 '
    "\U0001f600 \U0001fae8 \x07\u202eevil " + "W" * 90 + " very long" * 20
)
CASES = [
    *((preset, language, None) for preset in PRESETS for language in (ENGLISH, FRENCH)),
    ("card", FRENCH, "region:kidal"),
    ("article", FRENCH, "place:bamako@90"),
    ("square", ENGLISH, "region:mopti"),
    ("column-1", FRENCH, "-6,12,-3,15"),
]


def texts(drawing):
    """Every text as it is set: what it says, and the box its letters take, in points."""
    with typeset.settings():
        figure = drawing.figure
        figure.set_dpi(72)
        renderer = FigureCanvasAgg(figure).get_renderer()
        for text in (artist for artist in figure.artists if isinstance(artist, Text)):
            box = text.get_window_extent(renderer)
            size, (_, y) = text.get_fontsize(), text.get_position()
            yield text.get_text(), (box.x0, y - 0.2 * size, box.x1, y + 0.68 * size)


def touch(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > SLACK and min(a[3], b[3]) - max(a[1], b[1]) > SLACK


@pytest.mark.parametrize(("preset", "language", "extent"), CASES)
def test_texts_never_overlap_leave_the_page_or_shrink_much(preset, language, extent):
    drawing = drawn.picture(preset, language=language, extent=extent)
    chosen = PRESETS[preset]
    said = list(texts(drawing))
    for (one, box), (other, its) in itertools.combinations(said, 2):
        assert not touch(box, its), f"{one!r} lies on {other!r}"
    for text, (left, bottom, right, top) in said:
        assert left > -SLACK, text
        assert right < chosen.width + SLACK, text
        assert bottom > -SLACK, text
        assert top < chosen.height + SLACK, text
    around = [line.room for line in (*drawing.plan.lines, *drawing.plan.dates)]
    for room in around:
        assert room.left >= chosen.margins.left - SLACK
        assert room.right <= chosen.width - chosen.margins.right + SLACK
        assert chosen.margins.bottom - 1 <= room.bottom
        assert room.top <= chosen.height - chosen.margins.top + SLACK
    assert drawing.plan.type.text >= 0.9 * chosen.type.text
    assert drawing.plan.type.fine >= 0.9 * chosen.type.fine


@pytest.mark.parametrize("preset", ["card", "article", "square", "column-1", "four"])
def test_hostile_titles_are_set_as_text_and_break_nothing(preset):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = drawn.picture(preset, language=FRENCH, headline=HOSTILE)
    said = list(texts(drawing))
    together = "".join(text for text, _ in said)
    assert "<script>" in together
    assert "$x_1$" in together
    assert "\u202e" not in together
    assert "\x07" not in together
    for (one, box), (other, its) in itertools.combinations(said, 2):
        assert not touch(box, its), f"{one!r} lies on {other!r}"


def test_everything_a_picture_must_say_is_on_it():
    drawing = drawn.picture("article")
    said = " ".join(text for text, _ in texts(drawing))
    words = drawing.words
    for part in (words.headline, *words.dates, words.known, words.sources, words.disclaimer):
        assert part in said
    assert words.caveat in said
    assert words.credit in said
    assert drawing.code in said
    assert "maps.example.org/?date=2025-11-07&lang=en" in said
    assert " km" in said
    for town in ("Bamako", "Gao", "Kidal", "Mopti", "Kayes"):
        assert town in said
    for country in ("Mauritania", "Algeria", "Niger", "Burkina Faso"):
        assert country in said


@pytest.mark.parametrize("preset", ["card", "square", "wide", "a4"])
def test_places_named_in_the_story_are_labelled(preset):
    drawing = drawn.picture(preset, extent="region:menaka")
    assert "Ménaka" in {label.text for label in drawing.names[0]}


@pytest.mark.parametrize("preset", ["card", "article", "square", "a4"])
def test_capitals_and_besieged_towns_are_named_on_every_map_of_the_country(preset):
    drawing = drawn.picture(preset, language=FRENCH)
    named = {label.town for label in drawing.names[0]}
    capitals = {"bamako", "kayes", "segou", "sikasso", "mopti", "tombouctou", "gao", "kidal"}
    assert capitals <= named
    pressed = {town.key for town in drawing.scenes[0].towns if town.rings}
    assert len(pressed - named) <= 3  # two that lie within each other's ring have room for one name


def test_the_legend_is_what_is_drawn_and_no_information_always():
    drawing = drawn.picture("article", extent="region:kayes")
    looks = [look for look, shape in drawing.scenes[0].grounds
             if shape.intersects(drawing.frames[0].ground)]  # fmt: skip
    named = {key.actor for key in drawing.legend.actors}
    assert named >= {actor for look in looks for actor in look.actors}
    kinds = {key.kind for key in drawing.legend.states}
    assert {look.kind for look in looks} - kinds <= {"contested"}
    assert "none" in kinds
    empty = drawn.picture("article", date(2012, 2, 1), extent="-12,12,-10,14")
    assert "none" in {key.kind for key in empty.legend.states}


def test_the_legend_names_no_one_who_is_not_on_the_map():
    drawing = drawn.picture("article", date(2012, 6, 15))
    assert {key.actor for key in drawing.legend.actors} == {
        "MNLA", "MUJAO", "ANSARDINE", "AQIM", "FAMA",
    }  # fmt: skip


def test_the_scale_bar_is_true():
    drawing = drawn.picture("article")
    shown = drawing.frames[0]
    box = shown.box
    y = box.bottom + box.height / 2
    km = frame.round_length(shown, 150)
    west = shown.degrees(box.left + 100, y)
    east = shown.degrees(box.left + 100 + shown.km(km), y)
    metres = frame.pyproj.Geod(ellps="WGS84").inv(*west, *east)[2]
    assert metres / 1000 == pytest.approx(km, rel=0.011)


def test_a_picture_shows_the_whole_of_its_ground():
    known, _ = drawn.shipped()
    for preset in ("card", "story", "column-1"):
        drawing = drawn.picture(preset)
        west, south, east, north = drawing.frames[0].ground.bounds
        outline = frame.project(np.array([known.outline], dtype=object))[0].bounds
        assert west < outline[0] < outline[2] < east
        assert south < outline[1] < outline[3] < north


def test_a_camera_of_the_web_map_is_an_extent():
    view = drawn.asked().view
    camera = drawn.View(view.day, extents.Camera(7, 16.3, 0.0))
    known, resolved = drawn.shipped()
    drawing = drawn.drawing.draw(drawn.Snapshot(camera, presets.named("article")), known, resolved)
    lon, lat = drawing.frames[0].degrees(
        drawing.frames[0].box.left + drawing.frames[0].box.width / 2,
        drawing.frames[0].box.bottom + drawing.frames[0].box.height / 2,
    )
    assert (lon, lat) == pytest.approx((0.0, 16.3), abs=0.1)


def test_states_are_told_apart_when_printed_grey():
    """Hatches and dots, not colours alone: their grey varies where a plain fill has none."""
    drawing = drawn.picture("a4")
    grey = np.asarray(Image.fromarray(files.pixels(drawing)).convert("L"), dtype=float)
    page = drawing.plan.maps[0]
    scale = grey.shape[1] / PRESETS["a4"].width

    def spread(lon, lat):
        x, y = frame.project(np.array([frame.shapely.Point(lon, lat)], dtype=object))[0].coords[0]
        px, py = drawing.frames[0].page(np.array([[x, y]]))[0] * scale
        row, column = int(grey.shape[0] - py), int(px)
        return grey[row - 40 : row + 40, column - 40 : column + 40].std()

    assert page.width > 0
    assert spread(-5.5, 21.0) > 2  # no information: specks
    assert spread(-3.0, 18.2) > 15  # contested: hatched
    assert spread(-0.1, 17.5) < 2  # influence: plain


def test_the_same_request_is_the_same_picture():
    one, other = (files.pixels(drawn.small_picture("square")) for _ in range(2))
    assert (one == other).all()


def test_colours_are_those_of_the_tables():
    drawing = drawn.picture("article", date(2012, 6, 15))
    pixels = files.pixels(drawing)
    colours = {tuple(colour) for colour in pixels.reshape(-1, 3)}
    tint = ink.fill(ink.Look("influence", ("MNLA",)), {"MNLA": ink.Actor("#6dbb9c")}).ground
    assert tuple(int(tint[i : i + 2], 16) for i in (1, 3, 5)) in colours
