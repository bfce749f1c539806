from __future__ import annotations

import itertools
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from colorspacious import cspace_convert

LAYERS = Path(__file__).parents[1] / "layers"

LAND = "#f2f1ed"  # the grey under the colours
# CAM02-UCS units between two colours: well apart even as the tints the map makes of them.
APART = 10
# WCAG contrast of a fill against the land. A fill is also outlined and labelled, so it need not
# reach the 3:1 of a shape that stands alone.
CONTRAST = 2.0
VIEWERS = (None, "protanomaly", "deuteranomaly", "tritanomaly")
# These must be told apart by colour alone; all others may lean on a pattern.
MAIN = {
    *("FAMA", "JNIM", "AQIM", "ANSARDINE", "MUJAO", "ISGS", "ISSP", "MNLA", "CMA", "CSP", "FLA"),
    *("PLATFORM", "GATIA", "MSA", "DNA"),
}


@cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(LAYERS / f"{name}.csv", dtype=str, keep_default_na=False)


def actor(key: str) -> pd.Series:
    return table("actors").set_index("actor").loc[key]


def first_day(text: str) -> date:
    """The first day of a date as precise as known: `2017`, `2017-03` or `2017-03-02`."""
    return date.fromisoformat(text + "-01" * (2 - text.count("-")))


def last_day(text: str) -> date:
    """The last day of a date as precise as known; of a month its 28th, which is late enough."""
    return date.fromisoformat(text + ("-12-31", "-28", "")[text.count("-")]) if text else date.max


def overlap(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two actors can both have been active on some day.

    An heir that begins in the month in which its predecessor ends does not overlap it.
    """
    follow = one["active_to"] == other["active_from"] or other["active_to"] == one["active_from"]
    begin = max(first_day(one["active_from"]), first_day(other["active_from"]))
    return not follow and begin < min(last_day(one["active_to"]), last_day(other["active_to"]))


def rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


@cache
def seen(colour: str) -> np.ndarray:
    """A colour in CAM02-UCS, one line a viewer: unimpaired, then without one kind of cone.

    Machado, Oliveira and Fernandes (2009) at severity 100.
    """
    full = [
        rgb(colour)
        if viewer is None
        else cspace_convert(
            rgb(colour), {"name": "sRGB1+CVD", "cvd_type": viewer, "severity": 100}, "sRGB1"
        )
        for viewer in VIEWERS
    ]
    return np.array([cspace_convert(np.clip(c, 0, 1), "sRGB1", "CAM02-UCS") for c in full])


def distance(one: str, other: str) -> float:
    """Between two colours, for the viewer who tells them apart least."""
    return float(np.linalg.norm(seen(one) - seen(other), axis=1).min())


def luminance(colour: str) -> float:
    channels = rgb(colour)
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def holders_together() -> list[tuple[dict[str, str], dict[str, str]]]:
    """Every two actors that can hold ground on the same day."""
    holders = [a for a in table("actors").to_dict("records") if a["holds_ground"] == "yes"]
    return [(a, b) for a, b in itertools.combinations(holders, 2) if overlap(a, b)]


def heirs(key: str) -> set[str]:
    """What an actor belongs to or became, and what that became, and so on."""
    known: set[str] = set()
    fresh = {key}
    while fresh:
        known |= fresh
        steps = [actor(k) for k in fresh]
        fresh = {k for s in steps for k in f"{s['parent']} {s['successors']}".split()} - known
    return known - {key}


def test_an_actor_ends_after_it_begins():
    wrong = [
        a["actor"]
        for a in table("actors").to_dict("records")
        if a["active_to"] and first_day(a["active_to"]) <= first_day(a["active_from"])
    ]
    assert wrong == []


@pytest.mark.parametrize("predecessor", ["ANSARDINE", "MOURABITOUN", "MLF", "AQIM"])
def test_jnim_is_the_merger_of_2_march_2017(predecessor):
    assert actor("JNIM")["active_from"] == "2017-03-02"
    assert "JNIM" in actor(predecessor)["successors"].split()


@pytest.mark.parametrize(
    ("key", "heir"),
    [
        ("MUJAO", "JNIM"),
        ("ISGS", "ISSP"),
        ("MIA", "FLA"),
        ("MNLA", "CMA"),
        ("HCUA", "CMA"),
        ("MAA", "CMA"),
        ("CMA", "CSP"),
        ("CSP", "FLA"),
        ("MNLA", "FLA"),
        ("WAGNER", "AFRICORPS"),
        ("SERVAL", "BARKHANE"),
        ("AFISMA", "MINUSMA"),
        ("FATIM", "MINUSMA"),
    ],
)
def test_an_actor_leads_to_its_heir(key, heir):
    assert heir in heirs(key)


def test_the_fla_is_no_heir_of_jnim_nor_the_other_way_round():
    assert "JNIM" not in heirs("FLA")
    assert "FLA" not in heirs("JNIM")


def test_foreign_and_un_forces_never_hold_ground():
    actors = table("actors")
    outside = actors["kind"].isin(["foreign", "un", "other"])
    guests = outside | actors["actor"].isin(["WAGNER", "AFRICORPS", "AES_FORCE"])
    assert set(actors["holds_ground"][guests]) == {"no"}
    assert set(actors["holds_ground"][~guests]) == {"yes"}


def test_no_claim_of_ground_is_made_for_an_actor_that_never_holds_any():
    never = set(table("actors").query("holds_ground == 'no'")["actor"])
    base = table("claims").query("status in ['control', 'contested', 'shared']")
    named = {
        (r["claim_id"], key)
        for r in base.to_dict("records")
        for key in [r["actor"], *r["partners"].split()]
    }
    assert {(claim, key) for claim, key in named if key in never} == set()


# ---- colours -----------------------------------------------------------------------------------


def test_no_two_actors_share_colour_and_pattern():
    looks = table("actors")[["colour", "pattern"]]
    assert looks.duplicated().sum() == 0


def test_holders_of_the_same_day_differ_in_colour_or_in_pattern():
    alike = [
        (a["actor"], b["actor"])
        for a, b in holders_together()
        if a["pattern"] == b["pattern"] and distance(a["colour"], b["colour"]) < APART
    ]
    assert alike == []


def test_main_holders_of_the_same_day_differ_by_colour_alone():
    gaps = {
        (a["actor"], b["actor"]): distance(a["colour"], b["colour"])
        for a, b in holders_together()
        if a["actor"] in MAIN and b["actor"] in MAIN
    }
    assert len(gaps) > 60
    assert {pair: gap for pair, gap in gaps.items() if gap < APART + 2} == {}


def test_state_jnim_islamic_state_and_fla_are_far_apart_for_everyone():
    four = ["FAMA", "JNIM", "ISSP", "FLA"]
    colours = {key: actor(key)["colour"] for key in four}
    assert min(distance(colours[a], colours[b]) for a, b in itertools.combinations(four, 2)) > 16


def test_every_colour_stands_out_from_the_land():
    faint = {
        a["actor"]: a["colour"]
        for a in table("actors").to_dict("records")
        if (luminance(LAND) + 0.05) / (luminance(a["colour"]) + 0.05) < CONTRAST
    }
    assert faint == {}
