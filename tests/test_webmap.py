"""The Folium map: our own files by their addresses, and not a word of the data."""

import json
import re

import folium
import pytest

from geo import webmap
from geo.webmap import Addresses

ADDRESSES = Addresses(
    leaflet_js="../theirs/leaflet.js",
    leaflet_css="../theirs/leaflet.css",
    styles="../ours/overlay.css",
    scripts=("../ours/map.js", "../ours/data-0123456789abcdef.js"),
)


@pytest.fixture
def rendered():
    return webmap.draw(ADDRESSES).get_root().render()


def test_the_map_names_no_other_host(rendered):
    asked = re.findall(r'(?:src|href)="([^"]+)"', rendered)
    own = {ADDRESSES.leaflet_js, ADDRESSES.leaflet_css, ADDRESSES.styles, *ADDRESSES.scripts}
    assert set(asked) == own
    assert re.findall(r"https?://\S+", rendered) == []


def test_the_scripts_come_in_their_order_and_before_they_are_used(rendered):
    places = [rendered.index(f'src="{script}"') for script in ADDRESSES.scripts]
    assert rendered.index(ADDRESSES.leaflet_js) < places[0]
    assert places == sorted(places)
    assert places[-1] < rendered.index("window.mcmMount(")


def test_what_crosses_into_streamlit_is_on_the_elements_themselves():
    # streamlit-folium takes the files of every element of the map, and drops the header.
    drawn = webmap.draw(ADDRESSES)
    elements = [drawn, *drawn._children.values()]
    lists = [getattr(element, "default_js", []) for element in elements]
    js = [address for files in lists for _, address in files]
    assert js == [ADDRESSES.leaflet_js, *ADDRESSES.scripts]


def test_the_map_of_others_is_left_as_it_was():
    before = list(folium.Map.default_js), list(folium.Map.default_css)
    webmap.draw(ADDRESSES)
    assert (folium.Map.default_js, folium.Map.default_css) == before
    assert any("http" in address for _, address in folium.Map().default_js)


def mounted(html):
    """The name of the map, and the options of the overlay mounted on it."""
    name, options = re.search(r"mcmMount\((\w+), window.mcmPayload, (\{.*?\})\)", html).groups()
    return name, json.loads(options)


def test_the_overlay_is_mounted_on_the_map_that_streamlit_folium_looks_for(rendered):
    name, options = mounted(rendered)
    assert re.fullmatch("map_[0-9a-f]{32}", name)
    assert f"var {name} = L.map(" in rendered
    assert options == {"day": None, "src": ADDRESSES.scripts[-1]}


def test_a_map_can_be_drawn_for_a_day_of_its_own():
    html = webmap.draw(ADDRESSES, day=4336).get_root().render()
    assert mounted(html)[1]["day"] == 4336


def test_there_are_no_tiles(rendered):
    assert "tileLayer" not in rendered
