"""What the browser receives says on every day what the timeline says."""

import json
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely
import small

from geo import composite, layers, overlay, slices, timeline
from geo.languages import ENGLISH, FRENCH

FIRST = date(2012, 1, 1)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = small.built(tmp_path_factory.mktemp("world") / "layers")
    return layers.load(folder)


@pytest.fixture(scope="module")
def resolved(world):
    return timeline.resolve(composite.build(world.claims, world.units))


@pytest.fixture(scope="module")
def sent(world, resolved):
    """The payload as the browser reads it."""
    return json.loads(json.dumps(overlay.payload(world, resolved, ENGLISH)))


def state_on(runs, day):
    """What `stateOn` of overlay.js answers."""
    for start, stop, state in zip(runs[::3], runs[1::3], runs[2::3], strict=True):
        if start <= day and (stop is None or day < stop):
            return state
    return overlay.NOTHING


def decoded(steps):
    return np.array(steps).reshape(-1, 2).cumsum(axis=0) / overlay.STEPS


def test_every_face_has_its_state_on_the_day_of_every_change_and_the_day_before(sent, resolved):
    assert len(sent["faces"]) == len(resolved.composite.faces)
    days = {number for day in sent["days"] for number in (day - 1, day)} | {0, sent["last"]}
    for number in sorted(days):
        today = slices.at(resolved, FIRST + timedelta(days=number))
        for face, (_, row) in zip(sent["faces"], today.iterrows(), strict=True):
            state = sent["states"][state_on(face["r"], number)]
            shown = ("none", [], False) if state is None else (
                state["kind"], [sent["actors"][actor]["short"] for actor in state["actors"]],
                state["stale"],
            )  # fmt: skip
            short = {"FAMA": "Army"}
            actors = [short.get(actor, actor) for actor in row["actors"]]
            assert shown == (row["state"], actors, row["stale"])


def test_the_first_state_is_no_information(sent):
    assert sent["states"][overlay.NOTHING] is None
    assert all(state["kind"] != "none" for state in sent["states"][1:])


def test_days_are_counted_from_the_first_day_of_the_data(sent):
    assert (sent["firstDay"], sent["last"]) == ("2012-01-01", (date(2026, 7, 14) - FIRST).days)
    changes = {FIRST + timedelta(days=day) for day in sent["days"]}
    assert {date(2014, 5, 21), date(2023, 11, 14), date(2024, 2, 1), date(2024, 3, 1)} <= changes
    assert sent["days"] == sorted(set(sent["days"]))


def test_rings_are_steps_between_ten_thousandths_of_a_degree():
    shape = shapely.Polygon(
        [(0, 16), (2, 16), (2, 18.12345), (0, 18)],
        holes=[[(0.5, 16.5), (0.5, 17), (1, 17), (1, 16.5)]],
    )
    outer, inner = overlay.rings(shape)
    assert outer[:4] == [0, 160_000, 20_000, 0]
    again = shapely.Polygon(decoded(outer), [decoded(inner)])
    assert again.hausdorff_distance(shape) <= 0.5 / overlay.STEPS


def test_lines_of_several_parts_are_kept_apart():
    line = shapely.MultiLineString([[(0, 16), (1, 17)], [(3, 16), (4, 17)]])
    assert [decoded(part).tolist() for part in overlay.rings(line)] == [
        [[0, 16], [1, 17]],
        [[3, 16], [4, 17]],
    ]


def test_faces_as_drawn_still_cover_the_country_without_overlap(sent):
    drawn = [
        shapely.Polygon(decoded(face["c"][0]), [decoded(ring) for ring in face["c"][1:]])
        for face in sent["faces"]
    ]
    whole = shapely.union_all(drawn)
    assert sum(shape.area for shape in drawn) == pytest.approx(whole.area, rel=1e-6)
    assert whole.bounds == pytest.approx((-4, 16, 2, 22), abs=1e-4)


def test_a_place_knows_the_face_it_lies_in_and_what_is_told_of_it(sent):
    kidal, gao, anefis, _ = sent["places"]
    assert (kidal["name"], kidal["claimed"], kidal["rank"]) == ("Kidal", True, 1)
    assert sent["states"][state_on(sent["faces"][kidal["face"]]["r"], sent["last"])]["label"] == (
        "Controlled by Army"
    )
    assert (gao["claimed"], gao["radius"], anefis["claimed"]) == (False, 12, False)


def test_the_english_map_adds_english_names_and_the_french_one_does_not(world, resolved, sent):
    french = overlay.payload(world, resolved, FRENCH)
    assert sent["places"][3]["name"] == "Taoudénit (Taoudenni)"
    assert french["places"][3]["name"] == "Taoudénit"
    assert (sent["language"], french["language"]) == ("en", "fr")
    assert french["actors"][0]["short"] == "Armée"
    assert french["text"]["none"] != sent["text"]["none"]


def test_a_blockade_of_a_road_is_a_line_while_it_lasts(sent):
    (blockade,) = sent["overlays"]
    assert (blockade["kind"], sent["actors"][blockade["actor"]]["short"]) == ("blockade", "JNIM")
    days = [FIRST + timedelta(days=blockade[name]) for name in ("from", "to")]
    assert days == [date(2024, 2, 1), date(2024, 3, 1)]
    (line,) = blockade["c"]
    assert decoded(line)[[0, -1]].tolist() == [[-0.05, 16.27], [0.6, 18.05]]


def test_regions_change_with_their_editions(sent):
    editions = sent["base"]["editions"]
    ends = [edition["to"] for edition in editions]
    assert ends[-1] is None
    assert all(a < b for a, b in pairwise(ends[:-1]))
    assert FIRST + timedelta(days=ends[-2]) == date(2023, 3, 13)
    assert all(edition["regions"] for edition in editions)


def test_events_are_in_the_order_of_their_days(sent):
    assert sent["events"] == [
        {
            "day": (date(2014, 5, 21) - FIRST).days,
            "place": 0,
            "title": "Fighting in Kidal",
            "event": "e001",
            "kind": "battle",
            "when": "21 May 2014",
        }
    ]


def changed(tmp_path, *changes):
    folder = small.copied(tmp_path / "layers", *changes)
    layers.write(folder)
    return layers.load(folder)


def test_what_is_only_claimed_is_an_outline_once_it_has_been_said(tmp_path):
    found = changed(
        tmp_path, ("claims.csv", "C002,,FAMA,,control,,place", "C002,,FAMA,,control,claimed,place")
    )
    cut = composite.build(found.claims, found.units)

    def outlines(**filters):
        return overlay.payload(found, timeline.resolve(cut, **filters), ENGLISH)["claimed"]

    (outline,) = outlines()
    assert FIRST + timedelta(days=outline["from"]) == date(2023, 11, 14)
    assert outline["to"] is None
    assert outlines(known_on=date(2023, 11, 13)) == []


HOSTILE = "</script><script>alert(1)</script>\u2028\u2029${7*7}{{7*7}}`<!--"


def test_no_text_of_the_data_can_end_the_script_or_a_line_of_it(tmp_path):
    found = changed(tmp_path, ("actors.csv", ",CMA,CMA,", f",{HOSTILE},{HOSTILE},"))
    cut = timeline.resolve(composite.build(found.claims, found.units))
    script = overlay.script(overlay.payload(found, cut, ENGLISH))
    assert not set(script) & set("<\u2028\u2029")
    told = json.loads(script.removeprefix("window.mcmPayload=").removesuffix(";"))
    assert told["actors"][1]["short"] == HOSTILE
    assert any(state and HOSTILE in state["label"] for state in told["states"])
