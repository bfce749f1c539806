"""Claims as no careful person would draw them: repaired and reported, or refused with a reason."""

import tracemalloc
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely
from builders import GAO, KIDAL, arbitrary, claim, make, on, resolved
from hypothesis import given
from shapely import affinity, box
from strategies import filters, stacks, units

from geo import areas, changes, claims, composite, disagreement, figures, history, slices, timeline
from geo.errors import ClaimError, GeometryError
from geo.timeline import runs

MAY = date(2014, 6, 1)
INSIDE = box(-5, 14, -4, 15)
COLLECTION = shapely.GeometryCollection


def ring(*corners):
    return shapely.Polygon(corners)


def scribble(corners, seed=0):
    """A ring through random corners: almost every edge crosses every fourth other."""
    rng = np.random.default_rng(seed)
    return shapely.Polygon(
        np.column_stack([rng.uniform(-5, -4, corners), rng.uniform(14, 15, corners)])
    )


def cut(ground, land=None):
    return composite.build(make(claim("1", "FAMA", ground, "2013-01-26")), land)


def claimed_km2(k):
    return k.faces.area_km2[k.incidence[:, 0]].sum()


# ---- geometry that is repaired or left out, and reported


@pytest.mark.parametrize(
    ("ground", "same_as", "reported"),
    [
        (shapely.force_3d(INSIDE, 300), INSIDE, "has heights: dropped"),
        (COLLECTION([INSIDE, shapely.Point(-4, 14)]), INSIDE, "mixes geometries"),
        (COLLECTION([COLLECTION([INSIDE]), shapely.Point(0, 14)]), INSIDE, "mixes geometries"),
        (COLLECTION([INSIDE, box(-5, 14, -4.5, 15)]), INSIDE, "cross or overlap: made valid"),
        (shapely.MultiPolygon([INSIDE, INSIDE]), INSIDE, "cross or overlap: made valid"),
        (
            ring((-5, 14), (-4, 14), (-4, 15), (-4, 16), (-4, 15), (-5, 15)),  # a spike
            INSIDE,
            "cross or overlap: made valid",
        ),
        (
            ring((-5, 14), (-4, 15), (-4, 14), (-5, 15)),  # a bow-tie
            shapely.MultiPolygon(
                [ring((-5, 14), (-4.5, 14.5), (-5, 15)), ring((-4, 14), (-4.5, 14.5), (-4, 15))]
            ),
            "cross or overlap: made valid",
        ),
        (box(-8, 14, -4, 15), box(-7, 14, -4, 15), "reaches beyond the units: "),
        (
            shapely.segmentize(box(-180, -90, 180, 90), 90),
            units().union_all(),
            "reaches beyond the units: 509",
        ),
    ],
)
def test_ground_that_can_be_repaired_is_and_that_is_reported(ground, same_as, reported):
    k = cut(ground, units())
    assert claimed_km2(k) == pytest.approx(areas.km2(same_as)[0], abs=0.5)
    assert [repair.claim_id for repair in k.report] == ["1"] * len(k.report)
    assert any(reported in repair.what for repair in k.report)


@pytest.mark.parametrize(
    ("ground", "reported"),
    [
        (None, "has no geometry: ignored"),
        (shapely.Polygon(), "has no area: ignored"),
        (shapely.MultiPolygon(), "has no area: ignored"),
        (COLLECTION(), "has no area: ignored"),
        (COLLECTION([shapely.Point(-4, 14)]), "has no area: ignored"),
        (ring((-5, 14), (-4, 14), (-5, 14)), "has no area: ignored"),
        (shapely.Point(-4, 14), "is no polygon and covers no ground: ignored"),
        (shapely.LineString([(-5, 14), (-4, 14)]), "is no polygon and covers no ground: ignored"),
        (box(-5, 14, -5 + 1e-8, 14 + 1e-8), "is too small: ignored"),
        (box(30, 48, 31, 49), "lies outside the units: ignored"),
    ],
)
def test_ground_that_is_none_is_left_out_and_that_is_reported(ground, reported):
    k = cut(ground, units())
    assert len(k.incidence) == 0
    assert k.report[-1] == composite.Repair("1", reported)
    assert slices.at(timeline.resolve(k), MAY).state.eq("none").all()


def test_longitude_and_latitude_swapped_are_recognised_and_not_put_right():
    swapped = box(14, -5, 15, -4)
    k = cut(swapped, units())
    assert len(k.incidence) == 0
    assert [repair.what for repair in k.report] == [
        "lies outside the units, but inside them with longitude and latitude swapped: ignored"
    ]


