"""What one process does in a run over files: one partition of a layer, or one tile.

All of it is named by the folder of the run and a number, reads files and writes files, and can be
done again with the same result; what is returned is small.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geo import areas, claims, timeline
from geo.claims import CRS
from geo.composite import Composite, Repair
from geo.tiles import cut, files, plan, slabs, tile
from geo.tiles.slabs import Share
from geo.tiles.tile import Ints, Land, Part

State = tuple[Any, ...]  # a row of `Timeline.states`
Batches = Sequence[tuple[int, int]]  # partitions, and which of their batches

STATE = ["state", "actors", "influence", "level", "stale", "stale_influence"]
_RULE = [name for name in files.CLAIMS.names if name not in ("number", "geometry")]
_KEY = 16  # bytes: of a billion different faces, no two have the same but once in 10^20 layers


@dataclass(frozen=True, slots=True, eq=False)
class Surveyed:
    """A partition of the layer, read.

    Attributes
    ----------
    claim_ids
        (C,) text.
    empty
        (C,) which claims cover no ground.
    repairs
        What was repaired or ignored.
    density
        Where its vertices lie.
    """

    claim_ids: NDArray[np.object_]
    empty: NDArray[np.bool_]
    repairs: tuple[Repair, ...]
    density: plan.Density


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A tile to be cut.

    Attributes
    ----------
    number, box
        Which tile; (4,) west, south, east and north.
    claims, land
        Where its claims are, and its units; None where faces are not clipped to units.
    """

    number: int
    box: NDArray[np.float64]
    claims: Batches
    land: Batches | None


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A tile, cut and resolved.

    Attributes
    ----------
    keys
        (F,) bytes, one key a row of its faces. Two faces, of any tiles, have the same only if they
        have the same unit, the same claims and the same slab.
    states
        What the numbers in its runs mean.
    claim, covered, left_out_km2
        (C,) its claims, which of them have a face, and what of each lies beyond the units.
    cuts
        Its slabs and boxes, with the counts and areas that the manifest tells.
    lost_km2
        The most that the ground of a claim differs from its faces.
    """

    keys: NDArray[np.bytes_]
    states: tuple[State, ...]
    claim: Ints
    covered: NDArray[np.bool_]
    left_out_km2: NDArray[np.float64]
    cuts: tuple[dict[str, Any], ...]
    lost_km2: float


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """One slab and box of a tile, cut and resolved."""

    share: Share
    part: Part
    runs: timeline.Runs
    states: tuple[State, ...]


def sees(folder: Path) -> bool:
    """Whether a worker can work in the folder of a run."""
    return (folder / files.MADE).is_dir()


def survey(table: gpd.GeoDataFrame, folder: Path, partition: int, layer: str) -> Surveyed:
    """Read a partition of the layer as claims, and make their ground fit to be cut."""
    parsed = claims.parse(table, layer=layer)
    ground, repairs = tile.ground(parsed)
    clean = gpd.GeoDataFrame(parsed[_RULE], geometry=ground, crs=CRS)
    files.write(folder / f"claims-{partition}.arrow", files.CLAIMS, [clean])
    ids = parsed["claim_id"].to_numpy(dtype=object)
    return Surveyed(ids, shapely.is_empty(ground), repairs, plan.density(ground))


def deal(folder: Path, partition: int, first: int, boxes: NDArray[np.float64]) -> list[int]:
    """Cut a partition along the tiles; the tiles, in the order of their batches.

    Parameters
    ----------
    first
        How many claims there are in the partitions before.
    """
    parsed = files.read(folder / f"claims-{partition}.arrow", 0)
    parsed.index += first
    names = parsed["claim_id"].tolist()
    pieces = cut.by_tile(parsed.geometry.to_numpy(), boxes, names)
    return _write_pieces(folder / f"pieces-{partition}.arrow", files.CLAIMS, parsed, pieces)


def deal_land(folder: Path, units: gpd.GeoDataFrame, boxes: NDArray[np.float64]) -> list[int]:
    """Cut the units along the tiles; the tiles, in the order of their batches."""
    names = [f"unit {row}" for row in units.index]
    pieces = cut.by_tile(units.geometry.to_numpy(), boxes, names)
    return _write_pieces(folder / "land-0.arrow", files.LAND, units[["geometry"]], pieces)


def build(folder: Path, task: Task) -> Built:
    """Cut a tile into faces and resolve them: `faces-`, `incidence-` and `runs-` of its number."""
    here = _read(folder, "pieces", files.CLAIMS, task.claims).sort_values("claim_id")
    land = None
    if task.land is not None:
        units = _read(folder, "land", files.LAND, task.land)
        land = Land(units.index.to_numpy(), units.geometry.to_numpy())
    cuts = [_resolved(*each) for each in slabs.parts(Share(here, land, task.box))]
    states = tuple(dict.fromkeys(state for each in cuts for state in each.states))
    _write(folder, task.number, cuts, states)

    covered, left_out = np.zeros(len(here), dtype=bool), np.zeros(len(here))
    for each in cuts:
        own = here.index.get_indexer(each.share.claims.index)
        covered[own[each.part.incidence[:, 1]]] = True
        # In every slab a claim has the same ground: what is left out counts where it begins.
        begins = each.share.claims["valid_from"].to_numpy() == here["valid_from"].to_numpy()[own]
        left_out[own[begins]] += each.part.left_out_km2[begins]
    return Built(
        keys=np.concatenate([_keys(each.share, each.part) for each in cuts]),
        states=states,
        claim=here.index.to_numpy(),
        covered=covered,
        left_out_km2=left_out,
        cuts=tuple(map(_summary, cuts)),
        lost_km2=max(map(_lost_km2, cuts)),
    )


def faces(number: int, folder: Path) -> gpd.GeoDataFrame:
    """The faces of a tile, as they are published."""
    named = files.read_arrays(folder / f"names-{number}.npz")
    table = pd.read_parquet(folder / f"faces-{number}.parquet")
    table.insert(0, "face_id", named["face"])
    table.insert(1, "tile", np.int32(number))
    return gpd.GeoDataFrame(table, geometry=shapely.from_wkb(table["geometry"]), crs=CRS)


def incidence(number: int, folder: Path) -> pd.DataFrame:
    """Which claims cover the faces that are this tile's to tell, as it is published."""
    return _told(folder, "incidence", number)


