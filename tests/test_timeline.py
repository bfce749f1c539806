from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from builders import (
    AGUELHOK,
    GAO,
    GAO_REGION,
    KIDAL,
    KIDAL_REGION,
    arbitrary,
    claim,
    make,
    on,
    resolved,
    sample_points,
)
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import state_at
from pandas.testing import assert_frame_equal
from strategies import filters, stacks, tables, units

from geo import areas, claims, composite, slices, timeline
from geo.claims import LEVELS
from geo.errors import ViewError

MAY = date(2014, 6, 1)  # after the towns of the north changed hands, before any of it is stale
FILTERS = ["known_on", "sources", "min_confidence", "claimed", "layers"]
SAID = ["state", "actors", "influence", "level", "stale", "stale_influence", "claim_ids"]


def said(*rows, ground=KIDAL, day=MAY, **chosen):
    """State and actors of a ground: the shortest thing to compare."""
    row = on(resolved(*rows, **chosen), ground, day)
    return row.state, *row.actors


# Step 1: what counts.


def test_the_first_day_counts_and_the_day_valid_to_does_not():
    t = resolved(claim("1", "CMA", KIDAL, "2014-05-21", "2014-05-25"))
    states = [on(t, KIDAL, date(2014, 5, day)).state for day in (20, 21, 24, 25)]
    assert states == ["none", "control", "control", "none"]


def test_what_has_no_end_lasts():
    t = resolved(claim("1", "FAMA", KIDAL, "2023-11-14"))
    assert on(t, KIDAL, date(9999, 12, 31)).actors == ("FAMA",)


def test_as_known_on_a_day_only_what_was_reported_by_then_counts():
    loss = claim("1", "CMA", KIDAL, "2014-05-21", reported_on="2014-05-23")
    assert said(loss, known_on=date(2014, 5, 22)) == ("none",)
    assert said(loss, known_on=date(2014, 5, 23)) == ("control", "CMA")


def test_what_a_source_took_back_counts_only_as_known_before():
    loss = claim("1", "CMA", KIDAL, "2014-05-21", withdrawn_on="2014-05-25")
    assert said(loss) == ("none",)
    assert said(loss, known_on=date(2014, 5, 25)) == ("none",)
    assert said(loss, known_on=date(2014, 5, 24)) == ("control", "CMA")


def test_a_corrected_claim_does_not_change_what_was_known_before():
    wrong = claim("1", "CMA", KIDAL, "2014-05-21", corrected_on="2020-03-01")
    right = claim("1", "FAMA", KIDAL, "2014-05-21", version=2)
    assert said(wrong, right) == ("control", "FAMA")
    assert said(wrong, right, known_on=date(2020, 3, 1)) == ("control", "FAMA")
    assert said(wrong, right, known_on=date(2020, 2, 29)) == ("control", "CMA")
    assert said(wrong) == ("none",)
    assert said(wrong, known_on=date(2020, 2, 29)) == ("control", "CMA")


def test_what_came_into_this_map_later_than_its_source_said_it_is_not_known_before():
    upload = claim("1", "CMA", KIDAL, "2014-05-21", published_on="2026-11-22")
    assert said(upload) == ("control", "CMA")
    assert said(upload, known_on=date(2026, 11, 22)) == ("control", "CMA")
    assert said(upload, known_on=date(2026, 11, 21)) == ("none",)


def test_a_claim_that_was_taken_back_and_put_up_again_is_unknown_between():
    first = claim("1", "CMA", KIDAL, "2014-05-21", corrected_on="2026-03-01")
    again = claim("1", "CMA", KIDAL, "2014-05-21", version=2, published_on="2026-05-01")
    for known, state in (("02-28", "control"), ("03-01", "none"), ("05-01", "control")):
        assert said(first, again, known_on=date.fromisoformat(f"2026-{known}"))[0] == state


