import io
import string
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages import extract, pofile
from babel.messages.frontend import parse_mapping_cfg

from geo import languages, layers, words
from geo.languages import ENGLISH, FRENCH

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "geo" / "locale" / "fr" / "LC_MESSAGES" / "messages.po"
MAPPING = ROOT / "geo" / "locale" / "babel.cfg"


@pytest.fixture(scope="module")
def asked():
    """Every message of the program and of the claims: (context, id), a plural by its singular."""
    with MAPPING.open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract.extract_from_dir(ROOT, methods, options)
    return {(context, identity) for _, _, identity, _, context in found}


@pytest.fixture(scope="module")
def catalogue():
    return pofile.read_po(io.BytesIO(CATALOGUE.read_bytes()), abort_invalid=True)


def identified(message):
    return message.context, tuple(message.id) if message.pluralizable else message.id


def names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def texts(value):
    return [value] if isinstance(value, str) else list(value)


def test_the_catalogue_has_every_message_and_no_other(asked, catalogue):
    assert {identified(message) for message in catalogue if message.id} == asked


def test_every_message_has_its_french(catalogue):
    assert not [m.id for m in catalogue if m.id and not all(texts(m.string))]
    assert not [m.id for m in catalogue if m.id and m.fuzzy]


def test_the_french_has_the_same_names_to_fill_in(catalogue):
    for message in catalogue:
        wanted = set().union(*(names(text) for text in texts(message.id) if text))
        for text in texts(message.string):
            assert not message.id or names(text) == wanted, message.id


def test_the_french_has_a_space_before_every_high_sign(catalogue):
    for message in catalogue:
        for text in texts(message.string) if message.id else []:
            for before, sign in pairwise(text):
                assert sign not in ";:!?»" or before in " \u00a0\u202f", text


def test_every_reason_of_a_claim_has_its_french():
    reasons = set(layers.load().claims["confidence_reason"]) - {""}
    assert not [reason for reason in reasons if FRENCH.translate(reason) == reason]


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2026, 5, 1), "1 May 2026", "1er mai 2026"),
        (date(2025, 11, 7), "7 November 2025", "7 novembre 2025"),
        (date(2013, 8, 11), "11 August 2013", "11 août 2013"),
    ],
)
def test_a_day_in_full(day, english, french):
    assert (ENGLISH.day(day), FRENCH.day(day)) == (english, french)


def test_thousands_are_apart_as_each_language_has_it():
    assert (ENGLISH.number(1240), FRENCH.number(1240)) == ("1,240", "1\u202f240")


def test_names_are_listed_as_each_language_has_it():
    assert ENGLISH.listed(["FLA", "JNIM", "MNLA"]) == "FLA, JNIM and MNLA"
    assert FRENCH.listed(["FLA", "JNIM", "MNLA"]) == "FLA, JNIM et MNLA"


@pytest.mark.parametrize(
    ("name", "french"),
    [
        ("Ansongo", "d\u2019Ansongo"),
        ("Énnéri", "d\u2019Énnéri"),
        ("Kidal", "de Kidal"),
        ("Hombori", "de Hombori"),
        ("Youwarou", "de Youwarou"),
        ("Ouatagouna", "de Ouatagouna"),
    ],
)
def test_french_elides_before_a_vowel(name, french):
    assert FRENCH.of(name) == french
    assert ENGLISH.of(name) == f"of {name}"


def test_a_place_is_french_first_and_english_in_brackets_where_it_differs():
    timbuktu = {"name_fr": "Tombouctou", "name_en": "Timbuktu"}
    assert FRENCH.place(timbuktu) == "Tombouctou"
    assert ENGLISH.place(timbuktu) == "Tombouctou (Timbuktu)"
    assert ENGLISH.place({"name_fr": "Gao", "name_en": "Gao"}) == "Gao"


def test_french_spaces_do_not_break():
    said = FRENCH.typeset("L'état : « disputé » ; qui ?")
    assert said == ("L\u2019état\u00a0: «\u00a0disputé\u00a0»\u202f; qui\u202f?")
    assert ENGLISH.typeset("It's so") == "It's so"


def test_an_address_and_a_browser_name_a_language():
    assert languages.named("fr") == FRENCH
    assert languages.named("de") is None
    assert languages.named("") is None
    assert languages.of_browser("fr-ML") == FRENCH
    assert languages.of_browser("en-US") == ENGLISH
    assert languages.of_browser("bm-ML") == ENGLISH
    assert languages.of_browser(None) == ENGLISH


def test_a_text_that_is_not_in_the_catalogue_is_left_as_it_is():
    assert FRENCH.translate("A reason {nobody} translated") == "A reason {nobody} translated"
    assert FRENCH.translate("") == ""


def test_a_period_takes_its_article_only_where_the_day_is_known():
    start, end = date(2025, 4, 1), date(2025, 7, 2)
    assert words.period(FRENCH, start, end, "day") == "Du 1er avril 2025 au 1er juillet 2025"
    assert words.period(FRENCH, start, end, "month") == (
        "Depuis avril 2025 (jour incertain) jusqu\u2019au 1er juillet 2025"
    )
    assert words.period(ENGLISH, start, end, "day") == "From 1 April 2025 to 1 July 2025"
    assert words.since(FRENCH, start, "quarter") == "depuis avril 2025 environ"


def test_one_is_counted_apart():
    assert [words.ago(FRENCH, days) for days in (1, 2, 100, 1000)] == [
        "1 jour",
        "2 jours",
        "3 mois",
        "3 ans",
    ]
    assert [words.ago(ENGLISH, days) for days in (1, 2, 100)] == ["1 day", "2 days", "3 months"]
