"""What one version of a layer says that another does not: claim by claim, and field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import areas, claims, tables
from geo.errors import StoreError
from geo.languages import message
from geo.store import published, shelf
from geo.store.engine import Store
from geo.store.people import Person
from geo.store.published import Edition
from geo.store.shelf import Layer, Version

ADDED, REMOVED, CHANGED = "added", "removed", "changed"

# What the store adds to a claim is not what its file says.
SAID = tuple(
    column.name
    for column in claims.COLUMNS
    if column.name not in {*claims.KEY, "published_on", "corrected_on"}
)
_NO_TWO = message(
    "Version {version} of layer {layer} has no other to be compared with. Name two of its versions."
)
_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Revised:
    """A claim that the two versions do not say alike.

    Attributes
    ----------
    kind
        `ADDED`, `REMOVED` or `CHANGED`.
    before, after
        The claim in the earlier and in the later version, with the columns of docs/claims.md and
        `geometry`; None where there is none.
    columns
        Names of the columns that differ; () unless it is changed. The id is none of them: one that
        a file does not give is made from what the row says.
    redrawn
        Whether its ground is another.
    more_km2, less_km2
        Ground that only the later version has, and only the earlier one.
    """

    kind: str
    before: _Row | None
    after: _Row | None
    columns: tuple[str, ...] = ()
    redrawn: bool = False
    more_km2: float = 0.0
    less_km2: float = 0.0

    @property
    def newest(self) -> _Row:
        """The claim as the later version has it, or as the earlier one had."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 -- one of the two is there
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """What lies between two versions: what differs, by claim, and how many claims are the same."""

    revised: tuple[Revised, ...]
    same: int

    def count(self, kind: str) -> int:
        """How many claims were added, removed or changed."""
        return sum(one.kind == kind for one in self.revised)


def chosen(layer: Layer, first: int | None, second: int | None) -> tuple[Version, Version]:
    """The two versions to compare, the earlier one first.

    Where none is named: the newest published one and the one before it; a draft, if only one was
    ever published.

    Raises
    ------
    StoreError
        The layer has no such version, or no two.
    """
    known = {one.version: one for one in layer.versions}
    for number in (first, second):
        if number is not None and number not in known:
            raise StoreError(shelf.NO_VERSION, layer=layer.layer, version=number)
    published = [one.version for one in layer.versions if one.state == shelf.PUBLISHED]
    usual = published if len(published) > 1 else list(known)
    late = second if second is not None else usual[-1]
    earlier = [number for number in usual if number < late]
    early = first if first is not None else (earlier[-1] if earlier else late)
    if early == late:
        raise StoreError(_NO_TWO, layer=layer.layer, version=late)
    return known[min(early, late)], known[max(early, late)]


def read(
    store: Store, person: Person, layer: str, versions: tuple[int | None, int | None] = (None, None)
) -> tuple[Layer, tuple[Edition, Edition]]:
    """A layer and two of its versions, with their claims; see `chosen`."""
    found = shelf.layer(store, person, layer)
    if found.purged:
        raise StoreError(shelf.PURGED, layer=layer, day=found.purged[:10])
    first, second = chosen(found, *versions)
    with store.reading() as connection:
        return found, (
            published.edition(connection, layer, first),
            published.edition(connection, layer, second),
        )


def between(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Revision:
    """What `after` says that `before` does not, and the other way round.

    A claim is the same one where its id and version are. Of what is left, two are one claim where
    no other is on the same ground from the same day: a file without ids is given some that change
    with whatever a row says.

    Parameters
    ----------
    before, after
        Claims as `claims.parse` returns them.
    """
    old, new = (_keyed(table) for table in (before, after))
    pairs = [(key, key) for key in old if key in new]
    lost = {key: old[key] for key in old if key not in new}
    found = {key: new[key] for key in new if key not in old}
    pairs += _alike(lost, found)
    told = [_told(old[one], new[other]) for one, other in pairs]
    paired_old, paired_new = ({pair[side] for pair in pairs} for side in (0, 1))
    told += [_alone(REMOVED, row) for key, row in old.items() if key not in paired_old]
    told += [_alone(ADDED, row) for key, row in new.items() if key not in paired_new]
    revised = [one for one in told if one.kind != CHANGED or one.columns or one.redrawn]
    revised.sort(key=lambda one: tuple(one.newest[name] for name in claims.KEY))
    return Revision(tuple(revised), len(told) - len(revised))


def _keyed(table: gpd.GeoDataFrame) -> dict[tuple[str, int], _Row]:
    rows = tables.rows(pd.DataFrame(table))
    return {(row["claim_id"], row["version"]): row for row in rows}


def _alike(
    lost: Mapping[tuple[str, int], _Row], found: Mapping[tuple[str, int], _Row]
) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """Claims with other ids that alone are on the same ground from the same day, in both."""
    old, new = (_once(rows) for rows in (lost, found))
    return [(old[where], new[where]) for where in old if where in new]


def _once(rows: Mapping[tuple[str, int], _Row]) -> dict[object, tuple[str, int]]:
    grounds: dict[object, list[tuple[str, int]]] = {}
    for key, row in rows.items():
        where = (shapely.to_wkb(row["geometry"], output_dimension=2), row["valid_from"])
        grounds.setdefault(where, []).append(key)
    return {where: keys[0] for where, keys in grounds.items() if len(keys) == 1}


def _told(before: _Row, after: _Row) -> Revised:
    columns = tuple(name for name in SAID if not _same(before[name], after[name]))
    redrawn = not _same_ground(before["geometry"], after["geometry"])
    if not redrawn:
        return Revised(CHANGED, before, after, columns)
    more, less = _gone(after, before), _gone(before, after)
    return Revised(CHANGED, before, after, columns, redrawn, more, less)


def _alone(kind: str, row: _Row) -> Revised:
    km2 = float(areas.km2(_grounds([row]))[0])
    if kind == ADDED:
        return Revised(kind, None, row, more_km2=km2)
    return Revised(kind, row, None, less_km2=km2)


def _same(one: object, other: object) -> bool:
    if one is pd.NaT or other is pd.NaT:
        return one is other
    return one == other


def _same_ground(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    plain = [shapely.normalize(shapely.force_2d(shape)) for shape in (one, other)]
    return bool(shapely.equals_exact(*plain, tolerance=0))


def _gone(here: _Row, there: _Row) -> float:
    """Ground that the one has and the other has not."""
    ground, other = _grounds([here, there])
    left = shapely.difference(ground, other)
    only = [part for part in shapely.get_parts(left) if part.geom_type == "Polygon"]
    return float(areas.km2(np.array([shapely.MultiPolygon(only)], dtype=object))[0])


def _grounds(rows: Iterable[_Row]) -> np.ndarray:
    listed = list(rows)
    names = [row["claim_id"] for row in listed]
    return areas.polygons([row["geometry"] for row in listed], names)[0]
