from datetime import date

import pytest
import small

from geo import cache, layers, roster, timeline
from geo.errors import SnapshotError
from geo.languages import ENGLISH, FRENCH
from geo.snapshots import seal, verdict, verified
from geo.view import View

DAY = date(2024, 2, 10)
ALL = date(2026, 11, 22)  # when the small world was compiled
ARMY_HOLDS = "C002,,FAMA,,control,,place:kidal,,2023-11-14,,,,,,,2023-11-14,dated,,,high,,read,"
MENDED = ARMY_HOLDS.replace("dated,,,", "dated,,2026-12-24,")
NOTE = "v01 v02,The army takes Kidal.,L'armée prend Kidal.,C002"
IS_CONTESTED = f"C002,2,FAMA,JNIM,contested{ARMY_HOLDS[19:]}{NOTE}"


@pytest.fixture(autouse=True)
def _cache(monkeypatch, tmp_path):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    return world(tmp_path_factory.mktemp("before"))


def world(folder, *changes):
    path = small.copied(folder / "layers", *changes)
    layers.write(path)
    return layers.load(path)


def exported(world, known_on=ALL, day=DAY):
    seen = View(day, known_on=known_on)
    filters = roster.filters(world, seen)
    told = timeline.resolve(cache.composite(world.claims, world.units), known_on=filters.known_on)
    return seal.record(world, told, seen.query(), [day])


def corrected(folder):
    return world(folder, ("claims.csv", ARMY_HOLDS + NOTE, f"{MENDED}{NOTE}\n{IS_CONTESTED}"))


def test_of_the_same_data_an_export_is_unchanged(before):
    found = verdict.judge(before, exported(before))
    assert (found.standing, found.same_data, found.differences) == ("unchanged", True, ())
    assert verified.headline(found, ENGLISH).startswith("Unchanged")


def test_a_correction_is_named_with_what_it_changed_on_the_map(before, tmp_path):
    after = corrected(tmp_path)
    found = verdict.judge(after, exported(before))
    assert found.standing == "changed"
    assert not found.same_data
    assert found.corrected == (verdict.Corrected("C002", 2, ("partners", "status")),)
    (change,) = found.differences
    assert (change.kind, change.key, round(change.km2)) == ("place", "kidal", 201)
    said = verified.lines(after, found, ENGLISH)
    assert said[0] == "Corrected since: 201 km² would be shown otherwise today."
    assert "Claims corrected since: C002 (now version 2: partners, status)." in said
    assert said[-1] == (
        "Kidal: it showed control by Army; today contested between Army and JNIM (201 km²)."
    )
    french = " ".join(verified.lines(after, found, FRENCH))
    assert "Corrigé depuis" in french
    assert "since" not in french


def test_the_address_of_a_corrected_export_still_shows_what_it_showed(before, tmp_path):
    then, now = exported(before), exported(corrected(tmp_path))
    assert then.query == now.query
    assert then.grounds == now.grounds
    assert then.claims == now.claims


def test_as_known_after_the_correction_the_map_shows_it(tmp_path):
    later = exported(corrected(tmp_path), known_on=date(2027, 1, 1))
    assert [one.state for one in later.grounds if one.key == "kidal"] == ["contested"]


def test_a_claim_that_was_taken_back_is_named(before, tmp_path):
    taken = world(tmp_path, ("claims.csv", ARMY_HOLDS, MENDED))
    found = verdict.judge(taken, exported(before))
    assert found.withdrawn == ("C002",)
    assert [(one.key, one.after) for one in found.differences] == [("kidal", ())]


def test_a_claim_its_source_took_back_is_named(before, tmp_path):
    back = ARMY_HOLDS.replace("dated,,,", "dated,2026-12-24,,")
    found = verdict.judge(world(tmp_path, ("claims.csv", ARMY_HOLDS, back)), exported(before))
    assert found.withdrawn == ("C002",)
    assert found.standing == "changed"


def test_what_was_added_is_named_and_what_it_sets_aside(before, tmp_path):
    added = (
        "C009,,JNIM,,control,,place:kidal,,2024-01-01,,,,,,,2024-01-02,"
        "dated,,,high,,read,v01 v02,,,"
    )
    after = world(tmp_path, ("claims.csv", NOTE, f"{NOTE}\n{added}"))
    found = verdict.judge(after, exported(before))
    assert (found.added, found.set_aside) == (("C009",), ("C002",))
    assert found.corrected == ()


def test_a_mended_note_changes_no_map(before, tmp_path):
    found = verdict.judge(
        world(tmp_path, ("claims.csv", "The army takes", "The army took")), exported(before)
    )
    assert found.standing == "reworded"
    assert found.corrected == (verdict.Corrected("C002", 1, ()),)
    assert found.differences == ()


def test_later_reports_do_not_correct_a_map_of_what_was_known_long_ago(before, tmp_path):
    added = (
        "C009,,JNIM,,control,,place:kidal,,2024-01-01,,,,,,,2027-01-02,dated,,,high,,read,v02,,,"
    )
    after = world(tmp_path, ("claims.csv", NOTE, f"{NOTE}\n{added}"))
    known = date(2024, 6, 1)
    assert verdict.judge(after, exported(before, known_on=known)).standing == "unchanged"
    assert verdict.judge(after, exported(before)).added == ("C009",)


def test_a_file_without_a_record_is_told_apart_from_one_whose_code_is_unknown(before, tmp_path):
    with pytest.raises(SnapshotError, match=r"There is no record in this file.*Type the check"):
        verdict.of(before, b"nothing", where=tmp_path)
    with pytest.raises(SnapshotError, match=r"No record of MCM-1111-2222 is kept here"):
        verdict.of(before, b"\x00MCM-1111-2222\x00", where=tmp_path)


def test_the_document_says_the_same_in_plain_types(before, tmp_path):
    found = verdict.judge(corrected(tmp_path), exported(before))
    told = verified.document(before, found, ENGLISH)
    assert told["standing"] == "changed"
    assert told["differences"][0]["before"][0]["actors"] == ["FAMA"]
    assert told["text"] == verified.lines(before, found, ENGLISH)
