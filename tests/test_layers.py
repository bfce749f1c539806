import json
import os
import re
import shutil
from datetime import date

import pandas as pd
import pytest
import shapely
import small

from geo import actors, bibliography, boundaries, ground, layers, places
from geo.errors import ClaimError, LayerError
from geo.layers import built as building
from geo.layers import chronicle, folder, written

DOCS = small.WORLD.parents[1] / "docs"


@pytest.fixture
def copy(tmp_path):
    """The small world, copied; with changes as `small.copied` takes them."""
    return lambda *changes: small.copied(tmp_path / "layers", *changes)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    path = small.built(tmp_path_factory.mktemp("world") / "layers")
    return path


@pytest.fixture
def built(once, tmp_path):
    """The small world, built, to be changed."""
    return shutil.copytree(once, tmp_path / "layers")


@pytest.fixture(scope="module")
def world(once):
    return layers.load(once)


def opened(path, name):
    return json.loads((path / name).read_text(encoding="utf-8"))


# What load gives


def test_every_claim_has_its_ground_and_its_level(world):
    found = world.claims.set_index("claim_id")
    assert found["level"].to_dict() == {
        "C001": "place",
        "C002": "place",
        "C003": "cercle",
        "C004": "place",
    }
    assert found.geometry["C003"].equals(shapely.box(-2, 16, 0, 18))
    assert found.geometry["C004"].geom_type == "LineString"
    assert found["sources"]["C002"] == ("v01", "v02")


def test_the_dataset_says_until_when_it_can_answer(world):
    assert world.dataset.first_day == date(2012, 1, 1)
    assert world.dataset.supported_until == date(2026, 7, 14)
    assert world.dataset.licence == "CC-BY-4.0"


def test_regions_come_by_edition_with_their_names(world):
    assert list(world.regions) == ["2012", "2016", "2023"]
    assert "taoudenit" not in world.regions["2012"].index
    assert world.regions["2016"].loc["taoudenit", "name_fr"] == "Taoudénit"
    assert world.regions["2016"].loc["taoudenit", "pcode"] == ""


def test_borders_come_by_edition_with_their_certainty(world):
    certain = world.borders["2016"].set_index(["region_a", "region_b"])["certainty"]
    assert certain["taoudenit", "tombouctou"] == "approximate"
    assert certain["gao", "menaka"] == "law"
    assert set(world.borders["2012"]["certainty"]) == {"law"}


def test_aliases_are_a_tuple_again(world):
    assert world.cercles.loc["tombouctou", "aliases"] == ("Tumbutu",)
    assert world.places.loc["gao", "aliases"] == ("Gawgaw",)


def test_units_say_which_regions_they_are_in(world):
    unit = world.units.set_index("unit").loc["tombouctou-taoudenit"]
    assert unit["region_2012"] == "tombouctou"
    assert unit["region_2023"] == "taoudenit"


def test_what_an_author_can_name_is_at_hand(world):
    assert ground.geometry("commune:M1", world.gazetteer).equals(shapely.box(0, 16, 2, 18))
    assert ground.geometry("country", world.gazetteer).equals(world.outline)


def test_everything_lies_in_lon_and_lat(world):
    frames = (world.places, world.units, world.cercles, world.claims, world.neighbours)
    assert {str(frame.crs) for frame in (*frames, *world.borders.values())} == {"EPSG:4326"}


def test_a_lake_without_a_name_has_an_empty_one(world):
    assert world.lakes["name_fr"].tolist() == [""]


def test_what_is_disputed_and_what_was_said_point_to_claims(world):
    assert world.disagreements.loc["d01", "claims_a"] == ("C001",)
    assert world.statements.loc["s01", "claims"] == ("C001", "C003")
    assert world.events.loc["e001", "date"] == pd.Timestamp("2014-05-21")


def test_the_fingerprint_changes_with_every_file_that_is_read(built):
    before = layers.load(built).fingerprint
    assert before == layers.load(built).fingerprint
    path = built / "bibliography.csv"
    path.write_text(path.read_text().replace("RFI", "BBC"))
    assert layers.load(built).fingerprint != before


# What load refuses


@pytest.mark.parametrize("name", folder.WRITTEN)
def test_a_missing_hand_written_file_is_to_be_restored(built, name):
    (built / name).unlink()
    with pytest.raises(LayerError, match=rf"{name} is missing from .* Restore it from the repo"):
        layers.load(built)


