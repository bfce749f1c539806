from datetime import date

import numpy as np
import pyproj
import pytest
import shapely
import small

from geo import areas, ground
from geo.errors import AreaRefError, LayerError
from geo.ground import AreaRef

EARTH = pyproj.Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def world():
    return small.world()


@pytest.mark.parametrize(
    ("ref", "area"),
    [
        ("place:kidal", AreaRef("place", "kidal")),
        ("place:nioro-du-sahel@2.5km", AreaRef("place", "nioro-du-sahel", km=2.5)),
        ("commune:61693064B1-n", AreaRef("commune", "61693064B1-n")),
        ("cercle:gourma-rharous", AreaRef("cercle", "gourma-rharous")),
        ("region:menaka", AreaRef("region", "menaka")),
        ("region:tombouctou@2012", AreaRef("region", "tombouctou", edition="2012")),
        ("road:bamako-kayes/2", AreaRef("road", "bamako-kayes", segment=2)),
        ("country", AreaRef("country")),
        ("drawn", AreaRef("drawn")),
        ("", AreaRef("drawn")),
    ],
)
def test_a_name_for_ground_is_taken_apart(ref, area):
    assert ground.parse(ref) == area


@pytest.mark.parametrize(
    "ref",
    [
        "kidal",
        "place:",
        "place:Kidal",
        "place:kidal@12",
        "place:kidal@-1km",
        "place:kidal@1e9km",
        "place:kidal\n",
        "region:gao@12",
        "road:bamako-kayes",
        "road:bamako-kayes/0",
        "country:mali",
        "town:kidal",
    ],
)
def test_what_is_no_name_for_ground_is_refused_with_examples(ref):
    with pytest.raises(AreaRefError, match=r"is not a name for ground. Write one like place:"):
        ground.parse(ref)


def test_a_disc_has_a_radius():
    with pytest.raises(AreaRefError, match=r"'place:kidal@0km' is a disc without ground"):
        ground.parse("place:kidal@0km")


@pytest.mark.parametrize(
    ("ref", "level"),
    [
        ("place:kidal@12km", "place"),
        ("road:gao-kidal/1", "place"),
        ("commune:G1", "commune"),
        ("cercle:gao", "cercle"),
        ("region:gao", "region"),
        ("country", "country"),
        ("drawn", "country"),
    ],
)
def test_how_local_a_claim_is_follows_from_how_its_ground_is_named(ref, level):
    assert ground.level(ref) == level


def test_a_town_is_a_disc_of_its_own_radius_on_the_ellipsoid(world):
    ring = np.array(ground.geometry("place:gao", world).exterior.coords)
    lon, lat = np.full(len(ring), -0.05), np.full(len(ring), 16.27)
    _, _, metres = EARTH.inv(lon, lat, ring[:, 0], ring[:, 1])
    assert metres == pytest.approx(12_000, abs=10)  # four decimals are 11 m
    assert len(ring) == ground.DISC_VERTICES + 1


def test_a_radius_written_with_the_place_wins_over_the_table(world):
    wide = ground.geometry("place:kidal@20km", world)
    assert wide.area == pytest.approx(ground.geometry("place:kidal", world).area * 6.25, rel=0.01)


def test_a_disc_runs_anticlockwise_and_has_four_decimals(world):
    disc = ground.geometry("place:kidal", world)
    assert disc.exterior.is_ccw
    points = shapely.get_coordinates(disc)
    assert (points == points.round(4)).all()


def test_a_disc_ends_at_the_border_of_the_country(world):
    disc = ground.geometry("place:taoudenit", world)  # 2 km from the border, radius 8
    assert disc.bounds[0] == -4.0
    assert disc.is_valid
    assert world.outline.covers(disc)
    assert disc.exterior.is_ccw


def test_where_a_disc_meets_a_slanting_border_no_sliver_is_left():
    slope = shapely.Polygon([(-1, 14), (1, 14), (1, 15.3337), (-1, 14.7171)])
    disc = ground.disc(0, 15, 8, slope)
    met = shapely.get_coordinates(disc)[
        shapely.distance(shapely.points(disc.exterior.coords), slope.exterior) < 1e-5
    ]
    assert len(met) > 0
    assert shapely.area(disc - slope) < 1e-8
    assert shapely.distance(shapely.points(met), slope.exterior).max() < areas.GRID


def test_a_clipped_disc_can_still_be_cut_finer_than_its_own_decimals(world):
    disc = ground.geometry("place:taoudenit", world)
    assert shapely.get_precision(disc) == 0