def test_vertices_that_repeat_need_no_repair():
    k = cut(ring((-5, 14), (-5, 14), (-4, 14), (-4, 14), (-4, 15), (-5, 15)))
    assert k.report == ()
    assert claimed_km2(k) == pytest.approx(areas.km2(INSIDE)[0], abs=1e-4)


@pytest.mark.parametrize("off", [1e-9, 3e-7])
def test_ground_drawn_again_a_hair_beside_makes_no_slivers(off):
    k = composite.build(
        make(
            claim("1", "FAMA", INSIDE, "2013-01-26"),
            claim("2", "JNIM", affinity.translate(INSIDE, off, -off), "2014-01-01"),
        )
    )
    assert len(k.faces) == 1
    assert k.incidence.tolist() == [[0, 0], [0, 1]]


def test_an_outline_of_a_hundred_thousand_vertices_is_cut():
    k = cut(shapely.Point(-4, 15).buffer(1, quad_segs=25_000), units())
    assert claimed_km2(k) == pytest.approx(37_385, abs=1)


def test_ground_on_both_sides_of_the_180th_meridian_is_two_parts():
    k = cut(shapely.MultiPolygon([box(179, 14, 180, 15), box(-180, 14, -179, 15)]))
    assert k.report == ()
    assert claimed_km2(k) == pytest.approx(2 * areas.km2(box(0, 14, 1, 15))[0])


# ---- geometry that is refused


@pytest.mark.parametrize(
    ("ground", "reason"),
    [
        (ring((179, 14), (-179, 14), (-179, 15), (179, 15)), "Split the ground at the 180th merid"),
        (
            COLLECTION([COLLECTION([ring((179, 14), (-179, 14), (-179, 15))])]),
            "Split the ground at the 180th meridian",
        ),
        (box(-180, -90, 180, 90), "an edge spans more than half the globe"),
        (box(179, 14, 181, 15), "longitude 181, latitude 14. Write degrees of EPSG:4326"),
        (
            box(500_000, 1_500_000, 510_000, 1_510_000),
            "Write degrees of EPSG:4326, longitude first",
        ),
        (box(-5, 14, -4, 95), "latitude 95. Write degrees"),
        (scribble(1_500), "crosses itself about 300,000 times, which is more than can be mended"),
    ],
)
def test_ground_that_cannot_be_used_is_refused_with_its_claim(ground, reason):
    with pytest.raises(GeometryError, match=f"^Claim '1': .*{reason}"):
        cut(ground)


def test_a_claim_in_a_bad_place_does_not_hide_which_it_is():
    rows = [claim(f"good-{i}", "FAMA", INSIDE, "2013-01-26") for i in range(5)]
    bad = claim("bad", "JNIM", box(179, 14, 181, 15), "2013-01-26")
    with pytest.raises(GeometryError, match=r"^Claim 'bad': "):
        composite.build(make(*rows[:3], bad, *rows[3:]))


# ---- how often outlines cross


def counted(lines, most=1e9):
    start, end, _ = areas.segments(np.asarray(lines))
    return areas.crossings(start, end, most=most)


def test_crossings_of_few_segments_are_counted_exactly():
    grid = [shapely.LineString([(x, -1), (x, 20)]) for x in range(20)]
    grid += [shapely.LineString([(-1, y), (20, y)]) for y in range(15)]
    count, points = counted(grid)
    assert count == 300
    assert len(points) == 30
    assert {(x % 1, y % 1) for x, y in points.tolist()} == {(0, 0)}


def test_ends_that_touch_do_not_cross():
    fan = [shapely.LineString([(0, 0), (np.cos(a), np.sin(a))]) for a in np.linspace(0, 6, 50)]
    assert counted(fan)[0] == 0
    assert counted([INSIDE.exterior, box(-4, 14, -3, 15).exterior])[0] == 0


def test_crossings_of_many_segments_are_estimated():
    start, end, _ = areas.segments(np.array([scribble(1_500).exterior]))
    lines = shapely.linestrings(np.stack([start, end], axis=1))
    pairs = shapely.STRtree(lines[:300]).query(lines[300:600], predicate="crosses").shape[1]
    estimate, _ = areas.crossings(start, end, most=1e9)
    assert estimate == pytest.approx(pairs / 300**2 * 1_500**2 / 2, rel=0.1)


def test_nothing_does_not_cross():
    count, points = areas.crossings(np.empty((0, 2)), np.empty((0, 2)), most=1.0)
    assert (count, points.shape) == (0, (0, 2))


# ---- many claims on one place


