import asked
import pytest
from PIL import Image

from geo.snapshots import seal

DAY = "2024-02-10"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_picture_is_written_and_its_code_told(folder, capsys, tmp_path, ending):
    out = tmp_path / f"mali{ending}"
    answer = asked.run(capsys, folder, "snapshot", "--date", DAY, "--out", out)
    assert answer.code == 0
    assert answer.out == ""
    assert seal.read(out.read_bytes()).code in answer.err


def test_preset_scale_extent_and_words_are_as_asked(folder, capsys, tmp_path):
    out = tmp_path / "gao.png"
    typed = ["--preset", "square", "--scale", 2, "--extent", "place:gao@40", "--lang", "fr"]
    words = ["--headline", "À Gao", "--address", "https://maps.example.org"]
    answer = asked.run(capsys, folder, "snapshot", "--date", DAY, "--out", out, *typed, *words)
    assert answer.code == 0
    with Image.open(out) as image:
        assert image.size == (2160, 2160)
        assert image.text["Title"] == "À Gao"
        assert image.text["Source"].startswith("https://maps.example.org/?date=2024-02-10")
        assert '"extent": "place:gao@40"' in image.text["View"]


def test_what_is_heard_is_in_the_view(folder, capsys, tmp_path):
    out = tmp_path / "mali.png"
    heard = ["--known-on", DAY, "--min-confidence", "medium", "--source", "v01"]
    asked.run(capsys, folder, "snapshot", "--date", DAY, "--out", out, *heard)
    with Image.open(out) as image:
        for part in (f'"known": "{DAY}"', '"confidence": "medium"', '"without": "'):
            assert part in image.text["View"]


def test_four_dates_are_given_with_also(folder, capsys, tmp_path):
    out = tmp_path / "four.png"
    days = ["--also", "2014-06-01", "--also", "2012-06-01", "--also", "2020-01-01"]
    typed = ["snapshot", "--date", DAY, "--preset", "four", "--out", out]
    assert asked.run(capsys, folder, *typed, *days).code == 0
    refused = asked.run(capsys, folder, *typed)
    assert refused.code == 1
    assert "4 against 1" in refused.err


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--preset", "poster"], "No preset is called 'poster'"),
        (["--extent=3,3,2,2"], "is empty or not on the map"),
        (["--extent", "region:atlantis"], "a region there was not"),
        (["--extent=100,10,101,11"], "shows nothing of the country"),
        (["--date", "1999-01-01"], "outside the days"),
        (["--out", "mali.bmp"], "Let the name end in one of .png, .svg, .pdf"),
        (["--out", "nowhere/mali.png"], "there is no folder"),
    ],
)
def test_a_picture_that_cannot_be_is_refused_and_nothing_written(
    folder, capsys, tmp_path, monkeypatch, typed, told
):
    monkeypatch.chdir(tmp_path)
    answer = asked.run(
        capsys, folder, "snapshot", "--date", DAY, "--out", tmp_path / "mali.png", *typed
    )
    assert answer.code == 1
    assert told in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_place_nobody_may_write_to_is_refused(folder, capsys):
    answer = asked.run(capsys, folder, "snapshot", "--date", DAY, "--out", "/proc/mali.png")
    assert answer.code == 1
    assert "/proc/mali.png could not be written" in answer.err


def test_a_film_is_written_and_told(folder, capsys, tmp_path):
    out = tmp_path / "mali.gif"
    days = ["--from", "2023-12-01", "--to", DAY]
    answer = asked.run(capsys, folder, "animate", *days, "--out", out, "--frames", 4)
    assert answer.code == 0
    assert "4 frames" in answer.err
    with Image.open(out) as gif:
        assert gif.n_frames == 4


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--from", DAY, "--to", "2023-12-01"], "The days run backwards"),
        (["--from", DAY, "--to", DAY], "from 2 to 3000 different days"),
        (["--from", "2023-12-01", "--to", DAY, "--preset", "four"], "4 against 1"),
        (["--from", "2023-12-01", "--to", DAY, "--frames", "0"], "from 2 to 3000 different days"),
    ],
)
def test_a_film_that_cannot_be_is_refused(folder, capsys, tmp_path, typed, told):
    answer = asked.run(capsys, folder, "animate", *typed, "--out", tmp_path / "mali.gif")
    assert answer.code == 1
    assert told in answer.err
    assert list(tmp_path.iterdir()) == []