@pytest.mark.parametrize("seed", range(4))
def test_as_known_on_a_day_the_versions_of_that_day_are_all_there_is(seed):
    rng = np.random.default_rng(seed)
    told = arbitrary(seed, 10)
    older = told.assign(corrected_on=pd.Timestamp("2022-01-01").as_unit("s"))
    middle = told.assign(
        version=2,
        actor=rng.permutation(told["actor"].to_numpy()),
        corrected_on=pd.Timestamp("2023-01-01").as_unit("s"),
    )
    newest = told.assign(version=3, actor=rng.permutation(told["actor"].to_numpy()))
    all_three = claims.parse(pd.concat([newest, older, middle]))
    for day, stood in (("2021-12-31", older), ("2022-01-01", middle), ("2023-01-01", newest)):
        known = date.fromisoformat(day)
        alone = stood.assign(corrected_on=pd.NaT)
        t = timeline.resolve(composite.build(all_three), known_on=known)
        one = timeline.resolve(composite.build(alone), known_on=known)
        for when in (date(2014, 1, 1), date(2018, 7, 1)):
            here, there = (slices.at(x, when)[SAID] for x in (t, one))
            assert_frame_equal(here, there)


def test_what_is_only_claimed_counts_when_asked_for():
    loss = claim("1", "MNLA", KIDAL, "2014-05-21", assertion="claimed")
    assert said(loss) == ("none",)
    assert said(loss, claimed=True) == ("control", "MNLA")


def test_what_is_denied_never_counts():
    loss = claim("1", "MNLA", KIDAL, "2014-05-21", assertion="denied")
    assert said(loss, claimed=True) == ("none",)


def test_a_claim_counts_if_any_of_its_sources_is_heard():
    loss = claim("1", "MNLA", KIDAL, "2014-05-21", sources="v11 v14")
    assert said(loss, sources=["v14", "v99"]) == ("control", "MNLA")
    assert said(loss, sources={"v99"}) == ("none",)
    assert said(loss, sources=[]) == ("none",)


def test_a_confidence_floor_leaves_out_what_is_below_it():
    loss = claim("1", "MNLA", KIDAL, "2014-05-21", confidence="medium")
    assert said(loss, min_confidence="low") == said(loss, min_confidence="medium")
    assert said(loss, min_confidence="high") == ("none",)


def test_a_confidence_floor_that_is_no_confidence_is_refused():
    with pytest.raises(ViewError, match=r"floor is 'certain'\. Choose one of low, medium, high"):
        resolved(claim("1", "MNLA", KIDAL, "2014-05-21"), min_confidence="certain")


# Step 2: the most local speaks.


def test_a_town_is_believed_over_its_region():
    rows = (
        claim("region", "MNLA", KIDAL_REGION, "2014-05-21", level="region", confidence="high"),
        claim("town", "FAMA", KIDAL, "2014-05-21", level="place", confidence="low"),
    )
    assert said(*rows) == ("control", "FAMA")
    assert said(*rows, ground=AGUELHOK) == ("control", "MNLA")


def test_influence_over_a_region_is_listed_beside_who_holds_the_town():
    t = resolved(
        claim("region", "JNIM", KIDAL_REGION, "2014-05-21", level="region", status="influence"),
        claim("town", "FAMA", KIDAL, "2014-05-21"),
    )
    assert on(t, KIDAL, MAY).influence == ("JNIM",)


# Step 3: a source does not contradict itself.


def test_of_one_source_the_latest_report_counts():
    assert said(
        claim("1", "FAMA", KIDAL, "2014-01-01", sources="v14"),
        claim("2", "MNLA", KIDAL, "2014-05-21", sources="v14"),
    ) == ("control", "MNLA")


def test_two_reports_of_one_source_on_one_day_are_a_disagreement():
    assert said(
        claim("1", "FAMA", KIDAL, "2014-05-21", sources="v14"),
        claim("2", "MNLA", KIDAL, "2014-05-21", sources="v14"),
    ) == ("contested", "FAMA", "MNLA")


def test_a_later_report_that_has_ended_does_not_supersede_an_earlier_one():
    t = resolved(
        claim("1", "FAMA", KIDAL, "2014-01-01", sources="v14"),
        claim("2", "MNLA", KIDAL, "2014-05-21", "2014-05-25", sources="v14"),
    )
    assert on(t, KIDAL, date(2014, 5, 24)).actors == ("MNLA",)
    assert on(t, KIDAL, date(2014, 5, 25)).actors == ("FAMA",)


def test_a_claim_stands_while_one_of_its_sources_has_said_nothing_later():
    both = claim("1", "FAMA", KIDAL, "2014-01-01", sources="v14 v16")
    first = claim("2", "MNLA", KIDAL, "2014-05-21", sources="v14")
    second = claim("3", "MNLA", KIDAL, "2014-05-22", sources="v16")
    assert said(both, first) == ("contested", "FAMA", "MNLA")
    assert said(both, first, second) == ("control", "MNLA")


