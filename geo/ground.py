"""Ground: the short names authors give it (`area_ref`), and the shapes they stand for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geo import areas, boundaries, places, tables
from geo.errors import AreaRefError, LayerError
from geo.tables import Column

ROADS_FILE = "roads.csv"
DECIMALS = 4  # of a degree, about 11 m: no ground here is known better
# Degrees, about 5 km. Borders drawn by others differ from ours, so a layer of a neighbouring
# country reaches a little way in; that alone does not make it a layer of this one.
_GRAZES = 0.05
DISC_VERTICES = 48  # a disc of 8 km then lacks 0.3 % of its area

ROAD_COLUMNS = (
    Column("road", "key", "Key of the road: `bamako-kayes`."),
    Column("segment", "number", "1, 2, … along the road."),
    Column("from_place", "key", "Place the segment begins at."),
    Column("to_place", "key", "Place it ends at."),
    Column("via", "keys", "Places between, in order.", required=False),
    Column("name_fr", "text", "French name."),
    Column("name_en", "text", "English name."),
    Column("note_en", "text", "Plain text, never markup.", required=False),
    Column("note_fr", "text", "Plain text, never markup.", required=False),
)

_KEY = tables.KEY.pattern
_FORMS = {
    "place": re.compile(rf"(?P<key>{_KEY})(@(?P<km>[0-9]{{1,3}}(\.[0-9]{{1,3}})?)km)?"),
    "commune": re.compile(r"(?P<key>[0-9A-Za-z]+(-[ns])?)"),
    "cercle": re.compile(rf"(?P<key>{_KEY})(@(?P<region>{_KEY}))?"),
    "region": re.compile(rf"(?P<key>{_KEY})(@(?P<edition>[0-9]{{4}}))?"),
    "road": re.compile(rf"(?P<key>{_KEY})/(?P<segment>[1-9][0-9]?)"),
}
_EXAMPLES = (
    "place:kidal, place:kidal@12km, commune:61693064B1, cercle:tenenkou, "
    "cercle:goundam@tombouctou, region:menaka, region:tombouctou@2012, "
    "road:bamako-kayes/2, country or drawn"
)
# A stretch of road is as local a statement as a town.
_LEVELS = {"road": "place", "drawn": "country"}
_NEAREST = 3
_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class AreaRef:
    """An `area_ref`, taken apart.

    Attributes
    ----------
    kind
        `place` `commune` `cercle` `region` `country` `road` `drawn`.
    key
        Of the place, commune, cercle, region or road; `""` for the others.
    km
        Radius written with a place; None: the radius of the place.
    edition
        Edition written with a region; None: the one in force.
    region
        Region of 2023 written with a cercle: only the part that lies in it; None: the whole.
    segment
        Of a road; 0 for the others.
    """

    kind: str
    key: str = ""
    km: float | None = None
    edition: str | None = None
    region: str | None = None
    segment: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Everything an `area_ref` can name.

    Attributes
    ----------
    places
        As `places.parse` returns them.
    communes
        As `boundaries.communes` returns them.
    cercles
        As `boundaries.cercles` returns them.
    regions
        Name of the edition, oldest first -> as `boundaries.regions` returns them.
    outline
        The country, (Multi)Polygon.
    roads
        As `parse_roads` returns them.
    """

    places: gpd.GeoDataFrame
    communes: gpd.GeoDataFrame
    cercles: gpd.GeoDataFrame
    regions: Mapping[str, gpd.GeoDataFrame]
    outline: shapely.Geometry
    roads: gpd.GeoDataFrame


def parse(ref: str) -> AreaRef:
    """`ref` taken apart; an empty one means `drawn`. Raises `AreaRefError`."""
    if ref in {"", "drawn"}:
        return AreaRef("drawn")
    if ref == "country":
        return AreaRef("country")
    kind, _, rest = ref.partition(":")
    form = _FORMS.get(kind)
    match = form.fullmatch(rest) if form else None
    if match is None:
        raise AreaRefError(f"{ref!r} is not a name for ground. Write one like {_EXAMPLES}.")
    said = match.groupdict()
    km = float(said["km"]) if said.get("km") else None
    if km == 0:
        raise AreaRefError(f"{ref!r} is a disc without ground. Write a radius above 0 km.")
    return AreaRef(
        kind,
        said["key"],
        km,
        said.get("edition"),
        said.get("region"),
        int(said.get("segment") or 0),
    )


