"""The pages for everyone: one language, what axe-core finds, keyboard, targets, no motion."""

import pytest
import tongues
from axe_playwright_python.sync_playwright import Axe
from conftest import DESK, PHONE, sitting
from reader import FIRST, Reader

from geo.languages import ENGLISH, FRENCH

# WCAG 2.2, levels A and AA, and what axe calls best practice: of all that, nothing serious.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What Streamlit calls the button of its own select box; it has no other language to offer.
STREAMLITS_OWN = {"Open"}
GRAVE = ("serious", "critical")

MORE = "event=E001&show=disagreement&loop=2019-01-01,2021-01-01"
PAGES = {
    "map": (
        f"?date=2026-05-01&at=1.4092,18.4434&known=2026-06-01&claimed=1&{MORE}",
        ".details h3",
    ),
    "compare": ("compare?from=2025-11-01&to=2025-11-15", ".story .said"),
    "figures": ("figures?date=2025-11-07", "caption"),
    "roads": ("roads?date=2026-05-16", ".road"),
    "statements": ("statements?", "article.statement"),
    "table": ("table?date=2026-05-01", "caption"),
    "snapshot": ("snapshot?date=2025-11-07", ".snapshot img"),
    "layers": ("layers?", ".uploads h1"),
    "method": ("method?", ".st-key-method h2"),
}


MESSAGES = {"map": 60}  # of the catalogue, that are at least on a page; 10 on any other


def opened(reader, page, *, language="en"):
    query, filled = PAGES[page]
    reader.page.goto(f"{reader.app.address}{query}&lang={language}")
    reader.page.locator(filled).first.wait_for(timeout=FIRST)
    if page in ("map", "compare"):
        reader.page.locator(".legend li").first.wait_for(state="attached")
    reader.page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
    reader.unfold(reader.page.locator("body"))
    return reader, MESSAGES.get(page, 10)


def found(reader):
    """What is wrong on the page and in every frame of it, in axe's words."""
    told = []
    for frame in reader.page.frames:
        results = Axe().run(frame, options=RULES).response
        assert results["testEngine"]["name"] == "axe-core"
        told += [
            f"{wrong['impact']} {wrong['id']}: {node['target']} {node['html'][:120]}"
            for wrong in results["violations"]
            if wrong["impact"] in GRAVE
            for node in wrong["nodes"]
        ]
    return told


def dimmed(reader, scheme):
    """The page in a reader's light or dark theme, once it has followed."""
    reader.page.emulate_media(color_scheme=scheme)
    reader.page.wait_for_function(
        "(scheme) => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme",
        arg=scheme,
    )
    reader.page.wait_for_timeout(400)  # colours fade from one theme to the other


@pytest.fixture(scope="module", params=PAGES)
def on_a_desk(staying, request):
    staying.page.emulate_media(color_scheme="light")
    return opened(staying, request.param)


@pytest.fixture(scope="module", params=PAGES)
def on_a_phone(staying_phone, request):
    staying_phone.page.set_viewport_size(PHONE["viewport"])
    staying_phone.page.emulate_media(color_scheme="dark")
    return opened(staying_phone, request.param, language="fr")


def test_a_page_in_english_has_no_word_of_french(on_a_desk):
    reader, messages = on_a_desk
    texts = tongues.written(reader)
    assert tongues.spoken(texts, FRENCH) == []
    assert len(tongues.spoken(texts, ENGLISH)) > messages


def test_axe_finds_nothing_serious_on_a_desk_in_either_theme(on_a_desk):
    reader, _ = on_a_desk
    for scheme in ("light", "dark"):
        dimmed(reader, scheme)
        assert found(reader) == [], scheme


def test_a_page_in_french_has_no_word_of_english(on_a_phone):
    reader, messages = on_a_phone
    texts = tongues.written(reader)
    assert set(tongues.spoken(texts, ENGLISH)) - STREAMLITS_OWN == set()
    assert len(tongues.spoken(texts, FRENCH)) > messages


def test_axe_finds_nothing_serious_on_a_phone_in_french_and_in_the_dark(on_a_phone):
    reader, _ = on_a_phone
    assert found(reader) == []
    # The same page at four times the size: WCAG 1.4.10, 320 pixels.
    reader.page.set_viewport_size({"width": 320, "height": 640})
    reader.page.wait_for_timeout(400)
    assert reader.page.evaluate("() => document.documentElement.scrollWidth") <= 320


