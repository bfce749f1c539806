"""Who confirmed a claim after it was made."""

from builders import claim, make
from shapely import box

from geo import evidence

TOWN = box(1, 18, 1.1, 18.1)
LATER = {"last_confirmed": "2015-01-01", "sources": "v01", "confirmed_by": "v02 v03"}


def test_a_confirmation_is_heard_with_any_source_that_gave_it_and_without_all_of_them_is_none():
    claims = make(claim("1", "CMA", TOWN, "2014-05-21", **LATER))

    def last(*heard):
        (row,) = evidence.as_heard(claims, frozenset(heard)).itertuples()
        return str(row.last_confirmed.date()), row.confirmed_by

    assert last("v01", "v03") == ("2015-01-01", ("v02", "v03"))
    assert last("v01") == ("2014-05-21", ())
    assert evidence.as_heard(claims, None) is claims


def test_a_claim_confirmed_by_nobody_else_rests_on_its_own_sources():
    claims = make(claim("1", "CMA", TOWN, "2014-05-21", **LATER | {"confirmed_by": ""}))
    (row,) = evidence.as_heard(claims, frozenset({"v01"})).itertuples()
    assert str(row.last_confirmed.date()) == "2015-01-01"


def test_a_claim_cites_each_source_once():
    assert evidence.cited({"sources": ("v02", "v01"), "confirmed_by": ("v01", "v03")}) == (
        *("v02", "v01"),
        "v03",
    )
