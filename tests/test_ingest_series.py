"""Files of one day each become claims that last."""

import io
import zipfile
from datetime import date

import asked
import brought
import geopandas as gpd
import pytest
import shapely
from brought import DAY, GAO, KIDAL, MOPTI, collection, feature

from geo import ingest, layers
from geo.ingest import series

MOVED = shapely.box(1.2, 18.2, 1.7, 18.7)


def name(day):
    return f"front_2024-05-{day:02d}.geojson"


def packed(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return made.getvalue()


def validate(files, **options):
    return ingest.validate(packed(files), "fronts.zip", day=DAY, **options)


def snapshot(*ground, **said):
    """A file without days of its own."""
    return collection(*(brought.feature(one, valid_from=None, **said) for one in ground))


def spans(report):
    told = report.layer.sort_values(["valid_from", "actor", "valid_to"])
    return [
        (row.actor, row.valid_from.day, row.valid_to.day if row.valid_to == row.valid_to else None)
        for row in told.itertuples()
    ]


def test_equal_ground_on_following_days_is_one_claim():
    turned = shapely.Polygon([*KIDAL.exterior.coords[1:], KIDAL.exterior.coords[1]])
    files = {name(1): snapshot(KIDAL), name(2): snapshot(turned), name(3): snapshot(MOVED)}
    report = validate(files)
    assert report.verdict == "accept", [problem.message for problem in report.problems]
    assert spans(report) == [("JNIM", 1, 3), ("JNIM", 3, None)]
    first = report.layer.sort_values("valid_from").iloc[0]
    assert first.geometry.equals(KIDAL)
    assert (str(first.reported_on.date()), str(first.last_confirmed.date())) == (
        "2024-05-01",
        "2024-05-02",
    )


def test_ground_that_comes_back_is_a_claim_of_its_own():
    files = {name(1): snapshot(KIDAL, GAO), name(2): snapshot(GAO), name(3): snapshot(KIDAL, GAO)}
    assert spans(validate(files)) == [("JNIM", 1, 2), ("JNIM", 1, None), ("JNIM", 3, None)]


def test_ground_that_changes_hands_is_two_claims():
    report = validate({name(1): snapshot(KIDAL), name(2): snapshot(KIDAL, actor="FLA")})
    assert spans(report) == [("JNIM", 1, 2), ("FLA", 2, None)]


def test_days_without_a_file_are_asked_about_and_nothing_is_filled_in():
    files = {name(day): snapshot(KIDAL) for day in (1, 2, 5, 6)}
    report = validate(files)
    assert report.verdict == "warn"
    assert spans(report) == [("JNIM", 1, 3), ("JNIM", 5, None)]
    problem = brought.found(report, "series-gaps")
    assert [choice.defaults for choice in problem.offer.choices] == [
        {"gaps": "end"},
        {"gaps": "hold"},
    ]
    held = validate(files, defaults={"gaps": "hold"})
    assert (held.verdict, spans(held)) == ("accept", [("JNIM", 1, None)])


def test_the_sources_of_all_days_are_the_sources_of_the_claim():
    report = validate(
        {name(1): snapshot(KIDAL, source="AFP 1"), name(2): snapshot(KIDAL, source="AFP 2")}
    )
    assert [report.sources[key] for key in report.layer.sources[0]] == ["AFP 1", "AFP 2"]


def test_a_fault_is_told_with_the_file_it_is_in():
    files = {name(1): snapshot(KIDAL), name(2): snapshot(KIDAL, actor="")}
    report = validate(files)
    assert report.verdict == "reject"
    assert report.problems[0].message == f"{name(2)}: Feature 1: No actor is named."
    again = ingest.Report.from_json(report.to_json())
    assert again.problems[0].message == report.problems[0].message
    several = validate({name(day): snapshot(KIDAL, actor="") for day in (1, 2, 3)})
    assert several.problems[0].message.startswith(f"{name(1)} and 2 more files: ")


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (("a_2024-05-01.geojson", "b_20240501.geojson"), "series-twice"),
        (("front_01-02-2024.geojson", "front_2024-05-01.geojson"), "series-day"),
        (("2024-05-01_2024-05-02.geojson", "front_2024-05-01.geojson"), "series-day"),
    ],
)
def test_files_whose_day_cannot_be_told_are_refused(names, rule):
    report = validate(dict.fromkeys(names, snapshot(KIDAL)))
    assert (report.verdict, report.problems[0].rule) == ("reject", rule)


@pytest.mark.parametrize(
    ("file", "order", "day"),
    [
        ("front_2024-05-01.geojson", "", date(2024, 5, 1)),
        ("x/y/20240501-v2.kml", "", date(2024, 5, 1)),
        ("2024_05_01.gpkg", "", date(2024, 5, 1)),
        ("lignes 31.05.2024.fgb", "", date(2024, 5, 31)),
        ("01-02-2024.csv", "", None),
        ("01-02-2024.csv", "dmy", date(2024, 2, 1)),
        ("01-02-2024.csv", "mdy", date(2024, 1, 2)),
        ("front_2024-13-01.csv", "", None),
        ("120240501.csv", "", None),
        ("front.csv", "", None),
    ],
)
def test_the_day_is_told_by_the_name(file, order, day):
    assert series.day_of(file, order) == day


def test_an_archive_of_files_without_days_is_no_series():
    assert brought.rules(validate({"a.geojson": snapshot(KIDAL), "b.geojson": snapshot(GAO)})) == {
        "archive-several"
    }


def test_ten_days_with_progress():
    done = []
    files = {name(day): snapshot(KIDAL if day < 6 else MOPTI) for day in range(1, 11)}
    report = validate(files, progress=lambda at, of: done.append((at, of)))
    assert done == [(at, 10) for at in range(1, 11)]
    assert (report.features, report.claims) == (10, 2)


def test_shapefiles_of_days_are_a_series(tmp_path):
    for day in (1, 2):
        rows = [dict(actor="JNIM", source="RFI")]
        made = gpd.GeoDataFrame(rows, geometry=[KIDAL], crs=4326)
        made.to_file(tmp_path / f"front_2024-05-0{day}.shp")
    report = validate({path.name: path.read_bytes() for path in tmp_path.iterdir()})
    assert (report.verdict, spans(report)) == ("accept", [("JNIM", 1, None)])


def test_a_folder_is_a_series_for_the_command(tmp_path, capsys):
    for day in (1, 2):
        (tmp_path / name(day)).write_bytes(snapshot(KIDAL))
    answer = asked.run(capsys, layers.FOLDER, "check", tmp_path, "--json")
    assert (answer.code, answer.json["claims"]) == (0, 1)


def test_what_a_snapshot_says_of_itself_is_what_a_single_file_would():
    one = ingest.validate(collection(feature(KIDAL)), "front.geojson", day=DAY).layer.iloc[0]
    many = validate({name(1): snapshot(KIDAL), name(2): snapshot(KIDAL)}).layer.iloc[0]
    for column in ("actor", "status", "confidence", "level", "area_ref", "sources"):
        assert one[column] == many[column]
