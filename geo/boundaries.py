"""Boundaries: communes, cercles and the three editions of the regions, from one coverage.

The communes are the only boundaries kept. Everything larger is a union of them, so that a
region, its cercles and its communes share every vertex of their borders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import tables
from geo.errors import LayerError
from geo.tables import Column

CRS = "EPSG:4326"
COMMUNES_FILE = "communes.geojson"
UNITS_FILE = "units.csv"
NAMES_FILE = "unit_names.csv"
LEVELS = ("cercle", "region")

UNIT_COLUMNS = (
    Column("shape_id", "text", "Id of the commune, or of its part: `…-n`, `…-s`."),
    Column("name", "text", "Name of the commune; several communes share one."),
    Column("cercle", "key", "Cercle, as before 2023."),
    Column("region_2012", "key", "Region in the edition of 2012."),
    Column("region_2016", "key", "Region in the edition of 2016."),
    Column("region_2023", "key", "Region in the edition of 2023."),
    Column("caveat_en", "text", "What is uncertain about it.", required=False),
    Column("caveat_fr", "text", "What is uncertain about it, in French.", required=False),
)
NAME_COLUMNS = (
    Column("level", "text", "`cercle` or `region`."),
    Column("unit", "key", "Key of the cercle or region."),
    Column("name_fr", "text", "French name, the first to be shown."),
    Column("name_en", "text", "English name."),
    Column("aliases", "names", "Other spellings, joined by `|`.", required=False),
    Column("pcode", "text", "P-code, always text; empty where none is known.", required=False),
    Column("caveat_en", "text", "What is uncertain about it.", required=False),
    Column("caveat_fr", "text", "What is uncertain about it, in French.", required=False),
)

_SHAPE_ID = re.compile(r"[0-9A-Za-z]+(-[ns])?")
_MEMBERSHIP = ["cercle", "region_2012", "region_2016", "region_2023"]
# No open source carries this line; it is drawn along a parallel (see layers/README.md).
_DRAWN_BY_US = np.array(["taoudenit", "tombouctou"])


@dataclass(frozen=True, slots=True)
class Edition:
    """One way the country was divided into regions.

    Attributes
    ----------
    name
        `2012`, `2016` or `2023`; the membership stands in `units.csv` as `region_<name>`.
    valid_from, valid_to
        First day, and first day after; None: before, or after, all our claims.
    title_en, title_fr
        How many regions.
    basis_en, basis_fr
        What made it so on that day.
    """

    name: str
    valid_from: date | None
    valid_to: date | None
    title_en: str
    title_fr: str
    basis_en: str
    basis_fr: str

    @property
    def column(self) -> str:
        """Column of `units` that says which region a unit belongs to."""
        return f"region_{self.name}"


_GOVERNORS_NAMED = date(2016, 1, 19)
_LAWS_OF_2023 = date(2023, 3, 13)

EDITIONS = (
    Edition(
        "2012",
        None,
        _GOVERNORS_NAMED,
        "8 regions and Bamako",
        "8 régions et Bamako",
        "As before the regions of law 2012-017 of 2 March 2012 had governors.",
        "Avant que les régions de la loi 2012-017 du 2 mars 2012 n'aient des gouverneurs.",
    ),
    Edition(
        "2016",
        _GOVERNORS_NAMED,
        _LAWS_OF_2023,
        "10 regions and Bamako",
        "10 régions et Bamako",
        "Governors of Ménaka and Taoudénit named by the Council of Ministers, 19 January 2016.",
        "Gouverneurs de Ménaka et Taoudénit nommés en Conseil des ministres, 19 janvier 2016.",
    ),
    Edition(
        "2023",
        _LAWS_OF_2023,
        None,
        "19 regions and Bamako",
        "19 régions et Bamako",
        "Laws 2023-006 and 2023-007 of 13 March 2023.",
        "Lois 2023-006 et 2023-007 du 13 mars 2023.",
    ),
)


def edition_on(day: date) -> Edition:
    """The edition in force on `day`."""
    return next(
        edition for edition in EDITIONS if edition.valid_to is None or day < edition.valid_to
    )


def edition(name: str) -> Edition:
    """The edition called `name`, or `LayerError`."""
    for known in EDITIONS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in EDITIONS)
    raise LayerError(f"No edition of the regions is called {name!r}. Use one of: {names}.")


def parse_units(table: pd.DataFrame) -> pd.DataFrame:
    """Membership of every commune, indexed by `shape_id`: the other `UNIT_COLUMNS`, text."""
    for column in _MEMBERSHIP:
        remedy = "A key is lower-case ASCII words joined by -."
        tables.check_pattern(table, column, tables.KEY, file=UNITS_FILE, remedy=remedy)
    form = "letters and digits, with -n or -s for the parts of a commune cut in two"
    return tables.keyed(table, "shape_id", file=UNITS_FILE, pattern=_SHAPE_ID, form=form)


def parse_names(table: pd.DataFrame) -> pd.DataFrame:
    """Names of cercles and regions, indexed by (`level`, `unit`): the other `NAME_COLUMNS`.

    `aliases` is a tuple of names; everything else is text, `""` where unknown.
    """
    tables.check_one_of(table, "level", LEVELS, file=NAMES_FILE)
    remedy = "A key is lower-case ASCII words joined by -."
    tables.check_pattern(table, "unit", tables.KEY, file=NAMES_FILE, remedy=remedy)
    unique = ~table.duplicated(["level", "unit"])
    remedy = "That key is taken: every cercle and every region needs its own row."
    tables.check(table, "unit", unique, file=NAMES_FILE, remedy=remedy)
    named = table.assign(aliases=tables.words(table["aliases"], joined_by="|"))
    return named.set_index(["level", "unit"])


def communes(shapes: gpd.GeoDataFrame, membership: pd.DataFrame) -> gpd.GeoDataFrame:
    """`shapes` (columns `shape_id`, `geometry`) with the columns of `membership`.

    Indexed by `shape_id`, in order. Both must speak of the same communes, and
    the shapes must fit each other without a gap or an overlap.

    Raises
    ------
    LayerError
        A commune is in one of them only, stands twice, or does not fit.
    """
    ids = pd.Index(shapes["shape_id"])
    if not ids.is_unique:
        raise LayerError(
            f"{COMMUNES_FILE}: {ids[ids.duplicated()][0]!r} stands twice. Remove one of them."
        )
    for one, other, lacks in (
        (UNITS_FILE, COMMUNES_FILE, membership.index.difference(ids)),
        (COMMUNES_FILE, UNITS_FILE, ids.difference(membership.index)),
    ):
        if len(lacks):
            raise LayerError(
                f"{one} names commune {lacks[0]!r}, which {other} does not have. "
                f"Give it a row in both, or in neither."
            )
    drawn = shapes.set_index("shape_id").sort_index()
    _check_coverage(drawn)
    rows = membership.loc[drawn.index]
    return gpd.GeoDataFrame(rows, geometry=drawn.geometry, crs=CRS)


def units(communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The finest ground figures are given for: cercles, cut where an edition cuts them.

    Returns
    -------
    GeoDataFrame
        RangeIndex, ordered by `unit`: the key of the cercle, or
        `<cercle>-<region_2023>` where a cercle is in pieces. Then `cercle`,
        `region_2012`, `region_2016`, `region_2023`, `caveat_en`, `caveat_fr`
        and `geometry`. Together the units are the country.
    """
    pieces = _dissolve(communes, _MEMBERSHIP).reset_index()
    caveats = communes.groupby(_MEMBERSHIP, sort=True)[["caveat_en", "caveat_fr"]].agg(_together)
    pieces[["caveat_en", "caveat_fr"]] = caveats.to_numpy()
    whole = ~pieces["cercle"].duplicated(keep=False)
    keys = pieces["cercle"].where(whole, pieces["cercle"] + "-" + pieces["region_2023"])
    if keys.duplicated().any():
        raise LayerError(
            f"{UNITS_FILE}: two pieces of cercle {pieces['cercle'][keys.duplicated()].iloc[0]!r} "
            f"are in one region of 2023 but not of 2012 or 2016. Mend the regions of its communes."
        )
    columns = ["unit", *_MEMBERSHIP, "caveat_en", "caveat_fr", "geometry"]
    return pieces.assign(unit=keys)[columns].sort_values("unit", ignore_index=True)


