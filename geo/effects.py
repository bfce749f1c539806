"""What a reader's choice of what counts does to the figures: each before it, and after."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from geo import figures, words
from geo.figures import EVERYBODY, HELD, Ranges
from geo.languages import Language, message
from geo.layers import Layers
from geo.timeline import NONE

Json = dict[str, Any]

CONTESTED = message("Contested")
_GROUND = {
    "contested": CONTESTED,
    NONE: words.NO_INFORMATION,
}  # told of all ground, after the actors


def on(layers: Layers, everything: Ranges, chosen: Ranges, day: date, language: Language) -> Json:
    """How the figures of a day differ, in km², from low to high.

    Returns
    -------
    dict
        `title`, `heads` (two) and `note` (sentences); `rows`: `name`, `colour` ("" for ground of
        nobody's), `before` and `after` (a range, or "0"), those that change most first; `same`: a
        sentence where none does, or None.

    Raises
    ------
    ViewError
        `day` comes after `Timeline.supported_until`.
    """
    before = _ranged(everything, day).add_suffix("_before")
    after = _ranged(chosen, day).add_suffix("_after")
    both = before.join(after, how="outer").fillna(0).round()
    moved = abs(both["low_before"] - both["low_after"])
    both["moved"] = moved + abs(both["high_before"] - both["high_after"])
    both["ground"] = both.index.isin(list(_GROUND))
    order = ["ground", "moved"]
    changed = both[both["moved"] > 0].sort_values(order, ascending=[True, False], kind="stable")
    rows = [_row(layers, str(key), row, language) for key, row in changed.iterrows()]
    return {
        "title": language.say("What your choice changes on {day}", day=language.day(day)),
        "heads": [language.say("everything"), language.say("as chosen")],
        "note": language.say(
            "In km², from low to high: what an actor holds alone or jointly, then all ground."
        ),
        "rows": rows,
        "same": None if rows else language.say("It changes no figure of this day."),
    }


def _ranged(ranges: Ranges, day: date) -> pd.DataFrame:
    """Low and high km² of what each actor holds, and of the ground nobody does."""
    table = figures.on(ranges, day)
    actors = table[(table["actor"] != EVERYBODY) & (table["state"] == HELD)].set_index("actor")
    ground = table[(table["actor"] == EVERYBODY) & table["state"].isin(_GROUND)].set_index("state")
    told = pd.concat([actors, ground])
    return told[["low_km2", "high_km2"]].set_axis(["low", "high"], axis="columns")


def _row(layers: Layers, key: str, row: pd.Series, language: Language) -> Json:
    ground = key in _GROUND
    name = language.translate(_GROUND[key]) if ground else _short(layers, key, language)
    return {
        "name": name,
        "colour": "" if ground else str(layers.actors.loc[key, "colour"]),
        "before": _range(row["low_before"], row["high_before"], language),
        "after": _range(row["low_after"], row["high_after"], language),
    }


def _short(layers: Layers, actor: str, language: Language) -> str:
    return str(layers.actors.loc[actor, language.column("short")])


def _range(low: float, high: float, language: Language) -> str:
    ends = [language.number(int(end)) for end in (low, high)]
    return ends[0] if low == high else " \N{EN DASH} ".join(ends)
