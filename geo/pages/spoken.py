"""The language of the page, from the address or the browser, and the switch to another."""

from __future__ import annotations

import streamlit as st

from geo import languages
from geo.languages import Language
from geo.pages import assets

_switch = st.components.v2.component(
    "language_switch",
    html="<nav></nav>",
    css=assets.text("theme.css") + assets.text("languages.css"),
    js=assets.text("languages.js"),
)


def language() -> Language:
    """The language of this reader.

    That of the address; where it names none, the one this session has had so far; at first the
    one the browser prefers.
    """
    asked = languages.named(st.query_params.get("lang", ""))
    if asked is None:
        known = st.session_state.get("language")
        asked = Language(known) if known else languages.of_browser(st.context.locale)
    st.session_state.language = asked.code
    return asked


def switch(language: Language, page: str, *, stay: bool = False) -> None:
    """Links to the same view in the other languages, in the corner of every page.

    Parameters
    ----------
    page
        Name of the page in the address: on another one the language is written there again.
    stay
        Whether this reader has something that would be lost if the page were opened anew.
    """
    with st.container(key="languages"):
        told = _switch(
            key="language_switch",
            data={
                "label": language.say("Language"),
                "language": language.code,
                "languages": [[code, languages.NAMES[code]] for code in languages.CODES],
                "page": page,
                "stay": stay,
            },
            on_language_change=lambda: None,
        ).language
    if stay and languages.named(told or "") is not None:
        st.query_params["lang"] = told
        st.rerun()
