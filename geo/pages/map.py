"""The map page: one date, the ground, who says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from geo import citation, details, tables, view, webmap, words
from geo.errors import GeoError
from geo.layers import Layers
from geo.pages import assets, loading
from geo.timeline import Timeline
from geo.view import View

HEIGHT = 570  # px

SCRUBBER_TEXT = {
    "scrubber": "Date",
    "date": "Date shown on the map",
    "typeDate": "Type a date",
    "previous": "Previous change (comma)",
    "next": "Next change (full stop)",
    "play": "Play (space)",
    "pause": "Pause (space)",
    "speed": "Speed",
    "speeds": {
        "30": "1 month a second",
        "120": "4 months a second",
        "365": "1 year a second",
        "1461": "4 years a second",
    },
}
PANEL_TEXT = {
    "legend": "In view",
    "kinds": {
        "control": "Control",
        "shared": "Held jointly",
        "contested": "Contested",
        "influence": "Influence, no holder known",
        "claimed": "Claimed, not corroborated",
        "siege": "Besieged by",
        "blockade": "Blockaded by",
        "presence": "Forces based here",
        "event": "",
        "stale": "",
        "none": "",
    },
    "search": "Find a place",
    "searchHint": "Kidal, Gao, Farabougou …",
    "details": "Who says so?",
    "prompt": "Click the map, or find a place, to see who held it, since when, according to whom, "
    "and what contradicts it.",
    "claims": "Who says so",
    "noClaims": "No claim about this ground on this day.",
    "overlays": "Also here",
    "aside": "Set aside, and why",
    "disagreements": "What is disputed",
    "filters": "What counts",
    "all": "everything reported, all sources",
    "known": "As known on",
    "knownHint": "Only what had been reported by this day. Empty: everything.",
    "confidence": "Confidence at least",
    "confidences": {"": "any", "medium": "medium", "high": "high"},
    "claimed": "Outline what is claimed but not corroborated",
    "sources": "Sources heard",
    "reset": "Hear everything again",
    "some": {"known": "as known on", "confidence": "confidence", "without": "sources off"},
    "history": "Who held it, 2012 to 2026",
    "spans": "Every change",
    "events": "What happened near by",
    "link": "open",
    "share": "Share this view",
    "copyLink": "Copy the link",
    "copied": "Copied",
    "cite": "Cite",
    "citeAs": {"text": "Text", "bibtex": "BibTeX", "csl": "CSL-JSON"},
}

_scrubber = st.components.v2.component(
    "date_scrubber",
    html=assets.text("scrubber.html"),
    css=assets.text("scrubber.css"),
    js=assets.text("scrubber.js"),
)
_panel = st.components.v2.component(
    "map_panel",
    html=assets.text("panel.html"),
    css=assets.text("panel.css"),
    js=assets.text("source.js") + assets.text("panel.js"),
)


def show() -> None:
    """Draw the page."""
    try:
        layers, fault = loading.shipped()
        timeline = loading.resolved(layers)
    except GeoError as error:
        st.error("The map cannot be shown.")
        st.text(str(error))  # plain text: the message may quote a file
        return
    opened, problems = _opened(layers)
    st.html(assets.style("page.css"))
    left, right = st.columns([2.35, 1], gap="medium")
    with left:
        _map(layers, timeline)
        _scrub(layers, opened)
    with right:
        _answer(layers, opened, (*problems, *([fault] if fault else [])))


def _opened(layers: Layers) -> tuple[View, tuple[str, ...]]:
    """The view of the address as it was when the page was opened; later ones come from the page."""
    if "opened" not in st.session_state:
        st.session_state.opened = _parsed(layers, st.query_params.to_dict())
    opened: tuple[View, tuple[str, ...]] = st.session_state.opened
    return opened


def _parsed(layers: Layers, query: dict[str, str]) -> tuple[View, tuple[str, ...]]:
    data = layers.dataset
    return view.parse(query, first=data.first_day, last=data.supported_until)


def _map(layers: Layers, timeline: Timeline) -> None:
    payload = assets.publish(layers.fingerprint, loading.EVERYTHING, layers, timeline)
    st_folium(
        webmap.draw(assets.addresses(payload)),
        key=f"map {payload}",
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
    )


def _scrub(layers: Layers, opened: View) -> None:
    camera = opened.camera
    _scrubber(
        key="scrubber",
        data={
            "firstDay": layers.dataset.first_day.isoformat(),
            "last": (layers.dataset.supported_until - layers.dataset.first_day).days,
            "day": (opened.day - layers.dataset.first_day).days,
            "view": camera and {"zoom": camera.zoom, "lat": camera.lat, "lon": camera.lon},
            "language": "en-GB",
            "text": SCRUBBER_TEXT | {"foot": _foot(layers)},
        },
    )


def _foot(layers: Layers) -> str:
    data = layers.dataset
    return (
        "Behind the slider: how much of Mali is held (solid), contested (hatched), under influence "
        "(pale) or without information (grey), and what happened when (triangles). "
        f"Sources support this map up to {words.day(data.supported_until)}; what came later is not "
        f"known here. {data.boundaries_en} Data version {data.version}, {data.licence}."
    )


@st.fragment
def _answer(layers: Layers, opened: View, problems: tuple[str, ...]) -> None:
    """Legend and details; reruns alone when the date settles or a place is chosen.

    The panel writes the address itself: each parameter set from here would be an entry more in the
    history of the browser, and one that comes late would take the reader back.
    """
    told: dict[str, str] | None = st.session_state.get("panel", {}).get("view")
    seen = _parsed(layers, told)[0] if told else opened
    if told:
        # Streamlit forgets the panel while another page is open; coming back is coming back to it.
        st.session_state.opened = (seen, ())
    filters = loading.filters(layers, seen)
    timeline = loading.resolved(layers, filters)
    _panel(
        key="panel",
        data={
            "text": PANEL_TEXT,
            "view": seen.query(),
            "places": _places(layers),
            "sources": _sources(layers),
            "payload": assets.address(
                assets.publish(layers.fingerprint, filters, layers, timeline)
            ),
            "details": seen.at and details.at(layers, timeline, *seen.at, seen.day),
            "notices": list(problems),
            "cite": citation.formats(seen, layers.dataset, date.today()),
        },
        on_view_change=lambda: None,
    )


def _sources(layers: Layers) -> list[dict[str, Any]]:
    """Sources that claims rest on, those of most claims first."""
    claims = layers.claims["sources"].explode().value_counts()
    return [
        {
            "key": key,
            "name": f"{row['publisher']}: {row['title']}",
            "grade": row["reliability"],
            "claims": int(claims[key]),
        }
        for key, row in zip(
            claims.index, tables.rows(layers.bibliography.loc[claims.index]), strict=True
        )
    ]


def _places(layers: Layers) -> list[list[Any]]:
    places = layers.places.sort_values("rank")
    return [
        [name, round(row["geometry"].x, 4), round(row["geometry"].y, 4)]
        for row in tables.rows(places)
        for name in dict.fromkeys((row["name_fr"], row["name_en"]))
    ]
