"""The store from the command line: publish, see, withdraw, restore, and the log of it all."""

import json
import re
import sqlite3

import asked
import pytest

from geo.snapshots import records
from geo.store import where

ROWS = """place;group;start;end;status;confidence;source
Kidal;JNIM;2025-01-01;2025-06-01;control;high;v01
Gao;FAMA;2025-02-01;2025-07-01;control;high;Radio Gao
"""
THERE = ("explain", 1.41, 18.44, "--date", "2025-03-01", "--json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def ask(folder, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv(where.FOLDER, str(tmp_path / "store"))
    return lambda *typed: asked.run(capsys, folder, *typed)


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(ROWS)
    return path


@pytest.fixture
def publish(ask, lines):
    return lambda *more: ask("publish", lines, "--title", "Front lines", "--by", "Awa", *more)


def holders(ask, *more):
    return ask(*THERE, *more).json["actors"]


def test_a_file_is_published_seen_withdrawn_and_restored(ask, publish):
    assert holders(ask) == ["FAMA"]
    answer = publish()
    assert (answer.code, answer.err) == (0, "")
    assert "up1, version 1, is on the map: 2 claims.\n" in answer.out
    assert "JNIM" in holders(ask)
    assert "up1:" in ask(*THERE).out
    answer = ask("withdraw", "up1", "--reason", "wrong file", "--by", "Bakary")
    assert answer.out.startswith("up1 is off the map. A known-on day before today still shows it.")
    assert holders(ask) == ["FAMA"]
    assert ask("restore", "up1").out.startswith("up1 is on the map again.")
    assert "JNIM" in holders(ask)
    told = ask("layers").out
    assert re.search(r"version 1: 2 claims from lines.csv, published .* UTC by Awa", told)
    assert re.search(r"withdrawn on .*: wrong file", told)


def test_a_slice_says_which_uploaded_layers_are_in_it(ask, publish, tmp_path):
    publish()
    out = tmp_path / "slice.geojson"
    assert ask("slice", "--date", "2025-03-01", "--out", out).code == 0
    told = json.loads(out.read_text())
    assert told["uploaded"] == "up1: Front lines"
    assert any("up1:" in one["properties"]["claim_ids"] for one in told["features"])
    ask("withdraw", "up1")
    ask("slice", "--date", "2025-03-01", "--out", out)
    assert "uploaded" not in json.loads(out.read_text())


def test_one_layer_alone_is_heard_or_left_out(ask, publish):
    publish()
    assert holders(ask, "--only-layer", "up1") == ["JNIM"]
    assert holders(ask, "--without-layer", "up1") == ["FAMA"]
    answer = ask(*THERE, "--only-layer", "shipped", "--only-layer", "up1").json
    assert answer["heard"]["layers"] == ["shipped", "up1"]
    told = ask("explain", *THERE[1:-1], "--without-layer", "up1").out
    assert "Layers heard: shipped." in told
    assert "Set aside: its layer is switched off." in told
    assert "from the layer “Front lines” (up1), newest version of " in told
    assert (
        "No layer is heard."
        in ask(*THERE[:-1], "--only-layer", "up1", "--without-layer", "up1").out
    )


def test_a_picture_of_one_layer_is_checked_against_that_layer_as_it_is_today(
    ask, publish, lines, tmp_path, monkeypatch
):
    monkeypatch.setenv(records.VARIABLE, str(tmp_path / "records"))
    publish()
    out = tmp_path / "only.svg"
    made = ask("snapshot", "--date", "2025-03-01", "--only-layer", "up1", "--out", out)
    assert made.code == 0, made.err
    assert "only the layer “Front lines”" in out.read_text(encoding="utf-8")
    assert ask("verify", out, "--json").json["standing"] == "unchanged"
    lines.write_text(ROWS.replace("JNIM", "CMA"))
    publish("--corrects", "up1")
    told = ask("verify", out, "--json").json
    assert told["standing"] == "changed"
    assert {one["key"] for one in told["differences"]} == {"kidal"}


def test_a_layer_that_is_not_on_the_map_is_refused(ask, publish, lines):
    publish()
    answer = ask(*THERE, "--without-layer", "up7")
    assert (answer.code, answer.err.strip()) == (
        1,
        "geo: No layer is called 'up7'. On the map: shipped, up1.",
    )
    answer = ask(*THERE, "--layer", lines, "--only-layer", "up1")
    assert answer.code == 1


def test_a_correction_is_the_next_version(ask, publish, lines):
    publish()
    lines.write_text(ROWS.replace("JNIM", "CMA"))
    answer = publish("--corrects", "up1", "--json")
    assert [v["version"] for v in answer.json["layer"]["versions"]] == [1, 2]
    assert "CMA" in holders(ask)
    assert "JNIM" not in holders(ask)


def test_a_refused_file_leaves_no_store(ask, publish, lines, tmp_path):
    lines.write_text(ROWS.replace("2025-01-01", "not a day"))
    answer = publish()
    assert answer.code == 1
    assert "Refused" in answer.out
    assert publish("--json").json["layer"] is None
    assert ask("layers").out == "No layer has been uploaded.\n"
    assert not (tmp_path / "store").exists()


def test_given_layers_take_the_place_of_the_published_ones_too(ask, publish, folder):
    publish()
    told = ask(*THERE, "--layer", folder / "claims_places.geojson").out
    assert "up1:" not in told


def test_what_endangers_somebody_is_removed_for_good(ask, publish, tmp_path, monkeypatch):
    monkeypatch.setenv("MALI_CONTROL_CACHE", str(tmp_path / "cache"))
    publish()
    refused = ask("purge", "up1", "--reason", "an address")
    assert (refused.code, "Withdraw it before" in refused.err) == (1, True)
    ask("withdraw", "up1")
    answer = ask("purge", "up1", "--reason", "an address", "--by", "Awa")
    assert answer.out.startswith("up1 is removed for good: its file, claims, titles and reasons")
    assert "1 computed composite of this machine was dropped" in answer.out
    assert "backups made before" in answer.out
    assert list((tmp_path / "cache").iterdir()) == []
    assert "All is as it was written." in ask("audit", "verify").out
    assert (
        ask("audit", "log").out.splitlines()[-1].endswith("Awa removed up1 for good (an address)")
    )
    assert ask("layers").out.startswith("up1  removed for good on ")
    assert holders(ask) == ["FAMA"]
    assert ask("purge", "up1", "--reason", "again").out.startswith("up1 was removed before.")
    assert ask("restore", "up1").code == 1


def test_the_log_is_told_and_verified(ask, publish, tmp_path):
    assert ask("audit", "verify").out.startswith(
        "All is as it was written.\n0 entries in the log.\n"
    )
    head = re.search(r"Head of the audit log: (\w{64})", publish().out)[1]
    ask("withdraw", "up1", "--by", "Bakary", "--reason", "wrong")
    log = ask("audit", "log").out.splitlines()
    assert re.fullmatch(r"2  [-0-9]{10} [:0-9]{8} UTC  Awa published up1, version 1", log[1])
    assert log[2].endswith("Bakary withdrew up1, version 1 (wrong)")
    assert len(ask("audit", "log", "--layer", "up2", "--json").json["entries"]) == 0
    answer = ask("audit", "verify", "--head", head, "--json")
    assert (answer.code, answer.json["holds"], answer.json["entries"]) == (0, True, 3)
    other = ask("audit", "verify", "--head", "f" * 64)
    assert (other.code, "the log was cut or written anew" in other.out) == (1, True)
    with sqlite3.connect(tmp_path / "store" / "store.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_update")
        connection.execute("UPDATE audit SET who = 'Nobody' WHERE n = 1")
    connection.close()
    answer = ask("audit", "verify", "--lang", "fr")
    assert (answer.code, answer.out.splitlines()[0]) == (1, "L\u2019entrée 1 a été modifiée.")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("withdraw", "up9"), "geo: No layer is called up9. The list of layers says"),
        (("restore", "up9", "--lang", "fr"), "geo: Aucune couche ne s\u2019appelle up9."),
    ],
)
def test_a_layer_that_is_not_there_is_refused_in_the_language_asked_for(ask, publish, typed, told):
    for _ in range(2):  # without a store, and with one
        answer = ask(*typed)
        assert (answer.code, answer.out) == (1, "")
        assert answer.err.startswith(told)
        publish()


