"""What a press article of November 2025 said, each statement beside what the map holds for it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from geo import details, tables, words
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, loading, spoken

_TEXT = {
    "title": message("What the press said, November 2025"),
    "lead": message(
        "In November 2025 an article said that JNIM was besieging Bamako and about to seize Mali. "
        "Its statements, one by one: what we found, and what contradicts it. None of them is drawn "
        "as control of ground."
    ),
    "disagreements": message("Two accounts"),
    "events": message("What happened"),
    "sources": message("Sources"),
    "link": message("open"),
}

_list = st.components.v2.component(
    "statement_list",
    html='<div class="statements"></div>',
    css=assets.text("theme.css") + assets.text("panel.css") + assets.text("statements.css"),
    js=assets.text("source.js") + assets.text("statements.js"),
)


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    with loading.reading(language, message("The statements cannot be shown.")):
        layers, _ = loading.shipped()
    st.html(assets.style("page.css"))
    _list(
        key="statements",
        data={
            "text": language.all(_TEXT),
            "statements": [
                _statement(layers, row, language) for row in tables.rows(layers.statements)
            ],
        },
    )


def _statement(layers: Layers, row: dict[str, Any], language: Language) -> dict[str, Any]:
    said = layers.bibliography.loc[row["source"], "publisher"]
    events = layers.events.loc[list(row["events"])]
    disputed = layers.disagreements.loc[list(row["disagreements"])]
    return {
        "id": row["statement"],
        "said": language.cell(row, "text"),
        "saidBy": said,
        "verdict": language.translate(words.FINDING[row["finding"]]),
        "finding": language.cell(row, "finding"),
        "sources": [details.source(layers, source, language) for source in row["sources"]],
        "disagreements": [
            details.disagreement(layers, item, language) for item in tables.rows(disputed)
        ],
        "events": [details.event(layers, item, language) for item in tables.rows(events)],
    }
