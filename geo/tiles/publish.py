"""What all tiles together come to: numbers for faces and states, and the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.areas import GRID
from geo.claims import LEVELS
from geo.composite import Repair
from geo.tiles import files, merge
from geo.tiles.work import STATE, Built, State, Surveyed, Task
from geo.timeline import STATES

FORMAT = 1  # of the files: raise it when they are no longer what docs/scale.md says


def name_faces(
    folder: Path, tasks: Sequence[Task], tiles: Sequence[Built]
) -> tuple[int, pd.DataFrame]:
    """Number faces and states for all tiles: `names-` of each tile, for `work` to read.

    Faces are numbered in the order of the tiles, so the numbers depend on the layer and the tiles
    only. Of the tiles that have a part of a face, the first tells its claims and runs.

    Returns
    -------
    tuple
        How many faces there are; and `Timeline.states`, every state that occurs.
    """
    keys = np.concatenate([tile.keys for tile in tiles])
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    face = np.argsort(np.argsort(first))[which]
    told = np.zeros(len(keys), dtype=bool)
    told[first] = True

    states = sorted({state for tile in tiles for state in tile.states}, key=_order)
    number = {state: i for i, state in enumerate(states)}
    ends = np.cumsum([len(tile.keys) for tile in tiles])
    for task, tile, end in zip(tasks, tiles, ends, strict=True):
        own = slice(end - len(tile.keys), end)
        files.write_arrays(
            folder / f"names-{task.number}.npz",
            face=face[own].astype(np.int64),
            told=told[own],
            state=np.array([number[state] for state in tile.states], dtype=np.int32),
        )
    return len(first), pd.DataFrame(states, columns=STATE).rename_axis("state_id").reset_index()


def report(surveyed: Sequence[Surveyed], tiles: Sequence[Built]) -> tuple[Repair, ...]:
    """Say what was repaired or ignored: `Composite.report` of the whole layer."""
    ids = np.concatenate([part.claim_ids for part in surveyed])
    covered, left_out = np.zeros(len(ids), dtype=bool), np.zeros(len(ids))
    for tile in tiles:
        covered[tile.claim] |= tile.covered
        left_out[tile.claim] += tile.left_out_km2
    return merge.report(
        ids.tolist(),
        [repair for part in surveyed for repair in part.repairs],
        empty=np.concatenate([part.empty for part in surveyed]),
        covered=covered,
        left_out_km2=left_out,
    )


def manifest(
    read: dict[str, Any], counts: dict[str, int], tasks: Sequence[Task], tiles: Sequence[Built]
) -> dict[str, Any]:
    """Tell what a folder was made from, what is in it and how it was checked.

    Parameters
    ----------
    read
        The layer and the units, with their SHA-256.
    counts
        Rows of every table.
    """
    return {
        "format": FORMAT,
        **read,
        "grid_degrees": GRID,
        "counts": counts,
        "area_km2": sum(cut["area_km2"] for tile in tiles for cut in tile.cuts),
        "checks": {"claims_differ_from_faces_km2": max(tile.lost_km2 for tile in tiles)},
        "tiles": [
            {"tile": task.number, "box": task.box.tolist(), "cuts": list(tile.cuts)}
            for task, tile in zip(tasks, tiles, strict=True)
        ],
    }


def _order(state: State) -> tuple[Any, ...]:
    """By words alone, as `timeline.resolve` orders them."""
    name, actors, influence, level, stale, late = state
    return STATES.index(name), actors, influence, ("", *LEVELS).index(level), stale, late
