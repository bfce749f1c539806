"""Files written by real programs: every driver of GDAL that is read, spreadsheets, a globe."""

import io
import warnings
import zipfile
from datetime import date

import brought
import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from brought import GAO, KIDAL, MOPTI, accounted, found, look, rules, table

from geo import layers

ROWS = [
    dict(id="c1", actor="JNIM", status="control", valid_from="2024-05-01", source="RFI"),
    dict(id="c2", actor="FAMa", status="control", valid_from="2024-06-01", source="Ségou FM"),
    dict(id="c3", actor="FLA", status="contested", valid_from="2024-07-01", source="AFP"),
]
GROUND = [KIDAL, GAO, MOPTI]


def frame(crs="EPSG:4326", ground=GROUND):
    return gpd.GeoDataFrame(ROWS, geometry=ground, crs="EPSG:4326").to_crs(crs)


def written(folder, name, layer=None, **options):
    made = frame() if layer is None else layer
    path = folder / name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names cut to ten letters
        pyogrio.write_dataframe(made, path, **options)
    return path


def packed(*paths, **names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
        for name, content in names.items():
            archive.writestr(name, content)
    return made.getvalue()


def shapefile(folder, layer=None, **options):
    path = written(folder, "shape.shp", layer, **options)
    return packed(*sorted(path.parent.glob("shape.*")))


def parquet(folder, layer=None, **options):
    (frame() if layer is None else layer).to_parquet(folder / "front.parquet", **options)
    return (folder / "front.parquet").read_bytes()


MADE = {
    "GeoJSON": lambda to: written(to, "front.geojson").read_bytes(),
    "GeoJSON RFC 7946": lambda to: written(to, "front.geojson", RFC7946="YES").read_bytes(),
    "GeoJSON by QGIS": lambda to: written(
        to, "front.geojson", frame("EPSG:32630"), WRITE_NAME="YES"
    ).read_bytes(),
    "GeoPackage": lambda to: written(to, "front.gpkg").read_bytes(),
    "GeoPackage in metres": lambda to: written(to, "front.gpkg", frame("EPSG:32630")).read_bytes(),
    "Shapefile": shapefile,
    "Shapefile in metres": lambda to: shapefile(to, frame("EPSG:32629")),
    "Shapefile in Windows-1252": lambda to: shapefile(to, encoding="cp1252"),
    "FlatGeobuf": lambda to: written(to, "front.fgb").read_bytes(),
    "FlatGeobuf without index": lambda to: written(
        to, "front.fgb", SPATIAL_INDEX="NO"
    ).read_bytes(),
    "GeoParquet": parquet,
    "GeoParquet in metres": lambda to: parquet(to, frame("EPSG:32630")),
    "GeoParquet in Snappy groups": lambda to: parquet(to, row_group_size=1),
    "KML": lambda to: written(to, "front.kml", driver="LIBKML").read_bytes(),
    "KMZ": lambda to: written(to, "front.kmz", driver="LIBKML").read_bytes(),
    "GeoJSON in a ZIP": lambda to: packed(written(to, "front.geojson")),
    "GeoPackage in a ZIP": lambda to: packed(written(to, "front.gpkg")),
}
ENDINGS = {"Shapefile": "zip", "GeoPackage": "gpkg", "FlatGeobuf": "fgb", "GeoParquet": "parquet"}


@pytest.mark.parametrize("made", MADE)
def test_every_format_says_the_same(tmp_path, made):
    kind = made.split()[0]
    ending = "zip" if "ZIP" in made else ENDINGS.get(kind, kind.lower())
    report = look(MADE[made](tmp_path), f"front.{ending}")
    assert report.verdict != "reject", [problem.message for problem in report.problems]
    assert report.kind == kind
    assert (report.features, report.claims) == (3, 3)
    assert report.layer.claim_id.tolist() == ["c1", "c2", "c3"]
    assert report.layer.actor.tolist() == ["JNIM", "FAMA", "FLA"]
    assert report.layer.status.tolist() == ["control", "control", "contested"]
    assert [str(day.date()) for day in report.layer.valid_from] == [
        row["valid_from"] for row in ROWS
    ]
    assert "Ségou FM" in report.sources.values()
    for made_of, drawn in zip(report.layer.geometry, GROUND, strict=True):
        assert shapely.hausdorff_distance(made_of, drawn) < 1e-4
    assert rules(report) <= {"reprojected", "ring-order"}
    assert ("reprojected" in rules(report)) == ("metres" in made or "QGIS" in made)


def test_days_and_numbers_of_a_database_are_read_as_days_and_numbers(tmp_path):
    layer = frame().assign(
        valid_from=pd.to_datetime([row["valid_from"] for row in ROWS]),
        valid_to=pd.to_datetime(["2024-06-01", None, None]),
        id=[1, 2, 3],
    )
    for name in ("front.gpkg", "front.fgb"):
        report = look(written(tmp_path, name, layer).read_bytes(), name)
        assert report.claims == 3, [problem.message for problem in report.problems]
        assert report.layer.claim_id.tolist() == ["1", "2", "3"]
        assert report.layer.valid_to.notna().tolist() == [True, False, False]
    report = look(parquet(tmp_path, layer), "front.parquet")
    assert (report.claims, report.layer.claim_id.tolist()) == (3, ["1", "2", "3"])


def test_columns_a_shapefile_has_cut_to_ten_letters_are_known(tmp_path):
    layer = frame().assign(reported_on="2024-08-01", verification="read")
    report = look(shapefile(tmp_path, layer), "front.zip")
    assert report.mapping["reported_o"] == "reported_on"
    assert set(report.layer.verification) == {"read"}


def test_a_shapefile_without_its_system_is_asked_about(tmp_path):
    written(tmp_path, "front.shp", frame("EPSG:32630"))
    (tmp_path / "front.prj").unlink()
    data = packed(*sorted(tmp_path.glob("front.*")))
    report = look(data, "front.zip")
    assert rules(report) == {"crs-unknown"}
    choices = found(report, "crs-unknown").offer.choices
    assert "EPSG:32630" in [choice.label for choice in choices]
    report = look(data, "front.zip", defaults={"crs": "EPSG:32630"})
    assert report.claims == 3
    assert shapely.hausdorff_distance(report.layer.geometry[0], KIDAL) < 1e-4


def test_metres_where_degrees_should_be_are_asked_about():
    metres = gpd.GeoSeries([KIDAL], crs="EPSG:4326").to_crs("EPSG:32631")[0]
    report = brought.geojson(brought.feature(metres))
    assert rules(report) == {"crs-unknown", "ring-order"} - {
        "ring-order"
    } or "crs-unknown" in rules(report)
    mended = brought.geojson(brought.feature(metres), defaults={"crs": "EPSG:32631"})
    assert shapely.hausdorff_distance(mended.layer.geometry[0], KIDAL) < 1e-4


@pytest.mark.parametrize("missing", [".dbf", ".shx"])
def test_a_shapefile_that_lacks_a_part_says_which(tmp_path, missing):
    written(tmp_path, "front.shp")
    (tmp_path / f"front{missing}").unlink()
    report = look(packed(*sorted(tmp_path.glob("front.*"))), "front.zip")
    assert f"lacks its {missing} file" in found(report, "shapefile-incomplete").message


def test_of_several_layers_one_is_chosen(tmp_path):
    path = written(tmp_path, "front.gpkg", layer=None)
    pyogrio.write_dataframe(frame(), path, layer="other", append=True)
    report = look(path.read_bytes(), "front.gpkg")
    assert rules(report) == {"layers-several"}
    answer = found(report, "layers-several").offer.choices[1].defaults
    assert look(path.read_bytes(), "front.gpkg", defaults=answer).claims == 3
    unknown = look(path.read_bytes(), "front.gpkg", defaults={"layer": "none"})
    assert rules(unknown) == {"layer-unknown"}


def test_of_several_files_in_an_archive_one_is_chosen(tmp_path):
    data = packed(written(tmp_path, "a.geojson"), written(tmp_path, "b.fgb"))
    report = look(data, "front.zip")
    assert rules(report) == {"archive-several"}
    assert look(data, "front.zip", defaults={"layer": "b.fgb"}).claims == 3


GLOBE = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Front</name>
<Style id="s"><PolyStyle><color>ff0000ff</color></PolyStyle></Style>
<Folder><name>Nord</name>
<Placemark id="p1"><name>Kidal</name><styleUrl>#s</styleUrl>
<TimeSpan><begin>2024-05-01</begin><end>2024-06-01</end></TimeSpan>
<ExtendedData><Data name="actor"><value>FLA</value></Data></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>
1.2,18.2,0 1.6,18.2,0 1.6,18.6,0 1.2,18.6,0 1.2,18.2,0
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder>
<Folder><name>Sud</name>
<Placemark><name>Gao</name><TimeStamp><when>2024-07-01</when></TimeStamp>
<ExtendedData><Data name="actor"><value>FAMa</value></Data></ExtendedData>
<Point><coordinates>-0.04,16.27,250</coordinates></Point></Placemark></Folder>
</Document></kml>"""


def test_placemarks_of_a_globe_are_read_from_all_folders():
    report = look(GLOBE.encode(), "front.kml", mapping={"begin": "valid_from"})
    assert report.features == 2
    assert "start-missing" in rules(report)
    report = look(
        GLOBE.replace("<TimeStamp><when>2024-07-01</when></TimeStamp>",
                      "<TimeSpan><begin>2024-07-01</begin></TimeSpan>").encode(),
        "front.kml",
    )  # fmt: skip
    assert report.layer.actor.tolist() == ["FAMA", "FLA"] or report.claims == 2
    assert {"heights-dropped", "point-disc"} <= rules(report)


SHEET = (
    "Identifiant;Acteur;Début;Fin;Lieu;Source",
    "1;Forces armées maliennes;01/05/2024;15/06/2024;Ségou;Journal « L'Essor »",
    "2;GSIM;20 août 2024;;Léré;Studio Tamani",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_sheet_saved_in_french_is_read_in_every_encoding(encoding):
    report = table(*SHEET, encoding=encoding, defaults={"dates": "dmy", "ends": "inclusive"})
    assert report.claims == 2, [problem.message for problem in report.problems]
    assert report.layer.actor.tolist() == ["FAMA", "JNIM"]
    assert str(report.layer.valid_to[0].date()) == "2024-06-16"
    assert report.layer.area_ref.tolist() == ["place:segou", "place:lere"]
    assert ("encoding-read-as" in rules(report)) == (encoding in {"cp1252", "utf-16"})


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_separator_is_told(separator):
    lines = [("actor", "date", "lieu"), ("JNIM", "2024-05-01", "Kidal")]
    assert table(*(separator.join(line) for line in lines)).claims == 1
    assert table(f"sep={separator}", *(separator.join(line) for line in lines)).claims == 1


def test_a_table_without_geometry_in_parquet_is_a_table_like_any_other(tmp_path):
    told = pd.DataFrame([dict(actor="JNIM", start="2024-05-01", place="Kidal")])
    told.to_parquet(tmp_path / "t.parquet")
    report = look((tmp_path / "t.parquet").read_bytes(), "t.parquet")
    assert report.layer.area_ref.tolist() == ["place:kidal"]


def test_heights_are_dropped_and_that_is_said(tmp_path):
    layer = frame(ground=list(shapely.force_3d(GROUND, 250)))
    for data, name in (
        (written(tmp_path, "front.gpkg", layer).read_bytes(), "front.gpkg"),
        (shapefile(tmp_path, layer), "front.zip"),
    ):
        report = look(data, name)
        assert rules(report) == {"heights-dropped"}
        assert not report.layer.geometry.has_z.any()
        assert accounted(report)


@pytest.mark.parametrize("made", ["GeoPackage", "FlatGeobuf", "GeoParquet", "Shapefile", "KML"])
def test_a_file_cut_in_the_middle_is_refused(tmp_path, made):
    data = MADE[made](tmp_path)
    report = look(data[: len(data) * 6 // 10], f"front.{ENDINGS.get(made, made.lower())}")
    assert report.verdict == "reject"


LATER = date(2027, 1, 1)  # than all that the shipped claims say


@pytest.mark.parametrize("name", ["claims_places_1", "claims_roads", "claims_units"])
def test_our_own_layers_come_back_as_they_are(name):
    shipped = layers.load().claims
    report = look((layers.FOLDER / f"{name}.geojson").read_bytes(), f"{name}.geojson", day=LATER)
    assert report.verdict == "accept", [problem.message for problem in report.problems]
    ours = shipped[shipped["claim_id"].isin(report.layer["claim_id"])].reset_index(drop=True)
    assert report.layer.drop(columns="geometry").equals(ours.drop(columns="geometry"))
    assert report.layer.geometry.geom_equals(ours.geometry).all()


def test_our_own_table_draws_the_same_ground_as_the_build():
    shipped = layers.load().claims
    report = look((layers.FOLDER / "claims.csv").read_bytes(), "claims.csv", day=LATER)
    assert report.verdict == "accept", [problem.message for problem in report.problems]
    assert report.layer["claim_id"].tolist() == shipped["claim_id"].tolist()
    assert report.layer.geometry.geom_equals(shipped.geometry).all()