def test_a_source_that_is_not_heard_cannot_keep_a_claim_standing():
    both = claim("1", "FAMA", KIDAL, "2014-01-01", sources="v14 v16")
    later = claim("2", "MNLA", KIDAL, "2014-05-21", sources="v14")
    assert said(both, later, sources=["v14"]) == ("control", "MNLA")


def test_a_report_on_the_region_does_not_supersede_the_same_source_on_the_town():
    assert said(
        claim("town", "FAMA", KIDAL, "2014-01-01", sources="v14"),
        claim("region", "MNLA", KIDAL_REGION, "2014-05-21", sources="v14", level="region"),
    ) == ("control", "FAMA")


# Step 4: better evidence first.


def test_only_the_best_evidence_counts():
    assert said(
        claim("1", "FAMA", KIDAL, "2014-05-21", confidence="medium"),
        claim("2", "MNLA", KIDAL, "2014-05-21", confidence="high"),
        claim("3", "CMA", KIDAL, "2014-05-21", confidence="low"),
    ) == ("control", "MNLA")


# Step 5: disagreement is shown.


def test_sources_that_agree_make_control():
    assert said(
        claim("1", "FAMA", KIDAL, "2014-05-21"), claim("2", "FAMA", KIDAL, "2014-05-22")
    ) == ("control", "FAMA")


def test_sources_that_do_not_agree_make_contested_between_all_they_name():
    assert said(
        claim("1", "MNLA", KIDAL, "2014-05-21"), claim("2", "FAMA", KIDAL, "2014-05-22")
    ) == ("contested", "FAMA", "MNLA")


def test_contested_by_anybody_is_contested_between_all():
    assert said(
        claim("1", "FAMA", KIDAL, "2014-05-21"),
        claim("2", "FAMA", KIDAL, "2014-05-21", status="contested", partners="MNLA HCUA"),
    ) == ("contested", "FAMA", "HCUA", "MNLA")


def test_a_contest_with_an_unnamed_rival_names_one():
    assert said(claim("1", "FAMA", KIDAL, "2014-05-21", status="contested")) == (
        "contested",
        "FAMA",
    )


def test_holding_with_partners_is_shared():
    for status in ("shared", "control"):
        assert said(
            claim("1", "MNLA", KIDAL, "2014-05-21", status=status, partners="HCUA MAA"),
            claim("2", "HCUA", KIDAL, "2014-05-21", status=status, partners="MAA MNLA"),
        ) == ("shared", "HCUA", "MAA", "MNLA")


def test_two_who_are_each_said_to_share_are_a_disagreement():
    assert said(
        claim("1", "MNLA", KIDAL, "2014-05-21", status="shared", partners="HCUA"),
        claim("2", "MNLA", KIDAL, "2014-05-21", status="shared", partners="MAA"),
    ) == ("contested", "HCUA", "MAA", "MNLA")


def test_shared_with_nobody_named_stays_shared():
    assert said(claim("1", "MNLA", KIDAL, "2014-05-21", status="shared")) == ("shared", "MNLA")


# Step 6: influence beside it.


def test_influence_is_not_listed_for_who_holds_or_contests():
    t = resolved(
        claim("1", "FAMA", GAO, "2014-05-21", status="contested", partners="JNIM"),
        claim("2", "JNIM", GAO, "2014-05-21", status="influence"),
        claim("3", "ISSP", GAO, "2014-05-21", status="influence", partners="FAMA DOZO"),
    )
    assert on(t, GAO, MAY).influence == ("DOZO", "ISSP")


def test_influence_alone_is_the_state():
    t = resolved(claim("1", "JNIM", GAO_REGION, "2014-05-21", status="influence"))
    row = on(t, GAO, MAY)
    assert (row.state, row.actors, row.influence, row.level) == ("influence", (), ("JNIM",), "")


@pytest.mark.parametrize("status", ["presence", "siege", "blockade"])
def test_presence_siege_and_blockade_change_no_state(status):
    t = resolved(
        claim("1", "FAMA", GAO, "2014-05-21"),
        claim("2", "JNIM", GAO_REGION, "2014-05-21", status=status),
    )
    assert on(t, GAO, MAY).actors == ("FAMA",)
    assert on(t, GAO, MAY).influence == ()
    assert on(t, box_beside(GAO), MAY).state == "none"


def box_beside(ground):
    return shapely.affinity.translate(ground, xoff=1)


