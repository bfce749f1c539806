import logging
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import Polygon, box

from geo import cache, claims, composite
from geo.composite import Repair

KIDAL, AROUND_KIDAL, GAO = box(1.3, 18.3, 1.5, 18.6), box(1, 18, 2, 19), box(-0.2, 16.1, 0.1, 16.4)
UNITS = gpd.GeoDataFrame(
    {"unit": ["gao", "kidal"]}, geometry=[box(-1, 16, 2, 18), box(-1, 18, 2, 20)], crs=4326
)


def claim(claim_id, ground, status="control"):
    said = {"actor": "CMA", "valid_from": "2014-05-21", "reported_on": "2014-05-22"}
    return said | {"claim_id": claim_id, "status": status, "sources": "v01", "geometry": ground}


def make(*rows):
    return claims.parse(gpd.GeoDataFrame(list(rows), crs=4326))


@pytest.fixture
def held():
    return make(claim("1", KIDAL), claim("2", AROUND_KIDAL), claim("3", GAO))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def building(monkeypatch):
    """How many composites were built so far."""
    built = []
    build = composite.build
    monkeypatch.setattr(cache, "build", lambda *given: built.append(1) or build(*given))
    return built


def same(one, other):
    assert_geodataframe_equal(one.faces, other.faces)
    assert_geodataframe_equal(one.claims, other.claims)
    assert_geodataframe_equal(one.units, other.units)
    assert one.faces.geometry.to_wkb().equals(other.faces.geometry.to_wkb())
    assert np.array_equal(one.incidence, other.incidence)
    assert one.report == other.report
    return True


def kept(folder):
    return sorted(folder.glob("*"))


def test_what_is_cut_once_is_read_back_the_same(held, folder, building):
    first = cache.composite(held, UNITS, folder=folder)
    again = cache.composite(held, UNITS, folder=folder)
    assert len(building) == 1
    assert same(first, composite.build(held, UNITS))
    assert same(again, first)


def test_claims_without_units_are_kept_too(held, folder, building):
    first = cache.composite(held, folder=folder)
    assert same(cache.composite(held, folder=folder), first)
    assert len(building) == 1


def test_what_was_repaired_is_read_back(folder):
    bow_tie = Polygon([(0, 17), (1, 18), (1, 17), (0, 18)])
    crossed = make(claim("1", bow_tie))
    first = cache.composite(crossed, folder=folder)
    assert cache.composite(crossed, folder=folder).report == first.report
    assert isinstance(first.report[0], Repair)


def test_a_kept_incidence_cannot_be_changed(held, folder):
    cache.composite(held, folder=folder)
    assert not cache.composite(held, folder=folder).incidence.flags.writeable


def test_the_order_of_the_claims_does_not_matter(held, folder, building):
    cache.composite(held, folder=folder)
    cache.composite(held[::-1], folder=folder)
    assert len(building) == 1


@pytest.mark.parametrize(
    "other",
    [
        make(claim("1", KIDAL), claim("2", AROUND_KIDAL)),
        make(claim("1", KIDAL), claim("2", AROUND_KIDAL), claim("4", GAO)),
        make(claim("1", KIDAL), claim("2", AROUND_KIDAL), claim("3", KIDAL)),
        make(claim("1", KIDAL), claim("2", AROUND_KIDAL), claim("3", GAO, "siege")),
    ],
    ids=["fewer", "another id", "other ground", "another status"],
)
def test_other_claims_are_another_composite(held, other):
    assert cache.key(held) != cache.key(other)


def test_other_units_are_another_composite(held):
    keys = {cache.key(held), cache.key(held, UNITS), cache.key(held, UNITS[::-1])}
    assert len(keys) == 3


def test_what_does_not_cut_ground_does_not_matter(held):
    assert cache.key(held) == cache.key(held.assign(actor="FAMA", note_en="Corrected."))


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"not a zip archive",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:500] + bytes([whole[500] ^ 1]) + whole[501:],
    ],
    ids=["empty", "foreign", "cut short", "one bit"],
)
def test_a_damaged_file_is_made_again_with_a_warning(held, folder, building, caplog, damage):
    first = cache.composite(held, UNITS, folder=folder)
    (path,) = kept(folder)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    with caplog.at_level(logging.WARNING):
        again = cache.composite(held, UNITS, folder=folder)
    assert "is damaged and is made again" in caplog.text
    assert same(again, first)
    assert len(building) == 2
    assert same(cache.composite(held, UNITS, folder=folder), first)
    assert len(building) == 2


