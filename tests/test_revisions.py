"""Two versions of a layer against each other, and known-on days through its versions."""

import csv
import io
from datetime import date, timedelta

import pytest
import small
import uploads
from shapely import box
from uploads import EDITOR, VIEWER, later

from geo import cli, composite, layers, slices, timeline
from geo.errors import StoreError
from geo.languages import ENGLISH, FRENCH
from geo.sheets import rehearsal, revised
from geo.sheets.revised import Teller
from geo.snapshots import seal
from geo.store import desk, engine, known, revisions, where
from geo.store.revisions import ADDED, CHANGED, REMOVED

KIDAL, EAST = box(1.2, 18.2, 1.6, 18.6), box(1.2, 18.2, 1.8, 18.6)
DAY = date(2025, 6, 1)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    path = small.copied(tmp_path_factory.mktemp("world") / "layers")
    layers.write(path)
    return layers.load(path)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv(where.FOLDER, str(tmp_path / "store"))
    opened = engine.opened(where.address())
    yield opened
    opened.close()


def kidal(claim_id="k1", actor="JNIM", ground=KIDAL, **more):
    told = dict(level="place", valid_from="2025-01-01", valid_to="2026-01-01", sources="afp")
    return uploads.row(claim_id, actor, ground, **(told | more))


def between(before, after):
    return revisions.between(uploads.table(*before), uploads.table(*after))


def put_up(store, *rows, day=0, rev=None):
    given = uploads.upload(*rows, corrects=rev and ("up1", rev))
    return desk.put_up(store, EDITOR, given, at=later(day)).layer


# ---- claim by claim


def test_what_was_added_removed_and_left_alone_is_told_apart():
    found = between(
        [kidal("a"), kidal("b", ground=EAST)],
        [kidal("a"), kidal("c", ground=EAST, valid_from="2025-02-01")],
    )
    assert [(one.kind, one.newest["claim_id"]) for one in found.revised] == [
        (REMOVED, "b"),
        (ADDED, "c"),
    ]
    assert found.same == 1
    assert found.revised[0].less_km2 == found.revised[1].more_km2 > 0


def test_a_changed_claim_names_the_fields_that_differ_and_no_other():
    after = kidal("a", "CMA", confidence="low", note_en="mended", valid_to=None)
    [one] = between([kidal("a")], [after]).revised
    assert (one.kind, one.redrawn) == (CHANGED, False)
    assert one.columns == ("actor", "valid_to", "confidence", "note_en")
    assert (one.before["actor"], one.after["actor"]) == ("JNIM", "CMA")


def test_redrawn_ground_tells_what_came_and_what_went():
    [grown] = between([kidal("a")], [kidal("a", ground=EAST)]).revised
    assert (grown.columns, grown.redrawn, grown.less_km2) == ((), True, 0)
    [shrunk] = between([kidal("a", ground=EAST)], [kidal("a")]).revised
    assert shrunk.less_km2 == pytest.approx(grown.more_km2)
    assert 900 < grown.more_km2 < 960
    turned = box(1.2, 18.2, 1.6, 18.6, ccw=False)
    assert between([kidal("a")], [kidal("a", ground=turned)]).revised == ()


def test_ids_made_from_what_a_row_says_do_not_hide_that_it_is_the_same_claim():
    [one] = between([kidal("f-1")], [kidal("g-2", "CMA")]).revised
    assert (one.kind, one.columns) == (CHANGED, ("actor",))
    assert between([kidal("f-1")], [kidal("g-1")]).revised == ()
    twice = [kidal("f-1"), kidal("f-2", "CMA")]  # nobody knows which of them became which
    assert {one.kind for one in between(twice, [kidal("g-1", "FAMA")]).revised} == {ADDED, REMOVED}


def test_the_same_version_read_again_says_the_same():
    found = between([kidal("a"), kidal("b")], [kidal("b"), kidal("a")])
    assert (found.revised, found.same) == ((), 2)


def test_every_column_that_may_differ_has_a_name():
    assert set(revised.FIELDS) == set(revisions.SAID)


# ---- which versions


def test_the_newest_published_version_is_held_against_the_one_before(store):
    one = put_up(store, kidal())
    two = put_up(store, kidal(actor="CMA"), day=2, rev=one.rev)
    desk.save(
        store, EDITOR, uploads.upload(kidal(actor="MNLA"), corrects=("up1", two.rev)), at=later(3)
    )
    asked = {(): (1, 2), (None, 3): (2, 3), (1, 3): (1, 3), (3, 1): (1, 3)}
    for numbers, expected in asked.items():
        _, found = revisions.read(store, EDITOR, "up1", *([numbers] if numbers else []))
        assert tuple(edition.version for edition in found) == expected
    with pytest.raises(StoreError):
        revisions.read(store, VIEWER, "up1", (2, 3))  # a viewer sees no draft
    with pytest.raises(StoreError):
        revisions.read(store, EDITOR, "up1", (2, 2))