# Stale.


def test_control_is_stale_one_year_and_a_day_after_its_newest_evidence():
    t = resolved(claim("1", "CMA", KIDAL, "2014-05-21", last_confirmed="2015-01-01"))
    assert not on(t, KIDAL, date(2016, 1, 1)).stale  # 365 days after
    assert on(t, KIDAL, date(2016, 1, 2)).stale


@pytest.mark.parametrize(
    ("status", "life"), [("control", 365), ("shared", 365), ("contested", 90), ("influence", 180)]
)
def test_every_state_has_a_shelf_life_of_its_own(status, life):
    t = resolved(claim("1", "CMA", KIDAL, "2014-05-21", status=status, partners="MAA"))
    status = "shared" if status == "control" else status
    last = date(2014, 5, 21) + timedelta(days=life)
    assert on(t, KIDAL, last).state == on(t, KIDAL, last + timedelta(days=1)).state == status
    assert not on(t, KIDAL, last).stale
    assert on(t, KIDAL, last + timedelta(days=1)).stale


@pytest.mark.parametrize(
    "why", [{"confidence": "low"}, {"sources": "source-of-1", "reported_on": "2014-05-20"}]
)
def test_a_report_set_aside_still_shows_that_the_holder_was_there(why):
    t = resolved(
        claim("1", "CMA", KIDAL, "2014-05-21"),
        claim("2", "CMA", KIDAL, "2014-05-21", last_confirmed="2016-05-21", **why),
    )
    assert on(t, KIDAL, date(2017, 1, 1)).claim_ids == ("1",)
    assert not on(t, KIDAL, date(2017, 1, 1)).stale


def test_a_report_of_another_holder_does_not_keep_a_state_fresh():
    t = resolved(
        claim("1", "CMA", KIDAL, "2014-05-21", confidence="high"),
        claim("2", "FAMA", KIDAL, "2016-05-21", confidence="low"),
        claim("3", "CMA", KIDAL, "2016-05-21", confidence="low", partners="FAMA"),
    )
    assert on(t, KIDAL, date(2016, 6, 1)).actors == ("CMA",)
    assert on(t, KIDAL, date(2016, 6, 1)).stale


def test_a_report_on_the_region_does_not_keep_the_town_fresh():
    t = resolved(
        claim("1", "CMA", KIDAL, "2014-05-21"),
        claim("2", "CMA", KIDAL_REGION, "2016-05-21", level="region"),
    )
    assert on(t, KIDAL, date(2016, 6, 1)).stale


def test_a_confirmation_by_a_source_that_is_off_leaves_the_first_day():
    row = claim(
        *("1", "CMA", KIDAL, "2014-05-21"),
        last_confirmed="2015-01-01",
        confirmed_by="later also-later",
    )
    heard, alone, gone = (
        resolved(row, sources=sources)
        for sources in (["source-of-1", "later"], ["source-of-1"], ["later", "also-later"])
    )
    assert not on(heard, KIDAL, date(2016, 1, 1)).stale
    assert on(alone, KIDAL, date(2015, 5, 22)).stale
    assert not on(alone, KIDAL, date(2015, 5, 21)).stale
    assert on(gone, KIDAL, date(2014, 6, 1)).state == "none"


def test_evidence_newer_than_what_was_known_counts_as_of_that_day():
    t = resolved(
        claim("1", "CMA", KIDAL, "2014-05-21", last_confirmed="2023-10-31"),
        known_on=date(2015, 1, 1),
    )
    assert not on(t, KIDAL, date(2016, 1, 1)).stale
    assert on(t, KIDAL, date(2016, 1, 2)).stale


def test_each_influence_goes_stale_by_itself():
    t = resolved(
        claim("1", "FAMA", GAO, "2014-05-21"),
        claim("2", "JNIM", GAO, "2014-01-01", status="influence"),
        claim("3", "ISSP", GAO, "2014-05-21", status="influence"),
    )
    row = on(t, GAO, date(2014, 7, 1))
    assert (row.stale, row.influence, row.stale_influence) == (False, ("ISSP", "JNIM"), ("JNIM",))


def test_influence_alone_is_stale_when_all_of_it_is():
    t = resolved(
        claim("2", "JNIM", GAO, "2014-01-01", status="influence"),
        claim("3", "ISSP", GAO, "2014-05-21", status="influence"),
    )
    assert not on(t, GAO, date(2014, 11, 17)).stale
    assert on(t, GAO, date(2014, 11, 18)).stale


