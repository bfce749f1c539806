"""Layers the reader gives in place of the shipped ones."""

import contextlib
import json
import random

import asked
import geopandas as gpd
import pytest
import shapely
from shapely import box

from geo.claims import CRS
from geo.cli import given
from geo.errors import GeoError

KHARTOUM, EL_FASHER = box(32.3, 15.4, 32.8, 15.9), box(25.2, 13.5, 25.5, 13.8)
KIDAL = box(1.2, 18.2, 1.6, 18.6)  # as the small world has it: see tests/small_world/README.md
TYPES = ["geojson", "gpkg", "parquet"]


def row(claim_id, actor, ground, **more):
    said = dict(
        claim_id=claim_id,
        actor=actor,
        status="control",
        valid_from="2023-04-15",
        valid_to=None,
        reported_on="2023-04-16",
        confidence="high",
        sources="bbc reuters-2023",
        geometry=ground,
    )
    return said | more


SUDAN = [
    row("s1", "RSF", KHARTOUM, valid_to="2025-03-26"),
    row("s2", "SAF", KHARTOUM, valid_from="2025-03-26", reported_on="2025-03-27"),
    row("s3", "RSF", EL_FASHER, status="siege", reported_on="2024-05-10"),
]


def save(path, rows):
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def ask(folder, capsys):
    return lambda *typed: asked.run(capsys, folder, *typed)


