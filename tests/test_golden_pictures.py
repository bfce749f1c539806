"""Every preset as it looked when somebody last looked at it.

The pictures are of the small world, so that new data change none of them, and 540 pixels wide. To
make them anew, and then look at them, run this file with MCM_NEW_GOLDENS=1 in the environment.
"""

import functools
import os
from pathlib import Path

import drawn
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from geo.languages import ENGLISH, FRENCH
from geo.snapshots import typeset
from geo.snapshots.presets import PRESETS

GOLDEN = Path(__file__).parent / "golden"
WIDTH = 540
# What another version of FreeType or of matplotlib may change and no reader sees: letters a shade
# lighter, edges a pixel aside. A label that moves, a colour or a line changes far more.
MEAN, LARGE, SHARE = 1.5, 60, 0.006
LANGUAGES = {"card": FRENCH, "square": FRENCH, "column-1": FRENCH, "a4": FRENCH}


@functools.cache
def picture(preset):
    drawing = drawn.small_picture(preset, LANGUAGES.get(preset, ENGLISH))
    with typeset.settings():
        drawing.figure.set_dpi(72 * WIDTH / PRESETS[preset].width)
        canvas = FigureCanvasAgg(drawing.figure)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[:, :, :3].copy()


def difference(one, other):
    """Mean difference of a channel, and the share of pixels that differ much."""
    apart = np.abs(one.astype(int) - other.astype(int))
    return apart.mean(), (apart.max(axis=2) > LARGE).mean()


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_looks_as_it_did(preset):
    mine, path = picture(preset), GOLDEN / f"{preset}.png"
    if os.environ.get("MCM_NEW_GOLDENS"):
        few = Image.fromarray(mine).quantize(128, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
    with Image.open(path) as image:
        golden = np.asarray(image.convert("RGB"))
    assert mine.shape == golden.shape
    mean, share = difference(mine, golden)
    assert mean <= MEAN
    assert share <= SHARE


def test_the_tolerance_sees_a_label_that_moved_and_a_colour_that_changed():
    mine = picture("article")
    moved = mine.copy()
    moved[60:90, 10:150] = mine[66:96, 10:150]
    blue = mine.copy()
    blue[(mine[:, :, 0] > 230) & (mine[:, :, 2] > 220) & (mine[:, :, 2] < 240)] = (200, 220, 255)
    for other in (moved, blue):
        mean, share = difference(mine, other)
        assert mean > MEAN or share > SHARE


def test_goldens_are_those_of_the_presets():
    assert {path.stem for path in GOLDEN.glob("*.png")} == set(PRESETS)
    assert sum(path.stat().st_size for path in GOLDEN.glob("*.png")) < 3_000_000
