"""A table of plain cells, and what every table of a day is made from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from pandas.api.typing import NaTType

from geo import comparison, words
from geo.languages import Language, message
from geo.layers import Layers
from geo.timeline import Timeline

Json = dict[str, Any]

# Headings that several tables share.
WHERE, WHAT, DAY = message("Where"), message("What"), message("Day")
STATE, SINCE, CONFIDENCE = message("State"), message("Since"), message("Confidence")
EVIDENCE, NOTE, BY_WHOM = message("Reservations"), message("Note"), message("By whom")
CLAIMS, SOURCES = message("Claims"), message("Sources, with their grade")
KM2 = message("Area, km²")
NUMBERS = (KM2,)  # columns of numbers


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what a reader sees, and what it sorts by ("": by the text)."""

    text: str
    value: str = ""

    @property
    def plain(self) -> str:
        """What a spreadsheet is given."""
        return self.value or self.text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table.

    Attributes
    ----------
    caption, lead
        What it is, in a few words and in a sentence.
    columns
        Heading of each column, and whether it holds numbers.
    rows
        As many cells each as there are columns; the first one names the row.
    """

    caption: str
    lead: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]

    def data(self) -> Json:
        """The table as plain JSON types: a cell is a text, or a text and its value."""
        return {
            "caption": self.caption,
            "lead": self.lead,
            "columns": [list(column) for column in self.columns],
            "rows": [
                [[cell.text, cell.value] if cell.value else cell.text for cell in row]
                for row in self.rows
            ],
        }

    def csv(self) -> str:
        """The table as CSV, safe to open in a spreadsheet."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(comparison.safe(name) for name, _ in self.columns)
        writer.writerows([comparison.safe(cell.plain) for cell in row] for row in self.rows)
        return file.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a table is asked for.

    Attributes
    ----------
    layers, timeline
        The data, as the reader's filters have it.
    claims
        The claims of the timeline, without their ground, by `claim_id`.
    """

    layers: Layers
    timeline: Timeline
    claims: pd.DataFrame
    day: date
    language: Language

    def say(self, text: str) -> str:
        """A message in the language."""
        return self.language.translate(text)

    def actors(self, keys: Iterable[str]) -> str:
        """Short names of actors as a list."""
        return words.actors(self.language, self.layers.actors, keys)

    def dated(self, value: pd.Timestamp | NaTType, precision: str = "day") -> Cell:
        """A day as precisely as it is known; empty for none."""
        if isinstance(value, NaTType):
            return Cell("")
        day = value.date()
        return Cell(words.dated(self.language, day, precision), day.isoformat())

    def sources(self, keys: Iterable[str]) -> Cell:
        """Who published the sources, each with its grade."""
        known = self.layers.bibliography[["publisher", "reliability"]]
        named = dict.fromkeys("{} ({})".format(*known.loc[key]) for key in keys)
        return Cell("; ".join(named))

    def sheet(
        self, caption: str, lead: str, columns: Iterable[str], rows: Iterable[Sequence[Cell]]
    ) -> Sheet:
        """A table of this day; headings and sentences are messages."""
        told = self.language.day(self.day)
        return Sheet(
            self.language.say("{title}, {day}", title=self.say(caption), day=told),
            self.say(lead),
            tuple((self.say(name), name in NUMBERS) for name in columns),
            tuple(tuple(row) for row in rows),
        )

    def old(self, confirmed: pd.Timestamp) -> str:
        """That evidence is past its shelf-life."""
        newest = self.language.day(confirmed.date())
        return self.language.say("old: last confirmed {day}", day=newest)


def said(claim: Mapping[str, Any], actors: pd.DataFrame, language: Language) -> str:
    """What a claim says of its ground, and for how long; `actors` is the table of them."""
    status = language.translate(words.STATUS[claim["status"]])
    who = words.actors(language, actors, [claim["actor"], *claim["partners"]])
    begun, ends = claim["valid_from"].date(), claim["valid_to"]
    last = None if pd.isna(ends) else ends.date()
    period = words.period(language, begun, last, claim["date_precision"])
    return f"{language.say('{status}: {actors}', status=status, actors=who)}. {period}"