def on_one_place(count, lasts):
    """Claims on Kidal, one a day, each lasting some days, by three actors and thirty sources."""
    first = date(1990, 1, 1)
    return make(
        *(
            claim(
                f"c{i:05d}",
                ["FAMA", "JNIM", "CMA"][i % 3],
                KIDAL,
                first + timedelta(days=i),
                None if lasts is None else first + timedelta(days=i + lasts),
                sources=f"s{i % 30}",
            )
            for i in range(count)
        )
    )


def test_ten_thousand_claims_on_one_place_are_one_face_and_are_all_heard():
    t = timeline.resolve(composite.build(on_one_place(10_000, 20)))
    assert len(t.composite.faces) == 1
    day = date(2010, 5, 5)
    heard = slices.explain(t, 1.4, 18.4, day)
    assert len(heard) == 20
    assert on(t, KIDAL, day).state == "contested"
    told = history.at(t, 0, until=date(2020, 1, 1))
    assert len({c for ids in told.claim_ids for c in ids}) == 10_000


def test_claims_on_one_place_that_all_last_do_not_fill_the_memory():
    k = composite.build(on_one_place(3_000, None))  # four and a half million pairs
    tracemalloc.start()
    try:
        t = timeline.resolve(k)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 250e6
    assert on(t, KIDAL, date(1990, 1, 2)).actors == ("FAMA", "JNIM")


def test_ten_thousand_outlines_across_one_place_are_refused_with_the_reason():
    rng = np.random.default_rng(0)
    discs = shapely.points(1.4 + rng.normal(0, 0.02, (10_000, 1)), 18.4 + rng.normal(0, 0.02))
    discs = shapely.buffer(discs.ravel(), 0.07, quad_segs=4)
    told = make(*(claim(f"c{i:05d}", "FAMA", d, "2014-01-01") for i, d in enumerate(discs)))
    with pytest.raises(
        GeometryError, match=r"cross about [\d,]+ times, .* longitude 1\.\d+, .*mem"
    ):
        composite.build(told)


def test_a_few_hundred_outlines_across_one_place_are_cut():
    rng = np.random.default_rng(0)
    discs = [shapely.Point(1.4 + x, 18.4).buffer(0.07, quad_segs=4) for x in rng.normal(0, 1, 200)]
    k = composite.build(
        make(*(claim(f"c{i:05d}", "FAMA", d, "2014-01-01") for i, d in enumerate(discs)))
    )
    assert k.faces.area_km2.sum() == pytest.approx(areas.km2(shapely.union_all(discs))[0], rel=1e-5)


@given(stacks(), filters)
def test_the_days_may_be_judged_in_blocks_of_any_size(table, chosen):
    k = composite.build(table)
    whole = timeline.resolve(k, **chosen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "_AT_ONCE", 3)
        parts = timeline.resolve(k, **chosen)
        told = history.at(parts, 0, until=date(2015, 1, 1))
    assert parts.states.equals(whole.states)
    for column in ("face", "start", "stop", "state"):
        one, other = getattr(parts.runs, column), getattr(whole.runs, column)
        assert one.astype(np.int64).tolist() == other.astype(np.int64).tolist()
    assert told.equals(history.at(whole, 0, until=date(2015, 1, 1)))


# ---- no claims, one day, far days


def test_a_layer_without_rows_says_nothing_and_fails_nowhere():
    nothing = make(claim("1", "FAMA", GAO, "2013-01-26")).iloc[:0]
    for land in (None, units()):
        k = composite.build(nothing, land)
        for t in (timeline.resolve(k), timeline.with_every_side(timeline.resolve(k))):
            assert slices.at(t, MAY).state.eq("none").all()
            assert len(slices.explain(t, -4.5, 14.5, MAY)) == 0
            assert len(changes.between(t, date(2013, 1, 1), MAY)) == 0
            assert len(changes.marks(t, date(2013, 1, 1), MAY)) == 0
            assert len(disagreement.where(t, MAY)) == 0
            told = figures.over_time(figures.ranges(t), date(2013, 1, 1), MAY)
            assert told.day.nunique() == 1
            assert len(history.changes_days(t)) == 0


def test_a_claim_may_last_one_day():
    t = resolved(claim("raid", "JNIM", GAO, "2014-06-01", "2014-06-02"))
    assert [on(t, GAO, MAY + timedelta(days=i)).state for i in (-1, 0, 1)] == [
        "none",
        "control",
        "none",
    ]
    told = history.at(t, 0, first_day=date(2014, 5, 1), until=date(2014, 7, 1))
    assert (told.stop - told.start).dt.days.tolist() == [31, 1, 30]
    assert len(changes.between(t, MAY, MAY + timedelta(days=1))) == 1
    assert len(changes.between(t, MAY - timedelta(days=1), MAY + timedelta(days=1))) == 0
    series = figures.over_time(figures.ranges(t), date(2014, 5, 1), date(2014, 7, 1))
    assert series.day.nunique() == 3


