import csv
import io

import asked
import pytest
import shapely

from geo import layers

YEAR = ("--from", "2014-05-01", "--to", "2015-06-01")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def areas(folder, capsys):
    return lambda *typed: asked.run(capsys, folder, "areas", *typed)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_country_is_parted_by_state_on_every_day_of_a_change(areas):
    answer = areas(*YEAR)
    assert (answer.code, answer.err) == (0, "")
    table = rows(answer.out)
    assert sorted({row["day"] for row in table}) == ["2014-05-01", "2014-05-21"]
    ground = [row for row in table if row["actor"] == ""]
    assert [row["state"] for row in ground[:5]] == [
        "control",
        "contested",
        "shared",
        "influence",
        "none",
    ]
    for day in ("2014-05-01", "2014-05-21"):
        of = [row for row in ground if row["day"] == day]
        whole = pytest.approx(float(of[0]["of_km2"]))
        assert sum(float(row["km2"]) for row in of) == whole


def test_actors_have_a_low_and_a_high_end(areas):
    table = rows(areas("--from", "2024-02-01", "--to", "2024-02-01").out)
    jnim = [row for row in table if (row["actor"], row["state"]) == ("JNIM", "held")]
    assert [float(row["low_km2"]) for row in jnim] == [0]
    assert float(jnim[0]["high_km2"]) > 40_000  # the cercle of Gao, which it contests


def test_by_region_every_region_of_the_day_is_added(areas):
    table = rows(areas("--from", "2024-02-01", "--to", "2024-02-01", "--by", "region").out)
    regions = {(row["edition"], row["region"]) for row in table}
    assert ("", "") in regions
    assert {edition for edition, region in regions if region} == {"2023"}
    whole = {row["of_km2"] for row in table if not row["region"]}
    parts = {row["region"]: float(row["of_km2"]) for row in table if row["region"]}
    assert sum(parts.values()) == pytest.approx(float(*whole))


def test_a_file_has_what_standard_output_would_have(areas, tmp_path):
    path = tmp_path / "figures.csv"
    answer = areas(*YEAR, "--out", path)
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"geo: {path} written: rows: 12; days: 2.\n".removeprefix("geo: ")
    assert path.read_text(encoding="utf-8") == areas(*YEAR).out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("figures.xlsx", "figures are written as CSV. Let the name end in .csv."),
        ("", "figures are written as CSV"),
        ("nowhere/figures.csv", "there is no folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(areas, tmp_path, name, message):
    answer = areas(*YEAR, "--out", tmp_path / name)
    assert answer.code == 1
    assert message in answer.err


def test_days_that_no_source_supports_are_refused(areas):
    answer = areas("--from", "2014-05-01", "--to", "2026-07-15")
    assert (answer.code, answer.out) == (1, "")
    assert "2026-07-15 is outside the days" in answer.err
    assert "2011-12-31 is outside" in areas("--from", "2011-12-31", "--to", "2012-01-02").err


def test_days_that_run_backwards_are_refused(areas):
    answer = areas("--from", "2014-05-02", "--to", "2014-05-01")
    assert answer.code == 1
    assert answer.err == "geo: The days run backwards. Name 2014-05-01 before 2014-05-02.\n"
    assert "à l'envers" in areas("--from", "2014-05-02", "--to", "2014-05-01", "--lang", "fr").err


def test_a_day_that_is_none_is_wrong_usage(areas, capsys):
    with pytest.raises(SystemExit, match="2"):
        areas("--from", "2014-5-1", "--to", "2014-06-01")
    assert "write it as YYYY-MM-DD" in capsys.readouterr().err


def test_what_is_not_heard_is_in_no_figure(areas):
    assert "CMA" not in areas(*YEAR, "--known-on", "2014-05-21").out
    assert "CMA" in areas(*YEAR, "--source", "v01").out
    assert "CMA" not in areas(*YEAR, "--source", "v02").out


LAYER = """{"type": "FeatureCollection", "features": [{"type": "Feature",
"properties": {"claim_id": "1", "actor": "=1+1", "status": "control", "valid_from": "2020-01-01",
"reported_on": "2020-01-01", "confidence": "high", "sources": "me"}, "geometry": %s}]}"""


@pytest.fixture
def layer(tmp_path):
    path = tmp_path / "layer.geojson"
    path.write_text(LAYER % shapely.to_geojson(shapely.box(30, 48, 31, 49)), encoding="utf-8")
    return path


def test_a_layer_elsewhere_has_figures_but_no_regions(areas, layer):
    day = ("--from", "2024-02-01", "--to", "2024-02-01", "--layer", layer)
    table = rows(areas(*day).out)
    held = next(row for row in table if row["state"] == "held")
    assert float(held["km2"]) == float(held["of_km2"]) > 8000
    answer = areas(*day, "--by", "region")
    assert answer.code == 1
    assert "so there are no regions" in answer.err


def test_a_cell_a_spreadsheet_would_run_is_made_harmless(areas, layer):
    day = ("--from", "2024-02-01", "--to", "2024-02-01", "--layer", layer)
    assert {row["actor"] for row in rows(areas(*day).out)} == {"", "'=1+1"}


def test_the_shipped_figures_sum_to_the_country(capsys, tmp_path_factory):
    with asked.reading_once(tmp_path_factory):
        days = ("--from", "2012-01-01", "--to", "2026-07-14")
        table = rows(asked.run(capsys, layers.FOLDER, "areas", *days).out)
    sums = {}
    for row in table:
        if not row["actor"]:
            sums[row["day"]] = sums.get(row["day"], 0) + float(row["km2"])
        assert float(row["low_km2"]) <= float(row["km2"]) <= float(row["high_km2"])
    assert len(sums) > 100
    assert set(map(round, sums.values())) == {1_254_352}
