"""What the browser receives: faces once, runs as whole numbers, and the base map they lie on.

`browser/overlay.js` paints it. Days are whole numbers counted from the first day of the data set;
coordinates are ten-thousandths of a degree, each after the first as a step from the one before.
Areas are never computed from these: shapes are simplified for drawing.
"""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import boundaries, ground, history, slices, tables, words
from geo.claims import BASE
from geo.languages import FRENCH, Language, message
from geo.layers import Layers
from geo.timeline import STEPS as RULE_STEPS
from geo.timeline import Timeline

Json = dict[str, Any]

TOLERANCE = 0.0025  # degrees, about 270 m: two pixels at the closest zoom
KM_PER_DEGREE = 111.2
STEPS = 10_000  # of a coordinate to a degree: 11 m
_NOT_SAID = [
    RULE_STEPS.index(step)
    for step in ("corrected", "reported-later", "published-later", "withdrawn", "layer-off")
]
_HALF = 180.0  # degrees, half of the globe
NOTHING = 0  # number of the state `none`; the others are counted from 1

TEXT = {
    "none": words.NO_INFORMATION,
    "stale": message("Evidence older than its shelf-life"),
    "event": message("Event of the last 15 days"),
    "map": message("Map of Mali"),
    "keys": message(
        "Map of Mali. Arrow keys move it, plus and minus zoom, Enter asks about the ground in the "
        "middle. Everything it shows stands in words beside it, and in the tables."
    ),
    "zoomIn": message("Zoom in"),
    "zoomOut": message("Zoom out"),
}
ELSEWHERE = {
    "map": message("Map of the layer"),
    "keys": message(
        "Map of the layer. Arrow keys move it, plus and minus zoom, Enter asks about the ground in "
        "the middle. Everything it shows stands in words beside it."
    ),
    "east": message("E"),
    "west": message("W"),
    "north": message("N"),
    "south": message("S"),
}
MERCATOR = 85.05  # degrees of latitude; the projection of web maps ends here
_FINENESS = 2_000  # of the width of a layer: what a line of it may be off
ATTRIBUTION = "geoBoundaries CC BY 4.0, Natural Earth, GeoNames CC BY 4.0, GSHHG LGPL"


def script(payload: Json, *, name: str = "mcmPayload") -> str:
    """The payload as a script of its own, safe inside any page; `name` is what it is called there.

    `<` and the line separators of JavaScript are escaped, so that no text in the data can end the
    script or start markup.
    """
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    for sign in "<\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f"window.{name}={text};"


def payload(layers: Layers, timeline: Timeline, language: Language) -> Json:
    """Everything the map in the browser needs, as plain JSON types.

    Returns
    -------
    dict
        `language` (`en` or `fr`: every text is in it), `firstDay` (ISO), `last` (day the data end),
        `days` (on which something changes), `text`, `bounds` (south-west and north-east, [lat,
        lon]), `actors`, `states` (None first: no information), `units` (names), `faces`
        (`c` rings, `u` row of `units`, `m` middle and room,
        `a` km², `r` runs [from, to, state, …], `to` None while it lasts), `places`, `overlays`
        (sieges, blockades and presences), `claimed` (outlines), `events` (`day`, `place`,
        `title`,
        `event`, `kind`, `when`), `base` (land, water, borders by edition).
    """
    first = layers.dataset.first_day
    codes = {actor: row for row, actor in enumerate(layers.actors.index)}
    drawn = simplified(timeline, _tolerance(layers))
    if layers.elsewhere:
        drawn = continuous(drawn)
    land = not layers.elsewhere or not layers.neighbours.empty
    text = TEXT | (ELSEWHERE if layers.elsewhere else {})
    return {
        "language": language.code,
        "firstDay": first.isoformat(),
        "last": (layers.dataset.supported_until - first).days,
        "days": change_days(timeline, first),
        "text": language.all(text) | {"attribution": ATTRIBUTION if land else ""},
        "bounds": _bounds(drawn if layers.elsewhere else np.array([layers.outline])),
        "actors": _actors(layers.actors, language),
        "states": _states(timeline, layers.actors, codes, language),
        "units": [f"Cercle {FRENCH.of(name)}" for name in _unit_names(layers)],
        "faces": faces(timeline, drawn, first),
        "places": _places(layers, timeline, language),
        "overlays": _overlays(layers, timeline, codes, first),
        "claimed": _claimed(timeline, codes, first),
        "events": _events(layers, first, language),
        "base": _base(layers, timeline, drawn, language),
    }


