from datetime import date

import oracle
import pytest
from builders import GAO, KIDAL, KIDAL_REGION, claim, make, resolved
from hypothesis import given
from strategies import days, filters, stacks, units

from geo import areas, composite, disagreement, history, layers, slices, timeline
from geo.errors import ViewError

MAY = date(2014, 6, 1)
BETTER = claim("sure", "CMA", KIDAL, "2014-05-21", confidence="high", sources="v14")
WEAKER = claim("weak", "FAMA", KIDAL, "2014-05-21", confidence="low", sources="v02")


def said(t, day=MAY):
    told = disagreement.answers(t, day)
    columns = ["face_id", "source", "state", "actors", "claim_ids"]
    return list(told[columns].itertuples(index=False, name=None))


def counted(t, day=MAY):
    row = disagreement.at(t, day).iloc[0]
    return row.sources, row.answers, row.agreeing, bool(row.differ)


def test_every_source_has_its_own_answer_however_good_its_evidence():
    t = resolved(BETTER, WEAKER)
    assert said(t) == [
        (0, "v02", "control", ("FAMA",), ("weak",)),
        (0, "v14", "control", ("CMA",), ("sure",)),
    ]
    assert counted(t) == (2, 2, 1, True)


def test_a_claim_with_two_sources_is_the_answer_of_both():
    t = resolved(BETTER | dict(sources="v14 v03"), WEAKER)
    assert [(row[1], row[3]) for row in said(t)] == [
        ("v02", ("FAMA",)),
        ("v03", ("CMA",)),
        ("v14", ("CMA",)),
    ]
    assert counted(t) == (3, 2, 2, True)


def test_sources_that_say_the_same_agree():
    t = resolved(BETTER, WEAKER | dict(actor="CMA"))
    assert counted(t) == (2, 1, 2, False)


def test_a_source_that_says_two_things_calls_the_ground_contested():
    later = claim("later", "FAMA", KIDAL, "2014-05-21", reported_on="2014-05-30", sources="v14")
    assert said(resolved(BETTER, later)) == [
        (0, "v14", "contested", ("CMA", "FAMA"), ("later", "sure"))
    ]
    assert counted(resolved(BETTER, later)) == (1, 1, 1, False)


def test_one_who_calls_it_contested_does_not_say_the_same_as_one_who_names_both_as_holders():
    t = resolved(
        claim("1", "CMA", KIDAL, "2014-05-21", partners="FAMA", status="contested"),
        claim("2", "CMA", KIDAL, "2014-05-21", partners="FAMA", status="shared"),
    )
    assert counted(t) == (2, 2, 1, True)


def test_a_claim_about_a_region_contradicts_none_about_a_town_in_it():
    region = claim("region", "FAMA", KIDAL_REGION, "2014-05-21", level="region", sources="v02")
    t = resolved(BETTER, region)
    faces = disagreement.at(t, MAY)
    assert not faces.differ.any()
    town = slices.locate(t.composite, 1.4, 18.4)
    assert [row[1:3] for row in said(t) if row[0] == town] == [("v14", "control")]
    assert (faces.sources == 1).all()


def test_influence_contradicts_nobody():
    t = resolved(BETTER, WEAKER | dict(status="influence"))
    assert counted(t) == (1, 1, 1, False)


def test_a_source_that_is_not_heard_does_not_differ():
    assert counted(resolved(BETTER, WEAKER, sources=["v14"])) == (1, 1, 1, False)
    assert counted(resolved(BETTER, WEAKER, min_confidence="high")) == (1, 1, 1, False)
    assert counted(resolved(BETTER, WEAKER | dict(assertion="claimed"))) == (1, 1, 1, False)
    assert counted(resolved(BETTER, WEAKER | dict(assertion="claimed"), claimed=True))[3]


def test_in_the_view_of_every_side_nobody_is_silenced():
    t = resolved(BETTER, WEAKER)
    assert slices.at(t, MAY).actors.tolist() == [("CMA",)]
    every = timeline.with_every_side(t)
    now = slices.at(every, MAY)
    assert (now.state[0], now.actors[0]) == ("contested", ("CMA", "FAMA"))
    assert slices.explain(every, 1.4, 18.4, MAY).step.tolist() == ["counts", "counts"]
    assert history.at(every, 0, until=MAY).state.tolist() == ["contested"]
    assert every.filters == t.filters


