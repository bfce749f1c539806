"""Two versions of a layer against each other: the page in place of the list of layers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from geo import layers
from geo.errors import GeoError
from geo.languages import Language, message
from geo.pages import loading, shelf, trial
from geo.sheets import rehearsal, revised
from geo.sheets.rehearsal import Rehearsal
from geo.sheets.revised import Teller
from geo.store import engine, known, published, revisions, where
from geo.store.people import Person
from geo.store.published import Edition
from geo.store.revisions import Revision
from geo.store.shelf import PUBLISHED, Layer, Version

_BRIEF = message("Version {version} was on the map for no whole day: no known-on day shows it.")
_ONE_DAY = timedelta(days=1)


def comparing() -> bool:
    """Whether this reader looks at two versions of a layer."""
    return shelf.COMPARING in st.session_state


def show(person: Person, language: Language) -> None:
    """What the one version says that the other does not, and what the map makes of it."""
    name = str(st.session_state[shelf.COMPARING])
    try:
        _show(name, person, language)
    except GeoError as error:
        shelf.failed(error, language)
        _back(language)


def _back(language: Language) -> None:
    if st.button(language.say("Back to all layers"), key="versions back"):
        st.session_state.pop(shelf.COMPARING, None)
        st.rerun()


def _show(name: str, person: Person, language: Language) -> None:
    store = engine.opened(where.address())
    found, editions = revisions.read(store, person, name)
    shelf.heading(
        "versions",
        language.say("Versions of {layer}: {title}", layer=name, title=_title(found)),
        language.say(
            "What the later one says otherwise, claim by claim, and what the map makes of it."
        ),
    )
    _back(language)
    numbers = _chosen(found, editions, language)
    _, editions = revisions.read(store, person, name, numbers)
    _compared(found, editions, language)


def _title(found: Layer) -> str:
    return (found.shown or found.newest).title


def _chosen(found: Layer, editions: tuple[Edition, Edition], language: Language) -> tuple[int, int]:
    """The two versions, as the reader chooses them."""
    told = {one.version: one for one in found.versions}
    numbers = list(told)
    usual = [numbers.index(edition.version) for edition in editions]
    heads = (language.say("The earlier version"), language.say("The later version"))
    chosen: list[int] = []
    for column, head, index, key in zip(st.columns(2), heads, usual, ("from", "to"), strict=True):
        number: Any = column.selectbox(
            head,
            numbers,
            index=index,
            format_func=lambda number: _named(told[number], language),
            key=f"versions {found.layer} {found.rev} {key}",
        )
        chosen.append(number)
    return chosen[0], chosen[1]


def _named(version: Version, language: Language) -> str:
    moment = version.published_at or version.saved_at
    told = {
        "version": version.version,
        "day": language.day(date.fromisoformat(moment[:10])),
        "name": version.published_by or version.saved_by,
    }
    if version.state == PUBLISHED:
        return language.say("Version {version}, published on {day} by {name}", **told)
    return language.say("Version {version}, a draft saved on {day} by {name}", **told)


def _compared(found: Layer, editions: tuple[Edition, Edition], language: Language) -> None:
    before, after = editions
    with st.spinner(language.say("Comparing the versions")):
        revision = revisions.between(before.claims, after.claims)
        told = known.side_by_side(layers.load(), found.layer, editions)
        ids = [known.apart(found.layer, edition.version) for edition in editions]
        heard = revised.sides(told, ids[0], ids[1])
        maps = [loading.resolved(told, one) for one in (heard.before, heard.after)]
        tried = Rehearsal(told, told, maps[0], maps[1], ids[1])
    teller = Teller(told, {**before.sources, **after.sources}, language)
    about = f"{found.layer}-{before.version}-{after.version}"
    trial.table("versions", revised.claims(revision, teller), about, language)
    if revision.revised:
        _mapped(found, tried, editions, revision, language)


def _mapped(
    found: Layer,
    tried: Rehearsal,
    editions: tuple[Edition, Edition],
    revision: Revision,
    language: Language,
) -> None:
    """What the map makes of it on a day, and the ways to the map as it was and as it is."""
    told, numbers = tried.after, [edition.version for edition in editions]
    data = told.dataset
    day: date = st.date_input(
        language.say("What the map makes of it on"),
        revised.first_day(revision, told),
        min_value=data.first_day,
        max_value=data.supported_until,
        format="YYYY-MM-DD",
        key=f"versions day {told.fingerprint[:16]}",
    )
    links = [
        link
        for number in numbers
        if (link := _link(found, number, revision, day, language)) is not None
    ]
    brief = [one.version for one in found.versions if _brief(found, one, numbers)]
    notes = [language.say(_BRIEF, version=number) for number in brief]
    shelf.part(key="versions links", data={"part": "links", "links": links, "notes": notes})
    heads = revised.heads(numbers[0], numbers[1], language)
    heard = revised.sides(told, *(known.apart(found.layer, number) for number in numbers))
    ranges = [loading.ranges(told, one) for one in (heard.before, heard.after)]
    ground = rehearsal.ledger(tried, day, language, heads)
    figures = rehearsal.figured(tried, ranges[0], ranges[1], day, language, heads)
    for name, sheet in (("versions ground", ground), ("versions figures", figures)):
        trial.table(name, sheet, day.isoformat(), language)


def _brief(found: Layer, version: Version, numbers: list[int]) -> bool:
    """Whether a version was published, and gone again before the day was over."""
    there = {spell.version for spell in published.spells(found.turns)}
    chosen = version.version in numbers and version.state == PUBLISHED
    return chosen and version.version not in there


def _link(
    found: Layer, number: int, revision: Revision, day: date, language: Language
) -> list[Any] | None:
    """The way to the map as it was known with a version; None: it was never there for a day."""
    spells = [spell for spell in published.spells(found.turns) if spell.version == number]
    if not spells:
        return None
    last = spells[-1]
    known_on = last.first if last.after is None else last.after - _ONE_DAY
    address = shelf.way(revision.revised[0].newest["geometry"], day, language, known_on)
    told = language.day(known_on)
    text = language.say(
        "The map as known on {day}, with version {version}", day=told, version=number
    )
    return [address, text]
