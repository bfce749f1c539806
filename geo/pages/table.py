"""Everything the map says of one day, as tables to read aloud, sort, filter and take along."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from geo import roster, sheets, words
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, loading, spoken
from geo.sheets import SHEETS
from geo.view import View

FIRST = next(iter(SHEETS))  # what an address that names no table shows

TITLE = message("The map as tables")
LEAD = message(
    "Everything the map says of one day, for screen readers, for sorting and for spreadsheets."
)
DAY, SHEET = message("Day"), message("Table")
TEXT = {
    "map": message("The same on the map"),
    "filter": message("Show only rows with"),
    "found": message("{shown} of {all} rows"),
    "more": message("Show all {all} rows"),
    "none": message("Nothing is known here for this day."),
    "sort": message("Sort by {column}"),
}

_part = st.components.v2.component(
    "tables",
    html='<div class="tables"></div>',
    css=assets.text("theme.css") + assets.text("tables.css"),
    js=assets.text("source.js") + assets.text("tables.js"),
)


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    with loading.reading(language, message("The tables cannot be shown.")):
        layers, fault = loading.shipped()
    st.html(assets.style("page.css"))
    if "tabled" not in st.session_state:
        st.session_state.tabled = _parsed(layers, language)
    (seen, name), problems = st.session_state.tabled
    _answer(
        layers, replace(seen, language=language), name, (*problems, *([fault] if fault else []))
    )


def _parsed(layers: Layers, language: Language) -> tuple[tuple[View, str], tuple[str, ...]]:
    """The view of the address, and which table; the map and the selection of it are kept."""
    query = loading.carried(st.query_params.to_dict())
    seen, problems = loading.opened(layers, query, language)
    name = query.get("table", FIRST)
    return (seen, name if name in SHEETS else FIRST), problems


@st.fragment
def _answer(layers: Layers, opened: View, name: str, problems: tuple[str, ...]) -> None:
    """The choice and the table; reruns alone when another day or table is chosen."""
    language = opened.language
    _part(
        key="tables heading",
        data={
            "part": "heading",
            "title": language.say(TITLE),
            "lead": language.say(LEAD),
            "heard": language.say(
                "Heard: {heard}. What counts is chosen on the map.",
                heard=words.heard(language, opened, roster.said(layers, opened)),
            ),
            "notices": list(problems),
        },
    )
    seen, name = _asked(layers, opened, name)
    st.session_state.tabled = ((seen, name), ())
    made = _made(layers.fingerprint, seen, name, layers)
    _part(
        key="tables table",
        data={
            "part": "table",
            "name": name,
            "query": seen.query() | {"table": name},
            "view": seen.query(),
            "language": language.tag,
            "text": language.all(TEXT),
            **made.data(),
        },
    )
    st.download_button(
        language.say("Download this table as CSV"),
        made.csv(),
        file_name=f"mali-{seen.day}-{name}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _asked(layers: Layers, opened: View, name: str) -> tuple[View, str]:
    language, data = opened.language, layers.dataset
    left, right = st.columns([1, 4], gap="medium", vertical_alignment="bottom")
    day: date = left.date_input(
        language.say(DAY),
        opened.day,
        min_value=data.first_day,
        max_value=data.supported_until,
        format="YYYY-MM-DD",
        key="tables day",
    )
    chosen: Any = right.segmented_control(
        language.say(SHEET),
        list(SHEETS),
        default=name,
        format_func=lambda key: language.say(SHEETS[key][0]),
        key="tables name",
    )
    return replace(opened, day=day), chosen or name


@st.cache_data(max_entries=64, show_spinner=False)
def _made(fingerprint: str, seen: View, name: str, _layers: Layers) -> sheets.Sheet:  # noqa: ARG001 -- the content is the key of the cache
    timeline = loading.resolved(_layers, roster.filters(_layers, seen))
    return sheets.on(_layers, timeline, name, seen.day, seen.language)