def runs(number: int, folder: Path) -> pd.DataFrame:
    """The runs of the faces that are this tile's to tell, as they are published."""
    named = files.read_arrays(folder / f"names-{number}.npz")
    table = _told(folder, "runs", number)
    return table.assign(state_id=named["state"][table["state_id"]])


def _write_pieces(
    path: Path, schema: pa.Schema, whole: gpd.GeoDataFrame, pieces: cut.Pieces
) -> list[int]:
    tiles: list[int] = np.unique(pieces.tile).tolist()

    def batch(number: int) -> gpd.GeoDataFrame:
        row, shape = pieces.of(number)
        return whole.iloc[row].set_geometry(shape, crs=CRS)

    files.write(path, schema, map(batch, tiles))
    return tiles


def _read(folder: Path, name: str, schema: pa.Schema, batches: Batches) -> gpd.GeoDataFrame:
    found = [files.read(folder / f"{name}-{a}.arrow", batch) for a, batch in batches]
    return pd.concat(found) if found else files.empty(schema)


def _resolved(share: Share, part: Part) -> _Cut:
    """Apply the rule to the faces of a slab and box."""
    own = share.claims.reset_index(drop=True)
    whole = Composite(part.faces, own, own.iloc[:0], part.incidence.astype(np.int32), ())
    resolved = timeline.resolve(whole)
    states = tuple(resolved.states[STATE].itertuples(index=False, name=None))
    return _Cut(share, part, resolved.runs, states)


def _keys(share: Share, part: Part) -> NDArray[np.bytes_]:
    face, claim = part.incidence.T
    ids = share.claims["claim_id"].to_numpy()[claim]
    bounds = np.searchsorted(face, np.arange(len(part.faces) + 1))
    days = [str(share.slab.start), str(share.slab.stop)]
    told = (
        json.dumps([unit, *days, *ids[a:b]]).encode()
        for unit, a, b in zip(part.faces["unit"].tolist(), bounds[:-1], bounds[1:], strict=True)
    )
    return np.array([blake2b(text, digest_size=_KEY).digest() for text in told], dtype=f"S{_KEY}")


def _write(folder: Path, number: int, cuts: Sequence[_Cut], states: Sequence[State]) -> None:
    """Write a tile as it is known before all others are: faces are rows, and states are its own."""
    place = {state: i for i, state in enumerate(states)}
    first = 0
    faces_, incidence_, runs_ = [], [], []
    for each in cuts:
        slab, part, runs_of = each.share.slab, each.part, each.runs
        days = {"slab_from": slab.start, "slab_to": slab.stop}
        faces_.append(part.faces.assign(**days).astype(dict.fromkeys(days, "datetime64[s]")))
        ids = each.share.claims["claim_id"].to_numpy()[part.incidence[:, 1]]
        incidence_.append(pd.DataFrame({"face_id": part.incidence[:, 0] + first, "claim_id": ids}))
        renumbered = np.array([place[state] for state in each.states], dtype=np.int32)
        runs_.append(
            pd.DataFrame(
                {
                    "face_id": runs_of.face + np.int64(first),
                    "start": runs_of.start.astype("datetime64[s]"),
                    "stop": runs_of.stop.astype("datetime64[s]"),
                    "state_id": renumbered[runs_of.state],
                }
            )
        )
        first += len(part.faces)
    # Not as GeoParquet, which takes longer to describe its CRS than to read a tile.
    table = pd.concat(faces_)
    plain = pd.DataFrame(table[["unit", "slab_from", "slab_to", "area_km2"]])
    plain["geometry"] = shapely.to_wkb(table.geometry.to_numpy())
    files.write_table(folder / f"faces-{number}.parquet", plain)
    files.write_table(folder / f"incidence-{number}.parquet", pd.concat(incidence_))
    files.write_table(folder / f"runs-{number}.parquet", pd.concat(runs_))


def _told(folder: Path, name: str, number: int) -> pd.DataFrame:
    """Rows of a table of a tile about faces that are this tile's to tell, with their ids."""
    named = files.read_arrays(folder / f"names-{number}.npz")
    table = pd.read_parquet(folder / f"{name}-{number}.parquet")
    told = pd.DataFrame(table[named["told"][table["face_id"]]])
    return told.assign(face_id=named["face"][told["face_id"]])


def _summary(each: _Cut) -> dict[str, Any]:
    share, part = each.share, each.part
    return {
        "from": _day(share.slab.start),
        "to": _day(share.slab.stop),
        "box": share.box.tolist(),
        "claims": len(share.claims),
        "faces": len(part.faces),
        "area_km2": float(part.faces["area_km2"].sum()),
    }


def _day(day: np.datetime64) -> str | None:
    return None if np.isnat(day) else str(day.astype("datetime64[D]"))


def _lost_km2(each: _Cut) -> float:
    part = each.part
    face, claim = part.incidence.T
    km2 = part.faces["area_km2"].to_numpy()[face]
    found = areas.sum_by(claim, km2, len(each.share.claims)) + part.left_out_km2
    lost = np.abs(areas.km2(each.share.claims.geometry.to_numpy()) - found)
    return float(lost.max(initial=0))
