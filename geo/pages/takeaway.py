"""Beside the picture: the frame for an article, the film, and the check of an old export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from geo.errors import GeoError
from geo.languages import Language
from geo.layers import Layers
from geo.pages.desk import Sheet
from geo.snapshots import exports, offline, verdict, verified
from geo.snapshots import film as films
from geo.snapshots.presets import PRESETS
from geo.view import View

Part = Callable[..., Any]

_MOST_CODE = 40  # characters
_FILM_PRESET = {".mp4": "wide", ".gif": "article"}
_FILM_MIME = {".mp4": "video/mp4", ".gif": "image/gif"}


def embed(sheet: Sheet, language: Language) -> None:
    """The line for an article, and the page it shows."""
    with st.expander(language.say("In an article")):
        live = (
            st.radio(
                language.say("What the frame shows"),
                ("frozen", "live"),
                format_func=lambda mode: (
                    language.say("Frozen: this article's map never changes")
                    if mode == "frozen"
                    else language.say("Live: made anew whenever the data change")
                ),
                key="snapshot mode",
            )
            == "live"
        )
        code = sheet.drawing.snapshot.view.language.code
        name = f"mali-control_live_{code}.html" if live else sheet.name(".html")
        if live:
            st.caption(
                language.say(
                    "Serve the page under a name that stays, and make it anew with: python -m geo "
                    "snapshot --live. Readers then see the newest data."
                )
            )
        else:
            st.caption(
                language.say(
                    "Put the page beside the article: it needs no other file, sets no cookies and "
                    "asks no other host."
                )
            )
        st.code(
            offline.frame(sheet.drawing.snapshot, sheet.drawing.words, name),
            language="html",
            wrap_lines=True,
        )
        st.download_button(
            language.say("Download the page for the frame"),
            sheet.file(".html", live=live),
            file_name=name,
            mime="text/html",
            on_click="ignore",
            disabled=sheet.blocked,
            key="snapshot frame",
        )


def film(sheet: Sheet, language: Language) -> None:
    """A film between two days, made when it is asked for."""
    layers = sheet.layers
    data, shown = layers.dataset, sheet.drawing.snapshot
    with st.expander(language.say("A film between two days")):
        left, right = st.columns(2)
        days: list[date] = []
        for column, label, at in (
            (left, language.say("From"), data.first_day),
            (right, language.say("To"), shown.view.day),
        ):
            chosen: date = column.date_input(
                label,
                at,
                min_value=data.first_day,
                max_value=data.supported_until,
                format="YYYY-MM-DD",
                key=f"snapshot film {label}",
            )
            days.append(chosen)
        ending: Any = st.segmented_control(
            language.say("Kind of film"),
            list(_FILM_PRESET),
            default=".mp4",
            format_func=lambda kind: kind[1:].upper(),
            key="snapshot film kind",
        )
        if st.button(language.say("Make the film"), disabled=sheet.blocked, key="snapshot shoot"):
            _shoot(sheet, days, ending or ".mp4", language)
        made = st.session_state.get("film")
        if made is not None:
            name, content = made
            st.download_button(
                language.say("Download the film ({size} kB)", size=len(content) // 1000),
                content,
                file_name=name,
                mime=_FILM_MIME[f".{name.rpartition('.')[2]}"],
                on_click="ignore",
                key="snapshot film file",
            )


def _shoot(sheet: Sheet, days: list[date], ending: str, language: Language) -> None:
    """Make a film and keep it for this reader, or say why it cannot be made."""
    shown = sheet.drawing.snapshot
    first, last = days
    seen: View = replace(shown.view, day=last)
    asked = replace(shown, view=seen, days=(), preset=PRESETS[_FILM_PRESET[ending]])
    making = language.say("Drawing the film")
    bar = st.progress(0.0, making)

    def tell(done: int, of: int) -> None:
        bar.progress(min(1.0, done / max(of, 1)), making)

    try:
        reel = films.prepare(asked, sheet.layers, sheet.timeline, films.days(first, last))
        content = (films.mp4 if ending == ".mp4" else films.gif)(reel, tell)
        name = films.name(reel, ending)
        exports.keep(name, content)
        st.session_state.film = (name, content)
    except GeoError as error:
        st.session_state.pop("film", None)
        st.error(language.say("The film cannot be made."))
        st.text(str(error))  # plain text: the message may quote what was typed
    finally:
        bar.empty()


@st.fragment
def verify(layers: Layers, language: Language, part: Part) -> None:
    """Is an old export still true? A file, or a code."""
    heading = {
        "title": language.say("Is an old picture still true?"),
        "lead": language.say(
            "Whether what it showed has been corrected since, and what would be shown today."
        ),
        "notices": [],
    }
    part(key="snapshot verify", data={"part": "heading", "level": "h2"} | heading)
    part(
        key="snapshot check",
        data={
            "part": "check",
            "file": language.say("A picture, page, film or data pack from here"),
            "hint": language.say("The file stays with you: only its record is read."),
            "code": language.say("Or the check code that is printed on it"),
            "check": language.say("Check"),
        },
        on_check_change=lambda: None,
    )
    told: dict[str, Any] | None = st.session_state.get("snapshot check", {}).get("check")
    if told is not None:
        part(key="snapshot verdict", data={"part": "verdict"} | _verdict(layers, told, language))


def _verdict(layers: Layers, told: dict[str, Any], language: Language) -> dict[str, Any]:
    """What is said of a file, of which the record is given, or of a code that was typed."""
    record, code = str(told.get("record", "")), str(told.get("code", ""))[:_MOST_CODE]
    given: bytes | str = code if told.get("typed") else (record or code).encode()
    try:
        found = verdict.of(
            layers, given, digest=str(told.get("digest", ""))[:64], language=language
        )
    except GeoError as error:
        return {"standing": "refused", "headline": str(error), "groups": []}
    return {
        "standing": found.standing,
        "headline": verified.headline(found, language),
        "groups": [
            verified.about(layers, found, language),
            verified.claims(found, language),
            verified.differences(layers, found, language),
        ],
    }
