"""The figures of a day as ranges, and their curves."""

import re

import looks
import pytest
from reader import FIRST, PATIENCE, Reader

NOVEMBER = "figures?date=2025-11-15&lang=en"
CHART = "[data-testid='stVegaLiteChart'] canvas, [data-testid='stVegaLiteChart'] svg"


class Figures:
    """A reader of the page of figures."""

    def __init__(self, reader, query=NOVEMBER):
        self.reader, self.page = reader, reader.page
        self.page.goto(reader.app.address + query)
        self.page.locator("caption").wait_for(timeout=FIRST)
        self.page.locator(CHART).first.wait_for(timeout=PATIENCE)

    def line(self, name):
        """The row of the table about a state or an actor."""
        head = self.page.locator("th[scope=row]", has_text=re.compile(f"^{re.escape(name)}$"))
        return self.page.locator("tbody tr").filter(has=head).first  # what it holds comes first

    def row(self, name):
        """What the table says there: share, area, places, people."""
        told = self.line(name).locator("td > span").all_inner_texts()
        assert len(told) == 4, name
        return told


@pytest.fixture(scope="module")
def figures(staying: Reader):
    return Figures(staying)


def test_the_parts_of_the_ground_add_up_with_what_nobody_is_known_to_hold(figures):
    states = ("Control", "Held jointly", "Contested", "Influence, no holder known")
    rows = [figures.row(state) for state in (*states, "No information")]
    whole = figures.row("Together")
    shares = [float(row[0].removesuffix(" %")) for row in rows]
    assert sum(shares) == pytest.approx(100, abs=1e-9)
    assert whole[0] == "100 %"
    for column in (1, 2, 3):
        numbers = [int(row[column].replace(",", "")) for row in rows]
        assert sum(numbers) == pytest.approx(int(whole[column].replace(",", "")), abs=3)


def test_every_actor_has_a_range_and_the_denominators_are_said(figures):
    low, high = re.split(" . ", figures.line("JNIM").locator("small").nth(1).inner_text())
    assert int(low.replace(",", "")) < int(high.replace(",", ""))
    told = figures.page.locator(".figures").last.inner_text()
    assert "listed places" in told
    assert "whose population is known" in told


def test_the_curves_are_drawn_and_the_method_breaks_are_told(figures):
    assert figures.page.locator(CHART).count() >= 7 + 3
    breaks = figures.page.locator("ol li").all_inner_texts()
    assert [text.split(":")[0] for text in breaks] == [
        "19 January 2016",
        "13 March 2023",
        "25 April 2026",
    ]


def test_another_region_and_measure_stand_in_the_address_that_restores_them(reader: Reader):
    figures = Figures(reader)
    figures.page.get_by_role("radio", name="Places").click()
    figures.reader.address(of="places")
    figures.page.locator("[data-testid='stSelectbox'] input").click()
    figures.page.get_by_role("option", name="Kidal", exact=True).click()
    figures.reader.address(region="kidal", of="places", date="2025-11-15")
    figures.page.locator("caption").get_by_text("Kidal, 15 November 2025").wait_for()
    told = figures.row("Together")

    again = Figures(figures.reader, figures.page.url.removeprefix(figures.reader.app.address))
    assert again.page.locator("caption").inner_text() == "Kidal, 15 November 2025"
    assert again.row("Together") == told


def test_a_click_on_the_map_leads_to_the_figures_of_its_region(reader: Reader):
    lon, lat = looks.at("menaka")
    reader.open(f"?date=2025-11-15&at={lon},{lat}&lang=en").details(title="Ménaka")
    reader.page.get_by_role("link", name="Figures of the day: Ménaka").click()
    reader.page.locator("caption").get_by_text("Ménaka, 15 November 2025").wait_for(timeout=FIRST)
    reader.address(region="menaka", date="2025-11-15")


def test_a_region_that_there_was_not_yet_is_said_and_left_out(reader: Reader):
    figures = Figures(reader, "figures?date=2014-05-21&region=menaka&lang=en")
    assert "menaka" in figures.page.locator(".notice").inner_text()
    assert figures.page.locator("caption").inner_text() == "All of Mali, 21 May 2014"


def test_on_a_phone_nothing_is_broader_than_the_screen(phone: Reader):
    figures = Figures(phone)
    assert figures.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert all(chart.bounding_box()["width"] <= 390 for chart in figures.page.locator(CHART).all())
