"""The roads into a town, Bamako first: which are blocked, risky or open on a day, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo import lifelines, places, view
from geo.errors import GeoError, UnknownPlaceError
from geo.layers import Layers
from geo.pages import assets, loading

TOWN = "bamako"  # whose roads are shown first
PERIOD = (date(2025, 9, 1), date(2026, 7, 14))  # the weeks of the fuel blockade, to the last known

# The days worth a look, with what is known of each; only for Bamako.
STORY = (
    (date(2025, 9, 3), "JNIM bans fuel imports"),
    (date(2025, 11, 7), "Schools shut for want of fuel"),
    (date(2025, 11, 25), "Escorted convoys get through"),
    (date(2026, 4, 28), "A full siege is declared"),
    (date(2026, 5, 15), "Three of six main roads cut, unnamed"),
)
TEXT = {
    "title": "Roads to {town}",
    "lead": "Goods reach {town} by a few roads. Each is shown as a line of towns, not to scale, "
    "cut into stretches, and each stretch has the state that dated sources support on the day. "
    "Nobody reports from most stretches on most days: then the state is unknown, not open.",
    "town": "Town",
    "day": "Day",
    "headline": "{day}: of the {n} roads shown, {states}.",
    "none": "none",
    "map": "The map of this day",
    "weeks": "The state of each road, week by week",
    "weeksHint": "Each band is a road, from the stretch at {town} on top to its end at the bottom. "
    "A frame marks the weeks in which a stretch of it was blocked.",
    "sameHint": "The same in words stands at the end of the page.",
    "same": "The weeks in words",
    "span": "{state} from {from} to {to}",
    "status": {"siege": "siege", "blockade": "blockade"},
    "attack": "attack on the road, or on a town on it",
    "saying": "reported of the town itself",
    "said": "{town} itself, and no road in particular",
    "saidHint": "What is said of the town as a whole on this day, or was in the 90 days before. It "
    "makes the stretches that leave the town risky, and cuts none of them: no road is named.",
    "saidNothing": "Nothing is said of a siege or blockade of the town on this day.",
    "why": "Why, according to whom",
    "others": "Outweighed, or too old to count",
    "old": "Too old to count",
    "disputed": "What is disputed",
    "sources": "Sources",
    "link": "open",
    "words": "What the words mean",
    "meaning": {
        "Blocked": "a source speaks of a siege or blockade of this very stretch. It does not mean "
        "that nothing at all gets through: convoys under escort did.",
        "Risky": "a town on it, or a stretch that meets it, is under siege or blockade; or in the "
        "90 days before it or a town on it was attacked or contested; or a town on it is held by "
        "an actor that besieges others.",
        "Open": "in the 90 days before, traffic was reported to pass, or towns no more than 25 km "
        "apart were confirmed to have one and the same holder; and nothing makes it risky.",
        "Unknown": "none of this is reported. It is the state of most stretches on most days.",
        "The road as a whole": "is blocked if one stretch is, else risky if one is; it is open "
        "only if every stretch is. Whole cercles said to be contested say nothing about one road "
        "and do not count.",
        "Towns": "are filled in the colour of who a claim says holds them, hollow if none does; a "
        "dashed ring is a blockade, a closed one a siege.",
    },
}

_roads = st.components.v2.component(
    "lifelines",
    html='<div class="lifelines"></div>',
    css=assets.text("lifelines.css"),
    js=assets.text("source.js") + assets.text("lifelines.js"),
)


def show() -> None:
    """Draw the page."""
    try:
        layers, fault = loading.shipped()
    except GeoError as error:
        st.error("The roads cannot be shown.")
        st.text(str(error))  # plain text: the message may quote a file
        return
    st.html(assets.style("page.css"))
    asked: dict[str, str] = st.session_state.get("lifelines", {}).get("view") or (
        st.query_params.to_dict()
    )
    place, problem = _place(layers, asked.get("place", TOWN))
    data = layers.dataset
    seen, problems = view.parse(
        {"date": asked.get("date", "")}, first=data.first_day, last=data.supported_until
    )
    _roads(
        key="lifelines",
        data={
            "text": TEXT,
            "language": "en-GB",
            "date": seen.day.isoformat(),
            "places": [[key, layers.places.loc[key, "name_fr"]] for key in _towns(layers)],
            "story": [
                {"iso": day.isoformat(), "label": label} for day, label in STORY if place == TOWN
            ],
            "period": [day.isoformat() for day in PERIOD],
            "notices": [notice for notice in (fault, problem, *problems) if notice],
            "told": _told(layers.fingerprint, place, layers),
        },
        on_view_change=lambda: None,
    )


def _place(layers: Layers, asked: str) -> tuple[str, str | None]:
    """The town an address asks for, and a sentence if it cannot be shown."""
    try:
        place = places.find(layers.places, asked)
        lifelines.into(layers, place)
    except UnknownPlaceError as error:
        return TOWN, f"{error} The roads to Bamako are shown instead."
    return place, None


def _towns(layers: Layers) -> list[str]:
    """Bamako, then every other town on a road by its name."""
    names = layers.places["name_fr"].map(places.fold)
    return sorted(lifelines.towns(layers), key=lambda key: (key != TOWN, names[key]))


@st.cache_resource(max_entries=2, show_spinner="Weighing what is said of the roads")
def _evidence(fingerprint: str, _layers: Layers) -> pd.DataFrame:  # noqa: ARG001 -- the content is the key
    return lifelines.evidence(_layers, loading.resolved(_layers))


@st.cache_data(max_entries=64, show_spinner=False)
def _told(fingerprint: str, place: str, _layers: Layers) -> dict[str, Any]:
    evidence = _evidence(fingerprint, _layers)
    return lifelines.told(_layers, loading.resolved(_layers), evidence, place)