# What comes back.


def test_runs_are_as_long_as_nothing_changes():
    t = resolved(
        claim("1", "CMA", KIDAL, "2014-05-21", "2014-06-01"),
        claim("2", "CMA", KIDAL, "2014-06-01", "2014-08-01"),
        claim("3", "FAMA", KIDAL, "2014-07-01", "2014-07-15", confidence="low"),
        claim("4", "FAMA", KIDAL, "2023-11-14"),
    )
    r = t.runs
    assert r.face.tolist() == [0, 0, 0]
    assert [str(day) for day in r.start] == ["2014-05-21", "2023-11-14", "2024-11-14"]
    assert [str(day) for day in r.stop] == ["2014-08-01", "2024-11-14", "NaT"]
    assert t.states.loc[r.state, "actors"].tolist() == [("CMA",), ("FAMA",), ("FAMA",)]
    assert t.states.loc[r.state, "stale"].tolist() == [False, False, True]


def test_a_state_that_comes_back_is_a_run_of_its_own():
    t = resolved(
        claim("1", "CMA", KIDAL, "2014-05-21", "2014-06-01"),
        claim("2", "CMA", KIDAL, "2014-07-01", "2014-08-01"),
    )
    assert len(t.runs.face) == 2
    assert on(t, KIDAL, date(2014, 6, 15)).state == "none"


def test_what_one_town_becomes_when_another_ceases_to_be_it_is_not_one_run():
    t = resolved(
        claim("1", "CMA", GAO, "2014-05-21", "2014-06-01"),
        claim("2", "CMA", KIDAL, "2014-06-01", "2014-07-01"),
    )
    assert t.runs.face.tolist() == [0, 1]
    assert on(t, GAO, date(2014, 6, 15)).state == "none"


def test_how_local_the_deciding_claims_are_is_part_of_the_state():
    t = resolved(
        claim("1", "CMA", KIDAL, "2014-05-21", "2014-06-01"),
        claim("2", "CMA", KIDAL, "2014-05-21", level="region"),
    )
    assert on(t, KIDAL, date(2014, 5, 31)).level == "place"
    assert on(t, KIDAL, date(2014, 6, 1)).level == "region"


def test_states_are_each_there_once_in_the_order_of_their_words():
    t = resolved(*arbitrary_rows())
    words = list(t.states.itertuples(index=False, name=None))
    ranked = [
        (timeline.STATES.index(s), a, i, ("", *LEVELS).index(level), stale, late)
        for s, a, i, level, stale, late in words
    ]
    assert ranked == sorted(set(ranked))
    assert set(t.runs.state) == set(t.states.index)


def arbitrary_rows():
    return arbitrary(3, n=30).to_dict("records")


def test_overlays_are_listed_with_the_day_they_go_stale():
    t = resolved(
        claim("1", "JNIM", shapely.LineString([(0, 16), (1, 18)]), "2025-09-03", status="blockade"),
        claim("2", "MINUSMA", GAO, "2013-07-01", "2023-12-31", status="presence"),
        claim("3", "JNIM", GAO, "2025-09-03", status="siege", assertion="claimed"),
        claim("4", "FAMA", GAO, "2013-01-26"),
        claimed=True,
    )
    assert_frame_equal(
        t.overlays,
        pd.DataFrame(
            {
                "claim": [0, 1, 2],
                "status": ["blockade", "presence", "siege"],
                "assertion": ["assessed", "assessed", "claimed"],
                "actor": ["JNIM", "MINUSMA", "JNIM"],
                "start": seconds("2025-09-03", "2013-07-01", "2025-09-03"),
                "stop": seconds("NaT", "2023-12-31", "NaT"),
                "stale_from": seconds("2025-12-03", "2014-07-02", "2025-12-03"),
            }
        ),
    )


def seconds(*days):
    return np.array(days, dtype="datetime64[s]")


def test_overlays_pass_the_same_filters_as_everything_else():
    siege = claim("1", "JNIM", GAO, "2025-09-03", status="siege", sources="v79", confidence="low")
    assert len(resolved(siege).overlays) == 1
    for chosen in (
        {"known_on": date(2025, 9, 2)},
        {"sources": ["v49"]},
        {"min_confidence": "medium"},
    ):
        assert len(resolved(siege, **chosen).overlays) == 0


