import string
from datetime import date

import pytest

from geo.claims import ASSERTIONS, CONFIDENCES, DATE_PRECISIONS, STATUSES, VERIFICATIONS
from geo.cli import texts
from geo.cli.texts import Text
from geo.timeline import NONE, STATES, STEPS


def everything():
    for name, value in vars(texts).items():
        if isinstance(value, Text):
            yield name, value
        elif name.isupper() and isinstance(value, dict):
            yield from ((f"{name} {key}", text) for key, text in value.items())


ALL = dict(everything())
SAME = {"POINT", "SOURCES", "STATUS influence"}  # words both languages share


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("name", ALL)
def test_both_languages_fill_in_the_same(name):
    assert fields(ALL[name].en) == fields(ALL[name].fr)


@pytest.mark.parametrize("name", ALL)
def test_french_is_another_text_and_spaced_as_french_is(name):
    text = ALL[name]
    assert (text.en == text.fr) == (name in SAME or not text.en)
    bare = "".join(part for part, *_ in string.Formatter().parse(text.fr)).replace("EPSG:", "")
    assert not any(mark in bare.replace(f" {mark}", "") for mark in ";?!:")


@pytest.mark.parametrize(
    ("table", "vocabulary"),
    [
        (texts.STATUS, STATUSES),
        (texts.ASSERTION, ASSERTIONS),
        (texts.CONFIDENCE, CONFIDENCES),
        (texts.VERIFICATION, VERIFICATIONS),
        (texts.PRECISION, DATE_PRECISIONS),
        (texts.STATE, (*STATES, NONE)),
        (texts.STEP, [step for step in STEPS if step not in ("counts", "listed")]),
    ],
)
def test_every_word_of_a_vocabulary_can_be_said(table, vocabulary):
    assert sorted(table) == sorted(vocabulary)


@pytest.mark.parametrize(
    ("kind", "holders", "influence", "told"),
    [
        ("control", ["CMA"], [], "Controlled by CMA"),
        ("control", ["CMA"], ["JNIM", "ISGS"], "Controlled by CMA; influence of JNIM and ISGS"),
        ("shared", ["MIA", "MNLA"], [], "Held jointly by MIA and MNLA"),
        ("contested", ["A", "B", "C"], [], "Contested: A, B and C"),
        ("contested", ["JNIM"], [], "Contested: JNIM and others not named"),
        ("influence", [], ["JNIM"], "Influence of JNIM; no holder known"),
        ("none", [], [], "No information"),
    ],
)
def test_a_state_in_english(kind, holders, influence, told):
    assert texts.state("en", kind, holders, influence) == told


@pytest.mark.parametrize(
    ("kind", "holders", "influence", "told"),
    [
        ("control", ["État (FAMa)"], [], "Contrôle : État (FAMa)"),
        ("control", ["CMA"], ["JNIM", "EIGS"], "Contrôle : CMA ; influence : JNIM et EIGS"),
        ("shared", ["MIA", "MNLA"], [], "Contrôle partagé : MIA et MNLA"),
        ("contested", ["JNIM"], [], "Disputé : JNIM et d'autres non nommés"),
        ("influence", [], ["JNIM"], "Influence : JNIM ; aucun détenteur connu"),
        ("none", [], [], "Sans information"),
    ],
)
def test_a_state_in_french(kind, holders, influence, told):
    assert texts.state("fr", kind, holders, influence) == told


def test_days_and_numbers_are_written_as_each_language_does():
    assert texts.day("en", date(2025, 11, 7)) == "7 November 2025"
    assert texts.day("fr", date(2025, 11, 7)) == "7 novembre 2025"
    assert texts.day("fr", date(2024, 8, 1)) == "1er août 2024"
    assert texts.number("en", 1254351.6) == "1,254,352"
    assert texts.number("fr", 1254351.6) == "1 254 352"


def test_lists_end_with_the_word_of_the_language():
    assert texts.listed("en", ["A", "B", "C"]) == "A, B and C"
    assert texts.listed("fr", ["A", "B"]) == "A et B"
    assert texts.choice("fr", ["A", "B", "C"]) == "A, B ou C"
    assert texts.choice("en", ["A"]) == "A"
    assert texts.listed("en", []) == ""
