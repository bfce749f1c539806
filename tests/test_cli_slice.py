import csv
import json
import os
import stat
from xml.etree import ElementTree as ET

import asked
import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
import small

from geo import areas, formats, layers
from geo.layers import folder as folders

DAY = "2024-02-10"
PROPERTIES = ["state", "actors", "influence", "claim_ids", "area_km2", "stale"]
ENDINGS = [".geojson", ".gpkg", ".parquet", ".csv", ".kml"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def cut(folder, capsys, tmp_path):
    """A slice written, and its answer and path."""

    def written(name, day=DAY, *typed):
        path = tmp_path / name
        return asked.run(capsys, folder, "slice", "--date", day, "--out", path, *typed), path

    return written


def read(path):
    """Any format as one table with the same columns."""
    if path.suffix == ".parquet":
        frame = gpd.read_parquet(path)
        return frame.assign(**{name: frame[name].map(" ".join) for name in formats.LISTS})
    if path.suffix == ".csv":
        table = pd.read_csv(path, keep_default_na=False)
        return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries.from_wkt(table["geometry"]), crs=4326)
    return gpd.read_file(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_says_the_same(cut, ending):
    answer, path = cut(f"mali{ending}")
    assert (answer.code, answer.out) == (0, "")
    frame = read(path)
    assert frame[["state", "actors", "influence", "claim_ids"]].to_numpy().tolist() == [
        ["control", "FAMA", "", "C002"],
        ["contested", "FAMA JNIM", "", "C003"],
        ["none", "", "", ""],
    ]
    assert frame["stale"].tolist() == [False, False, False]
    assert areas.km2(frame.geometry.to_numpy()) == pytest.approx(frame["area_km2"], abs=1e-3)
    assert frame.geometry.contains(shapely.Point(1.41, 18.44)).tolist() == [True, False, False]
    assert frame.crs.to_epsg() == 4326


def test_the_shapes_are_the_whole_country_and_do_not_overlap(cut, folder):
    frame = read(cut("mali.geojson")[1])
    outline = layers.load(folder).outline
    assert frame["area_km2"].sum() == pytest.approx(areas.km2(outline)[0])
    assert shapely.coverage_is_valid(frame.geometry.to_numpy())


@pytest.mark.parametrize("ending", ENDINGS)
def test_staleness_survives_every_format(cut, ending):
    frame = read(cut(f"mali{ending}", "2026-07-14")[1])
    assert frame["stale"].tolist() == [True, True, False]


def test_geojson_is_rfc_7946_and_says_what_it_is(cut):
    document = json.loads(cut("mali.geojson")[1].read_text(encoding="utf-8"))
    assert document["type"] == "FeatureCollection"
    assert document["title"] == "State on 10 February 2024: Mali Control Map"
    assert (document["date"], document["licence"]) == (DAY, "CC-BY-4.0")
    assert document["caveat"] == "Boundaries imply no position."
    assert "geoBoundaries" in document["attribution"]
    assert "crs" not in document
    assert [*document["features"][0]["properties"]] == PROPERTIES
    for feature in document["features"]:
        ground = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(ground):
            assert shapely.is_ccw(shapely.get_exterior_ring(part))


def test_what_was_heard_is_said_in_the_file(cut):
    told = ("--known-on", "2024-01-01", "--source", "v01", "--min-confidence", "high")
    document = json.loads(cut("mali.geojson", DAY, *told)[1].read_text(encoding="utf-8"))
    assert document["known_on"] == "2024-01-01"
    assert document["sources"] == "v01"
    assert document["min_confidence"] == "high"
    states = [feature["properties"]["state"] for feature in document["features"]]
    assert states == ["control", "none"]


def test_a_file_in_french_has_a_french_title(cut):
    answer, path = cut("mali.geojson", DAY, "--lang", "fr")
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["title"] == "État le 10 février 2024 : Carte du contrôle territorial au Mali"
    assert document["caveat"] == "Les limites n'impliquent aucune prise de position."
    assert "écrit : l'état le 10 février 2024 ; formes : 3 ; " in answer.err


def test_geoparquet_holds_lists_even_where_all_are_empty(cut):
    _, path = cut("mali.parquet", "2012-01-01")
    assert gpd.read_parquet(path)["actors"].map(list).tolist() == [[]]
    schema = pq.read_schema(path)
    assert [str(schema.field(name).type) for name in formats.LISTS] == ["list<element: string>"] * 3
    assert schema.metadata[b"date"] == b"2012-01-01"


def test_a_geopackage_has_one_layer_that_says_what_it_is(cut):
    _, path = cut("mali.gpkg")
    info = pyogrio.read_info(path)
    assert info["layer_name"] == "control_2024_02_10"
    assert [*info["fields"]] == PROPERTIES
    assert info["layer_metadata"]["IDENTIFIER"] == "State on 10 February 2024: Mali Control Map"
    assert "licence: CC-BY-4.0" in info["layer_metadata"]["DESCRIPTION"]


def test_kml_names_every_shape_and_takes_no_side_among_several_actors(cut):
    _, path = cut("mali.kml")
    space = {"k": "http://www.opengis.net/kml/2.2"}
    marks = ET.parse(path).getroot().findall(".//k:Placemark", space)
    assert [mark.findtext("k:name", None, space) for mark in marks] == [
        "Controlled by Army",
        "Contested: Army and JNIM",
        "No information",
    ]
    colours = [mark.findtext(".//k:PolyStyle/k:color", None, space) for mark in marks]
    assert colours == ["66aa7744", "668c8c8c", None]


def given(tmp_path, actor):
    layer = tmp_path / "given.geojson"
    said = {
        "claim_id": "=1+1",
        "actor": actor,
        "status": "control",
        "valid_from": "2020-01-01",
        "reported_on": "2020-01-01",
        "sources": "x",
    }
    feature = {"type": "Feature", "properties": said, "geometry": shapely.box(30, 10, 31, 11)}
    feature["geometry"] = shapely.geometry.mapping(feature["geometry"])
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return layer


@pytest.mark.parametrize("actor", ["=cmd()", "+1", "-1", "@x"])
def test_a_cell_a_spreadsheet_would_run_is_made_harmless(cut, tmp_path, actor):
    _, path = cut("a.csv", "2024-01-01", "--layer", given(tmp_path, actor))
    with path.open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["actors"], row["claim_ids"]) == (f"'{actor}", "'=1+1")
    assert row["geometry"].startswith("POLYGON")