def level(ref: str) -> str:
    """How local a claim on `ref` is: `place` `commune` `cercle` `region` `country`."""
    kind = parse(ref).kind
    return _LEVELS.get(kind, kind)


def geometry(ref: str, gazetteer: Gazetteer, *, day: date | None = None) -> shapely.Geometry:
    """The shape `ref` stands for: (Multi)Polygon, or LineString for a road, EPSG:4326.

    `day` decides which edition a region written without one belongs to;
    without it the newest edition that has the region does.

    Raises
    ------
    AreaRefError
        `ref` cannot be read, names what no layer has, or is `drawn`, which
        has no shape but its own.
    """
    area = parse(ref)
    if area.kind == "drawn":
        raise AreaRefError("Drawn ground has no shape of its own. Give the claim a geometry.")
    if area.kind == "country":
        return gazetteer.outline
    if area.kind == "region":
        return _region(area, gazetteer, day)
    return _DRAWN_AS[area.kind](area, gazetteer)


def disc(lon: float, lat: float, km: float, outline: shapely.Geometry) -> shapely.Geometry:
    """Ground within `km` of a point on the ellipsoid, inside `outline`."""
    bearings = np.linspace(360, 0, DISC_VERTICES, endpoint=False)  # falling: anticlockwise
    ones = np.ones(DISC_VERTICES)
    x, y, _ = _GEOD.fwd(lon * ones, lat * ones, bearings, km * 1000 * ones)
    circle = shapely.Polygon(np.round(np.column_stack([x, y]), DECIMALS))
    if outline.contains(circle):
        return circle
    # Where it meets the border a vertex must lie on the border, or a sliver of ground a few
    # metres wide would be left between them: there the grid of the composite is coarse enough.
    inside = shapely.set_precision(shapely.intersection(circle, outline), areas.GRID)
    # The grid would stick to everything made from this shape; only its vertices are meant.
    parts = shapely.get_parts(shapely.set_precision(inside, 0))
    ground = parts[shapely.area(parts) > 0]
    return boundaries.tidy(ground[0] if len(ground) == 1 else shapely.multipolygons(ground))


