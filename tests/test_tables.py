from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

LAYERS = Path(__file__).parents[1] / "layers"
KEYS = {
    "accounting": "row",
    "actors": "actor",
    "bibliography": "source",
    "claims": "claim_id",
    "disagreements": "disagreement",
    "events": "event",
    "places": "place",
    "statements": "statement",
}
REFERENCES = (
    ("actors", "parent", "actors"),
    ("actors", "successors", "actors"),
    ("actors", "sources", "bibliography"),
    ("claims", "actor", "actors"),
    ("claims", "partners", "actors"),
    ("claims", "confirmed_by", "bibliography"),
    ("claims", "sources", "bibliography"),
    ("disagreements", "claims_a", "claims"),
    ("disagreements", "claims_b", "claims"),
    ("disagreements", "place", "places"),
    ("disagreements", "sources_a", "bibliography"),
    ("disagreements", "sources_b", "bibliography"),
    ("events", "actors", "actors"),
    ("events", "place", "places"),
    ("events", "sources", "bibliography"),
    ("statements", "claims", "claims"),
    ("statements", "disagreements", "disagreements"),
    ("statements", "events", "events"),
    ("statements", "source", "bibliography"),
    ("statements", "sources", "bibliography"),
)
EVENT_KINDS = {
    "abduction",
    "accord",
    "accord-ended",
    "air-strike",
    "assessment",
    "attack",
    "battle",
    "blockade",
    "blockade-effect",
    "capture",
    "construction",
    "coup",
    "declaration",
    "deployment",
    "heritage",
    "incident",
    "intervention",
    "killing-of-civilians",
    "leader-killed",
    "massacre",
    "organisation",
    "politics",
    "press-claim",
    "siege",
    "talks",
    "un-decision",
    "withdrawal",
}
ATTRIBUTIONS = {"stated", "suspected", "disputed", "unidentified"}
PRECISIONS = {"day", "month", "quarter", "year"}
FINDINGS = {"confirmed", "partly", "disputed", "not-found", "opinion"}
CONFIDENCES = {"low", "medium", "high"}
VERIFICATIONS = {"read", "partly-read", "secondhand", "general-knowledge"}


@cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(LAYERS / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def dataset() -> dict[str, object]:
    return tomllib.loads((LAYERS / "dataset.toml").read_text(encoding="utf-8"))


def keys(name: str) -> set[str]:
    return set(table(name)[KEYS[name]])


def row(name: str, key: str) -> pd.Series:
    return table(name).set_index(KEYS[name]).loc[key]


def cells(name: str) -> list[tuple[str, str, str]]:
    """Key, column and text of every cell."""
    rows = table(name).to_dict("records")
    return [(r[KEYS[name]], column, text) for r in rows for column, text in r.items()]


@pytest.mark.parametrize("name", KEYS)
def test_every_key_is_unique_and_filled(name):
    column = table(name)[KEYS[name]]
    assert column[column.duplicated() | (column == "")].to_list() == []


@pytest.mark.parametrize(("name", "column", "target"), REFERENCES)
def test_every_key_a_table_names_exists(name, column, target):
    named = {(key, k) for key, c, text in cells(name) if c == column for k in text.split()}
    assert {(key, k) for key, k in named if k not in keys(target)} == set()


@pytest.mark.parametrize("name", KEYS)
def test_texts_hold_no_markup_and_no_control_characters(name):
    markup = re.compile(r"[<>{}`\x00-\x1f\x7f]|\$\{|\*\*|&[a-z]+;")
    assert [(key, column) for key, column, text in cells(name) if markup.search(text)] == []


@pytest.mark.parametrize("name", KEYS)
def test_texts_are_trimmed_and_single_spaced(name):
    ragged = [(key, column) for key, column, text in cells(name) if text != " ".join(text.split())]
    assert ragged == []


@pytest.mark.parametrize(
    "name", ["actors", "bibliography", "disagreements", "events", "statements"]
)
def test_every_text_stands_in_both_languages(name):
    columns = [c[:-3] for c in table(name).columns if c.endswith("_en")]
    assert columns
    alone = [
        (r[KEYS[name]], c)
        for r in table(name).to_dict("records")
        for c in columns
        if bool(r[f"{c}_en"]) != bool(r[f"{c}_fr"])
    ]
    assert alone == []


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("actors", "name_en name_fr short_en short_fr kind active_from note_en note_fr sources"),
        ("bibliography", "publisher title kind reliability read"),
        ("disagreements", "topic_en topic_fr valid_from reading_en reading_fr"),
        ("disagreements", "account_a_en account_a_fr said_by_a sources_a"),
        ("disagreements", "account_b_en account_b_fr said_by_b sources_b"),
        ("events", "date title_en title_fr kind attribution confidence verification sources"),
        ("statements", "text_en text_fr source said_on finding finding_en finding_fr sources"),
        ("accounting", "how"),
    ],
)
def test_what_must_be_filled_is_filled(name, columns):
    rows = table(name).to_dict("records")
    assert [(r[KEYS[name]], c) for r in rows for c in columns.split() if not r[c]] == []


