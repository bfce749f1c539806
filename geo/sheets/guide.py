"""What a file of claims must say, and an example of one: for whoever brings their first."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pandas as pd

from geo import comparison
from geo.languages import Language, message
from geo.layers import Layers
from geo.sheets.sheet import Cell, Sheet

PLACE = "kidal"  # the town of the example: it changed hands often, and every source is named
_LAST = 4  # claims of the example

_CAPTION = message("What a file must say")
_LEAD = message(
    "One row, or one drawn feature, for each claim. The first three columns are needed. Columns of "
    "other names are guessed, and can be chosen on screen."
)
_HEADS = (message("Column"), message("What it says"), message("If it is left out"))
_NOTE = "note"  # of which claims have one in each language
_NEEDED = message("The file is refused.")
_GROUND = message(
    "The ground: a drawn outline, or the name of a place, a commune, a cercle or a region, a "
    "P-code, WKT, or lon and lat."
)
_COLUMNS = (
    ("place", _GROUND, _NEEDED),
    ("actor", message("Who holds it: a name or an abbreviation."), _NEEDED),
    ("valid_from", message("The first day: YYYY-MM-DD, or a month or a year."), _NEEDED),
    (
        "valid_to",
        message("The first day on which it no longer holds."),
        message("It lasts as far as known."),
    ),
    (
        "status",
        message("control, contested, shared, influence, presence, siege or blockade."),
        message("control"),
    ),
    ("confidence", message("low, medium or high."), message("low")),
    (
        "source",
        message("Who says so: a title, or the address of a page."),
        message("You are asked: nothing stands here without a source."),
    ),
    (
        "reported_on",
        message("The day on which the source said so."),
        message("The day of the upload."),
    ),
    (_NOTE, message("What a reader should know. Plain text."), message("Nothing.")),
)


def columns(language: Language) -> Sheet:
    """The columns of a file, what each says, and what holds without it."""
    return Sheet(
        language.translate(_CAPTION),
        language.translate(_LEAD),
        tuple((language.translate(head), False) for head in _HEADS),
        tuple(
            (Cell(_name(name, language)), *map(Cell, map(language.translate, said)))
            for name, *said in _COLUMNS
        ),
    )


def example(layers: Layers, language: Language) -> str:
    """The newest shipped claims about who holds `PLACE`, as the CSV somebody would bring them in.

    Every row has ground, actor, days, status, confidence, a source and the day it was reported.
    """
    said = layers.claims
    newest = said[
        (said["area_ref"] == f"place:{PLACE}")
        & (said["status"] == "control")
        & (said["assertion"] == "assessed")
    ].tail(_LAST)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_name(name, language) for name, *_ in _COLUMNS)
    for claim in newest.to_dict("records"):
        days = (claim[name] for name in ("valid_from", "valid_to", "reported_on"))
        since, until, reported = ("" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in days)
        told = _source(layers, claim["sources"], claim["reported_on"])
        row = (
            *(PLACE.title(), claim["actor"], since, until, claim["status"]),
            *(claim["confidence"], told, reported, claim[language.column(_NOTE)]),
        )
        writer.writerow(comparison.safe(str(cell)) for cell in row)
    return file.getvalue()


def _name(column: str, language: Language) -> str:
    return language.column(column) if column == _NOTE else column


def _source(layers: Layers, keys: Sequence[str], day: pd.Timestamp) -> str:
    """A source as people write one: of that day if there is one, and with a short title."""
    sources = layers.bibliography.loc[list(keys)]
    texts = (sources["publisher"] + ", " + sources["title"]).str.replace("; ", " / ")
    of_the_day = texts[texts.str.contains(Language("en").day(day.date()), regex=False)]
    return min(texts if of_the_day.empty else of_the_day, key=len)
