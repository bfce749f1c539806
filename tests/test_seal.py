import base64
import hashlib
import json
import zlib
from datetime import date

import pytest
import small
from PIL import Image

from geo import cache, layers, timeline
from geo.errors import SnapshotError
from geo.languages import FRENCH
from geo.snapshots import records, seal
from geo.view import View

DAY = date(2024, 2, 10)
KIDAL = (1.0, 18.0, 2.0, 19.0)


def digest(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    path = small.built(tmp_path_factory.mktemp("world") / "layers")
    return layers.load(path)


@pytest.fixture(scope="module")
def resolved(world, tmp_path_factory):
    return timeline.resolve(
        cache.composite(world.claims, world.units, folder=tmp_path_factory.mktemp("cache"))
    )


@pytest.fixture(scope="module")
def record(world, resolved):
    return seal.record(world, resolved, View(DAY).query(), [DAY])


def test_the_code_is_short_and_the_same_for_the_same_view_and_data():
    query = {"date": "2024-02-10", "lang": "en"}
    assert seal.CODE.fullmatch(seal.code("ab12", query))
    assert seal.code("ab12", query) == seal.code("ab12", dict(reversed(query.items())))
    others = [("ab13", query), ("ab12", query | {"date": "2024-02-11"}), ("ab12", {})]
    assert len({seal.code("ab12", query), *(seal.code(*other) for other in others)}) == 4


@pytest.mark.parametrize("typed", ["MCM-7F3A-91C2", "mcm 7f3a 91c2", " 7F3A-91C2 ", "7f3a91c2"])
def test_a_code_is_read_as_people_type_it(typed):
    assert seal.read_code(typed) == "MCM-7F3A-91C2"


@pytest.mark.parametrize("typed", ["", "MCM", "MCM-7F3A", "MCM-7F3A-91G2", "7F3A-91C2-0000"])
def test_what_is_no_code_is_none(typed):
    assert seal.read_code(typed) is None


def test_the_record_names_the_claims_that_decide_and_what_was_shown(record):
    assert set(record.claims) == {"C002", "C003", "C004"}
    shown = {(one.kind, one.key): (one.state, one.actors) for one in record.grounds}
    assert shown == {
        ("place", "kidal"): ("control", ("FAMA",)),
        ("unit", "gao"): ("contested", ("FAMA", "JNIM")),
    }


def test_only_what_is_in_the_picture_is_in_its_record(world, resolved):
    record = seal.record(world, resolved, {}, [DAY], box=KIDAL)
    assert set(record.claims) == {"C002"}
    assert {one.key for one in record.grounds} == {"kidal"}


def test_a_picture_of_several_days_has_the_claims_of_all_of_them(world, resolved):
    record = seal.record(world, resolved, {}, [date(2015, 1, 1), DAY])
    assert {"C001", "C002"} <= record.claims.keys()
    assert [one.day for one in record.grounds if one.key == "kidal"] == [date(2015, 1, 1), DAY]


def test_the_record_is_read_back_from_any_file(record):
    word = seal.stamp(record).encode()
    assert seal.read(b"\x89PNG\r\n" + word + b"\xff\x00 more") == record
    assert seal.stamp(record) == seal.stamp(seal.read(word))
    assert len(word) < 2000


def test_the_record_is_read_back_from_a_gif_which_cuts_its_comment(record, tmp_path):
    path = tmp_path / "film.gif"
    Image.new("P", (4, 4)).save(path, comment=seal.stamp(record))
    assert seal.stamp(record).encode() not in path.read_bytes()
    assert seal.read(path.read_bytes()) == record


def test_a_file_of_somebody_else_has_no_record():
    assert seal.read(b"GIF89a and no more") is None
    assert seal.read(b"") is None


def test_a_record_that_was_damaged_is_refused(record):
    word = seal.stamp(record)
    with pytest.raises(SnapshotError, match=r"record in this file is damaged.*Type the check code"):
        seal.read(f"{word[:60]}AAAA{word[64:]}".encode())
    with pytest.raises(SnapshotError, match=r"enregistrement contenu dans ce fichier est abîmé"):
        seal.read(b"mcm-record:AAAA.", FRENCH)


def test_a_record_that_was_changed_does_not_fit_its_code(record):
    told = seal._plain(record)
    told["query"]["date"] = "2024-02-11"
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps(told).encode()))
    with pytest.raises(SnapshotError, match=r"does not fit its check code: the file has been"):
        seal.read(b"mcm-record:" + packed.rstrip(b"=") + b".")


def test_the_version_is_that_of_the_layers_unless_other_claims_were_given(world, resolved):
    claims = resolved.composite.claims
    assert seal.version(world, claims) == world.fingerprint
    assert seal.version(world, claims.iloc[1:]) != world.fingerprint
    assert seal.version(world, claims.assign(actor="CMA")) != world.fingerprint


def test_records_are_kept_by_code_and_found_by_it(record, tmp_path):
    path = records.keep(record, {"a.png": b"1"}, where=tmp_path / "new" / "folder")
    assert path.name.startswith(record.code)
    assert records.find(record.code.lower(), where=path.parent) == record
    assert records.made_here(record, digest(b"1"), where=path.parent) is True
    assert records.made_here(record, digest(b"2"), where=path.parent) is False
    records.keep(record, {"b.svg": b"2"}, where=path.parent)
    assert records.made_here(record, digest(b"1"), where=path.parent) is True
    assert records.made_here(record, digest(b"2"), where=path.parent) is True
    assert records.made_here(record, digest(b"1"), where=tmp_path) is None


def test_a_code_without_a_record_says_what_to_do(tmp_path):
    with pytest.raises(SnapshotError, match=r"No record of MCM-0000-0000 is kept here\. Give the"):
        records.find("MCM-0000-0000", where=tmp_path)
    with pytest.raises(SnapshotError, match=r"'hello' is not a check code\."):
        records.find("hello", where=tmp_path)


def test_a_folder_that_cannot_be_written_stops_no_export(record, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    assert records.keep(record, {}, where=tmp_path / "file" / "records") is None
    assert "cannot be kept" in caplog.text


def test_the_folder_is_the_one_named_in_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv(records.VARIABLE, str(tmp_path))
    assert records.folder() == tmp_path
    monkeypatch.delenv(records.VARIABLE)
    assert records.folder().name == "records"
