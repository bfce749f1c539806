"""The page of the roads into Bamako: what it says on the days of the fuel blockade, and why."""

import re

import pytest
from conftest import PHONE, sitting
from reader import ROOT, Reader

OUTPUT = ROOT / "tests" / "output"
BLOCKED = {"bamako-dakar", "bamako-kita", "bamako-sikasso", "bamako-kadiana"}


def roads(reader, query=""):
    reader.page.goto(f"{reader.app.address}roads{query}")
    reader.page.locator(".road").first.wait_for()
    return reader.page


def states(page):
    return {
        road.get_attribute("data-road"): road.get_attribute("data-state")
        for road in page.locator(".road").all()
    }


def headline(page, text):
    page.locator(".headline").get_by_text(text).wait_for()


def test_a_click_on_a_day_of_the_story_tells_which_roads_are_blocked(reader: Reader):
    page = roads(reader)
    headline(page, "14 July 2026: of the 8 roads shown, 8 risky.")
    page.locator(".story button").nth(1).click()
    headline(page, "7 November 2025: of the 8 roads shown, 4 blocked, 4 risky.")
    assert {road for road, state in states(page).items() if state == "blocked"} == BLOCKED
    assert page.locator(".counts li").first.inner_text().split("\n")[0] == (
        "blocked Kayes (Dakar road), Kita, Sikasso (Abidjan road), Kolondiéba (Ivorian border)"
    )
    pressed = page.locator(".story button[aria-pressed=true]")
    assert [button.locator("b").inner_text() for button in pressed.all()] == ["7 Nov 2025"]
    assert reader.address(place="bamako", date="2025-11-07")


def test_three_of_six_roads_cut_is_said_of_bamako_and_of_no_road(reader: Reader):
    page = roads(reader, "?date=2026-05-15")
    said = page.locator(".said details.row", has_text="three of the six main roads to Bamako")
    said.locator("summary").click()
    assert "Which three is not said." in said.inner_text()
    assert set(states(page).values()) == {"risky"}


def test_what_blocks_a_road_unfolds_with_its_claim_and_links_to_its_sources(reader: Reader):
    page = roads(reader, "?date=2025-11-07")
    kita = page.locator("[data-road=bamako-kita]")
    assert kita.locator(".sum").inner_text() == (
        "blocked Négala \u2013 Kita; risky Bamako \u2013 Négala."
    )
    kita.locator("summary", has_text="Why, according to whom").click()
    claim = kita.locator("article", has_text="Négala \u2013 Kita, blockade: JNIM")
    claim.locator("summary", has_text="Sources").click()
    assert "blocked: Négala \u2013 Kita. this stretch is under blockade" in claim.inner_text()
    assert "Bellingcat" in claim.locator(".sources").inner_text()
    links = [a.get_attribute("href") for a in page.locator(".lifelines a").all()]
    assert len(links) > 10
    assert all(re.match(r"https?://|\./\?date=", link) for link in links)


def test_what_is_unfolded_stays_so_on_the_next_day(reader: Reader):
    page = roads(reader, "?date=2025-11-07")
    why = page.locator("[data-road=bamako-kita] > details").first
    why.locator("> summary").click()
    page.locator(".weeks input").press("ArrowRight")
    headline(page, "8 November 2025")
    assert why.get_attribute("open") is not None


def test_moving_through_the_weeks_asks_nothing_of_the_server(reader: Reader):
    page = roads(reader, "?date=2025-09-20")
    page.wait_for_timeout(1500)
    sent = len(reader.sent)
    slider = page.locator(".weeks input")
    for _ in range(5):
        slider.press("ArrowRight")
    headline(page, "25 September 2025")
    chart = page.locator(".weeks svg")
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    headline(page, "14 July 2026")
    reader.address(date="2026-07-14")
    assert len(reader.sent) == sent


