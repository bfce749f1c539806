"""Somebody who has never seen the app finds three things, with what is visible and in few steps."""

import pytest
from reader import FIRST, Reader

STEPS = 4  # a click or a field filled in; each takes a reader some seconds


class Newcomer:
    """Uses only controls that are visible, by the words on them, and counts the steps."""

    def __init__(self, reader):
        self.reader, self.page = reader, reader.page
        self.steps = 0

    def clicks(self, role, name):
        self.steps += 1
        self.page.get_by_role(role, name=name).click()

    def fills_in(self, label, text):
        self.steps += 1
        field = self.page.get_by_label(label, exact=True)
        assert field.is_visible()
        field.fill(text)
        field.press("Enter")

    def has_read(self, *texts):
        for text in texts:
            found = self.page.get_by_text(text).first
            found.wait_for(timeout=FIRST)
            assert found.is_visible(), text
        assert self.steps <= STEPS


@pytest.fixture
def newcomer(reader: Reader):
    return Newcomer(reader.open())


@pytest.fixture(scope="module")
def opened(staying: Reader):
    return staying.open()


@pytest.fixture
def seeker(opened):
    """Somebody before a field to find places in, with the details of another place beside it."""
    person = Newcomer(opened)
    person.fills_in("Find a place", "gao")
    opened.details(title="Gao")
    person.steps = 0
    return person


def test_who_held_kidal_in_june_2022_and_who_says_so(newcomer):
    newcomer.fills_in("Type a date", "2022-06-15")
    newcomer.fills_in("Find a place", "kidal")
    newcomer.reader.details(title="Kidal", day="15 June 2022")
    newcomer.has_read("Controlled by CMA", "since 9 June 2014", "Who says so (")
    # Without another step: the claim, its source and the grade of it.
    claim = newcomer.page.locator(".details article.claim").first
    assert "CMA" in claim.inner_text()
    assert claim.locator(".sources li").first.is_visible()
    assert newcomer.steps == 2


def test_what_changed_in_mali_between_1_and_15_november_2025(newcomer):
    newcomer.clicks("link", "Compare")
    newcomer.page.locator(".story .said").first.wait_for(timeout=FIRST)
    newcomer.fills_in("First date", "2025-11-01")
    newcomer.fills_in("Second date", "2025-11-15")
    newcomer.has_read(
        "Between 1 November 2025 and 15 November 2025 what is known of",
        "Loulouni: contested between JNIM and others not named, then control by JNIM",
        "Line by line",
    )
    assert newcomer.steps == 3


def test_which_roads_into_bamako_were_cut_in_may_2026(newcomer):
    newcomer.clicks("link", "Roads to Bamako")
    newcomer.page.locator(".road").first.wait_for(timeout=FIRST)
    newcomer.clicks("button", "15 May 2026")
    newcomer.has_read(
        "15 May 2026: of the 8 roads shown",
        "Amnesty International: three of the six main roads to Bamako are cut",
        "By 15 May 2026 three of the six main roads were reported cut, without saying which",
    )
    assert newcomer.steps == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("menaka", "Ménaka"),
        ("Timbuktu", "Tombouctou (Timbuktu)"),
        ("TOMBOUC", "Tombouctou (Timbuktu)"),
    ],
)
def test_a_place_is_found_without_accents_by_another_name_or_by_a_part_of_it(seeker, typed, found):
    seeker.fills_in("Find a place", typed)
    seeker.reader.details(title=found)


def test_a_place_that_is_not_listed_is_said(seeker):
    seeker.fills_in("Find a place", "Ouagadougou")
    seeker.has_read("No place of that name is listed here. Try another spelling.")
