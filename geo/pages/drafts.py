"""A draft that was saved, tried before it is published: the page in place of the list of layers."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from geo.languages import Language
from geo.layers import Layers
from geo.pages import shelf, trial
from geo.store.people import Person


def trying() -> bool:
    """Whether this reader looks at a draft."""
    return shelf.TRYING in st.session_state


def show(shown: Layers, person: Person, language: Language) -> None:
    """What the draft would change, with the way to publish it, and the way back."""
    name = str(st.session_state[shelf.TRYING])
    try:
        _show(name, shown, person, language)
    except GeoError as error:
        shelf.failed(error, language)
        _back(language)


def _back(language: Language) -> None:
    if st.button(language.say("Back to all layers"), key="drafts back"):
        leave()


def leave() -> None:
    """Look at the list again."""
    st.session_state.pop(shelf.TRYING, None)
    st.session_state.pop(trial.KEPT, None)
    st.rerun()


def _show(name: str, shown: Layers, person: Person, language: Language) -> None:
    found = shelf.draft(person, name)
    if found is None:
        st.session_state["uploads told"] = {
            "notices": [language.say("{layer} has no draft any more.", layer=name)],
            "link": None,
        }
        leave()
        return
    upload, rev = found
    about, corrects = ("draft", name), (name, rev)
    shelf.heading(
        "drafts",
        language.say("The draft of {layer}: {title}", layer=name, title=upload.title),
        language.say("What it would change if it were published now."),
    )
    tried = trial.kept(about, corrects, shown)
    with st.container(horizontal=True):
        _back(language)
        publishes = person.may("publish") and st.button(
            language.say("Publish"), type="primary", disabled=tried is None, key="drafts publish"
        )
    if publishes and tried is not None and tried.now:
        st.session_state["uploads told"] = shelf.publish(person, name, rev, tried.made, language)
        leave()
    if tried is None or not tried.now:
        made = trial.rehearsed(shown, upload, language)
        trial.keep(about, corrects, shown, made, meanwhile=tried is not None)
        st.rerun()
    else:
        trial.show(tried, language)
