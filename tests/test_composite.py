import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from builders import GAO, GAO_REGION, KIDAL, KIDAL_REGION, arbitrary, claim, make, sample_points
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box
from strategies import tables, units

from geo import areas, composite
from geo.errors import CompositeError, GeometryError

ROAD = LineString([(0.0, 16.2), (1.4, 18.4)])
REGIONS = gpd.GeoDataFrame(
    {"region": ["gao", "kidal"]},
    geometry=[GAO_REGION, KIDAL_REGION & box(-1, 17.5, 3, 22)],
    crs=4326,
)


def covering(k, lon, lat):
    """Ids of the claims over a point, by way of its face."""
    face = np.flatnonzero(k.faces.contains(Point(lon, lat)))
    assert len(face) == 1
    return set(k.claims.claim_id[k.incidence[k.incidence[:, 0] == face[0], 1]])


def test_two_claims_that_overlap_make_three_faces():
    k = composite.build(
        make(
            claim("region", "CMA", KIDAL_REGION, "2014-05-21"),
            claim("town", "FAMA", box(2.5, 18, 3.5, 19), "2014-05-21"),
        )
    )
    assert len(k.faces) == 3
    assert covering(k, 1, 18) == {"region"}
    assert covering(k, 2.7, 18.5) == {"region", "town"}
    assert covering(k, 3.2, 18.5) == {"town"}


def test_incidence_names_faces_and_claims_in_order():
    k = composite.build(
        make(
            claim("region", "CMA", KIDAL_REGION, "2014-05-21"),
            claim("town", "FAMA", KIDAL, "2014-05-21"),
        )
    )
    assert k.incidence.dtype == np.int32
    assert k.incidence.tolist() == [[0, 0], [0, 1], [1, 0]]
    assert covering(k, 1.4, 18.4) == {"region", "town"}
    assert k.faces.index.name == "face_id"
    assert list(k.faces.columns) == ["geometry", "unit", "area_km2"]
    assert k.faces.crs == "EPSG:4326"


def test_the_same_ground_claimed_twice_is_one_face():
    k = composite.build(
        make(
            claim("1", "CMA", KIDAL, "2014-05-21"),
            claim("2", "FAMA", KIDAL.reverse(), "2023-11-14"),
        )
    )
    assert len(k.faces) == 1
    assert k.incidence.tolist() == [[0, 0], [0, 1]]


def test_towns_apart_with_the_same_claims_are_one_face():
    towns = shapely.MultiPolygon([KIDAL, GAO])
    k = composite.build(make(claim("1", "MNLA", towns, "2012-04-01")))
    assert len(k.faces) == 1
    assert k.faces.area_km2[0] == pytest.approx(areas.km2(towns)[0])


def test_faces_are_cut_by_units_and_clipped_to_them():
    k = composite.build(make(claim("1", "MNLA", box(0.5, 17, 4, 18), "2012-04-01")), REGIONS)
    assert len(k.faces) == 4
    assert list(k.faces.unit) == [0, 0, 1, 1]
    assert k.units.region[1] == "kidal"
    assert k.faces.area_km2.sum() == pytest.approx(areas.km2(REGIONS.geometry).sum())
    left_out = areas.km2(box(3, 17, 4, 18))[0]
    assert k.report == (
        composite.Repair("1", f"reaches beyond the units: {left_out:.2f} km² left out"),
    )


def test_without_units_ground_that_nobody_claims_is_no_face():
    ring = KIDAL_REGION - KIDAL
    west, east = ring & box(0, 17, 1.4, 22), ring & box(1.4, 17, 3, 22)
    k = composite.build(
        make(claim("1", "CMA", west, "2014-05-21"), claim("2", "GATIA", east, "2014-05-21"))
    )
    assert not k.faces.contains(KIDAL.centroid).any()
    assert (k.faces.unit == composite.NO_UNIT).all()
    assert len(k.units) == 0


