"""Everything the map knows, read once from the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo import boundaries, claims, ground, tables
from geo.errors import LayerError
from geo.layers import folder, geojson, written
from geo.layers.written import Dataset

_NAMES = ["name_fr", "name_en"]
_CAVEATS = ["caveat_en", "caveat_fr"]
_MEMBERSHIP = ["cercle", *(edition.column for edition in boundaries.EDITIONS)]


def _nothing_published() -> pd.DataFrame:
    kinds = {"title": "str", "day": "datetime64[s]", "version": "int64", "shown": "bool"}
    columns = {name: pd.Series(dtype=kind) for name, kind in kinds.items()}
    return pd.DataFrame(columns, index=pd.Index([], name="layer", dtype="str"))


@dataclass(frozen=True, slots=True)
class Removed:
    """An uploaded layer that was on the map, and of which nothing is left: for safety.

    Attributes
    ----------
    layer
        Its id.
    day
        On which it was removed.
    shown
        Days between which it was on the map: the first, and the first after.
    """

    layer: str
    day: date
    shown: tuple[tuple[date, date | None], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The data of the map. Geometry is EPSG:4326 throughout; nothing here may be changed.

    Attributes
    ----------
    dataset
        What the data set is, and the days between which it can answer.
    actors, bibliography
        DataFrames as `actors.parse` and `bibliography.parse` return them.
    places, roads
        GeoDataFrames as `places.parse` and `ground.parse_roads` return them.
    communes, units
        GeoDataFrames as `boundaries.communes` and `boundaries.units` return them.
    cercles, regions
        GeoDataFrames as `boundaries.cercles` and `boundaries.regions` return
        them; `regions` by the name of the edition, oldest first.
    borders
        Borders between regions by the name of the edition, as
        `boundaries.boundary_lines` returns them.
    outline
        The country, (Multi)Polygon.
    neighbours, rivers, lakes
        GeoDataFrames with `name_fr`, `name_en` (text, `""` where there is
        none) and `geometry`.
    claims
        GeoDataFrame as `claims.parse` returns it.
    events, disagreements, statements
        DataFrames as `layers.chronicle` returns them.
    lifelines, event_roads
        DataFrames as `layers.corridors` returns them.
    fingerprint
        SHA-256, in hex, over every file that was read.
    published
        DataFrame indexed by `layer`, the id of an uploaded layer that is or was on the map:
        `title`, `day` (datetime64[s], when its newest version was published),
        `version` (int), `shown` (bool: on the map now). The ids of its claims begin with its own
        and a colon. Empty, unless there is a store.
    removed
        What a known-on day would have shown before, and no longer does.
    whole_until
        The last day of which the whole data set speaks; None: to its last one. On later days
        only what was published does.
    """

    dataset: Dataset
    actors: pd.DataFrame
    bibliography: pd.DataFrame
    places: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    communes: gpd.GeoDataFrame
    units: gpd.GeoDataFrame
    cercles: gpd.GeoDataFrame
    regions: Mapping[str, gpd.GeoDataFrame]
    borders: Mapping[str, gpd.GeoDataFrame]
    outline: shapely.Geometry
    neighbours: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    lakes: gpd.GeoDataFrame
    claims: gpd.GeoDataFrame
    events: pd.DataFrame
    disagreements: pd.DataFrame
    statements: pd.DataFrame
    lifelines: pd.DataFrame
    event_roads: pd.DataFrame
    fingerprint: str
    published: pd.DataFrame = field(default_factory=_nothing_published)
    removed: tuple[Removed, ...] = ()
    whole_until: date | None = None

    @property
    def elsewhere(self) -> bool:
        """Whether this is ground of its own, anywhere on Earth, and not the country."""
        return len(self.units) == 0

    @property
    def opening_day(self) -> date:
        """The day to look at first: the last of which the whole data set speaks."""
        return self.whole_until or self.dataset.supported_until

    @property
    def gazetteer(self) -> ground.Gazetteer:
        """Everything an `area_ref` can name."""
        return ground.Gazetteer(
            places=self.places,
            communes=self.communes,
            cercles=self.cercles,
            regions=self.regions,
            outline=self.outline,
            roads=self.roads,
        )