@pytest.mark.parametrize("name", [*folder.BUILT, "claims_places.geojson"])
def test_a_missing_built_file_is_to_be_built(built, name):
    (built / name).unlink()
    with pytest.raises(LayerError, match=r"Run: python -m geo build"):
        layers.load(built)


@pytest.mark.parametrize("damage", [b"", b"<html>", b'{"type":"FeatureCollection","features":[{'])
@pytest.mark.parametrize(
    ("name", "remedy"),
    [("rivers.geojson", "Restore it"), ("units.geojson", "Run: python -m geo build")],
)
def test_a_damaged_layer_is_refused_with_its_name_and_a_remedy(built, name, damage, remedy):
    (built / name).write_bytes(damage)
    with pytest.raises(LayerError, match=rf"{name} is no longer GeoJSON. {remedy}"):
        layers.load(built)


def test_a_layer_cut_short_is_refused(built):
    path = built / "cercles.geojson"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(LayerError, match=r"cercles.geojson is no longer GeoJSON"):
        layers.load(built)


def test_a_layer_without_a_column_or_a_shape_is_refused(built):
    path = built / "units.geojson"
    text = path.read_text()
    path.write_text(text.replace('"region_2016"', '"regoin_2016"'))
    with pytest.raises(LayerError, match=r"units.geojson has no 'region_2016'. Run"):
        layers.load(built)
    path.write_text(re.sub(r'"geometry":\{.*?\}\}', '"geometry":null}', text, count=1))
    with pytest.raises(LayerError, match=r"units.geojson has a damaged shape. Run"):
        layers.load(built)


def test_a_table_that_is_not_utf_8_is_refused(built):
    (built / "places.csv").write_bytes("place\nkidal,Aéroport\n".encode("latin-1"))
    with pytest.raises(LayerError, match=r"places.csv is not UTF-8 \(byte 13\). Save it again"):
        layers.load(built)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(LayerError, match=r"The folder .*nowhere cannot be read .* Restore it"):
        layers.load(tmp_path / "nowhere")


def test_a_claim_changed_since_the_build_is_noticed(built):
    path = built / "claims.csv"
    text = path.read_text()
    path.write_text(text.replace("2024-02-10", "2024-02-11"))
    with pytest.raises(LayerError, match=r"built: reported_on of claim 'C004'. Run: python -m geo"):
        layers.load(built)
    path.write_text(text.replace("\nC004", "\nC009"))
    with pytest.raises(LayerError, match=r"claim 'C004' is not in both. Run: python -m geo build"):
        layers.load(built)


def test_a_region_changed_since_the_build_is_noticed(built):
    path = built / "units.csv"
    path.write_text(path.read_text().replace("M1,Ménaka,menaka,gao", "M1,Ménaka,menaka,kidal"))
    with pytest.raises(LayerError, match=r"cercle 'menaka' is in other regions. Run: python -m"):
        layers.load(built)


