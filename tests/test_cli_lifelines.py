"""`lifelines`: the same as the page of the roads, without a browser."""

import asked
import pytest

from geo import layers


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with asked.world(tmp_path_factory) as path:
        yield path


@pytest.fixture
def roads(folder, capsys):
    return lambda *typed: asked.run(capsys, folder, "lifelines", *typed)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    with asked.reading_once(tmp_path_factory):
        yield layers.FOLDER


@pytest.fixture
def bamako(shipped, capsys):
    return lambda *typed: asked.run(capsys, shipped, "lifelines", "Bamako", *typed)


def test_a_road_is_told_stretch_by_stretch_with_its_reasons(roads):
    (road,) = roads("Gao", "--date", "2024-02-10", "--json").json["roads"]
    assert (road["lifeline"], road["state"]) == ("gao-kidal", "blocked")
    assert [(s["stretch"], s["towns"], s["state"]) for s in road["stretches"]] == [
        ("gao-kidal/1", ["gao", "anefis"], "blocked"),
        ("gao-kidal/2", ["anefis", "kidal"], "risky"),
    ]
    assert [(r["item"], r["state"], r["stretches"], r["why"]) for r in road["reasons"]] == [
        ("C004", "blocked", ["gao-kidal/1"], "this stretch is under blockade"),
        ("C004", "risky", ["gao-kidal/2"], "a stretch that meets this one is under blockade"),
    ]


def test_every_item_that_is_named_is_told_with_its_sources(roads):
    document = roads("Gao", "--date", "2014-06-01", "--json").json
    assert [reason["item"] for reason in document["roads"][0]["reasons"]] == ["e001"]
    assert document["items"]["e001"]["heading"] == "Fighting in Kidal"
    assert document["items"]["e001"]["sources"] == ["v01"]
    assert [source["source"] for source in document["sources"]] == ["v01"]


def test_on_a_day_of_which_nobody_speaks_a_road_is_unknown(roads):
    answer = roads("Gao", "--date", "2019-01-01")
    assert (
        answer.out
        == "Roads to Gao, 1 January 2019\n\nKidal: unknown\n  unknown  Gao \u2013 Kidal\n"
    )


def test_options_of_reading_hold(roads):
    typed = ("Gao", "--date", "2024-02-10", "--json")
    assert roads(*typed).json["roads"][0]["state"] == "blocked"
    for option in (("--known-on", "2024-02-05"), ("--source", "v01"), ("--min-confidence", "high")):
        assert roads(*typed, *option).json["roads"][0]["state"] == "unknown"
    assert "As known on 2024-02-05." in roads(*typed[:3], "--known-on", "2024-02-05").out


def test_a_layer_of_the_readers_own_may_name_actors_and_ground_as_it_likes(roads, tmp_path):
    path = tmp_path / "own.geojson"
    path.write_text(
        """{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry":
        {"type": "LineString", "coordinates": [[-0.05, 16.27], [0.6, 18.05]]}, "properties":
        {"claim_id": "1", "actor": "SOMEBODY", "status": "blockade", "area_ref": "road:gao-kidal/1",
        "valid_from": "2020-01-01", "valid_to": "2020-02-01", "reported_on": "2020-01-01",
        "sources": "me"}}, {"type": "Feature", "geometry": {"type": "Polygon", "coordinates":
        [[[1, 18], [2, 18], [2, 19], [1, 18]]]}, "properties": {"claim_id": "2",
        "actor": "SOMEBODY", "status": "siege", "area_ref": "wherever", "valid_from": "2020-01-01",
        "reported_on": "2020-01-01", "sources": "me"}}]}""",
        encoding="utf-8",
    )
    answer = roads("Gao", "--date", "2020-01-10", "--layer", path)
    assert "Kidal: blocked\n" in answer.out
    assert "1  Gao \u2013 Anefis, blockade: SOMEBODY\n" in answer.out
    assert roads("Gao", "--date", "2011-01-10", "--layer", path).code == 1


def test_a_place_without_a_road_and_an_unknown_one_are_refused(roads):
    answer = roads("Taoudénit", "--date", "2014-06-01")
    assert (answer.code, answer.out) == (1, "")
    assert "No road of layers/roads.csv passes Taoudénit (Taoudenni). Choose" in answer.err
    french = roads("Taoudénit", "--date", "2014-06-01", "--lang", "fr").err
    assert "Aucune route de layers/roads.csv ne passe par Taoudénit" in french
    assert "Did you mean Kidal [kidal]?" in roads("Kidall", "--date", "2014-06-01").err


def test_a_day_the_data_cannot_answer_for_is_refused(roads):
    assert roads("Gao", "--date", "2031-01-01").code == 1


def test_a_day_is_required(roads):
    with pytest.raises(SystemExit, match=r"^2$"):
        roads("Gao")


BLOCKED = {"bamako-dakar", "bamako-kita", "bamako-sikasso", "bamako-kadiana"}


@pytest.mark.parametrize(
    ("day", "blocked"),
    [("2025-09-03", set()), ("2025-11-07", BLOCKED), ("2025-11-25", set()), ("2026-05-15", set())],
)
def test_the_roads_to_bamako_in_the_fuel_blockade(bamako, day, blocked):
    document = bamako("--date", day, "--json").json
    found = {road["lifeline"]: road["state"] for road in document["roads"]}
    assert {road for road, state in found.items() if state == "blocked"} == blocked
    assert set(found.values()) <= {"blocked", "risky"}


def test_three_of_six_roads_cut_is_said_of_bamako(bamako):
    document = bamako("--date", "2026-05-15", "--json").json
    assert {"item": "E123", "counts": True} in document["said"]
    french = bamako("--date", "2026-05-15", "--lang", "fr").out
    assert french.startswith("Routes vers Bamako, 15 mai 2026\n")
    assert "E123  Amnesty International" in french
    assert "Kayes (route de Dakar)\u00a0: risquée\n" in french
    assert "\u00a0: coupée\n" not in french
