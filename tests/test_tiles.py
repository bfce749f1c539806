import re
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely
from builders import GAO, KIDAL_REGION, arbitrary, claim, make, sample_points
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st
from oracle import state_at
from shapely import Polygon, box
from strategies import tables, units

from geo import areas, composite, layers, slices, tiles, timeline
from geo.errors import CompositeError, GeometryError, TilesError
from geo.tiles import crowd, cut, plan, seams, slabs
from geo.tiles.slabs import Share

STATE = ["state", "actors", "influence", "level", "stale", "stale_influence", "claim_ids"]
DAYS = [date(2012, 4, 1), date(2014, 7, 9), date(2016, 1, 1), date(2018, 11, 30), date(2020, 2, 2)]


def ground_of(k):
    """Area by unit and claims."""
    ends = np.searchsorted(k.incidence[:, 0], k.faces.index[1:])
    claims_of = np.split(k.incidence[:, 1], ends) if len(k.faces) else []
    keys = [(unit, *own.tolist()) for unit, own in zip(k.faces.unit, claims_of, strict=True)]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, k.faces.area_km2, strict=True))


def assert_same_ground(a, b, km2):
    a, b = ground_of(a), ground_of(b)
    for key in a.keys() | b.keys():
        assert a.get(key, 0) == pytest.approx(b.get(key, 0), abs=km2), key


def said_of(t, points, day):
    """What a timeline says of points on a day; None off all faces."""
    said = slices.at(t, day)
    faces = [slices.locate(t.composite, point.x, point.y) for point in points]
    return [None if face is None else said.loc[face, STATE].tolist() for face in faces]


def assert_same_states(a, b, seed):
    points = sample_points(a.faces, seed, 25)
    a, b = timeline.resolve(a), timeline.resolve(b)
    for day in DAYS:
        assert said_of(a, points, day) == said_of(b, points, day)


def kinds(report):
    """A report without its figures: a hundredth of a km² may round either way."""
    return [(repair.claim_id, repair.what.partition(":")[0]) for repair in report]


def follow_up(count, *, days=1, lasting=False):
    """Different outlines of one town, one source after the other."""
    rng = np.random.default_rng(3)
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    rows = []
    for i in range(count):
        radius = 0.5 * (1 + 0.3 * np.cos(3 * angle + rng.uniform(0, 6)))
        town = Polygon(np.column_stack([1.4 + radius * np.cos(angle), 18 + radius * np.sin(angle)]))
        start = date(2012, 1, 17) + timedelta(days=i * days)
        stop = None if lasting else start + timedelta(days=3 * days)
        actor = ["CMA", "FAMA", "JNIM"][i % 3]
        rows.append(claim(f"c{i:05d}", actor, town, str(start), stop and str(stop)))
    return make(*rows)


# Where tiles lie.


def density_of(*shapes):
    return plan.density(np.array(shapes, dtype=object))


def test_tiles_fill_the_rectangle_around_all_vertices_and_do_not_overlap():
    claims = arbitrary(0, n=40)
    boxes = plan.lay(plan.density(claims.geometry), 13)
    assert len(boxes) == 13
    tiles_ = shapely.box(*boxes.T)
    whole = shapely.union_all(tiles_)
    assert whole.area == pytest.approx(shapely.area(tiles_).sum())
    assert whole.equals(box(*whole.bounds))
    assert whole.covers(box(*claims.total_bounds))


def test_borders_of_tiles_are_on_the_grid():
    boxes = plan.lay(plan.density(arbitrary(0, n=40).geometry), 13)
    assert np.array_equal(boxes, np.round(boxes, 2))
    assert set(boxes.ravel()) <= {step / 100 for step in range(-18_000, 18_001)}


