"""What the map says of a day, as tables."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from geo import details, layers, sheets, slices, timeline
from geo.cache import composite
from geo.errors import ViewError
from geo.languages import ENGLISH, FRENCH
from geo.sheets import SHEETS, Cell, Sheet

DAY = date(2025, 11, 7)


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


@pytest.fixture(scope="module")
def resolved(shipped):
    cut = composite(shipped.claims, shipped.units)
    return timeline.resolve(cut, supported_until=shipped.dataset.supported_until)


@pytest.fixture(scope="module")
def made(shipped, resolved):
    return {name: sheets.on(shipped, resolved, name, DAY, ENGLISH) for name in SHEETS}


def columns(sheet):
    return [name for name, _ in sheet.columns]


def cells(sheet, column):
    return [row[columns(sheet).index(column)] for row in sheet.rows]


@pytest.mark.parametrize("name", SHEETS)
def test_every_row_has_a_cell_for_every_column_and_a_name(made, name):
    sheet = made[name]
    assert sheet.caption.endswith(", 7 November 2025")
    assert len(sheet.rows) > 3
    assert {len(row) for row in sheet.rows} == {len(sheet.columns)}
    assert all(row[0].text for row in sheet.rows)


@pytest.mark.parametrize("name", SHEETS)
def test_in_french_the_same_rows_are_told(made, shipped, resolved, name):
    french = sheets.on(shipped, resolved, name, DAY, FRENCH)
    assert len(french.rows) == len(made[name].rows)
    assert french.caption.endswith(", 7 novembre 2025")
    days = [[cell.value for cell in row] for row in french.rows]
    assert sorted(map(sorted, days)) == sorted(
        sorted(cell.value for cell in row) for row in made[name].rows
    )


def test_a_place_is_in_the_state_that_a_click_on_it_tells(made, shipped, resolved):
    told = {row[0].text: row for row in made["places"].rows}
    assert len(told) == len(shipped.places)
    for key in ("kidal", "gao", "bamako", "farabougou", "loulouni", "menaka", "taoudenit"):
        point = shipped.places.geometry[key]
        clicked = details.at(shipped, resolved, point.x, point.y, DAY, ENGLISH)
        row = told[ENGLISH.place(shipped.places.loc[key].to_dict())]
        assert row[2].text.startswith(clicked["state"]["text"])
        assert set(row[7].text.split()) <= {claim["id"] for claim in clicked["claims"]}


def test_a_place_without_a_claim_of_its_own_says_that_its_cercle_stands_for_it(made, resolved):
    local = resolved.composite.claims.set_index("claim_id")["area_ref"].str.startswith("place:")
    scope, ids = cells(made["places"], "Scope"), cells(made["places"], "Claims")
    for about, claims in zip(scope, ids, strict=True):
        if claims.text:
            own = local[claims.text.split()].any()
            assert about.text == ("the town" if own else "the whole cercle")
    assert {about.text for about in scope} >= {"the town", "the whole cercle"}


def test_the_cercles_are_all_the_ground_outside_towns(made, resolved):
    today = slices.at(resolved, DAY)
    named = slices.named(resolved.composite, today["unit"], today["claim_ids"])
    outside = today["area_km2"][named["kind"] == "unit"].sum()
    drawn = sum(float(cell.value) for cell in cells(made["cercles"], "Area, km²"))
    assert drawn == pytest.approx(outside, abs=1)


def test_every_claim_that_decides_somewhere_counts(made, resolved):
    deciding = {claim for ids in slices.at(resolved, DAY)["claim_ids"] for claim in ids}
    becomes = {row[0].text: row[10].text for row in made["claims"].rows}
    counted = {claim for claim, said in becomes.items() if said == "It counts."}
    assert deciding <= counted
    pressed = {cell.text for cell in cells(made["sieges"], "Claims")}
    assert counted == deciding | pressed
    assert any(said.startswith("Set aside") for said in becomes.values())


def test_what_was_reported_later_is_set_aside_and_decides_nothing(shipped, resolved):
    early = date(2014, 1, 1)
    known = timeline.resolve(resolved.composite, known_on=early)
    becomes = cells(sheets.on(shipped, known, "claims", DAY, ENGLISH), "What becomes of it")
    assert sum("reported only later" in cell.text for cell in becomes) > 50
    states = {
        cell.text for cell in cells(sheets.on(shipped, known, "places", DAY, ENGLISH), "State")
    }
    assert "No information" in states


def test_events_are_those_up_to_the_day_the_latest_first(made):
    days = [cell.value for cell in cells(made["events"], "Day")]
    assert days == sorted(days, reverse=True)
    assert days[0] <= DAY.isoformat()


def test_a_road_cut_in_november_2025_is_blocked_with_its_reason(made):
    rows = [row for row in made["roads"].rows if row[2].text == "blocked"]
    assert rows
    for _, _, _, why, sources in rows:
        assert "this stretch is under" in why.text
        assert sources.text


def test_a_later_day_than_the_data_support_is_refused(shipped, resolved):
    with pytest.raises(ViewError, match="Nothing is known of 2026-07-15"):
        sheets.on(shipped, resolved, "events", date(2026, 7, 15), ENGLISH)


def test_a_spreadsheet_gets_plain_days_and_numbers_and_no_formula():
    row = (Cell("=1+1"), Cell("7 November 2025", "2025-11-07"), Cell("1,240", "1240.00"))
    sheet = Sheet("T", "", (("@a", False), ("b", False), ("c", True)), (row,))
    head, line = csv.reader(io.StringIO(sheet.csv()))
    assert head == ["'@a", "b", "c"]
    assert line == ["'=1+1", "2025-11-07", "1240.00"]


@pytest.mark.parametrize("name", SHEETS)
def test_no_cell_of_a_spreadsheet_is_a_formula(made, name):
    for row in csv.reader(io.StringIO(made[name].csv())):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_browser_gets_a_text_or_a_text_and_its_value():
    sheet = Sheet("T", "L", (("a", False),), ((Cell("x"),), (Cell("1 May", "2026-05-01"),)))
    assert sheet.data()["rows"] == [["x"], [["1 May", "2026-05-01"]]]
    assert replace(sheet, rows=()).data()["rows"] == []


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_the_ground_of_every_claim_has_a_name_also_half_a_commune(shipped, language):
    half = [ref for ref in shipped.claims["area_ref"] if ref.endswith(("-n", "-s"))]
    assert half
    for ref in shipped.claims["area_ref"].unique():
        assert details.area(shipped, ref, language)