def test_a_draft_is_held_against_what_is_published_and_one_version_against_nothing(store):
    one = put_up(store, kidal())
    with pytest.raises(StoreError):
        revisions.read(store, EDITOR, "up1")
    desk.save(
        store, EDITOR, uploads.upload(kidal(actor="CMA"), corrects=("up1", one.rev)), at=later(1)
    )
    _, found = revisions.read(store, EDITOR, "up1")
    assert [edition.claims["actor"].iloc[0] for edition in found] == ["JNIM", "CMA"]


# ---- in words, and on the map


@pytest.fixture
def compared(shipped, store):
    one = put_up(store, kidal(), kidal("k2", valid_from="2025-03-01"))
    put_up(store, kidal(actor="CMA", sources="rfi"), day=2, rev=one.rev)
    _, editions = revisions.read(store, EDITOR, "up1")
    told = known.side_by_side(shipped, "up1", editions)
    return revisions.between(*(edition.claims for edition in editions)), told


def test_the_table_says_each_change_old_and_new_in_either_language(compared):
    revision, told = compared
    made = revised.claims(revision, Teller(told, {"afp": "AFP, 3 February 2024"}, ENGLISH))
    assert made.lead == "0 added, 1 removed, 1 changed, 0 as before."
    changed, removed = made.rows
    assert changed[1].text == ("Changed: Actor: JNIM → CMA; Sources: AFP, 3 February 2024 → rfi")
    assert (removed[0].text, removed[1].text) == ("k2", "Removed")
    assert float(removed[5].value) > 0
    french = revised.claims(revision, Teller(told, {}, FRENCH))
    assert "Acteur\u00a0: JNIM → CMA" in french.rows[0][1].text
    assert next(csv.reader(io.StringIO(made.csv())))[1] == "What changed"


def test_the_map_with_the_one_version_is_held_against_that_with_the_other(compared):
    revision, told = compared
    cut = composite.build(told.claims, told.units)
    tried = revised.rehearsed(told, cut, "up1-v1", "up1-v2")
    ground = rehearsal.ledger(tried, DAY, ENGLISH, revised.heads(1, 2, ENGLISH))
    assert [name for name, _ in ground.columns][1:3] == ["With version 1", "With version 2"]
    assert ground.rows
    for _, before, after, _, decide, ended in ground.rows:
        assert ("JNIM" in before.text, "CMA" in after.text) == (True, True)
        assert "up1-v2:k1" in decide.text.split()
        assert "up1-v1:k1" in ended.text.split()
    assert revised.first_day(revision, told) == date(2025, 3, 1)


# ---- known-on days through versions, withdrawal and what leaves the house


def test_an_older_address_shows_the_first_version_and_so_does_what_is_exported(shipped, store):
    one = put_up(store, kidal())
    two = put_up(store, kidal(actor="CMA"), day=2, rev=one.rev)
    desk.withdraw(store, EDITOR, "up1", rev=two.rev, at=later(4))
    told = known.joined(shipped)
    cut = composite.build(told.claims, told.units)
    expected = {0: "JNIM", 1: "JNIM", 2: "CMA", 3: "CMA", 4: "FAMA", 9: "FAMA"}
    for days, actor in expected.items():
        known_on = (uploads.MONDAY + timedelta(days=days)).date()
        resolved = timeline.resolve(cut, known_on=known_on)
        face = slices.locate(cut, 1.41, 18.44)
        assert actor in slices.at(resolved, DAY)["actors"].iloc[face]
        sealed = seal.record(told, resolved, {"known": known_on.isoformat()}, [DAY], box=None)
        rows = seal.deciding(resolved, [DAY], None, claimed=False)
        versions = told.claims.iloc[rows].set_index("claim_id")["version"]
        assert ("up1:k1" in sealed.claims) == (actor != "FAMA")
        assert versions.get("up1:k1", 0) == {"JNIM": 1, "CMA": 2, "FAMA": 0}[actor]


def test_versions_are_compared_on_the_command_line(store, tmp_path, capsys):
    one = put_up(store, kidal())
    put_up(store, kidal(actor="CMA", note_en="=1+1"), day=2, rev=one.rev)
    folder = tmp_path / "layers"
    small.copied(folder)
    layers.write(folder)
    out = tmp_path / "changes.csv"
    asked = ["compare-versions", "up1", "--date", "2025-06-01", "--out", str(out)]
    assert cli.main(asked, folder=folder) == 0
    said = capsys.readouterr().out
    assert "up1, version 2 against version 1\n0 added, 0 removed, 1 changed, 0 as before.\n" in said
    assert "k1  Changed: Actor: JNIM → CMA; Note: empty → =1+1" in said
    assert "Ground that changes, 1 June 2025." in said
    assert "k1" in out.read_text()
    assert cli.main(["compare-versions", "up7"], folder=folder) == 1
