"""What counts, and what that does to the figures of the day."""

from reader import Reader


def table(reader):
    rows = reader.page.locator(".effect tbody tr")
    return {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows.all()
    }


def test_while_everything_counts_nothing_is_said(reader: Reader):
    reader.open("?date=2025-11-07")
    assert reader.page.locator(".effect").is_hidden()


def test_a_confidence_floor_shows_each_range_with_and_without_it(reader: Reader):
    reader.open("?date=2025-11-07")
    reader.page.locator(".filters > summary").click()
    reader.page.locator(".confidence select").select_option("medium")
    section = reader.page.locator(".effect")
    section.locator("tbody tr").first.wait_for()
    assert section.locator("h2").inner_text().upper() == (
        "WHAT YOUR CHOICE CHANGES ON 7 NOVEMBER 2025"
    )
    assert section.locator("thead th").all_inner_texts() == ["everything", "as chosen"]
    rows = table(reader)
    assert rows["JNIM"][0] != rows["JNIM"][1]
    assert all(before != after for before, after in rows.values())


def test_the_effect_is_that_of_the_day_that_has_settled(reader: Reader):
    reader.open("?date=2025-11-07&confidence=medium")
    reader.page.locator(".effect tbody tr").first.wait_for()
    before = table(reader)
    reader.scrub("2013-02-01")
    reader.page.locator(".effect h2", has_text="1 February 2013").wait_for()
    assert table(reader) != before


def test_it_is_french_and_fits_a_telephone(phone: Reader):
    phone.open("?date=2025-11-07&known=2025-06-01&lang=fr")
    phone.page.locator(".effect tbody tr").first.wait_for()
    assert phone.page.locator(".effect thead th").all_inner_texts() == [
        "tout compris",
        "selon ce choix",
    ]
    assert phone.page.evaluate("() => document.documentElement.scrollWidth") == 390
    box = phone.page.locator(".effect table").bounding_box()
    assert box["x"] + box["width"] <= 390
