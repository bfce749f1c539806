"""Where sources differ, as the browser receives it."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import answers, cache, disagreement, layers, timeline
from geo.languages import ENGLISH, FRENCH

LAST = date(2026, 7, 14)


@pytest.fixture(scope="module")
def shipped():
    return layers.load()


@pytest.fixture(scope="module")
def resolved(shipped):
    return timeline.resolve(cache.composite(shipped.claims, shipped.units))


@pytest.fixture(scope="module")
def sent(shipped, resolved):
    return answers.looks(resolved, shipped.dataset.first_day, ENGLISH)


def test_sources_agree_differ_with_or_without_a_majority_or_one_speaks_alone():
    assert answers.kind(1, 1, 1) == "single"
    assert answers.kind(3, 1, 3) == "agree"
    assert answers.kind(5, 2, 3) == "dissent"
    assert answers.kind(4, 2, 2) == "split"
    assert answers.kind(3, 3, 1) == "split"


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=6))
def test_shares_in_whole_per_cent_sum_to_a_hundred(parts):
    shares = pd.Series(parts) / sum(parts)
    whole = answers.percents(shares)
    assert whole.sum() == 100
    assert ((whole - shares * 100).abs() < 1 + 1e-9).all()


def test_what_rounding_leaves_goes_to_the_largest_remainder():
    shares = pd.Series({"agree": 0.064, "single": 0.468, "silent": 0.468})
    assert answers.percents(shares).to_dict() == {"agree": 6, "single": 47, "silent": 47}
    assert answers.percents(pd.Series([0.065, 0.4675, 0.4675])).sum() == 100


def test_every_face_is_painted_on_every_day_as_its_sources_agree(shipped, resolved, sent):
    first = shipped.dataset.first_day
    for number in (0, 95, 400, 4336, 5059, 5248, 5308):
        faces = disagreement.at(resolved, first + timedelta(days=number))
        for runs, row in zip(sent["runs"], faces.itertuples(), strict=True):
            now = [
                state
                for start, stop, state in zip(runs[::3], runs[1::3], runs[2::3], strict=True)
                if start <= number and (stop is None or number < stop)
            ]
            if row.sources:
                (state,) = now
                kind = answers.kind(row.sources, row.answers, row.agreeing)
                assert sent["states"][state]["kind"] == kind
            else:
                assert now == []


def test_the_first_state_is_that_nobody_speaks(sent):
    assert sent["states"][0] is None
    assert sent["none"] == "No source says who holds it"


def test_the_looks_are_in_words_with_how_many_speak(sent):
    labels = {state["label"] for state in sent["states"] if state}
    assert "Most sources agree, others differ (5 sources, 2 answers)" in labels
    assert "Several sources, one answer (2 sources)" in labels
    assert "One source alone" in labels


def test_aguelhok_is_listed_with_each_answer_and_who_gives_it(shipped, resolved):
    told = answers.listed(shipped, resolved, LAST, ENGLISH)
    assert told["title"] == "Where sources differ on 14 July 2026"
    assert told["summary"].startswith("Sources contradict each other about 1 place, 201 km².")
    (ground,) = told["ground"]
    assert ground["name"] == "Aguelhok"
    assert ground["shown"].startswith("The map shows: Contested")
    assert [answer["count"] for answer in ground["answers"]] == ["3 of 5 sources", "2 of 5 sources"]
    assert [len(answer["sources"]) for answer in ground["answers"]] == [3, 2]
    assert all(source["grade"] for answer in ground["answers"] for source in answer["sources"])


def test_the_point_of_listed_ground_lies_in_it(shipped, resolved):
    (ground,) = answers.listed(shipped, resolved, LAST, ENGLISH)["ground"]
    faces = disagreement.at(resolved, LAST)
    here = faces.sindex.query(shipped.places.geometry["aguelhok"], predicate="intersects")
    assert faces.iloc[here].differ.any()
    assert (ground["lon"], ground["lat"]) == (
        pytest.approx(shipped.places.geometry["aguelhok"].x, abs=1e-4),
        pytest.approx(shipped.places.geometry["aguelhok"].y, abs=1e-4),
    )


def test_a_day_without_contradictions_says_so(shipped, resolved):
    told = answers.listed(shipped, resolved, date(2013, 2, 1), FRENCH)
    assert told["ground"] == []
    assert "ne se contredisent" in told["summary"]


def test_disputes_on_record_are_told_beside_what_claims_say(shipped, resolved):
    told = answers.listed(shipped, resolved, date(2022, 5, 31), ENGLISH)
    assert told["ground"] == []
    topics = {dispute["topic"]: dispute["name"] for dispute in told["recorded"]}
    assert topics["Kidal under the accord"] == "Kidal"
    assert None in topics.values()  # some are about no one place
    later = answers.listed(shipped, resolved, LAST, ENGLISH)["recorded"]
    assert "Kidal under the accord" not in {dispute["topic"] for dispute in later}


def test_every_period_in_which_sources_differ_can_be_gone_to(shipped, resolved):
    periods = answers.elsewhen(shipped, resolved, ENGLISH)
    days = [period["from"] for period in periods]
    assert days == sorted(days, reverse=True)
    for period in periods:
        day = date.fromisoformat(period["from"])
        now = answers.listed(shipped, resolved, day, ENGLISH)["ground"]
        assert period["name"] in [ground["name"] for ground in now]
    on = disagreement.at(resolved, LAST)
    assert any(p["period"].endswith("as far as known") for p in periods) == on.differ.any()