def test_where_sources_differ_is_listed_with_every_answer():
    t = resolved(
        BETTER | dict(area_ref="place:kidal", sources="v14 v03"),
        WEAKER | dict(area_ref="place:kidal"),
        claim("gao", "FAMA", GAO, "2013-01-26"),
    )
    listed = disagreement.where(t, MAY)
    assert len(listed) == 1
    row = listed.iloc[0]
    assert (row.kind, row.key, row.state, row.actors) == ("place", "kidal", "control", ("CMA",))
    assert row.km2 == pytest.approx(areas.km2(KIDAL)[0])
    assert (row.sources, row.agreeing) == (3, 2)
    assert row.answers == (
        ("control", ("CMA",), ("v03", "v14")),
        ("control", ("FAMA",), ("v02",)),
    )


def test_where_nobody_differs_nothing_is_listed():
    listed = disagreement.where(resolved(BETTER), MAY)
    assert len(listed) == 0
    assert list(listed) == list(disagreement.where(resolved(BETTER, WEAKER), MAY))


def test_over_time_the_ground_is_parted_by_whether_sources_agree():
    t = resolved(
        claim("1", "MNLA", KIDAL, "2012-03-30", "2012-06-28", sources="v01"),
        claim("2", "MNLA", KIDAL, "2012-04-10", "2012-06-28", sources="v02"),
        claim("3", "ANSARDINE", KIDAL, "2012-05-01", "2012-06-28", sources="v03"),
    )
    told = disagreement.over_time(t, date(2012, 3, 1), date(2012, 12, 31))
    assert told.day.dt.strftime("%m-%d").tolist() == ["03-01", "03-30", "04-10", "05-01", "06-28"]
    parts = told[["silent_km2", "single_km2", "agree_km2", "differ_km2", "silent_km2"]]
    kidal = pytest.approx(areas.km2(KIDAL)[0], abs=1e-5)
    assert [parts.iloc[i, i] for i in range(5)] == [kidal] * 5


def test_days_that_nothing_supports_or_that_run_backwards_are_refused():
    t = resolved(BETTER, WEAKER, supported_until=MAY)
    late = date(2014, 6, 2)
    for ask in (disagreement.answers, disagreement.at, disagreement.where):
        with pytest.raises(ViewError, match="Nothing is known of 2014-06-02"):
            ask(t, late)
    with pytest.raises(ViewError, match="Nothing is known of 2014-06-02"):
        disagreement.over_time(t, MAY, late)
    with pytest.raises(ViewError, match="2014-05-31 comes before 2014-06-01"):
        disagreement.over_time(t, MAY, date(2014, 5, 31))


def test_without_claims_everybody_is_silent():
    t = timeline.resolve(composite.build(make(BETTER).iloc[:0], units()))
    assert len(disagreement.answers(t, MAY)) == len(disagreement.where(t, MAY)) == 0
    assert not disagreement.at(t, MAY).sources.any()
    told = disagreement.over_time(t, MAY, MAY)
    assert told.silent_km2.item() == pytest.approx(t.composite.faces.area_km2.sum())


def test_runs_say_from_when_until_when_sources_differ():
    t = resolved(
        BETTER | dict(valid_to="2014-07-01"),
        WEAKER | dict(valid_from="2014-06-01", valid_to="2014-08-01"),
        claim("3", "FAMA", KIDAL, "2014-08-01", sources="v02"),
    )
    columns = ["start", "stop", "sources", "answers", "agreeing", "level"]
    told = disagreement.runs(t)[columns].astype(str).fillna("NaT")
    assert [*told.itertuples(index=False, name=None)] == [
        ("2014-05-21", "2014-06-01", "1", "1", "1", "place"),
        ("2014-06-01", "2014-07-01", "2", "2", "1", "place"),
        ("2014-07-01", "NaT", "1", "1", "1", "place"),  # the same of later days goes on
    ]


# ---- properties


def answers_slowly(claims, point, day, **chosen):
    """What each source says of a point on a day, source by source."""
    heard, _ = oracle.listen(oracle.valid(claims, point, day, chosen.get("known_on")), **chosen)
    local = oracle.most_local([c for c in heard if c.status in oracle.BASE])
    asked = chosen.get("sources")
    for source in sorted({s for c in local for s in c.sources if asked is None or s in asked}):
        state, actors = oracle.settle([c for c in local if source in c.sources])
        yield source, state, tuple(actors)


