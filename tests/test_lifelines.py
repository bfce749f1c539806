"""The roads into a town: the rule in sentences, and what it says of the fuel blockade."""

import json
import random
import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import claim, resolved
from colorspacious import cspace_convert, deltaE

from geo import cache, ground, layers, lifelines, timeline
from geo.errors import UnknownPlaceError
from geo.languages import ENGLISH, FRENCH
from geo.layers import corridors

SHIPPED = layers.load()
STOPS = corridors.stretches(SHIPPED.roads)
KAYES = "bamako-kayes/7"  # Sandaré to Kayes
SANDARE = "bamako-kayes/6"  # Lakamané to Sandaré
DIBOLI = "bamako-kayes/8"  # Kayes, Ambidédi, Diboli
KATI = "bamako-kayes/1"  # Bamako to Kati, 13 km
DAY = date(2025, 9, 20)


def said(claim_id, status, ref, valid_from, valid_to=None, **more):
    """A claim on ground that is named, by JNIM unless said otherwise, confirmed to its end."""
    shape = ground.geometry(ref, SHIPPED.gazetteer)
    last = (date.fromisoformat(valid_to) - timedelta(days=1)).isoformat() if valid_to else None
    row = dict(area_ref=ref, status=status, level=ground.level(ref), last_confirmed=last)
    return claim(claim_id, more.pop("actor", "JNIM"), shape, valid_from, valid_to, **row | more)


def happened(event, day, place, kind="attack", **more):
    row = SHIPPED.events.loc["E097"].to_dict()
    row |= dict(event=event, date=pd.Timestamp(day), place=place, kind=kind) | more
    return row


def world(*events, roads=()):
    """The shipped places and roads, with these events and what is known of their roads."""
    table = pd.DataFrame(list(events), columns=["event", *SHIPPED.events.columns])
    table["date"] = table["date"].astype("datetime64[s]")
    known = pd.DataFrame(list(roads), columns=["event", "stretches", "place"])
    known = known.assign(note_en="", note_fr="").set_index("event")
    return replace(SHIPPED, events=table.set_index("event"), event_roads=known)


NOTHING = said("0", "presence", "place:tessalit", "2012-01-01", actor="MINUSMA")


def weighed(*claims, events=(), roads=(), **filters):
    t = resolved(NOTHING, *claims, **filters)
    return lifelines.evidence(world(*events, roads=roads), t)


def state(evidence, stretch, day=DAY):
    (number,) = lifelines.painted(evidence, [stretch], day, day)[:, 0]
    return lifelines.STATES[number]


def days(evidence, stretch, name):
    """First and last day, from 2025 to 2027, on which a stretch is in a state."""
    first = date(2025, 1, 1)
    row = lifelines.painted(evidence, [stretch], first, date(2027, 12, 31))[0]
    found = [first + timedelta(days=i) for i, n in enumerate(row) if lifelines.STATES[n] == name]
    return (found[0].isoformat(), found[-1].isoformat()) if found else None


# ---- blocked


def test_a_stretch_nobody_speaks_of_is_unknown_and_never_open():
    evidence = weighed()
    assert len(evidence) == 0
    assert {state(evidence, stretch) for stretch in STOPS.index} == {"unknown"}


@pytest.mark.parametrize("status", ["blockade", "siege"])
def test_a_stretch_is_blocked_on_the_days_of_its_blockade_and_on_no_other(status):
    evidence = weighed(said("1", status, f"road:{KAYES}", "2025-09-14", "2025-11-25"))
    assert days(evidence, KAYES, "blocked") == ("2025-09-14", "2025-11-24")
    assert days(evidence, KAYES, "unknown") == ("2025-01-01", "2027-12-31")


def test_a_stretch_that_meets_a_blocked_one_is_risky_and_the_next_is_not():
    evidence = weighed(said("1", "blockade", f"road:{KAYES}", "2025-09-14", "2025-11-25"))
    assert days(evidence, SANDARE, "risky") == days(evidence, DIBOLI, "risky")
    assert days(evidence, "kita-kayes/3", "risky") == ("2025-09-14", "2025-11-24")
    assert state(evidence, "bamako-kayes/5") == "unknown"


def test_a_blockade_of_a_town_makes_every_stretch_past_it_risky_and_blocks_none():
    evidence = weighed(said("1", "blockade", "place:ambidedi", "2025-09-03", "2025-11-25"))
    assert days(evidence, DIBOLI, "risky") == ("2025-09-03", "2025-11-24")
    assert set(evidence["stretch"]) == {DIBOLI}


