from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from builders import AGUELHOK, GAO, KIDAL, KIDAL_REGION, arbitrary, claim, make, on, resolved
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from oracle import until
from shapely import box
from strategies import days, tables, units

from geo import claims, composite, slices, timeline
from geo.errors import ViewError

MAY = date(2014, 6, 1)
NORTH = (
    claim("kidal", "CMA", KIDAL, "2014-05-21", sources="v14"),
    claim("kidal-earlier", "FAMA", KIDAL, "2013-07-05", sources="v14 v02", confidence="low"),
    claim("region", "CMA", KIDAL_REGION, "2014-05-21", level="region", status="influence"),
    claim("region-2", "JNIM", KIDAL_REGION, "2014-05-21", level="region", status="influence"),
    claim("gao", "FAMA", GAO, "2013-01-26"),
)


def test_a_slice_has_every_face_and_what_is_said_of_it():
    t = resolved(*NORTH)
    now = slices.at(t, MAY)
    assert now.index.name == "face_id"
    assert list(now.columns) == [
        "geometry",
        "unit",
        "area_km2",
        "state",
        "actors",
        "influence",
        "level",
        "stale",
        "stale_influence",
        "claim_ids",
        "uncertain",
    ]
    assert_geodataframe_equal(now[list(t.composite.faces.columns)], t.composite.faces)


@given(tables(), days())
def test_the_bare_states_of_a_day_are_rows_of_the_states(table, day):
    t = timeline.resolve(composite.build(table))
    words = [*t.states.state, "none"]
    bare = [words[state] for state in slices.states_on(t, day)]
    assert bare == slices.at(t, day).state.tolist()


def test_the_claims_that_decide_or_are_listed_are_named():
    t = resolved(*NORTH)
    assert on(t, KIDAL, MAY).claim_ids == ("kidal", "region-2")
    assert on(t, AGUELHOK, MAY).claim_ids == ("region", "region-2")


def test_ground_that_nobody_speaks_of_has_no_information():
    t = timeline.resolve(composite.build(make(*NORTH), units()))
    nothing = slices.at(t, date(2011, 1, 1))
    assert set(nothing.state) == {timeline.NONE}
    assert set(nothing.actors) == set(nothing.influence) == set(nothing.claim_ids) == {()}
    assert set(nothing.level) == {""}
    assert not nothing.stale.any()


def test_faces_alike_are_merged_into_one_row():
    t = resolved(*NORTH, claim("aguelhok", "CMA", AGUELHOK, "2014-05-22"))
    now = slices.at(t, MAY)
    merged = slices.merged(now)
    assert list(merged.columns) == [
        "state",
        "actors",
        "influence",
        "stale",
        "claim_ids",
        "area_km2",
        "geometry",
    ]
    words = list(
        merged[["state", "actors", "influence", "stale"]].itertuples(index=False, name=None)
    )
    assert words == [
        ("control", ("CMA",), ("JNIM",), False),
        ("control", ("FAMA",), (), True),
        ("influence", (), ("CMA", "JNIM"), False),
    ]
    assert merged.claim_ids[0] == ("aguelhok", "kidal", "region-2")
    assert merged.geometry[0].equals(shapely.union_all([KIDAL, AGUELHOK]))
    assert merged.crs == claims.CRS


def test_no_information_comes_last_and_nothing_is_lost():
    t = timeline.resolve(composite.build(arbitrary(2), units()))
    now = slices.at(t, date(2016, 5, 1))
    merged = slices.merged(now)
    assert merged.state.iloc[-1] == timeline.NONE
    assert merged.area_km2.sum() == pytest.approx(now.area_km2.sum())
    assert shapely.coverage_is_valid(merged.geometry.to_numpy())


def test_merging_nothing_gives_nothing():
    empty = slices.at(timeline.resolve(composite.build(make(*NORTH).iloc[:0])), MAY)
    assert len(slices.merged(empty)) == 0
    assert "area_km2" in slices.merged(empty)


def test_the_slice_itself_is_not_changed_by_merging():
    now = slices.at(resolved(*NORTH), MAY)
    before = now.copy()
    slices.merged(now)
    assert_geodataframe_equal(now, before)


def test_a_point_is_found_in_its_face():
    k = composite.build(make(*NORTH))
    face = slices.locate(k, 1.4, 18.4)
    assert k.faces.geometry[face].contains(KIDAL.centroid)
    assert slices.locate(k, 40, 40) is None