def rewritten(path, **members):
    """`path` with some members replaced by other bytes, and checksums that fit them."""
    with zipfile.ZipFile(path) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in whole.items():
            given = members.get(name.partition(".")[0], content)
            if given is not None:
                archive.writestr(name, given)


def npy(array):
    buffer = BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "members",
    [
        {"faces": None},
        {"faces": b"PAR1 no more"},
        {"incidence": npy(np.array([[0, 99]], dtype=np.int32))},
        {"incidence": npy(np.array([[0, 1]]))},
        {"incidence": npy(np.array([0, 1], dtype=np.int32))},
        {"incidence": npy(np.array([{"a": 1}], dtype=object))},
        {"report": b"{"},
        {"report": b"[1]"},
    ],
    ids=[
        "no faces",
        "no parquet",
        "no such claim",
        "int64",
        "flat",
        "objects",
        "no json",
        "no pair",
    ],
)
def test_a_file_that_holds_something_else_is_made_again(held, folder, building, members):
    first = cache.composite(held, folder=folder)
    (path,) = kept(folder)
    rewritten(path, **members)
    assert same(cache.composite(held, folder=folder), first)
    assert len(building) == 2


def test_a_folder_that_cannot_be_made_is_done_without(held, tmp_path, caplog):
    in_the_way = tmp_path / "cache"
    in_the_way.write_text("a file")
    with caplog.at_level(logging.WARNING):
        found = cache.composite(held, folder=in_the_way)
    assert same(found, composite.build(held))
    assert "Composites cannot be kept in" in caplog.text


def test_a_folder_that_cannot_be_written_is_done_without(held, folder, monkeypatch, caplog):
    def locked(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", locked)
    with caplog.at_level(logging.WARNING):
        found = cache.composite(held, folder=folder)
    assert same(found, composite.build(held))
    assert "Permission denied" in caplog.text


def test_a_file_that_may_not_be_read_is_made_again(held, folder, building, monkeypatch, caplog):
    first = cache.composite(held, folder=folder)

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(cache, "_unpacked", locked)
        assert same(cache.composite(held, folder=folder), first)
    assert "Permission denied" in caplog.text
    assert same(cache.composite(held, folder=folder), first)
    assert len(building) == 2


def test_a_folder_in_the_place_of_a_file_is_done_without(held, folder, caplog):
    (folder / f"{cache.key(held)}.composite.zip").mkdir(parents=True)
    with caplog.at_level(logging.WARNING):
        found = cache.composite(held, folder=folder)
    assert same(found, composite.build(held))
    assert "Composites cannot be kept in" in caplog.text
    assert len(kept(folder)) == 1


def test_processes_that_write_one_composite_at_a_time_leave_it_whole(held, folder, building):
    with ThreadPoolExecutor(8) as crew:
        found = list(crew.map(lambda _: cache.composite(held, folder=folder), range(32)))
    whole = composite.build(held)
    assert all(same(one, whole) for one in found)
    before = len(building)
    assert same(cache.composite(held, folder=folder), whole)
    assert len(building) == before
    assert len(kept(folder)) == 1


def test_a_full_disk_leaves_nothing_behind(held, folder, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with caplog.at_level(logging.WARNING):
        found = cache.composite(held, folder=folder)
    assert same(found, composite.build(held))
    assert "No space left" in caplog.text
    assert kept(folder) == []


def test_only_the_composites_used_last_are_kept(folder):
    def cut(number):
        cache.composite(make(claim(str(number), KIDAL)), folder=folder)
        for path in kept(folder):  # time passes
            before = path.stat().st_mtime_ns - 10**9
            os.utime(path, ns=(before, before))

    cut(0)
    (first,) = kept(folder)
    for number in range(1, cache.KEPT):
        cut(number)
    cut(0)  # used again
    cut(cache.KEPT)
    assert len(kept(folder)) == cache.KEPT
    assert first in kept(folder)


def test_files_of_others_in_the_folder_are_left_alone(held, folder):
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    cache.composite(held, folder=folder)
    assert (folder / "notes.txt").read_text() == "mine"


def test_the_environment_names_the_folder(held, folder, monkeypatch):
    monkeypatch.setenv(cache.VARIABLE, str(folder))
    cache.composite(held)
    assert len(kept(folder)) == 1


def test_without_a_name_it_is_the_folder_of_the_system(monkeypatch):
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    assert "mali-control-map" in cache._usual_folder().parts


def test_claims_and_units_are_not_changed(held, folder):
    before = held.copy(), UNITS.copy()
    cache.composite(held, UNITS, folder=folder)
    assert_geodataframe_equal(held, before[0])
    assert_geodataframe_equal(UNITS, before[1])
