"""The layers that were uploaded, what may be done with them, and the log of what was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st
from shapely.geometry.base import BaseGeometry
from streamlit.delta_generator import DeltaGenerator

from geo import browser
from geo.claims import layers_of
from geo.errors import GeoError
from geo.ingest import Report
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, people
from geo.sheets import Cell, Sheet
from geo.sheets.rehearsal import Rehearsal
from geo.store import desk as doing
from geo.store import engine, known, shelf, trail, where
from geo.store.desk import Done, Upload
from geo.store.people import Person
from geo.store.shelf import DRAFT, PUBLISHED, WITHDRAWN, Layer, Version
from geo.view import Camera, View

Json = dict[str, Any]

_STATES = {
    DRAFT: message("Draft"),
    PUBLISHED: message("On the map"),
    WITHDRAWN: message("Withdrawn"),
}
_ACTIONS = {
    "try": message("What would it change?"),
    "compare": message("Compare versions"),
    "discard": message("Discard the draft"),
    "withdraw": message("Withdraw"),
    "restore": message("Restore"),
}
_PURGED = message("Removed for good, for safety")
_RIGHTS = {"try": "read-drafts", "compare": "read", "discard": "draft"}
# In the session: the layer whose draft is looked at, and the one whose versions are.
TRYING, COMPARING = "uploads trying", "uploads comparing"
_LOOKING = {"try": TRYING, "compare": COMPARING}
_DONE = {
    "draft": message("{layer} is saved as a draft. The map does not show it."),
    "publish": message("{layer} is on the map."),
    "withdraw": message("{layer} is off the map. A known-on day before today still shows it."),
    "restore": message("{layer} is on the map again."),
    "discard": message("The draft of {layer} is discarded."),
}
_LOGGED = {
    "draft": message("Draft saved"),
    "discard": message("Draft discarded"),
    "publish": message("Published"),
    "withdraw": message("Withdrawn"),
    "restore": message("Restored"),
    trail.PURGE: message("Removed for good"),
}
_CLOSE = 7.5  # the zoom at which a town and its cercle are seen
_WHEN, _WHO, _WHAT = message("When (UTC)"), message("Who"), message("What was done")
_LAYER, _VERSION, _REASON = message("Layer"), message("Version"), message("Reason")

part = st.components.v2.component(
    "uploads",
    html='<div class="uploads"></div>',
    css=assets.text("theme.css") + assets.text("uploads.css"),
    js=browser.text("source.js", "uploads.js"),
)


def heading(
    key: str,
    title: str,
    lead: str = "",
    *,
    level: str = "h2",
    notices: Sequence[str] = (),
    link: list[Any] | None = None,
) -> None:
    """A heading; `link` is an address and its text."""
    told = {"level": level, "title": title, "lead": lead, "notices": list(notices), "link": link}
    part(key=f"{key} heading", data={"part": "heading", **told})


def table(key: str, made: Sheet, file_name: str, said: str) -> None:
    """A table, and its download if there is anything in it; `said` is on the button."""
    part(key=key, data={"part": "sheet", **made.data()})
    if made.rows:
        st.download_button(
            said,
            made.csv(),
            file_name=file_name,
            mime="text/csv",
            on_click="ignore",
            key=f"{key} csv",
        )


def failed(error: GeoError, language: Language) -> None:
    """Say why something was not done."""
    st.error(language.say("This was not done."))
    st.text(language.fault(error))  # plain text: the message may quote what was typed


# ---- changes


def save(upload: Upload, person: Person, language: Language) -> Json:
    """Keep a draft; what to tell of it."""
    done = doing.save(_store(), people.still(person), upload, at=datetime.now(UTC))
    return _told("draft", done, language)


def put_up(upload: Upload, person: Person, tried: Rehearsal, language: Language) -> Json:
    """Publish what was tried; what to tell of it."""
    done = doing.put_up(_store(), people.still(person), upload, at=datetime.now(UTC))
    told = _told("publish", done, language)
    return told | {"link": _link(tried.after, done.layer.layer, language)}


def corrected(column: DeltaGenerator, person: Person, language: Language) -> tuple[str, int] | None:
    """The layer of which a file is the next version, as seen now; None: a new one."""
    found = {one.layer: one for one in _layers(person) if one.state != WITHDRAWN and not one.draft}
    chosen = column.selectbox(
        language.say("What it is"),
        ["", *found],
        format_func=lambda name: (
            language.say("The next version of {layer}", layer=name)
            if name
            else language.say("A new layer")
        ),
        key="uploads corrects",
    )
    return (chosen, found[chosen].rev) if chosen else None


def _change(told: Mapping[str, Any], person: Person, language: Language) -> Json:
    """Do what was clicked."""
    person = people.still(person)
    name, rev, action = str(told.get("layer")), int(told.get("rev") or 0), str(told.get("action"))
    store, at = _store(), datetime.now(UTC)
    if action == "discard":
        doing.discard(store, person, name, rev=rev, at=at)
        said = language.say(_DONE[action], layer=name)
        return {"notices": [said], "link": None}
    if action == "withdraw":
        reason = str(told.get("reason") or "")
        done = doing.withdraw(store, person, name, rev=rev, at=at, reason=reason)
        return _told(action, done, language)
    done = doing.restore(store, person, name, rev=rev, at=at)
    after = known.load()
    return _told(action, done, language) | {"link": _link(after, name, language)}


def draft(person: Person, name: str) -> tuple[Upload, int] | None:
    """The draft of a layer as it came, and the revision it was seen in; None: there is none."""
    store = _store()
    found = next((one for one in _layers(person) if one.layer == name), None)
    if found is None or found.draft is None:
        return None
    told = found.draft
    claims = shelf.claims(store, person, name, told.version)
    text = json.dumps(shelf.report(store, person, name, told.version))
    upload = Upload(b"", Report.from_json(text, claims), told.title, (name, found.rev))
    return upload, found.rev


def publish(person: Person, name: str, rev: int, tried: Rehearsal, language: Language) -> Json:
    """Publish a draft that was tried; what to tell of it."""
    done = doing.publish(_store(), people.still(person), name, rev=rev, at=datetime.now(UTC))
    return _told("publish", done, language) | {"link": _link(tried.after, name, language)}


def _told(action: str, done: Done, language: Language) -> Json:
    said = language.say(_DONE[action], layer=done.layer.layer)
    head = language.say("Head of the audit log: {hash}", hash=done.head)
    return {"notices": [said, head], "link": None}


def _link(told_by: Layers, layer: str, language: Language) -> list[Any] | None:
    """The way to the last claim of a layer on the map."""
    told = told_by.claims
    told = told[(layers_of(told["claim_id"]) == layer) & told["corrected_on"].isna()]
    if told.empty:
        return None
    newest = told.loc[told["valid_from"].idxmax()]
    data = told_by.dataset
    day = min(max(newest["valid_from"].date(), data.first_day), data.supported_until)
    return [way(newest.geometry, day, language), language.say("See it on the map")]


def way(ground: BaseGeometry, day: date, language: Language, known_on: date | None = None) -> Json:
    """The address of the map that shows some ground on a day, with its details."""
    point = ground.representative_point()
    lon, lat = round(point.x, 4), round(point.y, 4)
    seen = View(day, Camera(_CLOSE, lat, lon), (lon, lat), known_on, language=language)
    return seen.query()


# ---- what is there


def show(shown: Layers, person: Person, language: Language) -> None:
    """The list of layers, and the audit log for whoever may read it."""
    try:
        _show(shown, person, language)
    except GeoError as error:
        failed(error, language)


def _show(shown: Layers, person: Person, language: Language) -> None:
    found = _layers(person)
    heading("uploads layers", language.say("Layers"))
    answer: Json | None = part(
        key="uploads shelf",
        data={
            "part": "shelf",
            "none": language.say("No layer has been uploaded."),
            "layers": [_document(one, shown, person, language) for one in reversed(found)],
        },
        on_answer_change=lambda: None,
    ).answer
    if answer:
        if answer.get("action") in _LOOKING:
            st.session_state[_LOOKING[answer["action"]]] = str(answer.get("layer"))
        else:
            st.session_state["uploads told"] = _change(answer, person, language)
        st.rerun()
    if person.may("audit"):
        _log(person, language)


def _document(one: Layer, shown: Layers, person: Person, language: Language) -> Json:
    return {
        "layer": one.layer,
        "rev": one.rev,
        "title": one.newest.title,
        "state": language.translate(_PURGED if one.purged else _STATES[one.state]),
        "lines": [
            *(_version(version, person, language) for version in one.versions),
            *_turns(one, language),
        ],
        "link": _link(shown, one.layer, language) if one.state == PUBLISHED else None,
        "actions": [[name, language.translate(_ACTIONS[name])] for name in _open(one, person)],
        "reason": language.say("Reason, for the audit log")
        if "withdraw" in _open(one, person)
        else "",
    }


def _open(one: Layer, person: Person) -> list[str]:
    """What this person may do with a layer now."""
    wanted: list[str] = []
    if one.purged:
        return wanted
    if one.draft and one.state != WITHDRAWN:
        wanted.append("try")
    if len(one.versions) > 1:
        wanted.append("compare")
    if one.draft:
        wanted.append("discard")
    if one.state == PUBLISHED:
        wanted.append("withdraw")
    if one.state == WITHDRAWN:
        wanted.append("restore")
    return [name for name in wanted if _may(name, one, person)]


def _may(name: str, one: Layer, person: Person) -> bool:
    if name != "discard":
        return person.may(_RIGHTS.get(name, name))
    own = one.draft is not None and person.wrote(one.draft.saved_by)
    return person.may("draft") and (own or person.may("draft-of-others"))


def _version(version: Version, person: Person, language: Language) -> str:
    told = {
        "version": version.version,
        "claims": language.plural("{number} claim", "{number} claims", version.claims),
        "file": version.filename,
        "moment": _moment(version.published_at or version.saved_at),
        "name": version.published_by or version.saved_by,
    }
    if version.state != PUBLISHED:
        return language.say(
            "version {version}: {claims} from {file}, a draft saved {moment} UTC by {name}", **told
        )
    if not person.may("read-drafts"):  # who it was is nothing for every reader of the map
        return language.say(
            "version {version}: {claims} from {file}, published {moment} UTC", **told
        )
    return language.say(
        "version {version}: {claims} from {file}, published {moment} UTC by {name}", **told
    )


def _turns(one: Layer, language: Language) -> Iterator[str]:
    for turn in one.turns:
        if turn.action != "publish":
            withdrew = turn.action == "withdraw"
            day = language.day(turn.day)
            said = (
                language.say("withdrawn on {day}", day=day)
                if withdrew
                else language.say("restored on {day}", day=day)
            )
            yield f"{said}{f': {turn.reason}' if turn.reason else ''}"
    if one.purged:
        yield language.say("removed for good on {day}", day=_day(one.purged, language))


def _log(person: Person, language: Language) -> None:
    entries = [] if where.absent(where.address()) else trail.entries(_store(), person)
    said = language.say("Download the audit log as CSV")
    table("uploads log", log(entries, language), "audit-log.csv", said)


def log(entries: list[dict[str, Any]], language: Language) -> Sheet:
    """The audit log as a table, the newest entry first."""
    heads = ("№", _WHEN, _WHO, _WHAT, _LAYER, _VERSION, _REASON)
    rows = [
        (
            Cell(str(entry["n"])),
            Cell(_moment(entry["at"])),
            Cell(entry["who"]),
            Cell(language.translate(_LOGGED[entry["action"]])),
            Cell(entry["layer"]),
            Cell(str(entry["detail"]["version"] or "")),
            Cell(entry["detail"].get("reason") or ""),
        )
        for entry in reversed(entries)
    ]
    lead = language.plural("{number} entry in the log.", "{number} entries in the log.", len(rows))
    if entries:
        lead += " " + language.say("Head of the audit log: {hash}", hash=entries[-1]["hash"])
    columns = tuple((language.translate(name), False) for name in heads)
    return Sheet(language.say("Audit log"), lead, columns, tuple(rows))


def _day(told: str, language: Language) -> str:
    return language.day(date.fromisoformat(told[:10]))


def _moment(told: str) -> str:
    return told.replace("T", " ").rstrip("Z")


def _layers(person: Person) -> list[Layer]:
    return [] if where.absent(where.address()) else shelf.layers(_store(), person)


def _store() -> engine.Store:
    return engine.opened(where.address())