def _tolerance(layers: Layers) -> float:
    """How coarsely a map is drawn: as ours, or more finely where a layer is small."""
    if not layers.elsewhere:
        return TOLERANCE
    west, south, east, north = layers.outline.bounds
    return float(min(TOLERANCE, max(east - west, north - south) / _FINENESS))


def continuous(shapes: np.ndarray) -> np.ndarray:
    """Shapes on both sides of the 180th meridian side by side, longitudes going on beyond 180.

    Others stay as they are, and so does whatever would be torn at Greenwich instead.
    """
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    west, _, east, _ = shapely.bounds(parts).T
    apart = (east <= 0) | (west >= 0)
    if not len(parts) or east.max() - west.min() <= _HALF or not apart.all():
        return shapes
    turned = east <= 0
    width = (
        np.where(turned, east + 2 * _HALF, east).max()
        - np.where(turned, west + 2 * _HALF, west).min()
    )
    if width >= east.max() - west.min():
        return shapes
    parts[turned] = shapely.transform(parts[turned], lambda xy: np.add(xy, (2 * _HALF, 0)))
    joined = [shapely.union_all(parts[of_shape == shape]) for shape in range(len(shapes))]
    return np.array(joined, dtype=object)


def _bounds(shapes: np.ndarray) -> list[list[float]]:
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return [[max(south, -MERCATOR), west], [min(north, MERCATOR), east]]


def rings(shape: shapely.Geometry) -> list[list[int]]:
    """Rings of polygons, or parts of lines, as steps between whole coordinates."""
    parts = shapely.get_parts(shape)
    if shapely.get_dimensions(shape) == 2:  # noqa: PLR2004 -- polygons
        parts = shapely.get_rings(parts)
    whole = [np.rint(shapely.get_coordinates(part) * STEPS).astype(np.int64) for part in parts]
    return [np.diff(part, axis=0, prepend=0).ravel().tolist() for part in whole]


def change_days(timeline: Timeline, first: date) -> list[int]:
    """Days on which a face or a symbol changes, counted from `first`."""
    overlays = timeline.overlays
    marks = pd.concat([overlays["start"], overlays["stop"].dropna()]).to_numpy("datetime64[D]")
    days = np.unique(np.concatenate([history.changes_days(timeline), marks]))
    return [number for number in _numbers(days, first) if number is not None and number >= 0]


# ---- faces and their runs


def simplified(timeline: Timeline, tolerance: float = TOLERANCE) -> np.ndarray:
    """Outlines of the faces, simplified together so that neighbours still meet."""
    return np.asarray(
        shapely.coverage_simplify(timeline.composite.faces.geometry.to_numpy(), tolerance)
    )


def faces(timeline: Timeline, drawn: np.ndarray, first: date) -> list[Json]:
    """The faces of the payload, `drawn` as given, their runs counted in days from `first`."""
    runs = timeline.runs
    start, stop = _numbers(runs.start, first), _numbers(runs.stop, first)
    bounds = np.searchsorted(runs.face, np.arange(len(drawn) + 1))
    flat = [
        [
            number
            for k in range(begin, end)
            for number in (start[k], stop[k], int(runs.state[k]) + 1)
        ]
        for begin, end in pairwise(bounds)
    ]
    units = timeline.composite.faces["unit"].tolist()
    areas = timeline.composite.faces["area_km2"].tolist()
    return [
        {"c": rings(shape), "u": unit, "r": run, "m": _middle(shape), "a": round(area, 2)}
        for shape, unit, run, area in zip(drawn, units, flat, areas, strict=True)
    ]