def test_tiles_are_smaller_where_there_is_more_to_cut(monkeypatch):
    monkeypatch.setattr(plan, "PER_TILE", 200)
    many = [box(0, 16, 0.1 + i / 100, 16.1 + i / 100) for i in range(100)]
    boxes = plan.lay(density_of(*many, box(-10, 10, -9, 11)))
    size = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    assert len(boxes) > 3
    assert size.min() < 0.01 * size.max()
    counts = [plan.density(np.array(many)).vertices.sum()]
    assert sum(counts) == 500


def test_chosen_by_themselves_no_tile_has_more_vertices_than_it_may(monkeypatch):
    monkeypatch.setattr(plan, "PER_TILE", 100)
    claims = arbitrary(1, n=200)
    for west, south, east, north in plan.lay(plan.density(claims.geometry)):
        x, y = shapely.get_coordinates(claims.geometry.to_numpy()).T
        assert ((west <= x) & (x < east) & (south <= y) & (y < north)).sum() <= 100


def test_a_layer_that_is_small_enough_is_one_tile():
    assert len(plan.lay(plan.density(arbitrary(0).geometry))) == 1


def test_where_all_vertices_lie_in_one_cell_there_is_one_tile():
    assert len(plan.lay(density_of(box(1.401, 18.401, 1.402, 18.402)), 4)) == 1


def test_without_vertices_there_is_no_tile():
    assert plan.lay(density_of()).shape == (0, 4)


def test_densities_of_partitions_add_up_to_that_of_the_layer():
    ground = arbitrary(2).geometry.to_numpy()
    whole = plan.density(ground)
    parts = plan.total([plan.density(ground[:5]), plan.density(ground[5:])])
    assert np.array_equal(parts.cell, whole.cell)
    assert np.array_equal(parts.vertices, whole.vertices)


def test_cells_south_of_the_equator_and_west_of_greenwich_keep_their_place():
    ((west, south, east, north),) = plan.lay(density_of(box(-70.505, -33.505, -70.205, -33.105)))
    assert (west, south, east, north) == (-70.51, -33.51, -70.2, -33.1)


def test_no_vertex_lies_outside_the_tiles_however_little():
    ((west, south, _, _),) = plan.lay(density_of(box(-3 - 4e-7, 13 - 4e-7, -1.5, 15)))
    assert (west, south) == (-3.01, 12.99)


def test_tiles_do_not_reach_beyond_the_poles_and_the_180th_meridian():
    ((_, _, east, north),) = plan.lay(density_of(box(170, 80, 180, 90)))
    assert (east, north) == (180, 90)


@pytest.mark.parametrize("wrong", [0, -4, 2.5, "many", None])
def test_a_number_of_tiles_that_is_none_is_refused(wrong):
    with pytest.raises(TilesError, match=r"The number of tiles is .*Write a whole number from 1"):
        tiles.build(arbitrary(0), tiles=wrong)


# The same ground and states as in one piece.


@pytest.mark.parametrize("number", [2, 30])
def test_tiles_have_the_faces_and_states_of_one_piece(any_claims, number):
    whole, tiled = composite.build(any_claims), tiles.build(any_claims, tiles=number)
    assert_same_ground(whole, tiled, km2=0.01)
    assert_same_states(whole, tiled, seed=number)
    assert shapely.coverage_is_valid(tiled.faces.geometry.to_numpy())
    assert tiled.report == whole.report
    assert_geodataframe_equal(tiled.claims, whole.claims)


@pytest.mark.parametrize("number", [5])
def test_tiles_have_the_faces_and_states_of_one_piece_in_units(any_claims, number):
    whole, tiled = (
        composite.build(any_claims, units()),
        tiles.build(any_claims, units(), tiles=number),
    )
    assert_same_ground(whole, tiled, km2=0.1)  # borders of these units are up to 5 degrees long
    assert_same_states(whole, tiled, seed=number)
    assert kinds(tiled.report) == kinds(whole.report)
    assert_geodataframe_equal(tiled.units, whole.units)


