"""The layers on the map, and which of them a view hears."""

from dataclasses import replace
from datetime import date

import pytest
import small
import uploads
from shapely import box
from uploads import EDITOR, later

from geo import composite, layers, roster, slices, timeline
from geo.claims import SHIPPED
from geo.languages import ENGLISH, FRENCH
from geo.store import desk, engine, known, where
from geo.view import View

KIDAL = box(1.2, 18.2, 1.6, 18.6)  # where the small world has FAMA from 14 November 2023
POINT, DAY = (1.41, 18.44), date(2025, 6, 1)
LONG = "Front lines of the north as drawn by hand from agency reports"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    path = small.copied(tmp_path_factory.mktemp("world") / "layers")
    layers.write(path)
    return layers.load(path)


@pytest.fixture(scope="module")
def told(shipped, tmp_path_factory):
    """Two layers on the map, and a third that was there for two days."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(where.FOLDER, str(tmp_path_factory.mktemp("store")))
        store = engine.opened(where.address())
        desk.put_up(store, EDITOR, upload("JNIM", title="First"), at=later(0))
        desk.put_up(store, EDITOR, upload("CMA", title=LONG), at=later(1))
        third = desk.put_up(store, EDITOR, upload("MNLA", title="Third"), at=later(2)).layer
        desk.withdraw(store, EDITOR, third.layer, rev=third.rev, at=later(4))
        joined = known.joined(shipped)
        store.close()
    return joined


@pytest.fixture(scope="module")
def cut(told):
    return composite.build(told.claims, told.units)


def upload(actor, **more):
    days = dict(valid_from="2025-01-01", valid_to="2026-01-01", sources=f"of-{actor}")
    return uploads.upload(uploads.row("k1", actor, KIDAL, level="place", **days), **more)


def asked(**chosen):
    return View(DAY, **chosen)


def resolved(told, cut, **chosen):
    filters = roster.filters(told, asked(**chosen))
    return timeline.resolve(cut, known_on=filters.known_on, layers=filters.layers)


def holders(told, cut, **chosen):
    states = slices.at(resolved(told, cut, **chosen), DAY)
    return states.iloc[slices.locate(cut, *POINT)]["actors"]


def test_with_nothing_published_there_is_no_list_and_nothing_to_say(shipped):
    assert roster.members(shipped, asked()) == ()
    assert roster.said(shipped, asked()) == []
    assert roster.filters(shipped, asked()) == timeline.Filters()


def test_every_layer_on_the_map_is_told_with_when_it_was_published_and_how_many_claims(told):
    own, first, second = roster.members(told, asked())
    assert (own.layer, own.day, own.claims) == (SHIPPED, None, len(told.claims) - 3)
    assert own.title == told.dataset.title_en
    assert (first.layer, first.title) == ("up1", "First")
    assert (first.day, first.version, first.claims) == (later(0).date(), 1, 1)
    assert (second.layer, second.title) == ("up2", LONG)
    assert all(one.heard and one.shown for one in (own, first, second))


def test_a_withdrawn_layer_is_told_of_where_it_was_on_the_map_or_is_named(told):
    then = asked(known_on=later(3).date())
    assert [(one.layer, one.claims) for one in roster.members(told, then)][1:] == [
        ("up1", 1),
        ("up2", 1),
        ("up3", 1),
    ]
    assert not roster.members(told, then)[-1].shown
    before = roster.members(told, asked(known_on=later(0).date()))
    assert [one.claims for one in before][1:] == [1, 0]
    named = roster.members(told, asked(without_layers=("up3",)))
    assert [(one.layer, one.claims, one.heard) for one in named][-1] == ("up3", 0, False)


@pytest.mark.parametrize(
    ("chosen", "who"),
    [
        ({}, ("CMA", "FAMA", "JNIM")),
        ({"layers": ("up1",)}, ("JNIM",)),
        ({"layers": ("shipped",)}, ("FAMA",)),
        ({"without_layers": ("up1", "up2")}, ("FAMA",)),
        ({"without_layers": ("shipped", "up1")}, ("CMA",)),
        ({"layers": ("up1", "up2"), "without_layers": ("up2",)}, ("JNIM",)),
        ({"layers": ("up3",)}, ()),
        ({"layers": ("up3",), "known_on": date(2026, 7, 9)}, ("MNLA",)),
        ({"without_layers": ("shipped", "up1", "up2", "up3")}, ()),
    ],
)
def test_only_claims_of_layers_that_are_heard_decide(told, cut, chosen, who):
    assert holders(told, cut, **chosen) == who


def test_with_one_layer_alone_all_other_ground_is_without_information(told, cut):
    states = slices.at(resolved(told, cut, layers=("up1",)), DAY)
    assert set(states["state"]) == {"control", "none"}
    assert {c for ids in states["claim_ids"] for c in ids} == {"up1:k1"}


def test_layers_that_are_not_on_this_map_are_left_out_and_said(told):
    seen, problems = roster.checked(told, asked(layers=("up1", "up9"), without_layers=("x",)))
    assert (seen.layers, seen.without_layers) == (("up1",), ())
    assert problems == (
        "The address names the layers 'up9,x', which are not on this map; they are ignored.",
    )
    assert roster.checked(told, asked(layers=("up3",))) == (asked(layers=("up3",)), ())


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"without_layers": ("up1",)}, "without the layer “First”"),
        ({"without_layers": ("shipped",)}, "without the data set of this map"),
        ({"without_layers": ("shipped", "up1")}, "2 layers off"),
        ({"layers": ("up2",)}, "only the layer “Front lines of the north as drawn by ha…”"),
        ({"layers": ("shipped",)}, "only the data set of this map"),
        ({"layers": ("up1", "up2")}, "only 2 layers"),
        ({"layers": ("up1",), "without_layers": ("up1",)}, "no layer heard"),
    ],
)
def test_what_is_off_is_said_in_a_few_words(told, chosen, sentence):
    assert roster.said(told, asked(**chosen)) == [sentence]


def test_a_choice_of_every_layer_is_no_choice_in_words(told):
    every = asked(layers=("shipped", "up1", "up2", "up3"))
    assert roster.said(told, every) == []
    french = replace(asked(layers=("up1",)), language=FRENCH)
    assert roster.said(told, french) == ["la couche «\u00a0First\u00a0» seulement"]


def test_the_published_layers_behind_some_claims_are_credited_and_nobody_is_named(told):
    found = roster.credited(told, ["C002", "up2:k1", "up1:k1", "up1:k2"], ENGLISH)
    assert found == [
        "“First”, published on 6 July 2026",
        "“Front lines of the north as drawn by ha…”, published on 7 July 2026",
    ]
    assert roster.credited(told, ["C002"], ENGLISH) == []