def cercles(units: gpd.GeoDataFrame, names: pd.DataFrame) -> gpd.GeoDataFrame:
    """Cercles as before 2023, indexed by `cercle`: names, caveats and `geometry`."""
    return _named(_dissolve(units, ["cercle"]), names, "cercle", "cercle")


def regions(units: gpd.GeoDataFrame, names: pd.DataFrame, edition: Edition) -> gpd.GeoDataFrame:
    """Regions of one edition, indexed by `region`: names, caveats and `geometry`."""
    return _named(_dissolve(units, [edition.column]), names, "region", edition.column)


def outline(units: gpd.GeoDataFrame) -> shapely.Geometry:
    """The country: the union of all units."""
    return tidy(shapely.coverage_union_all(units.geometry.to_numpy()))


def boundary_lines(units: gpd.GeoDataFrame, edition: Edition) -> gpd.GeoDataFrame:
    """Borders between regions of one edition, without the border of the country.

    Returns
    -------
    GeoDataFrame
        One row a pair of neighbours and certainty: `region_a` < `region_b`,
        `certainty` (`law`; `listed` where it follows a commune that changed
        region by a listing we read, not by the text of the law; `approximate`
        for a line no open source carries), and `geometry` (LineString or
        MultiLineString).
    """
    segments, left, right = _shared_edges(units)
    region = units[edition.column].to_numpy(str)
    pair = np.sort(np.column_stack([region[left], region[right]]), axis=1)
    border = pair[:, 0] != pair[:, 1]
    segments, left, right, pair = (rows[border] for rows in (segments, left, right, pair))

    moved = _moved(units, edition)
    drawn = (pair == _DRAWN_BY_US).all(axis=1)
    listed = moved[left] | moved[right]
    certainty = np.select([drawn, listed], ["approximate", "listed"], "law")
    kinds, which = np.unique(np.column_stack([pair, certainty]), axis=0, return_inverse=True)
    lines = shapely.linestrings(segments.reshape(-1, 2, 2))
    merged = [
        shapely.normalize(shapely.line_merge(shapely.multilinestrings(lines[which == i])))
        for i in range(len(kinds))
    ]
    columns = dict(zip(("region_a", "region_b", "certainty"), kinds.T, strict=True))
    return gpd.GeoDataFrame(columns, geometry=merged, crs=CRS)


