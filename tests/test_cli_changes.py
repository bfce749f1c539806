import csv
import io

import asked
import pytest

from geo import layers


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def changes(folder, capsys):
    return lambda *typed: asked.run(capsys, folder, "changes", *typed)


def test_a_change_says_from_whom_to_whom_and_by_whose_claims(changes):
    answer = changes("2023-11-13", "2023-11-14", "--json")
    assert (answer.code, answer.err) == (0, "")
    (change,) = answer.json["changes"]
    assert (change["kind"], change["key"], change["name"]) == ("place", "kidal", "Kidal")
    assert change["from"] == {"state": "control", "actors": ["CMA"], "influence": []}
    assert change["to"] == {"state": "control", "actors": ["FAMA"], "influence": []}
    assert (change["gained"], change["lost"]) == (["FAMA"], ["CMA"])
    assert (change["claim_ids"], change["ended_ids"]) == (["C002"], ["C001"])
    assert change["sources"] == ["v01", "v02"]
    assert answer.json["names"] == {"CMA": "CMA", "FAMA": "Army"}
    assert [source["source"] for source in answer.json["sources"]] == ["v01", "v02"]


def test_a_blockade_that_ended_is_no_longer_there(changes):
    answer = changes("2024-02-10", "2024-03-01", "--json").json
    assert answer["changes"] == []
    assert [(mark["claim_id"], mark["began"]) for mark in answer["marks"]] == [("C004", False)]
    text = changes("2024-02-10", "2024-03-01").out
    assert "  no longer there: Blockade: JNIM; Gao to Kidal (schematic)\n      C004; v02\n" in text
    assert "nothing changed on this map" in text


def test_french_is_french(changes):
    text = changes("2014-06-01", "2024-02-10", "--lang", "fr").out
    assert text.startswith("Ce qui diffère entre le 1er juin 2014 et le 10 février 2024\n")
    assert "Le cercle de Gao, 47 136 km²\n  avant : Sans information\n" in text
    assert "  nouveau : Blocus : JNIM ; " in text
    for english in ("before", "after", "decides", "control", " and "):
        assert english not in text.partition("\nSources\n")[0]


def test_nothing_that_was_not_known_is_told(changes):
    assert (
        changes("2014-05-20", "2014-06-01", "--known-on", "2014-05-21", "--json").json["changes"]
        == []
    )
    text = changes("2014-05-20", "2014-06-01", "--known-on", "2014-05-22").out
    assert "As known on 2014-05-22.\n" in text
    assert "decides now: C001" in text


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (("2024-01-02", "2024-01-01"), "run backwards. Name 2024-01-01 before 2024-01-02."),
        (("2011-12-31", "2024-01-01"), "2011-12-31 is outside the days"),
        (("2024-01-01", "2026-07-15"), "2026-07-15 is outside the days"),
    ],
)
def test_days_that_make_no_question_are_refused(changes, days, message):
    answer = changes(*days)
    assert (answer.code, answer.out) == (1, "")
    assert message in answer.err


def test_one_day_alone_is_wrong_usage(changes):
    with pytest.raises(SystemExit, match="2"):
        changes("2024-01-01")


def test_the_shipped_changes_are_the_difference_of_the_shipped_figures(capsys, tmp_path_factory):
    first, second = "2013-01-01", "2013-02-01"
    with asked.reading_once(tmp_path_factory):
        told = asked.run(capsys, layers.FOLDER, "changes", first, second, "--json").json
        figures = asked.run(capsys, layers.FOLDER, "areas", "--from", first, "--to", second).out
    table = [row for row in csv.DictReader(io.StringIO(figures)) if not row["actor"]]
    for state in ("control", "contested", "shared", "influence", "none"):
        then, *_, now = (float(row["km2"]) for row in table if row["state"] == state)
        net = sum(
            change["km2"] * ((change["to"]["state"] == state) - (change["from"]["state"] == state))
            for change in told["changes"]
        )
        assert net == pytest.approx(now - then, abs=1e-3)
    kidal = next(change for change in told["changes"] if change["key"] == "kidal")
    assert (kidal["to"]["state"], kidal["to"]["actors"]) == ("shared", ["MIA", "MNLA"])
