"""Ways into a town along the schematic roads: named by hand, or else the shortest ones."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import geopandas as gpd
import pyproj

from geo import tables
from geo.errors import UnknownPlaceError
from geo.layers import Layers, corridors

CAPITAL = "bamako"  # towards which a way goes on from a junction
END_RANK = 1  # of the places at which a way that nobody named ends: the regional capitals

_GEOD = pyproj.Geod(ellps="WGS84")
_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lifeline:
    """One way into a town.

    Attributes
    ----------
    key
        Of `lifelines.csv`, or `<town>-<end>`.
    place
        The town it leads to.
    name_fr, name_en
        Where it comes from.
    stretches
        `bamako-kayes/1` …, from the town outward.
    stops
        The places each stretch passes, from the town outward, both ends included.
    """

    key: str
    place: str
    name_fr: str
    name_en: str
    stretches: tuple[str, ...]
    stops: tuple[_Path, ...]


@dataclass(frozen=True, slots=True)
class _Leg:
    """From one place to the next along a stretch."""

    stretch: str
    to: str
    km: float


_Graph = Mapping[str, tuple[_Leg, ...]]


def towns(layers: Layers) -> list[str]:
    """Places a road passes, those labelled first on the map first."""
    passed = set(corridors.stretches(layers.roads).explode())
    on_roads = layers.places[layers.places.index.isin(passed)]
    return list(on_roads.sort_values("rank", kind="stable").index)


def into(layers: Layers, place: str) -> tuple[Lifeline, ...]:
    """The ways into a town.

    Those that `lifelines.csv` names for it, in its order. For any other town
    on a road: along every road past it, as far as the next regional capital
    or the end of the road; where that is a junction, on towards Bamako as far
    as the next regional capital. Clockwise from the north.

    Raises
    ------
    UnknownPlaceError
        No road passes `place`.
    """
    named = layers.lifelines[layers.lifelines["place"] == place]
    if len(named):
        return tuple(_named(layers, row) for row in tables.rows(named))
    graph = _graph(layers)
    if place not in graph:
        raise UnknownPlaceError(
            f"No road of layers/roads.csv passes {place!r}. Choose a town on a road, such as "
            f"{', '.join(towns(layers)[:3])}."
        )
    ways = _ways(graph, layers.places, place)
    return tuple(_unnamed(layers, graph, way, ways) for way in ways)


def distance_km(places: gpd.GeoDataFrame, a: str, b: str) -> float:
    """Kilometres between two places on the ellipsoid."""
    here, there = places.geometry[a], places.geometry[b]
    _, _, metres = _GEOD.inv(here.x, here.y, there.x, there.y)
    return float(metres) / 1000


def _named(layers: Layers, row: dict[str, Any]) -> Lifeline:
    stops = corridors.outward(corridors.stretches(layers.roads), row["stretches"], row["place"])
    return Lifeline(
        row["lifeline"],
        row["place"],
        row["name_fr"],
        row["name_en"],
        row["stretches"],
        tuple(stops or ()),
    )


def _unnamed(layers: Layers, graph: _Graph, way: _Path, ways: Collection[_Path]) -> Lifeline:
    legs = [_leg(graph, here, there) for here, there in pairwise(way)]
    groups = [list(group) for _, group in groupby(legs, key=lambda leg: leg.stretch)]
    stops, here = [], way[0]
    for group in groups:
        stops.append((here, *(leg.to for leg in group)))
        here = group[-1].to
    alone = sum(other[-1] == way[-1] for other in ways) == 1
    names = {
        language: layers.places.loc[way[-1], f"name_{language}"]
        + ("" if alone else f" ({by} {layers.places.loc[way[1], f'name_{language}']})")
        for language, by in (("fr", "par"), ("en", "by"))
    }
    return Lifeline(
        "-".join(dict.fromkeys((way[0], way[1], way[-1]))),
        way[0],
        names["fr"],
        names["en"],
        tuple(group[0].stretch for group in groups),
        tuple(stops),
    )


def _leg(graph: _Graph, here: str, there: str) -> _Leg:
    return min((leg for leg in graph[here] if leg.to == there), key=lambda leg: leg.km)


def _graph(layers: Layers) -> _Graph:
    graph: dict[str, list[_Leg]] = {}
    for stretch, stops in corridors.stretches(layers.roads).items():
        for a, b in pairwise(stops):
            km = distance_km(layers.places, a, b)
            for here, there in ((a, b), (b, a)):
                graph.setdefault(here, []).append(_Leg(str(stretch), there, km))
    return {place: tuple(legs) for place, legs in graph.items()}


def _ways(graph: _Graph, places: gpd.GeoDataFrame, place: str) -> list[_Path]:
    """One way along every road past a town, in either direction, clockwise from the north."""
    ways = {
        _onward(graph, places, _along(graph, places, (place, leg.to), _road(leg)))
        for leg in graph[place]
    }
    point = places.geometry

    def bearing(way: _Path) -> float:
        here, there = point[place], point[way[1]]
        azimuth, _, _ = _GEOD.inv(here.x, here.y, there.x, there.y)
        return float(azimuth) % 360

    return sorted(ways, key=lambda way: (bearing(way), way))


def _along(graph: _Graph, places: gpd.GeoDataFrame, way: _Path, road: str) -> _Path:
    """`way`, and on along its road to the first place of rank 1 or its end."""
    while places.loc[way[-1], "rank"] > END_RANK:
        legs = (leg for leg in graph[way[-1]] if _road(leg) == road and leg.to not in way)
        following = next(legs, None)
        if following is None:
            break
        way = (*way, following.to)
    return way


def _onward(graph: _Graph, places: gpd.GeoDataFrame, way: _Path) -> _Path:
    """`way`, and on towards the capital if it ends at a junction."""
    if len(graph[way[-1]]) == 1 or places.loc[way[-1], "rank"] <= END_RANK:
        return way
    longer = _shortest(graph, way, CAPITAL)
    ends = (i for i, stop in enumerate(longer) if places.loc[stop, "rank"] <= END_RANK and i)
    return longer[: next(ends, len(longer)) + 1] if longer else way


def _shortest(graph: _Graph, begun: _Path, goal: str) -> _Path:
    """The shortest way that goes on from `begun` to `goal`; empty if there is none.

    Dijkstra (1959), with whole ways in the queue: there are about a hundred places.
    """
    ahead: list[tuple[float, _Path]] = [(0.0, begun)]
    seen = set(begun[:-1])
    while ahead:
        km, way = heapq.heappop(ahead)
        here = way[-1]
        if here == goal:
            return way
        if here in seen:
            continue
        seen.add(here)
        for leg in graph[here]:
            heapq.heappush(ahead, (km + leg.km, (*way, leg.to)))
    return ()


def _road(leg: _Leg) -> str:
    return leg.stretch.partition("/")[0]
