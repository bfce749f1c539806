"""French: how a reader comes to it, and keeps it. No page mixes languages: test_everyone.py."""

import looks
from reader import Reader


def test_the_browser_chooses_the_language_where_the_address_does_not(french: Reader):
    french.open("?date=2026-05-01")
    assert french.address(lang="fr")["date"] == "2026-05-01"
    assert french.page.locator(".day").inner_text() == "1er mai 2026"
    assert french.page.evaluate("() => document.documentElement.lang") == "fr"
    assert french.frame.evaluate("() => document.documentElement.lang") == "fr"


def test_a_problem_with_the_address_is_told_in_french(reader: Reader):
    reader.open("?date=hier&lang=fr")
    notice = reader.page.locator(".details > .notice").inner_text()
    assert notice.startswith("L\u2019adresse demande la date")


def test_the_switch_opens_the_same_view_in_the_other_language(reader: Reader):
    reader.open("?date=2013-02-01&map=7.5/17.25/-1.5&at=1.4092,18.4434")
    reader.details(title="Kidal", day="1 February 2013")
    reader.scrub("2025-11-07")
    reader.details(day="7 November 2025")
    reader.page.get_by_role("link", name="Français").click()
    reader.details(title="Kidal", day="7 novembre 2025")
    reader.ready()
    assert reader.shown() == "2025-11-07"
    assert reader.address(lang="fr")["map"] == "7.5/17.25/-1.5"
    reader.page.get_by_role("link", name="English").click()
    reader.details(title="Kidal", day="7 November 2025")


def test_the_language_is_kept_on_the_way_to_another_page(reader: Reader):
    reader.open("?lang=fr")
    reader.page.get_by_role("link", name="Ce que disait la presse").click()
    reader.page.get_by_role("heading", name="Ce que disait la presse, novembre 2025").wait_for()
    reader.address(lang="fr")


def test_the_names_of_the_pages_leave_room_for_the_languages(reader: Reader):
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.page.goto(f"{reader.app.address}layers?lang=fr")
    reader.page.locator(".uploads h1").wait_for()
    names = reader.page.locator("[data-testid=stTopNavLink]").all()
    right = max(box["x"] + box["width"] for box in (name.bounding_box() for name in names))
    assert right <= reader.page.locator(".st-key-languages").bounding_box()["x"]


def test_a_place_with_two_names_is_french_first(reader: Reader):
    lon, lat = looks.at("tombouctou")
    reader.open(f"?date=2012-04-05&at={lon},{lat}&lang=en")
    reader.details(title="Tombouctou (Timbuktu)")
    reader.open(f"?date=2012-04-05&at={lon},{lat}&lang=fr")
    reader.details(title="Tombouctou")
