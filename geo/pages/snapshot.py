"""The snapshot page: what a newsroom takes away, seen as it will be."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from geo import boundaries, browser, languages, roster, tables, words
from geo.errors import SnapshotError
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, desk, loading, spoken, takeaway
from geo.pages.desk import Sheet
from geo.snapshots import extents
from geo.snapshots.extents import Extent
from geo.snapshots.findings import BLOCK
from geo.snapshots.presets import PRESETS, Preset
from geo.snapshots.request import Snapshot
from geo.view import View

TITLE = message("Take it away")
LEAD = message(
    "A picture of the map as it can be published, its words written from the claims, with a code "
    "by which anyone can check it years later."
)
GROUNDS = {
    "country": message("The whole country"),
    "view": message("What the map showed"),
    "region": message("A region"),
    "place": message("Around a place"),
}
FILES = (
    (".svg", 1, message("SVG, to edit")),
    (".pdf", 1, message("PDF, to print")),
    (".png", 2, message("PNG, double")),
    (".html", 1, message("Page with slider")),
    (".zip", 1, message("Data pack")),
)
_MIME = {
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".zip": "application/zip",
}
_RADIUS = (20, 300, 75)  # km: least, most, at first

part = st.components.v2.component(
    "snapshot",
    html='<div class="snapshot"></div>',
    css=assets.text("theme.css") + assets.text("snapshot.css"),
    js=browser.text("source.js", "snapshot.js"),
)


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    with loading.reading(language, message("Nothing can be taken away.")):
        layers, fault = loading.shipped()
    st.html(assets.style("page.css"))
    if "taken" not in st.session_state:
        st.session_state.taken = loading.opened(
            layers, loading.carried(st.query_params.to_dict()), language
        )
    opened, problems = st.session_state.taken
    notices = [*problems, *([fault] if fault else [])]
    told = {"title": language.say(TITLE), "lead": language.say(LEAD), "notices": notices}
    part(key="snapshot heading", data={"part": "heading", "level": "h1"} | told)
    _desk(layers, opened, language)
    takeaway.verify(layers, language, part)


@st.fragment
def _desk(layers: Layers, opened: View, language: Language) -> None:
    """Choices, preview, files; reruns alone when another thing is chosen."""
    shown, chosen = st.columns([1.7, 1], gap="medium")
    with chosen:
        asked = _chosen(layers, opened, language)
    with shown:
        try:
            with st.spinner(language.say("Drawing")):
                sheet = desk.sheet(layers, asked)
        except SnapshotError as error:
            st.error(language.say("This picture cannot be drawn."))
            st.text(str(error))  # plain text: the message may quote what was typed
            return
        _preview(sheet, language)
    with chosen:
        _files(sheet, language)
        takeaway.embed(sheet, language)
        takeaway.film(sheet, language)


# ---- what is chosen


def _chosen(layers: Layers, opened: View, language: Language) -> Snapshot:
    """The picture that is asked for, with the words that were edited."""
    preset = _preset(language)
    left, right = st.columns(2)
    with left:
        day = _day(layers, opened.day, language)
    with right:
        spoken_in = _language(language)
    ground = _ground(layers, opened, day, language)
    known = _known(layers, opened, language)
    seen = replace(
        opened,
        day=day,
        camera=opened.camera if ground == "view" else None,
        at=None,
        known_on=known,
        language=spoken_in,
    )
    asked = Snapshot(
        seen,
        preset,
        ground if isinstance(ground, Extent) else None,
        _days(layers, preset, day, language),
        address=desk.address(),
    )
    return _worded(layers, asked, language)


def _preset(language: Language) -> Preset:
    def named(name: str) -> str:
        preset = PRESETS[name]
        wide, high = preset.pixels if preset.unit == "px" else (preset.width, preset.height)
        scale = 1 if preset.unit == "px" else 25.4 / 72
        size = f"{round(wide * scale)} x {round(high * scale)} {preset.unit}"
        return f"{language.say(preset.title)} · {size}"

    names = list(PRESETS)
    chosen: str = st.selectbox(
        language.say("Size"),
        names,
        index=names.index("article"),
        format_func=named,
        key="snapshot preset",
    )
    return PRESETS[chosen]


def _day(layers: Layers, day: date, language: Language) -> date:
    data = layers.dataset
    chosen: date = st.date_input(
        language.say("Day"),
        day,
        min_value=data.first_day,
        max_value=data.supported_until,
        format="YYYY-MM-DD",
        key="snapshot day",
    )
    return chosen


def _language(language: Language) -> Language:
    chosen: Any = st.segmented_control(
        language.say("Language of the picture"),
        list(languages.CODES),
        default=language.code,
        format_func=lambda code: languages.NAMES[code],
        key="snapshot language",
    )
    return Language(chosen or language.code)


def _ground(layers: Layers, opened: View, day: date, language: Language) -> Extent | str:
    """The ground to be seen: an extent, `view`, or `country`."""
    kinds = [kind for kind in GROUNDS if kind != "view" or opened.camera is not None]
    kind: str = st.selectbox(
        language.say("Ground"),
        kinds,
        index=kinds.index("view") if "view" in kinds else 0,
        format_func=lambda key: language.say(GROUNDS[key]),
        key="snapshot ground",
    )
    if kind == "region":
        regions = layers.regions[boundaries.edition_on(day).name]
        names = dict(zip(regions.index, regions["name_fr"], strict=True))
        region: str = st.selectbox(
            language.say("Region"),
            sorted(names, key=names.__getitem__),
            format_func=lambda key: names[key],
            key=f"snapshot region {boundaries.edition_on(day).name}",
        )
        return extents.parse(f"region:{region}", layers, day, language)
    if kind == "place":
        return _around(layers, language)
    return kind


def _around(layers: Layers, language: Language) -> Extent:
    rows = tables.rows(layers.places.sort_values(["rank", "name_fr"]))
    names = {row["place"]: language.place(row) for row in rows}
    place: str = st.selectbox(
        language.say("Place"), list(names), format_func=lambda key: names[key], key="snapshot place"
    )
    least, most, first = _RADIUS
    km = st.slider(language.say("Radius, km"), least, most, first, step=5, key="snapshot radius")
    return extents.around(place, km, layers)


def _known(layers: Layers, opened: View, language: Language) -> date | None:
    data = layers.dataset
    known: date | None = st.date_input(
        language.say("As known on (empty: everything known)"),
        opened.known_on,
        min_value=data.first_day,
        max_value=data.compiled_on,
        format="YYYY-MM-DD",
        key="snapshot known",
    )
    return known


def _days(layers: Layers, preset: Preset, last: date, language: Language) -> tuple[date, ...]:
    """The days of a preset with several maps; the earlier ones are chosen here."""
    if preset.shown == 1:
        return ()
    first = layers.dataset.first_day
    span = (last - first).days
    found = [last]
    for number, column in enumerate(st.columns(preset.shown - 1)):
        at = first + timedelta(days=round(span * (number + 1) / preset.shown))
        day: date = column.date_input(
            language.say("Earlier day {number}", number=number + 1),
            at,
            min_value=first,
            max_value=layers.dataset.supported_until,
            format="YYYY-MM-DD",
            key=f"snapshot day {number}",
        )
        found.append(day)
    return tuple(sorted(found))


def _worded(layers: Layers, asked: Snapshot, language: Language) -> Snapshot:
    """Headline, caption and alt text, as they are written from the claims or edited."""
    with st.expander(language.say("Words, to edit")):
        try:
            said = desk.sheet(layers, asked).drawing.words
        except SnapshotError:  # told where the picture would be
            return asked
        edited: dict[str, str | None] = {}
        for name, label, high in (
            ("headline", language.say("Headline"), None),
            ("caption", language.say("Caption"), 200),
            ("alt", language.say("Alt text, for those who do not see it"), 140),
        ):
            own = getattr(said, name)
            # Written anew from the claims, a field begins anew; an edit stays as long as they do.
            key = f"snapshot {name} {hashlib.sha256(own.encode()).hexdigest()[:12]}"
            text = (
                st.text_input(label, own, key=key)
                if high is None
                else st.text_area(label, own, height=high, key=key)
            )
            edited[name] = None if not text or text == own else text
    return replace(asked, headline=edited["headline"], caption=edited["caption"], alt=edited["alt"])


# ---- what is shown


def _preview(sheet: Sheet, language: Language) -> None:
    drawn = sheet.drawing
    seen = drawn.snapshot.view
    wide, high = drawn.snapshot.preset.pixels
    blocks = [one.message for one in sheet.findings if one.severity == BLOCK]
    warns = [one.message for one in sheet.findings if one.severity != BLOCK]
    part(
        key="snapshot preview",
        data={
            "part": "preview",
            "image": f"data:image/png;base64,{base64.b64encode(sheet.png).decode()}",
            "alt": drawn.words.alt,
            "about": [
                language.say(
                    "{wide} x {high} pixels, {size} kB. Check code {code}.",
                    wide=wide,
                    high=high,
                    size=language.number(round(len(sheet.png) / 1000)),
                    code=drawn.code,
                ),
                language.say(
                    "What counts here: {heard}.",
                    heard=words.heard(
                        language, seen, roster.said(sheet.layers, replace(seen, language=language))
                    ),
                ),
            ],
            "blocked": language.say("This must not go out"),
            "warned": language.say("Look again before it goes out"),
            "blocks": blocks,
            "warns": warns,
        },
    )


def _files(sheet: Sheet, language: Language) -> None:
    """The buttons; a file is made when it is asked for."""
    st.download_button(
        language.say("Download the picture (PNG)"),
        sheet.file(".png"),
        file_name=sheet.name(".png"),
        mime=_MIME[".png"],
        type="primary",
        width="stretch",
        on_click="ignore",
        disabled=sheet.blocked,
        key="snapshot png",
    )
    with st.container(horizontal=True, key="snapshot_files"):
        for ending, scale, title in FILES:
            st.download_button(
                language.say(title),
                sheet.file(ending, scale=scale),
                file_name=sheet.name(ending, scale=scale),
                mime=_MIME[ending],
                on_click="ignore",
                disabled=sheet.blocked,
                key=f"snapshot {ending} {scale}",
            )
