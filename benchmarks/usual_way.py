"""The usual way to put a date slider on a map: `st.slider`, a new Folium map, `st_folium`."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import folium
import streamlit as st

from benchmarks import usual
from geo import layers, slices, timeline
from geo.composite import build


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
faces = folium.GeoJson(
    ground,
    style_function=lambda feature: {
        "fillColor": feature["properties"]["colour"],
        "weight": 1,
        "fillOpacity": 0.6,
    },
)
usual.show(faces, step)
