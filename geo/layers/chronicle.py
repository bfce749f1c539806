"""What happened, what is disputed and what was said: tables that no map is drawn from."""

from __future__ import annotations

import re

import pandas as pd

from geo import tables
from geo.tables import Column

EVENTS_FILE = "events.csv"
DISAGREEMENTS_FILE = "disagreements.csv"
STATEMENTS_FILE = "statements.csv"

ATTRIBUTIONS = ("stated", "suspected", "disputed", "unidentified")
CONFIDENCES = ("low", "medium", "high")
DATE_PRECISIONS = ("day", "month", "quarter", "year")
VERIFICATIONS = ("read", "partly-read", "secondhand", "general-knowledge")
FINDINGS = ("confirmed", "partly", "disputed", "not-found", "opinion")

EVENT_COLUMNS = (
    Column("event", "key", "Key: `e001` …"),
    Column("date", "day", "Day, or the first day of the month, quarter or year."),
    Column("date_precision", "text", "`day` `month` `quarter` `year`."),
    Column("title_en", "text", "What happened."),
    Column("title_fr", "text", "What happened, in French."),
    Column("place", "key", "Where; empty where no one place is meant.", required=False),
    Column("kind", "text", "What kind of event."),
    Column("actors", "keys", "Who took part or is said to have.", required=False),
    Column("attribution", "text", "`stated` `suspected` `disputed` `unidentified`."),
    Column("confidence", "text", "`low` `medium` `high`."),
    Column("verification", "text", "How we checked it."),
    Column("sources", "keys", "Keys of the bibliography."),
    Column("note_en", "text", "Plain text, never markup.", required=False),
    Column("note_fr", "text", "Plain text, never markup.", required=False),
)
DISAGREEMENT_COLUMNS = (
    Column("disagreement", "key", "Key: `d01` …"),
    Column("topic_en", "text", "What is disputed."),
    Column("topic_fr", "text", "What is disputed, in French."),
    Column("place", "key", "Where; empty where no one place is meant.", required=False),
    Column("valid_from", "day", "First day it is about."),
    Column("valid_to", "day", "First day after; empty while it lasts.", required=False),
    Column("account_a_en", "text", "One account."),
    Column("account_a_fr", "text", "One account, in French."),
    Column("said_by_a", "text", "Who gives it."),
    Column("sources_a", "keys", "Keys of the bibliography."),
    Column("claims_a", "keys", "Claims that say so.", required=False),
    Column("account_b_en", "text", "The other account."),
    Column("account_b_fr", "text", "The other account, in French."),
    Column("said_by_b", "text", "Who gives it."),
    Column("sources_b", "keys", "Keys of the bibliography."),
    Column("claims_b", "keys", "Claims that say so.", required=False),
    Column("reading_en", "text", "How this map reads it, and why."),
    Column("reading_fr", "text", "How this map reads it, and why, in French."),
)
STATEMENT_COLUMNS = (
    Column("statement", "key", "Key: `s01` …"),
    Column("text_en", "text", "What was said."),
    Column("text_fr", "text", "What was said, in French."),
    Column("source", "key", "Who said it."),
    Column("said_on", "text", "When, as precise as known: `2025-11`.", required=False),
    Column("finding", "text", f"One of {' '.join(f'`{finding}`' for finding in FINDINGS)}."),
    Column("finding_en", "text", "What we found."),
    Column("finding_fr", "text", "What we found, in French."),
    Column("sources", "keys", "Keys of the bibliography.", required=False),
    Column("disagreements", "keys", "Disagreements it touches.", required=False),
    Column("events", "keys", "Events it touches.", required=False),
    Column("claims", "keys", "Claims it touches.", required=False),
)

_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def parse_events(table: pd.DataFrame) -> pd.DataFrame:
    """Events, indexed by `event`: `date` a day, `actors` and `sources` tuples of keys."""
    tables.check_one_of(table, "date_precision", DATE_PRECISIONS, file=EVENTS_FILE)
    tables.check_one_of(table, "attribution", ATTRIBUTIONS, file=EVENTS_FILE)
    tables.check_one_of(table, "confidence", CONFIDENCES, file=EVENTS_FILE)
    tables.check_one_of(table, "verification", VERIFICATIONS, file=EVENTS_FILE)
    dated = tables.days(table, ["date"], file=EVENTS_FILE)
    return _keyed(dated, "event", ["actors", "sources"], EVENTS_FILE)


def parse_disagreements(table: pd.DataFrame) -> pd.DataFrame:
    """Disagreements, indexed by `disagreement`: days, `sources_*` and `claims_*` as tuples."""
    file = DISAGREEMENTS_FILE
    dated = tables.days(table, ["valid_from", "valid_to"], file=file)
    in_order = dated["valid_to"].isna() | (dated["valid_to"] > dated["valid_from"])
    remedy = "valid_to is the first day after: write a later one."
    tables.check(table, "valid_to", in_order, file=file, remedy=remedy)
    return _keyed(dated, "disagreement", ["sources_a", "claims_a", "sources_b", "claims_b"], file)


def parse_statements(table: pd.DataFrame) -> pd.DataFrame:
    """Statements, indexed by `statement`: `said_on` is text, lists of keys are tuples."""
    file = STATEMENTS_FILE
    tables.check_one_of(table, "finding", FINDINGS, file=file)
    remedy = "Write a date as precise as known: 2025, 2025-11 or 2025-11-10."
    tables.check_pattern(table, "said_on", tables.PARTIAL_DAY, file=file, remedy=remedy)
    return _keyed(table, "statement", ["sources", "disagreements", "events", "claims"], file)


def _keyed(table: pd.DataFrame, key: str, lists: list[str], file: str) -> pd.DataFrame:
    split = table.assign(**{name: tables.words(table[name]) for name in lists})
    form = "letters and digits, joined by -"
    return tables.keyed(split, key, file=file, pattern=_ID, form=form)
