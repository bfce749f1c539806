"""What the press said, each statement beside what the map holds for it."""

import csv
import re

import looks
import pytest
from reader import Reader

TITLE = "What the press said, November 2025"


def statements():
    with (looks.LAYERS / "statements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def page(staying: Reader):
    staying.page.goto(f"{staying.app.address}statements")
    staying.page.locator("article.statement").first.wait_for()
    return staying.page


def test_every_statement_stands_beside_what_was_found(page):
    told = statements()
    assert page.get_by_role("heading", name=TITLE).count() == 1
    assert page.locator("blockquote").all_inner_texts() == [row["text_en"] for row in told]
    found = page.locator(".found")
    verdicts = found.locator("> strong").all_inner_texts()
    assert set(verdicts) <= {
        "Confirmed",
        "Partly right",
        "Disputed",
        "Not found in those words",
        "Opinion",
    }
    for row, beside in zip(told, found.all(), strict=True):
        assert beside.locator("> p").inner_text() == row["finding_en"]


def test_the_evidence_of_a_statement_opens_with_its_sources(page):
    for row, article in zip(statements(), page.locator("article.statement").all(), strict=True):
        folds = article.locator(".found > details")
        for fold in folds.all():
            fold.locator("> summary").click()
            assert fold.locator(".sources li").first.is_visible()
            fold.locator("> summary").click()
        wanted = sum(bool(row[column]) for column in ("sources", "disagreements", "events"))
        assert folds.count() == wanted, row["statement"]


def test_links_of_statements_go_to_the_web_only(page):
    links = page.locator(".statements a")
    assert links.count() > 0
    assert all(re.match("https?://", link.get_attribute("href")) for link in links.all())


def test_the_statement_that_bamako_is_about_to_fall_is_not_called_confirmed(page):
    first = page.locator("article.statement").first
    assert "on the brink of seizing control" in first.locator("blockquote").inner_text()
    assert first.locator(".found > strong").inner_text() == "Disputed"


def test_the_page_is_reached_from_the_map_and_the_map_from_it(reader: Reader):
    reader.open()
    reader.page.get_by_role("link", name="What the press said").click()
    reader.page.get_by_role("heading", name=TITLE).wait_for()
    reader.page.get_by_role("link", name="Map", exact=True).click()
    reader.ready()
