"""Entry point: names the pages and nothing else."""

import streamlit as st

from geo.pages import (
    alone,
    assets,
    compare,
    figures,
    lifelines,
    method,
    people,
    snapshot,
    spoken,
    statements,
    table,
    uploads,
)
from geo.pages import map as map_page

people.write_log()
language = spoken.language()
st.set_page_config(
    page_title=language.say("Mali Control Map"), layout="wide", initial_sidebar_state="collapsed"
)
st.logo(assets.text(f"wordmark.{language.code}.svg"), size="large")
layers = st.Page(uploads.show, title=language.say("Your layers"), url_path="layers")
page = st.navigation(
    [
        st.Page(map_page.show, title=language.say("Map"), default=True),
        # The opening page lies at the root: whoever types the name of the page is not turned away.
        st.Page(map_page.show, title=language.say("Map"), url_path="map", visibility="hidden"),
        st.Page(compare.show, title=language.say("Compare"), url_path="compare"),
        st.Page(figures.show, title=language.say("Figures"), url_path="figures"),
        st.Page(lifelines.show, title=language.say("Roads to Bamako"), url_path="roads"),
        st.Page(statements.show, title=language.say("What the press said"), url_path="statements"),
        st.Page(table.show, title=language.say("Tables"), url_path="table"),
        st.Page(snapshot.show, title=language.say("Take away"), url_path="snapshot"),
        layers,
        alone.page(language),
        st.Page(method.show, title=language.say("How it is made"), url_path="method"),
    ],
    position="top",
)
if people.came_back():
    st.switch_page(layers)
spoken.switch(language, page.url_path, stay=uploads.busy())
page.run()
