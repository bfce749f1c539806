"""The address is the view: opening it shows what was seen, and a wrong one says what is wrong."""

import pytest
from reader import Reader

VIEW = "?date=2013-02-01&map=7.5/17.25/-1.5&at=1.4092,18.4434"


def seen(reader):
    zoom, lat, lon = reader.camera()
    return reader.shown(), zoom, round(lat, 2), round(lon, 2)


@pytest.mark.parametrize("page", ["", "map"])
def test_an_address_restores_date_map_and_details(reader: Reader, page):
    reader.open(page + VIEW)
    assert seen(reader) == ("2013-02-01", 7.5, 17.25, -1.5)
    panel = reader.details(title="Kidal", day="1 February 2013")
    assert panel.locator(".state strong").inner_text() == "Held jointly by MIA and MNLA"
    assert reader.frame.evaluate("() => mcmOverlay._selected") == [1.4092, 18.4434]
    assert reader.page.get_by_role("dialog").count() == 0  # of an address that leads nowhere


def test_a_window_of_another_size_leaves_the_view_where_it_was(reader: Reader):
    reader.open("?date=2013-02-01&map=7/18/1")
    for width, height in ((1101, 763), (907, 801), (1280, 900)):
        reader.page.set_viewport_size({"width": width, "height": height})
        reader.rest()
        assert reader.camera() == [7, 18, 1]
    assert reader.address(date="2013-02-01")["map"] == "7/18/1"


def test_reloading_keeps_the_view_as_it_was_left(reader: Reader):
    reader.open("?date=2013-02-01")
    reader.scrub("2025-11-07")
    zoom = reader.camera()[0]
    reader.frame.locator(".leaflet-control-zoom-in").click()
    reader.frame.wait_for_function("(zoom) => mcmOverlay._map.getZoom() === zoom", arg=zoom + 0.5)
    reader.rest()  # the zoom is animated
    reader.page.mouse.click(*reader.spot(-6.1, 14.9))
    reader.details(title="Farabougou")
    left = reader.address(date="2025-11-07", at="-6.1,14.9")
    assert left["map"].startswith(f"{zoom + 0.5:g}/")
    day, *camera = reader.shown(), *reader.camera()
    reader.page.reload()
    reader.ready()
    assert reader.shown() == day
    assert reader.camera() == pytest.approx(camera, abs=0.0001)  # the address has four decimals
    reader.details(title="Farabougou", day="7 November 2025")
    assert reader.address() == left


def test_the_date_is_in_the_address_even_when_none_was_asked_for(reader: Reader):
    reader.open()
    assert reader.shown() == "2026-07-14"
    assert reader.address(date="2026-07-14") == {"date": "2026-07-14", "lang": "en"}


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("?date=yesterday", ["The address asks for the date 'yesterday', which is not a day."]),
        ("?date=1999-01-01", ["The address asks for 1999-01-01, but the data cover 2012-01-01"]),
        (
            "?date=%3Cimg%20src%3Dx%20onerror%3Dwindow.pwned%3D1%3E&map=1/2&at=here",
            [
                "<img src=x onerror=window.pwned=1>",
                "'1/2' where map=zoom/lat/lon is expected",
                "'here' where at=lon,lat is expected",
            ],
        ),
    ],
)
def test_a_malformed_address_is_answered_with_sentences_and_the_default(
    reader: Reader, query, sentences
):
    reader.open(query)
    notices = reader.page.locator(".details > .notice").all_inner_texts()
    assert len(notices) == len(sentences)
    for notice, sentence in zip(notices, sentences, strict=True):
        assert sentence in notice
    assert reader.shown() == "2026-07-14"
    assert reader.address(date="2026-07-14") == {"date": "2026-07-14", "lang": "en"}
    assert reader.page.evaluate("() => window.pwned") is None


def test_scrubbing_and_clicking_do_not_fill_the_history_of_the_browser(reader: Reader):
    reader.page.goto("about:blank")
    reader.open("?date=2013-02-01")
    before = reader.page.evaluate("() => history.length")
    for day in ("2012-04-05", "2023-11-15", "2025-11-07"):
        reader.scrub(day)
        reader.address(date=day)
    reader.page.mouse.click(*reader.spot(-6.1, 14.9))
    reader.details(title="Farabougou")
    reader.rest()
    assert reader.page.evaluate("() => history.length") == before
    reader.page.go_back()
    assert reader.page.url == "about:blank"


def test_the_date_is_kept_when_the_reader_comes_back_from_another_page(reader: Reader):
    reader.open("?date=2013-02-01")
    reader.scrub("2025-11-07")
    reader.address(date="2025-11-07")
    reader.page.get_by_role("link", name="What the press said").click()
    reader.page.get_by_role("heading", name="What the press said, November 2025").wait_for()
    reader.page.get_by_role("link", name="Map", exact=True).click()
    reader.ready()
    assert reader.shown() == "2025-11-07"
    assert reader.address()["date"] == "2025-11-07"


def test_what_counts_is_part_of_the_address(reader: Reader):
    reader.open("?date=2025-11-07&known=2013-01-01&at=1.4092,18.4434")
    panel = reader.details(title="Kidal")
    # In 2013 nobody had said anything about 2025 yet.
    assert panel.locator(".state strong").inner_text() != "Controlled by State (FAMa)"
    assert reader.address()["known"] == "2013-01-01"