def test_without_claims_the_units_are_the_faces():
    k = composite.build(arbitrary(1).iloc[:0], REGIONS)
    assert list(k.faces.unit) == [0, 1]
    assert k.incidence.shape == (0, 2)


def test_without_claims_and_units_there_is_nothing():
    k = composite.build(arbitrary(1).iloc[:0])
    assert len(k.faces) == 0
    assert list(k.faces.columns) == ["geometry", "unit", "area_km2"]


def test_a_blockaded_road_stays_a_claim_and_cuts_nothing():
    k = composite.build(
        make(
            claim("road", "JNIM", ROAD, "2025-09-03", status="blockade"),
            claim("town", "FAMA", GAO, "2013-01-26"),
        )
    )
    assert list(k.claims.claim_id) == ["road", "town"]
    assert k.incidence.tolist() == [[0, 1]]
    assert k.report == ()


def test_a_road_held_is_reported_as_covering_no_ground():
    k = composite.build(make(claim("road", "JNIM", ROAD, "2025-09-03")))
    assert k.report == (composite.Repair("road", "is no polygon and covers no ground: ignored"),)


def test_what_was_repaired_or_ignored_is_reported_by_claim():
    k = composite.build(
        make(
            claim("abroad", "JNIM", box(-8, 40, -7, 41), "2025-09-03"),
            claim("bow", "JNIM", Polygon([(0, 18), (1, 19), (1, 18), (0, 19)]), "2025-09-03"),
            claim("dot", "JNIM", box(1, 18, 1 + 1e-7, 18 + 1e-7), "2025-09-03"),
            claim("none", "JNIM", None, "2025-09-03"),
        ),
        REGIONS,
    )
    assert [(r.claim_id, r.what) for r in k.report] == [
        ("abroad", "lies outside the units: ignored"),
        ("bow", "has outlines that cross or overlap: made valid"),
        ("dot", "is too small: ignored"),
        ("none", "has no geometry: ignored"),
    ]


def test_ground_off_the_earth_is_refused_with_its_claim():
    with pytest.raises(GeometryError, match=r"Claim 'C001': a vertex lies at longitude 200"):
        composite.build(make(claim("C001", "CMA", box(199, 18, 200, 19), "2014-05-21")))


def test_units_that_overlap_are_refused_with_the_place():
    both = gpd.GeoDataFrame(geometry=[GAO_REGION, box(-1, 17, 3, 18)], crs=4326)
    with pytest.raises(GeometryError, match=r"Two units overlap at longitude 1\.0000, latitude 17"):
        composite.build(arbitrary(1).iloc[:0], both)


def test_units_that_need_repair_are_refused():
    bow = gpd.GeoDataFrame(geometry=[Polygon([(0, 16), (1, 17), (1, 16), (0, 17)])], crs=4326)
    with pytest.raises(GeometryError, match=r"Unit 0 has outlines that cross .* borders must not"):
        composite.build(arbitrary(1).iloc[:0], bow)


def test_units_without_crs_are_refused():
    with pytest.raises(GeometryError, match=r"The units have no CRS"):
        composite.build(arbitrary(1).iloc[:0], gpd.GeoDataFrame(geometry=[GAO]))


def test_units_may_have_another_crs_index_and_geometry_column():
    moved = REGIONS.set_index(pd.Index(["g", "k"])).to_crs("EPSG:3857").rename_geometry("shape")
    k = composite.build(make(claim("1", "CMA", KIDAL, "2014-05-21")), moved)
    assert list(k.units.index) == [0, 1]
    assert list(k.faces.unit) == [0, 1, 1]


def test_numbers_are_equal_only_for_equal_lists():
    lists = [(1, 2), (), (1,), (1, 2), (2, 1), (1, 2, 3), (), (2,), (1,)]
    group = np.repeat(np.arange(len(lists)), [len(x) for x in lists])
    number = composite.number_lists(group, np.array([m for x in lists for m in x]), len(lists))
    for i, a in enumerate(lists):
        for j, b in enumerate(lists):
            assert (number[i] == number[j]) == (a == b)


