"""Events: which kinds are shown; one opens from the list, the map, the timeline, an address."""

import pytest
from reader import Reader

DAY = "?date=2025-11-07"
# Nine fuel tankers burnt at Fachoribougou, 6 November 2025, and its address.
TANKERS = "Nine fuel tankers burnt at Fachoribougou"


def stars(reader):
    """Kinds of the events that are on the map now."""
    return set(reader.frame.evaluate("() => mcmOverlay._eventsNow().map((event) => event.kind)"))


def unfolded(reader):
    panel = reader.page.locator(".happened")
    panel.locator("> summary").click()
    panel.locator(".kinds > summary").click()
    return panel


def key(reader, title=TANKERS):
    return reader.frame.evaluate(
        "(title) => mcmOverlay._data.events.find((event) => event.title === title).event", title
    )


def opened(reader, title=TANKERS, day="6 November 2025"):
    """The open event, once it is the one that was asked for."""
    section = reader.page.locator("section.event")
    section.get_by_text(title).wait_for()
    assert section.locator("h4").inner_text().startswith(day)
    assert section.locator(".sources > li").count() >= 1
    return section


def test_a_kind_that_is_unticked_leaves_the_map_the_timeline_and_the_list(reader: Reader):
    reader.open(DAY)
    panel = unfolded(reader)
    chart = reader.page.locator(".chart")
    before = chart.evaluate("(canvas) => canvas.toDataURL()")
    assert {"attack", "abduction"} <= stars(reader)
    assert TANKERS in panel.locator(".around").inner_text()
    panel.get_by_label("Attack (42)").uncheck()
    query = reader.address()
    reader.frame.wait_for_function(
        "() => !mcmOverlay._eventsNow().some((event) => event.kind === 'attack')"
    )
    assert "abduction" in stars(reader)
    assert TANKERS not in panel.locator(".around").inner_text()
    assert chart.evaluate("(canvas) => canvas.toDataURL()") != before
    assert "attack" not in query["kinds"].split(",")
    group = panel.get_by_label("Fighting")
    assert group.evaluate("(box) => box.indeterminate")
    group.check()
    reader.page.wait_for_function("() => !location.search.includes('kinds=')")
    assert "attack" in stars(reader)


def test_the_kinds_of_an_address_are_restored(reader: Reader):
    reader.open(f"{DAY}&kinds=abduction,siege")
    panel = unfolded(reader)
    reader.frame.wait_for_function("() => mcmOverlay._kinds")
    assert stars(reader) == {"abduction"}
    assert panel.locator(".kinds .count").inner_text() == "(2 / 27)"
    assert panel.locator(".kinds li:not(.group) input:checked").count() == 2
    for group in panel.locator(".kinds li.group input").all():
        group.check()
        group.uncheck()
    assert reader.address(kinds="none")
    reader.frame.wait_for_function("() => mcmOverlay._eventsNow().length === 0")


def test_an_event_in_the_list_moves_the_date_there_and_names_its_sources(reader: Reader):
    reader.open("?date=2025-11-10")
    reader.page.locator(".happened > summary").press("Enter")
    row = reader.page.locator(".around li").filter(has_text=TANKERS)
    row.get_by_role("button", name="6 November 2025").press("Enter")
    section = opened(reader)
    assert "Attack" in section.inner_text()
    assert reader.shown() == "2025-11-06"
    assert reader.address(date="2025-11-06")["event"] == key(reader)
    reader.details(day="6 November 2025")
    # It closes by itself once the date is another one.
    reader.page.locator(".slider").press("ArrowRight")
    reader.address(date="2025-11-07")
    section.wait_for(state="hidden")
    assert "event" not in reader.address()


def test_a_star_on_the_map_opens_what_happened_there(reader: Reader):
    reader.open(f"{DAY}&map=8/11.5/-5.6")
    lon, lat, below = reader.frame.evaluate(
        """(title) => {
            const event = mcmOverlay._data.events.find((event) => event.title === title);
            const place = mcmOverlay._data.places[event.place];
            return [place.lon, place.lat, mcmOverlay._sparkBelow(place)];
        }""",
        TANKERS,
    )
    x, y = reader.spot(lon, lat)
    reader.page.mouse.move(x, y + below)
    assert reader.frame.locator(".mcm-tip").inner_text() == TANKERS
    reader.page.mouse.click(x, y + below)
    opened(reader)
    assert reader.shown() == "2025-11-06"
    assert reader.address(event=key(reader))["at"]


def test_a_triangle_on_the_timeline_opens_its_event(reader: Reader):
    title = "JNIM formed by the merger"
    reader.open("?date=2020-01-01")
    number = reader.number("2017-03-02")
    slider = reader.page.locator(".slider")
    slider.scroll_into_view_if_needed()
    box, last = slider.bounding_box(), int(slider.get_attribute("max"))
    spot = box["x"] + 7 + (box["width"] - 14) * number / last, box["y"] + 8
    reader.page.mouse.move(*spot)
    assert slider.get_attribute("title").startswith(title)
    reader.page.mouse.click(*spot)
    reader.page.locator("section.event").get_by_text(title).wait_for()
    reader.address(date="2017-03-02")
    assert reader.shown() == "2017-03-02"
    # Between the triangles the slider is a slider.
    reader.page.mouse.click(spot[0] + 40, box["y"] + 40)
    reader.page.wait_for_function("() => !location.search.includes('2017-03-02')")
    assert reader.shown() > "2017-06-01"


def test_an_address_with_an_event_and_no_day_shows_its_day(reader: Reader):
    reader.open(DAY)
    event = key(reader)
    reader.open(f"?event={event}")
    opened(reader)
    assert reader.shown() == "2025-11-06"
    reader.page.get_by_role("button", name="Close").click()
    reader.page.locator("section.event").wait_for(state="hidden")


@pytest.mark.parametrize("event", ["e999", "%7B%7B7*7%7D%7D"])
def test_an_event_that_is_not_in_the_data_is_said(reader: Reader, event):
    reader.open(f"{DAY}&event={event}")
    notice = reader.page.locator(".details > .notice").inner_text()
    assert "which is not in the data; it is ignored" in notice
    assert "event" not in reader.address()


def test_kinds_are_in_french_words(french: Reader):
    french.open(f"{DAY}&lang=fr")
    panel = unfolded(french)
    panel.get_by_label("Enlèvement (2)").wait_for()
    assert panel.locator(".kinds li.group").first.inner_text() == "Combats"