def tidy(ground: np.ndarray | shapely.Geometry) -> np.ndarray | shapely.Geometry:
    """`ground` with rings in one fixed order, shells anticlockwise (RFC 7946).

    What was made from the same pieces is the same to the byte, whatever order
    they came in.
    """
    return shapely.orient_polygons(shapely.normalize(ground))


def _check_coverage(shapes: gpd.GeoDataFrame) -> None:
    """Refuse shapes that overlap, or do not share the vertices of a border."""
    edges = shapely.coverage_invalid_edges(shapes.geometry.to_numpy())
    faulty = ~shapely.is_empty(edges)
    if faulty.any():
        x, y = shapely.get_coordinates(edges[faulty])[0]
        raise LayerError(
            f"{COMMUNES_FILE}: {int(faulty.sum())} shapes overlap or leave a gap, among them "
            f"{shapes.index[faulty][0]!r} near {x:.4f}, {y:.4f}. Clean them as one coverage."
        )


def _dissolve(pieces: gpd.GeoDataFrame, by: list[str]) -> gpd.GeoDataFrame:
    """Unions of `pieces` with equal `by`, which become the sorted index; geometry alone."""
    ground = pieces.groupby(by, sort=True)["geometry"].agg(shapely.coverage_union_all)
    return gpd.GeoDataFrame(geometry=tidy(ground.to_numpy()), index=ground.index, crs=CRS)


def _named(
    ground: gpd.GeoDataFrame, names: pd.DataFrame, level: str, column: str
) -> gpd.GeoDataFrame:
    known = names.loc[level] if level in names.index.get_level_values("level") else names[:0]
    for key in ground.index.difference(known.index):
        raise LayerError(
            f"{UNITS_FILE}: {column} names {key!r}, which {NAMES_FILE} does not have as a "
            f"{level}. Add it there or mend the key."
        )
    rows = known.loc[ground.index].rename_axis(level)
    return gpd.GeoDataFrame(rows, geometry=ground.geometry, crs=CRS)


def _together(caveats: pd.Series) -> str:
    return " ".join(dict.fromkeys(caveat for caveat in caveats if caveat))


def _moved(units: gpd.GeoDataFrame, edition: Edition) -> np.ndarray:
    """Which units left the rest of their cercle for another region: all but its largest part.

    The cercles cut by the line we drew ourselves are no such case.
    """
    size = pd.Series(shapely.area(units.geometry.to_numpy()))
    part = size.groupby([units["cercle"], units[edition.column]]).transform("sum")
    rest = part.groupby(units["cercle"]).transform("max")
    drawn = units[edition.column].isin(_DRAWN_BY_US)
    moved: np.ndarray = ((part < rest) & ~drawn).to_numpy()
    return moved


def _shared_edges(units: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Segments two units share: (N, 4) x y x y, and the rows of the two units."""
    parts, unit = shapely.get_parts(units.geometry.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    start, stop = points[:-1][inside], points[1:][inside]
    # One direction for both sides, so that the two copies of a shared edge are equal.
    backwards = (start[:, 0] > stop[:, 0]) | (
        (start[:, 0] == stop[:, 0]) & (start[:, 1] > stop[:, 1])
    )
    start, stop = (
        np.where(backwards[:, None], stop, start),
        np.where(backwards[:, None], start, stop),
    )
    edges = np.hstack([start, stop])
    owner = unit[part[ring[:-1][inside]]]
    order = np.lexsort(edges.T)
    edges, owner = edges[order], owner[order]
    twin = (edges[1:] == edges[:-1]).all(axis=1)
    return edges[:-1][twin], owner[:-1][twin], owner[1:][twin]
