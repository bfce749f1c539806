"""How the map is made: docs/method.md, or docs/methode.md in French, as a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from geo.languages import Language
from geo.pages import assets, spoken

# The texts lie where a visitor of the repository looks for them, and nowhere else.
DOCS = Path(__file__).parents[2] / "docs"
FILES = {"en": "method.md", "fr": "methode.md"}

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_OTHER_LANGUAGE = re.compile(r"\s*\*[^*]*\]\(methode?\.md\)[^*]*\*")  # the page has a switch
_FILE = re.compile(r"\[[^]]*\]\((\w+\.md)\)")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text: its heading, an anchor for links to it, and its Markdown."""

    heading: str
    anchor: str
    text: str


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    title, lead, parts = read(language)
    st.html(assets.style("page.css"))
    with st.container(key="method"):
        st.title(title, anchor=False)
        st.markdown(lead)
        with st.container(key="method-contents"):
            st.markdown("\n".join(f"- [{part.heading}](#{part.anchor})" for part in parts))
        for part in parts:
            st.header(part.heading, anchor=part.anchor)
            st.markdown(part.text)


@cache
def read(language: Language) -> tuple[str, str, tuple[Part, ...]]:
    """Title, lead and parts of the text in a language, as Markdown for a page.

    The link to the other language goes, for the page has a switch; a link to another file of
    `docs/` becomes its name, for the page has no such file.
    """
    text = language.typeset((DOCS / FILES[language.code]).read_text("utf-8"))
    text = _FILE.sub(r"`docs/\1`", _OTHER_LANGUAGE.sub("", text, count=1))
    head, *rest = _HEADING.split(text)
    title, _, lead = head.strip().partition("\n")
    # The anchors do not depend on the language: a link goes to the same part in either.
    parts = tuple(
        Part(heading, f"part-{number}", body.strip())
        for number, (heading, body) in enumerate(zip(rest[::2], rest[1::2], strict=True), 1)
    )
    return title.removeprefix("# "), lead.strip(), parts
