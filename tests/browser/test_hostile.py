"""Text that wants to be a program, wherever the data have text: it stays text, everywhere."""

import csv
import json
import shutil

import pytest
from conftest import DESK, sitting
from reader import ROOT, App

from geo import layers, webmap
from geo.pages import assets

HOSTILE = (
    "${document.title=7*7}",
    "{{ 7*7 }}{% raw %}",
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "`+(window.pwned=1)+`",
    "';window.pwned=1;//\"\\",
    "[a](javascript:window.pwned=1) :material/star: $7*7$",
    "line\u2028separator",
    "override\u202etfel",
)
EVIL = " ".join(HOSTILE)
LONG = "Very" + "long" * 1000
LINK = "https://example.org/'onclick='window.pwned=1'/${7*7}/{{7*7}}"

SPY = """
    window.drawn = new Set();
    const fillText = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function spy(text, ...rest) {
        window.drawn.add(text);
        return fillText.call(this, text, ...rest);
    };
"""


def poison(folder, name, *columns, rows=bool):
    """Put the hostile text into columns of a table."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    for row in table:
        if rows(row):
            row.update(dict.fromkeys(columns, EVIL))
            if "address" in row:
                row["address"] = LINK
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """The shipped layers with hostile text in every table, built like any others."""
    folder = tmp_path_factory.mktemp("poisoned") / "layers"
    shutil.copytree(ROOT / "layers", folder)
    poison(folder, "places.csv", "name_fr", "name_en", rows=lambda row: row["place"] == "kidal")
    poison(folder, "actors.csv", "name_en", "short_en", "badge", "note_en")
    poison(folder, "bibliography.csv", "publisher", "title", "caveat_en")
    poison(folder, "claims.csv", "note_en", "confidence_reason")
    poison(folder, "events.csv", "title_en", "note_en")
    texts = ("topic_en", "account_a_en", "said_by_a", "account_b_en", "said_by_b", "reading_en")
    poison(folder, "disagreements.csv", *texts)
    poison(folder, "statements.csv", "text_en", "finding_en")
    poison(folder, "unit_names.csv", "name_fr", rows=lambda row: row["unit"] == "bourem")

    places = (folder / "places.csv").read_text(encoding="utf-8")
    (folder / "places.csv").write_text(places.replace("\ngao,Gao,", f"\ngao,{LONG},"), "utf-8")
    about = (folder / "dataset.toml").read_text(encoding="utf-8").splitlines()
    said = (line.startswith("boundaries_en") for line in about)
    evil = f"boundaries_en = {json.dumps(EVIL)}"
    kept = [evil if is_it else line for is_it, line in zip(said, about, strict=True)]
    (folder / "dataset.toml").write_text("\n".join(kept), "utf-8")
    land = json.loads((folder / "neighbours.geojson").read_text(encoding="utf-8"))
    for feature in land["features"]:
        feature["properties"]["name_fr"] = EVIL
    (folder / "neighbours.geojson").write_text(json.dumps(land), "utf-8")
    layers.write(folder)
    return folder


@pytest.fixture(scope="module")
def poisoned_app(app, poisoned, tmp_path_factory):
    # The ground is that of the shipped layers, and has been cut already.
    cache = str(app.log.parent / "cache")
    folder = tmp_path_factory.mktemp("poisoned-app")
    with App(folder, MALI_CONTROL_LAYERS=str(poisoned), MALI_CONTROL_CACHE=cache) as started:
        yield started
        assert "Traceback" not in started.log.read_text()


@pytest.fixture(scope="module")
def visitor(poisoned_app, chromium):
    with sitting(poisoned_app, chromium, name="poisoned", **DESK) as person:
        person.page.add_init_script(SPY)
        yield person


@pytest.fixture
def victim(visitor):
    yield visitor
    for frame in visitor.page.frames:
        assert frame.evaluate("() => window.pwned") is None
        assert "49" not in frame.title()
    assert visitor.page.title() == "Mali Control Map"


def september(victim):
    """The map of September 2013, wherever it looks and whatever was asked of it before."""
    if "date=2013-09-01" not in victim.page.url:
        victim.open("?date=2013-09-01")
    return victim


def texts(locator):
    """The texts as they are in the document, nothing collapsed."""
    return [element.text_content() for element in locator.all()]


def test_hostile_names_are_drawn_and_told_as_they_are_written(victim):
    september(victim)
    victim.page.mouse.move(*victim.spot(1.4092, 18.4434))
    tip = victim.frame.locator(".mcm-tip")
    tip.wait_for()
    assert tip.text_content().startswith(f"{EVIL} · Contested: {EVIL}, {EVIL}")
    drawn = victim.frame.evaluate("() => [...window.drawn]")
    assert EVIL in drawn  # Kidal, and every neighbour
    assert f"{LONG} (Gao)" in drawn  # the French name first, then the English
    assert any(EVIL in entry for entry in texts(victim.page.locator(".legend span")))
    assert EVIL in victim.page.locator(".foot").text_content()
    victim.look_at(1.4092, 18.4434, 9)
    assert EVIL in victim.frame.evaluate("() => [...window.drawn]")  # badges


def test_hostile_claims_sources_and_accounts_are_shown_as_they_are_written(victim):
    september(victim)
    victim.page.mouse.click(*victim.spot(1.4092, 18.4434))
    panel = victim.page.locator(".details")
    panel.locator("h3").wait_for()
    assert panel.locator("h3").text_content() == EVIL
    victim.unfold(panel)
    assert EVIL in texts(panel.locator("article.claim > p"))  # notes, and readings
    assert EVIL in texts(panel.locator("article.claim > p.where"))  # reasons
    assert EVIL in texts(panel.locator("article.claim > h4"))  # topics
    assert EVIL in texts(panel.locator("article.claim > div > p"))  # accounts
    assert f"{EVIL}: {EVIL} " in texts(panel.locator(".sources li > span"))
    assert any(EVIL in small for small in texts(panel.locator(".sources small")))
    assert panel.locator("img, script").count() == 0
    cited = panel.locator(".sources a")
    assert {link.get_attribute("href") for link in cited.all()} == {LINK}
    assert panel.locator("a").count() == cited.count() + 1  # our own, to the figures
    assert not panel.locator("a[onclick]").count()


def test_a_place_with_a_hostile_name_can_be_found_by_it(victim):
    september(victim)
    victim.look_at(-0.0447, 16.2717, 9)
    victim.page.mouse.click(*victim.spot(-0.0447, 16.2717))
    victim.page.locator(".details h3", has_text=LONG).wait_for()
    box = victim.page.locator(".search input")
    box.fill(EVIL)
    box.press("Enter")
    victim.page.locator(".details h3").filter(has_not_text=LONG).wait_for()
    assert victim.page.locator(".details h3").text_content() == EVIL


def test_a_hostile_cercle_is_named_as_it_is_written(victim):
    victim.open("?date=2025-11-07&at=-0.24,17.78")
    title = victim.page.locator(".details h3")
    title.wait_for()
    assert title.text_content() == f"Cercle de {EVIL}"


def test_a_name_of_thousands_of_letters_does_not_push_the_page_aside(victim):
    victim.open("?date=2025-11-07&at=-0.0447,16.2717")
    victim.page.locator(".details h3").wait_for()
    assert LONG in victim.page.locator(".details h3").text_content()
    assert victim.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    columns = victim.page.evaluate(
        """() => [...document.querySelectorAll('.details, .panel')]
            .map((part) => part.scrollWidth - part.clientWidth)"""
    )
    assert max(columns, default=0) <= 1


def test_hostile_statements_are_shown_as_they_are_written(victim):
    victim.page.goto(f"{victim.app.address}statements")
    victim.page.locator("article.statement").first.wait_for()
    victim.unfold(victim.page.locator(".statements"))
    assert set(texts(victim.page.locator("blockquote"))) == {EVIL}
    assert EVIL in texts(victim.page.locator(".found > p"))
    assert EVIL in texts(victim.page.locator("article.claim > div > p"))
    assert victim.page.locator(".statements img, .statements script").count() == 0


def test_nothing_of_the_data_reaches_folium_or_the_script_it_makes(victim):
    september(victim)
    scripts = [message for message in victim.received if b"mcmMount" in message]
    assert scripts
    for message in scripts:
        assert b"pwned" not in message
        assert b"7*7" not in message


def test_the_map_is_the_same_text_whatever_the_data_say(poisoned):
    found = layers.load(poisoned)
    assert EVIL in found.places["name_fr"].tolist()
    drawn = webmap.draw(assets.addresses("data-0123456789abcdef.js")).get_root().render()
    assert "mcmMount" in drawn
    assert not [text for text in (*HOSTILE, "pwned", LONG) if text in drawn]
