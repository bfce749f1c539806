"""Pictures of the shipped data and of the small world, each read once."""

import functools
import tempfile
from datetime import date
from pathlib import Path

import small

from geo import composite, layers, timeline
from geo.languages import ENGLISH
from geo.snapshots import drawing, extents, presets
from geo.snapshots.request import Snapshot
from geo.view import View

DAY = date(2025, 11, 7)
SMALL_DAY = date(2024, 2, 10)
FOUR = (date(2012, 6, 15), date(2014, 6, 15), date(2020, 1, 1), DAY)
ADDRESS = "https://maps.example.org"


@functools.cache
def shipped():
    return _resolved(layers.load())


@functools.cache
def small_world():
    with tempfile.TemporaryDirectory() as folder:
        path = small.built(Path(folder) / "layers")
        return _resolved(layers.load(path))


def _resolved(known):
    faces = composite.build(known.claims, known.units)
    return known, timeline.resolve(faces, supported_until=known.dataset.supported_until)


def asked(preset="article", day=DAY, language=ENGLISH, extent=None, days=(), **more):
    chosen = presets.named(preset)
    ground = extents.parse(extent, shipped()[0], day) if isinstance(extent, str) else extent
    if chosen.shown > 1 and not days:
        days = FOUR
    view = View(days[-1] if days else day, language=language)
    return Snapshot(view, chosen, ground, tuple(days), address=ADDRESS, **more)


def picture(*args, **more):
    return drawing.draw(asked(*args, **more), *shipped())


def small_picture(preset="article", language=ENGLISH, **more):
    known, resolved = small_world()
    chosen = presets.named(preset)
    days = [date(2012, 6, 1), date(2014, 6, 1), date(2020, 1, 1), SMALL_DAY]
    days = days if chosen.shown > 1 else ()
    snapshot = Snapshot(
        View(SMALL_DAY, language=language), chosen, None, tuple(days), address=ADDRESS, **more
    )
    return drawing.draw(snapshot, known, resolved)
