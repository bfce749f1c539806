"""A click, and what it tells: who, since when, according to whom, and what contradicts it."""

import re

import looks
import pytest
from reader import Reader

GRADES = set("ABCDEF")


def click(reader, lon, lat):
    """Click the map at a point of the ground."""
    reader.page.mouse.click(*reader.spot(lon, lat))
    return reader.page.locator(".details")


def claims(panel, fold):
    """The claims under a heading of the details, opened."""
    found = panel.locator("details").filter(has=panel.page.locator("summary", has_text=fold))
    if found.first.get_attribute("open") is None:
        found.first.locator("summary").first.click()
    return found.first.locator("article.claim")


def test_a_click_on_a_town_tells_who_holds_it_since_when_and_according_to_whom(reader: Reader):
    reader.open("?date=2025-11-07")
    panel = click(reader, *looks.at("kidal"))
    reader.details(title="Kidal", day="7 November 2025")
    assert panel.locator(".state strong").inner_text() == "Controlled by State (FAMa)"
    assert panel.locator(".state span").inner_text().startswith("since 14 November 2023")
    assert "region of Kidal" in panel.locator("p.where").first.inner_text()

    found = claims(panel, "Who says so")
    first = found.first
    assert first.locator("h4").inner_text() == "Control: State (FAMa)"
    assert "high confidence" in first.locator(".tags").inner_text()
    assert re.search(r"14 November 2023.*Last confirmed .*Reported ", first.inner_text())
    assert found.locator(".sources li").count() > 0
    for source in found.locator(".sources li").all():
        grade = source.locator("b")
        assert grade.inner_text() in GRADES
        assert grade.get_attribute("title").startswith(f"{grade.inner_text()}: ")


def test_links_go_to_the_web_only_and_take_nothing_along(reader: Reader):
    reader.open("?date=2012-04-05&at=1.4092,18.4434")
    reader.details(title="Kidal")
    links = reader.page.locator(".details .sources a")
    assert links.count() > 0
    for link in links.all():
        assert re.match("https?://", link.get_attribute("href"))
        assert link.get_attribute("target") == "_blank"
        assert {"noopener", "noreferrer"} <= set(link.get_attribute("rel").split())


def test_a_click_on_open_country_speaks_of_the_cercle_and_not_of_its_towns(reader: Reader):
    reader.open("?date=2025-11-07")
    panel = click(reader, -0.24, 17.78)
    reader.details(title="Cercle de Bourem")
    notices = panel.locator(".notice").all_inner_texts()
    assert any("edges are not front lines" in notice for notice in notices)


def test_ground_nobody_speaks_of_says_so(reader: Reader):
    reader.open("?date=2012-04-05")
    panel = click(reader, *looks.at("farabougou"))
    reader.details(title="Farabougou", day="5 April 2012")
    assert panel.locator(".state strong").inner_text() == "No information"
    assert panel.get_by_text("No claim about this ground on this day.").count() == 1
    assert "Blank never means anyone" in panel.locator(".notice").first.inner_text()


def test_claims_that_were_set_aside_are_shown_with_the_reason(reader: Reader):
    reader.open("?date=2025-11-07")
    panel = click(reader, *looks.at("farabougou"))
    reader.details(title="Farabougou", day="7 November 2025")
    aside = claims(panel, "Set aside, and why")
    assert aside.count() > 0
    reasons = aside.locator(".aside").all_inner_texts()
    assert len(reasons) == aside.count()
    assert "Set aside: a party or source says so, and nothing corroborates it." in reasons
    assert aside.locator(".sources li").count() >= aside.count()


def test_what_was_unfolded_and_folded_stays_so_on_the_next_day(reader: Reader):
    reader.open("?date=2025-11-07")
    panel = click(reader, *looks.at("farabougou"))
    reader.details(title="Farabougou", day="7 November 2025")
    for name in ("Set aside, and why", "Who says so"):
        panel.locator("summary", has_text=name).click()
    reader.scrub("2025-11-20")
    reader.details(title="Farabougou", day="20 November 2025")
    opened = panel.locator("details[open] > summary").all_inner_texts()
    assert any("Set aside" in text for text in opened)
    assert not any("Who says so" in text for text in opened)


@pytest.mark.parametrize(
    ("place", "title", "day", "side"),
    [
        ("kidal", "Kidal", "2013-09-01", "Mali is sovereign there"),
        ("bamako", "Bamako", "2025-11-07", "siege"),
    ],
)
def test_two_accounts_of_one_matter_stand_side_by_side(reader: Reader, place, title, day, side):
    reader.open(f"?date={day}")
    panel = click(reader, *looks.at(place))
    reader.details(title=title)
    disputed = claims(panel, "What is disputed")
    assert disputed.count() > 0
    assert side in disputed.first.inner_text() or side in disputed.nth(1).inner_text()
    for matter in disputed.all():
        assert matter.locator("div").count() == 2
        for account in matter.locator("div").all():
            assert account.locator(".sources li").count() > 0
        assert matter.locator(".notice").inner_text()  # how this map reads it


def test_sieges_and_forces_are_listed_beside_the_holder(reader: Reader):
    reader.open("?date=2026-05-15")
    panel = click(reader, *looks.at("bamako"))
    reader.details(title="Bamako")
    assert panel.locator(".state strong").inner_text() == "Controlled by State (FAMa)"
    headings = claims(panel, "Also here").locator("h4").all_inner_texts()
    assert "Siege: JNIM" in headings


def test_a_click_is_marked_on_the_map_and_written_into_the_address(reader: Reader):
    reader.open("?date=2025-11-07")
    spot = reader.spot(*looks.at("gao"))
    before = reader.picture().around(spot, 16)
    click(reader, *looks.at("gao"))
    lon, lat = looks.at("gao")
    assert reader.address(at=f"{lon:g},{lat:g}")["date"] == "2025-11-07"
    after = reader.picture().around(spot, 16)
    assert sum(before[at] != after[at] for at in before) > 60


def test_a_click_outside_the_country_changes_nothing(reader: Reader):
    reader.open("?date=2025-11-07&at=1.4092,18.4434")
    reader.details(title="Kidal")
    click(reader, -10, 20)  # Mauritania
    reader.rest()
    reader.details(title="Kidal")
    assert reader.address()["at"] == "1.4092,18.4434"


def test_the_pointer_says_what_it_is_over(reader: Reader):
    reader.open("?date=2025-11-07")
    tip = reader.frame.locator(".mcm-tip")
    assert tip.is_hidden()
    reader.page.mouse.move(*reader.spot(*looks.at("gao")))
    tip.wait_for()
    assert tip.inner_text() == "Gao · Controlled by State (FAMa)"
    reader.page.mouse.move(*reader.spot(-10, 20))
    tip.wait_for(state="hidden")


@pytest.mark.parametrize("name", ["Tombouctou", "Timbuktu"])
def test_a_place_can_be_found_by_its_french_and_its_english_name(reader: Reader, name):
    reader.open("?date=2012-04-05")
    box = reader.page.locator(".search input")
    box.fill(name)
    box.press("Enter")
    panel = reader.details(title="Tombouctou (Timbuktu)", day="5 April 2012")
    assert panel.locator(".state strong").inner_text() == "Held jointly by Ansar Dine and AQIM"
    assert reader.frame.evaluate("() => mcmOverlay._selected") == list(looks.at("tombouctou"))
