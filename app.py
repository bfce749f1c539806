"""Entry point: names the pages and nothing else."""

import streamlit as st

from geo.pages import assets, lifelines, statements
from geo.pages import map as map_page

st.set_page_config(page_title="Mali Control Map", layout="wide", initial_sidebar_state="collapsed")
st.logo(assets.text("wordmark.svg"), size="large")
st.navigation(
    [
        st.Page(map_page.show, title="Map", url_path="map", default=True),
        st.Page(lifelines.show, title="Roads to Bamako", url_path="roads"),
        st.Page(statements.show, title="What the press said", url_path="statements"),
    ],
    position="top",
).run()
