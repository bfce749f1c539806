"""Tables of what is told of a day: claims, events, roads, disputes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from geo import details, lifelines, slices, tables, words
from geo.claims import SEPARATOR
from geo.evidence import cited
from geo.languages import message
from geo.sheets.sheet import (
    BY_WHOM,
    CLAIMS,
    CONFIDENCE,
    DAY,
    NOTE,
    SOURCES,
    STATE,
    WHAT,
    WHERE,
    Asked,
    Cell,
    Json,
    Sheet,
)
from geo.timeline import LISTED, STEPS, day_number, judge

EVENTS = message("Events")
ROADS = message("Roads to Bamako")
DISPUTED = message("Disputed")
TOWN = "bamako"  # whose roads are told

# ---- the claims themselves


def claims(asked: Asked) -> Sheet:
    """Every claim about the day, and what becomes of it."""
    language = asked.language
    codes, number = asked.timeline.codes, day_number(asked.day)
    lasting = np.flatnonzero((codes.first <= number) & (number < codes.after))
    step = _steps(asked)
    uploads = len(asked.layers.published) > 0  # else all claims are of one layer
    rows = []
    for claim, code in zip(tables.rows(asked.claims.iloc[lasting]), step[lasting], strict=True):
        used = words.STEP.get(STEPS[code])
        rows.append(
            (
                Cell(claim["claim_id"]),
                Cell(details.area(asked.layers, claim["area_ref"], language)),
                *([_layer(asked, claim["claim_id"])] if uploads else []),
                Cell(asked.say(words.STATUS[claim["status"]])),
                Cell(asked.actors([claim["actor"], *claim["partners"]])),
                asked.dated(claim["valid_from"], claim["date_precision"]),
                asked.dated(claim["valid_to"] - timedelta(days=1)),
                asked.dated(claim["reported_on"]),
                Cell(asked.say(words.ASSERTION[claim["assertion"]])),
                Cell(asked.say(words.CONFIDENCE[claim["confidence"]])),
                Cell(asked.say(words.VERIFICATION[claim["verification"]])),
                Cell(asked.say(used) if used else language.say("It counts.")),
                Cell(language.cell(claim, "note")),
                asked.sources(cited(claim)),
            )
        )
    rows.sort(key=lambda row: (row[1].text, row[0].text))
    return asked.sheet(
        CLAIMS,
        message(
            "Every claim about this day: those that count somewhere, and those that are set aside, "
            "with the reason."
        ),
        (
            message("Claim"),
            WHERE,
            *([message("Layer")] if uploads else []),
            message("Status"),
            BY_WHOM,
            message("First day"),
            message("Last day"),
            message("Reported"),
            message("Assertion"),
            CONFIDENCE,
            message("Checked"),
            message("What becomes of it"),
            NOTE,
            SOURCES,
        ),
        rows,
    )


def _layer(asked: Asked, claim_id: str) -> Cell:
    """The title of the uploaded layer a claim is from; empty for a shipped one."""
    layer, separator, _ = claim_id.partition(SEPARATOR)
    known = asked.layers.published["title"]
    return Cell(str(known[layer]) if separator and layer in known.index else "")


def _steps(asked: Asked) -> np.ndarray:
    """What becomes of each claim on the day: the best that does over any of its ground."""
    codes = asked.timeline.codes
    face, claim = slices.valid(asked.timeline, asked.day)
    step = np.where(codes.step == LISTED, LISTED, codes.step).astype(np.int64)
    covered = np.unique(claim)
    step[covered] = len(STEPS)
    np.minimum.at(step, claim, judge(codes, face, claim))
    return step


# ---- events, roads, disputes


def events(asked: Asked) -> Sheet:
    """What happened up to the day, the latest first."""
    layers, language = asked.layers, asked.language
    known = {place["place"]: place for place in tables.rows(layers.places)}
    until = layers.events[layers.events["date"] <= pd.Timestamp(asked.day)]
    rows = []
    for event in tables.rows(until.sort_values("date", ascending=False, kind="stable")):
        place = known.get(event["place"])
        rows.append(
            (
                Cell(language.cell(event, "title")),
                asked.dated(event["date"], event["date_precision"]),
                Cell(language.place(place) if place else ""),
                Cell(asked.say(words.CONFIDENCE[event["confidence"]])),
                Cell(language.cell(event, "note")),
                asked.sources(event["sources"]),
            )
        )
    return asked.sheet(
        EVENTS,
        message("What happened up to this day, the latest first."),
        (WHAT, DAY, WHERE, CONFIDENCE, NOTE, SOURCES),
        rows,
    )


def roads(asked: Asked) -> Sheet:
    """Each stretch of each road into the capital."""
    evidence = lifelines.evidence(asked.layers, asked.timeline)
    told = lifelines.told(asked.layers, asked.timeline, evidence, TOWN, language=asked.language)
    number = (asked.day - asked.layers.dataset.first_day).days
    rows = []
    for road in told["roads"]:
        for place, stretch in enumerate(road["stretches"]):
            state = _state_on(stretch["runs"], number)
            why = [
                (effect["how"], told["items"][reason["item"]]["sources"])
                for reason in road["reasons"]
                for effect in reason["effects"]
                if _speaks(effect, place, state, number)
            ]
            keys = dict.fromkeys(key for _, sources in why for key in sources)
            rows.append(
                (
                    Cell(road["name"]),
                    Cell(stretch["label"]),
                    Cell(told["states"][state]),
                    Cell("; ".join(dict.fromkeys(how for how, _ in why))),
                    asked.sources(key for key in keys if key in told["sources"]),
                )
            )
    return asked.sheet(
        ROADS,
        message(
            "Each stretch of each road into Bamako. Nobody reports from most stretches on most "
            "days: then the state is unknown, not open."
        ),
        (message("Road"), message("Stretch"), STATE, message("Why"), SOURCES),
        rows,
    )


def _state_on(runs: Sequence[Sequence[int]], number: int) -> int:
    """The state of a stretch on a day, from [day, state] pairs, each from its day on."""
    return next((state for day, state in reversed(runs) if day <= number), 0)


def _speaks(effect: Json, stretch: int, state: int, number: int) -> bool:
    """Whether what is reported makes a stretch what it is on a day."""
    lasts = effect["from"] <= number and (effect["to"] is None or number < effect["to"])
    return bool(lasts and effect["state"] == state and stretch in effect["stretches"])


def disputed(asked: Asked) -> Sheet:
    """Two accounts of one matter."""
    layers, language = asked.layers, asked.language
    rows = []
    for row in tables.rows(details.disputed(layers, asked.day)):
        accounts = [
            cell
            for side in "ab"
            for cell in (Cell(language.cell(row, f"account_{side}")), Cell(row[f"said_by_{side}"]))
        ]
        keys = dict.fromkeys((*row["sources_a"], *row["sources_b"]))
        rows.append(
            (
                Cell(language.cell(row, "topic")),
                *accounts,
                Cell(language.cell(row, "reading")),
                asked.sources(keys),
            )
        )
    return asked.sheet(
        DISPUTED,
        message("Two accounts of one matter, and how this map reads them."),
        (
            WHAT,
            message("One account"),
            message("Said by"),
            message("The other account"),
            message("Said by"),
            message("How this map reads them"),
            SOURCES,
        ),
        rows,
    )
