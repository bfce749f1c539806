"""Claims, sources and states as plain JSON: keys of the tables, ISO days, null where absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
from pandas.api.typing import NaTType

from geo import tables
from geo.claims import COLUMNS
from geo.cli.world import World

Json = dict[str, Any]

_OVERLAY = (
    *("claim_id", "status", "actor", "partners", "area_ref"),
    *("valid_from", "valid_to", "stale_from", "sources"),
)
_STATE = ("state", "actors", "influence", "level", "stale", "stale_influence")


def heard(world: World) -> Json:
    """What is heard: null where everything is."""
    asked = world.timeline.filters
    return {
        "known_on": asked.known_on and str(asked.known_on),
        "sources": None if asked.sources is None else sorted(asked.sources),
        "min_confidence": asked.min_confidence,
        "layers": None if asked.layers is None else sorted(asked.layers),
    }


def plain(row: Mapping[str, Any]) -> Json:
    """A row of any table."""
    return {name: _plain(cell) for name, cell in row.items()}


def state(row: Mapping[str, Any]) -> Json:
    """A resolved state: a row of a slice or of a history."""
    return {name: _plain(row[name]) for name in _STATE}


def claims(table: pd.DataFrame, *more: str) -> list[Json]:
    """Claims with the columns of docs/claims.md, and after these `more` of the table."""
    names = [*(column.name for column in COLUMNS), *more]
    return [{name: _plain(row[name]) for name in names} for row in tables.rows(table)]


def overlays(table: pd.DataFrame) -> list[Json]:
    """Sieges, blockades and forces in short; each is also among the claims."""
    return [{name: _plain(row[name]) for name in _OVERLAY} for row in tables.rows(table)]


def sources(world: World, keys: Iterable[str]) -> list[Json]:
    """What the bibliography says of each source, in the order of their keys."""
    known = {entry["source"]: entry for entry in tables.rows(world.layers.bibliography)}
    unknown = dict.fromkeys(("source", *world.layers.bibliography.columns))
    return [
        {name: _plain(cell) for name, cell in known.get(key, unknown | {"source": key}).items()}
        for key in sorted(set(keys))
    ]


def names(world: World, actors: Iterable[str]) -> Json:
    """Short name of every actor, in the language asked for."""
    keys = sorted(set(actors))
    return dict(zip(keys, world.names.actors(keys), strict=True))


def said_by(table: pd.DataFrame) -> list[str]:
    """Keys of all sources of some claims, and of who confirmed them later, each once."""
    columns = [name for name in ("sources", "confirmed_by") if name in table]
    return sorted({source for name in columns for keys in table[name] for source in keys})


def about(table: pd.DataFrame) -> set[str]:
    """Keys of all actors of some claims."""
    return {*table["actor"], *(actor for partners in table["partners"] for actor in partners)}


def iso(day: pd.Timestamp | NaTType) -> str | None:
    """A day as text; null where there is none."""
    return None if isinstance(day, NaTType) else f"{day:%Y-%m-%d}"


def day_before(day: pd.Timestamp | NaTType) -> date | None:
    """The last day of a period, given the first one after it."""
    return None if isinstance(day, NaTType) else day.date() - timedelta(days=1)


def _plain(cell: Any) -> Any:  # noqa: ANN401 (a cell of any column)
    if isinstance(cell, pd.Timestamp | NaTType):
        return iso(cell)
    if isinstance(cell, tuple):
        return list(cell)
    return cell.item() if hasattr(cell, "item") else cell
