"""Whatever the bytes: there is a verdict, every feature is accounted for, nothing is invented."""

import contextlib
import json
import random

import numpy as np
import shapely
from brought import DAY, KIDAL, accounted, collection, feature, look, world
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo import claims
from geo.ingest import LIMITS, gate, wkb
from geo.ingest.examine import examine
from geo.ingest.found import Found, Refusal
from geo.ingest.readers import delimited, geojson

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=20,
)
cells = st.text(st.characters(codec="utf-8"), max_size=20)


def judged(data, filename):
    """A report, or the problem the gate has; nothing else may happen."""
    kind, refused = gate.kind(data, filename, LIMITS)
    if refused is not None:
        return None
    asked = dict(filename=filename, kind=kind, mapping={}, defaults={}, day=DAY.isoformat())
    report = examine(data, asked, world(), LIMITS)
    assert report.verdict in {"accept", "warn", "reject"}
    assert (report.layer is None) == (report.verdict == "reject")
    whole = any(found.blocks and not found.features for found in report.problems)
    assert accounted(report) or whole
    assert all(len(found.message) <= 1_000 for found in report.problems)
    report.to_json()
    if report.layer is not None:
        again = claims.parse(report.layer)
        assert again.drop(columns="geometry").equals(report.layer.drop(columns="geometry"))
        assert report.layer.geometry.is_valid.all()
    return report


@given(
    st.binary(max_size=200), st.sampled_from(["f.json", "f.csv", "f.kml", "f.zip", "f", "f.gpkg"])
)
def test_any_bytes_get_a_verdict(data, name):
    judged(data, name)


@given(anything)
def test_any_json_gets_a_verdict(document):
    judged(json.dumps(document).encode(), "f.json")


@given(st.lists(st.fixed_dictionaries({}, optional={"type": anything, "properties": anything,
       "geometry": anything}), max_size=4))  # fmt: skip
def test_any_features_get_a_verdict(features):
    judged(json.dumps({"type": "FeatureCollection", "features": features}).encode(), "f.json")


@given(
    st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection"]),
    anything,
)
def test_any_coordinates_get_a_verdict(kind, coordinates):
    member = "geometries" if kind == "GeometryCollection" else "coordinates"
    judged(collection(feature({"type": kind, member: coordinates})), "f.json")


FIELDS = ["actor", "status", "valid_from", "valid_to", "confidence", "version", "partners"]
FIELDS += ["claim_id", "source", "note_en", "level", "area_ref"]


@given(st.dictionaries(st.sampled_from(FIELDS), anything))
def test_any_properties_get_a_verdict(said):
    ground = shapely.geometry.mapping(KIDAL)
    told = {"type": "Feature", "properties": said, "geometry": ground}
    judged(collection(told), "f.json")


@given(st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=6),
       st.sampled_from([",", ";", "\t"]))  # fmt: skip
def test_any_table_gets_a_verdict(rows, separator):
    judged("\n".join(separator.join(row) for row in rows).encode(), "f.csv")


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5), st.sampled_from([",", ";", "\t"])
)
def test_cells_written_in_quotes_are_read_as_they_were_written(rows, separator):
    quoted = [
        separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows
    ]
    lines = [separator.join(["a", "b", "c"]), *quoted]
    assume(not any("\0" in line for line in lines))
    try:
        raw = delimited.read("\n".join(lines).encode(), Found(), LIMITS)
    except Refusal:
        return
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    read = list(zip(*raw.columns.values(), strict=True))
    assert [[cell or "" for cell in row] for row in read] == [
        [cell.strip() for cell in row] for row in kept
    ]


@given(arrays.arrays(float, (5, 2), elements=st.floats(-4, 4).map(lambda x: round(x, 3))))
def test_a_valid_polygon_comes_back_as_it_was_drawn(corners):
    drawn = shapely.convex_hull(shapely.MultiPoint(np.add(corners, (0, 17))))
    assume(drawn.geom_type == "Polygon" and drawn.area > 1e-3)
    report = judged(collection(feature(shapely.orient_polygons(drawn))), "f.json")
    assert report.layer.geometry[0].equals(drawn)


@given(st.binary(max_size=120))
def test_any_bytes_are_geometry_or_are_not(data):
    try:
        count = wkb.corners(data, 1_000)
    except (wkb.UnsoundError, wkb.TooDeepError, Refusal):
        return
    assert 0 <= count <= len(data)
    try:
        shapely.from_wkb(data)
    except shapely.errors.ShapelyError:
        return  # sound to walk, and still refused by the library: a ring left open, or too short


SHAPES = [
    shapely.Point(1, 2),
    shapely.LineString([(0, 0), (1, 1), (2, 0)]),
    KIDAL,
    shapely.MultiPolygon([KIDAL, shapely.box(5, 5, 6, 6)]),
    shapely.GeometryCollection([shapely.Point(0, 0), shapely.MultiPoint([(1, 1), (2, 2)])]),
    shapely.force_3d(KIDAL, 7),
    shapely.Polygon(),
]


@given(st.sampled_from(SHAPES), st.sampled_from(["iso", "extended"]), st.booleans())
def test_corners_of_geometry_are_counted_as_the_library_counts_them(shape, flavour, srid):
    shape = shapely.set_srid(shape, 4326 if srid else 0)
    data = shapely.to_wkb(shape, flavor=flavour, include_srid=srid and flavour == "extended")
    assert wkb.corners(data, 1_000) == shapely.get_num_coordinates(shape)


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_file_with_some_bytes_changed_gets_a_verdict(seed, changed):
    rng = random.Random(seed)
    data = bytearray(
        collection(feature(), feature(shapely.Point(1, 17), actor="FAMa", radius_km=3))
    )
    for _ in range(changed):
        data[rng.randrange(len(data))] = rng.randrange(256)
    judged(bytes(data), "f")


@given(anything)
def test_the_reader_of_geojson_raises_nothing_but_refusals(document):
    with contextlib.suppress(Refusal):
        geojson.read(json.dumps(document).encode(), Found(), LIMITS)


def test_look_is_what_validate_does():
    assert look(collection(feature()), "f.json").verdict == "accept"
