"""The map as tables: real ones, that sort, filter and keep the view."""

import csv
import io
import re

import looks
import pytest
from reader import FIRST, Reader

MAY = "table?date=2026-05-01&lang=en"


class Tables:
    """A reader of the tables."""

    def __init__(self, reader, query=MAY):
        self.reader, self.page = reader, reader.page
        self.page.goto(reader.app.address + query)
        self.shown()

    def shown(self, caption=""):
        self.page.locator("caption", has_text=caption).wait_for(timeout=FIRST)
        return self

    def column(self, name):
        heads = self.page.locator("thead th").all_inner_texts()
        nth = next(i for i, head in enumerate(heads) if head.startswith(name))
        cells = self.page.locator("tbody tr").all()
        return [row.locator("th, td").nth(nth).inner_text() for row in cells]

    def choose(self, name):
        self.page.get_by_role("radio", name=name, exact=True).click()
        return self.shown(name)


@pytest.fixture
def tables(reader: Reader):
    return Tables(reader)


@pytest.fixture(scope="module")
def places(staying: Reader):
    """The table of places, which tests that choose another leave alone."""
    return Tables(staying)


def test_the_map_leads_to_its_tables_and_back_with_the_view_it_had(reader: Reader):
    lon, lat = looks.at("kidal")
    query = f"?date=2013-02-01&map=7/18/1&at={lon},{lat}&confidence=medium&known=2014-01-01&lang=en"
    reader.open(query)
    reader.details(title="Kidal")
    reader.scrub("2022-06-15")
    reader.details(day="15 June 2022")  # the link follows once the date has settled
    reader.page.get_by_role("link", name="The same as tables").click()
    tables = Tables.__new__(Tables)
    tables.reader, tables.page = reader, reader.page
    tables.shown("Places, 15 June 2022")
    kept = dict(map="7/18/1", at=f"{lon},{lat}", confidence="medium", known="2014-01-01")
    reader.address(date="2022-06-15", table="places", **kept)
    heard = reader.page.locator(".lead").first.inner_text()
    assert "as known on 1 January 2014, at least medium confidence" in heard
    reader.page.get_by_role("link", name="The same on the map").click()
    reader.ready()
    reader.address(date="2022-06-15", **kept)
    assert reader.shown() == "2022-06-15"


def test_it_is_a_real_table_with_headings_and_a_caption(places):
    tree = places.page.locator(".tables table").aria_snapshot()
    assert 'table "Places, 1 May 2026' in tree
    assert 'columnheader "Where' in tree
    assert 'rowheader "Abeïbara"' in tree
    assert 'cell "Influence of FLA; no holder known"' in tree


def test_rows_are_found_without_accents_and_counted_aloud(places):
    tables = places
    tables.page.get_by_label("Show only rows with").fill("menaka siege")
    assert tables.page.locator("tbody tr").count() == 0
    tables.page.get_by_label("Show only rows with").fill("menaka")
    names = tables.column("Where")
    assert "Ménaka" in names
    status = tables.page.locator(".tables [role=status]")
    assert status.inner_text() == f"{len(names)} of 195 rows"
    tables.page.get_by_label("Show only rows with").fill("")


def test_a_column_sorts_by_day_and_by_number_not_by_its_text(tables):
    tables.page.get_by_role("button", name=re.compile("^Since")).click()
    head = tables.page.locator("th[aria-sort=ascending]")
    assert head.inner_text().startswith("Since")
    years = [int(text[-4:]) for text in tables.column("Since") if text]
    assert years == sorted(years)
    tables.choose("Cercles")
    area = tables.page.get_by_role("button", name=re.compile("^Area"))
    area.click()
    area.click()
    km2 = [int(text.replace(",", "")) for text in tables.column("Area")]
    assert km2 == sorted(km2, reverse=True)
    assert tables.page.locator("th[aria-sort=descending]").count() == 1


def test_a_long_table_is_folded_and_unfolds_to_its_first_new_row(places):
    tables = places
    assert tables.page.locator("tbody tr").count() == 50
    tables.page.get_by_role("button", name="Show all 195 rows").click()
    assert tables.page.locator("tbody tr").count() == 195
    focused = tables.page.evaluate(
        """() => {
            let at = document.activeElement;
            while (at.shadowRoot) at = at.shadowRoot.activeElement;
            return at.textContent;
        }"""
    )
    assert focused == tables.column("Where")[50]


def test_another_table_and_day_stand_in_the_address_that_restores_them(tables):
    tables.choose("Events")
    tables.reader.address(table="events", date="2026-05-01")
    again = Tables(tables.reader, tables.page.url.removeprefix(tables.reader.app.address))
    assert again.page.locator("caption").inner_text().startswith("Events, 1 May 2026")
    assert "JNIM declares a full siege of Bamako" in again.column("What")


def test_the_table_is_downloaded_as_csv(places):
    tables = places.choose("Claims")
    with tables.page.expect_download() as waited:
        tables.page.get_by_role("button", name="Download this table as CSV").click()
    assert waited.value.suggested_filename == "mali-2026-05-01-claims.csv"
    text = waited.value.path().read_text("utf-8")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[0] == "Claim"
    assert len(rows) > 100
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row[head.index("First day")]) for row in rows)


def test_on_a_phone_a_row_is_a_block_and_nothing_is_broader_than_the_screen(phone: Reader):
    tables = Tables(phone, "table?date=2026-05-01&table=claims&lang=fr")
    assert tables.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    row = tables.page.locator("tbody tr").first
    assert row.bounding_box()["width"] <= 390
    assert 'rowheader "' in tables.page.locator(".tables table").aria_snapshot()
