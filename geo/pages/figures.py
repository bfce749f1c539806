"""How much of the ground, of its places and of their people, as ranges: on a day, and over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from geo import boundaries, charts, figures, roster, tables, view
from geo.boundaries import Edition
from geo.charts import INFLUENCE, Measure
from geo.figures import COUNTRY, EVERYBODY, HELD, Ranges
from geo.languages import Language, message
from geo.layers import Layers
from geo.pages import assets, loading, spoken
from geo.timeline import NONE, Filters, Timeline
from geo.view import View

SECONDHAND = date(2026, 4, 25)  # from then on most of what is known comes through others' files

TITLE = message("Figures")
LEAD = message(
    "Ranges, not single numbers. Low: ground that assessed claims of medium or high confidence "
    "give an actor. High: also what is contested, of low confidence or only claimed. Between them "
    "stands what the map shows."
)
DAY, REGION, COUNT = message("Day"), message("Region"), message("Count")
WHOLE = message("All of Mali")
MEASURES = {"km2": message("Area"), "places": message("Places"), "people": message("People")}
STATES = {
    "control": message("Control"),
    "shared": message("Held jointly"),
    "contested": message("Contested"),
    "influence": message("Influence, no holder known"),
    NONE: message("No information"),
}
BREAKS = {
    boundaries.EDITIONS[1].valid_from: message(
        "{day}: ten regions and Bamako in place of eight. The figures of a region before and after "
        "are of different ground."
    ),
    boundaries.EDITIONS[2].valid_from: message(
        "{day}: nineteen regions and Bamako in place of ten. The figures of a region before and "
        "after are of different ground."
    ),
    SECONDHAND: message(
        "{day}: from here on most sources are known only second-hand. A change of a curve may be "
        "one of the sources."
    ),
}
GROUND, TOTAL = message("The ground, by its state"), message("Together")
BY_ACTOR = {
    HELD: message("Each actor: what it controls, alone or jointly"),
    INFLUENCE: message("Each actor: where it has influence, also beside a holder"),
}
CHARTS = {
    "shares": (
        message("How much is held, contested or under influence"),
        message("The numbered lines are days on which the method changes, told below."),
    ),
    HELD: (
        message("What each actor controls, alone or jointly"),
        message("The line: as on the map. The band: from low to high. The upright line: the day."),
    ),
    INFLUENCE: (
        message("Where each actor has influence, also beside a holder"),
        message("Influence: it moves, taxes or sets rules there, and does not administer."),
    ),
}
SHARES = {
    "km2": message("Share of the area"),
    "places": message("Share of the places"),
    "people": message("Share of the people"),
}
HEADS = (message("Area, km²"), message("Places"), message("People"))
NOTES = (
    message(
        "The states of the ground add up to 100 %, with what nobody is known to hold. The actors "
        "do not: ground that two contest is in the high end of both."
    ),
    message(
        "Of {km2} km², {places} listed places, and {people} people: the inhabitants of the "
        "{counted} of those places whose population is known. Nobody outside them is counted."
    ),
    message(
        "Towns are discs, the countryside is whole cercles: an area is that of what was drawn."
    ),
)

_part = st.components.v2.component(
    "figures",
    html='<div class="figures"></div>',
    css=assets.text("theme.css") + assets.text("figures.css"),
    js=assets.text("source.js") + assets.text("figures.js"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to know: a day, a region of that day (`COUNTRY`: all), a measure.

    `seen` is the view that says what counts.
    """

    day: date
    seen: View
    region: str = COUNTRY
    measure: str = "km2"

    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        said = self.seen.query()
        heard = {name: said.get(name, "") for name in view.HEARING}
        return {"date": self.day.isoformat(), "region": self.region, "of": self.measure, **heard}


def parse(
    query: Mapping[str, str], layers: Layers, language: Language
) -> tuple[Asked, tuple[str, ...]]:
    """Read what is asked from an address; what cannot be read is left out and said."""
    wanted = {name: query[name] for name in ("date", *view.HEARING) if query.get(name)}
    seen, problems = loading.opened(layers, wanted, language)
    region, measure = query.get("region", COUNTRY), query.get("of", "km2")
    more = []
    if (
        region != COUNTRY
        and region not in layers.regions[boundaries.edition_on(seen.day).name].index
    ):
        more.append(
            language.say(
                "The address asks for the region {region}, which there was not on {day}. All of "
                "Mali is shown instead.",
                region=region[:40],
                day=language.day(seen.day),
            )
        )
        region = COUNTRY
    if measure not in MEASURES:
        measure = "km2"
    return Asked(seen.day, seen, region, measure), (*problems, *more)


