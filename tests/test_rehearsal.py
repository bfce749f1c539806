"""What an upload would change, before anything is kept."""

import csv
import io
from datetime import date

import pytest
import small
import uploads
from shapely import box

from geo import figures, layers, timeline
from geo.composite import build
from geo.languages import ENGLISH, FRENCH
from geo.sheets import changing, rehearsal
from geo.sheets.rehearsal import Rehearsal
from geo.store import desk, engine, known, where

KIDAL = box(1.2, 18.2, 1.6, 18.6)  # where the small world has FAMA since 14 November 2023
DAY = date(2025, 6, 1)
MONDAY = uploads.MONDAY.date()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    path = small.built(tmp_path_factory.mktemp("world") / "layers")
    return layers.load(path)


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    monkeypatch.setenv(where.FOLDER, str(tmp_path / "store"))
    opened = engine.opened(where.address())
    yield opened
    opened.close()


def resolved(told):
    until = told.dataset.supported_until
    return timeline.resolve(build(told.claims, told.units), supported_until=until)


def tried(shipped, *rows, day=MONDAY):
    after = known.foreseen(shipped, uploads.upload(*rows), day)
    before = known.reaching(known.joined(shipped), after.dataset.supported_until)
    return Rehearsal(before, after, resolved(before), resolved(after), "up1")


def kidal(claim_id="k1", **more):
    told = dict(level="place", valid_from="2025-01-01", valid_to="2026-01-01", sources="v01 v02")
    return uploads.row(claim_id, "JNIM", KIDAL, **(told | more))


def texts(sheet):
    return [[cell.text for cell in row] for row in sheet.rows]


def test_the_ledger_tells_the_ground_that_would_go_to_another_and_by_which_claim(shipped):
    made = rehearsal.ledger(tried(shipped, kidal()), DAY, ENGLISH)
    assert made.rows
    for row in made.rows:
        _, without, beside, km2, decide, _ = row
        assert "JNIM" not in without.text
        assert "JNIM" in beside.text
        assert float(km2.value) > 0
        assert "up1:k1" in decide.text.split()


def test_on_a_day_of_which_the_layer_says_nothing_nothing_changes(shipped):
    one = tried(shipped, kidal())
    made = rehearsal.ledger(one, date(2024, 6, 1), FRENCH)
    assert (made.rows, made.lead) == ((), "Rien ne change ce jour-là.")
    assert rehearsal.met(one, date(2024, 6, 1), ENGLISH).rows  # what it contradicts on any day


def test_claims_that_say_otherwise_are_contradicted_and_superseded_where_they_decided(shipped):
    made = texts(rehearsal.met(tried(shipped, kidal()), DAY, ENGLISH))
    found = {row[0]: row for row in made}
    both = [row for row in found.values() if row[4] == "contradicted and superseded on this day"]
    assert both
    assert all(row[5] == "up1:k1" for row in both)


def test_a_claim_that_says_the_same_contradicts_nothing(shipped):
    own = rehearsal.met(tried(shipped, kidal()), DAY, ENGLISH).rows[0][0].text
    holder = shipped.claims.set_index("claim_id").loc[own, "actor"]
    again = rehearsal.met(tried(shipped, kidal() | {"actor": holder}), DAY, ENGLISH)
    assert own not in [row[0].text for row in again.rows if "contradicted" in row[4].text]


def test_two_maps_point_out_the_same_ground_as_the_ledger_and_only_on_its_days(shipped):
    one = tried(shipped, kidal())
    first = one.after.dataset.first_day
    marks = changing.marks(one)
    begins, ends = ((day - first).days for day in (date(2025, 1, 1), date(2026, 1, 1)))
    days = [day for mark in marks for day in mark["r"]]
    assert min(days) == begins
    assert max(days) == ends
    assert changing.days(marks, first, one.after.dataset.supported_until) == sorted({*days})
    for day in (DAY, date(2024, 6, 1), date(2026, 1, 1)):
        number = (day - first).days
        shown = [
            mark
            for mark in marks
            if any(a <= number < b for a, b in zip(mark["r"][::2], mark["r"][1::2], strict=True))
        ]
        assert bool(shown) == bool(rehearsal.ledger(one, day, ENGLISH).rows)


def test_a_layer_that_says_what_the_map_says_points_out_nothing(shipped):
    where = shipped.places.geometry["kidal"]
    same = uploads.row(
        "k1", "FAMA", where.buffer(0.01), level="place", valid_from="2024-01-01",
        valid_to="2024-02-01", sources="v01 v02", confidence="low",
    )  # fmt: skip
    assert changing.marks(tried(shipped, same)) == []


def test_the_figures_with_and_without_stand_side_by_side(shipped):
    one = tried(shipped, kidal())
    both = [
        figures.ranges(resolved, one.after.places)  # the places are the same in both
        for resolved in (one.timeline_before, one.timeline_after)
    ]
    made = texts(rehearsal.figured(one, *both, DAY, ENGLISH))
    assert any(name == "JNIM" and before != after for name, before, after in made)


def test_a_layer_of_later_days_is_compared_with_a_map_that_knows_nothing_of_them(shipped):
    later = date(2026, 9, 1)
    one = tried(shipped, kidal(valid_from="2026-08-15", valid_to=None), day=later)
    assert one.first_day == date(2026, 8, 15)
    made = texts(rehearsal.ledger(one, one.first_day, ENGLISH))
    assert made
    assert {row[1] for row in made} == {"no information"}


def test_a_published_layer_goes_on_counting_on_those_later_days(shipped, own):
    desk.put_up(own, uploads.EDITOR, uploads.upload(kidal(valid_to=None)), at=uploads.MONDAY)
    before = known.joined(shipped)
    reaching = known.reaching(before, date(2026, 9, 1))
    assert reaching.dataset.supported_until == date(2026, 9, 1)
    ends = reaching.claims.set_index("claim_id")["valid_to"]
    assert ends.isna()["up1:k1"]
    assert not ends[~ends.index.str.startswith("up1:")].isna().any()
    assert reaching.fingerprint != before.fingerprint


def test_a_spreadsheet_takes_no_cell_of_it_for_a_formula(shipped):
    one = tried(shipped, kidal(claim_id="=1+1"))
    made = rehearsal.met(one, DAY, ENGLISH).csv()
    cells = [cell for row in csv.reader(io.StringIO(made)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