@given(tables(), st.integers(2, 9), st.booleans())
def test_awkward_claims_have_the_faces_of_one_piece(claims, number, bounded):
    country = units() if bounded else None
    whole = composite.build(claims, country)
    tiled = tiles.build(claims, country, tiles=number)
    outline = shapely.length(claims.geometry).sum() + shapely.length(units().geometry).sum()
    assert_same_ground(whole, tiled, km2=areas.GRID * outline * 111.32**2)
    assert_same_states(whole, tiled, seed=number)
    assert shapely.coverage_is_valid(tiled.faces.geometry.to_numpy())
    assert kinds(tiled.report) == kinds(whole.report)
    total = whole.faces.area_km2.sum()
    assert tiled.faces.area_km2.sum() == pytest.approx(total, abs=0.05)


@given(tables())
def test_states_over_tiles_are_what_the_rule_says(claims):
    t = timeline.resolve(tiles.build(claims, tiles=6))
    for point in sample_points(t.composite.faces, 5, 8):
        for day in DAYS[:3]:
            (said,) = said_of(t, [point], day)
            expected, _ = state_at(claims, point, day)
            if said is not None:
                assert dict(zip(STATE, said, strict=True)) == expected
            else:
                assert expected["state"] == "none"


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_claims_does_not_matter(claims, random):
    order = random.sample(range(len(claims)), len(claims))
    a, b = tiles.build(claims, tiles=5), tiles.build(claims.iloc[order], tiles=5)
    assert_geodataframe_equal(a.faces, b.faces)
    assert a.incidence.tolist() == b.incidence.tolist()
    assert a.report == b.report


def test_the_shipped_layers_over_tiles_are_the_same_ground():
    shipped = layers.load()
    whole = composite.build(shipped.claims, shipped.units)
    tiled = tiles.build(shipped.claims, shipped.units, tiles=9)
    assert_same_ground(whole, tiled, km2=0.01)
    assert_same_states(whole, tiled, seed=1)
    assert kinds(tiled.report) == kinds(whole.report)


def test_claims_that_meet_on_the_corner_of_tiles():
    corners = make(
        claim("ne", "CMA", box(1, 18, 2, 19), "2014-05-21"),
        claim("nw", "FAMA", box(0, 18, 1, 19), "2014-05-21"),
        claim("se", "JNIM", box(1, 17, 2, 18), "2014-05-21"),
        claim("sw", "CMA", box(0, 17, 1, 18), "2014-05-21"),
        claim("over", "MNLA", box(0.5, 17.5, 1.5, 18.5), "2012-04-01", "2013-01-28"),
        claim("off", "MNLA", box(0.5, 17.5, 1 + 4e-7, 18 - 4e-7), "2012-04-01", "2013-01-28"),
    )
    ground = corners.geometry.to_numpy()
    boxes = np.array([(0, 17, 1, 18), (1, 17, 2, 18), (0, 18, 1, 19), (1, 18, 2, 19)], dtype=float)
    pieces = cut.by_tile(ground, boxes, corners.claim_id.tolist())
    assert np.bincount(pieces.row).tolist() == [1, 1, 2, 4, 1, 1]
    for number in (2, 4, 9):
        whole, tiled = composite.build(corners), tiles.build(corners, tiles=number)
        assert_same_ground(whole, tiled, km2=0.01)
        assert_same_states(whole, tiled, seed=number)


def test_a_claim_over_many_tiles_is_one_face_without_seams():
    around = [
        claim(f"{i}", "FAMA", box(x, 17.6, x + 0.05, 17.65), "2014-05-21")
        for i, x in enumerate(np.arange(0.1, 2.9, 0.1))
    ]
    k = tiles.build(make(claim("region", "CMA", KIDAL_REGION, "2014-05-21"), *around), tiles=12)
    region = k.faces.geometry[k.faces.area_km2.idxmax()]
    assert region.geom_type == "Polygon"
    holes = shapely.union_all([row["geometry"] for row in around])
    assert region.symmetric_difference(KIDAL_REGION - holes).area < 1e-9


