"""Your layers: a file is brought, mended, tried, saved or published; what was, is listed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo import ingest
from geo.errors import GeoError, StoreError
from geo.identity import Asking
from geo.ingest import Report
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import (
    alone,
    assets,
    brought,
    drafts,
    loading,
    people,
    report,
    shelf,
    spoken,
    trial,
    versions,
)
from geo.pages.brought import Brought
from geo.pages.shelf import failed, part
from geo.sheets import guide
from geo.store.desk import Upload
from geo.store.people import MOST_NAME, Person, local

TITLE = message("Your layers")
_ANYONE = message(
    "Anyone can open a file of their own here without publishing it: nobody else sees it, and "
    "nothing of it is kept."
)
_SOURCE, _ACTOR = message("Source"), message("Actor")
_FROM, _STATUS = message("First day (YYYY-MM-DD)"), message("Status")
_CHANGED = "uploads changed"  # in the session: the reader brought or removed a file just now
_KEEP, _LOOK = message("Try it, save it, publish it"), message("Look at it")
_KEEP_LEAD = message("The title stands beside every claim of the layer.")
_LOOK_LEAD = message("Whatever you open here, only you see, and nothing of it is kept.")
_DEFAULTS = {"source": _SOURCE, "actor": _ACTOR, "valid_from": _FROM, "status": _STATUS}


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    with loading.reading(language, message("The layers cannot be shown.")):
        shown, fault = loading.shipped()
    st.html(assets.style("page.css"))
    st.html(_style(language))
    asking = people.shown(language)
    told = st.session_state.pop("uploads told", None) or {"notices": [], "link": None}
    shelf.heading(
        "uploads",
        language.say(TITLE),
        people.lead(asking, language),
        level="h1",
        notices=[*told["notices"], *filter(None, [fault])],
        link=told["link"],
    )
    people.door(asking, language)
    if not asking.person.may("draft"):
        st.text(language.say(_ANYONE))
    try:
        person = _named(asking, language)
    except StoreError as error:
        failed(error, language)
        return
    if versions.comparing():
        versions.show(person, language)
        return
    if drafts.trying() and person.may("read-drafts"):
        drafts.show(shown, person, language)
        return
    _open_now(language)
    _bring(shown, person, language)
    shelf.show(shown, person, language)


def _named(asking: Asking, language: Language) -> Person:
    """Whoever is asking; at the machine itself, where nobody signs in, by the name they type."""
    if asking.state != people.HERE:
        return asking.person
    name = st.text_input(
        language.say("Your name, for the audit log"),
        asking.person.name,
        max_chars=MOST_NAME,
        key="uploads name",
    )
    return local(name)


def busy() -> bool:
    """Whether this reader has something here that is kept nowhere else."""
    return brought.still() is not None or alone.opened() is not None


def _open_now(language: Language) -> None:
    """The way back to a layer that is open."""
    own = alone.opened()
    if own is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(language.say("Open in this tab only: {title}", title=own.title))
        if st.button(language.say("Back to the opened layer"), key="uploads opened"):
            alone.turn_to(language)
        if st.button(language.say("Close this layer"), key="uploads close"):
            alone.close()
            st.rerun()


def _style(language: Language) -> str:
    """Streamlit's own button speaks English only; a reader sees ours in its place."""
    word = language.say("Choose files")
    return f"""<style>
        [data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
        [data-testid="stFileUploaderDropzone"]:has([data-testid="stFileUploaderDropzoneInstructions"])
            button p {{ font-size: 0; }}
        [data-testid="stFileUploaderDropzone"]:has([data-testid="stFileUploaderDropzoneInstructions"])
            button p::after {{ content: "{word}"; font-size: 0.9rem; }}
    </style>"""


# ---- a file is brought


def _bring(shown: Layers, person: Person, language: Language) -> None:
    turn = st.session_state.setdefault("uploads turn", 0)
    files = st.file_uploader(
        language.say("A file, several daily files, or a ZIP"),
        accept_multiple_files=True,
        key=f"uploads file {turn}",
        on_change=lambda: st.session_state.update({_CHANGED: True}),
        help=language.say(
            "GeoJSON, GeoPackage, Shapefile in a ZIP, KML, KMZ, FlatGeobuf, GeoParquet or CSV, up "
            "to 25 MB; a ZIP of daily files up to 100 MB."
        ),
    )
    try:
        file = _file(files, language)
    except StoreError as error:
        failed(error, language)
        return
    if file is None:
        _forget()
        _explained(shown, language)
        return
    if st.session_state.get("uploads sha256") != file.sha256:
        st.session_state.update(
            {"uploads sha256": file.sha256, "uploads mapping": {}, "uploads defaults": {}}
        )
    _said(language, turn)
    found = _validated(file, language)
    answer = part(
        key="uploads report",
        data=report.document(found, shown, language),
        on_answer_change=lambda: None,
    ).answer
    if answer:
        mapping, defaults = report.answered(found, answer, st.session_state["uploads mapping"])
        st.session_state.update({"uploads mapping": mapping, "uploads defaults": defaults})
        st.rerun()
    if found.verdict != ingest.REJECT:
        _keep(shown, file.data, found, person, language)


