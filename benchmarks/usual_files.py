"""The usual way to scrub a folder of daily files: `st.slider`, a new Folium map, `st_folium`."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import folium
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from geo import webmap
from geo.pages import assets


class Shown(MacroElement):
    """Says in the frame which step the map was built for."""

    _template = Template(
        "{% macro script(this, kwargs) %}window.shownDay = {{ this.day }};{% endmacro %}"
    )

    def __init__(self, day: int) -> None:
        super().__init__()
        self.day = day


days = sorted(Path(os.environ["MCM_BENCHMARK_FILES"]).iterdir())
step = st.slider("Day", 0, len(days) - 1, 0)
shown = folium.Map(location=webmap.CENTRE, zoom_start=5, tiles=None)
files = assets.addresses("none")
shown.default_js = [("leaflet", files.leaflet_js)]  # from the package, as ours: no network counts
shown.default_css = [("leaflet", files.leaflet_css)]
shown._name = "Map"  # noqa: SLF001 -- as streamlit-folium expects
folium.GeoJson(json.loads(days[step].read_text())).add_to(shown)
Shown(step).add_to(shown)
st_folium(shown, key="map", height=570, use_container_width=True, returned_objects=[])