@pytest.mark.parametrize("assertion", ["claimed", "denied"])
def test_a_blockade_that_is_only_claimed_or_denied_says_nothing(assertion):
    row = said("1", "blockade", f"road:{KAYES}", "2025-09-14", assertion=assertion)
    assert len(weighed(row)) == 0
    assert len(weighed(row, claimed=True)) == 0


def test_a_blockade_counts_until_90_days_after_it_was_confirmed_and_is_listed_after_that():
    evidence = weighed(
        said("1", "blockade", f"road:{KAYES}", "2025-09-14", last_confirmed="2025-11-03")
    )
    assert days(evidence, KAYES, "blocked") == ("2025-09-14", "2026-02-01")
    old = evidence[(evidence["state"] == "") & (evidence["stretch"] == KAYES)]
    assert old["start"].tolist() == [pd.Timestamp("2026-02-02")]
    assert old["stop"].isna().all()


def test_the_presence_of_forces_says_nothing_about_a_road():
    assert len(weighed(said("1", "presence", "place:kayes", "2025-09-14"))) == 0


# ---- risky


def test_an_attack_makes_every_stretch_past_its_place_risky_for_90_days():
    evidence = weighed(events=[happened("X1", "2025-09-14", "kayes")])
    for stretch in (KAYES, DIBOLI, "kita-kayes/3"):
        assert days(evidence, stretch, "risky") == ("2025-09-14", "2025-12-13")
    assert state(evidence, SANDARE) == "unknown"


def test_an_attack_counts_only_on_the_stretches_a_source_names():
    attack = happened("X1", "2025-09-14", "kayes")
    evidence = weighed(events=[attack], roads=[("X1", (KAYES,), "")])
    assert set(evidence["stretch"]) == {KAYES}


def test_an_attack_on_a_road_that_is_not_known_is_only_listed_under_a_town():
    attack = happened("X1", "2025-09-14", "kayes")
    known = world(attack, roads=[("X1", (), "bamako")])
    t = resolved(NOTHING)
    assert len(lifelines.evidence(known, t)) == 0
    (row,) = lifelines.sayings(known, t, "bamako").itertuples()
    assert (row.event, row.state, row.stretch) == ("X1", "said", "")
    assert len(lifelines.sayings(known, t, "kayes")) == 0


@pytest.mark.parametrize("kind", ["coup", "talks", "declaration", "siege", "massacre"])
def test_events_of_other_kinds_make_no_road_risky(kind):
    assert len(weighed(events=[happened("X1", "2025-09-14", "kayes", kind)])) == 0


def test_a_town_that_is_contested_makes_its_stretches_risky_until_90_days_after():
    evidence = weighed(
        said("1", "contested", "place:sandare", "2025-07-01", "2025-07-02", partners="FAMA")
    )
    assert days(evidence, KAYES, "risky") == ("2025-07-01", "2025-09-29")


def test_a_town_said_to_be_contested_without_end_counts_from_its_last_confirmation():
    evidence = weighed(
        said("1", "contested", "place:sandare", "2025-07-01", last_confirmed="2025-08-01")
    )
    assert days(evidence, KAYES, "risky") == ("2025-07-01", "2025-10-30")


def test_a_town_with_two_equal_claims_is_contested():
    evidence = weighed(
        said("1", "control", "place:sandare", "2025-07-01", "2025-08-01", actor="FAMA"),
        said("2", "control", "place:sandare", "2025-07-10", "2025-07-12", actor="ISSP"),
    )
    assert days(evidence, KAYES, "risky") == ("2025-07-10", "2025-10-09")


def test_a_contested_cercle_says_nothing_about_one_road():
    assert len(weighed(said("1", "contested", "cercle:kayes", "2025-07-01"))) == 0


def test_a_town_held_by_an_actor_that_besieges_another_makes_its_stretches_risky():
    held = said("1", "control", "place:loulouni", "2025-11-13", "2025-11-16")
    siege = said("2", "siege", "place:lere", "2025-10-01", "2025-11-15")
    stretch = "sikasso-zegoua/2"
    assert days(weighed(held, siege), stretch, "risky") == ("2025-11-13", "2025-11-14")
    assert days(weighed(held), stretch, "risky") is None
    other = siege | {"actor": "FLA"}
    assert days(weighed(held, other), stretch, "risky") is None


