"""The page that stands alone, as bytes; tests/browser/test_offline_page.py opens it."""

import base64
import hashlib
import html
import json
import re
from datetime import date

import pytest
import small

from geo import cache, layers, overlay, slices, timeline, webmap
from geo.errors import SnapshotError
from geo.languages import ENGLISH, FRENCH
from geo.snapshots import captions, extents, offline, seal, testimony
from geo.snapshots.request import Snapshot
from geo.view import View

DAY = date(2024, 2, 10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = small.built(tmp_path_factory.mktemp("world") / "layers")
    return path


@pytest.fixture(scope="module")
def world(folder):
    return layers.load(folder)


@pytest.fixture(scope="module")
def resolved(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    return timeline.resolve(cache.composite(world.claims, world.units, folder=folder))


def text(world, resolved, *, live=False, **asked):
    snapshot = Snapshot(View(DAY, language=asked.pop("language", ENGLISH)), **asked)
    return offline.page(snapshot, world, resolved, live=live).decode()


def told(page):
    """What `offline.js` is told."""
    return json.loads(re.search(r"<script>window\.mcmPage=(.*);</script>", page)[1])


@pytest.fixture(scope="module")
def page(world, resolved):
    return text(world, resolved)


def test_the_same_view_and_data_give_the_same_bytes(world, resolved, page):
    assert text(world, resolved) == page


def test_the_policy_lets_nothing_in_and_names_every_script_and_style(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy
    inside = re.findall(r"<script>(.*?)</script>|<style>(.*?)</style>", page, re.DOTALL)
    assert len(inside) == 6
    for part in inside:
        digest = base64.b64encode(hashlib.sha256("".join(part).encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_nothing_is_fetched_from_anywhere(page):
    assert not re.search(r"<(script|img|link|iframe|source|video)[^>]*(src|href)=", page)
    assert "@import" not in page
    assert "TYPEFACE" not in page
    assert "@font-face" not in page


def test_the_page_carries_its_record_its_code_and_its_words(world, resolved, page):
    record = seal.read(page.encode())
    assert record.query == {"date": "2024-02-10", "lang": "en"}
    assert f"<strong>Check code {record.code}</strong>" in page
    said = captions.write(Snapshot(View(DAY)), world, resolved)
    for line in (said.sources, said.disclaimer, said.credit, said.headline):
        assert html.escape(line) in page


def test_french_is_french_throughout(world, resolved):
    page = text(world, resolved, language=FRENCH)
    assert '<html lang="fr">' in page
    assert "Code de contrôle" in page
    assert told(page)["kept"] == "Carte figée\u00a0: celle de cet article ne change jamais."
    shown = told(page)
    assert shown["text"]["claims"] == "Qui le dit"
    assert shown["scrubber"]["text"]["play"].startswith("Lecture")


def test_frozen_and_live_say_which_they_are(world, resolved, page):
    assert told(page)["kept"] == "Frozen: this article's map never changes."
    assert told(text(world, resolved, live=True))["kept"].startswith("Live: this map is made anew")


def test_the_slider_begins_on_the_day_and_the_map_on_the_ground(world, resolved):
    ground = extents.parse("place:Kidal@60", world, DAY)
    page = text(world, resolved, extent=ground)
    first = world.dataset.first_day
    assert told(page)["day"] == told(page)["scrubber"]["day"] == (DAY - first).days
    bounds = json.loads(re.search(r'"bounds":(\[\[.*?\]\])', page)[1])
    west, south, east, north = ground.box
    assert bounds == [[south, west], [north, east]]


def test_text_from_anywhere_stays_text(world, resolved):
    evil = "</script><img src=x onerror=alert(1)> ${7*7} {{ 1 }} \"'`"
    page = text(
        world, resolved, headline=evil, caption=evil, alt=evil, address="https://x.test/?a="
    )
    assert "<img" not in page
    assert page.count("</script>") == 5
    assert html.escape(evil, quote=False).replace("&quot;", '"') in page.replace(
        "&#x27;", "'"
    ).replace("&quot;", '"')
    assert told(page)["headline"] == evil


def test_an_address_of_another_kind_is_refused(world, resolved):
    with pytest.raises(SnapshotError, match=r"Write an address that begins with https://"):
        text(world, resolved, address="javascript:alert(1)//")


def test_who_decides_is_told_for_every_face_and_day(world, resolved):
    runs = testimony.deciding(resolved, world.dataset.first_day)
    ids = resolved.composite.claims["claim_id"]
    number = (DAY - world.dataset.first_day).days
    live = {
        (face, tuple(ids.iloc[list(rows)]))
        for face, start, stop, rows in runs
        if start <= number < stop
    }
    faces = slices.at(resolved, DAY)
    assert live == {(face, ids) for face, ids in faces["claim_ids"].items() if ids}


def test_the_marks_are_those_of_the_payload(world, resolved):
    made = testimony.told(world, resolved, ENGLISH)
    drawn = overlay.payload(world, resolved, ENGLISH)["overlays"]
    assert len(made["marks"]) == len(drawn) == 1
    heading = made["strings"][made["claims"][made["marks"][0]][0]]
    assert heading == "Blockade: JNIM"


def test_the_map_moves_as_in_the_app():
    addresses = webmap.Addresses("a.js", "a.css", "b.css", ("c.js",))
    options = webmap.draw(addresses).options
    plain = {
        re.sub("_([a-z])", lambda found: found[1].upper(), name): value
        for name, value in options.items()
    }
    for name, value in offline.LIMITS.items():
        assert name not in plain or plain[name] == value
    assert {"zoomSnap", "zoomDelta", "wheelPxPerZoomLevel"} <= plain.keys()


def test_a_page_that_would_be_too_large_is_refused(world, resolved, monkeypatch):
    monkeypatch.setattr(offline, "MOST_BYTES", 1000)
    with pytest.raises(SnapshotError, match=r"The page would have \d+ kB, more than the 1 kB"):
        text(world, resolved)


def test_the_whole_data_set_is_below_one_megabyte():
    shipped = layers.load()
    found = timeline.resolve(cache.composite(shipped.claims, shipped.units))
    snapshot = Snapshot(View(shipped.dataset.supported_until, language=FRENCH))
    assert len(offline.page(snapshot, shipped, found)) < 1_000_000


def test_the_frame_for_an_article_keeps_its_shape_and_lets_nothing_else_in(world, resolved):
    said = captions.write(Snapshot(View(DAY), headline='"><script>'), world, resolved)
    frame = offline.frame(Snapshot(View(DAY)), said, 'map.html?a=1&b="')
    assert frame.startswith('<iframe src="map.html?a=1&amp;b=&quot;" title="&quot;&gt;&lt;script')
    for part in ('loading="lazy"', "aspect-ratio:", 'sandbox="allow-scripts', 'lang="en"'):
        assert part in frame
    assert "allow-same-origin" not in frame