@pytest.mark.parametrize(
    ("name", "column", "words"),
    [
        ("disagreements", "place", None),
        ("events", "kind", EVENT_KINDS),
        ("events", "attribution", ATTRIBUTIONS),
        ("events", "confidence", CONFIDENCES),
        ("events", "date_precision", PRECISIONS),
        ("events", "verification", VERIFICATIONS),
        ("statements", "finding", FINDINGS),
    ],
)
def test_categories_use_the_words_agreed_on(name, column, words):
    allowed = keys("places") | {""} if words is None else words
    assert set(table(name)[column]) <= allowed


def test_french_texts_are_translations_not_copies():
    pairs = [
        (r["event"], r[f"{c}_en"], r[f"{c}_fr"])
        for r in table("events").to_dict("records")
        for c in ("title", "note")
    ]
    assert [key for key, en, fr in pairs if en and en == fr] == []


# ---- days --------------------------------------------------------------------------------------


def test_the_dataset_says_which_days_it_can_answer_for():
    assert dataset()["first_day"] == date(2012, 1, 1)
    assert dataset()["supported_until"] == date(2026, 7, 14)
    assert dataset()["compiled_on"] == date(2026, 11, 22)
    assert dataset()["licence"] == "CC-BY-4.0"


@pytest.mark.parametrize("text", ["title", "boundaries"])
def test_the_dataset_speaks_both_languages(text):
    assert dataset()[f"{text}_en"]
    assert dataset()[f"{text}_fr"]
    assert dataset()[f"{text}_en"] != dataset()[f"{text}_fr"]


def test_events_fall_within_the_days_supported():
    days = [date.fromisoformat(text) for text in table("events")["date"]]
    assert dataset()["first_day"] <= min(days)
    assert max(days) <= dataset()["supported_until"]


def test_events_are_in_order_of_their_key():
    events = table("events")["event"].to_list()
    assert events == sorted(events)


def test_a_disagreement_ends_after_it_begins():
    wrong = [
        r["disagreement"]
        for r in table("disagreements").to_dict("records")
        if r["valid_to"]
        and date.fromisoformat(r["valid_to"]) <= date.fromisoformat(r["valid_from"])
    ]
    assert wrong == []


def test_nothing_was_published_after_the_dataset_was_compiled():
    # Dates as precise as known sort as text: 2026 before 2026-11-22.
    assert max(table("bibliography")["published_on"]) <= dataset()["compiled_on"].isoformat()


# ---- sources -----------------------------------------------------------------------------------


def test_the_bibliography_holds_every_compiled_reference():
    numbered = {key for key in keys("bibliography") if re.fullmatch(r"v\d\d", key)}
    assert numbered == {f"v{n:02d}" for n in range(1, 100)} - {"v61"}  # 61 was never given


