"""Everything the map says of one day as tables, for reading aloud, sorting and spreadsheets.

Nothing is decided here: states, steps and reasons come from the timeline.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from geo.evidence import as_heard
from geo.languages import Language
from geo.layers import Layers
from geo.sheets import ground, told
from geo.sheets.sheet import CLAIMS, Asked, Cell, Sheet
from geo.timeline import Timeline, check_supported

__all__ = ["SHEETS", "Cell", "Sheet", "on"]

# What each table is called, and how it is made.
SHEETS: dict[str, tuple[str, Callable[[Asked], Sheet]]] = {
    "places": (ground.PLACES, ground.places),
    "cercles": (ground.COUNTRYSIDE, ground.countryside),
    "sieges": (ground.PRESSED, ground.pressed),
    "claims": (CLAIMS, told.claims),
    "events": (told.EVENTS, told.events),
    "roads": (told.ROADS, told.roads),
    "disputed": (told.DISPUTED, told.disputed),
}


def on(layers: Layers, timeline: Timeline, name: str, day: date, language: Language) -> Sheet:
    """One table of what is known of a day.

    Parameters
    ----------
    timeline
        As the reader's filters have it: what they silence is shown only as set aside.
    name
        A key of `SHEETS`.

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    check_supported(timeline, day)
    bare = pd.DataFrame(timeline.composite.claims.drop(columns="geometry"))
    claims = as_heard(bare, timeline.filters.sources)
    claims = claims.set_index("claim_id", drop=False).rename_axis(None)
    return SHEETS[name][1](Asked(layers, timeline, claims, day, language))
