"""The usual way to scrub a folder of daily files: `st.slider`, a new Folium map, `st_folium`."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import folium
import streamlit as st

from benchmarks import usual

days = sorted(Path(os.environ["MCM_BENCHMARK_FILES"]).iterdir())
step = st.slider("Day", 0, len(days) - 1, 0)
usual.show(folium.GeoJson(json.loads(days[step].read_text())), step)
