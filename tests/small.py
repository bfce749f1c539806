"""The small world: the folder `small_world/`, read by the rooms themselves, copied and changed."""

import functools
import shutil
import tempfile
from pathlib import Path

import geopandas as gpd

from geo import boundaries, ground, layers, places, tables

WORLD = Path(__file__).parent / "small_world"


def copied(folder, *changes):
    """A copy of the small world; each change is (file, text in it, text instead)."""
    shutil.copytree(WORLD, folder)
    for name, old, new in changes:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@functools.cache
def _built_files():
    with tempfile.TemporaryDirectory() as folder:
        path = copied(Path(folder) / "layers")
        layers.write(path)
        return {file.name: file.read_bytes() for file in path.iterdir()}


def built(folder):
    """A copy of the small world as it is, with its layers, which are built only once."""
    folder.mkdir()
    for name, content in _built_files().items():
        (folder / name).write_bytes(content)
    return folder


def table(name, columns):
    return tables.read((WORLD / name).read_text(encoding="utf-8"), columns, file=name)


def shapes():
    return gpd.read_file(WORLD / "communes.geojson")


def membership():
    return boundaries.parse_units(table("units.csv", boundaries.UNIT_COLUMNS))


def names():
    return boundaries.parse_names(table("unit_names.csv", boundaries.NAME_COLUMNS))


def communes():
    return boundaries.communes(shapes(), membership())


def units():
    return boundaries.units(communes())


def towns():
    return places.parse(table("places.csv", places.COLUMNS))


def world():
    """Everything an `area_ref` can name in the small world."""
    return ground.Gazetteer(
        places=towns(),
        communes=communes(),
        cercles=boundaries.cercles(units(), names()),
        regions={
            edition.name: boundaries.regions(units(), names(), edition)
            for edition in boundaries.EDITIONS
        },
        outline=boundaries.outline(units()),
        roads=ground.parse_roads(table("roads.csv", ground.ROAD_COLUMNS), towns()),
    )