def test_the_state_holding_a_town_makes_no_road_risky_even_while_it_besieges():
    held = said("1", "control", "place:loulouni", "2025-11-13", "2025-12-16", actor="FAMA")
    siege = said("2", "siege", "place:lere", "2025-10-01", "2025-12-15", actor="FAMA")
    assert days(weighed(held, siege), "sikasso-zegoua/2", "risky") is None


# ---- open


def test_a_road_is_open_for_90_days_after_traffic_was_reported_to_pass():
    passage = happened("X1", "2025-11-25", "bamako", "passage")
    evidence = weighed(events=[passage], roads=[("X1", ("bamako-segou/1",), "")])
    assert days(evidence, "bamako-segou/1", "open") == ("2025-11-25", "2026-02-23")


def test_that_traffic_reached_a_town_does_not_open_a_road_nobody_names():
    assert len(weighed(events=[happened("X1", "2025-11-25", "bamako", "passage")])) == 0


def holding(claim_id, place, **more):
    return said(claim_id, "control", f"place:{place}", "2025-01-01", actor="FAMA", **more)


def test_a_stretch_between_towns_close_to_each_other_is_open_while_one_holder_is_confirmed():
    evidence = weighed(
        holding("1", "bamako", last_confirmed="2026-06-01"),
        holding("2", "kati", last_confirmed="2025-08-01"),
    )
    assert days(evidence, KATI, "open") == ("2025-01-01", "2025-10-30")


def test_holding_the_towns_of_a_long_stretch_does_not_open_it():
    evidence = weighed(
        holding("1", "aguelhok", last_confirmed="2026-04-24"),
        holding("2", "tessalit", last_confirmed="2026-04-24"),
    )
    assert state(evidence, "kidal-khalil/2") == "unknown"


def test_two_holders_or_a_town_without_one_do_not_open_a_stretch():
    there = holding("1", "bamako", last_confirmed="2026-06-01")
    other = holding("2", "kati", last_confirmed="2026-06-01") | {"actor": "FLA"}
    shared = holding("2", "kati", last_confirmed="2026-06-01", partners="GATIA")
    shared |= {"status": "shared"}
    for rows in ([there], [there, other], [there, shared]):
        assert state(weighed(*rows), KATI) == "unknown"


def test_what_blocks_outweighs_what_is_risky_and_that_what_is_open():
    towns = [
        holding(n, p, last_confirmed="2026-06-01") for n, p in (("1", "bamako"), ("2", "kati"))
    ]
    attack = happened("X1", "2025-09-14", "kati")
    blocked = said("3", "blockade", f"road:{KATI}", "2025-09-14", "2025-11-25")
    assert state(weighed(*towns), KATI) == "open"
    assert state(weighed(*towns, events=[attack]), KATI) == "risky"
    assert state(weighed(*towns, blocked, events=[attack]), KATI) == "blocked"


# ---- what the reader wants to hear


def test_filters_hold_for_claims_and_for_events():
    blocked = said(
        "1", "blockade", f"road:{KAYES}", "2025-09-14", "2025-11-25", reported_on="2025-12-03"
    )
    attack = happened("X1", "2025-10-28", "negala", sources=("v65",), confidence="low")
    rows = dict(events=[attack])
    day = date(2025, 11, 1)
    for filters, kayes, negala in (
        ({}, "blocked", "risky"),
        ({"known_on": date(2025, 10, 1)}, "unknown", "unknown"),
        ({"known_on": date(2025, 11, 1)}, "unknown", "risky"),
        ({"sources": {"source-of-1"}}, "blocked", "unknown"),
        ({"sources": {"v65"}}, "unknown", "risky"),
        ({"min_confidence": "medium"}, "blocked", "unknown"),
    ):
        evidence = weighed(blocked, **rows, **filters)
        assert (state(evidence, KAYES, day), state(evidence, "kati-kita/2", day)) == (kayes, negala)


def test_what_is_said_of_a_town_names_no_road():
    t = resolved(NOTHING, said("1", "siege", "place:bamako", "2026-04-28"))
    known = world(happened("X1", "2026-05-15", "bamako", "siege"))
    sayings = lifelines.sayings(known, t, "bamako")
    assert sayings[["claim_id", "event", "state"]].to_numpy().tolist() == [
        ["1", "", "said"],
        ["1", "", ""],
        ["", "X1", "said"],
    ]
    assert set(lifelines.evidence(known, t)["event"]) == {""}


