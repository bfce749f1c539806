import re
from datetime import date

import asked
import pytest
import small

from geo import cache, layers, timeline
from geo.snapshots import records, seal
from geo.view import View

DAY = date(2024, 2, 10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def record(folder, monkeypatch, tmp_path):
    monkeypatch.setenv(records.VARIABLE, str(tmp_path / "records"))
    world = layers.load(folder)
    told = timeline.resolve(cache.composite(world.claims, world.units))
    return seal.record(world, told, View(DAY).query(), [DAY])


def test_a_file_is_checked_by_the_record_it_carries(capsys, folder, record, tmp_path):
    path = tmp_path / "map.png"
    path.write_bytes(b"\x89PNG" + seal.stamp(record).encode())
    answer = asked.run(capsys, folder, "verify", path)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        "Unchanged: the map still shows what this export showed.",
        "",
        f"{record.code} shows 10 February 2024, of data version 2026.11.",
        "The data have not changed since, not by a byte.",
    ]


def test_a_code_alone_is_checked_by_the_record_kept_here(capsys, folder, record):
    records.keep(record, {"map.png": b"picture"})
    answer = asked.run(capsys, folder, "verify", record.code, "--json")
    assert answer.json["standing"] == "unchanged"
    assert answer.json["code"] == record.code
    listed = (small.WORLD.parents[1] / "docs" / "cli.md").read_text().partition("## `verify`")[2]
    listed = listed.partition("\n## ")[0]
    rows = [line for line in listed.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall("`([^`]+)`", row.split("|")[1])]
    assert list(dict.fromkeys(answer.json)) == sorted(answer.json, key=named.index)
    assert set(named) == set(answer.json)


def test_a_file_that_was_saved_anew_is_not_the_original(capsys, folder, record, tmp_path):
    path = tmp_path / "map.png"
    path.write_bytes(seal.stamp(record).encode())
    records.keep(record, {"map.png": path.read_bytes()})
    assert asked.run(capsys, folder, "verify", path, "--json").json["original"] is True
    path.write_bytes(path.read_bytes() + b"more")
    answer = asked.run(capsys, folder, "verify", path, "--lang", "fr")
    assert "n'est pas, à l'octet près," in answer.out.replace("\u2019", "'")


def test_what_was_corrected_is_told(capsys, folder, record):
    records.keep(record, {})
    said = (
        "C009,,JNIM,,control,,place:kidal,,2024-01-01,,,,,,,2024-01-02,"
        "dated,,,high,,read,v01 v02,,,"
    )
    with asked.with_claim(folder, said):
        answer = asked.run(capsys, folder, "verify", record.code)
    assert answer.out.splitlines()[0].startswith("Corrected since: 201 km²")
    assert "Claims that decide today and did not then: C009." in answer.out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("no-such-file.png", "is neither a file nor a check code"),
        ("MCM-1234-5678", "No record of MCM-1234-5678 is kept here"),
        ("/", "cannot be read"),
        ("a\0b", "cannot be read"),
    ],
)
@pytest.mark.usefixtures("record")
def test_what_cannot_be_checked_is_refused_with_a_remedy(capsys, folder, given, message):
    answer = asked.run(capsys, folder, "verify", given)
    assert (answer.code, answer.out) == (1, "")
    assert message in answer.err