@given(stacks(), filters, days())
def test_answers_are_those_of_each_source_asked_alone(claims, chosen, day):
    t = timeline.resolve(composite.build(claims), **chosen)
    told = disagreement.answers(t, day)
    faces = disagreement.at(t, day)
    for face, point in faces.geometry.representative_point().items():
        mine = told[told.face_id == face][["source", "state", "actors"]]
        heard = list(mine.itertuples(index=False, name=None))
        assert heard == list(answers_slowly(claims, point, day, **chosen))
        answers = [row[1:] for row in heard]
        common = max([answers.count(answer) for answer in answers], default=0)
        expected = (len(heard), len(set(answers)), common)
        assert tuple(faces.loc[face, ["sources", "answers", "agreeing"]]) == expected


@given(stacks(), filters, days())
def test_where_sources_differ_the_view_of_every_side_is_contested(claims, chosen, day):
    t = timeline.resolve(composite.build(claims), **chosen)
    faces = disagreement.at(t, day)
    every = slices.at(timeline.with_every_side(t), day)
    told = disagreement.answers(t, day).groupby("face_id")
    for face, row in every.iterrows():
        if faces.answers[face] == 0:
            assert row.state in ("influence", "none")
        elif faces.answers[face] == 1:
            answer = told.get_group(face).iloc[0]
            assert (row.state, row.actors) == (answer.state, answer.actors)
        else:  # one who holds it alone may be said to share it, with partners nobody names
            assert row.state == "contested" or (row.state, len(row.actors)) == ("shared", 1)


@given(stacks(), filters)
def test_the_series_is_the_sum_of_the_days(claims, chosen):
    t = timeline.resolve(composite.build(claims), **chosen)
    series = disagreement.over_time(t, date(2012, 1, 1), date(2014, 12, 31))
    for row in series.iloc[:: max(1, len(series) // 3)].itertuples():
        faces = disagreement.at(t, row.day.date())
        km2 = faces.area_km2
        assert row.differ_km2 == pytest.approx(km2[faces.differ].sum(), abs=1e-5)
        agree = (faces.sources > 1) & ~faces.differ
        assert row.agree_km2 == pytest.approx(km2[agree].sum(), abs=1e-5)
        assert row.single_km2 == pytest.approx(km2[faces.sources == 1].sum(), abs=1e-5)
        assert row.silent_km2 == pytest.approx(km2[faces.sources == 0].sum(), abs=1e-5)
    listed = disagreement.where(t, date(2013, 1, 1))
    faces = disagreement.at(t, date(2013, 1, 1))
    assert listed.km2.sum() == pytest.approx(faces.area_km2[faces.differ].sum())


@given(stacks(), filters, days())
def test_runs_count_on_every_day_what_a_single_day_counts(claims, chosen, day):
    t = timeline.resolve(composite.build(claims), **chosen)
    told = disagreement.runs(t)
    now = told[(told.start <= str(day)) & ~(told.stop <= str(day))].set_index("face_id")
    faces = disagreement.at(t, day)
    spoken = faces.index[faces.sources > 0]
    assert [*now.index] == [*spoken]
    counted = ["sources", "answers", "agreeing"]
    assert (now[counted] == faces.loc[spoken, counted]).all(axis=None)


# ---- the layers as shipped


def test_in_july_2026_sources_differ_about_aguelhok():
    shipped = layers.load()
    t = timeline.resolve(composite.build(shipped.claims, shipped.units))
    listed = disagreement.where(t, date(2026, 7, 14))
    assert "aguelhok" in listed.key.tolist()
    row = listed[listed.key == "aguelhok"].iloc[0]
    assert {answer.actors for answer in row.answers} == {("FAMA", "FLA"), ("FAMA", "FLA", "JNIM")}
    told = disagreement.over_time(t, shipped.dataset.first_day, shipped.dataset.supported_until)
    whole = told[["differ_km2", "agree_km2", "single_km2", "silent_km2"]].sum(axis=1)
    assert whole.to_numpy() == pytest.approx(t.composite.faces.area_km2.sum())