@pytest.mark.parametrize("kind", TYPES)
def test_a_layer_elsewhere_on_earth_is_explained(ask, tmp_path, kind):
    layer = save(tmp_path / f"sudan.{kind}", SUDAN)
    answer = ask("explain", 32.5, 15.6, "--date", "2024-01-01", "--layer", layer, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert (answer.json["state"], answer.json["actors"]) == ("control", ["RSF"])
    assert answer.json["names"] == {"RSF": "RSF"}
    assert [source["source"] for source in answer.json["sources"]] == ["bbc", "reuters-2023"]
    assert answer.json["sources"][0]["publisher"] is None


def test_a_layer_elsewhere_knows_no_country_and_says_nothing_off_its_claims(ask, tmp_path):
    layer = save(tmp_path / "sudan.geojson", SUDAN)
    told = ("--date", "2024-01-01", "--layer", layer)
    assert ask("explain", 100, 60, *told, "--json").json["state"] == "none"
    assert "No information" in ask("explain", 100, 60, *told).out
    out = tmp_path / "slice.geojson"
    assert ask("slice", "--out", out, *told).code == 0
    frame = gpd.read_file(out)
    assert frame["state"].tolist() == ["control", "none"]
    assert frame.union_all().equals(shapely.union_all([KHARTOUM, EL_FASHER]))
    assert "attribution" not in json.loads(out.read_text())
    assert json.loads(out.read_text())["title"] == "State on 1 January 2024: sudan.geojson"


def test_a_layer_without_any_ground_makes_an_empty_slice(ask, tmp_path):
    road = row("s4", "RSF", shapely.LineString([(32, 15), (33, 16)]), status="blockade")
    layer = save(tmp_path / "roads.geojson", [road])
    for ending in ("geojson", "gpkg", "parquet", "csv", "kml"):
        out = tmp_path / f"slice.{ending}"
        answer = ask("slice", "--date", "2024-01-01", "--layer", layer, "--out", out)
        assert (answer.code, "shapes: 0" in answer.err) == (0, True)
        assert out.stat().st_size > 0
    there = ("explain", 32.5, 15.5, "--date", "2024-01-01", "--layer", layer)
    assert "On roads near here\n  s4  Blockade: RSF\n" in ask(*there).out


def test_any_day_may_be_asked_of_a_layer_given(ask, tmp_path):
    layer = save(tmp_path / "sudan.geojson", SUDAN)
    for day in ("1956-01-01", "2031-01-01"):
        assert ask("explain", 32.5, 15.6, "--date", day, "--layer", layer).code == 0


def test_a_layer_in_the_country_replaces_the_shipped_claims_within_it(ask, tmp_path):
    layer = save(tmp_path / "kidal.geojson", [row("k1", "MNLA", KIDAL)])
    told = ("--date", "2024-01-01", "--layer", layer)
    answer = ask("explain", 1.41, 18.44, *told, "--json")
    assert [claim["claim_id"] for claim in answer.json["claims"]] == ["k1"]
    assert ask("explain", -3, 20, *told, "--json").json["state"] == "none"
    assert ask("explain", 32.5, 15.6, *told).code == 1


def test_what_lies_outside_the_country_is_told_as_left_out(ask, tmp_path):
    rows = [row("k1", "MNLA", KIDAL), *SUDAN]
    layer = save(tmp_path / "both.geojson", rows)
    answer = ask("place", "Kidal", "--layer", layer)
    assert answer.code == 0
    assert "Claim 's1' lies outside the units: ignored.\n" in answer.err


def test_a_neighbour_whose_border_reaches_a_little_way_in_keeps_its_ground(ask, tmp_path):
    # The small world ends at longitude 2.
    layer = save(tmp_path / "niger.geojson", [row("n1", "NIGER", box(1.97, 17, 5, 19))])
    answer = ask("explain", 4, 18, "--date", "2024-01-01", "--layer", layer, "--json")
    assert answer.json["actors"] == ["NIGER"]


def test_several_layers_are_read_as_one(ask, tmp_path):
    first = save(tmp_path / "a.geojson", SUDAN[:1])
    second = save(tmp_path / "b.parquet", SUDAN[1:])
    told = ("--layer", first, "--layer", second, "--json")
    day = ("--date", "2026-01-01")
    assert ask("explain", 32.5, 15.6, *day, *told).json["actors"] == ["SAF"]
    answer = ask("place", "Kidal", *told)
    assert (answer.json["first_day"], answer.json["last_day"]) == ("2023-04-15", "2025-03-26")
    assert [span["state"] for span in answer.json["spans"]] == ["none"]


def test_an_id_in_two_layers_is_refused(ask, tmp_path):
    first = save(tmp_path / "a.geojson", SUDAN[:1])
    second = save(tmp_path / "b.geojson", SUDAN)
    answer = ask("place", "Kidal", "--layer", first, "--layer", second)
    assert answer.code == 1
    assert f"Claim 's1' stands in {second} and in a layer given before it." in answer.err


def test_only_a_source_of_the_layer_can_be_heard_and_near_ids_are_named(ask, tmp_path):
    layer = save(tmp_path / "sudan.geojson", SUDAN)
    told = ("explain", 32.5, 15.6, "--date", "2024-01-01", "--layer", layer)
    assert ask(*told, "--source", "bbc", "--json").json["state"] == "control"
    assert ask(*told, "--source", "reuters").err == (
        "geo: No source is called 'reuters'. Did you mean reuters-2023?\n"
    )
    assert ask(*told, "--source", "v01").err == (
        "geo: No source is called 'v01'. The layers given name: bbc, reuters-2023.\n"
    )


def test_the_kind_is_told_by_the_content_not_by_the_name(ask, tmp_path):
    layer = save(tmp_path / "sudan.parquet", SUDAN).rename(tmp_path / "sudan.geojson")
    assert ask("explain", 32.5, 15.6, "--date", "2024-01-01", "--layer", layer).code == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_geojson_may_carry_the_mark_of_its_encoding(ask, tmp_path, encoding):
    layer = save(tmp_path / "sudan.geojson", SUDAN)
    layer.write_text(layer.read_text(encoding="utf-8"), encoding=encoding)
    assert ask("explain", 32.5, 15.6, "--date", "2024-01-01", "--layer", layer).code == 0


def test_geojson_of_before_rfc_7946_is_read_in_the_crs_it_names(ask, tmp_path):
    frame = gpd.GeoDataFrame(SUDAN, geometry="geometry", crs=CRS).to_crs("EPSG:32636")
    document = json.loads(frame.to_json(drop_id=True))
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32636"}}
    layer = tmp_path / "utm.geojson"
    layer.write_text(json.dumps(document))
    told = ("--date", "2024-01-01", "--layer", layer, "--json")
    assert ask("explain", 32.5, 15.6, *told).json["actors"] == ["RSF"]


def test_text_from_a_layer_sends_nothing_to_the_terminal(ask, tmp_path):
    note = "\x1b[2J\u202e{{7*7}}"
    layer = save(tmp_path / "bad.geojson", [row("s1", "RSF", KHARTOUM, note_en=note)])
    told = ("explain", 32.5, 15.6, "--date", "2024-01-01", "--layer", layer)
    text = ask(*told).out
    assert "\\u001b[2J\\u202e{{7*7}}\n" in text
    answer = ask(*told, "--json")
    assert "\x1b" not in answer.out
    assert answer.json["claims"][0]["note_en"] == note


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is neither GeoJSON, GeoPackage nor GeoParquet."),
        (b"<OGRVRTDataSource/>", "is neither GeoJSON, GeoPackage nor GeoParquet."),
        (b"SQLite format 3\0" + bytes(100), "is neither GeoJSON, GeoPackage nor GeoParquet."),
        (b"PAR1 and no more", "begins like GeoParquet but is damaged or of another kind."),
        (b"{", "begins like GeoJSON but is damaged or of another kind."),
        (b'{"type":"gdal_streamed_alg"}', "begins like GeoJSON but is damaged"),
        (b'{"type":"FeatureCollection"}', "begins like GeoJSON but is damaged"),
        (b'{"a":' * 100_000, "begins like GeoJSON but is damaged"),
        (b'{"type":"FeatureCollection","features":[]}', "holds no claims."),
        (b'{"type":"FeatureCollection","features":[7]}', "feature 1 is damaged."),
        (
            (
                b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
                b'"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}}]}'
            ),
            "feature 1 is damaged. Mend its properties or its geometry.",
        ),
    ],
)
def test_what_is_not_a_layer_is_refused(ask, tmp_path, content, told):
    layer = tmp_path / "layer.geojson"
    layer.write_bytes(content)
    answer = ask("place", "Kidal", "--layer", layer)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"geo: {layer}")
    assert told in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.geojson", ".", "zero\0byte"])