def test_more_than_64_actors_may_be_told_apart():
    names = [f"GROUP-{i:03d}" for i in range(100)]
    t = resolved(*(claim(name, name, KIDAL, "2014-05-21") for name in names))
    assert on(t, KIDAL, MAY).actors == tuple(names)


def test_without_claims_nothing_is_said():
    empty = make(claim("1", "CMA", KIDAL, "2014-05-21")).iloc[:0]
    t = timeline.resolve(composite.build(empty, units()))
    assert len(t.runs.face) == len(t.states) == len(t.overlays) == 0
    assert (slices.at(t, MAY).state == "none").all()


def test_what_was_asked_for_is_kept():
    t = resolved(claim("1", "CMA", KIDAL, "2014-05-21"), sources=["v02", "v01"], claimed=True)
    assert t.filters == timeline.Filters(sources=frozenset({"v01", "v02"}), claimed=True)


def test_what_is_shared_cannot_be_changed(any_claims):
    runs = timeline.resolve(composite.build(any_claims)).runs
    for column in (runs.face, runs.start, runs.stop, runs.state):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = column[0]


def test_claims_and_composite_are_not_changed(any_claims):
    k = composite.build(any_claims)
    faces, claims, incidence = k.faces.copy(), k.claims.copy(), k.incidence.copy()
    timeline.resolve(k, known_on=date(2015, 1, 1), sources=["v01"], claimed=True)
    assert_geodataframe_equal(k.faces, faces)
    assert_geodataframe_equal(k.claims, claims)
    assert (k.incidence == incidence).all()


# Properties: true of any claims.


@given(tables(), filters, st.integers(0, 10**6))
def test_every_place_and_day_is_as_the_slow_and_obvious_rule_has_it(claims, chosen, seed):
    """The slow, obvious definition is the oracle."""
    k = composite.build(claims)
    t = timeline.resolve(k, **chosen)
    ground, _ = areas.polygons(claims.geometry, claims.claim_id)
    claims = claims.set_geometry(ground, crs=claims.crs)
    borders = shapely.union_all(shapely.boundary(ground))
    for day in telling_days(claims, seed):
        for point in sample_points(k.faces, seed, 4):
            if point.distance(borders) > 1e-5:
                agree(t, claims, point, day)


@settings(max_examples=80)
@given(stacks(), filters, st.integers(0, 10**6))
def test_a_place_much_spoken_of_is_as_the_slow_and_obvious_rule_has_it(claims, chosen, seed):
    t = timeline.resolve(composite.build(claims), **chosen)
    for day in telling_days(claims, seed):
        agree(t, claims, KIDAL.centroid, day)


def agree(t, claims, point, day):
    """Slice and explanation say what the oracle says."""
    chosen = {name: getattr(t.filters, name) for name in FILTERS}
    expected, steps = state_at(claims, point, day, **chosen)
    face = slices.locate(t.composite, point.x, point.y)
    if face is None:
        assert expected["state"] == "none"
        return
    assert dict(slices.at(t, day).loc[face, SAID]) == expected
    told = slices.explain(t, point.x, point.y, day)
    assert dict(zip(told.claim_id, told.step, strict=True)) == steps
    assert told.counts.tolist() == told.step.isin(["counts", "listed"]).tolist()


def telling_days(claims, seed):
    """Some days on which something may have changed, and the days before them."""
    rng = np.random.default_rng(seed)
    firsts = pd.concat([claims.valid_from, claims.valid_to.dropna()])
    lives = pd.concat([claims.last_confirmed + pd.Timedelta(days=n) for n in (91, 181, 366)])
    days = pd.concat([firsts, lives]).dt.date.unique()
    for day in rng.choice(days, min(3, len(days)), replace=False):
        yield from (day - timedelta(days=1), day)


@given(tables(plain=True))
def test_a_slice_is_what_overlaying_the_claims_of_that_day_gives(claims):
    """Independent sources, one level, one confidence: the rule is plain geometry."""
    k = composite.build(claims, units())
    t = timeline.resolve(k)
    ground, _ = areas.polygons(claims.geometry, claims.claim_id)
    country = shapely.union_all(units().geometry.to_numpy())
    ground = shapely.intersection(ground, country)
    slack = 2 * areas.GRID * (shapely.length(ground).sum() + country.length)
    for day in telling_days(claims, 0):
        live = (claims.valid_from <= pd.Timestamp(day)) & ~(claims.valid_to <= pd.Timestamp(day))
        expected = overlaid(claims[live], ground[live])
        got = slices.at(t, day)
        assert regions(got).keys() <= expected.keys()
        for key, area in expected.items():
            found = shapely.union_all(regions(got).get(key, []))
            assert found.symmetric_difference(area).area <= slack