def test_on_a_border_the_first_face_is_found():
    k = composite.build(
        make(
            claim("west", "CMA", box(0, 17, 1, 18), "2014-05-21"),
            claim("east", "FAMA", box(1, 17, 2, 18), "2014-05-21"),
        )
    )
    assert slices.locate(k, 1, 17.5) == 0


def test_a_point_without_faces_is_nowhere():
    assert slices.locate(composite.build(make(*NORTH).iloc[:0]), 1.4, 18.4) is None


def steps(t, lon=1.4, lat=18.4, day=MAY):
    told = slices.explain(t, lon, lat, day)
    return dict(zip(told.claim_id, told.step, strict=True))


def test_every_claim_at_a_point_is_explained():
    more = (
        claim("ended", "FAMA", KIDAL, "2013-07-05", "2014-05-21"),
        claim("later", "FAMA", KIDAL, "2014-05-22", reported_on="2015-01-01"),
        claim("put-up-later", "FAMA", KIDAL, "2014-05-22", published_on="2015-01-01"),
        claim("taken-back", "FAMA", KIDAL, "2014-05-22", withdrawn_on="2014-05-24"),
        claim("mended", "FAMA", KIDAL, "2014-05-22", corrected_on="2014-05-24"),
        claim("up3:not-heard", "FAMA", KIDAL, "2014-05-22", sources="v01"),
        claim("said", "FAMA", KIDAL, "2014-05-22", assertion="claimed"),
        claim("denied", "FAMA", KIDAL, "2014-05-22", assertion="denied"),
        claim("off", "FAMA", KIDAL, "2014-05-22", sources="v99"),
        claim("below", "FAMA", KIDAL, "2014-05-22", sources="v01", confidence="low"),
        claim("country", "FAMA", KIDAL_REGION, "2012-01-01", sources="v01", level="country"),
        claim("camp", "MINUSMA", KIDAL, "2013-07-01", sources="v01", status="presence"),
        claim("weaker", "FAMA", KIDAL, "2014-05-22", sources="v01"),
        claim("strong", "CMA", KIDAL, "2014-05-22", sources="v02", confidence="high"),
        claim("old", "FAMA", KIDAL, "2013-07-05", sources="v02", confidence="high"),
        claim("beside", "CMA", KIDAL, "2014-05-22", sources="v01", status="influence"),
        claim("listed", "JNIM", KIDAL, "2014-05-22", sources="v01", status="influence"),
    )
    t = resolved(
        *more,
        known_on=date(2014, 12, 31),
        sources=["v01", "v02"],
        min_confidence="medium",
        layers=["shipped"],
    )
    assert steps(t) == {
        "later": "reported-later",
        "put-up-later": "published-later",
        "taken-back": "withdrawn",
        "mended": "corrected",
        "up3:not-heard": "layer-off",
        "said": "not-assessed",
        "denied": "not-assessed",
        "off": "source-off",
        "below": "below-confidence",
        "country": "less-local",
        "camp": "listed",
        "weaker": "weaker-evidence",
        "strong": "counts",
        "old": "superseded-by-source",
        "beside": "already-holder",
        "listed": "counts",
    }
    assert set(steps(t).values()) == set(timeline.STEPS)


def test_an_explanation_has_all_columns_of_a_claim_in_the_order_of_ids():
    told = slices.explain(resolved(*NORTH), 1.4, 18.4, MAY)
    names = [c.name for c in claims.COLUMNS]
    assert list(told.columns) == [*names, "counts", "step", "uncertain"]
    assert told.claim_id.tolist() == ["kidal", "kidal-earlier", "region", "region-2"]
    assert told.counts.tolist() == [True, False, False, True]


def test_where_no_claim_is_there_is_nothing_to_explain():
    told = slices.explain(resolved(*NORTH), 40, 40, MAY)
    assert len(told) == 0
    assert told.counts.dtype == bool


@pytest.mark.parametrize(
    ("rough", "uncertain_until"),
    [
        ({}, date(2014, 5, 22)),
        ({"date_precision": "month"}, date(2014, 5, 31)),
        ({"date_precision": "quarter"}, date(2014, 6, 30)),
        ({"date_precision": "year"}, date(2014, 12, 31)),
        ({"valid_from_latest": "2014-05-25"}, date(2014, 5, 25)),
        ({"valid_from_latest": "2014-05-25", "date_precision": "year"}, date(2014, 5, 25)),
    ],
)
def test_a_state_is_uncertain_until_the_claim_must_have_begun(rough, uncertain_until):
    t = resolved(claim("kidal", "CMA", KIDAL, "2014-05-21", **rough))
    assert on(t, KIDAL, date(2014, 5, 21)).uncertain == bool(rough)
    assert on(t, KIDAL, uncertain_until - timedelta(days=1)).uncertain == bool(rough)
    assert not on(t, KIDAL, uncertain_until).uncertain


