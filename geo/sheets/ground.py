"""Tables of the ground on a day: places, cercles, and what is pressed."""

from __future__ import annotations

import pandas as pd

from geo import boundaries, details, slices, tables, words
from geo.claims import BASE
from geo.evidence import cited
from geo.languages import FRENCH, message
from geo.places import fold
from geo.sheets.sheet import (
    BY_WHOM,
    CLAIMS,
    CONFIDENCE,
    EVIDENCE,
    KM2,
    SINCE,
    SOURCES,
    STATE,
    WHAT,
    WHERE,
    Asked,
    Cell,
    Json,
    Sheet,
)
from geo.timeline import NONE

PLACES = message("Places")
COUNTRYSIDE = message("Cercles")
PRESSED = message("Sieges, blockades, forces")

_GROUND = (STATE, message("Scope"), SINCE, CONFIDENCE, EVIDENCE, CLAIMS, SOURCES)


def places(asked: Asked) -> Sheet:
    """Every listed place, and the state of the ground at its point."""
    layers = asked.layers
    faces = _faces(asked)
    edition = boundaries.edition_on(asked.day)
    regions = layers.regions[edition.name]["name_fr"]
    said: dict[int, tuple[Cell, ...]] = {}  # by face: many places share one
    rows = []
    for place in tables.rows(
        layers.places.sort_values("name_fr", key=lambda names: names.map(fold))
    ):
        face = slices.locate(asked.timeline.composite, place["geometry"].x, place["geometry"].y)
        if face is None:
            continue
        said[face] = said.get(face) or _said(asked, faces[face])
        region = layers.units[edition.column].iloc[int(faces[face]["unit"])]
        rows.append((Cell(asked.language.place(place)), Cell(str(regions[region])), *said[face]))
    return asked.sheet(
        PLACES,
        message(
            "Every listed place, and the state of the ground at its point. Where no claim is about "
            "the town itself, what is said of its cercle stands for it, and the table says so."
        ),
        (WHERE, message("Region"), *_GROUND),
        rows,
    )


def countryside(asked: Asked) -> Sheet:
    """The ground outside towns, by cercle and state."""
    language = asked.language
    today = slices.at(asked.timeline, asked.day)
    named = slices.named(asked.timeline.composite, today["unit"], today["claim_ids"])
    open_ground = today[named["kind"] == "unit"]
    cercle = asked.layers.units["cercle"].iloc[open_ground["unit"]].set_axis(open_ground.index)
    faces = _faces(asked)
    rows = []
    for (key, *_), own in open_ground.groupby([cercle, "state", "actors", "influence"], sort=False):
        km2 = float(own["area_km2"].sum())
        area = Cell(language.number(round(km2)), f"{km2:.2f}")
        largest = int(own["area_km2"].idxmax())
        rows.append((Cell(_cercle(asked, str(key))), area, *_said(asked, faces[largest])))
    return asked.sheet(
        COUNTRYSIDE,
        message(
            "The ground outside the discs of towns, cercle by cercle: a cercle whose parts differ "
            "has a row for each state. Towns and camps in it may be held otherwise."
        ),
        (WHERE, KM2, *_GROUND),
        sorted(rows, key=lambda row: fold(row[0].text)),
    )


def _cercle(asked: Asked, key: str) -> str:
    if key == details.BAMAKO:
        return f"District {FRENCH.of('Bamako')}"
    return f"Cercle {FRENCH.of(asked.layers.cercles.loc[key, 'name_fr'])}"


def _faces(asked: Asked) -> list[Json]:
    """Every face on the day, with its `id`."""
    today = slices.at(asked.timeline, asked.day).drop(columns="geometry")
    return tables.rows(pd.DataFrame(today))


def _said(asked: Asked, face: Json) -> tuple[Cell, ...]:
    """The columns of `_GROUND`: state, of what, since when, how sure, how old, who says so."""
    layers, language = asked.layers, asked.language
    if face["state"] == NONE:
        return (Cell(asked.say(words.NO_INFORMATION)), *(Cell("") for _ in _GROUND[1:]))
    first = layers.dataset.first_day
    span = details.lasting(asked.timeline, int(face["face_id"]), asked.day, first)
    text = details.said(layers, face, language)
    if face["influence"] and face["state"] != "influence":
        beside = asked.actors(face["influence"])
        text = language.say("{state}; influence of {actors}", state=text, actors=beside)
    deciding = asked.claims.loc[list(face["claim_ids"])]
    local = deciding["area_ref"].str.startswith("place:").any()
    return (
        Cell(text),
        Cell(language.say("the town") if local else language.say("the whole cercle")),
        asked.dated(span["start"]),
        Cell(_sure(asked, deciding)),
        Cell(_doubts(asked, face, deciding)),
        Cell(" ".join(face["claim_ids"])),
        asked.sources(dict.fromkeys(deciding["sources"].explode())),
    )


def _sure(asked: Asked, deciding: pd.DataFrame) -> str:
    """The confidence of the claims that say who holds the ground, or else of the influence."""
    base = deciding[deciding["status"].isin(BASE)]
    levels = dict.fromkeys((deciding if base.empty else base)["confidence"])
    return ", ".join(asked.say(words.CONFIDENCE[level]) for level in levels)


def _doubts(asked: Asked, face: Json, deciding: pd.DataFrame) -> str:
    marks = []
    if face["stale"]:
        marks.append(asked.old(deciding["last_confirmed"].max()))
    if face["uncertain"]:
        marks.append(asked.language.say("its first or last day is not known exactly"))
    return "; ".join(marks)


# ---- sieges, blockades, forces


def pressed(asked: Asked) -> Sheet:
    """Sieges, blockades and forces."""
    today = pd.Timestamp(asked.day)
    overlays = asked.timeline.overlays
    now = overlays[(overlays["start"] <= today) & ~(overlays["stop"] <= today)]
    claims = tables.rows(asked.claims.iloc[now["claim"]])
    rows = [
        (
            Cell(details.area(asked.layers, claim["area_ref"], asked.language)),
            Cell(asked.say(words.STATUS[claim["status"]])),
            Cell(asked.actors([claim["actor"], *claim["partners"]])),
            asked.dated(claim["valid_from"], claim["date_precision"]),
            Cell(asked.say(words.CONFIDENCE[claim["confidence"]])),
            Cell(asked.old(claim["last_confirmed"]) if stale else ""),
            Cell(claim["claim_id"]),
            asked.sources(cited(claim)),
        )
        for claim, stale in zip(claims, now["stale_from"] <= today, strict=True)
    ]
    return asked.sheet(
        PRESSED,
        message(
            "What is pressed, and who is based where. None of it changes who holds the ground."
        ),
        (WHERE, WHAT, BY_WHOM, SINCE, CONFIDENCE, EVIDENCE, CLAIMS, SOURCES),
        rows,
    )
