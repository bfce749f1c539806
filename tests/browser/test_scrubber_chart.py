"""The scrubber as a chart: what it counts, thin evidence, the end of the data, changes in view."""

from datetime import date, timedelta

import looks
import pytest
from reader import Reader

from geo import cache, figures, layers, timeline

FIRST = date(2012, 1, 1)
MEASURED = "(measure) => mcmOutlook.measured(mcmOverlay._data, measure)"


@pytest.fixture(scope="module")
def ranges():
    shipped = layers.load()
    resolved = timeline.resolve(cache.composite(shipped.claims, shipped.units))
    return figures.ranges(resolved, shipped.places)


def on(chart, number):
    """By kind, what the chart draws on a day; the share of it that is old."""
    row = max(i for i, day in enumerate(chart["days"]) if day <= number)
    sums = dict.fromkeys(("control", "contested", "influence"), 0)
    for line in chart["series"]:
        sums[line["kind"]] += line["sums"][row]
    return sums, chart["stale"][row]


@pytest.fixture(scope="module")
def data(staying: Reader):
    return staying.open().frame


@pytest.mark.parametrize("measure", ["km2", "places", "people"])
def test_the_chart_counts_what_the_figures_count(data, ranges, measure):
    chart = data.evaluate(MEASURED, measure)
    for day in (FIRST, date(2012, 4, 5), date(2020, 7, 1), date(2026, 7, 14)):
        told = figures.on(ranges, day)
        ground = told[told.actor == figures.EVERYBODY].set_index("state")
        sums, old = on(chart, (day - FIRST) // timedelta(days=1))
        held = ground[measure]["control"] + ground[measure]["shared"]
        near = dict(rel=1e-4, abs=2)
        assert sums["control"] == pytest.approx(held, **near)
        assert sums["contested"] == pytest.approx(ground[measure]["contested"], **near)
        assert sums["influence"] == pytest.approx(ground[measure]["influence"], **near)
        whole = ground.loc[ground.index != "none", measure].sum()
        if whole:
            stale = ground.loc[ground.index != "none", f"stale_{measure}"].sum() / whole
            assert old == pytest.approx(stale, abs=1e-3)


def test_what_the_chart_counts_is_chosen_and_kept_in_the_address(reader: Reader):
    reader.open("?date=2020-07-01")
    choice = reader.page.locator(".measure")
    assert choice.locator("option").all_inner_texts() == ["km²", "people", "places"]
    chart = reader.page.locator(".chart")
    before = chart.evaluate("(canvas) => canvas.toDataURL()")
    choice.select_option("people")
    reader.address(of="people")
    assert chart.evaluate("(canvas) => canvas.toDataURL()") != before
    reader.page.reload()
    reader.ready()
    assert choice.input_value() == "people"
    assert reader.address(of="people")["date"] == "2020-07-01"


def test_the_end_of_what_sources_support_is_marked_and_the_handle_stops_there(reader: Reader):
    reader.open()
    assert reader.page.locator(".limit").inner_text() == "Sources end on 14 July 2026"
    chart = reader.page.locator(".chart").bounding_box()
    slider = reader.page.locator(".slider").bounding_box()
    assert chart["x"] + chart["width"] > slider["x"] + slider["width"] + 15
    picture = reader.picture()
    row = slider["y"] + 40
    beyond = {
        picture.at(slider["x"] + slider["width"] + x, row + y)
        for x in range(3, 12)
        for y in range(6)
    }
    assert len(beyond) > 1, "hatched"


def test_thin_evidence_is_a_band_below_the_chart(reader: Reader):
    reader.open("?date=2013-01-01")
    chart = reader.frame.evaluate(MEASURED, "km2")
    assert min(chart["stale"]) == 0
    assert max(chart["stale"]) > 0.3
    thick, thin = chart["stale"].index(0), chart["stale"].index(max(chart["stale"]))
    slider = reader.page.locator(".slider").bounding_box()
    last = int(reader.page.locator(".slider").get_attribute("max"))
    picture = reader.picture()

    def band(row):
        end = chart["days"][row + 1] if row + 1 < len(chart["days"]) else last
        day = (chart["days"][row] + end) / 2
        return sum(
            picture.at(slider["x"] + 7 + (slider["width"] - 14) * day / last, slider["y"] + 63)
        )

    assert band(thin) < band(thick) - 60
    assert "shelf-life" in reader.page.locator(".foot").inner_text()


def test_next_and_previous_stay_in_the_view(reader: Reader):
    # At Kidal nothing changed when Farabougou did, in October 2020.
    reader.open("?date=2020-06-01")
    anywhere = reader.frame.evaluate("() => mcmOverlay._data.days")
    reader.look_at(*looks.at("kidal"), 11)
    reader.rest()
    assert reader.page.locator(".next").get_attribute("title") == (
        "Next change in this view (full stop)"
    )
    seen = reader.state(*looks.at("kidal"))
    while reader.page.locator(".next").get_attribute("aria-disabled") != "true":
        before = reader.number(reader.shown())
        reader.page.locator(".next").click()
        passed = [day for day in anywhere if before < day < reader.number(reader.shown())]
        if len(passed) > 3:
            break
    assert len(passed) > 3, "changes elsewhere are passed over"
    assert seen is not None


def test_where_no_later_change_is_in_view_the_button_says_so(reader: Reader):
    reader.open("?date=2026-07-14")
    button = reader.page.locator(".next")
    assert button.get_attribute("aria-disabled") == "true"
    assert button.get_attribute("title") == "No later change in this view"
    button.press("Enter")
    assert reader.page.locator(".said").inner_text() == "No later change in this view"
    assert reader.shown() == "2026-07-14"


def test_over_ground_on_which_nothing_ever_changes_all_changes_count(reader: Reader):
    reader.open("?date=2023-11-13")
    reader.look_at(-10, 26, 8)  # Mauritania
    button = reader.page.locator(".next")
    reader.page.wait_for_function(
        """() => [...document.querySelectorAll("*")].some((e) => e.shadowRoot
            ?.querySelector(".next")?.title.startsWith("Next change anywhere"))
            || document.querySelector(".next")?.title.startsWith("Next change anywhere")"""
    )
    button.click()
    assert reader.shown() == "2023-11-14"
