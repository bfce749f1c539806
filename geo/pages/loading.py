"""What every page reads, cached by its content."""

from __future__ import annotations

import streamlit as st

from geo import cache, layers, timeline
from geo.errors import GeoError
from geo.layers import Layers
from geo.timeline import Timeline


class _LastGood:
    """The layers that were last read without a fault, for as long as the app runs."""

    layers: Layers | None = None


@st.cache_resource
def _last_good() -> _LastGood:
    return _LastGood()


@st.cache_resource(max_entries=2, show_spinner="Reading the layers")
def _read(fingerprint: str) -> Layers:  # noqa: ARG001 -- the content is the key of the cache
    return layers.load()


@st.cache_resource(max_entries=4, show_spinner="Cutting the claims into faces")
def _resolved(fingerprint: str, _layers: Layers) -> Timeline:  # noqa: ARG001 -- likewise
    return timeline.resolve(cache.composite(_layers.claims, _layers.units))


def shipped() -> tuple[Layers, Timeline, str | None]:
    """The layers as they lie on disk now, resolved, and a sentence if they had to be older ones.

    A file that was damaged while the app runs leaves the last good state in place.

    Raises
    ------
    GeoError
        The layers cannot be read, and never could since the app was started.
    """
    good = _last_good()
    fault = None
    try:
        good.layers = _read(layers.stamp())
    except GeoError as error:
        if good.layers is None:
            raise
        fault = f"{error} The map still shows the layers as they were before."
    return good.layers, _resolved(good.layers.fingerprint, good.layers), fault
