"""Actors: who is said to hold ground, what they became and how they are drawn."""

from __future__ import annotations

import re

import pandas as pd

from geo import tables
from geo.tables import Column

FILE = "actors.csv"
KINDS = ("state", "state-ally", "separatist", "jihadist", "militia", "foreign", "un", "other")
PATTERNS = ("plain", "lines", "dots", "cross")
CONFIDENCES = ("low", "medium", "high")

COLUMNS = (
    Column("actor", "key", "Key, upper case as in the sources: `FAMA`, `JNIM`."),
    Column("name_en", "text", "Full name in English."),
    Column("name_fr", "text", "Full name in French."),
    Column("short_en", "text", "What a legend has room for, in English."),
    Column("short_fr", "text", "What a legend has room for, in French."),
    Column("kind", "text", f"One of {' '.join(f'`{kind}`' for kind in KINDS)}."),
    Column("parent", "keys", "What it belongs to.", required=False),
    Column("successors", "keys", "What it became or merged into.", required=False),
    Column("active_from", "text", "As precise as known: `2017`, `2017-03-02`.", required=False),
    Column("active_to", "text", "As precise as known; empty while it lasts.", required=False),
    Column("colour", "text", "`#rrggbb`, the same for all time."),
    Column("pattern", "text", f"One of {' '.join(f'`{pattern}`' for pattern in PATTERNS)}."),
    Column("badge", "text", "Letters on the symbol of forces based in a place.", required=False),
    Column("holds_ground", "text", "`yes`, or `no` where it is only ever drawn as a symbol."),
    Column("confidence", "text", "`low` `medium` `high`.", required=False),
    Column("sources", "keys", "Keys of the bibliography.", required=False),
    Column("note_en", "text", "Plain text, never markup.", required=False),
    Column("note_fr", "text", "Plain text, never markup.", required=False),
)

_ACTOR = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def parse(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table`, as `tables.read` gives it, as actors, or raise `LayerError`.

    Returns
    -------
    DataFrame
        Indexed by `actor`, in the order of the file: the other columns of
        `COLUMNS`; `parent`, `successors` and `sources` are tuples of keys,
        `holds_ground` is bool, everything else is text, `""` where unknown.
        `sources` are not compared with the bibliography here.
    """
    tables.check_one_of(table, "kind", KINDS, file=FILE)
    tables.check_one_of(table, "pattern", PATTERNS, file=FILE)
    tables.check_one_of(table, "holds_ground", ("yes", "no"), file=FILE)
    tables.check_one_of(table, "confidence", CONFIDENCES, file=FILE, empty=True)
    remedy = "Write a colour as #rrggbb in lower case."
    tables.check_pattern(table, "colour", _COLOUR, file=FILE, remedy=remedy)
    for column in ("active_from", "active_to"):
        remedy = "Write a date as precise as known: 2017, 2017-03 or 2017-03-02."
        tables.check_pattern(table, column, tables.PARTIAL_DAY, file=FILE, remedy=remedy)

    lists = {name: tables.words(table[name]) for name in ("parent", "successors", "sources")}
    actors = table.assign(holds_ground=table["holds_ground"] == "yes", **lists)
    for column in ("parent", "successors"):
        tables.check_known(actors, column, table["actor"], file=FILE, kept_in=FILE)
    form = "upper-case ASCII letters and digits, joined by _"
    return tables.keyed(actors, "actor", file=FILE, pattern=_ACTOR, form=form)