def _states(
    timeline: Timeline, actors: pd.DataFrame, codes: dict[str, int], language: Language
) -> list[Json | None]:
    states: list[Json | None] = [None]
    short = actors[language.column("short")]
    for row in tables.rows(timeline.states):
        holders = [short[actor] for actor in row["actors"]]
        influence = [short[actor] for actor in row["influence"]]
        drawn = row["influence"] if row["state"] == "influence" else ()
        states.append(
            {
                "kind": row["state"],
                "actors": [codes[actor] for actor in row["actors"]],
                "influence": [codes[actor] for actor in drawn],
                "level": row["level"],
                "stale": bool(row["stale"]),
                "label": words.state(language, row["state"], holders, influence),
                "legend": _legend(language, row["state"], holders, influence),
            }
        )
    return states


def _legend(language: Language, state: str, holders: list[str], influence: list[str]) -> str:
    if state == "influence":
        return ", ".join(influence)
    return ", ".join(words.contenders(language, holders) if state == "contested" else holders)


def _actors(actors: pd.DataFrame, language: Language) -> list[Json]:
    short = language.column("short")
    columns = {short: "short", "colour": "colour", "pattern": "pattern", "badge": "badge"}
    return tables.rows(actors[list(columns)].rename(columns=columns).reset_index(drop=True))


def _numbers(days: np.ndarray, first: date) -> list[int | None]:
    """Days counted from `first`; None for none."""
    numbers = (days.astype("datetime64[D]") - np.datetime64(first)).astype(np.int64)
    return [None if gone else int(n) for gone, n in zip(np.isnat(days), numbers, strict=True)]


# ---- places and what is drawn at them


def _places(layers: Layers, timeline: Timeline, language: Language) -> list[Json]:
    named = layers.claims["area_ref"].map(ground.parse)
    at = pd.Series([ref.key if ref.kind == "place" else "" for ref in named])
    status = layers.claims["status"]
    claimed, based, ringed = (
        set(at[status.isin(kinds)]) for kinds in (BASE, ("presence",), ("siege", "blockade"))
    )
    return [
        {
            "name": language.place(row),
            "lon": round(row["geometry"].x, 4),
            "lat": round(row["geometry"].y, 4),
            "rank": int(row["rank"]),
            "radius": float(row["radius_km"]),
            "claimed": row["place"] in claimed,
            "based": row["place"] in based,
            "ringed": row["place"] in ringed,
            "people": None if pd.isna(row["population"]) else int(row["population"]),
            "face": slices.locate(timeline.composite, row["geometry"].x, row["geometry"].y),
        }
        for row in tables.rows(layers.places)
    ]


def _overlays(layers: Layers, timeline: Timeline, codes: dict[str, int], first: date) -> list[Json]:
    """Sieges, blockades and presences: at a place, or along a road (`c`)."""
    number = {place: row for row, place in enumerate(layers.places.index)}
    overlays = timeline.overlays
    days = [_numbers(overlays[name].to_numpy(), first) for name in ("start", "stop", "stale_from")]
    claims = timeline.composite.claims.iloc[overlays["claim"]]
    drawn: list[Json] = []
    for claim, actor, start, stop, stale in zip(
        tables.rows(claims), overlays["actor"], *days, strict=True
    ):
        mark: Json = {"kind": claim["status"], "actor": codes[actor]}
        mark |= {"from": start, "to": stop, "stale": stale}
        named = ground.parse(claim["area_ref"])
        if named.kind == "road":
            drawn.append(mark | {"c": rings(claim["geometry"])})
        elif named.kind == "place":
            drawn.append(mark | {"place": number[named.key]})
    return drawn