# ---- days


def test_a_road_is_as_bad_as_its_worst_stretch_and_open_only_if_all_of_it_is():
    unknown, open_, risky, blocked = range(4)
    for stretches, whole in (
        ((open_, open_), open_),
        ((open_, unknown), unknown),
        ((unknown, risky, open_), risky),
        ((open_, risky, blocked), blocked),
    ):
        evidence = pd.DataFrame({"n": stretches})
        assert lifelines.worst(evidence.to_numpy("int8")).tolist() == [whole]


def test_runs_begin_where_a_state_changes():
    evidence = weighed(events=[happened("X1", "2025-01-03", "kayes")])
    row = lifelines.painted(evidence, [KAYES], date(2025, 1, 1), date(2025, 12, 31))[0]
    assert lifelines.runs(row) == [(0, 0), (2, 2), (93, 0)]


@pytest.mark.parametrize("seed", range(5))
def test_painting_says_what_each_row_of_evidence_says(seed):
    rng = random.Random(seed)
    first, last = date(2025, 1, 1), date(2025, 3, 1)

    def any_day():
        return pd.Timestamp(first) + pd.Timedelta(days=rng.randint(-20, 80))

    rows = [
        dict(
            stretch=rng.choice([KAYES, DIBOLI, KATI]),
            state=rng.choice(["", "open", "risky", "blocked"]),
            start=any_day(),
            stop=rng.choice([any_day(), pd.NaT]),
        )
        for _ in range(8)
    ]
    evidence = pd.DataFrame(rows).astype({"start": "datetime64[s]", "stop": "datetime64[s]"})
    painted = lifelines.painted(evidence, [KAYES, DIBOLI], first, last)
    for i, stretch in enumerate([KAYES, DIBOLI]):
        for n in range((last - first).days + 1):
            day = pd.Timestamp(first) + pd.Timedelta(days=n)
            speaking = (
                lifelines.STATES.index(row["state"])
                for row in rows
                if row["stretch"] == stretch and row["state"] and row["start"] <= day
                if not row["stop"] <= day
            )
            assert painted[i, n] == max(speaking, default=0)


# ---- ways


def test_the_ways_into_bamako_are_those_of_the_table():
    ways = lifelines.into(SHIPPED, "bamako")
    assert [way.name_en for way in ways] == SHIPPED.lifelines["name_en"].tolist()
    assert ways[0].stops[1] == ("kati", "nossombougou", "kolokani")
    assert ways[0].stops[-1][-1] == "diboli"


@pytest.mark.parametrize(
    ("place", "ends"),
    [
        ("kidal", ["Tinzaouaten", "Gao", "In-Khalil"]),
        ("gao", ["Labbézanga", "Ségou", "Kidal"]),
        ("kayes", ["Bamako (by Sandaré)", "Bamako (by Diamou)", "Diboli"]),
        ("nioro-du-sahel", ["Gogui", "Bamako"]),
        ("nossombougou", ["Bamako", "Kayes"]),
        ("kati", ["Kayes", "Bamako", "Kita"]),
    ],
)
def test_the_ways_into_another_town_follow_its_roads_to_the_next_regional_capital(place, ends):
    found = sorted(way.name_en for way in lifelines.into(SHIPPED, place))
    assert found == sorted(ends)


@pytest.mark.parametrize("place", lifelines.towns(SHIPPED))
def test_every_town_on_a_road_has_ways_that_begin_there_and_join_up(place):
    ways = lifelines.into(SHIPPED, place)
    assert ways
    assert len({way.key for way in ways}) == len(ways)
    for way in ways:
        assert way.stops[0][0] == place
        for leg, following in pairwise(way.stops):
            assert leg[-1] == following[0]
        for stretch, leg in zip(way.stretches, way.stops, strict=True):
            assert set(leg) <= set(STOPS[stretch])
        passed = [stop for leg in way.stops for stop in leg[1:]]
        assert len(set(passed)) == len(passed)


def test_a_town_without_a_road_is_refused():
    with pytest.raises(UnknownPlaceError, match=r"No road .* passes 'taoudenit'\. Choose a town"):
        lifelines.into(SHIPPED, "taoudenit")


# ---- the fuel blockade, on the layers as shipped


