"""What every page reads, cached by its content."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from math import inf
from time import monotonic

import streamlit as st

from geo import answers, cache, effects, figures, layers, roster, timeline, view, words
from geo.composite import Composite
from geo.errors import GeoError, StoreError
from geo.figures import Ranges
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import spoken
from geo.store import known
from geo.timeline import Filters, Timeline
from geo.view import View

EVERYTHING = Filters()
READING = message("Reading the claims")
LATELY = 5  # s
DRAWING = message("Reading the claims and drawing the map")


@contextmanager
def reading(language: Language, refusal: str, doing: str = READING) -> Iterator[None]:
    """What a page cannot do without: if it fails, the page says `refusal` and why, and ends.

    Both are messages, not yet translated.
    """
    try:
        with st.spinner(language.translate(doing)):
            yield
    except GeoError as error:
        st.error(language.translate(refusal))
        st.text(language.fault(error))  # plain text: the message may quote a file
        st.stop()


def opened(
    layers: Layers, query: Mapping[str, str], language: Language
) -> tuple[View, tuple[str, ...]]:
    """The view of an address and what was wrong with it; without a date, of the opening day."""
    dated = {"date": layers.opening_day.isoformat(), **query}
    data = layers.dataset
    seen, problems = view.parse(
        dated, first=data.first_day, last=data.supported_until, language=language
    )
    seen, strange = roster.checked(layers, seen)
    return seen, (*problems, *strange)


def carried(query: Mapping[str, str]) -> dict[str, str]:
    """An address, with what counts on the map of this session where it says nothing of that.

    The links at the top of every page name no view: what a reader switched off on the map stays
    switched off on the next page.
    """
    chosen: tuple[View, tuple[str, ...]] | None = st.session_state.get("opened")
    if chosen is None or any(query.get(name) for name in view.HEARING):
        return dict(query)
    said = chosen[0].query()
    return {**query, **{name: said[name] for name in view.HEARING if name in said}}


def narrowed(layers: Layers, seen: View) -> list[str]:
    """What counts on a page where it cannot be chosen; nothing where everything does."""
    if roster.filters(layers, seen) == EVERYTHING:
        return []
    heard = words.heard(seen.language, seen, roster.said(layers, seen))
    return [seen.language.say("Heard: {heard}. What counts is chosen on the map.", heard=heard)]


class _LastGood:
    """The layers that were last read without a fault, for as long as the app runs.

    `asked` is when it was last seen whether they are still those of the files and the store, by
    the process's own clock, and `fault` what was wrong then.
    """

    layers: Layers | None = None
    fault: GeoError | None = None
    asked = -inf


@st.cache_resource
def _last_good() -> _LastGood:
    return _LastGood()


@st.cache_resource(max_entries=2, show_spinner=False)
def _read(fingerprint: str) -> Layers:  # noqa: ARG001 -- the content is the key of the cache
    return known.load()


# The map that readers see, and beside it what somebody tries: that is some 0.2 GB each for a long
# series, so only as many are kept as a few editors look at.
@st.cache_resource(max_entries=4, show_spinner=False)
def _tried(fingerprint: str, filters: Filters, _layers: Layers) -> Timeline:  # noqa: ARG001 -- likewise
    composite = cache.composite(_layers.claims, _layers.units)
    resolved = resolve(composite, filters, _layers)
    _set_aside()
    return resolved


def _set_aside() -> None:
    """Take what is there by now, modules and layers, out of the search for garbage.

    Streamlit searches everything after every run of the script (`runner.postScriptGC`), so that no
    session leaves memory behind: a tenth of a second, four times the work of an answer. What came
    since the last call is still searched; what was set aside and is no longer in use goes here.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@st.cache_resource(max_entries=32, show_spinner=False)
def _resolved(fingerprint: str, filters: Filters, _layers: Layers) -> Timeline:
    if filters == EVERYTHING:
        return _tried(fingerprint, filters, _layers)
    return resolve(resolved(_layers).composite, filters, _layers)


def resolve(composite: Composite, filters: Filters, layers: Layers) -> Timeline:
    """The timeline of ground that is cut, made anew: `resolved` keeps it."""
    return timeline.resolve(
        composite,
        known_on=filters.known_on,
        sources=filters.sources,
        min_confidence=filters.min_confidence,
        layers=filters.layers,
        supported_until=layers.dataset.supported_until,
    )


