"""Figures over time as charts."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import charts, figures, layers, timeline
from geo.cache import composite
from geo.charts import Looks, Measure
from geo.languages import ENGLISH, FRENCH

FIRST, LAST = date(2012, 1, 1), date(2026, 7, 14)
DAY = date(2025, 11, 15)


@pytest.fixture(scope="module")
def table():
    shipped = layers.load()
    resolved = timeline.resolve(composite(shipped.claims, shipped.units))
    return figures.over_time(figures.ranges(resolved, shipped.places), FIRST, LAST)


def looks(table):
    actors = sorted(set(table["actor"]))
    named = {actor: f"<b>{actor}</b>" for actor in actors}
    states = {state: state.title() for state in charts.PARTITION}
    return Looks(ENGLISH, named, dict.fromkeys(actors, "#123456"), states, (date(2016, 1, 19),))


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8))
def test_percentages_add_up_to_100_exactly(values):
    shares = charts.percentages(values)
    total = sum(round(share * 10) for share in shares)
    assert total == (1000 if sum(values) else 0)
    for share, value in zip(shares, values, strict=True):
        assert abs(share - 100 * value / (sum(values) or 1)) <= 0.1 + 1e-9


def test_a_curve_has_the_figures_of_every_day_on_which_they_change(table):
    drawn = charts.curves(table, Measure("km2"), [("JNIM", "held")], LAST)
    assert (drawn["low"] <= drawn["value"]).all()
    assert (drawn["value"] <= drawn["high"]).all()
    assert drawn["day"].is_monotonic_increasing
    assert drawn["day"].iloc[[0, -1]].tolist() == [pd.Timestamp(FIRST), pd.Timestamp(LAST)]
    own = table[(table["actor"] == "JNIM") & (table["state"] == "held")].set_index("day")
    for row in drawn.itertuples():
        if row.day in own.index:
            told = own.loc[row.day, ["low_km2", "km2", "high_km2"]].tolist()
            assert [row.low, row.value, row.high] == told


def test_before_an_actor_holds_anything_its_curve_is_nothing(table):
    drawn = charts.curves(table, Measure("places"), [("JNIM", "held")], LAST)
    early = drawn[drawn["day"] < "2017-03-02"]
    assert len(early) == 1
    assert (early["high"] == 0).all()


def test_the_actors_with_the_largest_high_end_lead(table):
    actors = charts.leading(table, Measure("km2"))
    most = table[table["state"] == "held"].groupby("actor")["high_km2"].max()
    assert actors == most.sort_values(ascending=False).index[: charts.ACTORS].tolist()


def test_the_parts_of_the_ground_are_stacked_to_the_whole(table):
    shares = charts.over_time(table, Measure("km2"), DAY, LAST, looks(table))["shares"][0].to_dict()
    data = pd.DataFrame(next(rows for rows in shares["datasets"].values() if "share" in rows[0]))
    assert data.groupby("day")["share"].sum().to_numpy() == pytest.approx(1)
    assert set(data["state"]) == set(charts.PARTITION)


@pytest.mark.parametrize("measure", ["km2", "places", "people"])
def test_every_chart_has_the_day_and_the_method_breaks(table, measure):
    drawn = charts.over_time(table, Measure(measure), DAY, LAST, looks(table))
    assert list(drawn) == ["shares", "held", "influence"]
    assert all(1 <= len(drawn[state]) <= charts.ACTORS for state in charts.BANDS)
    for chart in (chart for charted in drawn.values() for chart in charted):
        told = chart.to_dict()
        marks = [layer["mark"]["type"] for layer in told["layer"]]
        assert marks.count("rule") == 3  # the breaks, the day, and its casing
        days = {row["day"][:10] for rows in told["datasets"].values() for row in rows}
        assert {"2025-11-15", "2016-01-19"} <= days


def test_influence_has_a_band_of_its_own_from_low_to_high(table):
    drawn = charts.over_time(table, Measure("km2"), DAY, LAST, looks(table))["influence"]
    for chart in (made.to_dict() for made in drawn):
        (rows,) = (rows for rows in chart["datasets"].values() if "high" in rows[0])
        assert {row["state"] for row in rows} == {"influence"}
        assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    assert max(row["high"] for row in rows) > 0


@pytest.mark.parametrize(
    ("language", "number"),
    [(ENGLISH, "600,000"), (FRENCH, "600\u202f000")],
)
def test_an_axis_writes_whole_numbers_as_the_reader_does(table, language, number):
    drawn = charts.over_time(
        table, Measure("km2"), DAY, LAST, replace(looks(table), language=language)
    )
    shares, band = (drawn[name][0].to_dict() for name in ("shares", "held"))

    def label(chart, value):
        said = chart["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]
        for old, new in (
            ("format(datum.value * 100, '.0f')", f"'{value * 100:.0f}'"),
            ("format(datum.value, ',.0f')", f"'{value:,.0f}'"),
        ):
            said = said.replace(old, new)
        parted = re.fullmatch(r"replace\((.*), /,/g, '(.)'\)", said)
        text = "".join(re.findall("'([^']*)'", parted[1] if parted else said))
        return text.replace(",", parted[2]) if parted else text

    assert (label(shares, 1), label(band, 600_000)) == ("100\u00a0%", number)


def test_in_the_dark_lines_are_pale_and_every_actor_has_an_edge(table):
    light, dark = (
        charts.over_time(table, Measure("km2"), DAY, LAST, replace(looks(table), dark=dark))[
            "held"
        ][0]
        for dark in (False, True)
    )
    assert charts.INK in str(light.to_dict())
    assert charts.INK not in str(dark.to_dict())
    assert len(dark.to_dict()["layer"]) == len(light.to_dict()["layer"])


def test_a_name_is_text_and_never_an_expression(table):
    chart = charts.over_time(table, Measure("km2"), DAY, LAST, looks(table))["held"][0].to_dict()
    assert chart["title"]["text"] == "<b>JNIM</b>"
    expressions = re.findall(r"'\w*[eE]xpr\w*': ([^,}]*)", str(chart))
    assert not [said for said in expressions if "JNIM" in said]


def test_a_chart_names_no_other_host(table):
    for chart, *_ in charts.over_time(table, Measure("km2"), DAY, LAST, looks(table)).values():
        told = chart.to_dict()
        told.pop("$schema")  # a name, which nothing loads
        assert "http" not in str(told)
