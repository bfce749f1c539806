"""What a choice of what counts does to the figures."""

from datetime import date

import pytest

from geo import cache, effects, figures, layers, timeline
from geo.languages import ENGLISH, FRENCH

DAY = date(2025, 11, 7)


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


@pytest.fixture(scope="module")
def ranges(shipped):
    cut = cache.composite(shipped.claims, shipped.units)

    def under(**filters):
        return figures.ranges(timeline.resolve(cut, **filters))

    return under


def held(ranges, actor):
    told = figures.on(ranges, DAY)
    row = told[(told.actor == actor) & (told.state == figures.HELD)].iloc[0]
    return round(row.low_km2), round(row.high_km2)


def test_each_actor_whose_range_changes_has_it_with_everything_and_as_chosen(shipped, ranges):
    everything, chosen = ranges(), ranges(min_confidence="high")
    told = effects.on(shipped, everything, chosen, DAY, ENGLISH)
    rows = {row["name"]: row for row in told["rows"]}
    low, high = held(everything, "JNIM")
    assert rows["JNIM"]["before"] == f"{low:,} \N{EN DASH} {high:,}"
    assert rows["JNIM"]["after"] != rows["JNIM"]["before"]
    assert rows["JNIM"]["colour"] == shipped.actors.loc["JNIM", "colour"]
    assert told["same"] is None
    assert told["title"] == "What your choice changes on 7 November 2025"


def test_ground_of_nobody_comes_last_and_grows_where_nothing_counts(shipped, ranges):
    told = effects.on(shipped, ranges(), ranges(sources=[]), DAY, ENGLISH)
    assert [row["name"] for row in told["rows"][-2:]] in (
        ["Contested", "No information"],
        ["No information", "Contested"],
    )
    assert all(row["after"] == "0" for row in told["rows"] if row["colour"])


def test_an_actor_whose_figures_stay_is_not_listed(shipped, ranges):
    everything, chosen = ranges(), ranges(known_on=date(2025, 11, 1))
    told = effects.on(shipped, everything, chosen, DAY, ENGLISH)
    for row in told["rows"]:
        assert row["before"] != row["after"]
    assert len(told["rows"]) < len(
        effects.on(shipped, everything, ranges(sources=[]), DAY, ENGLISH)["rows"]
    )


def test_a_choice_that_changes_nothing_says_so(shipped, ranges):
    told = effects.on(shipped, ranges(), ranges(known_on=date(2027, 1, 1)), DAY, FRENCH)
    assert told["rows"] == []
    assert told["same"] == "Aucun chiffre de ce jour n\N{RIGHT SINGLE QUOTATION MARK}en est changé."
