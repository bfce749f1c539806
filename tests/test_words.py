"""What the map says, in words."""

from datetime import date

import pytest

from geo import claims, timeline, words
from geo.bibliography import READ, RELIABILITIES
from geo.languages import ENGLISH, FRENCH
from geo.layers import chronicle
from geo.view import View


@pytest.mark.parametrize(
    ("kind", "holders", "influence", "said"),
    [
        ("control", ["FLA"], [], "Controlled by FLA"),
        ("shared", ["MNLA", "MIA"], [], "Held jointly by MNLA and MIA"),
        ("shared", ["A", "B", "C"], [], "Held jointly by A, B and C"),
        ("contested", ["JNIM", "FAMa"], [], "Contested: JNIM and FAMa"),
        ("contested", ["JNIM"], [], "Contested: JNIM and others not named"),
        ("influence", [], ["JNIM"], "Influence of JNIM; no holder known"),
        ("none", [], [], "No information"),
    ],
)
def test_a_state_is_one_line(kind, holders, influence, said):
    assert words.state(ENGLISH, kind, holders, influence) == said


@pytest.mark.parametrize("kind", ["control", "shared", "contested", "influence", "none"])
def test_a_state_is_said_in_french_too(kind):
    english, french = (words.state(said, kind, ["FLA"], ["JNIM"]) for said in (ENGLISH, FRENCH))
    assert english != french


def test_names_with_braces_are_names():
    assert words.state(ENGLISH, "control", ["{holders} {0}"]) == "Controlled by {holders} {0}"


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        ("day", "7 November 2025"),
        ("month", "November 2025 (day uncertain)"),
        ("quarter", "about November 2025"),
        ("year", "2025 (month uncertain)"),
    ],
)
def test_a_day_is_said_as_precisely_as_it_is_known(precision, said):
    assert words.dated(ENGLISH, date(2025, 11, 7), precision) == said
    assert words.since(ENGLISH, date(2025, 11, 7), precision) == f"since {said}"


def test_a_period_ends_the_day_before_valid_to():
    said = words.period(ENGLISH, date(2023, 10, 31), date(2023, 11, 14), "day")
    assert said == "From 31 October 2023 to 13 November 2023"


def test_a_period_of_one_day_is_that_day():
    assert words.period(ENGLISH, date(2023, 1, 5), date(2023, 1, 6), "day") == "On 5 January 2023"


def test_a_period_without_an_end_lasts_as_far_as_known():
    said = words.period(ENGLISH, date(2025, 8, 19), None, "day")
    assert said == "Since 19 August 2025, as far as known"


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "0 days"), (1, "1 day"), (45, "45 days"), (46, "2 months"), (700, "23 months"),
     (731, "2 years"), (3000, "8 years")],
)  # fmt: skip
def test_a_number_of_days_is_told_as_a_reader_counts_it(days, said):
    assert words.ago(ENGLISH, days) == said


def test_what_counts_is_said_in_short():
    everything = View(date(2025, 11, 7))
    assert words.heard(ENGLISH, everything) == "everything reported, all sources"
    less = View(
        date(2025, 11, 7),
        known_on=date(2025, 12, 1),
        min_confidence="medium",
        without=("v01", "v02"),
    )
    said = "as known on 1 December 2025, at least medium confidence, 2 sources off"
    assert words.heard(ENGLISH, less) == said


def test_every_word_of_the_tables_has_words():
    assert set(words.STATUS) == {*claims.BASE, *claims.STATUSES}
    assert set(words.CONFIDENCE) == set(claims.CONFIDENCES)
    assert set(words.ASSERTION) == set(claims.ASSERTIONS)
    assert set(words.VERIFICATION) == set(claims.VERIFICATIONS)
    assert set(words.READ) == set(READ)
    assert set(words.GRADE) == set(RELIABILITIES)
    assert set(words.FINDING) == set(chronicle.FINDINGS)
    assert set(words.STEP) == set(timeline.STEPS) - {"counts", "listed"}
