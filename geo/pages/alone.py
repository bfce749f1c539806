"""A layer that one reader opened without publishing: its own map, and nothing of it is kept.

It lives in the session of the reader's tab. Its ground is cut and its data are written for that
session alone, and go with it.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any

import numpy as np
import shapely
import streamlit as st
from streamlit_folium import st_folium

from geo import (
    composite,
    controls,
    details,
    overlay,
    roster,
    sheets,
    slices,
    tables,
    view,
    webmap,
    words,
)
from geo.composite import Composite
from geo.errors import GeoError, StoreError
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, loading, shelf, spoken
from geo.pages import map as map_page
from geo.sheets.sheet import KM2, Cell
from geo.store import joining
from geo.store.desk import Upload
from geo.timeline import Filters, Timeline
from geo.view import View

TITLE = message("Opened layer")
KEPT = "opened layer"  # in the session
MOST_CLAIMS = 5_000
MOST_CORNERS = 150_000
_MOST_TIMELINES = 3  # of other filters, in one session

_TOO_LARGE = message(
    "The layer is too large to be opened here: it has {claims} claims with {corners} corners, and "
    "the most are {most_claims} and {most_corners}. The command line opens larger ones, see "
    "docs/cli.md."
)
_BANNER = message(
    "Not published: only you see this. It is gone when you close the tab or load the page again, "
    "and no link leads to it."
)
_POLE = message(
    "Part of this ground lies nearer to a pole than {degrees}° of latitude, where the projection "
    "of this map ends: it is not drawn there. The figures count all of it."
)
_PART = message("Ground without a claim on the day: no information.")
_NONE = message("No layer is open. Bring a file on the page “Your layers”, and open it there.")
_CHART = message(
    "Behind the slider: how much of the ground of this layer is held (solid), contested (hatched), "
    "under influence (pale) or without information (grey). What still lasts is shown until {day}."
)
_cutting = Lock()  # one at a time: what somebody only looks at must not slow down everybody


@dataclass(slots=True, eq=False, weakref_slot=True)
class Opened:
    """What is open in a session.

    Attributes
    ----------
    layers, composite
        The layer on its own, and its ground, cut.
    title
        As the reader called it.
    poles
        Whether it reaches nearer to a pole than the map does.
    timelines, files
        What was made of it so far, by filters and by language.
    """

    layers: Layers
    composite: Composite
    title: str
    poles: bool
    timelines: dict[Filters, Timeline] = field(default_factory=dict)
    files: dict[tuple[Filters, str], str] = field(default_factory=dict)

    def timeline(self, filters: Filters) -> Timeline:
        """What is known under some filters."""
        if filters not in self.timelines:
            while len(self.timelines) > _MOST_TIMELINES:
                self.timelines.pop(next(iter(self.timelines)))
            self.timelines[filters] = loading.resolve(self.composite, filters, self.layers)
        return self.timelines[filters]

    def payload(self, filters: Filters, language: Language) -> str:
        """Name of the file that the map reads."""
        key = filters, language.code
        if key not in self.files:
            self.files[key] = assets.lend(self.layers, self.timeline(filters), language)
        return self.files[key]


def opened() -> Opened | None:
    """What this reader has open."""
    found: Opened | None = st.session_state.get(KEPT)
    return found


def close() -> None:
    """Forget it."""
    for name in (KEPT, "alone view"):
        st.session_state.pop(name, None)


def begin(shown: Layers, upload: Upload) -> None:
    """Open a layer in this session, in place of any other.

    Raises
    ------
    GeoError
        It is too large, or cannot be drawn.
    """
    table = upload.report.layer
    corners = 0 if table is None else int(shapely.get_num_coordinates(table.geometry).sum())
    claims = 0 if table is None else len(table)
    if claims > MOST_CLAIMS or corners > MOST_CORNERS:
        most = {"most_claims": MOST_CLAIMS, "most_corners": MOST_CORNERS}
        raise StoreError(_TOO_LARGE, claims=claims, corners=corners, **most)
    layers = joining.alone(shown, upload, datetime.now(UTC).date())
    with _cutting:
        cut = composite.build(layers.claims, None if layers.elsewhere else layers.units)
    reach = np.abs(shapely.total_bounds(layers.claims.geometry.to_numpy())[[1, 3]]).max()
    close()
    made = Opened(layers, cut, upload.title, bool(reach > overlay.MERCATOR))
    weakref.finalize(made, _gone, made.files)
    st.session_state[KEPT] = made


def _gone(files: dict[tuple[Filters, str], str]) -> None:
    assets.take_back(files.values())


def turn_to(language: Language) -> None:
    """Show the page of what is open."""
    st.switch_page(page(language), query_params={"lang": language.code})


def page(language: Language) -> st.Page:
    """The page, which no navigation lists: the page of layers leads to it and back."""
    return st.Page(show, title=language.say(TITLE), url_path="opened", visibility="hidden")


# ---- the page


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    st.html(assets.style("page.css"))
    own = opened()
    if own is None:
        st.info(language.say(_NONE))
        st.page_link(_uploads(language), label=language.say("Your layers"))
        return
    _heading(own, language)
    try:
        with st.spinner(language.say("Drawing the map")):
            payload = own.payload(loading.EVERYTHING, language)
    except GeoError as error:
        shelf.failed(error, language)
        return
    seen = _seen(own, language)
    left, right = st.columns([2.35, 1], gap="medium")
    with left:
        st_folium(
            webmap.draw(assets.addresses(payload), anywhere=own.layers.elsewhere),
            key=f"alone {payload}",
            height=map_page.HEIGHT,
            use_container_width=True,
            returned_objects=[],
        )
        _scrub(own, seen)
    with right:
        _answer(own, language)


def _uploads(language: Language) -> Any:  # noqa: ANN401 -- a page, as streamlit has it
    from geo.pages import uploads  # noqa: PLC0415 -- which opens layers here

    return st.Page(uploads.show, title=language.say("Your layers"), url_path="layers")


def _heading(own: Opened, language: Language) -> None:
    notices = [language.say(_BANNER)]
    if own.poles:
        notices.append(language.say(_POLE, degrees=round(overlay.MERCATOR)))
    shelf.heading("alone", own.title, level="h1", notices=notices)
    with st.container(horizontal=True):
        if st.button(language.say("Back to your layers"), key="alone back"):
            st.switch_page(_uploads(language), query_params={"lang": language.code})
        if st.button(language.say("Close this layer"), key="alone close"):
            close()
            st.switch_page(_uploads(language), query_params={"lang": language.code})


def _seen(own: Opened, language: Language) -> View:
    """What the reader looks at; the day first is that on which the last claim has begun."""
    told: dict[str, str] = st.session_state.get("alone panel", {}).get("view") or {}
    told = told or st.session_state.get("alone view", {})
    data, newest = own.layers.dataset, own.layers.claims["valid_from"].max().date()
    first = min(max(newest, data.first_day), data.supported_until)
    asked = {name: text for name, text in told.items() if name not in {"map", "lang"}}
    if asked:
        # Streamlit forgets the panel while another page is open; coming back is coming back to it.
        st.session_state["alone view"] = asked
    seen, _ = view.parse(
        {"date": first.isoformat(), **asked},
        first=data.first_day,
        last=data.supported_until,
        language=language,
    )
    return replace(seen, language=language)


def _scrub(own: Opened, seen: View) -> None:
    data, language = own.layers.dataset, seen.language
    last = language.day(data.supported_until)
    text = language.all(controls.SCRUBBER | {"measures": {"km2": message("km²")}})
    map_page.scrubber(
        key=f"alone scrubber {own.layers.fingerprint[:12]} {language.code}",
        data={
            "firstDay": data.first_day.isoformat(),
            "last": max(1, (data.supported_until - data.first_day).days),
            "day": (seen.day - data.first_day).days,
            "loop": None,
            "measure": view.MEASURES[0],
            "kinds": None,
            "view": None,
            "language": language.tag,
            "text": text
            | {
                "foot": language.say(_CHART, day=last),
                "limit": language.say("Until {day}", day=last),
            },
        },
    )


@st.fragment
def _answer(own: Opened, language: Language) -> None:
    """Legend, details and figures; reruns alone when the date settles or ground is chosen."""
    seen = _seen(own, language)
    filters = roster.filters(own.layers, seen)
    known = own.timeline(filters)
    history = language.say(
        "Who held it, {first} to {last}",
        first=own.layers.dataset.first_day.year,
        last=own.layers.dataset.supported_until.year,
    )
    map_page.panel(
        key="alone panel",
        data={
            "alone": True,
            "text": language.all(controls.PANEL)
            | {
                "heard": words.heard(language, seen, roster.said(own.layers, seen)),
                "history": history,
            },
            "view": seen.query(),
            "layers": [],
            "places": map_page.places(own.layers),
            "sources": map_page.sources(own.layers, language),
            "payload": assets.address(own.payload(filters, language)),
            "effect": None,
            "answers": None,
            "differ": None,
            "kinds": [],
            "event": None,
            "details": seen.at and details.at(own.layers, known, *seen.at, seen.day, language),
            "notices": [],
            "cite": {},
        },
        on_view_change=lambda: None,
    )
    _figures(own, known, seen.day, language)


def _figures(own: Opened, known: Timeline, day: date, language: Language) -> None:
    made = figures(own.layers, known, day, language)
    said = language.say("Download this table as CSV")
    shelf.table("alone figures", made, f"layer-{day}.csv", said)


def figures(layers: Layers, known: Timeline, day: date, language: Language) -> sheets.Sheet:
    """How much ground is whose on a day."""
    found = slices.merged(slices.at(known, day))
    rows: dict[str, float] = {}
    for row in tables.rows(found.drop(columns="geometry")):
        said = details.said(layers, row, language)
        rows[said] = rows.get(said, 0.0) + float(row["area_km2"])
    return sheets.Sheet(
        language.say("Ground on {day}", day=language.day(day)),
        language.say(_PART),
        ((language.say("State"), False), (language.translate(KM2), True)),
        tuple(
            (Cell(said), Cell(language.number(round(km2, 1)), f"{km2:.3f}"))
            for said, km2 in sorted(rows.items(), key=lambda one: -one[1])
        ),
    )
