"""What is written by hand in the folder, parsed, and every key in one table found in another."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date

import geopandas as gpd
import pandas as pd

from geo import actors, bibliography, boundaries, claims, ground, places, tables
from geo.errors import LayerError
from geo.layers import chronicle, corridors, folder, geojson
from geo.tables import Column

CLAIMS_FILE = "claims.csv"
CLAIM_COLUMNS = (
    *(
        Column(c.name, c.kind, c.meaning, required=c.required)
        for c in claims.COLUMNS
        if c.name != "published_on"  # of uploads; what stands in the table is known when reported
    ),
    Column("rows", "keys", "Rows of the compiled dossier it came from.", required=False),
)


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the data set is, and the days between which it can answer.

    Attributes
    ----------
    title_en, title_fr, version, licence
        For legends and exports; the licence as an SPDX id.
    first_day
        The first day any claim is made for.
    supported_until
        The last day any row can be supported; what came later is not known.
    compiled_on
        When it was compiled.
    boundaries_en, boundaries_fr
        What the map does not say about boundaries.
    """

    title_en: str
    title_fr: str
    version: str
    licence: str
    first_day: date
    supported_until: date
    compiled_on: date
    boundaries_en: str
    boundaries_fr: str


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """Everything written by hand, as the rooms that own it parse it.

    Attributes
    ----------
    dataset
        What the data set is.
    actors, bibliography, places, roads
        As `actors.parse`, `bibliography.parse`, `places.parse` and
        `ground.parse_roads` return them.
    membership, names
        As `boundaries.parse_units` and `boundaries.parse_names` return them.
    claims
        `claims.csv` as text, indexed by line: `CLAIM_COLUMNS`.
    events, disagreements, statements
        As `chronicle` returns them.
    lifelines, event_roads
        As `corridors` returns them.
    """

    dataset: Dataset
    actors: pd.DataFrame
    bibliography: pd.DataFrame
    places: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    membership: pd.DataFrame
    names: pd.DataFrame
    claims: pd.DataFrame
    events: pd.DataFrame
    disagreements: pd.DataFrame
    statements: pd.DataFrame
    lifelines: pd.DataFrame
    event_roads: pd.DataFrame


def parse(files: Mapping[str, bytes]) -> Written:
    """Parse the tables in `files` (name -> bytes), or raise `LayerError` for the first fault."""

    def table(name: str, columns: tuple[Column, ...]) -> pd.DataFrame:
        return tables.read(folder.text(files, name), columns, file=name)

    texts = {
        actors.FILE: table(actors.FILE, actors.COLUMNS),
        places.FILE: table(places.FILE, places.COLUMNS),
        CLAIMS_FILE: table(CLAIMS_FILE, CLAIM_COLUMNS),
        chronicle.EVENTS_FILE: table(chronicle.EVENTS_FILE, chronicle.EVENT_COLUMNS),
        chronicle.DISAGREEMENTS_FILE: table(
            chronicle.DISAGREEMENTS_FILE, chronicle.DISAGREEMENT_COLUMNS
        ),
        chronicle.STATEMENTS_FILE: table(chronicle.STATEMENTS_FILE, chronicle.STATEMENT_COLUMNS),
        boundaries.UNITS_FILE: table(boundaries.UNITS_FILE, boundaries.UNIT_COLUMNS),
        corridors.LIFELINES_FILE: table(corridors.LIFELINES_FILE, corridors.LIFELINE_COLUMNS),
        corridors.EVENT_ROADS_FILE: table(corridors.EVENT_ROADS_FILE, corridors.EVENT_ROAD_COLUMNS),
    }
    towns = places.parse(texts[places.FILE])
    roads = ground.parse_roads(table(ground.ROADS_FILE, ground.ROAD_COLUMNS), towns)
    found = Written(
        dataset=_dataset(files),
        actors=actors.parse(texts[actors.FILE]),
        bibliography=bibliography.parse(table(bibliography.FILE, bibliography.COLUMNS)),
        places=towns,
        roads=roads,
        membership=boundaries.parse_units(texts[boundaries.UNITS_FILE]),
        names=boundaries.parse_names(table(boundaries.NAMES_FILE, boundaries.NAME_COLUMNS)),
        claims=texts[CLAIMS_FILE],
        events=chronicle.parse_events(texts[chronicle.EVENTS_FILE]),
        disagreements=chronicle.parse_disagreements(texts[chronicle.DISAGREEMENTS_FILE]),
        statements=chronicle.parse_statements(texts[chronicle.STATEMENTS_FILE]),
        lifelines=corridors.parse_lifelines(texts[corridors.LIFELINES_FILE], roads),
        event_roads=corridors.parse_event_roads(texts[corridors.EVENT_ROADS_FILE], roads),
    )
    _check_keys(found, texts)
    return found