def parse_roads(table: pd.DataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `table`, as `tables.read` gives it, as roads, or raise `LayerError`.

    Returns
    -------
    GeoDataFrame
        Indexed by (`road`, `segment`), in order: the other `ROAD_COLUMNS`,
        `via` a tuple of places, and `geometry` (LineString through the points
        of the places: a schematic corridor, not a survey).
    """
    remedy = "A key is lower-case ASCII words joined by -."
    tables.check_pattern(table, "road", tables.KEY, file=ROADS_FILE, remedy=remedy)
    remedy = "Number the segments of a road 1, 2, 3 …"
    whole = re.compile("[1-9][0-9]?")
    tables.check_pattern(table, "segment", whole, file=ROADS_FILE, remedy=remedy)
    unique = ~table.duplicated(["road", "segment"])
    tables.check(table, "segment", unique, file=ROADS_FILE, remedy=f"It stands twice. {remedy}")
    roads = table.assign(segment=table["segment"].astype("int64"), via=tables.words(table["via"]))
    for column in ("from_place", "via", "to_place"):
        tables.check_known(roads, column, places.index, file=ROADS_FILE, kept_in="places.csv")
    point = places.geometry.to_dict()
    lines = [shapely.LineString([point[stop] for stop in stops]) for stops in _stops(roads)]
    drawn = gpd.GeoDataFrame(roads, geometry=lines, crs=places.crs)
    return drawn.set_index(["road", "segment"]).sort_index()


def _stops(roads: pd.DataFrame) -> list[list[str]]:
    """Places every segment passes, in order; none of them twice."""
    columns = (roads.index, roads["from_place"], roads["via"], roads["to_place"])
    passed = []
    for line, first, via, last in zip(*columns, strict=True):
        stops = [first, *via, last]
        if len(set(stops)) != len(stops):
            raise LayerError(
                f"{ROADS_FILE}, line {line}: a place stands twice in {' '.join(stops)}. "
                f"A segment passes every place once."
            )
        passed.append(stops)
    return passed


def _place(area: AreaRef, gazetteer: Gazetteer) -> shapely.Geometry:
    known = gazetteer.places
    if area.key not in known.index:
        near = places.suggest(known, area.key, _NEAREST)
        raise _unknown(f"place:{area.key}", "places.csv", [f"place:{key}" for key in near])
    place = known.loc[area.key]
    km = place["radius_km"] if area.km is None else area.km
    return disc(place["lon"], place["lat"], km, gazetteer.outline)


def _commune(area: AreaRef, gazetteer: Gazetteer) -> shapely.Geometry:
    """One commune; the id of a commune cut in two means both parts."""
    known = gazetteer.communes
    ids = [key for key in (area.key, f"{area.key}-n", f"{area.key}-s") if key in known.index]
    if not ids:
        named = known.index[known["name"].map(places.fold) == places.fold(area.key)]
        near = list(named) or _near(area.key, known.index)
        raise _unknown(f"commune:{area.key}", "units.csv", [f"commune:{key}" for key in near])
    return boundaries.tidy(shapely.coverage_union_all(known.loc[ids].geometry.to_numpy()))


def _cercle(area: AreaRef, gazetteer: Gazetteer) -> shapely.Geometry:
    if area.key not in gazetteer.cercles.index:
        near = _near(area.key, gazetteer.cercles.index)
        raise _unknown(f"cercle:{area.key}", "units.csv", [f"cercle:{key}" for key in near])
    if area.region is None:
        return gazetteer.cercles.geometry.loc[area.key]
    communes = gazetteer.communes[gazetteer.communes["cercle"] == area.key]
    part = communes.geometry[communes["region_2023"] == area.region]
    if part.empty:
        near = [f"cercle:{area.key}@{key}" for key in sorted(set(communes["region_2023"]))]
        raise _unknown(f"cercle:{area.key}@{area.region}", "units.csv", near)
    return boundaries.tidy(shapely.coverage_union_all(part.to_numpy()))


def _region(area: AreaRef, gazetteer: Gazetteer, day: date | None) -> shapely.Geometry:
    having = [name for name, known in gazetteer.regions.items() if area.key in known.index]
    edition = area.edition
    if edition is None and day is not None:
        edition = boundaries.edition_on(day).name
    if edition is None and having:
        edition = having[-1]
    if edition in having:
        return gazetteer.regions[edition].geometry.loc[area.key]
    keys = sorted({key for known in gazetteer.regions.values() for key in known.index})
    near = [f"region:{area.key}@{name}" for name in having]
    near = near or [f"region:{key}" for key in _near(area.key, keys)]
    written = f"region:{area.key}@{edition}" if edition else f"region:{area.key}"
    raise _unknown(written, "units.csv", near)


def _road(area: AreaRef, gazetteer: Gazetteer) -> shapely.Geometry:
    known = gazetteer.roads
    if (area.key, area.segment) not in known.index:
        names = [f"road:{road}/{segment}" for road, segment in known.index]
        near = _near(f"road:{area.key}/{area.segment}", names)
        raise _unknown(f"road:{area.key}/{area.segment}", ROADS_FILE, near)
    return known.geometry.loc[(area.key, area.segment)]


_DRAWN_AS: Mapping[str, Callable[[AreaRef, Gazetteer], shapely.Geometry]] = {
    "place": _place,
    "commune": _commune,
    "cercle": _cercle,
    "road": _road,
}


def _near(key: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(key, list(known), _NEAREST)


def _unknown(ref: str, kept_in: str, near: list[str]) -> AreaRefError:
    hint = f"Did you mean {', '.join(near)}?" if near else f"Look it up in layers/{kept_in}."
    return AreaRefError(f"{ref!r} names ground that layers/{kept_in} does not have. {hint}")


def reaches(shapes: NDArray[np.object_], outline: shapely.Geometry) -> bool:
    """Whether anything reaches more than about 5 km into the country."""
    inland = shapely.buffer(outline, -_GRAZES)
    shapely.prepare(inland)
    return bool(shapely.intersects(inland, shapes).any())
