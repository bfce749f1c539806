"""The usual way to put a date slider on a map: `st.slider`, a new Folium map, `st_folium`."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import folium
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from geo import layers, slices, timeline, webmap
from geo.composite import build
from geo.pages import assets


class Shown(MacroElement):
    """Says in the frame which step the map was built for."""

    _template = Template(
        "{% macro script(this, kwargs) %}window.shownDay = {{ this.day }};{% endmacro %}"
    )

    def __init__(self, day: int) -> None:
        super().__init__()
        self.day = day


@st.cache_resource
def resolved() -> tuple[layers.Layers, timeline.Timeline]:
    """The same composite and timeline as ours, made once."""
    shipped = layers.load()
    return shipped, timeline.resolve(build(shipped.claims, shipped.units))


shipped, said = resolved()
step = st.slider("Change", 0, 200, 0)
day = shipped.dataset.first_day + timedelta(days=4200 + step)
ground = slices.at(said, day)
ground = ground.assign(
    colour=[
        shipped.actors["colour"][actors[0]] if actors else "#cccccc" for actors in ground["actors"]
    ]
)[["geometry", "colour"]]
shown = folium.Map(location=webmap.CENTRE, zoom_start=5, tiles=None)
files = assets.addresses("none")
shown.default_js = [("leaflet", files.leaflet_js)]  # from the package, as ours: no network counts
shown.default_css = [("leaflet", files.leaflet_css)]
shown._name = "Map"  # noqa: SLF001 -- as streamlit-folium expects
folium.GeoJson(
    ground,
    style_function=lambda feature: {
        "fillColor": feature["properties"]["colour"],
        "weight": 1,
        "fillOpacity": 0.6,
    },
).add_to(shown)
Shown(step).add_to(shown)
st_folium(shown, key="map", height=570, use_container_width=True, returned_objects=[])
