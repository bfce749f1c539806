import asked
import pytest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def place(folder, capsys):
    return lambda *typed: asked.run(capsys, folder, "place", *typed)


def held(answer):
    return [(s["valid_from"], s["valid_to"], s["state"], s["actors"]) for s in answer.json["spans"]]


def test_spans_follow_each_other_from_the_first_day_and_a_gap_has_no_information(place):
    answer = place("Kidal", "--json")
    assert held(answer) == [
        ("2012-01-01", "2014-05-21", "none", []),
        ("2014-05-21", "2023-11-14", "control", ["CMA"]),
        ("2023-11-14", "2024-11-14", "control", ["FAMA"]),
        ("2024-11-14", None, "control", ["FAMA"]),
    ]
    assert [span["stale"] for span in answer.json["spans"]] == [False, False, False, True]
    assert "2012-01-01 to 2014-05-20  No information\n" in place("Kidal").out


def test_a_span_names_its_claims_and_their_sources(place):
    span = place("Kidal", "--json").json["spans"][2]
    assert (span["claim_ids"], span["sources"]) == (["C002"], ["v01", "v02"])


@pytest.mark.parametrize("name", ["Taoudénit", "taoudenit", "TAOUDENNI", "Taoudenni"])
def test_a_place_is_found_in_french_english_with_and_without_accents(place, name):
    assert place(name, "--json").json["place"]["place"] == "taoudenit"


def test_a_place_is_found_by_an_alias_and_a_name_may_have_several_words(place):
    assert place("Gawgaw", "--json").json["place"]["place"] == "gao"
    assert "Gao, from 1 January 2012" in place("gaw", "gaw").out


def test_an_unknown_place_is_refused_with_near_names(place):
    answer = place("Kidall")
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err == (
        "geo: No place, or more than one, goes by 'Kidall'. Did you mean Kidal [kidal]?\n"
    )
    assert "Check the spelling." in place("Ouagadougou").err


def test_an_unknown_place_is_refused_in_french(place):
    assert place("Taoudenite", "--lang", "fr").err == (
        "geo: Aucun lieu, ou plus d'un, ne répond au nom 'Taoudenite'. "
        "Vouliez-vous dire Taoudénit (Taoudenni) [taoudenit] ?\n"
    )


def test_a_blockade_of_a_road_near_is_listed_and_does_not_change_who_holds(place):
    answer = place("Anefis", "--json")
    assert held(answer) == [("2012-01-01", None, "none", [])]
    assert [(o["claim_id"], o["status"]) for o in answer.json["overlays"]] == [("C004", "blockade")]
    text = place("Anefis").out
    assert "  Blockade: JNIM; Gao to Kidal (schematic)\n      C004  from 2024-02-01" in text


def test_evidence_of_a_siege_goes_stale_while_it_lasts(folder, place):
    siege = "C005,,JNIM,,siege,,place:gao,,2024-01-01,,,,,,,2024-01-02,dated,,,low,,read,v02,,,"
    with asked.with_claim(folder, siege):
        overlay = place("Gao", "--json").json["overlays"][0]
        assert (overlay["status"], overlay["stale_from"]) == ("siege", "2024-04-01")
        text = place("Gao").out
        assert "Siege: JNIM; town of Gao (evidence past its shelf-life from 2024-04-01)" in text
        quiet = place("Gao", "--json", "--min-confidence", "medium").json["overlays"]
        assert [overlay["status"] for overlay in quiet] == ["blockade"]


def test_history_is_told_as_known_on_a_day(place):
    answer = place("Kidal", "--known-on", "2023-11-13", "--json")
    assert held(answer)[1:] == [
        ("2014-05-21", "2024-10-31", "control", ["CMA"]),
        ("2024-10-31", None, "control", ["CMA"]),
    ]
    assert answer.json["heard"]["known_on"] == "2023-11-13"
    assert "As known on 2023-11-13.\n" in place("Kidal", "--known-on", "2023-11-13").out


def test_nobody_knew_of_an_end_that_was_yet_to_come(place):
    claim = place("Kidal", "--known-on", "2023-10-01", "--json").json["claims"][0]
    assert (claim["valid_to"], claim["last_confirmed"]) == (None, "2023-10-01")
    road = place("Anefis", "--known-on", "2024-02-10", "--json").json["overlays"][0]
    assert (road["valid_to"], road["stale_from"]) == (None, "2024-05-02")
    road = place("Anefis", "--known-on", "2024-03-01", "--json").json["overlays"][0]
    assert road["valid_to"] == "2024-03-01"


def test_influence_past_its_shelf_life_is_told_apart_from_the_holder(folder, place):
    said = (
        "C005,,JNIM,,influence,,place:kidal,,2023-11-14,,,,,,,2023-11-14,dated,,,low,,read,v02,,,"
    )
    with asked.with_claim(folder, said):
        text = place("Kidal").out
    late = "influence of JNIM: evidence past its shelf-life"
    assert "2023-11-14 to 2024-05-12  Controlled by Army; influence of JNIM\n" in text
    assert f"2024-05-13 to 2024-11-13  Controlled by Army; influence of JNIM ({late})\n" in text
    assert f"(evidence past its shelf-life; {late})\n" in text


def test_history_is_told_by_the_sources_that_are_heard(place):
    answer = place("Kidal", "--source", "v02", "--json")
    assert held(answer)[0] == ("2012-01-01", "2023-11-14", "none", [])
    assert answer.json["heard"]["sources"] == ["v02"]
    both = place("Kidal", "--source", "v01", "--source", "v02")
    assert both.out.replace("Heard: v01, v02.\n", "") == place("Kidal").out


def test_history_is_told_above_a_confidence(place):
    assert held(place("Gao", "--json"))[-1][2] == "contested"
    quiet = place("Gao", "--json", "--min-confidence", "medium")
    assert held(quiet) == [("2012-01-01", None, "none", [])]
    assert "No claim below medium confidence." in place("Gao", "--min-confidence", "medium").out


def test_a_history_in_french_is_french(place):
    text = place("Kidal", "--lang", "fr").out
    assert text.startswith("Kidal, du 1er janvier 2012 au 14 juillet 2026\n")
    assert "2012-01-01 au 2014-05-20  Sans information\n" in text
    assert "Contrôle : Armée (éléments ayant dépassé leur délai de validité)" in text
    assert "depuis le 2023-11-14, pour autant qu'on sache ; confiance élevée ; v01 v02" in text
    assert text.endswith("Les sources appuient ces données jusqu'au 14 juillet 2026 ; "
                         "la suite n'est pas connue ici.\n")  # fmt: skip
    assert place("Kidal", "--lang", "fr", "--json").json["names"]["FAMA"] == "Armée"


def test_json_is_one_document_and_nothing_else(place):
    answer = place("Kidal", "--json")
    assert answer.json["place"]["name_fr"] == "Kidal"
    assert answer.err == ""