def test_without_claims_or_units_it_is_what_one_piece_is():
    none = arbitrary(0).iloc[:0]
    assert len(tiles.build(none).faces) == 0
    assert list(tiles.build(none, units(), tiles=4).faces.unit) == [0, 1]


def test_ground_beyond_the_units_is_left_out_and_reported_once():
    claims = make(
        claim("abroad", "JNIM", box(-8, 40, -7, 41), "2025-09-03"),
        claim("dot", "JNIM", box(-5, 14, -5 + 1e-7, 14 + 1e-7), "2025-09-03"),
        claim("half", "JNIM", box(-2, 14, 0, 16), "2025-09-03"),
        claim("none", "JNIM", None, "2025-09-03"),
    )
    k = tiles.build(claims, units(), tiles=9)
    assert kinds(k.report) == [
        ("abroad", "lies outside the units"),
        ("dot", "is too small"),
        ("half", "reaches beyond the units"),
        ("none", "has no geometry"),
    ]
    left_out = areas.km2(box(-1.0000005, 14, 0, 16))[0]
    told = re.search(r"units: ([0-9.]+) km² left out", k.report[2].what)
    assert float(told[1]) == pytest.approx(left_out, abs=0.05)
    assert k.faces.area_km2.sum() == pytest.approx(areas.km2(units().geometry).sum())


def test_a_road_is_a_claim_and_cuts_nothing():
    road = shapely.LineString([(0.0, 16.2), (1.4, 18.4)])
    k = tiles.build(
        make(
            claim("road", "JNIM", road, "2025-09-03", status="blockade"),
            claim("town", "FAMA", GAO, "2013-01-26"),
        ),
        tiles=3,
    )
    assert k.incidence[:, 1].tolist() == [1]
    assert k.report == ()


def test_ground_off_the_earth_is_refused_with_its_claim():
    with pytest.raises(GeometryError, match=r"Claim 'C001': a vertex lies at longitude 200"):
        tiles.build(make(claim("C001", "CMA", box(199, 18, 200, 19), "2014-05-21")))


def test_claims_and_units_are_not_changed(any_claims):
    country = units()
    before = any_claims.copy(), country.copy()
    tiles.build(any_claims, country, tiles=4)
    assert_geodataframe_equal(any_claims, before[0])
    assert_geodataframe_equal(country, before[1])


# Conservation: what must never go unnoticed.


def test_a_piece_lost_between_tiles_does_not_go_unnoticed(monkeypatch):
    touching = shapely.intersection

    def carelessly(a, b):
        pieces = touching(a, b)
        pieces[:1] = Polygon()
        return pieces

    monkeypatch.setattr(shapely, "intersection", carelessly)
    with pytest.raises(CompositeError, match=r"km² of 'c\d+' were lost or doubled between tiles"):
        tiles.build(arbitrary(1), tiles=5)


def test_a_face_lost_in_the_merge_does_not_go_unnoticed(monkeypatch):
    dissolved = seams.dissolved
    monkeypatch.setattr(
        tiles.merge, "dissolved", lambda *args: dissolved(*args)[[0] * (args[1].max() + 1)]
    )
    with pytest.raises(CompositeError, match=r"The faces have .* km², the pieces of all tiles"):
        tiles.build(arbitrary(1), tiles=5)


def test_borders_of_tiles_get_the_vertices_of_both_sides():
    west = [box(0, 16, 1, 17), box(0, 17, 1, 18)]
    east = [box(1, 16, 2, 16.5), box(1, 16.5, 2, 18)]
    faces = seams.dissolved(np.array([*west, *east], dtype=object), np.array([0, 1, 0, 2]))
    assert shapely.coverage_is_valid(faces)
    assert faces[0].equals(west[0] | east[0])
    assert [shapely.get_num_coordinates(face) for face in faces] == [8, 5, 6]