def test_a_store_that_cannot_be_reached_is_told_and_the_command_ends(ask, monkeypatch):
    monkeypatch.setenv(where.URL, "postgresql://nobody:secret@127.0.0.1:9/none")
    for typed in (("layers",), ("audit", "verify"), THERE):
        answer = ask(*typed)
        assert answer.code == 1
        assert answer.err.startswith("geo: The store of uploaded layers cannot be reached")
        assert "secret" not in answer.err


def test_text_from_an_upload_sends_nothing_to_the_terminal(ask, lines):
    lines.write_text(ROWS.replace("Radio Gao", "\u202e{{7*7}}${1}"))
    answer = ask("publish", lines, "--title", "{{7*7}} $x$", "--by", "Awa")
    assert answer.code == 0
    assert "\u202e" not in answer.out + ask("layers").out + ask("audit", "log").out
    assert "{{7*7}} $x$" in ask("layers").out
    assert json.loads(ask("layers", "--json").out)["layers"][0]["title"] == "{{7*7}} $x$"


def test_a_backup_is_made_and_put_back(ask, publish, tmp_path):
    publish()
    file = tmp_path / "backup.zip"
    answer = ask("backup", file)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("backup.zip written: 1 layer, 2 entries in the log.\n")
    ask("withdraw", "up1")
    assert ask("restore-backup", file).code == 1
    assert ask("layers", "--json").json["layers"][0]["state"] == "withdrawn"
    assert ask("restore-backup", file, "--replace", "--json").json["entries"] == 2
    assert ask("layers", "--json").json["layers"][0]["state"] == "published"
    assert "JNIM" in holders(ask)


def test_a_backup_that_is_not_there_is_told(ask, tmp_path):
    answer = ask("restore-backup", tmp_path / "missing.zip")
    assert answer.code == 1
    assert answer.err == (
        "geo: The backup could not be read or written: No such file or directory. "
        "Nothing was changed.\n"
    )
