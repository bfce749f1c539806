"""The table of claims as it is written: its days, its chains, and what became of every row."""

import itertools
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from geo.layers.written import CLAIM_COLUMNS

LAYERS = Path(__file__).parents[1] / "layers"
BASE = ["control", "contested", "shared"]
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAYS = [column.name for column in CLAIM_COLUMNS if column.kind == "day"]
MOST_SOURCES = 5
# Countryside that a source says was itself held, not only moved through or taxed.
HELD_COUNTRYSIDE = {"Z025a", "Z025b", "Z084", "Z086", "Z087", "Z088"}
# Sides of a disagreement that the map does not draw.
OTHER_SIDES = {
    "claimed": [
        "D01b",
        "D02b",
        "D03a",
        "D04b",
        "D06a",
        "D06b",
        "D08a",
        "D12b",
        "D14a",
        "D15a",
        "D18a",
        "D18b",
    ],
    "denied": ["D19b", "D20b1", "D20b2"],
}


def read(name):
    return pd.read_csv(LAYERS / name, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def table():
    return read("claims.csv")


@pytest.fixture(scope="module")
def accounting():
    rows = read("accounting.csv")
    return rows[rows["row"].str.fullmatch(r"[CZ]\d{3}")].set_index("row")


def holders(claim):
    return frozenset([claim.actor, *claim.partners.split()])


def on(table, day, **wanted):
    """Claims valid on `day` whose columns hold one of the `wanted` values."""
    live = (table["valid_from"] <= day) & ((table["valid_to"] == "") | (day < table["valid_to"]))
    for column, values in wanted.items():
        live &= table[column].isin([values] if isinstance(values, str) else values)
    return table[live]


def holding(table, place, day):
    """How a place is held, as assessed: `FAMA`, `contested FAMA JNIM`, or `` for nobody."""
    found = on(table, day, area_ref=f"place:{place}", assertion="assessed", status=BASE)
    said = []
    for claim in found.itertuples():
        names = " ".join(sorted(holders(claim)))
        said.append(names if claim.status == "control" else f"{claim.status} {names}")
    return " / ".join(said)


def test_columns_are_those_of_a_claim_and_the_rows_it_came_from(table):
    assert list(table.columns) == [column.name for column in CLAIM_COLUMNS]


def test_every_claim_has_an_id_of_its_own_and_stands_in_order(table):
    assert table["claim_id"].is_unique
    assert table["claim_id"].is_monotonic_increasing


def test_every_day_is_a_real_day(table):
    for column in DAYS:
        written = table.loc[table[column] != "", column]
        assert written.map(lambda day: bool(ISO_DAY.fullmatch(day))).all(), column
        assert pd.to_datetime(written, format="%Y-%m-%d").notna().all(), column


def test_periods_are_half_open_and_no_day_contradicts_another(table):
    ended = table[table["valid_to"] != ""]
    assert (ended["valid_from"] < ended["valid_to"]).all()
    assert (ended["last_confirmed"] < ended["valid_to"]).all()
    assert (table["valid_from"] <= table["last_confirmed"]).all()
    assert (table["valid_from"] <= table["reported_on"]).all()
    bounded = table[table["valid_from_latest"] != ""]
    assert (bounded["valid_from"] <= bounded["valid_from_latest"]).all()
    bounded = table[table["valid_to_earliest"] != ""]
    assert (bounded["valid_to_earliest"] <= bounded["valid_to"]).all()


def test_nothing_is_confirmed_after_the_last_supported_day(table):
    dataset = tomllib.loads((LAYERS / "dataset.toml").read_text(encoding="utf-8"))
    assert table["last_confirmed"].max() <= str(dataset["supported_until"])
    assert table["valid_from"].min() >= str(dataset["first_day"])


@pytest.fixture(scope="module")
def known_until():
    """How far each source reaches: the last day of its newest page, or "" where that is unknown."""
    listed = read("bibliography.csv").set_index("source")
    newest = listed["newest"].where(listed["newest"] != "", listed["published_on"])
    return newest.map(lambda said: said and str(pd.Period(said).end_time.date()))


def test_no_claim_is_confirmed_later_than_one_of_its_sources_reaches(table, known_until):
    last = (pd.to_datetime(table["valid_to"]) - pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d")
    # Not those confirmed by nothing but their beginning, or, until they ended, by their end.
    ends = (table["last_confirmed"] == table["valid_from"]) | (table["last_confirmed"] == last)
    for claim in table[~ends].itertuples():
        keys = [*claim.sources.split(), *claim.confirmed_by.split()]
        said_on = claim.reported_on if claim.reported_basis == "dated" else ""
        reach = max(said_on, *(known_until[key] for key in keys))
        assert claim.last_confirmed <= reach, claim.claim_id


def test_who_confirmed_a_claim_is_not_its_source_and_reaches_the_day(table, known_until):
    for claim in table[table["confirmed_by"] != ""].itertuples():
        confirming = claim.confirmed_by.split()
        assert not set(confirming) & set(claim.sources.split()), claim.claim_id
        assert claim.last_confirmed > claim.valid_from, claim.claim_id
        assert claim.last_confirmed <= max(known_until[key] for key in confirming), claim.claim_id


def test_a_day_assumed_for_a_report_is_the_first_day_of_validity(table):
    assumed = table[table["reported_basis"] == "assumed"]
    assert (assumed["reported_on"] == assumed["valid_from"]).all()


def test_every_claim_names_one_to_five_sources_and_none_twice(table):
    for keys in table["sources"].str.split():
        assert 1 <= len(keys) <= MOST_SOURCES
        assert len(set(keys)) == len(keys)


def test_every_claim_says_how_sure_it_is_and_why(table):
    for column in ("assertion", "confidence", "confidence_reason", "verification"):
        assert (table[column] != "").all(), column


def test_every_note_is_told_in_both_languages_and_without_markup(table):
    assert (table["note_en"] != "").all()
    assert (table["note_fr"] != "").all()
    assert (table["note_en"] != table["note_fr"]).all()
    for column in ("note_en", "note_fr", "confidence_reason"):
        assert not table[column].str.contains(r"[<>{}]|\bSEED\b|  ").any(), column


def test_only_contested_and_shared_claims_have_partners_and_never_the_actor_itself(table):
    alone = ~table["status"].isin(["contested", "shared"])
    assert (table.loc[alone, "partners"] == "").all()
    assert (table.loc[table["status"] == "shared", "partners"] != "").all()
    for claim in table.itertuples():
        assert claim.actor not in claim.partners.split(), claim.claim_id


def test_a_contested_town_names_who_contests_it_with_whom(table):
    towns = table["area_ref"].str.startswith("place:") & (table["status"] == "contested")
    assert (table.loc[towns, "partners"] != "").all()


def test_foreign_forces_are_symbols_and_never_hold_ground(table):
    actors = read("actors.csv").set_index("actor")
    symbols = set(actors.index[actors["holds_ground"] == "no"])
    drawn_as_ground = table[table["status"] != "presence"]
    for claim in drawn_as_ground.itertuples():
        assert not holders(claim) & symbols, claim.claim_id


def test_no_actor_acts_before_it_exists_or_after_it_is_gone(table):
    actors = read("actors.csv").set_index("actor")
    first = actors["active_from"]
    # `2024` ends with the year, `2024-04` with the month; valid_to is the day after.
    last = actors["active_to"].map(lambda day: day and (day + "-99-99")[:10])
    for claim in table.itertuples():
        for actor in holders(claim):
            assert claim.valid_from >= first[actor], claim.claim_id
            if last[actor]:
                assert claim.valid_to, claim.claim_id
                lived = str(pd.Timestamp(claim.valid_to) - pd.Timedelta(days=1))[:10]
                assert lived <= last[actor], claim.claim_id


def test_a_source_does_not_contradict_itself_about_one_piece_of_ground(table):
    assessed = table[table["status"].isin(BASE) & (table["assertion"] == "assessed")]
    for ref, of_one_ground in assessed.groupby("area_ref"):
        for one, other in itertools.combinations(of_one_ground.itertuples(), 2):
            apart = (one.valid_to and one.valid_to <= other.valid_from) or (
                other.valid_to and other.valid_to <= one.valid_from
            )
            same_source = set(one.sources.split()) & set(other.sources.split())
            if not apart and same_source:
                assert holders(one) == holders(other), (ref, one.claim_id, other.claim_id)


@pytest.mark.parametrize(
    ("place", "day", "held_by"),
    [
        ("kidal", "2012-01-01", "FAMA"),
        ("kidal", "2012-04-05", "shared ANSARDINE MNLA"),
        ("kidal", "2012-07-15", "ANSARDINE"),
        ("kidal", "2013-02-01", "shared MIA MNLA"),
        ("kidal", "2013-12-01", "contested FAMA HCUA MNLA"),
        ("kidal", "2020-03-01", "CMA"),
        ("kidal", "2023-11-13", "CSP"),
        ("kidal", "2023-11-15", "FAMA"),
        ("kidal", "2025-11-07", "FAMA"),
        ("kidal", "2026-04-30", "shared FLA JNIM"),
        ("kidal", "2026-05-15", "FLA"),
        ("gao", "2012-04-05", "shared ANSARDINE MNLA MUJAO"),
        ("gao", "2012-07-01", "MUJAO"),
        ("gao", "2013-02-01", "FAMA"),
        ("gao", "2023-11-15", "FAMA"),
        ("gao", "2025-11-07", "FAMA"),
        ("gao", "2026-04-26", "contested FAMA FLA JNIM"),
        ("gao", "2026-05-15", "FAMA"),
        ("tombouctou", "2012-04-01", "MNLA"),
        ("tombouctou", "2012-04-05", "shared ANSARDINE AQIM"),
        ("tombouctou", "2013-02-01", "FAMA"),
        ("tombouctou", "2023-11-15", "FAMA"),
        ("tombouctou", "2025-11-07", "FAMA"),
        ("tombouctou", "2026-05-15", "FAMA"),
        ("bamako", "2012-04-05", "FAMA"),
        ("bamako", "2013-02-01", "FAMA"),
        ("bamako", "2023-11-15", "FAMA"),
        ("bamako", "2025-11-07", "FAMA"),
        ("bamako", "2026-05-15", "FAMA"),
        ("farabougou", "2012-04-05", ""),
        ("farabougou", "2013-02-01", ""),
        ("farabougou", "2023-11-15", "contested FAMA JNIM"),
        ("farabougou", "2025-11-07", "JNIM"),
        ("farabougou", "2026-05-15", "JNIM"),
    ],
)
def test_a_town_is_held_as_its_sources_say(table, place, day, held_by):
    assert holding(table, place, day) == held_by


@pytest.mark.parametrize(
    ("place", "before", "during", "after"),
    [
        ("kayes", "2025-06-30", "2025-07-01", "2025-07-02"),
        ("tombouctou", "2025-06-01", "2025-06-02", "2025-06-03"),
        ("nampala", "2016-07-18", "2016-07-20", "2016-07-21"),
        ("kati", "2026-04-24", "2026-04-26", "2026-04-27"),
    ],
)
def test_a_raid_is_contested_for_its_days_and_the_earlier_holder_resumes(
    table, place, before, during, after
):
    assert holding(table, place, before) == "FAMA"
    assert holding(table, place, during).startswith("contested")
    assert holding(table, place, after) == "FAMA"


def test_an_army_that_leaves_a_post_leaves_nobody_behind(table):
    assert holding(table, "anderamboukane", "2019-11-09") == "FAMA"
    assert not holding(table, "anderamboukane", "2019-11-10")


def test_a_partys_claim_without_support_does_not_end_what_was_assessed(table):
    assert holding(table, "menaka", "2013-02-10") == "FAMA"
    found = on(table, "2013-02-10", area_ref="place:menaka", assertion="claimed")
    assert found["actor"].tolist() == ["MNLA"]


def test_two_accounts_of_aguelhok_in_july_2026_stand_side_by_side(table):
    both = "contested FAMA FLA / contested FAMA FLA JNIM"
    assert holding(table, "aguelhok", "2026-07-05") == both


@pytest.mark.parametrize(
    ("day", "cut_off"),
    [
        ("2025-09-02", []),
        ("2025-09-03", ["blockade"]),
        ("2025-11-25", ["blockade"]),
        ("2026-04-28", ["siege"]),
        ("2026-07-14", ["siege"]),
    ],
)
def test_bamako_is_blockaded_from_september_2025_and_besieged_only_when_declared(
    table, day, cut_off
):
    wanted = dict(area_ref="place:bamako", status=["siege", "blockade"], assertion="assessed")
    assert on(table, day, **wanted)["status"].tolist() == cut_off


def test_every_force_that_left_mali_is_gone_from_the_map(table):
    for actor, day in (
        ("SERVAL", "2014-08-01"),
        ("BARKHANE", "2022-08-15"),
        ("MINUSMA", "2023-12-31"),
        ("EUTM", "2024-05-19"),
        ("WAGNER", "2025-06-07"),
    ):
        assert on(table, day, actor=actor).empty, actor


def test_countryside_is_held_only_where_a_source_says_so(table):
    units = ~table["area_ref"].str.startswith(("place:", "road:"))
    held = table["status"].isin(["control", "shared"]) & (table["assertion"] == "assessed")
    assert set(table.loc[units & held, "claim_id"]) == HELD_COUNTRYSIDE


def test_the_side_of_a_disagreement_that_is_not_drawn_is_kept_as_a_claim(table):
    said = table.set_index("claim_id")["assertion"]
    for assertion, ids in OTHER_SIDES.items():
        assert (said.loc[ids] == assertion).all()


def test_every_row_of_the_compiled_dossier_is_accounted_for_once_with_a_sentence(accounting):
    rows = [f"C{n:03d}" for n in range(1, 275)] + [f"Z{n:03d}" for n in range(1, 140)]
    assert accounting.index.tolist() == rows
    assert accounting["how"].str.endswith(".").all()


def test_claims_and_the_accounting_of_their_rows_name_each_other(table, accounting):
    became = {
        (row, claim_id) for row, ids in accounting["became"].items() for claim_id in ids.split()
    }
    came_from = {
        (row, claim.claim_id)
        for claim in table.itertuples()
        for row in claim.rows.split()
        if row in accounting.index
    }
    assert became == came_from
