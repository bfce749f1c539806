"""The pages for everyone: what axe-core finds, the keyboard, targets, large text, no motion."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from reader import FIRST, Reader

# WCAG 2.2, levels A and AA, and what axe calls best practice: of all that, nothing serious.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
GRAVE = ("serious", "critical")

PAGES = {
    "map": ("?date=2026-05-01&at=1.4092,18.4434&known=2026-06-01&claimed=1", ".details h3"),
    "compare": ("compare?from=2025-11-01&to=2025-11-15", ".story .said"),
    "figures": ("figures?date=2025-11-07", "caption"),
    "roads": ("roads?date=2026-05-16", ".road"),
    "statements": ("statements?", "article.statement"),
    "table": ("table?date=2026-05-01", "caption"),
    "method": ("method?", ".st-key-method h2"),
}


def opened(reader, page, *, language="en"):
    query, filled = PAGES[page]
    reader.page.goto(f"{reader.app.address}{query}&lang={language}")
    reader.page.locator(filled).first.wait_for(timeout=FIRST)
    if page in ("map", "compare"):
        reader.page.locator(".legend li").first.wait_for(state="attached")
    return reader.unfold(reader.page.locator("body"))


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


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious_on_a_desk_in_either_theme(reader: Reader, page):
    opened(reader, page)
    for scheme in ("light", "dark"):
        dimmed(reader, scheme)
        assert found(reader) == [], scheme


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious_on_a_phone_in_french_and_in_the_dark(phone: Reader, page):
    phone.page.emulate_media(color_scheme="dark")
    opened(phone, page, language="fr")
    assert found(phone) == []
