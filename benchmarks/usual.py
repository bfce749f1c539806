"""What the usual ways have in common: a plain Folium map that says which step it was built for."""

from __future__ import annotations

import folium
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


def show(ground: folium.GeoJson, step: int) -> None:
    """A new map with the ground of a step."""
    shown = folium.Map(location=webmap.CENTRE, zoom_start=5, tiles=None)
    files = assets.addresses("none")
    shown.default_js = [("leaflet", files.leaflet_js)]  # from the package, as ours: no network
    shown.default_css = [("leaflet", files.leaflet_css)]
    shown._name = "Map"  # noqa: SLF001 -- as streamlit-folium expects
    ground.add_to(shown)
    Shown(step).add_to(shown)
    st_folium(shown, key="map", height=570, use_container_width=True, returned_objects=[])