def _file(files: list[UploadedFile], language: Language) -> Brought | None:
    """What was brought. While another page is looked at streamlit forgets it, and we do not."""
    changed = st.session_state.pop(_CHANGED, False)
    if files:
        return brought.one(files)
    still = None if changed else brought.still()
    if still is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(language.say("Still here: {file}", file=still.filename))
            if st.button(language.say("Put it away"), key="uploads away"):
                _forget()
                st.rerun()
    return still


def _explained(shown: Layers, language: Language) -> None:
    """What a file must say, and one to begin from."""
    with st.expander(language.say("What a file must say, and an example")):
        part(key="uploads guide", data={"part": "sheet", **guide.columns(language).data()})
        st.download_button(
            language.say("Download an example as CSV"),
            guide.example(shown, language),
            file_name="example.csv",
            mime="text/csv",
            on_click="ignore",
            key="uploads example",
        )


def _said(language: Language, turn: int) -> None:
    """What holds where a row says nothing."""
    defaults: dict[str, str] = st.session_state["uploads defaults"]
    with st.expander(language.say("What holds where a row says nothing")):
        columns = st.columns(len(_DEFAULTS))
        for column, (field, title) in zip(columns, _DEFAULTS.items(), strict=True):
            key = f"uploads {field} {turn} {field in defaults}"
            value = column.text_input(
                language.translate(title), defaults.get(field, ""), max_chars=200, key=key
            ).strip()
            if value and value != defaults.get(field):
                st.session_state["uploads defaults"] = defaults = defaults | {field: value}


def _forget() -> None:
    """Keep nothing of a file that was left or taken away."""
    brought.forget()
    for name in ("uploads sha256", trial.KEPT, "uploads report kept"):
        st.session_state.pop(name, None)


def _validated(file: Brought, language: Language) -> Report:
    """What would become of the file, found once for the same answers."""
    mapping, defaults = st.session_state["uploads mapping"], st.session_state["uploads defaults"]
    today = datetime.now(UTC).date()
    asked = (file.sha256, file.filename, dict(mapping), dict(defaults), today)
    kept = st.session_state.get("uploads report kept")
    if kept is not None and kept[0] == asked:
        found: Report = kept[1]
        return found
    reading = language.say("Reading the file")
    bar = st.progress(0.0, reading)

    def tell(done: int, of: int) -> None:
        bar.progress(min(1.0, done / max(of, 1)), reading)

    try:
        found = ingest.validate(
            file.data,
            file.filename,
            mapping=mapping,
            defaults=defaults,
            day=today,
            progress=tell,
        )
    finally:
        bar.empty()
    st.session_state["uploads report kept"] = (asked, found)
    return found


# ---- tried, saved, published


def _keep(shown: Layers, data: bytes, told: Report, person: Person, language: Language) -> None:
    shelf.heading(
        "uploads keep",
        language.say(_KEEP if person.may("draft") else _LOOK),
        language.say(_KEEP_LEAD if person.may("draft") else _LOOK_LEAD),
    )
    left, right = st.columns(2)
    title = left.text_input(
        language.say("Title of the layer"),
        told.filename.rpartition(".")[0][:200],
        max_chars=200,
        key=f"uploads title {told.sha256}",
    )
    corrects = shelf.corrected(right, person, language) if person.may("draft") else None
    upload = Upload(data, told, title, corrects)
    about = (report.key(told), title, corrects and corrects[0], person.name)
    with st.container(horizontal=True):
        opens = st.button(
            language.say("Open it without publishing"),
            key="uploads open",
            help=language.say("On a map of its own, anywhere on Earth. Only you see it."),
        )
        tries = st.button(language.say("What would it change?"), key="uploads try")
        saves = person.may("draft") and st.button(language.say("Save draft"), key="uploads save")
        tried = trial.kept(about, corrects, shown)
        publishes = person.may("publish") and st.button(
            language.say("Publish"),
            type="primary",
            disabled=tried is None,
            key="uploads publish",
            help=None if tried else language.say("First see what it would change."),
        )
    try:
        if opens:
            with st.spinner(language.say("Cutting the map with it")):
                alone.begin(shown, upload)
            alone.turn_to(language)
        if saves:
            _leave(shelf.save(upload, person, language))
        if publishes and tried is not None and tried.now:
            _leave(shelf.put_up(upload, person, tried.made, language))
        if tries or (tried is not None and not tried.now):
            made = trial.rehearsed(shown, upload, language)
            trial.keep(about, corrects, shown, made, meanwhile=not tries)
            st.rerun()  # the button that publishes is above
        if tried is not None:
            trial.show(tried, language)
    except GeoError as error:
        failed(error, language)


def _leave(told: Mapping[str, Any]) -> None:
    """Begin anew, and say what was done."""
    st.session_state["uploads told"] = told
    st.session_state["uploads turn"] += 1
    _forget()
    st.rerun()
