"""What the snapshot page draws, cached by what was asked for; and where the app is served."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from geo import roster
from geo.layers import Layers
from geo.pages import loading
from geo.snapshots import checklist, drawing, exports, files
from geo.snapshots.drawing import Drawing
from geo.snapshots.findings import BLOCK, Checked, Finding
from geo.snapshots.request import Snapshot
from geo.timeline import Timeline

VARIABLE = "MALI_CONTROL_ADDRESS"  # of the environment: where the app is served
_ADDRESS = re.compile(r"(?P<app>https?://(?P<host>\[[^]/]*\]|[^/:?#]+)(:\d+)?[^?#]*)/[^/?#]*")
_OWN = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 -- names of this machine; nobody binds to them


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A picture, ready to go out.

    Attributes
    ----------
    drawing, png
        As drawn, and as PNG at its plain size.
    findings
        What the checklist found.
    layers, timeline
        What it was drawn from.
    """

    drawing: Drawing
    png: bytes
    findings: tuple[Finding, ...]
    layers: Layers
    timeline: Timeline

    @property
    def blocked(self) -> bool:
        """Whether nothing may go out."""
        return any(finding.severity == BLOCK for finding in self.findings)

    def name(self, ending: str, *, scale: int = 1) -> str:
        """What a file of it is called."""
        return exports.name(self.drawing, ending, scale=scale)

    def file(self, ending: str, *, scale: int = 1, live: bool = False) -> Callable[[], bytes]:
        """A function that makes a file of it, once it is wanted, and keeps its record."""

        def make() -> bytes:
            plain = ending == ".png" and scale == 1
            made = self.layers, self.timeline
            content = (
                self.png
                if plain
                else exports.render(self.drawing, ending, *made, scale=scale, live=live)
            )
            exports.keep(self.name(ending, scale=scale), content)
            return content

        return make


def sheet(layers: Layers, snapshot: Snapshot) -> Sheet:
    """Draw a picture, or find it drawn.

    Raises
    ------
    SnapshotError
        It cannot be drawn as asked.
    """
    words = (snapshot.headline, snapshot.caption, snapshot.alt, snapshot.address)
    asked = repr((snapshot.as_json(), snapshot.preset.name, snapshot.view, words))
    return _sheet(layers.fingerprint, asked, snapshot, layers)


@st.cache_resource(max_entries=6, show_spinner=False)
def _sheet(fingerprint: str, asked: str, _snapshot: Snapshot, _layers: Layers) -> Sheet:  # noqa: ARG001 -- the content is the key of the cache
    timeline = loading.resolved(_layers, roster.filters(_layers, _snapshot.view))
    drawn = drawing.draw(_snapshot, _layers, timeline)
    png = files.render(drawn, ".png")
    found = checklist.check(Checked(drawn, _layers, timeline, {".png": png}))
    return Sheet(drawn, png, found, _layers, timeline)


def address() -> str:
    """Where others find the app; "" where nobody else can."""
    told = os.environ.get(VARIABLE)
    if told is not None:
        return told
    here = _ADDRESS.match(st.context.url or "")
    return "" if here is None or here["host"] in _OWN else here["app"]
