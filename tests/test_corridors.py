"""Which stretches of road make a way into a town, and what happened on which of them."""

import re

import pytest
import small

from geo import layers
from geo.errors import LayerError
from geo.layers import corridors

DOCS = small.WORLD.parents[1] / "docs"
LIFELINE = "gao-kidal,gao,Kidal,Kidal,gao-kidal/1 gao-kidal/2"
EVENT = "e001,gao-kidal/2,,On the road.,Sur la route."


@pytest.fixture
def told(tmp_path):
    """The small world, read; with changes as `small.copied` takes them."""

    def read(*changes):
        path = small.copied(tmp_path / "layers", *changes)
        layers.write(path)
        return layers.load(path)

    return read


def test_a_stretch_knows_the_places_it_passes():
    roads = layers.load().roads
    stops = corridors.stretches(roads)
    assert stops["bamako-kayes/2"] == ("kati", "nossombougou", "kolokani")
    assert len(stops) == len(roads)


def test_a_way_out_of_a_town_turns_each_stretch_outward():
    stops = corridors.stretches(layers.load().roads)
    assert corridors.outward(stops, ["bamako-kayes/2", "bamako-kayes/1"], "kolokani") == [
        ("kolokani", "nossombougou", "kati"),
        ("kati", "bamako"),
    ]
    assert corridors.outward(stops, ["bamako-kayes/2"], "bamako") is None
    assert corridors.outward(stops, ["bamako-kayes/1", "bamako-kayes/3"], "bamako") is None


def test_a_lifeline_is_a_list_of_stretches(told):
    known = told()
    assert known.lifelines.loc["gao-kidal", "stretches"] == ("gao-kidal/1", "gao-kidal/2")
    assert known.event_roads.loc["e001", "stretches"] == ("gao-kidal/2",)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("lifelines.csv", "gao-kidal/1 gao", "gao-kidal/9 gao", r"'gao-kidal/9', which roads\.csv"),
        ("lifelines.csv", "gao-kidal/1 ", "", r"line 2: gao-kidal/2 is not one way from gao\. Wri"),
        ("lifelines.csv", ",gao,", ",nowhere,", r"is not one way from nowhere"),
        ("lifelines.csv", LIFELINE, f"{LIFELINE}\n{LIFELINE}", r"line 3: lifeline .* key is taken"),
        ("event_roads.csv", "e001", "e009", r"event names 'e009', which events\.csv does not"),
        ("event_roads.csv", "/2", "/3", r"'gao-kidal/3', which roads\.csv"),
        ("event_roads.csv", "/2,,", "/2,nowhere,", r"place names 'nowhere', which places\.csv"),
        ("event_roads.csv", EVENT, f"{EVENT}\n{EVENT}", r"line 3: event .* stands twice"),
    ],
)
def test_a_table_at_odds_with_the_roads_is_refused(told, file, old, new, message):
    with pytest.raises(LayerError, match=message):
        told((file, old, new))


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("lifelines.csv", corridors.LIFELINE_COLUMNS),
        ("event_roads.csv", corridors.EVENT_ROAD_COLUMNS),
    ],
)
def test_the_documentation_names_every_column(heading, columns):
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"## `{heading}`\n(.*?)(?=\n## |\Z)", text, flags=re.DOTALL)
    assert {column.name for column in columns} <= set(re.findall(r"`([a-z_0-9]+)`", section))
