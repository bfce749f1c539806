"""Pages and data packs from the command line, and the checklist before them."""

import zipfile

import asked
import pytest

from geo.snapshots import offline, records, seal

TYPED = ("snapshot", "--date", "2024-02-10", "--preset", "card")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def export(folder, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv(records.VARIABLE, str(tmp_path / "records"))

    def run(name, *more):
        return tmp_path / name, asked.run(capsys, folder, *TYPED, "--out", tmp_path / name, *more)

    return run


def test_a_page_is_frozen_unless_it_is_asked_to_live(export):
    path, answer = export("map.html")
    assert answer.code == 0
    frozen, _ = path.read_text(), export("map.html", "--live")
    assert "Frozen: this article" in frozen
    assert "Live: this map is made anew" in path.read_text()
    assert len(frozen) < offline.MOST_BYTES


def test_an_export_can_be_verified_by_its_code(export, folder, capsys):
    path, answer = export("pack.zip")
    code = answer.err.splitlines()[-1].split()[-1]
    assert zipfile.is_zipfile(path)
    for given in (path, seal.read(path.read_bytes()).code):
        assert code in asked.run(capsys, folder, "verify", given).out
    assert asked.run(capsys, folder, "verify", path, "--json").json["original"] is True


def test_what_an_editor_has_to_decide_is_told_and_the_file_is_written(export):
    path, answer = export("map.svg", "--caption", "JNIM holds 40 % of Mali")
    assert answer.code == 0
    assert "Look again: 40 % stands alone." in answer.err
    assert path.exists()


def test_what_must_not_go_out_is_refused_and_nothing_is_written(export, folder):
    said = "C009,,JNIM,,siege,,place:kidal,,2026-07-01,,,,,,,2026-07-02,dated,,,high,,read,v01,,,"
    toml = folder / "dataset.toml"
    before = toml.read_text()
    toml.write_text(before.replace("compiled_on = 2026-11-22", "compiled_on = 2026-07-10"))
    try:
        with asked.with_claim(folder, said):
            path, answer = export("map.png", "--date", "2026-07-05")
    finally:
        toml.write_text(before)
    assert answer.code == 1
    assert "less than 21 days old would be shown: C009" in answer.err
    assert not path.exists()


def test_another_ending_is_refused_with_all_there_are(export):
    _, answer = export("map.doc")
    assert answer.code == 1
    assert ".png, .svg, .pdf, .html, .zip" in answer.err