def test_a_layer_that_cannot_be_read_is_refused(ask, tmp_path, name):
    answer = ask("place", "Kidal", "--layer", f"{tmp_path}/{name}")
    assert answer.code == 1
    assert "cannot be read (" in answer.err


def test_text_that_is_no_text_is_refused(ask, tmp_path):
    layer = save(tmp_path / "bad.geojson", SUDAN)
    layer.write_text(layer.read_text().replace("RSF", "\\ud800"))
    answer = ask("place", "Kidal", "--layer", layer)
    assert (answer.code, "its text or its coordinates cannot be read" in answer.err) == (1, True)


def test_a_layer_that_is_no_layer_of_claims_is_refused_naming_the_column(ask, tmp_path):
    layer = save(tmp_path / "towns.geojson", [{"name": "Kidal", "geometry": KIDAL}])
    answer = ask("place", "Kidal", "--layer", layer)
    assert answer.code == 1
    assert "Column 'claim_id' is missing from" in answer.err


def test_a_geopackage_of_two_layers_is_refused_naming_them(ask, tmp_path):
    path = save(tmp_path / "two.gpkg", SUDAN)
    gpd.GeoDataFrame(SUDAN, geometry="geometry", crs=CRS).to_file(path, layer="drafts", mode="a")
    answer = ask("place", "Kidal", "--layer", path)
    assert answer.code == 1
    assert "holds 2 layers with geometry (two, drafts)" in answer.err


def test_a_layer_given_is_not_touched(ask, tmp_path):
    layer = save(tmp_path / "sudan.gpkg", SUDAN)
    before = layer.read_bytes()
    assert ask("explain", 32.5, 15.6, "--date", "2024-01-01", "--layer", layer).code == 0
    assert layer.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["sudan.gpkg"]


@pytest.mark.parametrize("kind", TYPES)
def test_a_damaged_layer_is_read_or_refused_and_nothing_else(tmp_path, kind):
    rng = random.Random(kind)
    good = save(tmp_path / f"good.{kind}", SUDAN).read_bytes()
    path = tmp_path / f"bad.{kind}"
    for _ in range(40):
        bad = bytearray(good[: rng.randrange(1, len(good))] if rng.random() < 0.3 else good)
        for _ in range(rng.choice([0, 1, 5, 30])):
            bad[rng.randrange(len(bad))] = rng.randrange(256)
        path.write_bytes(bad)
        with contextlib.suppress(GeoError):
            assert len(given.read([path], "en"))
