"""What a press article of November 2025 said, each statement beside what the map holds for it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from geo import details, tables, words
from geo.errors import GeoError
from geo.layers import Layers
from geo.pages import assets, loading

_TEXT = {
    "title": "What the press said, November 2025",
    "lead": "In November 2025 an article said that JNIM was besieging Bamako and about to seize "
    "Mali. Its statements, one by one: what we found, and what contradicts it. None of them is "
    "drawn as control of ground.",
    "disagreements": "Two accounts",
    "events": "What happened",
    "sources": "Sources",
    "link": "open",
}

_list = st.components.v2.component(
    "statement_list",
    html='<div class="statements"></div>',
    css=assets.text("panel.css") + assets.text("statements.css"),
    js=assets.text("source.js") + assets.text("statements.js"),
)


def show() -> None:
    """Draw the page."""
    try:
        layers, _ = loading.shipped()
    except GeoError as error:
        st.error("The statements cannot be shown.")
        st.text(str(error))  # plain text: the message may quote a file
        return
    st.html(assets.style("page.css"))
    _list(
        key="statements",
        data={
            "text": _TEXT,
            "statements": [_statement(layers, row) for row in tables.rows(layers.statements)],
        },
    )


def _statement(layers: Layers, row: dict[str, Any]) -> dict[str, Any]:
    said = layers.bibliography.loc[row["source"], "publisher"]
    events = layers.events.loc[list(row["events"])]
    disputed = layers.disagreements.loc[list(row["disagreements"])]
    return {
        "id": row["statement"],
        "said": row["text_en"],
        "saidBy": said,
        "verdict": words.FINDING[row["finding"]],
        "finding": row["finding_en"],
        "sources": [details.source(layers, source) for source in row["sources"]],
        "disagreements": [details.disagreement(layers, item) for item in tables.rows(disputed)],
        "events": [details.event(layers, item) for item in tables.rows(events)],
    }
