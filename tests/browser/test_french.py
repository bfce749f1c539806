"""A page is in one language: no word of the other is on it, wherever it is written."""

import io
import re
from datetime import date

import looks
import pytest
from babel.messages import pofile
from reader import ROOT, Reader

from geo.languages import ENGLISH, FRENCH

CATALOGUE = ROOT / "geo" / "locale" / "fr" / "LC_MESSAGES" / "messages.po"
KIDAL = "?date=2026-05-01&at=1.4092,18.4434&known=2026-06-01&claimed=1"

# Every text that is shown or read aloud, in the page, its shadow roots and the map's frame.
WRITTEN = """() => {
    const said = [];
    const inside = (root) => {
        for (const node of root.childNodes) {
            if (node.nodeType === Node.TEXT_NODE) said.push(node.textContent.trim());
            if (node.nodeType !== Node.ELEMENT_NODE || ["STYLE", "SCRIPT"].includes(node.tagName)) {
                continue;
            }
            for (const name of ["title", "aria-label", "aria-valuetext", "placeholder", "alt"]) {
                said.push(node.getAttribute(name) ?? "");
            }
            if (node.shadowRoot) inside(node.shadowRoot);
            inside(node);
        }
    };
    inside(document);
    return [document.title, ...said].filter(Boolean);
}"""
MAP_SAYS = """() => [
    ...Object.values(mcmOverlay._data.text),
    ...mcmOverlay._data.states.filter(Boolean).flatMap((state) => [state.label, state.legend]),
    ...mcmOverlay._data.events.map((event) => event.title),
]"""
# What Streamlit calls the button of its own select box; it has no other language to offer.
STREAMLITS_OWN = {"Open"}
GAP = r"[\s\S]*?"
FILLED = re.compile(r"\{\w+\}")


def phrases(language):
    """Messages as patterns of this language; only those that the other one writes otherwise."""
    catalogue = pofile.read_po(io.BytesIO(CATALOGUE.read_bytes()))
    found = []
    for message in catalogue:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        french = message.string if isinstance(message.string, str) else message.string[0]
        texts = {"en": singular, "fr": FRENCH.typeset(french)}
        # With little beside what is filled in, a message of one language fits the other.
        fixed, filled = FILLED.subn("", texts[language.code])
        enough = len(fixed.split()) > 2 if filled else re.search("[a-z]", fixed)
        if enough and texts["en"] != texts["fr"]:
            found.append(texts[language.code])
    return found


def spoken(texts, language):
    """The messages of a language that are among the texts."""
    said = set(texts)
    whole = [phrase for phrase in phrases(language) if not FILLED.search(phrase)]
    found = [phrase for phrase in whole if phrase in said]
    for phrase in set(phrases(language)).difference(whole):
        pattern = re.compile(GAP.join(map(re.escape, FILLED.split(phrase))))
        found += [phrase for text in said if pattern.fullmatch(text)]
    return found


def written(reader):
    texts = reader.page.evaluate(WRITTEN)
    for frame in reader.page.frames[1:]:
        texts += frame.evaluate(WRITTEN)
        if frame.evaluate("() => Boolean(window.mcmOverlay)"):
            texts += frame.evaluate(MAP_SAYS)
    return texts


def test_the_browser_chooses_the_language_where_the_address_does_not(french: Reader):
    french.open("?date=2026-05-01")
    assert french.address(lang="fr")["date"] == "2026-05-01"
    assert french.page.locator(".day").inner_text() == "1er mai 2026"
    assert french.page.evaluate("() => document.documentElement.lang") == "fr"
    assert french.frame.evaluate("() => document.documentElement.lang") == "fr"


@pytest.mark.parametrize(("language", "other"), [(FRENCH, ENGLISH), (ENGLISH, FRENCH)])
def test_the_map_and_its_details_are_in_one_language(reader: Reader, language, other):
    reader.open(f"{KIDAL}&lang={language.code}")
    reader.details(title="Kidal", day=language.day(date(2026, 5, 1)))
    texts = written(reader)
    assert spoken(texts, other) == []
    assert len(spoken(texts, language)) > 60


@pytest.mark.parametrize(("language", "other"), [(FRENCH, ENGLISH), (ENGLISH, FRENCH)])
@pytest.mark.parametrize(
    ("page", "filled"),
    [
        ("statements?", "article.statement"),
        ("snapshot?date=2025-11-07", ".snapshot img"),
        ("compare?from=2025-11-01&to=2025-11-15", ".legend li"),
        ("roads?date=2025-11-07", ".road"),
        ("table?date=2025-11-07&table=claims", "tbody tr"),
        ("layers?", ".uploads h3"),
    ],
)
def test_every_other_page_is_in_one_language(reader: Reader, page, filled, language, other):
    reader.page.goto(f"{reader.app.address}{page}&lang={language.code}")
    reader.page.locator(filled).first.wait_for()
    reader.rest()
    texts = written(reader)
    assert set(spoken(texts, other)) - STREAMLITS_OWN == set()
    assert len(spoken(texts, language)) > 10


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
