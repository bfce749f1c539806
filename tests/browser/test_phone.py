"""The map on a telephone: 390 pixels wide, and a finger."""

import looks
import pytest
from reader import ROOT, Reader

FINGER = 40  # px, the least a control is high

CONTROLS = "button, select, input:not([type=checkbox]), summary"


@pytest.fixture(scope="module")
def reader(staying_phone: Reader):
    return staying_phone.open("?date=2025-11-07")


def tap(reader, lon, lat):
    reader.page.touchscreen.tap(*reader.spot(lon, lat))


def box(reader, selector):
    return reader.page.locator(selector).first.bounding_box()


def test_the_map_comes_first_then_the_scrubber_then_the_answers(reader):
    path = ROOT / "tests" / "output"
    path.mkdir(exist_ok=True)
    reader.page.screenshot(path=path / "map-2025-11-07-390.png", full_page=True)
    frame = box(reader, "iframe[title*='st_folium']")
    scrubber, legend = box(reader, ".scrubber"), box(reader, ".legend")
    assert frame["y"] < 150
    assert frame["y"] + frame["height"] <= scrubber["y"]
    assert scrubber["y"] + scrubber["height"] <= legend["y"]
    # Map and slider are on the screen together.
    slider = box(reader, ".slider")
    assert slider["y"] + slider["height"] <= 844


def test_nothing_is_wider_than_the_screen(reader):
    tap(reader, *looks.at("bamako"))
    reader.details(title="Bamako")
    assert reader.page.evaluate("() => document.documentElement.scrollWidth") == 390
    wide = reader.page.evaluate(
        """() => {
            const inside = (root) => [...root.querySelectorAll("*")]
                .flatMap((e) => [e, ...(e.shadowRoot ? inside(e.shadowRoot) : [])]);
            return inside(document).filter((e) => e.getClientRects().length
                && e.getBoundingClientRect().right > 391).map((e) => e.outerHTML.slice(0, 80));
        }"""
    )
    assert wide == []


def test_the_whole_country_is_on_the_screen(reader):
    frame = box(reader, "iframe[title*='st_folium']")
    for lon, lat in ((-12.2, 14.8), (4.2, 19.1), (-6, 25), (-7, 10.2)):
        x, y = reader.spot(lon, lat)
        assert 0 < x - frame["x"] < frame["width"], (lon, lat)
        assert 0 < y - frame["y"] < frame["height"], (lon, lat)


def test_a_tap_opens_the_details(reader):
    tap(reader, *looks.at("gao"))
    panel = reader.details(title="Gao", day="7 November 2025")
    assert panel.locator(".state strong").inner_text() == "Controlled by State (FAMa)"
    assert reader.frame.locator(".mcm-tip").is_hidden()


def test_a_finger_drags_the_slider_and_the_map_follows(phone: Reader):
    reader = phone.open("?date=2025-11-07")
    slider = box(reader, ".slider")
    middle = slider["y"] + slider["height"] / 2
    touch = reader.page.context.new_cdp_session(reader.page)

    def finger(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [*points]})

    def at(share):
        return {"x": slider["x"] + 7 + (slider["width"] - 14) * share, "y": middle}

    finger("touchStart", at(0.95))
    for step in range(94, 8, -5):
        finger("touchMove", at(step / 100))
    reader.frame.wait_for_function("() => mcmOverlay.day() < 700")
    finger("touchEnd")
    reader.address(date=reader.shown())
    assert "2013-01-01" < reader.shown() < "2013-12-31"


def test_every_control_is_high_enough_for_a_finger(reader):
    tap(reader, *looks.at("bamako"))
    reader.details(title="Bamako")
    reader.unfold(reader.page.locator(".panel"))
    heights = {
        f"{control.evaluate('e => e.tagName')} {control.inner_text()[:20]!r}": height["height"]
        for control in reader.page.locator(
            ", ".join(f".scrubber {c}, .panel {c}" for c in CONTROLS.split(", "))
        ).all()
        if (height := control.bounding_box())
    }
    assert len(heights) > 6
    assert {name: height for name, height in heights.items() if height < FINGER} == {}
    zoom = reader.frame.locator(".leaflet-bar a").first.bounding_box()
    assert zoom["height"] >= FINGER


def test_text_is_large_enough_to_read(reader):
    tap(reader, *looks.at("bamako"))
    reader.details(title="Bamako")
    reader.unfold(reader.page.locator(".panel"))
    sizes = reader.page.evaluate(
        """() => {
            const inside = (root) => [...root.querySelectorAll("*")]
                .flatMap((e) => [e, ...(e.shadowRoot ? inside(e.shadowRoot) : [])]);
            return inside(document)
                .filter((e) => e.closest(".panel, .scrubber") && e.getClientRects().length
                    && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
                .map((e) => [e.textContent.slice(0, 30), parseFloat(getComputedStyle(e).fontSize)]);
        }"""
    )
    assert len(sizes) > 30
    assert [small for small in sizes if small[1] < 11] == []