def test_another_town_and_day_stand_in_the_address_and_come_back_from_it(reader: Reader):
    page = roads(reader)
    page.locator(".ask input").fill("2023-11-14")
    page.locator(".ask select").select_option("kidal")
    page.get_by_role("heading", name="Roads to Kidal").wait_for()
    headline(page, "14 November 2023")
    assert list(states(page)) == [
        "kidal-abeibara-tinzaouaten",
        "kidal-anefis-gao",
        "kidal-aguelhok-in-khalil",
    ]
    reader.address(place="kidal", date="2023-11-14")
    before = states(page)
    page.reload()
    headline(page, "14 November 2023")
    assert page.get_by_role("heading", name="Roads to Kidal").count() == 1
    assert states(page) == before
    page.locator(".ask select").select_option("bamako")
    page.get_by_role("heading", name="Roads to Bamako").wait_for()
    headline(page, "14 November 2023")


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("?place=atlantis", "the roads to 'atlantis', which is no town on a road here"),
        ("?place=taoudenit", "those to Bamako are shown instead."),
        ("?date=2031-01-01", "2026-07-14 is shown instead"),
        ("?date=yesterday", "which is not a day"),
        ("?place=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "the roads to '<img src=x onerror="),
    ],
)
def test_an_address_that_asks_for_what_is_not_there_gets_a_sentence(reader: Reader, query, notice):
    page = roads(reader, query)
    assert notice in page.locator(".notice").first.inner_text()
    assert page.get_by_role("heading", name="Roads to Bamako").count() == 1
    assert page.locator(".lifelines img").count() == 0


def test_in_french_the_page_is_french(reader: Reader):
    page = roads(reader, "?date=2025-11-07&lang=fr")
    headline(page, "7 novembre 2025\u00a0: sur les 8 routes montrées, 4 coupées, 4 risquées.")
    assert page.get_by_role("heading", name="Routes vers Bamako").count() == 1
    kita = page.locator("[data-road=bamako-kita]")
    kita.locator("summary", has_text="Pourquoi, selon qui").click()
    assert "Du 19 septembre 2025 au 24 novembre 2025." in kita.inner_text()
    assert "blocked" not in page.locator(".lifelines").inner_text()


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_the_day_is_the_same_in_every_time_zone(app, chromium, zone):
    with sitting(app, chromium, timezone_id=zone) as reader:
        page = roads(reader, "?date=2025-11-25")
        headline(page, "25 November 2025: of the 8 roads shown, 8 risky.")
        assert page.locator(".ask input").input_value() == "2025-11-25"


def test_states_are_told_apart_without_colour(reader: Reader):
    page = roads(reader, "?date=2025-11-07")
    looks = page.locator(".counts svg").evaluate_all(
        """(keys) => keys.slice(0, 4).map((key) => [...key.querySelectorAll(":scope > line")]
            .map((line) => ["stroke-dasharray", "stroke-width"].map((n) => line.getAttribute(n))
                .concat(line.getAttribute("stroke").startsWith("url(")).join()).join(" "))"""
    )
    assert len(set(looks)) == 4
    strip = page.locator("[data-road=bamako-dakar] svg[role=img]")
    assert {"blocked", "risky", "unknown"} <= set(strip.locator("text").all_text_contents())
    assert "blocked Diéma \u2013 Sandaré" in strip.get_attribute("aria-label")


def test_on_a_phone_a_road_runs_down_and_nothing_is_wider_than_the_screen(app, chromium):
    with sitting(app, chromium, **PHONE) as reader:
        page = roads(reader, "?date=2025-11-07")
        reader.rest()  # the strips are drawn again once the width of the phone is known
        strip = page.locator("[data-road=bamako-dakar] svg[role=img]").bounding_box()
        assert strip["height"] > strip["width"]
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        for box in (svg.bounding_box() for svg in page.locator(".road svg, .weeks svg").all()):
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
        OUTPUT.mkdir(exist_ok=True)
        page.screenshot(path=OUTPUT / "roads-2025-11-07-390.png")


@pytest.mark.parametrize("day", ["2025-11-07", "2026-05-15"])
def test_a_picture_of_the_roads_is_kept_for_people_to_look_at(reader: Reader, day):
    page = roads(reader, f"?date={day}")
    page.set_viewport_size({"width": 1280, "height": 2400})
    page.wait_for_timeout(300)
    OUTPUT.mkdir(exist_ok=True)
    path = OUTPUT / f"roads-{day}-1280.png"
    page.screenshot(path=path)
    assert path.stat().st_size > 50_000