@st.cache_resource(max_entries=8, show_spinner=False)
def _counted(
    fingerprint: str,  # noqa: ARG001 -- the content is the key of the cache
    filters: Filters,  # noqa: ARG001 -- likewise
    _layers: Layers,
    _timeline: Timeline,
) -> tuple[Ranges, pd.DataFrame]:
    ranges = figures.ranges(_timeline, _layers.places)
    data = _layers.dataset
    return ranges, figures.over_time(ranges, data.first_day, data.supported_until, regions=True)


def show() -> None:
    """Draw the page."""
    language = spoken.language()
    with loading.reading(language, message("The figures cannot be shown.")):
        layers, fault = loading.shipped()
        if "figured" not in st.session_state:
            query = loading.carried(st.query_params.to_dict())
            st.session_state.figured = parse(query, layers, language)
        opened, problems = st.session_state.figured
        seen = replace(opened.seen, language=language)
        filters = roster.filters(layers, seen)
        timeline = loading.resolved(layers, filters)
        ranges, table = _counted(layers.fingerprint, filters, layers, timeline)
    st.html(assets.style("page.css"))
    notices = [*problems, *([fault] if fault else []), *loading.narrowed(layers, seen)]
    _heading("title", (TITLE, LEAD), language, notices=notices)
    _answer(layers, ranges, table, opened, language)


@st.fragment
def _answer(
    layers: Layers, ranges: Ranges, table: pd.DataFrame, opened: Asked, language: Language
) -> None:
    """The choice, the curves and the table; reruns alone when another thing is chosen."""
    asked = _asked(layers, opened, language)
    st.session_state.figured = (asked, ())
    own = table[(table["region"] == asked.region) & _whole_or_region(table, asked)]
    last = layers.dataset.supported_until
    drawn = charts.over_time(own, Measure(asked.measure), asked.day, last, _looks(layers, language))
    keys = [[charts.COLOURS[state], language.say(STATES[state])] for state in charts.PARTITION]
    for part, charted in drawn.items():
        if charted:
            _heading(part, CHARTS[part], language, keys=keys if part == "shares" else ())
        for number, chart in enumerate(charted):
            st.altair_chart(chart, width="stretch", key=f"figures {part} {number}")
    edition = boundaries.edition_on(asked.day)
    today = figures.on(ranges, asked.day, regions=True)
    rows = today[(today["region"] == asked.region) & _whole_or_region(today, asked)]
    _part(
        key="figures table",
        data={
            "part": "table",
            "query": asked.query(),
            "breaks": [language.say(said, day=language.day(day)) for day, said in _breaks()],
            "caption": f"{_region(layers, edition, asked.region, language)}, "
            f"{language.day(asked.day)}",
            "heads": ["", language.say(SHARES[asked.measure]), *map(language.say, HEADS)],
            "groups": _groups(layers, rows, asked.measure, language),
            "notes": _notes(rows, language),
        },
    )


def _heading(
    key: str,
    said: tuple[str, str],
    language: Language,
    *,
    notices: Sequence[str] = (),
    keys: Sequence[list[str]] = (),
) -> None:
    title, lead = map(language.say, said)
    level = "h1" if key == "title" else "h2"
    told = {"title": title, "lead": lead, "notices": list(notices), "keys": list(keys)}
    _part(key=f"figures {key}", data={"part": "heading", "level": level} | told)


def _whole_or_region(table: pd.DataFrame, asked: Asked) -> pd.Series:
    """The rows about all ground have no edition, those of a region have one."""
    return (table["edition"] == "") == (asked.region == COUNTRY)


def _breaks() -> list[tuple[date, str]]:
    return [(day, said) for day, said in BREAKS.items() if day is not None]