def test_a_disc_on_both_banks_of_a_bay_keeps_both_parts():
    two_banks = shapely.union_all([shapely.box(-1, 14, -0.02, 16), shapely.box(0.02, 14, 1, 16)])
    disc = ground.disc(0, 15, 8, two_banks)
    assert disc.geom_type == "MultiPolygon"
    assert disc.is_valid


def test_a_commune_is_its_shape_and_one_cut_in_two_is_both_parts(world):
    assert ground.geometry("commune:G1", world).equals(shapely.box(-2, 16, 0, 18))
    assert ground.geometry("commune:T2", world).equals(shapely.box(-4, 18, -2, 22))
    assert ground.geometry("commune:T2-n", world).equals(shapely.box(-4, 18.75, -2, 22))


def test_a_cercle_and_the_country_are_their_shapes(world):
    assert ground.geometry("cercle:menaka", world).equals(shapely.box(0, 16, 2, 18))
    assert ground.geometry("country", world).equals(shapely.box(-4, 16, 2, 22))


def test_a_region_is_the_one_of_the_edition_in_force_on_the_day(world):
    before = ground.geometry("region:gao", world, day=date(2014, 5, 21))
    after = ground.geometry("region:gao", world, day=date(2017, 1, 1))
    assert before.equals(shapely.box(-2, 16, 2, 18))
    assert after.equals(shapely.box(-2, 16, 0, 18))


def test_an_edition_written_with_a_region_wins_over_the_day(world):
    shape = ground.geometry("region:gao@2012", world, day=date(2024, 1, 1))
    assert shape.equals(shapely.box(-2, 16, 2, 18))


def test_a_region_without_an_edition_or_a_day_is_the_newest(world):
    assert ground.geometry("region:gao", world).equals(shapely.box(-2, 16, 0, 18))


def test_a_road_is_a_line_through_its_towns(world):
    shape = ground.geometry("road:gao-kidal/2", world)
    assert shape.equals(shapely.LineString([(0.6, 18.05), (1.41, 18.44)]))


def test_drawn_ground_has_no_shape_of_its_own(world):
    with pytest.raises(AreaRefError, match=r"Give the claim a geometry"):
        ground.geometry("drawn", world)


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("place:kidalll", r"'place:kidalll' names ground .*places.csv .* mean place:kidal\?"),
        ("place:zzyzx", r"Look it up in layers/places.csv"),
        ("commune:menaka", r"Did you mean commune:M1\?"),
        ("commune:T9", r"'commune:T9' names ground that layers/units.csv does not have"),
        ("cercle:goa", r"Did you mean cercle:gao\?"),
        ("region:kydal", r"'region:kydal' names .* Did you mean region:kidal\?"),
        ("region:menaka@2012", r"mean region:menaka@2016, region:menaka@2023\?"),
        ("road:gao-kidal/3", r"Did you mean road:gao-kidal/"),
    ],
)
def test_unknown_ground_is_refused_with_the_nearest_names(world, ref, said):
    with pytest.raises(AreaRefError, match=said):
        ground.geometry(ref, world)


def test_a_region_that_was_not_there_yet_is_refused_with_the_edition_to_write(world):
    with pytest.raises(AreaRefError, match=r"'region:menaka@2012' .* mean region:menaka@2016"):
        ground.geometry("region:menaka", world, day=date(2014, 1, 1))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("segment", "one", r"roads.csv, line 2: segment is 'one'. Number the segments"),
        ("segment", "2", r"line 3: segment is '2'. It stands twice"),
        ("road", "Gao Kidal", r"road is 'Gao Kidal'. A key is"),
        ("from_place", "goa", r"from_place names 'goa', which places.csv does not have"),
        ("via", "kidal tessalit", r"via names 'tessalit', which places.csv does not have"),
        ("via", "gao", r"line 2: a place stands twice in gao gao anefis"),
    ],
)
def test_a_road_that_cannot_be_drawn_is_refused(column, value, said):
    table = small.table("roads.csv", ground.ROAD_COLUMNS)
    table.loc[2, column] = value
    with pytest.raises(LayerError, match=said):
        ground.parse_roads(table, small.towns())


def test_a_road_passes_the_places_between_in_order():
    table = small.table("roads.csv", ground.ROAD_COLUMNS).loc[[2]]
    table.loc[2, ["via", "to_place"]] = ["anefis", "kidal"]
    (shape,) = ground.parse_roads(table, small.towns()).geometry
    assert list(shape.coords) == [(-0.05, 16.27), (0.6, 18.05), (1.41, 18.44)]


def test_a_cercle_can_be_named_as_far_as_it_lies_in_one_region_of_today():
    assert ground.parse("cercle:goundam@tombouctou").region == "tombouctou"
    assert ground.level("cercle:goundam@tombouctou") == "cercle"