@pytest.fixture(scope="module")
def t():
    return timeline.resolve(cache.composite(SHIPPED.claims, SHIPPED.units))


@pytest.fixture(scope="module")
def shipped(t):
    return lifelines.evidence(SHIPPED, t)


# From the compiled dossier: one letter a stretch, from Bamako outward.
STORY = {
    "2025-09-02": ("o????rrr", "o???rr", "o??", "???????", "?????????", "?????", "????", "???"),
    "2025-09-03": ("r????rrr", "r???rr", "r??", "r??????", "r????????", "r????", "r???", "r??"),
    "2025-11-07": ("r??rbbrr", "r??rrr", "rrb", "r??????", "rrr??rbbr", "rrrrb", "rrr?", "r??"),
    "2025-11-24": ("r??rbbrr", "r??rrr", "rrb", "r??????", "rrr??rbbr", "rrrrb", "rrr?", "r??"),
    "2025-11-25": ("r???rrrr", "r???rr", "r?r", "r??????", "rrr???rrr", "rrr?r", "rrr?", "r??"),
    "2026-04-28": ("rr??????", "rr????", "rr?", "r????rr", "rrr??????", "rrr??", "rrr?", "r??"),
    "2026-05-15": ("rr??????", "rr????", "rr?", "r????rr", "rrr??????", "rrr??", "rrr?", "r??"),
    "2026-07-14": ("rr??????", "rr????", "rr?", "r????rr", "rrr??????", "rrr??", "rrr?", "r??"),
}


@pytest.mark.parametrize("day", STORY)
def test_the_roads_to_bamako_on_the_days_of_the_story(shipped, day):
    on = date.fromisoformat(day)
    letters = dict(zip(range(4), "?orb", strict=True))
    for way, expected in zip(lifelines.into(SHIPPED, "bamako"), STORY[day], strict=True):
        states = lifelines.painted(shipped, way.stretches, on, on)[:, 0]
        assert "".join(letters[int(n)] for n in states) == expected, way.key


def test_three_of_six_roads_cut_is_said_of_bamako_and_cuts_no_road(shipped, t):
    assert "E123" not in set(shipped["event"])
    sayings = lifelines.sayings(SHIPPED, t, "bamako").set_index("event")
    assert sayings.loc["E123", "start"] == pd.Timestamp("2026-05-15")


def test_an_attack_whose_road_was_not_read_is_on_no_road(shipped, t):
    assert "E117" not in set(shipped["event"])
    assert "E117" in set(lifelines.sayings(SHIPPED, t, "bamako")["event"])


def test_a_mine_on_the_kayes_road_is_not_on_that_to_kita(shipped):
    found = shipped.loc[shipped["event"] == "E125", "stretch"]
    assert set(found) == {"bamako-kayes/1", "bamako-kayes/2"}


def test_every_convoy_attack_lies_on_a_stretch_the_claims_say_was_blocked(shipped):
    blocked = shipped[shipped["state"] == "blocked"]
    for event in ("E097", "E098", "E100", "E103", "E107"):
        for stretch in SHIPPED.event_roads.loc[event, "stretches"]:
            spans = blocked[blocked["stretch"] == stretch]
            day = SHIPPED.events.loc[event, "date"]
            assert ((spans["start"] <= day) & (day < spans["stop"])).any(), event


# ---- for every eye

ROOT = Path(lifelines.__file__).parents[2]
STYLE = (ROOT / "geo/browser/lifelines.css").read_text("utf-8")
PAGE = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"]
THEMES = ("light", "dark")
NOTICED = 10  # units of CAM02-UCS, as for two actors of one day
HATCHED = 1.3 / 4.5  # how much of the hatch is lines


def colour(name, theme):
    if name == "ink":
        text = PAGE[theme]["textColor"]
    else:
        (both,) = re.findall(rf"--{name}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\)", STYLE)
        text = both[THEMES.index(theme)]
    return np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", [None, "protanomaly", "deuteranomaly", "tritanomaly"])
def test_the_states_differ_in_colour_for_everyone(vision, theme):
    hatch = colour("stroke", theme) * HATCHED
    shown = {
        "blocked": colour("block", theme),
        "risky": colour("amber", theme) * (1 - HATCHED) + hatch,
        "open": colour("ink", theme),
        "unknown": colour("pale", theme),
    }
    space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
    if vision:
        shown = {
            name: np.clip(cspace_convert(value, space, "sRGB1"), 0, 1)
            for name, value in shown.items()
        }
    for one, other in combinations(shown, 2):
        apart = deltaE(shown[one], shown[other], input_space="sRGB1")
        assert apart >= NOTICED, (one, other)


