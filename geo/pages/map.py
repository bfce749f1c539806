"""The map page: one date, the ground, who says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geo import answers, browser, citation, controls, details, roster, tables, view, webmap, words
from geo.claims import CITING
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, loading, spoken
from geo.timeline import Timeline
from geo.view import View

HEIGHT = 570  # px

OTHER = message("Other events")

scrubber = st.components.v2.component(
    "date_scrubber",
    html=assets.text("scrubber.html"),
    css=assets.text("theme.css") + assets.text("scrubber.css"),
    js=browser.text(*browser.SCRUBBER),
)
panel = st.components.v2.component(
    "map_panel",
    html=assets.text("panel.html"),
    css=assets.text("theme.css") + assets.text("panel.css"),
    js=browser.text(*browser.PANEL),
)


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    with loading.reading(language, message("The map cannot be shown."), loading.DRAWING):
        layers, _ = loading.shipped()
        payload = _published(layers, language)
    opened, problems = _opened(layers, language)
    st.html(assets.style("page.css"))
    left, right = st.columns([2.35, 1], gap="medium")
    with left:
        _map(payload)
        _scrub(layers, opened)
    with right:
        _answer(layers, opened, problems)


def _published(layers: Layers, language: Language) -> str:
    timeline = loading.resolved(layers)
    return assets.publish(layers.fingerprint, loading.EVERYTHING, language, layers, timeline)


def _opened(layers: Layers, language: Language) -> tuple[View, tuple[str, ...]]:
    """The view of the address as it was when the page was opened; later ones come from the page."""
    if "opened" not in st.session_state:
        st.session_state.opened = _parsed(layers, st.query_params.to_dict(), language)
    seen, problems = st.session_state.opened
    return replace(seen, language=language), problems


def _parsed(
    layers: Layers, query: dict[str, str], language: Language
) -> tuple[View, tuple[str, ...]]:
    seen, problems = loading.opened(layers, query, language)
    if seen.event is None:
        return seen, problems
    if seen.event in layers.events.index:
        return (seen if "date" in query else _on_its_day(layers, seen)), problems
    unknown = language.say(view.UNKNOWN_EVENT, text=language.say("'{text}'", text=seen.event))
    return replace(seen, event=None), (*problems, unknown)


def _on_its_day(layers: Layers, seen: View) -> View:
    """The view of an address that names an event and no day: where and when that was."""
    event = layers.events.loc[seen.event]
    place = layers.places.geometry.get(event["place"])
    at = seen.at if place is None else (round(place.x, 4), round(place.y, 4))
    return replace(seen, day=event["date"].date(), at=at)


def _map(payload: str) -> None:
    st_folium(
        webmap.draw(assets.addresses(payload)),
        key=f"map {payload}",
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
    )


def _scrub(layers: Layers, opened: View) -> None:
    camera, first = opened.camera, layers.dataset.first_day
    scrubber(
        key="scrubber",
        data={
            "firstDay": first.isoformat(),
            "last": (layers.dataset.supported_until - first).days,
            "day": (opened.day - first).days,
            "loop": opened.loop and [(day - first).days for day in opened.loop],
            "measure": opened.measure,
            "kinds": opened.kinds,
            "view": camera and {"zoom": camera.zoom, "lat": camera.lat, "lon": camera.lon},
            "language": opened.language.tag,
            "text": opened.language.all(controls.SCRUBBER) | _ends(layers, opened.language),
        },
    )


def _ends(layers: Layers, language: Language) -> dict[str, str]:
    """What stands below the slider."""
    data = layers.dataset
    last = language.day(data.supported_until)
    foot = language.say(
        "Behind the slider: how much of Mali, by its area, its listed places or their people, is "
        "held (solid), contested (hatched), under influence (pale) or without information (grey), "
        "and what happened when (triangles). The thin band under it: the stronger, the more of it "
        "rests on evidence older than its shelf-life. Sources support this map up to {day}; what "
        "came later is not known here. {boundaries} Data version {version}, {licence}.",
        day=language.day(layers.opening_day),
        boundaries=language.field(data, "boundaries"),
        version=data.version,
        licence=data.licence,
    )
    beyond = " ".join(_beyond(layers, data.supported_until, language))
    return {
        "foot": f"{foot} {beyond}".strip(),
        "limit": language.say("Sources end on {day}", day=last),
    }


@st.fragment
def _answer(layers: Layers, opened: View, problems: tuple[str, ...]) -> None:
    """Legend and details; reruns alone when the date settles or a place is chosen.

    The panel writes the address itself: each parameter set from here would be an entry more in the
    history of the browser, and one that comes late would take the reader back.
    """
    told: dict[str, str] | None = st.session_state.get("panel", {}).get("view")
    language = opened.language
    seen = _parsed(layers, told, language)[0] if told else opened
    if told:
        # Streamlit forgets the panel while another page is open; coming back is coming back to it.
        st.session_state.opened = (seen, ())
    now, fault = loading.lately()
    if now.fingerprint != layers.fingerprint:
        st.rerun()  # published or withdrawn since the page was opened: all of it follows
    filters = roster.filters(layers, seen)
    timeline = loading.resolved(layers, filters)
    panel(
        key="panel",
        data={
            "text": language.all(controls.PANEL)
            | {"heard": words.heard(language, seen, roster.said(layers, seen))},
            "view": seen.query(),
            "layers": [_member(one, language) for one in roster.members(layers, seen)],
            "payload": assets.address(
                assets.publish(layers.fingerprint, filters, language, layers, timeline)
            ),
            "effect": loading.effect(layers, filters, seen.day, language),
            **_differing(layers, timeline, seen),
            **_lists(layers.fingerprint, language, layers),
            "event": seen.event and _event(layers, seen.event, language),
            "details": seen.at and details.at(layers, timeline, *seen.at, seen.day, language),
            "notices": [
                *problems,
                *filter(None, [fault]),
                *words.removed(language, layers.removed, seen.known_on),
                *_beyond(layers, seen.day, language),
            ],
            "cite": citation.formats(seen, layers.dataset, date.today(), roster.said(layers, seen)),
        },
        on_view_change=lambda: None,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _lists(
    fingerprint: str,  # noqa: ARG001 -- the content is the key of the cache
    language: Language,
    _layers: Layers,
) -> dict[str, Any]:
    """What the panel offers on every day alike: a third of the work of an answer, done once."""
    return {
        "places": places(_layers),
        "sources": sources(_layers, language),
        "kinds": _kinds(_layers, language),
    }


def _beyond(layers: Layers, day: date, language: Language) -> list[str]:
    """Why so much is blank on a day of which only uploaded layers speak."""
    if layers.whole_until is None or day <= layers.whole_until:
        return []
    return [
        language.say(
            "The data set of this map ends on {day}. After that day only uploaded layers are "
            "shown.",
            day=language.day(layers.whole_until),
        )
    ]


def _differing(layers: Layers, timeline: Timeline, seen: View) -> dict[str, Any]:
    """Where sources differ, if the reader wants to see that: its data, and the list."""
    if seen.show != view.DISAGREEMENT:
        return {"answers": None, "differ": None}
    filters, language = timeline.filters, seen.language
    published = assets.publish_answers(layers.fingerprint, filters, language, layers, timeline)
    told = answers.listed(layers, timeline, seen.day, language)
    told["elsewhen"] = loading.elsewhen(layers, filters, language)
    return {"answers": assets.address(published), "differ": told}


def _kinds(layers: Layers, language: Language) -> list[dict[str, Any]]:
    """The kinds of events there are, group by group; one without a name goes by its key."""
    count = layers.events["kind"].value_counts()
    others = count.index.difference(list(words.EVENT_KIND))
    groups = words.EVENT_KINDS | {OTHER: {kind: kind for kind in others}}
    return [
        {"name": language.translate(group), "kinds": found}
        for group, kinds in groups.items()
        if (
            found := [
                [kind, language.translate(name), int(count[kind])]
                for kind, name in kinds.items()
                if kind in count
            ]
        )
    ]


def _event(layers: Layers, key: str, language: Language) -> dict[str, Any]:
    return details.event(layers, tables.rows(layers.events.loc[[key]])[0], language)


def sources(layers: Layers, language: Language) -> list[dict[str, Any]]:
    """Sources that claims rest on or are confirmed by, those of most claims first."""
    said = pd.concat([layers.claims[name] for name in CITING])
    claims = said.explode().value_counts()
    return [
        {
            "key": key,
            "name": language.say("{publisher}: {title}", **row),
            "grade": row["reliability"],
            "claims": int(claims[key]),
        }
        for key, row in zip(
            claims.index, tables.rows(layers.bibliography.loc[claims.index]), strict=True
        )
    ]


def _member(one: roster.Member, language: Language) -> dict[str, Any]:
    """A layer in the list of those on the map."""
    claims = language.plural("{number} claim", "{number} claims", one.claims)
    if one.day is None:
        about = language.say("The data set of this map: {claims}", claims=claims)
    else:
        told = {"day": language.day(one.day), "claims": claims}
        about = language.say("Published on {day}: {claims}", **told)
        if one.version > 1:
            about = language.say(
                "Version {version}, published on {day}: {claims}",
                version=one.version,
                **told,
            )
    if not one.shown:
        about = language.say("{about} (withdrawn since)", about=about)
    return {"layer": one.layer, "title": one.title, "about": about, "heard": one.heard}


def places(layers: Layers) -> list[list[Any]]:
    """Name, longitude, latitude, and whether the name is another spelling, which no list offers."""
    places = layers.places.sort_values("rank", kind="stable")
    return [
        [name, round(row["geometry"].x, 4), round(row["geometry"].y, 4), name in row["aliases"]]
        for row in tables.rows(places)
        for name in dict.fromkeys((row["name_fr"], row["name_en"], *row["aliases"]))
        if name
    ]
