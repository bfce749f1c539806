"""Two days compared, as the browser and a spreadsheet receive it."""

import csv
import io
from datetime import date

import pytest

from geo import comparison, layers, timeline
from geo.cache import composite
from geo.languages import ENGLISH, FRENCH

ROAD = "Sikasso \N{EN DASH} Loulouni \N{EN DASH} Zégoua (Ivorian border)"
FIRST, SECOND = date(2025, 11, 1), date(2025, 11, 15)


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


@pytest.fixture(scope="module")
def resolved(shipped):
    return timeline.resolve(composite(shipped.claims, shipped.units))


@pytest.fixture(scope="module")
def ledger(shipped, resolved):
    return comparison.ledger(shipped, resolved, FIRST, SECOND, ENGLISH)


def test_the_ledger_of_november_2025_names_loulouni_soumpi_and_the_road_to_zegoua(ledger):
    assert [(line["kind"], line["where"]) for line in ledger] == [
        ("place", "Loulouni"),
        ("place", "Soumpi"),
        ("blockade", ROAD),
    ]
    loulouni, soumpi, road = ledger
    assert loulouni["gained"] == ["JNIM"]
    assert loulouni["lost"] == []  # it was contested by others nobody named
    assert (soumpi["gained"], soumpi["lost"]) == (["JNIM"], ["State (FAMa)"])
    assert (road["before"], road["km2"]) == ("", None)


def test_every_line_has_sources_with_their_grade(ledger):
    assert all(line["sources"] for line in ledger)
    assert {s["grade"] for line in ledger for s in line["sources"]} <= set("ABCDEF")


def test_every_line_is_found_back_by_its_claims(shipped, ledger):
    known = set(shipped.claims["claim_id"])
    assert all({*line["claims"], *line["ended"]} <= known for line in ledger)


def test_a_new_blockade_is_told_and_an_unchanged_country_has_no_news(ledger):
    told = comparison.news(ledger, ENGLISH)
    assert told.startswith("New on the second date: Sikasso")
    assert comparison.news([], ENGLISH) == ""


def test_the_looks_part_the_faces_into_changed_unchanged_and_unknown(shipped, resolved):
    looks = comparison.looks(shipped, resolved, FIRST, SECOND, ENGLISH)
    kinds = [state and state["kind"] for state in looks["states"]]
    assert kinds[0] is None
    shown = [kinds[run[2]] if run else None for run in looks["runs"]]
    assert len(shown) == len(resolved.composite.faces)
    assert shown.count("changed") == 2
    assert {None, "same", "changed"} == set(shown)
    assert sum(state is not None and state["kind"] == "same" for state in looks["states"]) == 1


def test_the_looks_of_a_day_beside_itself_have_no_change(shipped, resolved):
    looks = comparison.looks(shipped, resolved, FIRST, FIRST, FRENCH)
    assert [state["kind"] for state in looks["states"][1:]] == ["same"]


def test_the_spreadsheet_holds_the_ledger(ledger):
    rows = list(csv.DictReader(io.StringIO(comparison.spreadsheet(ledger))))
    assert [row["where"] for row in rows] == [line["where"] for line in ledger]
    assert rows[0].keys() == set(comparison.COLUMNS)
    assert float(rows[0]["km2"]) == pytest.approx(ledger[0]["km2"], abs=0.01)
    assert rows[2]["km2"] == ""


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell):
    assert comparison.safe(cell) == f"'{cell}"


def test_a_plain_cell_is_left_alone():
    assert comparison.safe("Ténenkou = 2") == "Ténenkou = 2"
