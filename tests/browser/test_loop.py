"""A period that plays again and again: set by key and pointer, a bracket, kept in the address."""

import pytest
from conftest import DESK, sitting
from reader import Reader

LOOP = "loop=2019-01-01,2021-01-01"


@pytest.fixture
def calm(app, chromium):
    """A reader who wants no motion."""
    with sitting(app, chromium, **DESK, reduced_motion="reduce") as person:
        yield person


def ends(reader):
    """Where the bracket stands, as the page says it, and whether it is drawn there."""
    page = reader.page
    said = [page.locator(f".end.{name}").get_attribute("aria-valuetext") for name in ("from", "to")]
    slider = page.locator(".slider").bounding_box()
    last = int(page.locator(".slider").get_attribute("max"))
    for name in ("from", "to"):
        end = page.locator(f".end.{name}")
        box, day = end.bounding_box(), int(end.get_attribute("aria-valuenow"))
        middle = slider["x"] + 7 + (slider["width"] - 14) * day / last
        assert box["x"] + box["width"] / 2 == pytest.approx(middle, abs=1)
    return said


def test_brackets_on_the_keyboard_set_the_period_and_l_ends_it(reader: Reader):
    reader.open("?date=2019-01-01")
    slider = reader.page.locator(".slider")
    assert reader.page.locator(".loop").is_hidden()
    slider.press("[")
    reader.page.locator(".typed").fill("2021-01-01")
    reader.page.locator(".day").click()
    reader.address(date="2021-01-01")
    reader.page.locator(".said").get_by_text("Friday, 1 January 2021").wait_for(state="attached")
    slider.press("]")
    reader.address(loop="2019-01-01,2021-01-01")
    assert ends(reader) == ["1 January 2019", "1 January 2021"]
    assert reader.page.locator(".looping").get_attribute("aria-pressed") == "true"
    assert reader.page.locator(".said").inner_text() == (
        "Loop from 1 January 2019 to 1 January 2021"
    )
    slider.press("l")
    reader.page.wait_for_function("() => !location.search.includes('loop=')")
    assert reader.page.locator(".loop").is_hidden()


def test_an_address_restores_the_period_and_it_plays_within(reader: Reader):
    reader.open(f"?date=2012-03-01&{LOOP}")
    first, last = reader.number("2019-01-01"), reader.number("2021-01-01")
    assert ends(reader) == ["1 January 2019", "1 January 2021"]
    reader.page.locator(".speed").select_option("1461")
    reader.frame.evaluate(
        """() => {
            window.days = [];
            const show = mcmOverlay.setDay.bind(mcmOverlay);
            mcmOverlay.setDay = (day) => { window.days.push(day); return show(day); };
        }"""
    )
    reader.page.locator(".play").click()
    # It goes round: a later day is followed by an earlier one.
    reader.frame.wait_for_function("() => window.days.some((day, i, days) => day < days[i - 1])")
    reader.page.locator(".play").click()
    days = reader.frame.evaluate("() => window.days")
    assert first <= min(days) < max(days) <= last
    assert reader.address(loop="2019-01-01,2021-01-01")


def test_an_end_is_moved_by_arrows_and_by_the_pointer_and_stops_before_the_other(reader: Reader):
    reader.open(f"?date=2020-01-01&{LOOP}")
    begin = reader.page.locator(".end.from")
    begin.press("ArrowRight")
    begin.press("PageUp")
    assert begin.get_attribute("aria-valuetext") == "1 February 2019"
    box = begin.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    reader.page.mouse.move(x, y)
    reader.page.mouse.down()
    reader.page.mouse.move(x + 600, y, steps=8)
    reader.page.mouse.up()
    assert ends(reader) == ["25 December 2020", "1 January 2021"]
    assert reader.shown() == "2020-01-01", "the date does not follow the bracket"
    begin.press("Delete")
    reader.page.wait_for_function("() => !location.search.includes('loop=')")


def test_the_button_loops_the_year_before_the_day(reader: Reader):
    reader.open("?date=2016-06-30")
    reader.page.locator(".looping").click()
    assert ends(reader) == ["1 July 2015", "30 June 2016"]
    reader.page.locator(".looping").click()
    assert reader.page.locator(".loop").is_hidden()


def test_a_short_period_never_flashes(reader: Reader):
    reader.open("?date=2016-01-01&loop=2016-01-01,2016-01-09")
    reader.page.locator(".speed").select_option("1461")
    reader.page.locator(".play").click()
    seen = reader.frame.evaluate(
        """async () => {
            const days = [];
            const end = performance.now() + 2500;
            while (performance.now() < end) {
                days.push(mcmOverlay.day());
                await new Promise(requestAnimationFrame);
            }
            return days.filter((day, i) => i && day < days[i - 1]).length;
        }"""
    )
    assert seen <= 2


def test_without_motion_playing_goes_from_change_to_change(calm: Reader):
    calm.open("?date=2023-11-10")
    assert calm.frame.evaluate("() => matchMedia('(prefers-reduced-motion: reduce)').matches")
    calm.page.locator(".play").click()
    days = {calm.frame.evaluate("() => mcmOverlay.day()")}
    calm.frame.wait_for_function("(day) => mcmOverlay.day() >= day", arg=calm.number("2023-11-14"))
    calm.page.locator(".play").click()
    changes = set(calm.frame.evaluate("() => mcmOverlay._data.days"))
    assert calm.number(calm.shown()) in changes
    assert days == {calm.number("2023-11-10")}, "nothing moves by itself"
