from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from builders import KIDAL, KIDAL_REGION, claim, make, resolved
from hypothesis import given
from strategies import filters, tables

from geo import composite, history, slices, timeline
from geo.errors import ViewError

# Who held Kidal: three years of it, and what was said of its region.
TOWN = (
    claim("1", "MNLA", KIDAL, "2012-03-30", "2012-06-28", partners="ANSAR-DINE", status="shared"),
    claim("2", "ANSAR-DINE", KIDAL, "2012-06-28", "2013-01-28"),
    claim("3", "ANSAR-DINE", KIDAL, "2012-07-01", "2012-10-01", sources="v99"),
    claim("4", "CMA", KIDAL, "2014-05-21"),
)
STATE = ["state", "actors", "influence", "level", "stale", "stale_influence"]


def spans(t, **limits):
    told = history.at(t, slices.locate(t.composite, 1.4, 18.4), **limits)
    return [
        (f"{row.start:%Y-%m-%d}", f"{row.stop:%Y-%m-%d}", row.state, row.actors, row.claim_ids)
        for row in told.itertuples()
    ]


def test_spans_follow_each_other_with_the_gaps_between():
    assert spans(resolved(*TOWN), until=date(2014, 12, 31)) == [
        ("2012-03-30", "2012-06-28", "shared", ("ANSAR-DINE", "MNLA"), ("1",)),
        ("2012-06-28", "2013-01-28", "control", ("ANSAR-DINE",), ("2", "3")),
        ("2013-01-28", "2014-05-21", "none", (), ()),
        ("2014-05-21", "2015-01-01", "control", ("CMA",), ("4",)),
    ]


def test_a_history_may_begin_and_end_within_a_span():
    t = resolved(*TOWN)
    assert spans(t, first_day=date(2012, 6, 1), until=date(2012, 6, 28)) == [
        ("2012-06-01", "2012-06-28", "shared", ("ANSAR-DINE", "MNLA"), ("1",)),
        ("2012-06-28", "2012-06-29", "control", ("ANSAR-DINE",), ("2",)),
    ]
    assert spans(t, first_day=date(2011, 1, 1), until=date(2011, 1, 1)) == [
        ("2011-01-01", "2011-01-02", "none", (), ())
    ]


def test_a_state_going_stale_is_a_span_of_its_own():
    told = history.at(resolved(TOWN[3]), 0, until=date(2016, 1, 1))
    assert told.start.dt.strftime("%Y-%m-%d").tolist() == ["2014-05-21", "2015-05-22"]
    assert told.stale.tolist() == [False, True]


def test_a_history_has_a_row_for_every_span_and_a_column_for_all_that_is_said():
    told = history.at(resolved(*TOWN), 0, until=date(2014, 12, 31))
    assert list(told.columns) == ["start", "stop", *STATE, "claim_ids"]
    assert told.start.dtype == told.stop.dtype == "datetime64[s]"


def test_a_history_that_ends_before_it_begins_is_refused():
    with pytest.raises(ViewError, match=r"2012-01-01 comes before 2012-03-30\. Choose a later"):
        history.at(resolved(*TOWN), 0, until=date(2012, 1, 1))


def test_a_history_does_not_go_beyond_the_last_day_that_is_supported():
    t = resolved(*TOWN, supported_until=date(2015, 1, 1))
    assert spans(t, until=date(2015, 1, 1))[-1][1] == "2015-01-02"
    with pytest.raises(ViewError, match=r"Nothing is known of 2015-01-02"):
        history.at(t, 0, until=date(2015, 1, 2))


@pytest.mark.parametrize("face", [-1, 1])
def test_a_face_that_is_not_there_is_refused(face):
    with pytest.raises(ViewError, match=rf"no face {face}\. .* slices\.locate"):
        history.at(resolved(*TOWN), face, until=date(2015, 1, 1))


def test_without_claims_there_is_one_day_without_information():
    units = make(claim("u", "-", KIDAL_REGION, "2012-01-01"))[["geometry"]]
    t = timeline.resolve(composite.build(make(*TOWN).iloc[:0], units))
    assert spans(t, until=date(2015, 1, 1)) == [("2015-01-01", "2015-01-02", "none", (), ())]


def test_days_of_change_are_those_on_which_some_face_changes():
    t = resolved(*TOWN, claim("5", "JNIM", KIDAL_REGION, "2014-05-21", status="influence"))
    assert [str(day) for day in history.changes_days(t)] == [
        "2012-03-30",
        "2012-06-28",
        "2013-01-28",
        "2014-05-21",
        "2014-11-18",  # the influence is stale
        "2015-05-22",  # and so is control
    ]


def test_without_claims_nothing_changes():
    t = timeline.resolve(composite.build(make(*TOWN).iloc[:0]))
    assert history.changes_days(t).shape == (0,)


@given(tables(), filters)
def test_a_history_says_what_the_slices_say(claims, chosen):
    t = timeline.resolve(composite.build(claims), **chosen)
    until = date(2014, 6, 1)
    for face in t.composite.faces.index[:3]:
        told = history.at(t, face, until=until)
        assert (told.start[1:].to_numpy() == told.stop[:-1].to_numpy()).all()
        for row in told.itertuples():
            for day in (row.start.date(), row.stop.date() - timedelta(days=1)):
                now = slices.at(t, day).loc[face]
                assert tuple(now[STATE]) == tuple(getattr(row, name) for name in STATE)
                assert set(now.claim_ids) <= set(row.claim_ids)


@given(tables())
def test_between_two_days_of_change_nothing_changes(claims):
    t = timeline.resolve(composite.build(claims))
    days = history.changes_days(t)
    assert (np.diff(days) > np.timedelta64(0, "D")).all()
    for first, after in pairwise(days[:5]):
        a, b, c = (
            pd.DataFrame(slices.at(t, day.astype(date))[STATE])
            for day in (first, after - np.timedelta64(1, "D"), after)
        )
        assert a.equals(b)
        assert not b.equals(c)
