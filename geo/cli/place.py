"""`place`: the history of one place, with its gaps, its sieges and who says so."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import history, places, tables
from geo.cli import console, options, point, records, telling, texts, world
from geo.cli.options import Commands
from geo.cli.records import Json
from geo.cli.world import World
from geo.errors import UnknownPlaceError
from geo.timeline import STEPS, described

_NEAREST = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What became of one place.

    Attributes
    ----------
    key
        Of the place.
    spans
        As `history.at` gives them: without gaps, `none` where nothing counts.
    overlays
        Sieges, blockades and forces that count, there or on a road near, in order of time: the
        columns of claims, and `stale_from` (NaT unless it comes while they last).
    claims
        Every claim that the two name.
    """

    key: str
    spans: pd.DataFrame
    overlays: pd.DataFrame
    claims: pd.DataFrame


def add(commands: Commands) -> None:
    """Add the command."""
    about = "history of a place: who held it, sieges and blockades, sources, gaps"
    parser = options.reading(commands, "place", about)
    parser.add_argument(
        "name", nargs="+", metavar="NAME", help="in French or English, with or without accents"
    )
    options.add_json(parser)
    parser.set_defaults(run=_run)


def find(known: World, name: str) -> str:
    """Key of the place; unknown ones are refused with the nearest, in the language asked for."""
    towns = known.layers.places
    try:
        return places.find(towns, name)
    except UnknownPlaceError as fault:
        near = [
            f"{known.names.place(key)} [{key}]" for key in places.suggest(towns, name, _NEAREST)
        ]
        hint = texts.DID_YOU_MEAN.said(known.lang, near=texts.choice(known.lang, near))
        told = hint if near else texts.CHECK_SPELLING.said(known.lang)
        refused = texts.UNKNOWN_PLACE.said(known.lang, name=name, hint=told)
        raise UnknownPlaceError(refused) from fault


def _run(asked: argparse.Namespace, folder: Path) -> int:
    with console.progress(3) as step:
        known = world.read(asked, folder, step)
        answer = _answer(known, find(known, " ".join(asked.name)))
    if asked.json:
        console.write_json(_document(known, answer))
    else:
        console.write(_lines(known, answer))
    return console.DONE


def _answer(known: World, key: str) -> _Answer:
    lon, lat = known.layers.places.loc[key, ["lon", "lat"]].astype(float)
    face = point.face(known, lon, lat)
    spans = _spans(known, face)
    there = np.concatenate([point.covering(known, face), point.lines_near(known, lon, lat)])
    overlays = _overlays(known, there)
    named = {claim_id for ids in spans["claim_ids"] for claim_id in ids}
    stands = known.timeline.codes.step != STEPS.index("corrected")  # of each claim one version
    told_of = known.claims["claim_id"].isin({*named, *overlays["claim_id"]})
    claims = known.claims[told_of & stands]
    told = known.told(pd.DataFrame(claims.drop(columns="geometry")))
    return _Answer(key, spans, overlays, told)


def _spans(known: World, face: int | None) -> pd.DataFrame:
    first, last = known.first_day, known.last_day
    if face is not None:
        return history.at(known.timeline, face, until=last, first_day=first)
    # Ground that no claim covers has one span, on which nobody says anything.
    whole = described(known.timeline, np.array([-1]))
    return whole.assign(
        start=pd.Timestamp(first),
        stop=pd.Timestamp(last + timedelta(days=1)),
        claim_ids=pd.Series([()], dtype=object),
    )


def _overlays(known: World, there: NDArray[np.int64]) -> pd.DataFrame:
    listed = known.timeline.overlays
    begun = listed["start"] <= pd.Timestamp(known.last_day)
    listed = listed[listed["claim"].isin(there) & begun]
    said = known.told(pd.DataFrame(known.claims.drop(columns="geometry").iloc[listed["claim"]]))
    late = listed["stale_from"].set_axis(said.index)
    ends = said["valid_to"].fillna(pd.Timestamp(known.last_day + timedelta(days=1)))
    said["stale_from"] = late.where(late < ends)
    return said.sort_values(["valid_from", "claim_id"], ignore_index=True)


def _document(known: World, answer: _Answer) -> Json:
    town = tables.rows(known.layers.places.loc[[answer.key]])[0]
    named = ("place", "name_fr", "name_en", "kind", "lon", "lat")
    return {
        "place": {name: town[name] for name in named},
        "first_day": str(known.first_day),
        "last_day": str(known.last_day),
        "heard": records.heard(known),
        "spans": [_span(known, answer, row) for row in tables.rows(answer.spans)],
        "overlays": records.overlays(answer.overlays),
        "claims": records.claims(answer.claims),
        "names": records.names(known, records.about(answer.claims)),
        "sources": records.sources(known, records.said_by(answer.claims)),
    }


def _span(known: World, answer: _Answer, row: Mapping[str, Any]) -> Json:
    lasts = _last(row) == known.last_day
    return {
        "valid_from": records.iso(row["start"]),
        "valid_to": None if lasts else records.iso(row["stop"]),
        **records.state(row),
        "claim_ids": list(row["claim_ids"]),
        "sources": records.said_by(_of(answer, row)),
    }


def _lines(known: World, answer: _Answer) -> Iterator[str]:
    lang = known.lang
    first, last = (texts.day(lang, day) for day in (known.first_day, known.last_day))
    name = known.names.place(answer.key)
    yield texts.HISTORY.said(lang, place=name, first=first, last=last)
    yield from telling.heard(known)
    yield ""
    for row in tables.rows(answer.spans):
        days = texts.SPAN.said(lang, first=records.iso(row["start"]), last=_last(row))
        yield f"{days}  {telling.state(known, row)}"
        for claim in tables.rows(_of(answer, row)):
            yield f"      {telling.short(known, claim)}"
    if len(answer.overlays):
        yield ""
        yield texts.BESIDE.said(lang)
    for claim in tables.rows(answer.overlays):
        yield f"  {telling.overlay(known, claim)}"
        yield f"      {telling.short(known, claim)}"
    yield from telling.sources(known, records.said_by(answer.claims))
    if known.shipped:
        yield ""
        yield texts.SUPPORTED_UNTIL.said(lang, last=last)


def _last(row: Mapping[str, Any]) -> date | None:
    """The last day of a span."""
    return records.day_before(row["stop"])


def _of(answer: _Answer, row: Mapping[str, Any]) -> pd.DataFrame:
    """The claims a span names."""
    return answer.claims[answer.claims["claim_id"].isin(row["claim_ids"])]
