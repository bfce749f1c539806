from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest import days


def said(cell, order=""):
    read = days.read(cell, order)
    return str(read.first), str(read.after), read.precision, read.rule


@pytest.mark.parametrize("cell", ["2024-05-31", "2024-05-31T00:00:00", "2024-05-31 00:00:00Z"])
def test_an_iso_day_is_read_without_a_word(cell):
    assert said(cell) == ("2024-05-31", "2024-06-01", "day", "")


@pytest.mark.parametrize(
    "cell",
    [
        "2024/05/31",
        "2024.5.31",
        "2024-5-31",
        "20240531",
        "31/05/2024",
        "05/31/2024",
        "31-05-2024",
        "31 mai 2024",
        "31 May 2024",
        "May 31, 2024",
    ],
)
def test_a_day_with_one_reading_is_read_and_that_is_said(cell):
    assert said(cell) == ("2024-05-31", "2024-06-01", "day", "day-rewritten")


@pytest.mark.parametrize(
    ("cell", "first", "after", "precision"),
    [
        ("2024", "2024-01-01", "2025-01-01", "year"),
        ("2024-12", "2024-12-01", "2025-01-01", "month"),
        ("12/2024", "2024-12-01", "2025-01-01", "month"),
        ("août 2024", "2024-08-01", "2024-09-01", "month"),
        ("2024-Q4", "2024-10-01", "2025-01-01", "quarter"),
        ("T1 2024", "2024-01-01", "2024-04-01", "quarter"),
    ],
)
def test_a_span_is_widened_to_the_whole_of_it(cell, first, after, precision):
    assert said(cell) == (first, after, precision, "day-widened")


def test_a_day_with_two_readings_is_asked_about_and_read_once_answered():
    assert said("03/04/2025")[3] == "day-ambiguous"
    assert said("03/04/2025", "dmy")[0] == "2025-04-03"
    assert said("03/04/2025", "mdy")[0] == "2025-03-04"
    assert said("04/04/2025")[0] == "2025-04-04"


def test_a_moment_is_cut_to_the_day_it_was_in_mali():
    assert said("2024-05-31T23:30:00-02:00")[0] == "2024-06-01"
    assert said("2024-05-31 23:30")[0] == "2024-05-31"
    assert said("2024-05-31T23:30:00Z")[3] == "time-cut"


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("2023-02-29", "day-impossible"),
        ("31/31/2024", "day-impossible"),
        ("0000-01-01", "day-impossible"),
        ("9999-12-31", "day-impossible"),
        ("45413", "day-number"),
        ("yesterday", "day-unreadable"),
        ("03/04/25", "day-unreadable"),
        ("-0043-03-15", "day-unreadable"),
        (True, "day-unreadable"),
        ([2024, 5, 1], "day-unreadable"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(cell, rule):
    assert said(cell)[3] == rule


def test_values_that_are_days_already_are_taken():
    assert said(date(2024, 5, 31))[0] == "2024-05-31"
    assert said(datetime(2024, 5, 31))[3] == ""  # noqa: DTZ001


@given(st.text(max_size=30))
def test_any_text_has_a_reading_or_a_rule(text):
    read = days.read(text)
    assert (read.first is None) == (read.after is None)
    assert read.first is not None or read.rule
    if read.first:
        assert read.first < read.after


@given(st.dates(max_value=date(9999, 12, 30)))
def test_every_day_is_read_as_it_is_written(day):
    assert days.read(day.isoformat()).first == day
    assert days.read(f"{day:%d/%m/}{day.year:04d}", "dmy").first == day
    assert days.read(f"{day:%m/%d/}{day.year:04d}", "mdy").first == day
