from datetime import date

import asked
import oracle
import pytest
import shapely

from geo import layers

KIDAL, GAO, ANEFIS, NOBODY = (1.41, 18.44), (-0.05, 16.27), (0.6, 18.05), (-3.0, 20.0)
DAYS = ("2014-05-20", "2014-05-21", "2023-11-13", "2023-11-14", "2024-02-10", "2026-07-14")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def explain(folder, capsys):
    def explained(point, day, *typed):
        return asked.run(capsys, folder, "explain", *point, "--date", day, *typed)

    return explained


def steps(answer):
    return {claim["claim_id"]: claim["step"] for claim in answer.json["claims"]}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("point", [KIDAL, GAO, NOBODY])
def test_every_claim_and_the_state_are_those_of_the_rule(folder, explain, point, day):
    answer = explain(point, day, "--json")
    known = layers.load(folder).claims
    state, told = oracle.state_at(known, shapely.Point(point), date.fromisoformat(day))
    assert steps(answer) == told
    assert {name: answer.json[name] for name in ("state", "level", "stale")} == {
        name: state[name] for name in ("state", "level", "stale")
    }
    assert answer.json["actors"] == list(state["actors"])


def test_a_claim_that_counts_is_told_in_words(explain):
    text = explain(KIDAL, "2023-11-14").out
    assert "\nControlled by Army\n" in text
    assert "\nWhat decides\n  C002  Control: Army\n      town of Kidal; since 2023-11-14" in text
    assert "reported 2023-11-14" in text
    assert "  v01: RFI; Kidal; grade B; https://example.org/kidal\n" in text


def test_a_claim_set_aside_says_where_in_words_and_by_its_code_in_json(explain):
    asking = (KIDAL, "2015-01-01", "--known-on", "2014-05-21")
    assert "Set aside: it was reported only later.\n" in explain(*asking).out
    assert steps(explain(*asking, "--json")) == {"C001": "reported-later"}


@pytest.mark.parametrize(
    ("option", "step"),
    [(("--source", "v02"), "source-off"), (("--min-confidence", "high"), "below-confidence")],
)
def test_what_is_not_heard_is_listed_as_set_aside(explain, option, step):
    point, day = (KIDAL, "2015-01-01") if step == "source-off" else (GAO, "2025-01-01")
    answer = explain(point, day, *option, "--json")
    assert [*steps(answer).values()] == [step]
    assert answer.json["state"] == "none"


def test_ground_without_a_claim_has_no_information(explain):
    answer = explain(NOBODY, "2024-01-01", "--json")
    assert (answer.json["state"], answer.json["claims"]) == ("none", [])
    text = explain(NOBODY, "2024-01-01").out
    assert "No information\nNo claim about this ground counts on this day." in text


@pytest.mark.parametrize(
    ("day", "listed"), [("2024-01-31", []), ("2024-02-29", ["C004"]), ("2024-03-01", [])]
)
def test_a_road_near_is_listed_on_the_days_it_is_blocked_and_decides_nothing(explain, day, listed):
    answer = explain(ANEFIS, day, "--json")
    assert [road["claim_id"] for road in answer.json["roads"]] == listed
    assert answer.json["state"] == "none"


def test_a_road_whose_source_is_not_heard_is_set_aside(explain):
    road = explain(ANEFIS, "2024-02-10", "--source", "v01", "--json").json["roads"][0]
    assert (road["counts"], road["step"]) == (False, "source-off")
    text = explain(ANEFIS, "2024-02-10", "--source", "v01").out
    assert "Set aside, and why\n  C004  Blockade: JNIM\n" in text


def test_a_state_past_its_shelf_life_says_so(explain):
    assert "may no longer hold" in explain(KIDAL, "2026-07-14").out
    assert "may no longer hold" not in explain(KIDAL, "2024-11-13").out


def test_days_that_are_not_known_exactly_are_told(explain):
    answer = explain(GAO, "2024-02-10", "--json")
    assert (answer.json["uncertain"], answer.json["claims"][0]["uncertain"]) == (True, True)
    assert "It may not have begun yet on this day" in explain(GAO, "2024-02-10").out
    assert explain(GAO, "2025-01-01", "--json").json["uncertain"] is False
    assert "It may not have begun yet" not in explain(GAO, "2025-01-01").out


def test_a_point_outside_the_country_is_refused(explain):
    answer = explain((-10, 50), "2024-01-01", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "geo: Longitude -10, latitude 50 lies outside the country. "
        "Choose a point inside it, longitude first.\n"
    )


def test_latitude_before_longitude_is_refused_with_the_two_put_right(explain):
    assert "did you mean 1.41 18.44?" in explain((18.44, 1.41), "2024-01-01").err
    assert (
        "vouliez-vous dire 1.41 18.44 ?" in explain((18.44, 1.41), "2024-01-01", "--lang", "fr").err
    )


def test_a_contested_state_of_one_actor_is_contested_by_others(folder, explain):
    said = "C005,,JNIM,,contested,,place:gao,,2024-01-01,,,,,,,2024-01-01,dated,,,low,,read,v02,,,"
    with asked.with_claim(folder, said):
        english = explain(GAO, "2024-02-10").out
        french = explain(GAO, "2024-02-10", "--lang", "fr").out
    assert "Contested: JNIM and others not named\n" in english
    assert "Disputé : JNIM et d'autres non nommés\n" in french