def load(source: Path = folder.FOLDER) -> Layers:
    """Read the folder.

    Raises
    ------
    LayerError, ClaimError
        A file is missing, damaged, or at odds with another one; the message
        says which and what to do.
    """
    files = _files(source)
    hand = written.parse(files)
    return Layers(
        dataset=hand.dataset,
        actors=hand.actors,
        bibliography=hand.bibliography,
        places=hand.places,
        roads=hand.roads,
        communes=written.shapes(files, hand.membership),
        units=_units(files, hand.membership),
        cercles=_named(files, "cercles.geojson", "cercle"),
        regions={
            edition.name: _named(files, f"regions_{edition.name}.geojson", "region")
            for edition in boundaries.EDITIONS
        },
        borders=_borders(files),
        outline=geojson.read(files, "outline.geojson", []).geometry.iloc[0],
        neighbours=_texts(geojson.read(files, "neighbours.geojson", ["country", *_NAMES])),
        rivers=_texts(geojson.read(files, "rivers.geojson", [*_NAMES, "rank"])),
        lakes=_texts(geojson.read(files, "lakes.geojson", _NAMES)),
        claims=_claims(files, hand.claims),
        events=hand.events,
        disagreements=hand.disagreements,
        statements=hand.statements,
        lifelines=hand.lifelines,
        event_roads=hand.event_roads,
        fingerprint=folder.fingerprint(files),
    )


def stamp(source: Path = folder.FOLDER) -> str:
    """The `fingerprint` that `load` would give, without making sense of the files."""
    return folder.fingerprint(_files(source))


def _files(source: Path) -> dict[str, bytes]:
    return folder.read(source, [*folder.WRITTEN, *folder.BUILT, *folder.claim_layers(source)])


def _units(files: Mapping[str, bytes], membership: pd.DataFrame) -> gpd.GeoDataFrame:
    file = "units.geojson"
    units = _texts(geojson.read(files, file, ["unit", *_MEMBERSHIP, *_CAVEATS]))
    built = set(units[_MEMBERSHIP].itertuples(index=False, name=None))
    told = set(membership[_MEMBERSHIP].itertuples(index=False, name=None))
    if built != told:
        cercle = min(built ^ told)[0]
        raise LayerError(
            f"{boundaries.UNITS_FILE} has changed since {file} was built: cercle {cercle!r} "
            f"is in other regions. {folder.BUILD}"
        )
    return units


def _named(files: Mapping[str, bytes], file: str, key: str) -> gpd.GeoDataFrame:
    columns = [key, *_NAMES, "aliases", "pcode", *_CAVEATS]
    named = _texts(geojson.read(files, file, columns))
    return named.assign(aliases=tables.words(named["aliases"], joined_by="|")).set_index(key)


def _borders(files: Mapping[str, bytes]) -> dict[str, gpd.GeoDataFrame]:
    columns = ["edition", "region_a", "region_b", "certainty"]
    borders = geojson.read(files, "region_borders.geojson", columns)
    of_edition = {name: rows.drop(columns="edition") for name, rows in borders.groupby("edition")}
    return {
        edition.name: of_edition.get(edition.name, borders[:0]).reset_index(drop=True)
        for edition in boundaries.EDITIONS
    }


def _claims(files: Mapping[str, bytes], table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Claims of all their layers, which must say what the table says."""
    required = [column.name for column in claims.COLUMNS if column.required]
    parts = [geojson.read(files, name, required) for name in files if name.startswith("claims_")]
    if not parts:
        raise LayerError(f"No layer of claims has been built. {folder.BUILD}")
    drawn = claims.parse(gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=claims.CRS))
    bare = gpd.GeoDataFrame(table.assign(geometry=None), crs=claims.CRS)
    _check_built(drawn, claims.parse(bare, layer=written.CLAIMS_FILE))
    return drawn


def _check_built(drawn: gpd.GeoDataFrame, told: gpd.GeoDataFrame) -> None:
    """Refuse layers that were built before the table was last changed."""
    apart = set(told["claim_id"]).symmetric_difference(drawn["claim_id"])
    if apart:
        raise LayerError(
            f"{written.CLAIMS_FILE} has changed since the layers were built: claim "
            f"{min(apart)!r} is not in both. {folder.BUILD}"
        )
    # The build fills in the level from the ground; everything else it copies.
    for column in [column.name for column in claims.COLUMNS if column.name != "level"]:
        same = (drawn[column] == told[column]) | (drawn[column].isna() & told[column].isna())
        if not same.all():
            raise LayerError(
                f"{written.CLAIMS_FILE} has changed since the layers were built: {column} of "
                f"claim {told['claim_id'][~same].iloc[0]!r}. {folder.BUILD}"
            )


def _texts(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """`frame` with `""` where GeoJSON has null instead of text."""
    texts = [name for name, kind in frame.dtypes.items() if kind in ("str", "object")]
    return frame.assign(**{name: frame[name].fillna("").astype("str") for name in texts})