# Many claims on one place.


def parts_of(claims, **options):
    bounds = np.array(plan.lay(plan.density(claims.geometry), 1)[0])
    return list(slabs.parts(Share(claims, None, bounds), **options))


@pytest.fixture
def little(monkeypatch):
    """Limits so low that a few claims are many."""
    monkeypatch.setattr(crowd, "FEW", 12)
    monkeypatch.setattr(crowd, "_SAMPLE", 6)
    monkeypatch.setattr(slabs, "PAIRS_OF_SLAB", 2_000)
    monkeypatch.setattr(slabs, "PAIRS_OF_BOX", 10_000)


@pytest.mark.usefixtures("little")
def test_claims_on_one_place_that_follow_each_other_are_cut_into_slabs():
    claims = follow_up(80)
    parts = parts_of(claims)
    assert len(parts) > 4
    pairs = len(composite.build(claims).incidence)
    assert sum(len(part.incidence) for _, part in parts) < pairs / 10
    starts, stops = ([getattr(share.slab, end) for share, _ in parts] for end in ("start", "stop"))
    assert starts[1:] == stops[:-1]
    assert np.isnat(starts[0])
    assert np.isnat(stops[-1])


@pytest.mark.usefixtures("little")
def test_slabs_say_what_the_rule_says_on_every_day():
    claims = follow_up(60)
    slabs_of = [
        (
            share,
            timeline.resolve(composite.build(share.claims)),
            timeline.resolve(
                composite.Composite(
                    part.faces, share.claims, claims.iloc[:0], part.incidence.astype(np.int32), ()
                )
            ),
        )
        for share, part in parts_of(claims)
    ]
    points = sample_points(claims, 2, 8)
    for number in range(0, 65, 4):
        day = date(2012, 1, 17) + timedelta(days=number)
        today = np.datetime64(day)
        (t,) = [
            sliced
            for share, _, sliced in slabs_of
            if not (today < share.slab.start) and not (today >= share.slab.stop)
        ]
        for point, said in zip(points, said_of(t, points, day), strict=True):
            expected, _ = state_at(claims, point, day)
            assert (said or ["none"])[0] == expected["state"]
            if said is not None:
                assert dict(zip(STATE, said, strict=True)) == expected


@pytest.mark.usefixtures("little")
def test_claims_on_one_place_that_all_last_are_cut_into_smaller_boxes():
    claims = follow_up(30, lasting=True)
    assert len(parts_of(claims)) > 1
    assert_same_ground(composite.build(claims), tiles.build(claims, tiles=1), km2=0.01)


def test_ten_thousand_claims_on_the_same_ground_are_one_face():
    claims = follow_up(1)
    many = gpd.GeoDataFrame(claims.loc[np.zeros(10_000, dtype=int)], crs=claims.crs).assign(
        claim_id=[f"c{i:05d}" for i in range(10_000)]
    )
    k = tiles.build(many, tiles=4)
    assert len(k.faces) == 1
    assert len(k.incidence) == 10_000


def test_ten_thousand_different_claims_on_one_place_are_refused_with_the_place():
    with pytest.raises(TilesError, match=r"lie over one another at longitude 1\.\d+, latitude 1"):
        parts_of(follow_up(10_000, lasting=True))


def test_claims_that_follow_each_other_are_not_refused_without_saying_what_can_cut_them():
    with pytest.raises(TilesError, match=r"Build it with python -m geo build-composite"):
        tiles.build(follow_up(2_000), tiles=1)


def test_the_estimate_of_what_cutting_would_make_is_near_what_it_makes():
    claims = follow_up(70, lasting=True)
    expected = crowd.deepest(claims, box(-10, 10, 10, 30))
    assert expected.claims == pytest.approx(70, abs=7)
    assert expected.pairs == pytest.approx(len(composite.build(claims).incidence), rel=0.5)