# ---- in words


@pytest.mark.parametrize(
    ("page", "heading", "kinds"),
    [
        ("method.md", "Roads into a town", "attack, battle, capture, abduction"),
        ("methode.md", "Les routes d'une ville", "attaque, bataille, prise, enlèvement"),
    ],
)
def test_the_method_states_the_editorial_choices_as_the_rule_has_them(page, heading, kinds):
    text = (layers.FOLDER.parent / "docs" / page).read_text(encoding="utf-8")
    (section,) = re.findall(rf"## {heading}\n(.*?)(?=\n## |\Z)", text, flags=re.DOTALL)
    assert f"| {lifelines.DAYS} " in section
    assert f"| {lifelines.HELD_KM} km |" in section
    assert f"| {kinds} |" in section
    assert lifelines.ATTACKS == ("attack", "battle", "capture", "abduction")


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
@pytest.mark.parametrize("place", ["bamako", "kidal", "nossombougou"])
def test_what_is_told_is_plain_json_with_finished_sentences(shipped, t, place, language):
    told = lifelines.told(SHIPPED, t, shipped, place, language=language)
    text = json.dumps(told, ensure_ascii=False, allow_nan=False)
    for placeholder in ("{town}", "{actors}", "{days}", "{ground}", "{start}", "NaT"):
        assert placeholder not in text
    for road in told["roads"]:
        assert road["stretches"][-1]["last"] == len(road["stops"]) - 1
        for reason in road["reasons"]:
            assert reason["item"] in told["items"]
            for effect in reason["effects"]:
                assert effect["how"]
                assert max(effect["stretches"]) < len(road["stretches"])
    assert {key for item in told["items"].values() for key in item["sources"]} == set(
        told["sources"]
    )


def test_what_is_told_on_a_day_is_what_is_painted(shipped, t):
    told = lifelines.told(SHIPPED, t, shipped, "bamako")
    first = SHIPPED.dataset.first_day
    for iso, expected in STORY.items():
        number = (date.fromisoformat(iso) - first).days
        for road, letters in zip(told["roads"], expected, strict=True):
            for stretch, letter in zip(road["stretches"], letters, strict=True):
                (_, now) = [run for run in stretch["runs"] if run[0] <= number][-1]
                assert "?orb"[now] == letter


def test_why_a_stretch_is_blocked_is_told_with_its_claim_and_sources(shipped, t):
    told = lifelines.told(SHIPPED, t, shipped, "bamako")
    kita = next(road for road in told["roads"] if road["key"] == "bamako-kita")
    reason = next(reason for reason in kita["reasons"] if reason["item"] == "C244b")
    assert [(e["state"], e["how"], e["stretches"]) for e in reason["effects"]] == [
        (lifelines.BLOCKED, "this stretch is under blockade", [2]),
        (lifelines.RISKY, "a stretch that meets this one is under blockade", [1]),
    ]
    item = told["items"]["C244b"]
    assert item["heading"] == "Négala \u2013 Kita, blockade: JNIM"
    assert item["period"] == "From 19 September 2025 to 24 November 2025."
    assert item["sources"] == ["v49"]


def test_an_attack_is_told_with_what_is_known_of_its_road(shipped, t):
    told = lifelines.told(SHIPPED, t, shipped, "bamako", language=FRENCH)
    item = told["items"]["E125"]
    assert item["period"] == "1er juin 2026"
    assert item["note"].endswith("de Kati\u202f; l\u2019endroit n\u2019est pas connu.")
    assert item["tags"][0] == "présumé\u00a0: JNIM"


def test_a_town_is_told_with_its_holders_and_rings(shipped, t):
    told = lifelines.told(SHIPPED, t, shipped, "bamako")
    kayes, kita = told["towns"]["kayes"], told["towns"]["kita"]
    assert [text for _, text, _ in kayes["holders"]] == [
        "Kayes, control: State (FAMa)",
        "Kayes, contested: State (FAMa) and JNIM",
        "Kayes, control: State (FAMa)",
    ]
    assert [ring[2] for ring in kayes["rings"]] == ["blockade"]
    assert kita["holders"] == [[0, "", []]]  # nobody says who holds the town itself