# What nanoseconds since 1970 can tell ends on 21 September 1677 and 11 April 2262.
SONGHAI = claim("songhai", "SONGHAI", GAO, "1468-01-30", "1591-03-13")
LATER = claim("later", "AU", GAO, "2400-02-29", "9999-12-31")


@pytest.mark.parametrize("day", ["-0044-03-15", "0000-01-01", "12026-01-01", "+12026-01-01"])
def test_days_before_the_year_1_and_after_9999_are_refused_with_the_reason(day):
    with pytest.raises(ClaimError, match=r"Claim 'far': .* Only days of the years 1 to 9999"):
        make(claim("far", "FAMA", GAO, day))


def test_days_before_1677_and_after_2262_are_days_like_any_other():
    t = resolved(SONGHAI, LATER)
    held = [(1468, 1, 29), (1468, 1, 30), (1591, 3, 12), (1591, 3, 13), (2400, 2, 29)]
    assert [on(t, GAO, date(*day)).actors for day in held] == [
        (),
        ("SONGHAI",),
        ("SONGHAI",),
        (),
        ("AU",),
    ]
    told = history.at(t, 0, first_day=date(1400, 1, 1), until=date(9998, 12, 31))
    days = [day.date() for day in told.start]
    assert days[:2] == [date(1400, 1, 1), date(1468, 1, 30)]
    assert date(2400, 2, 29) in days
    assert told.claim_ids.map(len).sum() == sum(told.state != "none")
    moved = changes.between(t, date(1500, 1, 1), date(3000, 1, 1))
    assert (moved.from_actors[0], moved.to_actors[0]) == (("SONGHAI",), ("AU",))
    series = figures.over_time(figures.ranges(t), date(1400, 1, 1), date(3000, 1, 1))
    assert str(series.day.min().date()) == "1400-01-01"
    held = series[(series.actor == "AU") & (series.state == "held")]
    assert str(held.day.min().date()) == "2400-02-29"


def test_the_first_and_the_last_day_there_are_can_be_asked_for():
    t = resolved(
        claim("always", "FAMA", GAO, date.min),
        claim("siege", "JNIM", GAO, date.max, status="siege"),
    )
    for day in (date.min, MAY, date.max):
        assert on(t, GAO, day).actors == ("FAMA",)
        assert len(disagreement.answers(t, day)) == 1
    assert on(t, GAO, date.max).stale
    told = history.at(t, 0, until=date.max)
    assert told.start.iloc[0].date() == date.min
    assert np.datetime64(told.stop.iloc[-1].to_datetime64(), "D") == np.datetime64("10000-01-01")
    series = figures.over_time(figures.ranges(t), date.min, date.max)
    assert str(series.day.iloc[0])[:10] == "0001-01-01"
    assert len(changes.marks(t, date.min, date.max)) == 1


@pytest.mark.parametrize("day", ["-0043-03-15", "0000-01-01", "44 BC", "10000-01-01", "1591-02-29"])
def test_days_that_are_not_of_our_calendar_are_refused_with_a_sentence(day):
    with pytest.raises(ClaimError, match=r"Claim 'old': valid_from is .*as YYYY-MM-DD\.$"):
        make(claim("old", "SONGHAI", GAO, day, reported_on="2014-01-01"))


def test_days_as_a_reader_of_files_gives_them_do_not_wrap_around():
    row = claim("1", "SONGHAI", GAO, "1468-01-30")
    table = gpd.GeoDataFrame([row], geometry="geometry", crs=claims.CRS)
    for unit in ("s", "ms", "us"):
        days = np.array(["1468-01-30"], dtype=f"datetime64[{unit}]")
        told = claims.parse(table.assign(valid_from=days))
        assert told.valid_from[0].date() == date(1468, 1, 30)


@pytest.mark.parametrize("seed", range(2))
def test_moving_all_days_by_centuries_moves_the_answers_and_nothing_else(seed):
    near = arbitrary(seed)
    far = near.copy()
    for column in [c.name for c in claims.COLUMNS if c.kind == "day"]:
        far[column] = (near[column].to_numpy("datetime64[D]") - 146_097 * 2).astype("datetime64[s]")
    one, other = (timeline.resolve(composite.build(table)) for table in (near, far))
    assert one.states.equals(other.states)
    moved = one.runs.start.astype(np.int64) - other.runs.start.astype(np.int64)
    assert set(moved.tolist()) == {146_097 * 2}  # eight hundred years, to the day