def _events(layers: Layers, first: date, language: Language) -> list[Json]:
    number = {place: row for row, place in enumerate(layers.places.index)}
    return [
        {
            "day": (row["date"].date() - first).days,
            "place": number.get(row["place"]),
            "title": language.cell(row, "title"),
            "event": row["event"],
            "kind": row["kind"],
            "when": words.dated(language, row["date"].date(), row["date_precision"]),
        }
        for row in tables.rows(layers.events.sort_values("date", kind="stable"))
    ]


def _claimed(timeline: Timeline, codes: dict[str, int], first: date) -> list[Json]:
    """Outlines of what a party or source claims about ground and nothing corroborates."""
    claims = timeline.composite.claims
    known_on = timeline.filters.known_on
    told = (claims["assertion"] == "claimed") & ~np.isin(timeline.codes.step, _NOT_SAID)
    ends = claims["valid_to"]
    if known_on is not None:
        ends = ends.where(ends <= pd.Timestamp(known_on))  # a later end was not known
    shown = claims[told]
    days = [_numbers(days[told].to_numpy(), first) for days in (claims["valid_from"], ends)]
    return [
        {"c": rings(row["geometry"]), "actor": codes[row["actor"]], "from": start, "to": stop}
        for row, start, stop in zip(tables.rows(shown), *days, strict=True)
    ]


# ---- the base map


def _base(layers: Layers, timeline: Timeline, drawn: np.ndarray, language: Language) -> Json:
    if layers.elsewhere:
        outline = shapely.union_all(drawn)
        return _land(layers, language) | {
            "outline": rings(outline),
            "elsewhere": True,
            "editions": [{"to": None, "borders": [], "regions": []}],
        }
    # Borders and outline come from the faces as drawn: every line meets every fill.
    pieces = gpd.GeoDataFrame(
        {"unit": timeline.composite.faces["unit"].to_numpy()}, geometry=drawn, crs=boundaries.CRS
    )
    shapes = pieces.groupby("unit")["geometry"].agg(shapely.coverage_union_all)
    units = layers.units.iloc[shapes.index].set_geometry(
        gpd.GeoSeries(shapes.to_numpy(), index=layers.units.index[shapes.index], crs=boundaries.CRS)
    )
    return _land(layers, language) | {
        "outline": rings(shapely.coverage_union_all(drawn)),
        "editions": [_edition(layers, units, edition) for edition in boundaries.EDITIONS],
    }


def _land(layers: Layers, language: Language) -> Json:
    return {
        "neighbours": _areas(layers.neighbours, language),
        "lakes": _areas(layers.lakes, language),
        "rivers": [
            {"c": rings(row["geometry"]), "rank": int(row["rank"]), "name": language.place(row)}
            for row in tables.rows(layers.rivers)
        ],
    }


def _areas(areas: gpd.GeoDataFrame, language: Language) -> list[Json]:
    return [
        {
            "c": rings(row["geometry"]),
            "name": language.place(row),
            "at": _middle(row["geometry"])[:2],
        }
        for row in tables.rows(areas)
    ]


def _edition(layers: Layers, units: gpd.GeoDataFrame, edition: boundaries.Edition) -> Json:
    first = layers.dataset.first_day
    lines = boundaries.boundary_lines(units, edition)
    ends = None if edition.valid_to is None else (edition.valid_to - first).days
    return {
        "to": ends,
        "borders": [
            {"c": rings(line), "approximate": certainty != "law"}
            for line, certainty in zip(lines.geometry, lines["certainty"], strict=True)
        ],
        "regions": [
            {"name": row["name_fr"], "at": _middle(row["geometry"])[:2]}
            for row in tables.rows(layers.regions[edition.name])
        ],
    }


def _middle(shape: shapely.Geometry) -> tuple[float, float, float]:
    """Where there is most room: centre and radius (km) of the largest circle inside."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.02)
    lon, lat = shapely.get_coordinates(circle)[0]
    return round(lon, 3), round(lat, 3), round(shapely.length(circle) * KM_PER_DEGREE, 1)


def _unit_names(layers: Layers) -> list[str]:
    return list(layers.cercles["name_fr"].loc[layers.units["cercle"]])