def test_a_state_is_uncertain_once_the_claim_may_have_ended():
    t = resolved(
        claim("kidal", "CMA", KIDAL, "2014-05-21", "2023-11-14", valid_to_earliest="2023-11-10")
    )
    assert not on(t, KIDAL, date(2023, 11, 9)).uncertain
    assert on(t, KIDAL, date(2023, 11, 10)).uncertain
    assert on(t, KIDAL, date(2023, 11, 13)).uncertain
    assert not on(t, KIDAL, date(2023, 11, 14)).uncertain  # no claim any more, and no doubt


def test_nobody_doubted_an_end_that_was_yet_to_come():
    ended = claim("kidal", "CMA", KIDAL, "2014-05-21", "2023-11-14", valid_to_earliest="2023-11-10")
    before, after = (resolved(ended, known_on=date(2023, 11, day)) for day in (12, 14))
    assert not on(before, KIDAL, date(2023, 11, 12)).uncertain
    assert on(after, KIDAL, date(2023, 11, 12)).uncertain


def test_a_claim_set_aside_makes_no_state_uncertain():
    t = resolved(
        claim("kidal", "CMA", KIDAL, "2014-05-21"),
        claim("rumour", "FAMA", KIDAL, "2014-05-21", date_precision="year", confidence="low"),
    )
    assert not on(t, KIDAL, MAY).uncertain
    told = slices.explain(t, 1.4, 18.4, MAY)
    assert dict(zip(told.claim_id, told.uncertain, strict=True)) == {"kidal": False, "rumour": True}


def test_a_day_that_no_claim_can_support_is_refused():
    t = resolved(*NORTH, supported_until=MAY)
    assert on(t, KIDAL, MAY).actors == ("CMA",)
    refusal = r"Nothing is known of 2014-06-02: .* after 2014-06-01\. Ask for 2014-06-01 or an ear"
    with pytest.raises(ViewError, match=refusal):
        slices.at(t, MAY + timedelta(days=1))
    with pytest.raises(ViewError, match=refusal):
        slices.explain(t, 1.4, 18.4, MAY + timedelta(days=1))


@given(tables(), days())
def test_a_face_is_uncertain_if_a_claim_that_decides_it_is(table, day):
    t = timeline.resolve(composite.build(table))
    now = slices.at(t, day)
    rough = {
        c.claim_id
        for c in t.composite.claims.itertuples()
        if not begun_by(c) <= day < min(until(c.valid_to_earliest), until(c.valid_to))
    }
    assert now.uncertain.tolist() == [not rough.isdisjoint(ids) for ids in now.claim_ids]


def begun_by(c):
    """The latest day on which a claim can have begun, day by day."""
    if not pd.isna(c.valid_from_latest):
        return c.valid_from_latest.date()
    parts = {
        "day": lambda d: d,
        "month": lambda d: (d.year, d.month),
        "quarter": lambda d: (d.year, (d.month - 1) // 3),
        "year": lambda d: d.year,
    }
    part, day = parts[c.date_precision], c.valid_from.date()
    while part(day + timedelta(days=1)) == part(day):
        day += timedelta(days=1)
    return day


@given(tables())
def test_the_claims_named_are_those_that_the_explanation_counts(table):
    t = timeline.resolve(composite.build(table), known_on=date(2013, 1, 1), claimed=True)
    for day in (date(2012, 6, 1), date(2013, 6, 1)):
        now = slices.at(t, day)
        for face, point in now.geometry.representative_point().items():
            if slices.locate(t.composite, point.x, point.y) == face:
                told = slices.explain(t, point.x, point.y, day)
                counted = told.claim_id[told.step == "counts"]
                assert now.claim_ids[face] == tuple(counted)
                assert (now.state[face] == timeline.NONE) == (len(counted) == 0)


@given(tables())
def test_merged_rows_have_the_area_of_their_faces_and_are_each_there_once(table):
    now = slices.at(timeline.resolve(composite.build(table, units())), date(2012, 9, 1))
    merged = slices.merged(now)
    assert not pd.DataFrame(merged[["state", "actors", "influence", "stale"]]).duplicated().any()
    assert merged.area_km2.sum() == pytest.approx(now.area_km2.sum())
    assert np.isin(merged.state, (*timeline.STATES, timeline.NONE)).all()