@pytest.mark.parametrize("character", ["\t", "\r"])
def test_a_cell_that_begins_with_a_blank_a_spreadsheet_minds_is_made_harmless(character):
    assert formats.harmless(f"{character}=1") == f"'{character}=1"
    assert formats.harmless("FAMA") == "FAMA"


@pytest.mark.parametrize("ending", [".geojson", ".kml", ".gpkg"])
def test_markup_and_control_characters_stay_text(cut, tmp_path, ending):
    _, path = cut(f"a{ending}", "2024-01-01", "--layer", given(tmp_path, "<b>&\x01{{7*7}}"))
    told = "<b>&\\u0001{{7*7}}" if ending == ".kml" else "<b>&\x01{{7*7}}"
    assert read(path)["actors"].tolist() == [told]


@pytest.mark.parametrize("name", ["mali.shp", "mali", "mali.json", "mali.geojson.zip"])
def test_an_unknown_ending_is_refused_naming_the_endings(cut, name):
    answer, path = cut(name)
    assert answer.code == 1
    assert "one of .geojson, .gpkg, .parquet, .csv, .kml." in answer.err
    assert not path.exists()


def test_the_ending_may_be_in_capitals(cut):
    _, path = cut("MALI.GEOJSON")
    assert len(json.loads(path.read_text(encoding="utf-8"))["features"]) == 3


def test_a_folder_that_is_not_there_is_refused_before_any_work(cut):
    answer, path = cut("nowhere/mali.csv")
    assert answer.code == 1
    assert f"there is no folder {path.parent} to write it to." in answer.err


def test_a_folder_is_not_written_over(cut, tmp_path):
    (tmp_path / "mali.csv").mkdir()
    answer, _ = cut("mali.csv")
    assert (answer.code, "is a folder" in answer.err) == (1, True)


def test_a_file_that_cannot_be_replaced_stays_as_it_was_and_nothing_is_left_beside(
    cut, tmp_path, monkeypatch
):
    path = tmp_path / "mali.csv"
    path.write_text("before")

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    answer, _ = cut("mali.csv")
    assert answer.code == 1
    assert answer.err == (
        f"geo: {path} could not be written (No space left on device). Nothing was changed.\n"
    )
    assert [p.name for p in tmp_path.iterdir()] == ["mali.csv"]
    assert path.read_text() == "before"


def test_the_file_is_replaced_in_one_step_from_a_file_beside_it(cut, tmp_path, monkeypatch):
    seen = []
    replace = folders.replace

    def watched(folder, name, content):
        seen.append((folder, name, len(content) > 0))
        replace(folder, name, content)

    monkeypatch.setattr(folders, "replace", watched)
    _, path = cut("mali.gpkg")
    assert seen == [(tmp_path.resolve(), "mali.gpkg", True)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [p.name for p in tmp_path.iterdir()] == ["mali.gpkg"]


def test_a_link_is_written_through(cut, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "mali.csv").symlink_to(tmp_path / "real" / "kept.csv")
    _, path = cut("mali.csv")
    assert path.is_symlink()
    assert (tmp_path / "real" / "kept.csv").read_text().startswith("state,actors")


@pytest.mark.parametrize("ending", [".geojson", ".parquet", ".csv", ".kml"])
def test_the_same_slice_has_the_same_bytes(cut, ending):
    assert cut(f"a{ending}")[1].read_bytes() == cut(f"b{ending}")[1].read_bytes()


@pytest.mark.parametrize("day", ["2011-12-31", "2026-07-15"])
def test_a_day_no_source_supports_is_refused(cut, day):
    answer, path = cut("mali.csv", day)
    assert answer.code == 1
    assert answer.err == (
        f"geo: {day} is outside the days this data can answer for. Choose one from 2012-01-01 to "
        "2026-07-14: nothing before or after is supported by a source here.\n"
    )
    assert not path.exists()


def test_the_first_and_the_last_day_are_answered(cut):
    assert cut("a.csv", "2012-01-01")[0].code == 0
    assert cut("b.csv", "2026-07-14")[0].code == 0


def test_the_small_world_is_left_as_it_is(folder):
    assert layers.check(folder) == []
    assert small.WORLD.is_dir()
