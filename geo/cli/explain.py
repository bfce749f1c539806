"""`explain`: every claim at a point, which counted, and where the others were set aside."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo import slices, tables
from geo.cli import console, options, point, records, telling, texts, world
from geo.cli.options import Commands
from geo.cli.records import Json
from geo.cli.world import World
from geo.timeline import NONE, described


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What is said of one point on one day.

    Attributes
    ----------
    lon, lat, day
        The point, in degrees, and the day.
    state
        Resolved: a row of what `slices.at` returns.
    ground, roads
        Claims over the point, and about roads near it, as `slices.explain` gives them.
    """

    lon: float
    lat: float
    day: date
    state: Mapping[str, Any]
    ground: pd.DataFrame
    roads: pd.DataFrame

    @property
    def said(self) -> pd.DataFrame:
        """All claims."""
        return pd.concat([self.ground, self.roads], ignore_index=True)


def add(commands: Commands) -> None:
    """Add the command."""
    about = "every claim at a point, which counted, and why the others did not"
    parser = options.reading(commands, "explain", about)
    parser.add_argument("lon", type=options.longitude, metavar="LON", help="degrees east")
    parser.add_argument("lat", type=options.latitude, metavar="LAT", help="degrees north")
    options.add_date(parser)
    options.add_json(parser)
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    with console.progress(3) as step:
        known = world.read(asked, folder, step, days=(asked.date,))
        answer = _answer(known, asked.lon, asked.lat, asked.date)
    if asked.json:
        console.write_json(_document(known, answer))
    else:
        console.write(_lines(known, answer))
    return console.DONE


def _answer(known: World, lon: float, lat: float, day: date) -> _Answer:
    face = point.face(known, lon, lat)
    nobody = described(known.timeline, np.array([-1]))
    states = nobody if face is None else slices.at(known.timeline, day).loc[[face]]
    ground = known.told(slices.explain(known.timeline, lon, lat, day))
    roads = known.told(point.roads(known, lon, lat, day))
    return _Answer(lon, lat, day, tables.rows(states)[0], ground, roads)


def _document(known: World, answer: _Answer) -> Json:
    said = answer.said
    actors = {*records.about(said), *answer.state["actors"], *answer.state["influence"]}
    return {
        "lon": answer.lon,
        "lat": answer.lat,
        "date": str(answer.day),
        "heard": records.heard(known),
        **records.state(answer.state),
        "uncertain": answer.state.get("uncertain", False),
        "claims": records.claims(answer.ground, "counts", "step", "uncertain"),
        "roads": records.claims(answer.roads, "counts", "step"),
        "names": records.names(known, actors),
        "sources": records.sources(known, records.said_by(said)),
    }


def _lines(known: World, answer: _Answer) -> Iterator[str]:
    lang, ground, roads = known.lang, answer.ground, answer.roads
    day = texts.day(lang, answer.day)
    yield texts.POINT.said(lang, day=day, lon=answer.lon, lat=answer.lat)
    yield from filter(None, [known.names.where(answer.lon, answer.lat, answer.day)])
    yield telling.state(known, answer.state)
    if answer.state["state"] == NONE:
        yield texts.NOBODY_SAYS.said(lang)
    if answer.state["stale"]:
        yield texts.STALE.said(lang)
    yield from telling.heard(known)

    listed = ground["step"] == "listed"
    yield from telling.section(texts.DECIDE, known, ground[ground["counts"] & ~listed])
    yield from telling.section(texts.BESIDE, known, ground[listed])
    yield from telling.section(texts.NEAR_ROADS, known, roads[roads["counts"]])
    aside = answer.said
    yield from telling.section(texts.ASIDE, known, aside[~aside["counts"]])
    yield from telling.sources(known, records.said_by(aside))
