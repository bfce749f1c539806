from dataclasses import replace
from datetime import date

import pytest
import small

from geo import cache, layers, timeline
from geo.errors import SnapshotError
from geo.languages import FRENCH
from geo.snapshots import checklist, drawing, extents, files, sight
from geo.snapshots.findings import Checked
from geo.snapshots.frame import Box
from geo.snapshots.legend import Legend
from geo.snapshots.presets import PRESETS
from geo.snapshots.request import Snapshot
from geo.view import View

DAY = date(2024, 2, 10)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    kept = tmp_path_factory.mktemp("cache")

    def make(*changes):
        path = small.copied(tmp_path_factory.mktemp("world") / "layers", *changes)
        layers.write(path)
        found = layers.load(path)
        composite = cache.composite(found.claims, found.units, folder=kept)
        return found, timeline.resolve(composite)

    return make


@pytest.fixture(scope="module")
def world(read):
    return read()


def checked(world, *, view=None, **asked):
    view = view or View(DAY)
    snapshot = Snapshot(view, PRESETS["card"], **asked)
    return Checked(drawing.draw(snapshot, *world), *world)


@pytest.fixture(scope="module")
def good(world):
    return checked(world)


def rules(asked, **changed):
    drawn = replace(asked.drawing, **changed)
    return [(one.rule, one.severity) for one in checklist.check(replace(asked, drawing=drawn))]


def test_a_good_picture_passes(good):
    svg = files.render(good.drawing, ".svg")
    full = replace(good, contents={".svg": svg}, again={".svg": svg})
    found = [one for one in checklist.check(full) if one.severity == "block"]
    assert found == []
    checklist.refuse(tuple(found))


@pytest.mark.parametrize("asked", ["region:kidal", "place:Gao@60", "-1,15,2,19"])
def test_a_picture_of_a_part_of_the_country_passes(world, asked):
    part = checked(world, extent=extents.parse(asked, world[0], DAY))
    assert [one for one in checklist.check(part) if one.severity == "block"] == []


def test_a_date_that_is_not_on_the_picture_blocks(good):
    bare = tuple((text.replace("2024", "2023"), box) for text, box in good.drawing.texts)
    assert ("dates-agree", "block") in rules(good, texts=bare)


def test_a_legend_without_a_state_that_is_drawn_blocks(good):
    legend = good.drawing.legend
    for missing in ("control", "none"):
        less = Legend(legend.actors, tuple(k for k in legend.states if k.kind != missing))
        assert ("legend-is-what-is-drawn", "block") in rules(good, legend=less)


def test_text_off_the_page_or_on_other_text_blocks(good):
    (text, box), *rest = good.drawing.texts
    off = ((text, Box(-20, box.bottom, box.width, box.height)), *rest)
    assert ("text-is-whole", "block") in rules(good, texts=off)
    twice = (*good.drawing.texts, (text, box))
    assert ("text-is-whole", "block") in rules(good, texts=twice)
    plate = (*good.drawing.texts, ("FAMa", box))
    assert ("text-is-whole", "warn") in rules(good, texts=plate)


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("JNIM holds 40 % of Mali", True),
        ("JNIM holds 30 to 40 % of Mali", False),
        ("JNIM tient de 12 000 à 15 000 km²", False),
        ("JNIM tient 12 000 km²", True),
        ("60 people in 3 towns", False),
    ],
)
def test_a_figure_that_stands_alone_is_warned_of(good, text, warned):
    told = replace(good.drawing.snapshot, caption=text)
    assert (("figures-are-ranges", "warn") in rules(good, snapshot=told)) == warned


def test_what_is_tactical_and_too_young_blocks(read):
    young = "C009,,JNIM,,siege,,place:kidal,,2026-07-01,,,,,,,2026-07-02,dated,,,high,,read,v01,,,"
    note = "L'armée prend Kidal.,C002"
    asked = checked(
        read(
            ("claims.csv", note, f"{note}\n{young}"),
            ("dataset.toml", "compiled_on = 2026-11-22", "compiled_on = 2026-07-10"),
        ),
        view=View(date(2026, 7, 5)),
    )
    found = {(one.rule, one.severity): one.message for one in checklist.check(asked)}
    assert "C009" in found["nothing-too-young", "block"]
    assert ("nothing-too-young", "warn") in found
    with pytest.raises(SnapshotError, match=r"less than 21 days old would be shown: C009\."):
        checklist.refuse(checklist.check(asked))


def test_a_claim_without_a_published_source_blocks(good, world):
    found, _ = world
    bare = replace(found, bibliography=found.bibliography.drop(index="v02"))
    asked = replace(good, layers=bare)
    messages = [one.message for one in checklist.check(asked) if one.severity == "block"]
    assert any("C003" in message for message in messages)


def test_knowledge_that_ends_before_the_day_is_warned_of(world):
    asked = checked(world, view=View(DAY, known_on=date(2024, 1, 15)))
    assert "knowledge-reaches-the-day" in [one.rule for one in checklist.check(asked)]


def test_old_and_unchecked_evidence_is_warned_of_in_the_language_of_the_picture(world):
    asked = checked(world, view=View(date(2026, 7, 1), language=FRENCH))
    found = {one.rule: one.message for one in checklist.check(asked)}
    assert "repose sur" in found["evidence-is-fresh"]


def test_actors_of_one_colour_and_pattern_are_warned_of(read):
    alike = checked(read(("actors.csv", "#aa7733,lines", "#4477aa,plain")))
    assert ("colours-are-told-apart", "warn") in rules(alike)


def test_a_file_that_is_too_large_differs_asks_or_runs_blocks(good):
    preset = good.drawing.snapshot.preset
    cases = {
        "file-is-small-enough": {"contents": {".png": b"x" * (preset.most_bytes + 1)}},
        "drawn-again-it-is-the-same": {"contents": {".svg": b"<svg/>"}, "again": {".svg": b""}},
        "nobody-else-is-asked": {"contents": {".html": b"<script src='https://x.test/a.js'>"}},
        "text-stays-text": {"contents": {".svg": b"<svg><g onclick='x'/></svg>"}},
    }
    for rule, given in cases.items():
        found = checklist.check(replace(good, **given))
        assert (rule, "block") in [(one.rule, one.severity) for one in found]


def test_eyes_that_lack_a_cone_take_red_for_green():
    red, green = "#aa3322", "#557722"
    assert sight.difference(red, green) > 60
    assert sight.difference(red, green, "deutan") < 30
    assert sight.contrast("#000000", "#ffffff") == pytest.approx(21)
