"""Moving the date: only the browser works, the map stays, and all else follows at the end."""

import looks
import pytest
from reader import Reader

FRAGMENT = "FINISHED_FRAGMENT_RUN_SUCCESSFULLY"

# Marks the map's frame, its document and its map, so that any other is told from them.
MARK = """() => {
    window.mark = "here";
    document.body.mark = "here";
    mcmOverlay._map.mark = "here";
    for (const canvas of document.querySelectorAll("canvas")) canvas.mark = "here";
}"""
MARKED = """() => [window.mark, document.body.mark, mcmOverlay._map.mark,
    ...[...document.querySelectorAll("canvas")].map((canvas) => canvas.mark)]
    .every((mark) => mark === "here")"""

# Looks at a thumbnail of each of the map's canvases in every frame, until told to stop.
WATCH = """() => {
    const names = ["ground", "fills", "lines", "symbols"];
    const small = Object.assign(document.createElement("canvas"), {width: 24, height: 24});
    const ctx = small.getContext("2d", {willReadFrequently: true});
    window.seen = {frames: 0, days: new Set(), blank: {}};
    const look = () => {
        window.seen.frames += 1;
        window.seen.days.add(mcmOverlay.day());
        for (const name of names) {
            ctx.clearRect(0, 0, 24, 24);
            ctx.drawImage(document.querySelector(`.mcm-${name}`), 0, 0, 24, 24);
            const {data} = ctx.getImageData(0, 0, 24, 24);
            const empty = data.every((value, i) => i % 4 < 3 || value === 0);
            window.seen.blank[name] = (window.seen.blank[name] ?? 0) + empty;
        }
        if (!window.enough) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
WATCHED = """() => {
    window.enough = true;
    return {...window.seen, days: window.seen.days.size};
}"""


@pytest.fixture(scope="module")
def country(staying: Reader):
    return staying.open()


def test_a_drag_sends_nothing_to_python_and_reloads_nothing(reader: Reader):
    reader.open("?date=2012-01-20&at=1.4092,18.4434").rest()
    iframe = reader.page.wait_for_selector("iframe[title*='st_folium']")
    frame = iframe.content_frame()
    frame.evaluate(MARK)
    frame.evaluate(WATCH)
    sent, runs = len(reader.sent), len(reader.runs())

    with reader.dragging("2026-05-15", steps=60):
        assert len(reader.sent) == sent
    reader.page.wait_for_function("() => !location.search.includes('2012-01-20')")
    reader.details(day="15 May 2026")
    seen = frame.evaluate(WATCHED)

    assert seen["days"] > 20
    assert seen["blank"] == {"ground": 0, "fills": 0, "lines": 0, "symbols": 0}
    assert frame.evaluate(MARKED)
    assert iframe.evaluate("(frame) => frame.isConnected && frame.contentWindow.mark === 'here'")
    # Letting go ran one fragment, and the page itself not again.
    reader.rest()
    assert reader.runs()[runs:] == [FRAGMENT]


def test_pan_and_zoom_are_kept_while_the_date_moves(reader: Reader):
    reader.open("?date=2012-01-20")
    x, y = reader.spot(*looks.at("gao"))
    reader.page.mouse.move(x, y)
    reader.page.mouse.wheel(0, -600)
    reader.frame.wait_for_function("() => mcmOverlay._map.getZoom() > 6")
    reader.page.wait_for_timeout(600)  # the zoom is animated
    reader.page.mouse.down()
    reader.page.mouse.move(x - 120, y - 80, steps=6)
    reader.page.mouse.up()
    reader.page.wait_for_timeout(800)  # and the map glides on
    before = reader.camera()
    reader.scrub("2023-11-15").rest()
    assert reader.camera() == before


def test_letting_go_takes_the_details_and_the_address_to_the_day(reader: Reader):
    reader.open("?date=2023-11-15&at=1.4092,18.4434")
    reader.details(title="Kidal", day="15 November 2023")
    reader.scrub("2012-04-05")
    seen = {"date": "2012-04-05", "at": "1.4092,18.4434", "lang": "en"}
    assert reader.address(date="2012-04-05") == seen
    state = reader.details(title="Kidal", day="5 April 2012").locator(".state strong")
    assert state.inner_text() == "Held jointly by Ansar Dine and MNLA"


def test_playing_moves_the_date_by_the_clock_until_it_is_paused(country):
    reader = country.type("2012-01-20")
    play = reader.page.locator(".play")
    play.click()
    assert play.get_attribute("aria-label") == "Pause (space)"
    reader.frame.wait_for_function("() => mcmOverlay.day() > 150")
    sent = len(reader.sent)
    reader.frame.wait_for_function("() => mcmOverlay.day() > 400")
    assert len(reader.sent) == sent, "playing sends nothing to Python"
    play.click()
    assert play.get_attribute("aria-label") == "Play (space)"
    day = reader.shown()
    reader.rest()
    assert reader.shown() == day
    assert reader.address()["date"] == day


def test_the_speed_of_the_film_can_be_chosen(reader: Reader):
    reader.open("?date=2012-01-20")
    reader.page.locator(".speed").select_option("1461")
    reader.page.locator(".play").click()
    begun = reader.frame.evaluate("() => [mcmOverlay.day(), performance.now()]")
    reader.page.wait_for_timeout(1000)
    ended = reader.frame.evaluate("() => [mcmOverlay.day(), performance.now()]")
    reader.page.locator(".play").click()
    pace = (ended[0] - begun[0]) / (ended[1] - begun[1]) * 1000
    assert pace == pytest.approx(1461, rel=0.2)


def test_a_film_that_reaches_the_last_day_stops_there(country):
    reader = country.type("2026-05-15")
    reader.page.locator(".play").click()
    reader.address(date="2026-07-14")
    assert reader.shown() == "2026-07-14"
    assert reader.page.locator(".play").get_attribute("aria-label") == "Play (space)"


def test_next_and_previous_go_to_the_days_on_which_something_changes(country):
    # Kidal: 14 November 2023, the army enters; 2013-11-14 and 2012-01-17 are changes likewise.
    reader = country.type("2023-11-13")
    reader.page.locator(".next").click()
    assert reader.shown() == "2023-11-14"
    reader.page.locator(".previous").click()
    before = reader.shown()
    assert before < "2023-11-14"
    reader.page.locator(".next").click()
    assert reader.shown() == "2023-11-14"
    reader.address(date="2023-11-14")


def test_keys_on_the_slider_move_the_date(country):
    reader = country.type("2023-11-12")
    slider = reader.page.locator(".slider")
    for key, day in (
        ("ArrowRight", "2023-11-13"),
        (".", "2023-11-14"),
        ("ArrowLeft", "2023-11-13"),
        ("PageUp", "2023-12-13"),
        ("PageDown", "2023-11-13"),
        ("Home", "2012-01-01"),
        ("End", "2026-07-14"),
    ):
        slider.press(key)
        assert reader.shown() == day, key
    reader.address(date="2026-07-14")


def test_a_comma_goes_back_to_the_last_change_and_space_plays_and_pauses(country):
    reader = country.type("2023-11-20")
    slider = reader.page.locator(".slider")
    slider.press(",")
    assert "2023-11-13" < reader.shown() < "2023-11-20"
    slider.press("Space")
    assert reader.page.locator(".play").get_attribute("aria-label") == "Pause (space)"
    slider.press("Space")
    assert reader.page.locator(".play").get_attribute("aria-label") == "Play (space)"


def test_the_same_keys_work_while_the_map_has_the_focus(country):
    reader = country.type("2023-11-13")
    reader.frame.locator(".leaflet-container").press(".")
    reader.address(date="2023-11-14")
    assert reader.shown() == "2023-11-14"


def test_a_typed_date_moves_the_map(country):
    reader = country.type("2023-11-13")
    reader.page.locator(".typed").fill("2013-02-01")
    reader.page.locator(".day").click()
    reader.address(date="2013-02-01")
    assert reader.frame.evaluate("() => mcmOverlay.day()") == reader.number("2013-02-01")
    assert reader.page.locator(".day").inner_text() == "1 February 2013"


def test_a_typed_date_that_the_data_do_not_cover_shows_the_nearest_day(country):
    reader = country.type("2023-11-13")
    reader.page.locator(".typed").fill("2031-01-01")
    reader.page.locator(".day").click()
    reader.address(date="2026-07-14")
    assert reader.shown() == "2026-07-14"


def test_regions_are_those_of_the_day(country):
    reader = country.type("2015-12-31")

    def regions():
        return set(reader.frame.evaluate("() => mcmOverlay._drawnEdition.regions.map(r => r.name)"))

    assert "Ménaka" not in regions()
    reader.scrub("2017-01-01")
    assert "Ménaka" in regions()
    assert "Nioro" not in regions()
    reader.scrub("2023-03-13")
    assert {"Nioro", "Bandiagara"} <= regions()
