"""What a reader makes of a file: columns of cells and, where there are any, shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """A file, read but not yet understood.

    Attributes
    ----------
    kind
        As `Report.kind`.
    columns
        Name, as written -> (N,) cells: text, numbers, True or False, lists, None where empty.
    shapes
        (N,) geometries or None, in `crs`; None: the file has no geometry of its own.
    crs
        What the file says its coordinates are in, for pyproj; None: it does not say.
    numbers
        (N,) of the features, from 1. Some may be missing: those stand in a problem.
    lines
        (N,) of the file that they start on; empty where it has none.
    total
        How many features the file holds, with those that could not be read.
    """

    kind: str
    columns: Mapping[str, Sequence[object]]
    shapes: NDArray[np.object_] | None
    crs: str | None
    numbers: Sequence[int]
    lines: Sequence[int]
    total: int
