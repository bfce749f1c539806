"""The whole Folium map: Leaflet and our own overlay, nothing from another host.

No text that came from data is given to Folium: it renders strings as templates and as script
literals. The data reach the browser as a script of their own (`overlay.script`), which this
module only names by its address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from geo.view import ZOOM

_ANYWHERE = (1, 16)  # zoom levels of a map of ground anywhere
CENTRE = (17.4, -4.2)  # lat, lon of the middle of Mali


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the browser finds what the map is made of, relative to the map's frame.

    Attributes
    ----------
    leaflet_js, leaflet_css
        Leaflet itself.
    styles
        `browser/overlay.css`.
    scripts
        In this order: our own, `browser.MAP` in one file; the data.
    """

    leaflet_js: str
    leaflet_css: str
    styles: str
    scripts: tuple[str, ...]


class _OfflineMap(folium.Map):
    """A Folium map that loads Leaflet from `addresses` and nothing else."""

    def __init__(self, addresses: Addresses, **options: Any) -> None:  # noqa: ANN401 -- Folium's own options
        super().__init__(**options)
        self._name = "Map"  # streamlit-folium looks for a variable map_<id>
        # On the instance: the lists of the class name other hosts and belong to every map. A script
        # and a stylesheet of one name would replace each other.
        self.default_js = [("leaflet", addresses.leaflet_js)]
        self.default_css = [("leaflet_css", addresses.leaflet_css), ("overlay", addresses.styles)]


class _Overlay(JSCSSMixin, MacroElement):
    """Our overlay, mounted on the map it is added to."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.mcmMount({{ this._parent.get_name() }}, window.mcmPayload, {{ this.options }});"
        "{% endmacro %}"
    )

    def __init__(self, addresses: Addresses, day: int | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # branca has no types
        self._name = "Overlay"
        self.default_js = [(address, address) for address in addresses.scripts]
        self.default_css: list[tuple[str, str]] = []
        self.options = json.dumps({"day": day, "src": addresses.scripts[-1]})


def draw(addresses: Addresses, *, day: int | None = None, anywhere: bool = False) -> folium.Map:
    """The map of Mali, or of ground anywhere on Earth.

    Parameters
    ----------
    addresses
        Relative addresses of our own files; not text from data.
    day
        Day shown at first, counted from the first day of the data; None: the
        map waits until the page around it says which.
    anywhere
        Whether the map may show the whole Earth, and look closer than at Mali.
    """
    bounds: dict[str, Any] = {"max_bounds": True}
    bounds |= {"min_lat": 4, "max_lat": 30, "min_lon": -22, "max_lon": 14}
    zoom = _ANYWHERE if anywhere else ZOOM
    drawn = _OfflineMap(
        addresses,
        location=CENTRE,
        zoom_start=5.5,
        tiles=None,
        min_zoom=zoom[0],
        max_zoom=zoom[1],
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=90,
        **({} if anywhere else bounds),
    )
    _Overlay(addresses, day).add_to(drawn)
    return drawn