def test_an_address_is_on_the_web_and_belongs_to_one_source():
    addresses = [a for text in table("bibliography")["address"] for a in text.split()]
    assert [a for a in addresses if not re.match(r"https?://[^/]+\.[a-zA-Z]+/", a)] == []
    assert len(addresses) == len(set(addresses))


def test_only_what_was_not_opened_cannot_be_judged():
    graded = table("bibliography")
    unopened = graded["read"] == "not-opened"
    assert set(graded["reliability"][unopened]) == {"F"}
    assert set(graded["reliability"][~unopened]) <= {"A", "B", "C", "D", "E"}


def test_a_source_that_was_not_opened_has_a_caveat_and_no_address():
    unopened = table("bibliography").query("read == 'not-opened'")
    assert set(unopened["address"]) == {""}
    assert (unopened["caveat_en"] != "").all()


def test_named_sources_are_those_that_were_not_opened():
    sources = table("bibliography")
    named = sources["source"].str.startswith("named-")
    assert set(sources["read"][named]) == {"not-opened"}


def test_no_source_stands_in_the_bibliography_without_use():
    # The numbered references stay in any case: they are what was read.
    used = {
        key
        for name, column, target in REFERENCES
        if target == "bibliography"
        for _, c, text in cells(name)
        if c == column
        for key in text.split()
    }
    named = {key for key in keys("bibliography") if key.startswith("named-")}
    assert named - used == set()


# ---- events, disagreements, statements ---------------------------------------------------------


def test_who_is_unidentified_is_not_named():
    events = table("events").query("attribution == 'unidentified'")
    assert set(events["actors"]) == {""}


@pytest.mark.parametrize("event", ["E108", "E109"])
def test_the_killing_at_tonka_stays_suspected(event):
    assert row("events", event)["attribution"] == "suspected"
    assert row("events", event)["place"] == "tonka"


@pytest.mark.parametrize("actor", ["FAMA", "WAGNER", "JNIM", "ISSP", "ISGS", "DOZO", "MNLA"])
def test_killings_of_civilians_are_recorded_whoever_is_said_to_have_done_them(actor):
    killings = table("events").query("kind in ['massacre', 'killing-of-civilians']")
    assert actor in {key for text in killings["actors"] for key in text.split()}


def test_both_accounts_of_a_disagreement_differ():
    rows = table("disagreements")
    assert (rows["account_a_en"] != rows["account_b_en"]).all()
    assert (rows["account_a_fr"] != rows["account_b_fr"]).all()


def test_the_two_sides_of_a_disagreement_rest_on_different_claims():
    shared = [
        r["disagreement"]
        for r in table("disagreements").to_dict("records")
        if set(r["claims_a"].split()) & set(r["claims_b"].split())
    ]
    assert shared == []


def test_a_statement_is_met_by_other_sources_than_its_own():
    for r in table("statements").to_dict("records"):
        assert set(r["sources"].split()) - {r["source"]}, r["statement"]
        assert r["events"] or r["disagreements"], r["statement"]


def test_a_disputed_statement_points_to_the_disagreement():
    disputed = table("statements").query("finding in ['disputed', 'opinion']")
    assert (disputed["disagreements"] != "").all()


# ---- accounting --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row_id", "last"),
    [("C{:03d}", 274), ("Z{:03d}", 139), ("E{:03d}", 130), ("D{}", 23), ("S{:02d}", 11)],
)
def test_every_row_of_the_compiled_dossier_is_accounted_for(row_id, last):
    expected = {row_id.format(n) for n in range(1, last + 1)}
    assert expected - keys("accounting") == set()


def test_accounting_holds_nothing_but_rows_of_the_dossier():
    assert len(table("accounting")) == 274 + 139 + 130 + 23 + 11


def test_what_a_row_became_exists():
    made = keys("claims") | keys("events") | keys("disagreements") | keys("statements")
    missing = [
        (r["row"], key)
        for r in table("accounting").to_dict("records")
        for key in r["became"].split()
        if key not in made
    ]
    assert missing == []
