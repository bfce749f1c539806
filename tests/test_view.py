from datetime import date

import pytest

from geo import view
from geo.languages import ENGLISH, FRENCH
from geo.view import Camera, View

SPAN = dict(first=date(2012, 1, 1), last=date(2026, 7, 14))


def read(**query):
    return view.parse(query, **SPAN)


def test_a_view_round_trips_through_the_address():
    seen = View(
        date(2025, 11, 7),
        Camera(6.25, 17.5, -4.0),
        (1.4092, 18.4435),
        known_on=date(2025, 10, 1),
        min_confidence="medium",
        without=("v02", "v49"),
        layers=("shipped", "up3"),
        without_layers=("up2",),
        claimed=True,
        show="disagreement",
        measure="people",
        loop=(date(2012, 3, 22), date(2013, 2, 1)),
        kinds=("attack", "un-decision"),
        event="e012",
        language=FRENCH,
    )
    assert view.parse(seen.query(), **SPAN) == (seen, ())


def test_date_and_language_are_in_the_address_even_when_they_are_the_default():
    assert read()[0].query() == {"date": "2026-07-14", "lang": "en"}


def test_an_empty_address_shows_the_last_supported_day():
    assert read() == (View(date(2026, 7, 14)), ())


def test_no_kinds_of_events_is_not_every_kind():
    assert read(kinds="none")[0].kinds == ()
    assert read(kinds="none")[0].query()["kinds"] == "none"
    assert read()[0].kinds is None


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"date": "7/11/2025"}, "'7/11/2025', which is not a day. Write it as YYYY-MM-DD"),
        ({"date": "2025-02-30"}, "not a day"),
        ({"date": "2027-01-01"}, "the data cover 2012-01-01 to 2026-07-14"),
        ({"date": "1999-01-01"}, "the data cover"),
        ({"map": "6/17"}, "map=zoom/lat/lon is expected"),
        ({"map": "nan/17/0"}, "map=zoom/lat/lon is expected"),
        ({"map": "99/17/0"}, "not on the map"),
        ({"known": "yesterday"}, "not a day"),
        ({"confidence": "certain"}, "low, medium, high"),
        ({"without": "v02,<b>"}, "not keys of the bibliography"),
        ({"layers": "up1,<b>"}, "the layers 'up1,<b>', which are not on this map"),
        ({"without_layers": ","}, "not on this map"),
        ({"lang": "de"}, "the language 'de'. Write one of en, fr"),
        ({"show": "weather"}, "show='weather'. Write one of disagreement"),
        ({"of": "gold"}, "of='gold'. Write one of km2, people, places"),
        ({"loop": "2013-02-01"}, "to loop over '2013-02-01'. Write two days from 2012-01-01"),
        ({"loop": "2014-01-01,2013-01-01"}, "the earlier one first"),
        ({"loop": "2011-01-01,2013-01-01"}, "Write two days from 2012-01-01 to 2026-07-14"),
        ({"loop": "soon,later"}, "Write two days"),
        ({"kinds": "attack,<b>"}, "Write kinds joined by commas"),
        ({"event": "{{7*7}}"}, "the event '{{7*7}}', which is not in the data"),
        ({"at": "here"}, "at=lon,lat is expected"),
        ({"at": "1,2000"}, "not on Earth"),
    ],
)
def test_a_wrong_parameter_is_left_out_and_said(query, sentence):
    seen, problems = read(**query)
    assert seen == View(date(2026, 7, 14))
    assert len(problems) == 1
    assert sentence in problems[0]


def test_an_address_without_a_language_is_answered_in_the_one_of_the_browser():
    assert view.parse({}, **SPAN, language=FRENCH)[0].language == FRENCH
    assert view.parse({"lang": "en"}, **SPAN, language=FRENCH)[0].language == ENGLISH


def test_what_is_wrong_with_an_address_is_said_in_its_language():
    _, problems = read(lang="fr", date="hier")
    assert problems[0].startswith("L\u2019adresse demande la date «\u00a0hier\u00a0»")


def test_one_wrong_parameter_does_not_lose_the_others():
    seen, problems = read(date="2012-04-05", map="x", at="1.4,18.4")
    assert (seen.day, seen.at) == (date(2012, 4, 5), (1.4, 18.4))
    assert len(problems) == 1


def test_a_very_long_parameter_is_not_repeated_in_full():
    assert all(len(p) < 250 for p in read(date="x" * 5000)[1])