def _asked(layers: Layers, opened: Asked, language: Language) -> Asked:
    data = layers.dataset
    left, middle, right = st.columns([1, 1.4, 1.4], gap="medium", vertical_alignment="bottom")
    day = left.date_input(
        language.say(DAY),
        opened.day,
        min_value=data.first_day,
        max_value=data.supported_until,
        format="YYYY-MM-DD",
        key="figures day",
    )
    edition = boundaries.edition_on(day)
    keys = [COUNTRY, *layers.regions[edition.name].sort_values("name_fr").index]
    region = middle.selectbox(
        language.say(REGION),
        keys,
        index=keys.index(opened.region) if opened.region in keys else 0,
        format_func=lambda key: _region(layers, edition, key, language),
        key=f"figures region {edition.name}",
    )
    measure = right.segmented_control(
        language.say(COUNT),
        list(MEASURES),
        default=opened.measure,
        format_func=lambda name: language.say(MEASURES[name]),
        key="figures measure",
    )
    return Asked(day, opened.seen, region, measure or opened.measure)


def _region(layers: Layers, edition: Edition, key: str, language: Language) -> str:
    if key == COUNTRY:
        return language.say(WHOLE)
    return str(layers.regions[edition.name].loc[key, "name_fr"])


def _looks(layers: Layers, language: Language) -> charts.Looks:
    return charts.Looks(
        language,
        dict(zip(layers.actors.index, layers.actors[language.column("short")], strict=True)),
        dict(zip(layers.actors.index, layers.actors["colour"], strict=True)),
        {state: language.say(name) for state, name in STATES.items()},
        tuple(day for day, _ in _breaks()),
        dark=st.context.theme.type == "dark",
    )


def _groups(
    layers: Layers, table: pd.DataFrame, measure: str, language: Language
) -> list[dict[str, Any]]:
    """The rows of the table: the ground by its state, and every actor by what it holds."""
    ground = table[table["actor"] == EVERYBODY].set_index("state").loc[list(charts.PARTITION)]
    shares = charts.percentages(ground[measure].tolist())
    parted = [
        {
            "name": language.say(STATES[row["state"]]),
            "colour": charts.COLOURS[row["state"]],
            "cells": [[_percent(share, language), ""], *_cells(row, language)],
        }
        for row, share in zip(tables.rows(ground.reset_index()), shares, strict=True)
    ]
    whole = tables.rows(ground.iloc[:1])[0]
    sums = [language.number(round(whole[f"of_{name}"])) for name in MEASURES]
    total = {
        "name": language.say(TOTAL),
        "colour": "",
        "cells": [[_percent(sum(shares), language), ""], *([text, ""] for text in sums)],
        "total": True,
    }
    groups = [{"name": language.say(GROUND), "rows": [*parted, total]}]
    for state, name in BY_ACTOR.items():
        rows = _by_actor(layers, table[table["state"] == state], measure, language)
        groups += [{"name": language.say(name), "rows": rows}] if rows else []
    return groups


def _by_actor(
    layers: Layers, table: pd.DataFrame, measure: str, language: Language
) -> list[dict[str, Any]]:
    """Every actor that may have any of a state, the one that may have most of it first."""
    own = table[table["actor"] != EVERYBODY]
    own = own.sort_values([f"high_{measure}", "actor"], ascending=[False, True])
    return [
        {
            "name": layers.actors.loc[row["actor"], language.column("short")],
            "colour": layers.actors.loc[row["actor"], "colour"],
            "cells": [_share(row, measure, language), *_cells(row, language)],
        }
        for row in tables.rows(own)
    ]


def _cells(row: dict[str, Any], language: Language) -> list[list[str]]:
    """What the map shows and its range, of every measure."""
    return [
        [
            language.number(round(row[name])),
            _range(*(language.number(round(row[f"{end}_{name}"])) for end in ("low", "high"))),
        ]
        for name in MEASURES
    ]


def _share(row: dict[str, Any], measure: str, language: Language) -> list[str]:
    whole = row[f"of_{measure}"] or 1
    low, value, high = (
        _percent(100 * row[f"{end}{measure}"] / whole, language) for end in ("low_", "", "high_")
    )
    return [value, _range(low, high)]


def _range(low: str, high: str) -> str:
    return "" if low == high else f"{low} \N{EN DASH} {high}"


def _percent(share: float, language: Language) -> str:
    return language.say("{share} %", share=language.number(round(share, 1)))


def _notes(table: pd.DataFrame, language: Language) -> list[str]:
    whole = tables.rows(table.iloc[:1])[0]
    counts = {
        "km2": whole["of_km2"],
        "places": whole["of_places"],
        "people": whole["of_people"],
        "counted": whole["counted_places"],
    }
    told = {name: language.number(round(count)) for name, count in counts.items()}
    return [language.say(note, **told) for note in NOTES]
