from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import small

from geo import boundaries
from geo.boundaries import EDITIONS
from geo.errors import LayerError

OF_2012, OF_2016, OF_2023 = EDITIONS


def regions(edition):
    return boundaries.regions(small.units(), small.names(), edition)


def borders(edition):
    lines = boundaries.boundary_lines(small.units(), edition)
    return lines.set_index(["region_a", "region_b"]).sort_index()


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2012, 1, 1), OF_2012),
        (date(2016, 1, 18), OF_2012),
        (date(2016, 1, 19), OF_2016),
        (date(2023, 3, 12), OF_2016),
        (date(2023, 3, 13), OF_2023),
        (date(2026, 7, 14), OF_2023),
    ],
)
def test_every_day_has_its_edition_of_the_regions(day, edition):
    assert boundaries.edition_on(day) is edition


def test_editions_follow_each_other_without_a_gap():
    assert [edition.valid_from for edition in EDITIONS[1:]] == [
        edition.valid_to for edition in EDITIONS[:-1]
    ]


def test_an_edition_is_known_by_its_name():
    assert boundaries.edition("2016") is OF_2016
    with pytest.raises(LayerError, match=r"called '2020'. Use one of: 2012, 2016, 2023"):
        boundaries.edition("2020")


def test_a_cercle_is_one_unit_unless_an_edition_cuts_it():
    assert small.units()["unit"].tolist() == [
        "gao",
        "kidal",
        "menaka",
        "tombouctou-taoudenit",
        "tombouctou-tombouctou",
    ]


def test_units_are_a_coverage_and_together_the_country():
    units = small.units()
    assert shapely.coverage_is_valid(units.geometry.to_numpy())
    assert boundaries.outline(units).equals(shapely.box(-4, 16, 2, 22))


def test_a_unit_carries_the_caveats_of_its_communes_once():
    caveats = small.units().set_index("unit")["caveat_en"]
    assert caveats["tombouctou-taoudenit"] == "The line at 18.75 N is approximate."
    assert caveats["gao"] == ""


def test_units_do_not_depend_on_the_order_of_the_communes():
    backwards = boundaries.units(
        boundaries.communes(small.shapes()[::-1], small.membership()[::-1])
    )
    assert backwards.equals(small.units())
    assert backwards.geometry.to_wkb().equals(small.units().geometry.to_wkb())


def test_a_cercle_is_whole_again_though_a_region_cuts_it():
    cercles = boundaries.cercles(small.units(), small.names())
    assert cercles.geometry["tombouctou"].equals(shapely.box(-4, 16, -2, 22))


def test_menaka_and_taoudenit_are_regions_from_2016_on():
    assert regions(OF_2012).index.tolist() == ["gao", "kidal", "tombouctou"]
    assert regions(OF_2016).index.tolist() == ["gao", "kidal", "menaka", "taoudenit", "tombouctou"]


def test_a_region_has_its_french_name_and_its_code_as_text():
    tombouctou = regions(OF_2012).loc["tombouctou"]
    assert tombouctou["name_fr"] == "Tombouctou"
    assert tombouctou["name_en"] == "Timbuktu"
    assert tombouctou["pcode"] == "ML06"


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_regions_are_a_coverage_and_together_the_country(edition):
    ground = regions(edition).geometry.to_numpy()
    assert shapely.coverage_is_valid(ground)
    assert shapely.coverage_union_all(ground).equals(shapely.box(-4, 16, 2, 22))


def test_shells_run_anticlockwise_as_geojson_asks():
    assert shapely.is_ccw(shapely.get_exterior_ring(regions(OF_2016).geometry.to_numpy())).all()


def test_the_line_no_open_source_carries_is_approximate_and_the_others_are_law():
    lines = borders(OF_2016)
    assert lines.loc[("taoudenit", "tombouctou"), "certainty"] == "approximate"
    assert (lines["certainty"].drop(("taoudenit", "tombouctou")) == "law").all()


