"""The page that stands alone, opened from a file with the network off."""

from datetime import date

import pytest
import small
from reader import PATIENCE

from geo import cache, layers, slices, timeline
from geo.languages import ENGLISH, FRENCH
from geo.snapshots import captions, offline
from geo.snapshots.request import Snapshot
from geo.view import View

DAY = date(2025, 11, 7)
SMALL_DAY = date(2024, 2, 10)
EVIL = "</script><img src=x onerror=document.title='owned'> ${document.title='owned'} {{7*7}}"


@pytest.fixture(scope="module")
def shipped():
    found = layers.load()
    return found, timeline.resolve(cache.composite(found.claims, found.units))


@pytest.fixture(scope="module")
def files(shipped, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stick")
    for language in (ENGLISH, FRENCH):
        snapshot = Snapshot(View(DAY, language=language))
        (folder / f"{language.code}.html").write_bytes(offline.page(snapshot, *shipped))
    return folder


@pytest.fixture
def opened(chromium):
    """Opens a file with the network off; nothing may fail, and nobody may be asked."""
    contexts, faults = [], []

    def open_(path, width=1280, height=800, *, alone=True):
        context = chromium.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.on("request", lambda asked: asked.url.startswith("http") and faults.append(asked.url))
        page.goto(path.as_uri())
        if alone:
            until(page, "document.querySelectorAll('.legend li').length > 3")
        return page

    yield open_
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert (faults, cookies) == ([], [])


def until(page, condition):
    """Wait for a condition; Playwright's own way evaluates text, which the page forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {condition}")


def pixels(page):
    return page.evaluate(
        "[...document.querySelectorAll('.mcm-overlay canvas')].map(c => c.toDataURL()).join()"
    )


def settled(page, iso):
    until(page, f"document.querySelector('.typed').value === '{iso}'")
    until(
        page,
        "document.querySelector('.said').textContent === "
        "document.querySelector('.slider').getAttribute('aria-valuetext')",
    )


def test_the_slider_moves_with_the_keyboard_and_the_map_with_it(files, opened):
    page = opened(files / "en.html")
    before = pixels(page)
    headline = page.text_content(".headline")
    page.focus(".slider")
    assert page.get_attribute(".slider", "aria-valuetext") == "Friday, 7 November 2025"
    page.keyboard.press("Home")
    settled(page, "2012-01-01")
    assert page.get_attribute(".slider", "aria-valuetext") == "Sunday, 1 January 2012"
    until(page, "window.mcmOverlay.day() === 0")
    page.wait_for_timeout(100)
    assert pixels(page) != before
    # A headline written for one day does not stand above another.
    assert page.text_content(".headline") == "Who held which ground in Mali"
    page.click("text=Back to 7 November 2025")
    settled(page, "2025-11-07")
    assert page.text_content(".headline") == headline
    assert page.is_hidden(".back")


def test_a_click_is_answered_with_who_says_so(files, opened):
    page = opened(files / "en.html")
    point = page.evaluate(
        """() => { const p = mcmPayload.places.find((x) => x.name === 'Kidal');
        const at = mcmOverlay._map.latLngToContainerPoint([p.lat, p.lon]);
        const box = document.querySelector('.map').getBoundingClientRect();
        return [box.x + at.x, box.y + at.y]; }"""
    )
    page.mouse.click(*point)
    page.wait_for_selector(".details h3:text('Kidal')")
    answer = page.text_content(".details")
    assert "Controlled by" in answer
    assert "Reported" in answer
    assert page.locator(".details .claim .sources li").count() > 0
    page.keyboard.press("Escape")
    page.fill(".search input", "Gao")
    page.dispatch_event(".search input", "change")
    page.wait_for_selector(".details h3:text('Gao')")


def test_the_answer_follows_the_date_and_names_the_claims_of_that_day(files, opened, shipped):
    world, told = shipped
    page = opened(files / "en.html")
    page.fill(".search input", "Kidal")
    page.dispatch_event(".search input", "change")
    row = world.places.loc["kidal"]
    for iso in ("2012-06-15", "2016-01-01", "2025-11-07"):
        page.fill(".typed", iso)
        settled(page, iso)
        page.wait_for_timeout(300)
        said = slices.explain(told, row.geometry.x, row.geometry.y, date.fromisoformat(iso))
        deciding = (said["counts"] & (said["step"] == "counts")).sum()
        shown = page.locator(".details details:has(summary:text('Who says so')) article").count()
        assert shown == deciding


def test_a_phone_of_320_pixels_shows_everything_without_scrolling_sideways(files, opened):
    page = opened(files / "fr.html", 320, 640)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.get_attribute(".slider", "aria-valuetext") == "vendredi 7 novembre 2025"
    assert page.locator(".map").bounding_box()["height"] >= 240
    assert "Code de contrôle MCM-" in page.text_content(".about")


def test_it_works_in_the_frame_of_an_article_that_gives_it_nothing(files, opened, shipped):
    said = captions.write(Snapshot(View(DAY)), *shipped)
    frame = offline.frame(Snapshot(View(DAY)), said, "en.html")
    article = files / "article.html"
    article.write_text(f"<!doctype html><title>Article</title><h1>Kidal</h1>{frame}")
    inside = opened(article, 800, 900, alone=False).frame_locator("iframe")
    inside.locator(".legend li").nth(3).wait_for()
    inside.locator(".slider").focus()
    inside.locator(".slider").press("End")
    inside.locator(".typed").and_(inside.locator("[max='2026-07-14']")).wait_for()
    assert inside.locator(".slider").get_attribute("aria-valuetext") == "Tuesday, 14 July 2026"


def test_hostile_words_appear_as_text_and_do_nothing(opened, tmp_path):
    folder = small.copied(
        tmp_path / "layers",
        ("claims.csv", "The army takes Kidal.", f'"{EVIL.replace(chr(34), "")}"'),
    )
    layers.write(folder)
    world = layers.load(folder)
    told = timeline.resolve(cache.composite(world.claims, world.units, folder=tmp_path / "cache"))
    snapshot = Snapshot(View(SMALL_DAY), headline=EVIL, caption=EVIL, alt=EVIL)
    path = tmp_path / "evil.html"
    path.write_bytes(offline.page(snapshot, world, told))
    page = opened(path)
    assert page.text_content(".headline") == EVIL
    page.fill(".search input", "Kidal")
    page.dispatch_event(".search input", "change")
    page.wait_for_selector(".details h3:text('Kidal')")
    assert EVIL in page.text_content(".details")
    assert "owned" not in page.title().replace("document.title='owned'", "")
    assert page.locator("img[src=x]").count() == 0
