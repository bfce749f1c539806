"""The commands on the layers this repository ships."""

from itertools import pairwise

import asked
import geopandas as gpd
import pytest
import shapely

from geo import layers

KIDAL = {
    "2012-04-05": ("shared", ["ANSARDINE", "MNLA"]),
    "2013-02-01": ("shared", ["MIA", "MNLA"]),
    "2023-11-15": ("control", ["FAMA"]),
    "2025-11-07": ("control", ["FAMA"]),
    "2026-05-15": ("control", ["FLA"]),
}
POINT = (1.41, 18.44)


@pytest.fixture(scope="module", autouse=True)
def _reading_once(tmp_path_factory):
    with asked.reading_once(tmp_path_factory):
        yield


@pytest.fixture
def ask(capsys):
    return lambda *typed: asked.run(capsys, layers.FOLDER, *typed)


@pytest.mark.parametrize("day", KIDAL)
def test_kidal_is_explained_on_its_five_days(ask, day):
    answer = ask("explain", *POINT, "--date", day, "--json")
    assert (answer.code, answer.err) == (0, "")
    told = answer.json
    assert (told["state"], told["actors"]) == KIDAL[day]
    assert any(claim["step"] == "counts" for claim in told["claims"])


def test_the_history_of_kidal_agrees_on_its_five_days(ask):
    spans = ask("place", "Kidal", "--json").json["spans"]
    for day, said in KIDAL.items():
        span = [s for s in spans if s["valid_from"] <= day < (s["valid_to"] or "9999")]
        assert [(s["state"], s["actors"]) for s in span] == [said]


def test_the_history_of_kidal_is_whole_and_every_claim_has_a_source(ask):
    told = ask("place", "Kidal", "--json").json
    spans = told["spans"]
    assert (spans[0]["valid_from"], spans[-1]["valid_to"]) == ("2012-01-01", None)
    assert all(a["valid_to"] == b["valid_from"] for a, b in pairwise(spans))
    assert all(span["sources"] for span in spans if span["state"] != "none")
    assert {"siege", "blockade", "presence"} >= {overlay["status"] for overlay in told["overlays"]}
    known = set(layers.load(layers.FOLDER).bibliography.index)
    assert {source["source"] for source in told["sources"]} <= known


@pytest.mark.parametrize("day", KIDAL)
def test_a_slice_agrees_on_kidal_and_covers_the_country(ask, tmp_path, day):
    out = tmp_path / "mali.geojson"
    assert ask("slice", "--date", day, "--out", out).code == 0
    frame = gpd.read_file(out)
    here = frame[frame.contains(shapely.Point(POINT))]
    assert [*zip(here["state"], here["actors"].str.split(), strict=True)] == [KIDAL[day]]
    assert frame["area_km2"].sum() == pytest.approx(1_254_352, abs=1)


def test_french_is_french_on_every_claim_of_kidal(ask):
    text = ask("explain", *POINT, "--date", "2026-05-15", "--lang", "fr").out
    assert text.startswith("15 mai 2026, longitude 1.41, latitude 18.44\nCommune : Kidal ;")
    assert "Contrôle : FLA\n" in text
    ours = text.partition("\nSources\n")[0].splitlines()  # titles are in their own language
    french = "\n".join(line for line in ours if "(en anglais)" not in line)
    for english in ("Control", "Set aside", "confidence", "reported", "as far as known", " and "):
        assert english not in french


def test_nothing_after_the_last_supported_day_is_answered(ask):
    assert ask("explain", *POINT, "--date", "2026-07-14").code == 0
    answer = ask("explain", *POINT, "--date", "2026-07-15")
    assert (answer.code, answer.out) == (1, "")
    assert "from 2012-01-01 to 2026-07-14" in answer.err


def test_a_publisher_typed_for_a_source_is_met_with_ids_that_have_it(ask):
    assert "named-reuters-27-apr-2026" in ask("place", "Kidal", "--source", "reuters-27").err
