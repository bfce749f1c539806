"""The snapshot page: true preview, files, and whether an old picture still stands."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from reader import FIRST, PATIENCE

from geo.snapshots import seal

NOVEMBER = "snapshot?date=2025-11-07&lang=en"


class Desk:
    """A journalist at the snapshot page."""

    def __init__(self, reader, query=NOVEMBER):
        self.reader, self.page = reader, reader.page
        self.page.goto(reader.app.address + query)
        self.drawn()

    def drawn(self, timeout=FIRST):
        self.page.locator(".snapshot img").wait_for(timeout=timeout)

    def alt(self):
        return self.page.locator(".snapshot img").get_attribute("alt")

    def picture(self):
        """The preview as it is shown, decoded."""
        source = self.page.locator(".snapshot img").get_attribute("src")
        return self.page.evaluate(
            "async (s) => [...new Uint8Array(await (await fetch(s)).arrayBuffer())]", source
        )

    def code(self):
        return re.search(r"MCM-\w{4}-\w{4}", self.page.locator("figcaption").inner_text())[0]

    def choose(self, label, option):
        box = self.page.locator("[data-testid='stSelectbox']").filter(
            has=self.page.get_by_text(label, exact=True)
        )
        box.locator("input").first.click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def changed(self, before):
        self.page.locator("figcaption").filter(has_not_text=before).wait_for(timeout=PATIENCE)

    def download(self, name):
        with self.page.expect_download(timeout=FIRST) as waited:
            self.page.get_by_role("button", name=name, exact=True).click()
        found = waited.value
        return found.suggested_filename, Path(found.path()).read_bytes()


@pytest.fixture
def desk(reader):
    return Desk(reader)


@pytest.fixture(scope="module")
def november(staying):
    """The page as it opens, of which tests take files and change nothing that is in them."""
    return Desk(staying)


def test_the_preview_is_the_file_that_is_downloaded(november):
    name, content = november.download("Download the picture (PNG)")
    assert bytes(november.picture()) == content
    assert re.fullmatch(
        r"mali-control_2025-11-07_known-\d{4}-\d\d-\d\d_v\w{8}_en_article\.png", name
    )
    assert Image.open(io.BytesIO(content)).size == (1200, 800)
    assert seal.read(content).code == november.code()
    assert november.alt().startswith("Map: Mali, 7 November 2025.")


def test_every_other_file_is_made_when_it_is_wanted(november):
    begins = {
        "SVG, to edit": b"<?xml",
        "PDF, to print": b"%PDF",
        "Page with slider": b"<!doctype html>",
        "Data pack": b"PK",
    }
    for name, start in begins.items():
        _, content = november.download(name)
        assert content.startswith(start), name
        if start != b"%PDF":
            assert seal.read(content).code == november.code()
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        assert "SHA256SUMS.txt" in pack.namelist()


def test_size_ground_and_words_change_the_picture(desk):
    before = desk.code()
    desk.choose("Ground", "A region")
    desk.changed(before)
    assert desk.code() != before
    desk.choose("Size", "Square · 1080 x 1080 px")
    desk.changed("1200 x 800")
    desk.page.locator("summary", has_text="Words, to edit").click()
    field = desk.page.get_by_label("Headline")
    evil = "<img src=x onerror=alert(1)> ${1} 40 % of Mali"
    field.fill(evil)
    field.press("Enter")
    desk.page.locator(".warns li", has_text="40 % stands alone").wait_for(timeout=PATIENCE)
    _, svg = desk.download("SVG, to edit")
    assert "&lt;img src=x onerror=alert(1)&gt;" in svg.decode()
    assert desk.page.locator("img[src=x]").count() == 0


def test_an_old_picture_is_checked_without_leaving_the_reader(november, tmp_path):
    name, content = november.download("Download the picture (PNG)")
    path = tmp_path / name
    path.write_bytes(content)
    sent = len(november.reader.sent)
    november.page.locator(".check input[type=file]").set_input_files(path)
    november.page.locator(".verdict.unchanged").wait_for(timeout=PATIENCE)
    told = november.page.locator(".verdict").inner_text()
    assert november.code() in told
    assert "as it was made here" in told
    assert sum(len(message) for message in november.reader.sent[sent:]) < 40_000 < len(content)
    november.page.locator(".check input[type=text]").fill("hello")
    november.page.get_by_role("button", name="Check", exact=True).click()
    november.page.locator(".verdict.refused").wait_for(timeout=PATIENCE)
    assert "'hello' is not a check code" in november.page.locator(".verdict").inner_text()


def test_a_publishable_picture_is_two_clicks_from_the_map(reader):
    page = reader.page
    page.goto(f"{reader.app.address}?date=2020-06-01&lang=fr&map=7/16.3/-0.05")
    page.get_by_role("link", name="Emporter cette vue").click(timeout=FIRST)
    page.locator(".snapshot img").wait_for(timeout=FIRST)
    assert "1er juin 2020" in page.locator(".snapshot img").get_attribute("alt")
    with page.expect_download(timeout=FIRST) as waited:
        page.get_by_role("button", name=re.compile("Télécharger l.image")).click()
    assert "_2020-06-01_" in waited.value.suggested_filename
    assert "_fr_" in waited.value.suggested_filename


def test_the_frame_for_an_article_is_frozen_or_live(november):
    november.page.locator("summary", has_text="In an article").click()
    code = november.page.locator("[data-testid='stCode']")
    assert '<iframe src="mali-control_2025-11-07' in code.inner_text()
    november.page.get_by_text("Live: made anew whenever the data change").click()
    code.get_by_text("mali-control_live_en.html").wait_for()
    name, page = november.download("Download the page for the frame")
    assert name == "mali-control_live_en.html"
    assert b"Live: this map is made anew" in page


def test_a_film_shows_how_far_it_is(november):
    november.page.locator("summary", has_text="A film between two days").click()
    parts = november.page.locator("[aria-label='From'] [role=spinbutton]")
    parts.first.click()
    november.page.keyboard.type("20251101")
    november.page.keyboard.press("Tab")
    november.page.get_by_text("GIF", exact=True).click()
    november.page.get_by_role("button", name="Make the film").click()
    button = november.page.get_by_role("button", name=re.compile("Download the film"))
    button.wait_for(timeout=FIRST)
    with november.page.expect_download(timeout=FIRST) as waited:
        button.click()
    with Image.open(waited.value.path()) as film:
        assert film.format == "GIF"
        assert film.n_frames > 1