# What the build refuses


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("claims.csv", "C001,,CMA", "C001,,CNA", r"claims.csv, line 2: actor names 'CNA', which"),
        (
            "claims.csv",
            ",JNIM,FAMA,",
            ",JNIM,ARMY,",
            r"line 4: partners names 'ARMY', which actors",
        ),
        (
            "claims.csv",
            "v01 v02",
            "v01 v99",
            r"line 3: sources names 'v99', which bibliography.csv",
        ),
        (
            "claims.csv",
            "place:kidal",
            "place:kidall",
            r"line 2: 'place:kidall' names .* place:kidal",
        ),
        ("claims.csv", "cercle:gao", "drawn", r"line 4: Drawn ground has no shape of its own"),
        (
            "claims.csv",
            "2014-05-21",
            "21/05/2014",
            r"claims.csv, line 2: valid_from is '21/05/2014'",
        ),
        ("claims.csv", ",control,", ",holds,", r"Claim 'C001': status is 'holds'. Write one of"),
        (
            "places.csv",
            "gazetteer,K1",
            "gazetteer,X9",
            r"line 2: commune names 'X9', which units.csv",
        ),
        (
            "places.csv",
            "1.41,18.44",
            "1.41,17.44",
            r"kidal at 1.41, 17.44 does not lie in commune K1",
        ),
        ("events.csv", "kidal,battle", "kdal,battle", r"events.csv, line 2: place names 'kdal'"),
        ("events.csv", "stated", "said", r"attribution is 'said'. Use one of: stated"),
        ("actors.csv", "yes,high,v01", "yes,high,v77", r"actors.csv, line 2: sources names 'v77'"),
        ("disagreements.csv", "v01,C001", "v01,C999", r"claims_a names 'C999', which claims.csv"),
        ("disagreements.csv", "2023-11-14", "2013-11-14", r"valid_to is .* write a later one"),
        ("statements.csv", "d01,e001", "d01,e009", r"events names 'e009', which events.csv"),
        ("statements.csv", "2025-11-10", "Nov 2025", r"said_on is 'Nov 2025'. Write a date as"),
        ("roads.csv", "anefis,kidal", "anefis,kidl", r"to_place names 'kidl', which places.csv"),
        ("units.csv", "G1,Gao,gao", "G1,Gao,goa", r"cercle names 'goa', which unit_names.csv"),
        ("dataset.toml", "2026-07-14", '"soon"', r"supported_until is missing or of another kind"),
        ("dataset.toml", "2026-07-14", "soon", r"dataset.toml is not readable as TOML"),
    ],
)
def test_a_fault_in_a_table_is_refused_and_nothing_is_written(copy, name, old, new, said):
    path = copy((name, old, new))
    before = sorted(path.iterdir())
    with pytest.raises((LayerError, ClaimError), match=said):
        layers.write(path)
    assert sorted(path.iterdir()) == before


# What the build makes


def test_the_same_tables_make_the_same_bytes(copy):
    path = copy()
    assert layers.build(path) == layers.build(path)


def test_the_order_of_rows_and_shapes_does_not_matter(built):
    for name in ("units.csv", "claims.csv", "unit_names.csv"):
        header, *rows = (built / name).read_text().splitlines()
        (built / name).write_text("\n".join([header, *reversed(rows)]) + "\n")
    shapes = opened(built, "communes.geojson")
    shapes["features"].reverse()
    (built / "communes.geojson").write_text(json.dumps(shapes))
    assert layers.check(built) == []


def test_a_built_folder_is_up_to_date_and_is_not_written_again(built):
    stamps = {path: path.stat().st_mtime_ns for path in built.iterdir()}
    assert layers.check(built) == []
    assert layers.write(built) == []
    assert {path: path.stat().st_mtime_ns for path in built.iterdir()} == stamps


def test_only_what_changed_is_written_again(built):
    path = built / "places.csv"
    path.write_text(path.read_text().replace("Kidal,Kidal,,city", "Kidal,Kidal,Tidal,city"))
    assert layers.check(built) == ["places.geojson"]
    assert layers.write(built) == ["places.geojson"]
    assert layers.check(built) == []


def test_a_missing_layer_is_not_up_to_date(built):
    (built / "outline.geojson").unlink()
    assert layers.check(built) == ["outline.geojson"]


def test_a_layer_of_claims_that_is_no_longer_made_is_removed(built):
    path = built / "claims.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))  # the road
    assert layers.check(built) == ["claims_roads.geojson"]
    assert layers.write(built) == ["claims_roads.geojson"]
    assert not (built / "claims_roads.geojson").exists()
    assert layers.load(built).claims["claim_id"].tolist() == ["C001", "C002", "C003"]


def test_claims_too_many_for_one_file_are_kept_in_several_oldest_first(built, monkeypatch):
    head = len((built / "claims_places.geojson").read_bytes()) // 3
    monkeypatch.setattr(building, "MOST_BYTES", 2 * head)
    assert "claims_places.geojson" in layers.write(built)
    first, second = (opened(built, f"claims_places_{part}.geojson") for part in (1, 2))
    assert [f["properties"]["claim_id"] for f in first["features"]] == ["C001"]
    assert [f["properties"]["claim_id"] for f in second["features"]] == ["C002"]
    assert layers.check(built) == []
    assert len(layers.load(built).claims) == 4


def test_one_of_several_files_of_claims_cannot_go_missing_unseen(built, monkeypatch):
    monkeypatch.setattr(building, "MOST_BYTES", 2500)
    layers.write(built)
    (built / "claims_places_2.geojson").unlink()
    with pytest.raises(LayerError, match=r"claim 'C002' is not in both. Run: python -m geo build"):
        layers.load(built)


