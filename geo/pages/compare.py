"""Two dates side by side, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geo import browser, changes, comparison, details, languages, roster, tables, view, webmap
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, loading, spoken
from geo.timeline import Timeline
from geo.view import Camera, View

HEIGHT = 400  # px
YEAR = timedelta(days=365)  # before the last day: what an address without dates compares

TITLE = message("Compare two dates")
LEAD = message(
    "The same map on two days: move or zoom one, and the others follow. Below: what changed, for "
    "whom, and who says so."
)
CHANGES = message("Gains and losses")
CHANGES_LEAD = message("Ground that changed between the two dates, by who has more of it now.")
DOWNLOAD = message("Download as CSV")
TEXT = {
    "from": message("Before"),
    "to": message("After"),
    "fromDate": message("First date"),
    "toDate": message("Second date"),
    "fromSlider": message("First date, as a slider"),
    "toSlider": message("Second date, as a slider"),
    "first": message("1"),  # the first of a month
    "month": message("A month before"),
    "year": message("A year before"),
    "legend": message("What the colours mean"),
    "kinds": {
        "control": message("Control"),
        "shared": message("Held jointly"),
        "contested": message("Contested"),
        "influence": message("Influence, no holder known"),
        "siege": message("Besieged by"),
        "blockade": message("Blockaded by"),
        "presence": message("Forces based here"),
    },
    "story": message("What changed"),
    "events": message("What happened between"),
    "key": message("On the map of gains and losses"),
    "gaining": message(
        "Filled by who has more of a hold than before, hatched by who has less. Control is more "
        "than joint control, that is more than contesting, and that is more than influence. Towns "
        "are discs and cercles are whole: no edge is a front line."
    ),
    "ledger": message("Line by line"),
    "noChange": message("No claim changes between these two dates."),
    "where": message("Where"),
    "before": message("Before"),
    "after": message("After"),
    "sources": message("Sources, with their grade"),
    "more": message("more sources"),
    "link": message("open"),
    "foot": message(
        "Places first, then cercles, the largest first. Grades: A completely reliable, B usually, "
        "C fairly, D not usually, E unreliable, F cannot be judged. Evidence that only grew old is "
        "not a change, and neither is what came and went between the two dates."
    ),
}

part = st.components.v2.component(
    "comparison",
    html=assets.text("compare.html"),
    css=assets.text("theme.css") + assets.text("compare.css"),
    js=browser.text("source.js", "compare.js", "twin.js"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """What the reader compares.

    Attributes
    ----------
    first, second
        Two days; the first is not after the second.
    camera
        Where the maps look; None: the whole country.
    heard
        The parameters of the address that say what counts, and their values.
    """

    first: date
    second: date
    camera: Camera | None = None
    heard: tuple[tuple[str, str], ...] = ()

    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        seen = View(self.second, self.camera).query()
        told = {"from": self.first.isoformat(), "to": self.second.isoformat()}
        return told | ({"map": seen["map"]} if self.camera else {}) | dict(self.heard)

    def view(self, language: Language) -> View:
        """The second day, with what counts."""
        told = {"date": self.second.isoformat(), **dict(self.heard)}
        return view.parse(told, first=self.second, last=self.second, language=language)[0]


def parse(
    query: Mapping[str, str], *, first: date, last: date, language: Language
) -> tuple[Pair, tuple[str, ...]]:
    """Read a pair from an address; what cannot be read is left out and said, as in `view.parse`."""

    def read(**parameters: str) -> tuple[View, tuple[str, ...]]:
        return view.parse(parameters, first=first, last=last, language=language)

    before, problems = read(date=query.get("from", ""))
    after, more = read(date=query.get("to", ""), map=query.get("map", ""))
    begin = before.day if query.get("from") and not problems else max(first, after.day - YEAR)
    days = sorted((begin, after.day))
    return Pair(days[0], days[1], after.camera), (*problems, *more)


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    with loading.reading(language, message("The dates cannot be compared."), loading.DRAWING):
        layers, fault = loading.shipped()
        opened, problems = _opened(layers, language)
        filters = roster.filters(layers, opened.view(language))
        timeline = loading.resolved(layers, filters)
        payload = assets.publish(layers.fingerprint, filters, language, layers, timeline)
    st.html(assets.style("page.css"))
    lead = " ".join([language.say(LEAD), *loading.narrowed(layers, opened.view(language))])
    _heading("h1", TITLE, lead, language)
    for column, side in zip(st.columns(2, gap="medium"), ("from", "to"), strict=True):
        with column:
            _side(layers, opened, side, language)
            drawn(payload, side)
    part(key="compare legend", data={"part": "legend", "text": language.all(TEXT)})
    notices = (*problems, *([fault] if fault else []))
    _answer(_Data(layers, timeline, payload, language), opened, notices)


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    """What the page is made from: `payload` is the file of the maps."""

    layers: Layers
    timeline: Timeline
    payload: str
    language: Language


def _opened(layers: Layers, language: Language) -> tuple[Pair, tuple[str, ...]]:
    """The pair of the address as it was when the page was opened; later ones come from the page."""
    if "compared" not in st.session_state:
        query = loading.carried(st.query_params.to_dict())
        st.session_state.compared = _parsed(layers, query, language)
    opened: tuple[Pair, tuple[str, ...]] = st.session_state.compared
    return opened


def _parsed(
    layers: Layers, query: Mapping[str, str], language: Language
) -> tuple[Pair, tuple[str, ...]]:
    data = layers.dataset
    pair, problems = parse(
        query, first=data.first_day, last=data.supported_until, language=language
    )
    hearing = {name: query[name] for name in view.HEARING if name in query}
    seen, more = loading.opened(layers, hearing, language)
    said = seen.query()
    heard = tuple((name, said[name]) for name in view.HEARING if name in said)
    return replace(pair, heard=heard), (*problems, *more)


def _heading(level: str, title: str, lead: str, language: Language) -> None:
    said = {"title": language.say(title), "lead": lead}
    part(key=f"compare {level}", data={"part": "title", "level": level} | said)


def _side(layers: Layers, opened: Pair, side: str, language: Language) -> None:
    data = layers.dataset
    days = {"from": opened.first, "to": opened.second}
    other = days["to" if side == "from" else "from"]
    part(
        key=f"compare {side}",
        data={
            "part": "side",
            "side": side,
            "firstDay": data.first_day.isoformat(),
            "last": (data.supported_until - data.first_day).days,
            "day": (days[side] - data.first_day).days,
            "other": (other - data.first_day).days,
            "language": language.tag,
            "text": language.all(TEXT),
        },
    )


def drawn(payload: str, name: str) -> None:
    """One of the maps; `compare.js` finds it by the key of its container."""
    with st.container(key=f"compare-{name}"):
        st_folium(
            webmap.draw(assets.addresses(payload)),
            key=f"compare {name} {payload}",
            height=HEIGHT,
            use_container_width=True,
            returned_objects=[],
        )


@st.fragment
def _answer(data: _Data, opened: Pair, notices: tuple[str, ...]) -> None:
    """What changed, on a map, in words and line by line; reruns alone when a date settles."""
    layers, language = data.layers, data.language
    told: dict[str, str] | None = st.session_state.get("compare story", {}).get("view")
    pair = _parsed(layers, told, language)[0] if told else opened
    if told:
        # Streamlit forgets the parts while another page is open; coming back is coming back to it.
        st.session_state.compared = (pair, ())
    days = (pair.first, pair.second)
    lines = comparison.ledger(layers, data.timeline, *days, language)
    left, right = st.columns([1.45, 1], gap="medium")
    with left:
        _heading("h2", CHANGES, language.say(CHANGES_LEAD), language)
        drawn(data.payload, "changes")
    with right:
        part(
            key="compare story",
            data={
                "part": "story",
                "firstDay": layers.dataset.first_day.isoformat(),
                "view": pair.query(),
                "looks": comparison.looks(layers, data.timeline, *days, language),
                "events": _events(layers, pair, language),
                "notices": list(notices),
                "text": language.all(TEXT),
                **_said(data, pair, lines),
            },
            on_view_change=lambda: None,
        )
    text = {"language": language.tag, "text": language.all(TEXT)}
    part(key="compare ledger", data={"part": "ledger", "rows": lines} | text)
    st.download_button(
        language.say(DOWNLOAD),
        comparison.spreadsheet(lines),
        file_name=f"changes-{pair.first}-{pair.second}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _said(data: _Data, pair: Pair, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The paragraph in the language of the page, and translated."""
    days = (pair.first, pair.second)
    table = changes.between(data.timeline, *days)
    own = data.language
    other = languages.FRENCH if own == languages.ENGLISH else languages.ENGLISH
    there = comparison.ledger(data.layers, data.timeline, *days, other)
    said = {
        language.code: " ".join(
            [
                *changes.sentences(data.layers, table, *days, language=language.code),
                comparison.news(ledger, language),
            ]
        )
        for language, ledger in ((own, lines), (other, there))
    }
    return {
        "said": said[own.code],
        "translated": {
            "lang": other.code,
            "name": languages.NAMES[other.code],
            "said": said[other.code],
        },
    }


def _events(layers: Layers, pair: Pair, language: Language) -> list[dict[str, Any]]:
    """What happened after the first day, up to the second."""
    when = layers.events["date"]
    inside = (when > pd.Timestamp(pair.first)) & (when <= pd.Timestamp(pair.second))
    found = layers.events[inside].sort_values("date", kind="stable")
    return [details.event(layers, row, language) for row in tables.rows(found)]
