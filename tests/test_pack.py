import csv
import hashlib
import io
import json
import zipfile
from datetime import date

import geopandas as gpd
import pytest
import small

from geo import cache, layers, timeline
from geo.languages import FRENCH
from geo.snapshots import drawing, exports, pack, records, seal
from geo.snapshots.presets import PRESETS
from geo.snapshots.request import Snapshot
from geo.view import View

DAY = date(2024, 2, 10)
STEM = "mali-control_2024-02-10_known-2026-11-22"


def digest(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    formula = ("claims.csv", "The army takes Kidal.", "=HYPERLINK(1)")
    path = small.copied(tmp_path_factory.mktemp("world") / "layers", formula)
    layers.write(path)
    found = layers.load(path)
    folder = tmp_path_factory.mktemp("cache")
    return found, timeline.resolve(cache.composite(found.claims, found.units, folder=folder))


@pytest.fixture(scope="module")
def drawn(world):
    asked = Snapshot(View(DAY, language=FRENCH), PRESETS["card"], caption="Légende à moi")
    return drawing.draw(asked, *world)


@pytest.fixture(scope="module")
def packed(drawn, world):
    return pack.make(drawn, *world)


@pytest.fixture(scope="module")
def inside(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_everything_a_desk_needs_is_inside(inside):
    endings = {name.removeprefix(STEM) if name.startswith(STEM) else name for name in inside}
    version = next(name for name in inside if name.endswith(".png"))[len(STEM) : -len(".png")]
    assert endings == {
        f"{version}.png",
        f"{version}.svg",
        "control_2024-02-10.geojson",
        "control_2024-02-10.gpkg",
        "claims.csv",
        "sources.csv",
        *(f"{word}.{code}.txt" for word in ("caption", "alt", "licence") for code in ("en", "fr")),
        "README.txt",
        "SHA256SUMS.txt",
    }


def test_the_same_picture_and_data_give_the_same_bytes(drawn, world, packed):
    assert pack.make(drawn, *world) == packed


def test_every_other_file_is_in_the_list_with_its_hash(inside):
    listed = dict(
        reversed(line.split("  ")) for line in inside["SHA256SUMS.txt"].decode().split("\n")[:-1]
    )
    assert listed.keys() == inside.keys() - {"SHA256SUMS.txt"}
    for name, digest in listed.items():
        assert hashlib.sha256(inside[name]).hexdigest() == digest


def test_the_claims_that_decide_and_their_sources_are_tables(inside):
    claims, sources = rows(inside["claims.csv"]), rows(inside["sources.csv"])
    assert [row["claim_id"] for row in claims] == ["C002", "C003", "C004"]
    assert {key for row in claims for key in row["sources"].split()} == {
        row["source"] for row in sources
    }


def test_a_spreadsheet_runs_nothing(inside):
    note = next(row["note_en"] for row in rows(inside["claims.csv"]) if row["claim_id"] == "C002")
    assert note == "'=HYPERLINK(1)"


def test_the_ground_opens_in_a_geographic_information_system(inside, tmp_path):
    shapes = json.loads(inside["control_2024-02-10.geojson"])
    path = tmp_path / "control.gpkg"
    path.write_bytes(inside["control_2024-02-10.gpkg"])
    frame = gpd.read_file(path)
    assert len(frame) == len(shapes["features"])
    assert set(frame["state"]) == {"control", "contested", "none"}
    assert shapes["check_code"].startswith("MCM-")


def test_words_come_in_both_languages_and_an_editors_words_in_theirs(inside):
    french, english = (inside[f"caption.{code}.txt"].decode() for code in ("fr", "en"))
    assert "Légende à moi" in french
    assert "Légende" not in english
    assert "10 February 2024" in english
    assert "CC-BY-4.0" in inside["licence.en.txt"].decode()
    readme = inside["README.txt"].decode()
    assert all(name in readme for name in inside if name != "README.txt")


def test_the_pack_is_verified_as_it_is(packed, drawn):
    assert seal.read(packed).code == drawn.code


def test_an_export_is_called_after_what_it_shows_and_its_record_is_kept(
    drawn, world, monkeypatch, tmp_path
):
    monkeypatch.setenv(records.VARIABLE, str(tmp_path))
    name = exports.name(drawn, ".html")
    assert name.startswith(f"{STEM}_v")
    assert name.endswith("_fr_card.html")
    page = exports.render(drawn, ".html", *world)
    exports.keep(name, page)
    found = records.find(drawn.code)
    assert records.made_here(found, digest(page))
    assert seal.read(page) == found