def test_files_are_rfc_7946_with_one_feature_a_line(built):
    for name in [*folder.BUILT, "places.geojson", "roads.geojson", *folder.claim_layers(built)]:
        layer = opened(built, name)
        assert layer["type"] == "FeatureCollection"
        assert "crs" not in layer
        assert layer["licence"] == "CC-BY-4.0"
        assert layer["attribution"].startswith("Mali Control Map. ")
        assert layer["caveat"].startswith("Boundaries imply no position.")
        assert layer["caveat_fr"].startswith("Les limites n'impliquent")
        lines = (built / name).read_text(encoding="utf-8").splitlines()
        assert len(lines) == len(layer["features"]) + 2


def test_points_have_six_decimals_at_most_and_shells_run_anticlockwise(built):
    for name in ("units.geojson", "claims_places.geojson", "claims_units.geojson"):
        for feature in opened(built, name)["features"]:
            shape = shapely.geometry.shape(feature["geometry"])
            points = shapely.get_coordinates(shape)
            assert (points == points.round(6)).all()
            assert shape.exterior.is_ccw


def test_a_claim_has_every_column_as_a_property_and_null_where_it_says_nothing(built):
    feature = opened(built, "claims_places.geojson")["features"][0]
    assert list(feature["properties"]) == [
        column.name for column in written.CLAIM_COLUMNS if column.name != "rows"
    ]
    assert feature["properties"]["valid_from"] == "2014-05-21"
    assert feature["properties"]["withdrawn_on"] is None
    assert feature["properties"]["version"] == 1
    assert feature["properties"]["level"] == "place"


def test_the_layers_of_regions_say_from_when_to_when_they_hold(built):
    assert opened(built, "regions_2016.geojson")["valid_from"] == "2016-01-19"
    assert opened(built, "regions_2016.geojson")["valid_to"] == "2023-03-13"
    assert opened(built, "regions_2023.geojson")["valid_to"] == ""


def test_the_approximate_line_is_said_to_be_approximate(built):
    caveat = opened(built, "regions_2016.geojson")["caveat"]
    assert "drawn along 18.75 N" in caveat
    assert "drawn along 18.75 N" not in opened(built, "regions_2012.geojson")["caveat"]


def test_a_claim_on_a_region_is_drawn_as_the_region_was_that_day(copy):
    path = copy(("claims.csv", "cercle:gao,,2024-01-01", "region:gao,,2014-01-01"))
    layers.write(path)
    shape = layers.load(path).claims.set_index("claim_id").geometry["C003"]
    assert shape.equals(shapely.box(-2, 16, 2, 18))


# Files are replaced whole


def test_a_write_that_fails_leaves_every_file_as_it_was(built, monkeypatch):
    path = built / "places.csv"
    path.write_text(path.read_text().replace("Kidal,Kidal,,city", "Kidal,Kidal,Tidal,city"))
    before = {path: path.read_bytes() for path in built.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OSError, match=r"No space left"):
        layers.write(built)
    assert {path: path.read_bytes() for path in built.iterdir()} == before


def test_a_written_file_can_be_read_by_others(built):
    assert (built / "units.geojson").stat().st_mode & 0o777 == 0o644


# The tables and their documentation


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("actors.csv", actors.COLUMNS),
        ("bibliography.csv", bibliography.COLUMNS),
        ("places.csv", places.COLUMNS),
        ("units.csv", boundaries.UNIT_COLUMNS),
        ("roads.csv", ground.ROAD_COLUMNS),
        ("events.csv", chronicle.EVENT_COLUMNS),
        ("disagreements.csv", chronicle.DISAGREEMENT_COLUMNS),
        ("statements.csv", chronicle.STATEMENT_COLUMNS),
    ],
)
def test_the_documentation_names_every_column_of_a_table(heading, columns):
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"## `{heading}`\n(.*?)(?=\n## |\Z)", text, flags=re.DOTALL)
    named = set(re.findall(r"`([a-z_0-9]+)`", section))
    # Columns of the second account are those of the first.
    named |= {re.sub(r"(_|\b)a(_|\b)", r"\1b\2", name) for name in named}
    assert {column.name for column in columns} <= named


def test_keys_are_looked_up_in_tables_that_have_them():
    for file, column, kept_in in written._REFERENCES:
        assert file in folder.TABLES
        assert kept_in in folder.TABLES
        assert column
