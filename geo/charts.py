"""Figures over time as Altair charts: the ground by its state, and each actor from low to high.

Names from data reach Vega as values, which it draws as text; no expression is made from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from geo.figures import EVERYBODY, HELD
from geo.languages import Language, message
from geo.timeline import NONE

Chart = alt.LayerChart | alt.FacetChart  # as Altair has it; ours are layered

ACTORS = 6  # that have a curve of their own; the others stand in the table
SHARES_HEIGHT, BAND_HEIGHT = 230, 104  # px, with axes and titles
LABELS = 22  # px that the years below a chart take
EXTENT = 62  # px left of every chart, so that the years stand above one another
INFLUENCE = "influence"
BANDS = (HELD, INFLUENCE)  # states of an actor that are drawn as bands
PARTITION = ("control", "shared", "contested", "influence", NONE)  # from the bottom up
RULE = "#8a867b"
# Of no actor: what is firmer is darker.
COLOURS = dict(zip(PARTITION, ("#3f4a5a", "#7c8796", "#b7a583", "#dccfae", "#e9e8e3"), strict=True))

INK, PAPER = "#2b2a27", "#ffffff"  # as in .streamlit/config.toml
INK_IN_THE_DARK, PAPER_IN_THE_DARK = "#ecebe6", "#191a1c"

ASKED = message("As on the map")
RANGE = message("From low to high")
DAY = message("From")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: `km2`, `places` or `people`, and its columns in a table of figures."""

    name: str

    @property
    def low(self) -> str:
        """The low end."""
        return f"low_{self.name}"

    @property
    def high(self) -> str:
        """The high end."""
        return f"high_{self.name}"

    @property
    def of(self) -> str:
        """What there is altogether."""
        return f"of_{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Words and colours of the charts.

    Attributes
    ----------
    names, colours
        Short name and colour of every actor, by its key.
    states
        What each state of the ground is called.
    breaks
        Days on which the method changes.
    dark
        Whether the page is dark.
    """

    language: Language
    names: Mapping[str, str]
    colours: Mapping[str, str]
    states: Mapping[str, str]
    breaks: tuple[date, ...]
    dark: bool = False

    @property
    def ink(self) -> str:
        """Of lines."""
        return INK_IN_THE_DARK if self.dark else INK

    @property
    def paper(self) -> str:
        """Of the page."""
        return PAPER_IN_THE_DARK if self.dark else PAPER


def percentages(values: Sequence[float]) -> list[float]:
    """Shares of the sum in per cent, to one decimal, adding up to 100 exactly.

    What rounding leaves over goes to the largest remainders. All are 0 where the sum is.
    """
    total = sum(values)
    if not total:
        return [0.0] * len(values)
    exact = np.array(values, dtype=float) * 1000 / total
    whole = np.floor(exact)
    missing = round(1000 - whole.sum())
    largest = np.argsort(whole - exact, kind="stable")[:missing]
    whole[largest] += 1
    return [float(tenths) / 10 for tenths in whole]


def curves(
    table: pd.DataFrame, measure: Measure, pairs: Sequence[tuple[str, str]], last: date
) -> pd.DataFrame:
    """The figures of one region in the days on which any of them changes, and on the last.

    Parameters
    ----------
    table
        The rows of `figures.over_time` about one region.
    pairs
        Actor and state of each curve.

    Returns
    -------
    DataFrame
        RangeIndex, by pair and day: `actor`, `state`, `day`, `low`, `value`, `high`, `of`.
    """
    whole = table[(table["actor"] == EVERYBODY) & (table["state"] == NONE)].set_index("day")
    of = whole[measure.of]
    columns = {"low": measure.low, "value": measure.name, "high": measure.high}
    drawn = []
    for actor, state in pairs:
        own = table[(table["actor"] == actor) & (table["state"] == state)].set_index("day")
        rows = pd.DataFrame({name: own[column] for name, column in columns.items()})
        rows = rows.reindex(of.index, fill_value=0).assign(of=of)
        rows = rows[(rows != rows.shift()).any(axis=1)]
        end = rows.iloc[[-1]].set_axis([pd.Timestamp(last)]).rename_axis("day")
        rows = pd.concat([rows, end]) if rows.index[-1] < end.index[0] else rows
        drawn.append(rows.rename_axis("day").reset_index().assign(actor=actor, state=state))
    return pd.concat(drawn, ignore_index=True)


def leading(table: pd.DataFrame, measure: Measure, state: str = HELD) -> list[str]:
    """The actors whose high end of a state was ever largest, the largest first."""
    held = table[(table["state"] == state) & (table["actor"] != EVERYBODY)]
    most = held.groupby("actor")[measure.high].max().sort_values(ascending=False, kind="stable")
    return [str(actor) for actor in most[most > 0].index[:ACTORS]]


def over_time(
    table: pd.DataFrame, measure: Measure, day: date, last: date, looks: Looks
) -> dict[str, list[Chart]]:
    """Shares of the ground by state, then the leading actors of each of `BANDS` from low to high.

    They have the same breadth and the same years, so that a reader can go straight down.

    Returns
    -------
    dict
        `shares`: one chart; each of `BANDS`: one chart an actor, none where nobody has anything.
    """
    partition = curves(table, measure, [(EVERYBODY, state) for state in PARTITION], last)
    scale = alt.Scale(domain=[_instant(partition["day"].min()), _instant(last)], nice=False)
    rules = _Rules(day, looks, scale)
    made = {"shares": [_shares(partition, rules, looks)]}
    for state in BANDS:
        actors = leading(table, measure, state)
        if not actors:
            made[state] = []
            continue
        rows = curves(table, measure, [(actor, state) for actor in actors], last)
        top = float(max(rows["high"].max(), 1))
        made[state] = [
            _band(rows[rows["actor"] == actor], rules, looks, top, last=actor == actors[-1])
            for actor in actors
        ]
    return made


@dataclass(frozen=True, slots=True, eq=False)
class _Rules:
    """The upright lines that every row has: the day, and the method breaks, numbered."""

    day: date
    looks: Looks
    scale: alt.Scale

    def x(self, *, years: bool) -> alt.X:
        axis = alt.Axis(
            format="%Y",
            tickCount="year",
            grid=False,
            labels=years,
            ticks=years,
            labelOverlap=True,
            title=None,
        )
        return alt.X("day:T", scale=self.scale, axis=axis)

    def layers(self, *, labelled: bool, years: bool) -> list[alt.Chart]:
        breaks = pd.DataFrame(
            {
                "day": [pd.Timestamp(day) for day in self.looks.breaks],
                "number": [str(n) for n in range(1, len(self.looks.breaks) + 1)],
            }
        )
        x = self.x(years=years)
        now = pd.DataFrame({"day": [pd.Timestamp(self.day)]})
        made = [
            alt.Chart(breaks).mark_rule(strokeDash=[3, 3], color=RULE, size=1).encode(x=x),
            # with a casing: it runs over the darkest and the palest ground
            alt.Chart(now).mark_rule(color=self.looks.paper, size=4).encode(x=x),
            alt.Chart(now).mark_rule(color=self.looks.ink, size=1.8).encode(x=x),
        ]
        if labelled:
            number = alt.Chart(breaks).mark_text(
                dy=-6, baseline="bottom", fontWeight=700, fontSize=12, color=RULE
            )
            made.append(number.encode(x=x, y=alt.value(0), text="number:N"))
        return made


def _axis(language: Language, *, share: bool, **options: Any) -> alt.Axis:  # noqa: ANN401 -- Altair's own options
    """An axis of numbers as the reader writes them: `600 000`, `60 %`; none is shortened to `600k`.

    The expression holds no text from data.
    """
    number = "format(datum.value * 100, '.0f')" if share else "format(datum.value, ',.0f')"
    said = f"{number} + '\N{NO-BREAK SPACE}%'" if share else number
    if language.code == "fr":
        said = f"replace({said}, /,/g, '\N{NARROW NO-BREAK SPACE}')"
    return alt.Axis(labelExpr=said, title=None, minExtent=EXTENT, maxExtent=EXTENT, **options)


def _instant(day: date | pd.Timestamp) -> alt.DateTime:
    when = pd.Timestamp(day)
    return alt.DateTime(year=when.year, month=when.month, date=when.day)


def _told(rows: pd.DataFrame, looks: Looks) -> pd.DataFrame:
    """Days and numbers as the reader writes them, for what appears under the pointer."""
    said = looks.language
    numbers = {name: [said.number(round(v)) for v in rows[name]] for name in ("low", "high")}
    return rows.assign(
        said=[said.day(when.date()) for when in rows["day"]],
        number=[said.number(round(value)) for value in rows["value"]],
        range=[f"{a}\u2013{b}" for a, b in zip(numbers["low"], numbers["high"], strict=True)],
    )


def _tooltip(looks: Looks, *more: alt.Tooltip) -> list[alt.Tooltip]:
    say = looks.language.say
    return [
        *more,
        alt.Tooltip("said:N", title=say(DAY)),
        alt.Tooltip("number:N", title=say(ASKED)),
        alt.Tooltip("range:N", title=say(RANGE)),
    ]


def _shares(rows: pd.DataFrame, rules: _Rules, looks: Looks) -> Chart:
    # Each day of change twice, before and after: areas that are stacked would slope otherwise.
    order = {state: place for place, state in enumerate(PARTITION)}
    wide = rows.pivot_table(index="day", columns="state", values="value", sort=True).ffill()
    of = rows.groupby("day")["of"].max()
    long = (
        wide.div(of.where(of > 0), axis=0)
        .fillna(0)
        .reset_index()
        .melt("day", var_name="state", value_name="share")
    )
    long = long.assign(
        name=long["state"].map(looks.states), order=long["state"].map(order)
    ).sort_values(["order", "day"])
    names = [looks.states[state] for state in PARTITION]
    colours = alt.Scale(domain=names, range=[COLOURS[state] for state in PARTITION])
    area = (
        alt.Chart(long)
        .mark_area(interpolate="step-after")
        .encode(
            x=rules.x(years=True),
            y=alt.Y(
                "share:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                axis=_axis(looks.language, share=True, tickCount=5),
            ),
            color=alt.Color("name:N", scale=colours, legend=None),
            order="order:Q",
        )
    )
    chart = alt.layer(area, *rules.layers(labelled=True, years=True))
    return chart.properties(height=SHARES_HEIGHT)


def _band(rows: pd.DataFrame, rules: _Rules, looks: Looks, top: float, *, last: bool) -> Chart:
    actor = str(rows["actor"].iloc[0])
    data = _told(rows, looks)
    colour = looks.colours[actor]
    y = alt.Scale(domain=[0, top], nice=True)
    x = rules.x(years=last)
    axis = _axis(looks.language, share=False, tickCount=2)
    base = alt.Chart(data).encode(x=x, tooltip=_tooltip(looks))
    band = base.mark_area(interpolate="step-after", color=colour, opacity=0.38).encode(
        y=alt.Y("low:Q", scale=y, axis=axis), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after", color=colour, size=2).encode(
        y=alt.Y("value:Q", scale=y, axis=axis)
    )
    if looks.dark:  # the colours of actors are made for pale ground, and some are nearly black
        edge = base.mark_line(interpolate="step-after", color=looks.ink, size=3.6, opacity=0.55)
        line = edge.encode(y=alt.Y("value:Q", scale=y, axis=axis)) + line
    title = alt.TitleParams(looks.names[actor], anchor="start", fontSize=13, offset=4)
    chart = alt.layer(band, line, *rules.layers(labelled=False, years=last))
    return chart.properties(height=BAND_HEIGHT + LABELS * last, title=title)
