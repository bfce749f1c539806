import numpy as np
import pytest
import shapely
from builders import GAO, KIDAL, KIDAL_REGION
from hypothesis import given
from pyproj import Geod
from shapely import LineString, MultiPolygon, Point, Polygon, box
from strategies import stars

from geo import areas
from geo.errors import GeometryError

MALI = box(-12, 10, 5, 25)  # and some of its neighbours

BOW_TIE = Polygon([(0, 16), (1, 17), (1, 16), (0, 17)])


def test_area_is_that_of_the_ellipsoid():
    densified = shapely.segmentize(MALI, 0.01)  # geodesics between points this near are straight
    geodesic = Geod(ellps="WGS84").geometry_area_perimeter(densified)[0] / 1e6
    assert areas.km2(MALI) == pytest.approx(geodesic, rel=1e-8)


def test_area_of_the_whole_earth_is_that_of_wgs_84():
    world = box(-180, -90, 180, 90)
    assert areas.km2(shapely.segmentize(world, 1)) == pytest.approx(510_065_621.7, rel=1e-9)


def test_ground_cut_in_two_has_the_area_of_its_halves():
    cut = LineString([(-13, 11.3), (-4, 19.777), (6, 24)])
    halves = shapely.get_parts(shapely.ops.split(MALI, cut))
    assert areas.km2(halves).sum() == pytest.approx(areas.km2(MALI)[0], rel=1e-13)


@given(stars())
def test_new_vertices_on_an_edge_do_not_change_the_area(star):
    denser = shapely.segmentize(star, 0.07)
    assert areas.km2(denser) == pytest.approx(areas.km2(star), rel=1e-8)


def test_holes_are_left_out_and_parts_added():
    ring = KIDAL_REGION - KIDAL
    both = MultiPolygon([ring, GAO])
    expected = areas.km2(KIDAL_REGION) - areas.km2(KIDAL) + areas.km2(GAO)
    assert areas.km2(both) == pytest.approx(expected, rel=1e-12)


def test_direction_of_the_outline_does_not_matter():
    assert areas.km2(KIDAL.reverse()) == pytest.approx(areas.km2(KIDAL), rel=1e-12)


def test_what_is_no_polygon_has_no_area():
    nothing = [Polygon(), None, Point(0, 16), LineString([(0, 16), (1, 17)])]
    assert list(areas.km2(nothing)) == [0, 0, 0, 0]
    assert areas.km2([]).shape == (0,)


def test_sums_are_zero_for_groups_without_rows():
    sums = areas.sum_by(np.array([2, 0, 2]), np.array([1.0, 2.0, 4.0]), 4)
    assert list(sums) == [2, 0, 5, 0]


@pytest.mark.parametrize(
    ("drawn", "what"),
    [
        (None, ["has no geometry: ignored"]),
        (Polygon(), ["has no area: ignored"]),
        (
            Polygon([(0, 16), (1, 17), (0, 16)]),
            ["has outlines that cross or overlap: made valid", "has no area: ignored"],
        ),
        (Point(0, 16), ["is no polygon and covers no ground: ignored"]),
        (LineString([(0, 16), (1, 17)]), ["is no polygon and covers no ground: ignored"]),
    ],
)
def test_what_covers_no_ground_is_ignored_and_reported(drawn, what):
    ground, repairs = areas.polygons([GAO, drawn], ["Claim 'a'", "Claim 'b'"])
    assert ground[0].equals(GAO)
    assert ground[1].is_empty
    assert repairs == tuple((1, one) for one in what)


def test_a_bow_tie_is_two_triangles():
    ground, repairs = areas.polygons([BOW_TIE], ["Claim 'a'"])
    assert ground[0].area == pytest.approx(0.5)
    assert repairs == ((0, "has outlines that cross or overlap: made valid"),)


def test_parts_that_overlap_are_one_ground():
    ground, _ = areas.polygons([MultiPolygon([KIDAL_REGION, KIDAL])], ["Claim 'a'"])
    assert ground[0].equals(KIDAL_REGION)


def test_heights_are_dropped():
    ground, repairs = areas.polygons([shapely.force_3d(GAO, 250)], ["Claim 'a'"])
    assert not ground[0].has_z
    assert repairs == ((0, "has heights: dropped"),)


def test_of_mixed_geometries_the_polygons_are_used():
    inner = shapely.GeometryCollection([Point(0, 16), MultiPolygon([KIDAL])])
    mixed = shapely.GeometryCollection([GAO, inner, LineString([(0, 16), (1, 17)])])
    ground, repairs = areas.polygons([mixed], ["Claim 'a'"])
    assert ground[0].equals(MultiPolygon([GAO, KIDAL]))
    assert repairs == ((0, "mixes geometries: only its polygons are used"),)


@pytest.mark.parametrize("lon", ["nan", "inf", "181"])
def test_a_vertex_off_the_earth_is_refused_with_the_name_of_its_claim(lon):
    with np.errstate(invalid="ignore"):  # reading it warns before it can be refused
        drawn = shapely.from_wkt(f"POLYGON ((0 16, {lon} 17, 1 16, 0 16))")
    with pytest.raises(GeometryError, match=r"Claim 'b': a vertex lies at longitude .* EPSG:4326"):
        areas.polygons([GAO, drawn], ["Claim 'a'", "Claim 'b'"])


def test_an_edge_across_half_the_globe_is_refused():
    drawn = MultiPolygon([GAO, Polygon([(179, 16), (-179, 16), (-179, 17), (179, 17)])])
    with pytest.raises(GeometryError, match=r"Claim 'b': an edge spans .* 180th meridian"):
        areas.polygons([GAO, drawn], ["Claim 'a'", "Claim 'b'"])


def test_what_is_cleaned_is_not_changed_itself():
    drawn = np.array([BOW_TIE, None], dtype=object)
    areas.polygons(drawn, ["Claim 'a'", "Claim 'b'"])
    assert list(drawn) == [BOW_TIE, None]