def resolved(layers: Layers, filters: Filters = EVERYTHING) -> Timeline:
    """The timeline of some layers, hearing only what `filters` lets through."""
    if not _shown(layers):
        return _tried(layers.fingerprint, filters, layers)
    return _resolved(layers.fingerprint, filters, layers)


def _shown(layers: Layers) -> bool:
    """Whether this is the map that readers see, which what others try must not push out."""
    good = _last_good().layers
    return good is None or good.fingerprint == layers.fingerprint


@st.cache_resource(max_entries=32, show_spinner=False)
def _elsewhen(
    fingerprint: str,  # noqa: ARG001 -- likewise
    filters: Filters,
    language: Language,
    _layers: Layers,
) -> list[answers.Json]:
    return answers.elsewhen(_layers, resolved(_layers, filters), language)


def elsewhen(layers: Layers, filters: Filters, language: Language) -> list[answers.Json]:
    """Every period in which sources differ: the same list on every day."""
    return _elsewhen(layers.fingerprint, filters, language, layers)


@st.cache_resource(max_entries=4, show_spinner=False)
def _tried_ranges(fingerprint: str, filters: Filters, _layers: Layers) -> Ranges:  # noqa: ARG001 -- likewise
    return figures.ranges(resolved(_layers, filters), _layers.places)


@st.cache_resource(max_entries=16, show_spinner=False)
def _ranges(fingerprint: str, filters: Filters, _layers: Layers) -> Ranges:
    if filters == EVERYTHING:
        return _tried_ranges(fingerprint, filters, _layers)
    return figures.ranges(resolved(_layers, filters), _layers.places)


@st.cache_resource(max_entries=64, show_spinner=False)
def _effect(
    fingerprint: str,  # noqa: ARG001 -- likewise
    filters: Filters,
    day: date,
    language: Language,
    _layers: Layers,
) -> effects.Json:
    everything, chosen = (
        _ranges(_layers.fingerprint, some, _layers) for some in (EVERYTHING, filters)
    )
    return effects.on(_layers, everything, chosen, day, language)


def ranges(layers: Layers, filters: Filters = EVERYTHING) -> Ranges:
    """The figures of all days."""
    if not _shown(layers):
        return _tried_ranges(layers.fingerprint, filters, layers)
    return _ranges(layers.fingerprint, filters, layers)


def effect(layers: Layers, filters: Filters, day: date, language: Language) -> effects.Json | None:
    """What filters do to the figures of a day; None where everything counts."""
    if filters == EVERYTHING:
        return None
    return _effect(layers.fingerprint, filters, day, language, layers)


@st.cache_resource(max_entries=1, show_spinner=False)
def _read_shipped(fingerprint: str) -> Layers:  # noqa: ARG001 -- likewise
    return layers.load()


def shipped() -> tuple[Layers, str | None]:
    """The layers as they are now, shipped and published, and a sentence if some had to be older.

    A file that was damaged, or a store that went away, while the app runs leaves the last good
    state in place.

    Raises
    ------
    GeoError
        The layers cannot be read, and never could since the app was started.
    """
    good = _last_good()
    good.fault, good.asked = None, monotonic()
    try:
        good.layers = _read(known.stamp())
    except GeoError as error:
        if good.layers is None and not isinstance(error, StoreError):
            raise
        good.fault = error
    return _told(good)


def lately() -> tuple[Layers, str | None]:
    """`shipped`, as any page of this process found it in the last `LATELY` seconds.

    For answers within a page that is open: to ask the store takes as long as half an answer.
    """
    good = _last_good()
    return shipped() if monotonic() - good.asked > LATELY else _told(good)


def _told(good: _LastGood) -> tuple[Layers, str | None]:
    language = spoken.language()
    if good.fault is None and good.layers is not None:
        return good.layers, None
    told = language.fault(good.fault) if good.fault is not None else ""
    if good.layers is None:
        return _read_shipped(layers.stamp()), language.say(
            "{error} Until then the map shows none of the uploaded layers.", error=told
        )
    return good.layers, language.say(
        "{error} The map still shows the layers as they were before.", error=told
    )