# ---- by keyboard alone

FOCUSED = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    let top = document.elementFromPoint(...middle);
    while (top?.shadowRoot) {
        const inside = top.shadowRoot.elementFromPoint(...middle);
        if (!inside || inside === top) break;
        top = inside;
    }
    return {
        tag: at.tagName,
        name: at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent.trim(),
        marked: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2,
        bare: Boolean(top) && (at.contains(top) || top.contains(at)),
    };
}"""
# In the order of the page; each is the beginning of a name.
JOURNEY = (
    "Skip to main content",
    "Map",
    "Compare",
    "How it is made",
    "Français",
    "Map of Mali",
    "Previous change",
    "Play",
    "Next change",
    "Type a date",
    "Speed",
    "Date shown on the map",
    "The same as tables",
    "How this map is made",
    "What counts",
    "Find a place",
    "Every change",
    "Who says so",
    "Copy the link",
    "Cite",
)


def stops(reader, most=90):
    """What has the focus after every press of the tabulator, until it leaves the page."""
    found = []
    for _ in range(most):
        reader.page.keyboard.press("Tab")
        now = reader.page.evaluate(FOCUSED)
        if now["tag"] == "BODY":
            return found
        found.append(now)
    raise AssertionError(f"The focus never leaves the page: {found[-5:]}")


def test_the_tabulator_reaches_everything_in_order_visibly_and_is_never_trapped(reader: Reader):
    reader.open("?date=2022-06-15&at=1.4092,18.4434").details(title="Kidal")
    reader.rest()
    found = stops(reader)
    names = iter(stop["name"] for stop in found)
    for wanted in JOURNEY:
        assert any(name.startswith(wanted) for name in names), wanted
    ours = [stop for stop in found if stop["tag"] not in ("IFRAME", "MAIN")]
    # A date field has a last stop, its calendar, that only the browser itself can mark.
    calendar = sum(stop["name"] == "Type a date" and not stop["marked"] for stop in ours)
    unmarked = [stop["name"] for stop in ours if not stop["marked"]]
    assert calendar <= 1
    assert len(unmarked) == calendar, unmarked
    assert [stop["name"] for stop in ours if not stop["bare"]] == []


def test_a_question_is_asked_and_answered_by_keyboard_alone(reader: Reader):
    reader.open("?date=2022-06-15")
    field = reader.page.get_by_label("Find a place")
    field.focus()
    reader.page.keyboard.type("Kidal")
    reader.page.keyboard.press("Enter")
    reader.details(title="Kidal", day="15 June 2022")
    summary = reader.page.locator("summary", has_text="Every change")
    summary.focus()
    reader.page.keyboard.press("Enter")
    change = reader.page.get_by_role("button", name="From 30 March 2012 to 29 June 2012")
    change.focus()
    reader.page.keyboard.press("Enter")
    reader.address(date="2012-03-30")
    assert reader.shown() == "2012-03-30"


def test_the_map_is_moved_and_asked_by_keyboard_and_says_how(reader: Reader):
    reader.open("?date=2025-11-07&map=8/14.5/-4.2&lang=en")
    reader.frame.wait_for_function("() => mcmOverlay._map.getZoom() === 8")
    sheet = reader.frame.get_by_role("application")
    assert sheet.get_attribute("aria-label").startswith("Map of Mali. Arrow keys move it")
    sheet.focus()
    reader.page.keyboard.press("Enter")
    reader.details(title="Mopti")
    lat = float(reader.address()["at"].split(",")[1])
    reader.page.keyboard.press("ArrowUp")
    reader.rest()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_function(
        "(lat) => +new URLSearchParams(location.search).get('at').split(',')[1] > lat + 0.1",
        arg=lat,
    )


def test_nothing_moves_by_itself_for_a_reader_who_wants_no_motion(app, chromium):
    with sitting(app, chromium, **DESK, reduced_motion="reduce") as reader:
        reader.open("?date=2022-06-15")
        assert reader.frame.evaluate("() => mcmOverlay._map.options.zoomAnimation") is False
        reader.page.get_by_role("link", name="Figures").click()
        reader.page.locator("caption").wait_for(timeout=FIRST)
        moving = reader.page.evaluate(
            "() => document.getAnimations().filter((a) => a.effect.getTiming().duration > 1).length"
        )
        assert moving == 0