def shapes(files: Mapping[str, bytes], membership: pd.DataFrame) -> gpd.GeoDataFrame:
    """The communes, as `boundaries.communes` returns them."""
    drawn = geojson.read(files, boundaries.COMMUNES_FILE, ["shape_id"])
    return boundaries.communes(drawn, membership)


# Which column of which table holds keys of which other table.
_REFERENCES = (
    (actors.FILE, "sources", bibliography.FILE),
    (places.FILE, "commune", boundaries.UNITS_FILE),
    (CLAIMS_FILE, "actor", actors.FILE),
    (CLAIMS_FILE, "partners", actors.FILE),
    (CLAIMS_FILE, "confirmed_by", bibliography.FILE),
    (CLAIMS_FILE, "sources", bibliography.FILE),
    (chronicle.EVENTS_FILE, "place", places.FILE),
    (chronicle.EVENTS_FILE, "actors", actors.FILE),
    (chronicle.EVENTS_FILE, "sources", bibliography.FILE),
    (chronicle.DISAGREEMENTS_FILE, "place", places.FILE),
    (chronicle.DISAGREEMENTS_FILE, "sources_a", bibliography.FILE),
    (chronicle.DISAGREEMENTS_FILE, "sources_b", bibliography.FILE),
    (chronicle.DISAGREEMENTS_FILE, "claims_a", CLAIMS_FILE),
    (chronicle.DISAGREEMENTS_FILE, "claims_b", CLAIMS_FILE),
    (chronicle.STATEMENTS_FILE, "source", bibliography.FILE),
    (chronicle.STATEMENTS_FILE, "sources", bibliography.FILE),
    (chronicle.STATEMENTS_FILE, "disagreements", chronicle.DISAGREEMENTS_FILE),
    (chronicle.STATEMENTS_FILE, "events", chronicle.EVENTS_FILE),
    (chronicle.STATEMENTS_FILE, "claims", CLAIMS_FILE),
    (corridors.LIFELINES_FILE, "place", places.FILE),
    (corridors.EVENT_ROADS_FILE, "event", chronicle.EVENTS_FILE),
    (corridors.EVENT_ROADS_FILE, "place", places.FILE),
)


def _check_keys(found: Written, texts: Mapping[str, pd.DataFrame]) -> None:
    keys: dict[str, Collection[str]] = {
        actors.FILE: found.actors.index,
        bibliography.FILE: found.bibliography.index,
        places.FILE: found.places.index,
        boundaries.UNITS_FILE: found.membership.index,
        CLAIMS_FILE: found.claims["claim_id"],
        chronicle.EVENTS_FILE: found.events.index,
        chronicle.DISAGREEMENTS_FILE: found.disagreements.index,
    }
    for file, column, kept_in in _REFERENCES:
        lists = texts[file].assign(**{column: tables.words(texts[file][column])})
        tables.check_known(lists, column, keys[kept_in], file=file, kept_in=kept_in)


def _dataset(files: Mapping[str, bytes]) -> Dataset:
    try:
        said = tomllib.loads(folder.text(files, folder.DATASET))
    except tomllib.TOMLDecodeError as fault:
        raise LayerError(
            f"{folder.DATASET} is not readable as TOML ({fault}). {folder.RESTORE}"
        ) from fault
    for field in fields(Dataset):
        kind = date if field.type == "date" else str
        if type(said.get(field.name)) is not kind:  # a date with a time is none
            example = "2026-07-14, without quotation marks" if kind is date else '"text"'
            raise LayerError(
                f"{folder.DATASET}: {field.name} is missing or of another kind. "
                f"Write {field.name} = {example}."
            )
    return Dataset(**{field.name: said[field.name] for field in fields(Dataset)})