def overlaid(claims, ground):
    def union(rows):
        return shapely.union_all(ground[rows.to_numpy()])

    actors = sorted(set(claims.actor))
    base = {a: union((claims.actor == a) & (claims.status != "influence")) for a in actors}
    disputed = [union(claims.status == "contested")] + [
        base[a] & base[b] for a in actors for b in actors if a < b
    ]
    contested = shapely.union_all([polygonal(g) for g in disputed])
    found = {"contested": contested}
    for a in actors:
        found["control", a] = base[a] - contested
        moves = union((claims.actor == a) & (claims.status == "influence"))
        # Whoever holds or contests the ground is not listed beside it.
        found["influence", a] = moves - base[a]
    return found


def polygonal(ground):
    parts = shapely.get_parts(ground)
    return shapely.union_all(parts[shapely.get_type_id(parts) == 3])


def regions(now):
    found = {}
    for row in now.itertuples():
        keys = [("influence", a) for a in row.influence]
        keys += {"contested": ["contested"], "control": [("control", *row.actors)]}.get(
            row.state, []
        )
        for key in keys:
            found.setdefault(key, []).append(row.geometry)
    return found


@given(tables(), filters)
def test_runs_of_a_face_are_in_order_apart_and_maximal(claims, chosen):
    runs = timeline.resolve(composite.build(claims), **chosen).runs
    assert (np.isnat(runs.stop) | (runs.start < runs.stop)).all()
    same = runs.face[1:] == runs.face[:-1]
    assert (runs.face[1:] >= runs.face[:-1]).all()
    assert (~np.isnat(runs.stop[:-1]) | ~same).all()
    gap = runs.start[1:] - runs.stop[:-1]
    assert (gap[same] >= np.timedelta64(0, "D")).all()
    assert (runs.state[1:] != runs.state[:-1])[same & (gap == np.timedelta64(0, "D"))].all()


@given(tables(), st.dates(date(2012, 1, 1), date(2014, 6, 1)))
def test_as_known_on_a_day_is_as_if_later_reports_had_never_been_made(claims, known_on):
    claims = claims.assign(last_confirmed=claims.valid_from, withdrawn_on=pd.NaT)
    claims["withdrawn_on"] = claims["withdrawn_on"].astype("datetime64[s]")
    reported = claims[claims.reported_on.dt.date <= known_on]
    then = timeline.resolve(composite.build(claims, units()), known_on=known_on)
    only = timeline.resolve(composite.build(reported, units()))
    latest = claims.valid_from.max().date()
    for day in (known_on, known_on - timedelta(days=100), min(latest, known_on)):
        a, b = slices.merged(slices.at(then, day)), slices.merged(slices.at(only, day))
        key = ["state", "actors", "influence", "stale", "claim_ids"]
        assert_frame_equal(pd.DataFrame(a[key]), pd.DataFrame(b[key]))
        assert a.area_km2.to_numpy() == pytest.approx(b.area_km2.to_numpy(), abs=0.05)


@given(tables(), st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_claims_change_what_is_said(claims, random):
    ids = claims.claim_id.tolist()
    shuffled = claims.iloc[random.sample(range(len(ids)), len(ids))]
    renamed = shuffled.assign(claim_id=random.sample(ids, len(ids)))
    a, b = (timeline.resolve(composite.build(c, units())) for c in (claims, renamed))
    assert_frame_equal(a.states, b.states)
    for name in ("face", "start", "stop", "state"):
        x, y = getattr(a.runs, name), getattr(b.runs, name)
        assert x.astype(np.int64).tolist() == y.astype(np.int64).tolist()


def test_filters_never_touch_the_ground(any_claims):
    k = composite.build(any_claims)
    assert timeline.resolve(k, min_confidence="high", sources=["v01"]).composite is k


def test_as_known_on_a_day_an_end_that_came_later_was_not_yet_known():
    held = claim("1", "FAMA", KIDAL, "2023-11-14", "2026-04-25")
    assert said(held, day=date(2026, 5, 15)) == ("none",)
    assert said(held, day=date(2026, 5, 15), known_on=date(2026, 4, 24))[:2] == ("control", "FAMA")