def test_a_border_is_what_two_regions_share():
    lines = borders(OF_2016)
    shared = lines.loc[("taoudenit", "tombouctou"), "geometry"]
    assert shared.equals(shapely.LineString([(-4, 18.75), (-2, 18.75)]))
    assert lines.loc[("gao", "menaka"), "geometry"].equals(shapely.LineString([(0, 16), (0, 18)]))


def test_borders_leave_out_the_border_of_the_country_and_lines_within_a_region():
    assert borders(OF_2012).index.tolist() == [
        ("gao", "kidal"),
        ("gao", "tombouctou"),
        ("kidal", "tombouctou"),
    ]


def test_the_border_of_a_part_that_left_its_cercle_for_another_region_is_listed():
    membership = small.membership()
    membership.loc["M1", "cercle"] = "kidal"  # and is in the region of Ménaka from 2016 on
    units = boundaries.units(boundaries.communes(small.shapes(), membership))
    lines = boundaries.boundary_lines(units, OF_2023).set_index(["region_a", "region_b"])
    assert lines.loc[("kidal", "menaka"), "certainty"] == "listed"
    assert lines.loc[("gao", "menaka"), "certainty"] == "listed"
    assert lines.loc[("gao", "kidal"), "certainty"] == "law"


def test_a_country_of_one_region_has_no_borders():
    one = small.units().assign(region_2012="mali")
    assert boundaries.boundary_lines(one, OF_2012).empty


def test_a_commune_without_a_shape_is_refused():
    shapes = small.shapes().iloc[1:]
    with pytest.raises(LayerError, match=r"units.csv names commune 'T1', which communes.geojson"):
        boundaries.communes(shapes, small.membership())


def test_a_shape_without_a_commune_is_refused():
    membership = small.membership().drop("K1")
    with pytest.raises(LayerError, match=r"communes.geojson names commune 'K1', which units.csv"):
        boundaries.communes(small.shapes(), membership)


def test_a_shape_that_stands_twice_is_refused():
    shapes = pd.concat([small.shapes(), small.shapes().iloc[:1]])
    with pytest.raises(LayerError, match=r"communes.geojson: 'T1' stands twice"):
        boundaries.communes(shapes, small.membership())


def test_communes_that_overlap_are_refused_with_the_place():
    shapes = small.shapes()
    wider = shapes.geometry.where(shapes["shape_id"] != "M1", shapely.box(-0.5, 16, 2, 18))
    with pytest.raises(LayerError, match=r"3 shapes overlap or leave a gap, among them 'G1' near"):
        boundaries.communes(shapes.set_geometry(wider), small.membership())


def test_a_region_without_a_name_is_refused():
    unnamed = small.names().drop(("region", "menaka"))
    with pytest.raises(LayerError, match=r"region_2016 names 'menaka', which unit_names.csv"):
        boundaries.regions(small.units(), unnamed, OF_2016)


def test_two_pieces_of_a_cercle_in_one_region_of_2023_are_refused():
    membership = small.membership()
    membership.loc["T2-n", "region_2023"] = "tombouctou"
    with pytest.raises(LayerError, match=r"two pieces of cercle 'tombouctou' are in one region"):
        boundaries.units(boundaries.communes(small.shapes(), membership))


def test_a_name_stands_once():
    table = small.table("unit_names.csv", boundaries.NAME_COLUMNS)
    with pytest.raises(LayerError, match=r"unit is 'tombouctou'. That key is taken"):
        boundaries.parse_names(pd.concat([table, table.iloc[:1].set_axis([99])]))


def test_nothing_given_is_changed():
    shapes, membership = small.shapes(), small.membership()
    before = shapes.copy(), membership.copy()
    boundaries.units(boundaries.communes(shapes, membership))
    assert shapes.equals(before[0])
    assert membership.equals(before[1])
    assert isinstance(shapes, gpd.GeoDataFrame)
