"""The bibliography: who said it, where it can be read, and how far it can be relied on."""

from __future__ import annotations

import re

import pandas as pd

from geo import tables
from geo.tables import Column

FILE = "bibliography.csv"
KINDS = (
    "official-party",
    "media",
    "un-ngo",
    "researcher",
    "encyclopedia",
    "dataset",
    "opinion",
)
READ = ("read", "partly-read", "secondhand", "not-opened")
# The Admiralty code; F is "cannot be judged", which does not mean bad.
RELIABILITIES = ("A", "B", "C", "D", "E", "F")

COLUMNS = (
    Column("source", "key", "Key: `v01` …, or `named-…` for one that was not opened."),
    Column("publisher", "text", "Who says it."),
    Column("title", "text", "What it is.", required=False),
    Column("address", "text", "Web addresses as seen, joined by one space.", required=False),
    Column("kind", "text", f"One of {' '.join(f'`{kind}`' for kind in KINDS)}."),
    Column("reliability", "text", "Admiralty grade A to E; F: cannot be judged."),
    Column("published_on", "text", "`YYYY`, `YYYY-MM` or `YYYY-MM-DD`.", required=False),
    Column(
        "newest",
        "text",
        "The same of its newest page or entry, where it has several.",
        required=False,
    ),
    Column("read", "text", f"What we read: {' '.join(f'`{read}`' for read in READ)}."),
    Column("caveat_en", "text", "Plain text, never markup.", required=False),
    Column("caveat_fr", "text", "Plain text, never markup.", required=False),
)

# Only the web: an address that starts otherwise would run something or open a file.
_ADDRESSES = re.compile(r"https?://[^\s<>\"]+(\s+https?://[^\s<>\"]+)*")


def parse(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table`, as `tables.read` gives it, as the bibliography, or raise `LayerError`.

    Returns
    -------
    DataFrame
        Indexed by `source`, in the order of the file: the other columns of
        `COLUMNS`; `address` is a tuple of web addresses, everything else is
        text, `""` where unknown.
    """
    tables.check_one_of(table, "kind", KINDS, file=FILE)
    tables.check_one_of(table, "reliability", RELIABILITIES, file=FILE)
    tables.check_one_of(table, "read", READ, file=FILE)
    remedy = "Write a date as precise as known: 2017, 2017-03 or 2017-03-02."
    for name in ("published_on", "newest"):
        tables.check_pattern(table, name, tables.PARTIAL_DAY, file=FILE, remedy=remedy)
    remedy = "Write web addresses that start with http:// or https://, joined by one space."
    tables.check_pattern(table, "address", _ADDRESSES, file=FILE, remedy=remedy)
    bibliography = table.assign(address=tables.words(table["address"]))
    return tables.keyed(bibliography, "source", file=FILE)
