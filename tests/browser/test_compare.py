"""Two dates side by side: the maps follow each other, and what changed is told."""

import csv
import io

import looks
import pytest
from reader import FIRST, PATIENCE, Reader

NOVEMBER = "compare?from=2025-11-01&to=2025-11-15&lang=en"
LOULOUNI, SOUMPI, KIDAL = map(looks.at, ("loulouni", "soumpi", "kidal"))
NEAR = 0.05  # degrees: maps of different size round their middle to different pixels


class Pair:
    """A reader of the page of two dates."""

    def __init__(self, reader, query):
        self.reader, self.page = reader, reader.page
        self.page.goto(reader.app.address + query)
        self.page.locator(".said").first.wait_for(timeout=FIRST)
        for name in ("from", "to", "changes"):
            self.frame(name).wait_for_function(
                "() => window.mcmOverlay && mcmOverlay.day() !== null", timeout=FIRST
            )

    def frame(self, name):
        chosen = f".st-key-compare-{name} iframe"
        return self.page.wait_for_selector(chosen, timeout=FIRST).content_frame()

    def day(self, name):
        return self.frame(name).evaluate("() => mcmOverlay.day()")

    def camera(self, name):
        return self.frame(name).evaluate(
            """() => {
                const map = mcmOverlay._map, centre = map.getCenter();
                return [map.getZoom(), +centre.lat.toFixed(2), +centre.lng.toFixed(2)];
            }"""
        )

    def label(self, lon, lat):
        """What the map of gains and losses says of a point."""
        return self.frame("changes").evaluate(
            "([lon, lat]) => mcmOverlay.stateAt(lon, lat).label ?? 'none'", [lon, lat]
        )

    def drag(self, name, dx, dy):
        box = self.page.locator(f".st-key-compare-{name} iframe").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx, y + dy, steps=8)
        self.page.mouse.up()

    def lines(self):
        return self.page.locator("tbody tr th").all_inner_texts()


def check_download(pair):
    """The file holds the ledger as it stands."""
    with pair.page.expect_download(timeout=PATIENCE) as waiting:
        pair.page.get_by_text("Download as CSV").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text("utf-8"))))
    assert [row["where"] for row in rows] == pair.lines()


@pytest.fixture
def pair(reader: Reader):
    return Pair(reader, NOVEMBER)


def test_what_changed_in_the_first_half_of_november_2025_is_told_and_drawn(pair):
    assert pair.lines()[:2] == ["Loulouni", "Soumpi"]
    said = pair.page.locator(".said").first.inner_text()
    assert "1 November 2025" in said
    assert "15 November 2025" in said
    assert "Loulouni" in said
    assert "Soumpi" in said
    assert pair.page.locator("tbody .sources b").count() >= 3
    assert pair.day("to") - pair.day("from") == 14
    assert pair.label(*LOULOUNI) == "Gained by JNIM"
    assert pair.label(*SOUMPI) == "Gained by JNIM, lost by State (FAMa)"
    assert pair.label(*KIDAL) == "No change"
    legend = pair.page.locator(".story .legend")
    legend.get_by_text("Gained by JNIM, lost by State (FAMa)", exact=True).wait_for()
    legend.get_by_text("No information on either day", exact=True).wait_for()


def test_dragging_one_map_takes_the_others_along_and_stands_in_the_address(pair):
    before = pair.camera("to")
    pair.frame("from").locator(".leaflet-control-zoom-in").click(click_count=2, delay=20)
    pair.drag("from", 90, -60)
    pair.page.wait_for_function("() => new URLSearchParams(location.search).has('map')")
    moved = pair.camera("from")
    assert moved != pytest.approx(before, abs=NEAR)
    assert pair.camera("to") == pytest.approx(moved, abs=NEAR)
    assert pair.camera("changes") == pytest.approx(moved, abs=NEAR)
    pair.page.wait_for_timeout(1500)  # the answer has come, and moves nothing back
    assert pair.camera("from") == moved
    assert pair.camera("to") == pytest.approx(moved, abs=NEAR)

    again = Pair(pair.reader, pair.page.url.removeprefix(pair.reader.app.address))
    assert again.camera("to") == pytest.approx(moved, abs=NEAR)
    assert again.camera("changes") == pytest.approx(moved, abs=NEAR)
    assert again.day("to") - again.day("from") == 14


def test_a_typed_date_moves_its_map_and_rewrites_the_answer_and_the_file(pair):
    pair.page.locator(".typed").nth(1).fill("2026-05-15")
    pair.reader.address(**{"from": "2025-11-01", "to": "2026-05-15"})
    pair.page.locator("tbody th").get_by_text("Kidal", exact=True).first.wait_for()
    assert pair.label(*KIDAL).startswith("Gained by FLA, lost by State (FAMa)")
    assert pair.day("to") - pair.day("from") == 195
    check_download(pair)


def test_a_date_moves_by_the_arrow_keys_and_a_year_before_is_one_press_away(pair):
    slider = pair.page.locator(".slider").first
    slider.press("ArrowRight")
    pair.reader.address(**{"from": "2025-11-02"})
    assert slider.get_attribute("aria-valuetext") == "2 November 2025"
    pair.page.get_by_role("button", name="A year before").click()
    pair.reader.address(**{"from": "2024-11-15", "to": "2025-11-15"})
    pair.frame("from").wait_for_function(
        "(day) => mcmOverlay.day() === day", arg=pair.day("to") - 365
    )


def test_the_second_date_follows_when_the_first_passes_it(pair):
    pair.page.locator(".typed").first.fill("2026-01-01")
    pair.reader.address(**{"from": "2026-01-01", "to": "2026-01-01"})
    assert pair.page.locator(".typed").nth(1).input_value() == "2026-01-01"
    pair.page.get_by_text("No claim changes between these two dates.").wait_for()


def test_an_address_that_makes_no_sense_is_said_and_left_out(reader: Reader):
    strange = Pair(reader, "compare?from=yesterday&to=2025-11-15&lang=en")
    assert "yesterday" in strange.page.locator(".notice").first.inner_text()
    assert strange.day("to") - strange.day("from") == 365


def test_on_a_phone_the_maps_stand_one_above_the_other(phone: Reader):
    pair = Pair(phone, NOVEMBER)
    boxes = [
        pair.page.locator(f".st-key-compare-{name} iframe").bounding_box()
        for name in ("from", "to", "changes")
    ]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    assert boxes[1]["y"] + boxes[1]["height"] <= boxes[2]["y"]
    width = pair.page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= 390
