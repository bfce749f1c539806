"""Roads read as ways into a town: which stretches make one, and what happened on which of them.

A stretch is one segment of `roads.csv`, written `bamako-kayes/5`.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from geo import tables
from geo.errors import LayerError
from geo.tables import Column

LIFELINES_FILE = "lifelines.csv"
EVENT_ROADS_FILE = "event_roads.csv"

LIFELINE_COLUMNS = (
    Column("lifeline", "key", "Key: `bamako-dakar`."),
    Column("place", "key", "The town it leads to."),
    Column("name_fr", "text", "French name, without that of the town."),
    Column("name_en", "text", "English name."),
    Column("stretches", "text", "`bamako-kayes/1` …, from the town outward, joined by one space."),
)
EVENT_ROAD_COLUMNS = (
    Column("event", "text", "Key of the event."),
    Column("stretches", "text", "Where it was; empty: no road is known.", required=False),
    Column(
        "place", "key", "Town under whose roads it is listed, if no stretch is.", required=False
    ),
    Column("note_en", "text", "What is known of the road, and what is not.", required=False),
    Column("note_fr", "text", "The same in French.", required=False),
)


def stretches(roads: gpd.GeoDataFrame) -> pd.Series:
    """Places every stretch passes, in the order of the table: tuples of keys by `road/segment`."""
    columns = (roads["from_place"], roads["via"], roads["to_place"])
    stops = [(first, *via, last) for first, via, last in zip(*columns, strict=True)]
    keys = [f"{road}/{segment}" for road, segment in roads.index]
    return pd.Series(stops, index=pd.Index(keys, name="stretch", dtype="str"), dtype=object)


def outward(stops: pd.Series, chosen: Sequence[str], place: str) -> list[tuple[str, ...]] | None:
    """Places each of `chosen` passes when one leaves `place`; None if they do not join up."""
    passed = []
    for stretch in chosen:
        there: tuple[str, ...] = stops[stretch]
        leg = there if there[0] == place else there[::-1]
        if leg[0] != place:
            return None
        passed.append(leg)
        place = leg[-1]
    return passed


def parse_lifelines(table: pd.DataFrame, roads: gpd.GeoDataFrame) -> pd.DataFrame:
    """Lifelines, indexed by `lifeline`, in the order of the file: `stretches` a tuple of keys.

    Raises
    ------
    LayerError
        A stretch is not one of `roads`, or a lifeline is not one way from its
        place outward.
    """
    split = _split(table, roads, LIFELINES_FILE)
    stops = stretches(roads)
    for line, place, chosen in zip(split.index, split["place"], split["stretches"], strict=True):
        if outward(stops, chosen, place) is None:
            raise LayerError(
                f"{LIFELINES_FILE}, line {line}: {' '.join(chosen)} is not one way from {place}. "
                f"Write the stretches in order, the first leaving {place} and each next one "
                f"beginning where the one before ends."
            )
    return tables.keyed(split, "lifeline", file=LIFELINES_FILE)


def parse_event_roads(table: pd.DataFrame, roads: gpd.GeoDataFrame) -> pd.DataFrame:
    """Events whose road is known, indexed by `event`: `stretches` a tuple of keys."""
    split = _split(table, roads, EVENT_ROADS_FILE)
    unique = ~split["event"].duplicated()
    remedy = "It stands twice: write all its stretches in one row."
    tables.check(split, "event", unique, file=EVENT_ROADS_FILE, remedy=remedy)
    return split.set_index("event")


def _split(table: pd.DataFrame, roads: gpd.GeoDataFrame, file: str) -> pd.DataFrame:
    split = table.assign(stretches=tables.words(table["stretches"]))
    known = stretches(roads).index
    tables.check_known(split, "stretches", known, file=file, kept_in="roads.csv")
    return split