# Conservation: what must never go unnoticed.


def revised_fronts():
    """300 maps of advancing fronts, and each again with every vertex about a centimetre off."""
    rng = np.random.default_rng(0)

    def blob(centre, radius, n):
        angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
        r = radius * rng.uniform(0.7, 1.3, n)
        return Polygon(centre + np.column_stack([r * np.cos(angle), r * np.sin(angle)]))

    maps = []
    for _ in range(30):
        front = blob(rng.uniform((-6, 13), (0, 18)), 0.5, 40)
        for _ in range(10):
            maps.append(front)
            raid = blob(rng.choice(shapely.get_coordinates(front)), 0.15, 12)
            moved = front | raid if rng.random() < 0.5 else front - raid
            front = max(shapely.get_parts(moved), key=shapely.area)
    vertices, place = np.unique(shapely.get_coordinates(maps), axis=0, return_inverse=True)
    redrawn = (vertices + rng.normal(0, 1e-7, vertices.shape))[place.ravel()]
    copies = shapely.set_coordinates(np.array(maps, dtype=object), redrawn)
    return make(
        *(claim(f"{i:03d}", "JNIM", g, "2015-01-05") for i, g in enumerate([*maps, *copies]))
    )


def test_copies_a_centimetre_off_lose_no_ground():
    claims = revised_fronts()
    k = composite.build(claims)
    ground, _ = areas.polygons(claims.geometry, claims.claim_id)
    face, covering_claim = k.incidence.T
    kept = areas.sum_by(covering_claim, k.faces.area_km2.to_numpy()[face], len(claims))
    assert np.abs(kept - areas.km2(ground)).max() < 0.02


def test_ground_lost_by_noding_without_a_grid_does_not_go_unnoticed(monkeypatch):
    def carelessly(outlines):
        edges = shapely.unary_union(shapely.boundary(outlines))
        return shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))

    monkeypatch.setattr(composite, "_cut", carelessly)
    with pytest.raises(CompositeError, match=r"[1-9]\d+\.\d+ km² of '\d+' were lost or doubled"):
        composite.build(revised_fronts())


def test_a_neck_thinner_than_the_grid_is_folded_and_no_fault():
    neck = box(0.1, 16.2, 1.2, 16.2 + 3e-7)
    east = box(1.2, 16, 1.6, 16.5)
    k = composite.build(make(claim("1", "MNLA", GAO | neck | east, "2012-04-01")))
    assert k.faces.area_km2.sum() == pytest.approx(areas.km2([GAO, east]).sum(), abs=0.1)


def test_a_face_dropped_does_not_go_unnoticed(monkeypatch):
    cut = composite._cut
    monkeypatch.setattr(composite, "_cut", lambda outlines: cut(outlines)[1:])
    with pytest.raises(CompositeError, match=r"km² of '\w+' were lost or doubled"):
        composite.build(arbitrary(1))


def test_a_face_doubled_does_not_go_unnoticed():
    pieces = shapely.get_parts(composite.build(arbitrary(1)).faces.geometry.to_numpy())
    composite._check_disjoint(pieces)
    with pytest.raises(CompositeError, match=r"Faces overlap along \d+ borders"):
        composite._check_disjoint(pieces[[0, 0, 1]])


def test_an_area_that_is_not_that_of_the_ground_does_not_go_unnoticed():
    wrong = composite.build(arbitrary(1)).faces
    wrong["area_km2"] *= 1.001
    with pytest.raises(CompositeError, match=r"The faces have .* km², the ground they cover"):
        composite._check_total(wrong)


def test_a_face_is_not_labelled_in_a_spike_that_snapping_may_have_moved():
    # A field of 10 km² with a spike 20 km long: half-way up, it is one step of the grid wide.
    spiked = shapely.from_wkt(
        "POLYGON ((-0.096926 12.756893, -0.150962 12.759215, -0.145801 12.555282, "
        "-0.151763 12.790838, -0.096926 12.756893))"
    )
    assert shapely.dwithin(shapely.point_on_surface(spiked), spiked.boundary, 2 * areas.GRID)
    point = composite._well_inside(np.array([KIDAL, spiked]))[1]
    assert spiked.contains(point)
    assert point.distance(spiked.boundary) > 0.005


