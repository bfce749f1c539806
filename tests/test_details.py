"""The answer to a click, on a small world."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
import small

from geo import composite, details, layers, timeline
from geo.languages import ENGLISH, FRENCH

KIDAL = (1.41, 18.44)
GAO_CERCLE = (-1, 17)  # outside the disc of Gao
ON_THE_ROAD = (0.3, 17.2)  # in the cercle of Ménaka, between Gao and Anéfis
NOWHERE = (1, 16.2)


def answers(tmp_path, *changes, **filters):
    """A function that answers clicks on the small world, changed."""
    folder = small.copied(tmp_path / "layers", *changes)
    layers.write(folder)
    found = layers.load(folder)
    resolved = timeline.resolve(composite.build(found.claims, found.units), **filters)
    return lambda point, day, language=ENGLISH: details.at(
        found, resolved, *point, date.fromisoformat(day), language
    )


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    return answers(tmp_path_factory.mktemp("details"))


def test_a_town_is_told_by_its_name_its_commune_and_the_regions_of_the_day(at):
    kidal = at(KIDAL, "2024-02-10")
    assert kidal["title"] == "Kidal"
    assert kidal["where"].startswith("Commune of ")
    assert kidal["where"] != at(KIDAL, "2015-01-01")["where"]
    assert kidal["dayText"] == "10 February 2024"


def test_a_click_into_one_part_of_a_cut_commune_is_answered_and_breaks_nothing(tmp_path):
    about_a_part = ("claims.csv", "cercle:gao", "commune:T2-n")
    north = answers(tmp_path, about_a_part)((-3.98, 21.0), "2024-02-10")
    assert north["claims"][0]["tags"][0].startswith("commune of ")


def test_the_figures_are_of_the_region_as_it_was_on_the_day(at):
    before, after = (at(ON_THE_ROAD, day)["region"] for day in ("2015-01-01", "2024-02-10"))
    assert (before["key"], after["key"]) == ("gao", "menaka")
    assert after["figures"] == "Figures of the day: Ménaka"


def test_the_state_says_who_holds_it_and_since_when(at):
    assert at(KIDAL, "2024-02-10")["state"] == {
        "text": "Controlled by Army",
        "since": "since 14 November 2023",
        "marks": [],
        "colours": ["#4477aa"],
    }


def test_a_state_as_old_as_the_data_began_before_them(tmp_path):
    at = answers(tmp_path, ("claims.csv", "2014-05-21,2023-11-14,,", "2012-01-01,2023-11-14,,"))
    assert at(KIDAL, "2013-01-01")["state"]["since"] == "since before 1 January 2012"


def test_a_state_whose_evidence_went_stale_began_when_it_began(at):
    later = at(KIDAL, "2025-06-01")
    assert later["state"]["since"] == "since 14 November 2023"
    (notice,) = later["notices"]
    assert notice.startswith("The newest evidence is of 14 November 2023, 19 months before")


def test_ground_nobody_speaks_of_is_not_given_to_anyone(at):
    nothing = at(NOWHERE, "2020-01-01")
    assert nothing["state"]["text"] == "No information"
    assert nothing["claims"] == nothing["overlays"] == nothing["aside"] == []
    assert nothing["notices"] == [details.NOTHING]
    assert nothing["state"]["colours"] == []


def test_outside_the_country_there_is_no_answer(at):
    assert at((10, 10), "2024-02-10") is None


def test_a_cercle_is_not_its_towns(at):
    cercle = at(GAO_CERCLE, "2024-02-10")
    assert cercle["title"].startswith("Cercle de ")
    assert cercle["state"]["text"] == "Contested: Army and JNIM"
    assert cercle["notices"][-1] == details.CERCLE
    assert cercle["claims"][0]["period"].startswith("Since 2024 (month uncertain), as far as known")
    assert "(assumed: the first day of the claim)" in cercle["claims"][0]["period"]


def test_a_claim_is_told_with_its_ground_its_grade_and_its_sources(at):
    (claim,) = at(KIDAL, "2015-01-01")["claims"]
    assert claim["id"] == "C001"
    assert claim["heading"] == "Control: CMA"
    assert claim["tags"] == ["town of Kidal", "assessed", "high confidence", "source read"]
    assert claim["period"] == (
        "From 21 May 2014 to 13 November 2023. Last confirmed 31 October 2023. "
        "Reported 22 May 2014."
    )
    assert claim["note"] == "CMA holds Kidal."
    assert claim["aside"] is None
    assert claim["sources"] == [
        {
            "name": "RFI: Kidal",
            "grade": "B",
            "gradeText": "B: usually reliable",
            "links": ["https://example.org/kidal"],
            "read": "We read it.",
            "caveat": "",
        }
    ]


@pytest.mark.parametrize(
    ("language", "heard", "confirmed", "named"),
    [
        (ENGLISH, None, "Last confirmed 31 October 2023 by Reuters.", ["RFI", "Reuters"]),
        (FRENCH, None, "confirmation\xa0: 31 octobre 2023 par Reuters.", ["RFI", "Reuters"]),
        (ENGLISH, ["v01"], "Last confirmed 21 May 2014.", ["RFI"]),
    ],
)
def test_who_confirmed_a_claim_is_named_while_heard(tmp_path, language, heard, confirmed, named):
    at = answers(tmp_path, ("claims.csv", "2023-10-31,", "2023-10-31,v02"), sources=heard)
    (claim,) = at(KIDAL, "2015-01-01", language)["claims"]
    assert confirmed in claim["period"]
    assert [source["name"].partition(":")[0].strip() for source in claim["sources"]] == named


def test_a_road_is_told_to_whoever_clicks_near_it_and_only_while_it_is_blocked(at):
    (blockade,) = at(ON_THE_ROAD, "2024-02-10")["overlays"]
    assert blockade["heading"] == "Blockade: JNIM"
    assert blockade["tags"][0] == "Gao to Kidal (schematic)"
    assert at(ON_THE_ROAD, "2024-03-01")["overlays"] == []
    assert at(NOWHERE, "2024-02-10")["overlays"] == []


def test_a_claim_that_is_set_aside_says_why(tmp_path):
    at = answers(
        tmp_path, ("claims.csv", "C002,,FAMA,,control,,place", "C002,,FAMA,,control,claimed,place")
    )
    kidal = at(KIDAL, "2024-02-10")
    assert kidal["claims"] == []
    (aside,) = kidal["aside"]
    assert aside["aside"].startswith("Set aside: a party or source says so")
    assert aside["tags"][1] == "claimed, not corroborated"


def test_a_siege_of_the_place_stands_beside_its_holder(tmp_path):
    at = answers(
        tmp_path,
        ("claims.csv", "JNIM,,blockade,,road:gao-kidal/1", "JNIM,,siege,,place:kidal"),
    )
    state = at(KIDAL, "2024-02-10")["state"]
    assert state["text"] == "Controlled by Army"
    assert state["marks"] == ["Besieged by JNIM since February 2024 (day uncertain)"]


def test_a_disagreement_is_shown_where_and_while_it_lasts(at):
    (dispute,) = at(KIDAL, "2015-01-01")["disagreements"]
    assert (dispute["a"]["text"], dispute["b"]["text"]) == ("CMA governs.", "The state is there.")
    assert dispute["a"]["saidBy"] == "RFI"
    assert [source["name"] for source in dispute["b"]["sources"]] == ["Reuters: Gao"]
    assert dispute["reading"] == "A on the ground."
    assert at(KIDAL, "2023-11-14")["disagreements"] == []
    assert at(NOWHERE, "2015-01-01")["disagreements"] == []


def test_the_history_of_a_place_has_every_day_once(at):
    spans = at(KIDAL, "2024-02-10")["history"]
    assert [span["text"] for span in spans] == [
        "No information",
        "Controlled by CMA",
        "Controlled by Army",
    ]
    assert (spans[0]["from"], spans[-1]["to"]) == ("2012-01-01", "2026-07-14")
    for before, after in pairwise(spans):
        gap = date.fromisoformat(after["from"]) - date.fromisoformat(before["to"])
        assert gap == timedelta(days=1)
    assert sum(span["share"] for span in spans) == pytest.approx(1, abs=1e-4)


def test_events_near_by_are_told_and_others_not(at):
    (event,) = at(KIDAL, "2024-02-10")["events"]
    assert (event["iso"], event["title"]) == ("2014-05-21", "Fighting in Kidal")
    assert at(GAO_CERCLE, "2024-02-10")["events"] == []


def test_the_same_answer_is_given_in_french(at):
    english, french = at(KIDAL, "2024-02-10"), at(KIDAL, "2024-02-10", FRENCH)
    assert french["claims"][0]["note"] == "L\u2019armée prend Kidal."
    assert french["dayText"] == "10 février 2024"
    assert french["state"]["colours"] == english["state"]["colours"]
    assert [claim["id"] for claim in french["claims"]] == [
        claim["id"] for claim in english["claims"]
    ]


@pytest.mark.parametrize("point", [KIDAL, GAO_CERCLE, ON_THE_ROAD, NOWHERE])
@pytest.mark.parametrize("day", ["2012-01-01", "2015-01-01", "2024-02-10", "2026-07-14"])
def test_an_answer_is_plain_json(at, point, day):
    answer = at(point, day)
    assert json.loads(json.dumps(answer)) == answer
