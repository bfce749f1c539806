"""What a layer would change, before it is published: two maps, and what differs in tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from geo import layers, sheets
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, compare, loading, shelf
from geo.sheets import changing, rehearsal
from geo.sheets.rehearsal import Rehearsal
from geo.store import known
from geo.store.desk import Upload

TEXT = {
    "both": message("Both maps on"),
    "bothDate": message("Date of both maps"),
    "bothSlider": message("Date of both maps, as a slider"),
    "earlier": message("Earlier change"),
    "later": message("Later change"),
    "faded": message(
        "Ground that the layer changes keeps its colours; what stays as it is has faded. Move or "
        "zoom one map, and the other follows."
    ),
}
_NEVER = message("The layer changes the ground on no day at all: everything on both maps is alike.")
_SIDES = {"from": message("Without the layer"), "to": message("With the layer")}


KEPT = "uploads tried"  # in the session: what was tried last
_MEANWHILE = message(
    "Somebody published, withdrew or restored a layer while you were looking. Nothing of yours was "
    "published, and nothing is lost: this is what would change now."
)


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What a reader has tried.

    Attributes
    ----------
    made
        The map without the layer and with it.
    now
        Whether the map and the layer that is corrected are still what they were then.
    meanwhile
        Whether it was tried again because they were not.
    """

    made: Rehearsal
    now: bool
    meanwhile: bool


Corrects = tuple[str, int] | None


def keep(
    about: object, corrects: Corrects, shown: Layers, made: Rehearsal, *, meanwhile: bool = False
) -> None:
    """Remember what was tried, for as long as nothing else is."""
    st.session_state[KEPT] = (about, (corrects, shown.fingerprint), made, meanwhile)


def kept(about: object, corrects: Corrects, shown: Layers) -> Tried | None:
    """What was tried of this; None: nothing, or something else."""
    told = st.session_state.get(KEPT)
    if told is None or told[0] != about:
        return None
    return Tried(told[2], told[1] == (corrects, shown.fingerprint), told[3])


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """What is on the page: `marks` and `days` as `changing` has them."""

    tried: Rehearsal
    marks: list[changing.Json]
    days: list[int]
    language: Language

    @property
    def key(self) -> str:
        return self.tried.after.fingerprint[:16]


def rehearsed(shown: Layers, upload: Upload, language: Language) -> Rehearsal:
    """The map without an upload and with it. What could not be drawn is refused here."""
    with st.spinner(language.say("Cutting the map with it")):
        day = datetime.now(UTC).date()
        after = known.foreseen(layers.load(), upload, day)
        before = known.reaching(shown, after.dataset.supported_until)
        new = after.published.index.difference(shown.published.index)
        layer = upload.corrects[0] if upload.corrects else str(new[0])
        return Rehearsal(before, after, loading.resolved(before), loading.resolved(after), layer)


def show(kept: Tried, language: Language) -> None:
    """Draw both maps and the tables of a day.

    Raises
    ------
    GeoError
        It cannot be drawn.
    """
    tried = kept.made
    if kept.meanwhile:
        st.warning(language.say(_MEANWHILE))
    with st.spinner(language.say("Drawing the map with it")):
        marks = changing.marks(tried)
        data = tried.after.dataset
        days = changing.days(marks, data.first_day, data.supported_until)
        payloads = {
            "from": _payload(tried.before, language),
            "to": _payload(tried.after, language),
        }
    shown = _Shown(tried, marks, days, language)
    _date(shown)
    for column, (side, title) in zip(st.columns(2, gap="medium"), _SIDES.items(), strict=True):
        with column:
            told = {"level": "h3", "title": language.translate(title), "lead": ""}
            compare.part(key=f"trial {side} {shown.key}", data={"part": "title"} | told)
            compare.drawn(payloads[side], side)
    text = language.all(compare.TEXT | TEXT)
    compare.part(key=f"trial legend {shown.key}", data={"part": "legend", "text": text})
    _tables(shown)


def _payload(layers: Layers, language: Language) -> str:
    timeline = loading.resolved(layers)
    return assets.publish(layers.fingerprint, loading.EVERYTHING, language, layers, timeline)


def _date(shown: _Shown) -> None:
    data, language = shown.tried.after.dataset, shown.language
    compare.part(
        key=f"trial both {shown.key}",
        data={
            "part": "side",
            "side": "both",
            "days": shown.days,
            "firstDay": data.first_day.isoformat(),
            "last": (data.supported_until - data.first_day).days,
            "day": (_day(shown) - data.first_day).days,
            "other": 0,
            "language": language.tag,
            "text": language.all(compare.TEXT | TEXT),
        },
    )


def _day(shown: _Shown) -> date:
    """The day both maps show, once it has settled."""
    told = st.session_state.get(f"trial twin {shown.key}", {}).get("view")
    data = shown.tried.after.dataset
    try:
        day = date.fromisoformat(told["to"])
    except (KeyError, TypeError, ValueError):
        return shown.tried.first_day
    return min(max(day, data.first_day), data.supported_until)


@st.fragment
def _tables(shown: _Shown) -> None:
    """What differs on the day; reruns alone when the day settles."""
    tried, language = shown.tried, shown.language
    day = _day(shown)
    compare.part(
        key=f"trial twin {shown.key}",
        data={
            "part": "twin",
            "firstDay": tried.after.dataset.first_day.isoformat(),
            "view": {"from": day.isoformat(), "to": day.isoformat()},
            "marks": shown.marks,
            "text": language.all(TEXT) | ({} if shown.days else {"faded": language.say(_NEVER)}),
        },
        on_view_change=lambda: None,
    )
    ranges = loading.ranges(tried.before), loading.ranges(tried.after)
    for name, sheet in {
        "ledger": rehearsal.ledger(tried, day, language),
        "figures": rehearsal.figured(tried, *ranges, day, language),
        "claims": rehearsal.met(tried, day, language),
    }.items():
        table(name, sheet, day.isoformat(), language)


def table(name: str, sheet: sheets.Sheet, about: str, language: Language) -> None:
    """A table with its download."""
    said = language.say("Download this table as CSV")
    shelf.table(f"uploads {name}", sheet, f"{name}-{about}.csv", said)