# Properties: true of any claims.


@given(tables())
def test_faces_are_a_coverage_of_all_units(claims):
    country = units()
    k = composite.build(claims, country)
    assert shapely.coverage_is_valid(k.faces.geometry.to_numpy())
    union = shapely.union_all(k.faces.geometry.to_numpy())
    lost = union.symmetric_difference(shapely.union_all(country.geometry.to_numpy()))
    outlines = shapely.length(claims.geometry).sum() + shapely.length(country.geometry).sum()
    assert lost.area <= 2 * areas.GRID * outlines
    assert k.faces.area_km2.sum() == pytest.approx(areas.km2(union)[0], rel=1e-9)


@given(tables())
def test_without_units_faces_are_the_claimed_ground(claims):
    k = composite.build(claims)
    ground, _ = areas.polygons(claims.geometry, claims.claim_id)
    lost = shapely.union_all(ground).symmetric_difference(
        shapely.union_all(k.faces.geometry.to_numpy())
    )
    assert lost.area <= 2 * areas.GRID * shapely.length(ground).sum()


@given(tables(), st.booleans())
def test_every_point_is_in_one_face_covered_by_the_claims_that_contain_it(claims, bounded):
    k = composite.build(claims, units() if bounded else None)
    ground, _ = areas.polygons(claims.geometry, claims.claim_id)
    borders = shapely.union_all(shapely.boundary(ground))
    points = sample_points(k.faces, 1, 40) if len(k.faces) else np.empty(0, dtype=object)
    for point in points[~shapely.dwithin(points, borders, 1e-5)]:
        faces = np.flatnonzero(shapely.contains(k.faces.geometry.to_numpy(), point))
        expected = np.flatnonzero(shapely.contains(ground, point))
        within = k.units.contains(point).any() if bounded else len(expected) > 0
        assert len(faces) == within
        if within:
            claim = k.incidence[k.incidence[:, 0] == faces[0], 1]
            assert claim.tolist() == expected.tolist()


@given(tables())
def test_no_two_faces_have_the_same_unit_and_the_same_claims(claims):
    k = composite.build(claims, units())
    owners = [
        (unit, *k.incidence[k.incidence[:, 0] == face, 1]) for face, unit in k.faces.unit.items()
    ]
    assert len(set(owners)) == len(owners)


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_claims_does_not_matter(claims, random):
    order = random.sample(range(len(claims)), len(claims))
    a = composite.build(claims, units())
    b = composite.build(claims.iloc[order], units())
    assert_geodataframe_equal(a.faces, b.faces)
    # As bytes: ground whose outline crosses itself is not even equal to itself.
    pd.testing.assert_frame_equal(a.claims.to_wkb(), b.claims.to_wkb())
    assert a.incidence.tolist() == b.incidence.tolist()
    assert a.report == b.report


@given(tables(), st.randoms(use_true_random=False))
def test_the_names_of_the_claims_do_not_matter_to_the_faces(claims, random):
    ids = claims.claim_id.tolist()
    renamed = claims.assign(claim_id=random.sample(ids, len(ids)))
    a, b = composite.build(claims, units()), composite.build(renamed, units())
    assert_geodataframe_equal(a.faces, b.faces)


def test_what_is_shared_cannot_be_changed(any_claims):
    k = composite.build(any_claims)
    with pytest.raises(ValueError, match="read-only"):
        k.incidence[0, 0] = 1
    with pytest.raises(AttributeError):
        k.faces = k.faces.iloc[:0]


def test_claims_and_units_are_not_changed(any_claims):
    country = units()
    before = any_claims.copy(), country.copy()
    composite.build(any_claims, country)
    assert_geodataframe_equal(any_claims, before[0])
    assert_geodataframe_equal(country, before[1])
