"""The roads into a town, Bamako first: which are blocked, risky or open on a day, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo import lifelines, places
from geo.errors import UnknownPlaceError
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, loading, spoken

TOWN = "bamako"  # whose roads are shown first
PERIOD = (date(2025, 9, 1), date(2026, 7, 14))  # the weeks of the fuel blockade, to the last known

# The days worth a look, with what is known of each; only for Bamako.
STORY = (
    (date(2025, 9, 3), message("JNIM bans fuel imports")),
    (date(2025, 11, 7), message("Schools shut for want of fuel")),
    (date(2025, 11, 25), message("Escorted convoys get through")),
    (date(2026, 4, 28), message("A full siege is declared")),
    (date(2026, 5, 15), message("Three of six main roads cut, unnamed")),
)
TEXT = {
    "title": message("Roads to {town}"),
    "lead": message(
        "Goods reach {town} by a few roads. Each is shown as a line of towns, not to scale, cut "
        "into stretches, and each stretch has the state that dated sources support on the day. "
        "Nobody reports from most stretches on most days: then the state is unknown, not open."
    ),
    "town": message("Town"),
    "day": message("Day"),
    "headline": message("{day}: of the {n} roads shown, {states}."),
    "headlineOne": message("{day}: the one road shown is {state}."),
    # By number of the state; French tells one from many.
    "countOne": {
        "0": message("1 unknown"),
        "1": message("1 open"),
        "2": message("1 risky"),
        "3": message("1 blocked"),
    },
    "countMany": {
        "0": message("{n} unknown"),
        "1": message("{n} open"),
        "2": message("{n} risky"),
        "3": message("{n} blocked"),
    },
    "none": message("none"),
    "map": message("The map of this day"),
    "weeks": message("The state of each road, week by week"),
    "weeksHint": message(
        "Each band is a road, from the stretch at {town} on top to its end at the bottom. A frame "
        "marks the weeks in which a stretch of it was blocked."
    ),
    "sameHint": message("The same in words stands at the end of the page."),
    "same": message("The weeks in words"),
    "span": message("{state} from {from} to {to}"),
    "status": {"siege": message("siege"), "blockade": message("blockade")},
    "attack": message("attack on the road, or on a town on it"),
    "saying": message("reported of the town itself"),
    "said": message("{town} itself, and no road in particular"),
    "saidHint": message(
        "What is said of the town as a whole on this day, or was in the 90 days before. It makes "
        "the stretches that leave the town risky, and cuts none of them: no road is named."
    ),
    "saidNothing": message("Nothing is said of a siege or blockade of the town on this day."),
    "why": message("Why, according to whom"),
    "others": message("Outweighed, or too old to count"),
    "old": message("Too old to count"),
    "disputed": message("What is disputed"),
    "sources": message("Sources"),
    "link": message("open"),
    "words": message("What the words mean"),
    "meaning": {
        "blocked": {
            "word": message("Blocked"),
            "means": message(
                "a source speaks of a siege or blockade of this very stretch. It does not mean "
                "that nothing at all gets through: convoys under escort did."
            ),
        },
        "risky": {
            "word": message("Risky"),
            "means": message(
                "a town on it, or a stretch that meets it, is under siege or blockade; or in the "
                "90 days before it or a town on it was attacked or contested; or a town on it is "
                "held by an actor that besieges others."
            ),
        },
        "open": {
            "word": message("Open"),
            "means": message(
                "in the 90 days before, traffic was reported to pass, or towns no more than 25 km "
                "apart were confirmed to have one and the same holder; and nothing makes it risky."
            ),
        },
        "unknown": {
            "word": message("Unknown"),
            "means": message(
                "none of this is reported. It is the state of most stretches on most days."
            ),
        },
        "whole": {
            "word": message("The road as a whole"),
            "means": message(
                "is blocked if one stretch is, else risky if one is; it is open only if every "
                "stretch is. Whole cercles said to be contested say nothing about one road and do "
                "not count."
            ),
        },
        "towns": {
            "word": message("Towns"),
            "means": message(
                "are filled in the colour of who a claim says holds them, hollow if none does; a "
                "dashed ring is a blockade, a closed one a siege."
            ),
        },
    },
}

_roads = st.components.v2.component(
    "lifelines",
    html='<div class="lifelines"></div>',
    css=assets.text("theme.css") + assets.text("lifelines.css"),
    js=assets.text("source.js") + assets.text("lifelines.js"),
)


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    with loading.reading(language, message("The roads cannot be shown.")):
        layers, fault = loading.shipped()
    st.html(assets.style("page.css"))
    asked: dict[str, str] = st.session_state.get("lifelines", {}).get("view") or (
        st.query_params.to_dict()
    )
    place, problem = _place(layers, asked.get("place", TOWN), language)
    dated = {"date": asked["date"]} if asked.get("date") else {}
    seen, problems = loading.opened(layers, dated, language)
    _roads(
        key="lifelines",
        data={
            "text": language.all(TEXT),
            "language": language.tag,
            "date": seen.day.isoformat(),
            "places": [[key, layers.places.loc[key, "name_fr"]] for key in _towns(layers)],
            "story": _story(language) if place == TOWN else [],
            "period": [day.isoformat() for day in PERIOD],
            "notices": [notice for notice in (fault, problem, *problems) if notice],
            "told": _told(layers.fingerprint, place, language, layers),
        },
        on_view_change=lambda: None,
    )


def _place(layers: Layers, asked: str, language: Language) -> tuple[str, str | None]:
    """The town an address asks for, and a sentence if it has no roads here."""
    try:
        place = places.find(layers.places, asked)
        lifelines.into(layers, place)
    except UnknownPlaceError:
        return TOWN, language.say(
            "The address asks for the roads to {text}, which is no town on a road here; those to "
            "Bamako are shown instead.",
            text=repr(asked[:40]),
        )
    return place, None


def _story(language: Language) -> list[dict[str, str]]:
    return [{"iso": day.isoformat(), "label": language.translate(label)} for day, label in STORY]


def _towns(layers: Layers) -> list[str]:
    """Bamako, then every other town on a road by its name."""
    names = layers.places["name_fr"].map(places.fold)
    return sorted(lifelines.towns(layers), key=lambda key: (key != TOWN, names[key]))


@st.cache_resource(max_entries=2, show_spinner=False)
def _evidence(fingerprint: str, _layers: Layers) -> pd.DataFrame:  # noqa: ARG001 -- the content is the key
    return lifelines.evidence(_layers, loading.resolved(_layers))


@st.cache_data(max_entries=64, show_spinner=False)
def _told(fingerprint: str, place: str, language: Language, _layers: Layers) -> dict[str, Any]:
    evidence = _evidence(fingerprint, _layers)
    timeline = loading.resolved(_layers)
    return lifelines.told(_layers, timeline, evidence, place, language=language)
