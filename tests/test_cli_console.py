import io
import json
import os
import subprocess
import sys

import asked
import pytest
import small

from geo import cache, cli, tables
from geo.layers.folder import VARIABLE

ROOT = small.WORLD.parents[1]
READING = {
    "slice": ["slice", "--date", "2024-01-01", "--out", "x.csv"],
    "place": ["place", "Kidal"],
    "explain": ["explain", "1.41", "18.44", "--date", "2024-01-01"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


def process(folder, *typed, **more):
    """`python -m geo` of its own, on the small world."""
    return subprocess.Popen(
        [sys.executable, "-m", "geo", *typed],
        cwd=ROOT,
        env=os.environ | {VARIABLE: str(folder), cache.VARIABLE: os.environ[cache.VARIABLE]} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize(
    "wrong",
    [
        ["--known-on", "2024-1-1"],
        ["--known-on", "20240101"],
        ["--known-on", "2024-W01-1"],
        ["--known-on", "2023-02-29"],
        ["--min-confidence", "certain"],
        ["--lang", "de"],
        ["--known", "2024-01-01"],
        ["--nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_two(command, wrong, capsys):
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main([*READING[command], *wrong])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: python -m geo ")


@pytest.mark.parametrize("day", ["2024-13-01", "01/02/2024", "yesterday", "", "0000-01-01"])
def test_a_malformed_day_is_wrong_usage_and_the_form_is_named(day, capsys):
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main(["explain", "1", "18", "--date", day])
    err = capsys.readouterr().err
    assert "write it as YYYY-MM-DD" in err or f"there is no day {day}" in err


@pytest.mark.parametrize("point", [("200", "18"), ("1", "91"), ("1,5", "18"), ("nan", "18")])
def test_a_point_that_is_not_on_earth_is_wrong_usage(point, capsys):
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main(["explain", *point, "--date", "2024-01-01"])
    assert "is not on Earth" in capsys.readouterr().err


@pytest.mark.parametrize("command", READING)
def test_an_unknown_source_is_refused_with_near_ids(folder, capsys, command):
    answer = asked.run(capsys, folder, *READING[command], "--source", "V1")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "geo: No source is called 'V1'. Did you mean v01?\n"


def test_an_unknown_source_like_no_other_is_refused_naming_the_table(folder, capsys):
    answer = asked.run(capsys, folder, "place", "Kidal", "--source", "", "--lang", "fr")
    assert answer.err == (
        "geo: Aucune source ne s'appelle ''. layers/bibliography.csv en donne la liste.\n"
    )


def test_knowing_more_than_was_compiled_is_a_warning(folder, capsys):
    answer = asked.run(capsys, folder, "place", "Kidal", "--known-on", "2027-01-01", "--json")
    assert answer.code == 0
    assert answer.json["spans"]
    assert answer.err == (
        "This data was compiled on 2026-11-22: it has nothing reported after that day.\n"
    )


def test_a_damaged_folder_is_refused_with_its_message(capsys, tmp_path):
    answer = asked.run(capsys, tmp_path / "nowhere", "place", "Kidal")
    assert answer.code == 1
    assert answer.err.startswith("geo: ")
    assert "cannot be read" in answer.err


def test_python_m_geo_answers_with_one_document(folder):
    run = process(folder, "place", "Anéfif", "--json")
    out, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (0, "")
    assert json.loads(out)["place"]["place"] == "anefis"


def test_python_m_geo_refuses_without_a_traceback(folder):
    run = process(folder, "explain", "100", "60", "--date", "2024-01-01")
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (1, "")
    assert err.startswith("geo: Longitude 100, latitude 60 lies outside")
    assert err.count("\n") == 1


@pytest.mark.parametrize("typed", [["place", "Kidal"], ["place", "Kidal", "--json"], ["--help"]])
def test_a_reader_that_stops_reading_is_no_error(folder, typed):
    run = process(folder, *typed)
    run.stdout.close()
    run.stdout = None
    _, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (0, "")


def test_text_that_the_terminal_cannot_show_is_escaped(folder):
    run = process(folder, "place", "Kidal", "--lang", "fr", PYTHONIOENCODING="ascii")
    out, _ = run.communicate(timeout=60)
    assert run.returncode == 0
    assert "Contr\\xf4le : Arm\\xe9e" in out


def test_json_that_the_output_cannot_encode_is_still_the_same_json(folder, capsys):
    run = process(folder, "place", "Kidal", "--lang", "fr", "--json", PYTHONIOENCODING="ascii")
    out, _ = run.communicate(timeout=60)
    same = asked.run(capsys, folder, "place", "Kidal", "--lang", "fr", "--json")
    assert json.loads(out) == same.json
    assert json.loads(out)["names"]["FAMA"] == "Armée"


def test_a_command_that_is_interrupted_ends_without_a_traceback(folder, capsys, monkeypatch):
    def stopped(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("geo.layers.load", stopped)
    answer = asked.run(capsys, folder, "place", "Kidal")
    assert answer == (130, "", "")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_is_shown_a_bar_that_is_gone_in_the_end(folder, monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert cli.main(["place", "Kidal"], folder=folder) == 0
    assert "[...] reading the layers …" in screen.getvalue()
    assert "[#..] cutting 4 claims into faces …" in screen.getvalue()
    assert "[##.] resolving every day …" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[2K")


def test_the_bar_is_in_the_language_asked_for(folder, monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert cli.main(["place", "Kidal", "--lang", "fr"], folder=folder) == 0
    assert "[#..] découpage de 4 affirmations …" in screen.getvalue()


def test_a_message_after_the_bar_stands_on_a_line_of_its_own(folder, monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert cli.main(["explain", "100", "60", "--date", "2024-01-01"], folder=folder) == 1
    assert "\r\x1b[2Kgeo: Longitude 100" in screen.getvalue()


def test_nothing_unsafe_reaches_the_terminal():
    assert tables.escaped("a\tb\nc\x1b[0m\x85\u202e\ud800é") == (
        "a\tb\nc\\u001b[0m\\u0085\\u202e\\ud800é"
    )
