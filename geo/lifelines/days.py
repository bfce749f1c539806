"""Evidence painted over days: the state of stretches and of whole ways."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

STATES = ("unknown", "open", "risky", "blocked")  # the later, the graver
UNKNOWN, OPEN, RISKY, BLOCKED = range(4)

States = NDArray[np.int8]


def painted(evidence: pd.DataFrame, stretches: Sequence[str], first: date, last: date) -> States:
    """State of each of `stretches` on each day from `first` to `last`, both included.

    Parameters
    ----------
    evidence
        As `rule.evidence` returns it.

    Returns
    -------
    (S, D) int8, numbers of `STATES`: the gravest that any evidence speaks for
    on the day. A stretch that no evidence speaks of is unknown, never open.
    """
    origin, days = np.datetime64(first, "D"), (last - first).days + 1
    states = np.zeros((len(stretches), days), dtype=np.int8)
    row = {stretch: i for i, stretch in enumerate(stretches)}
    speaks = evidence[evidence["stretch"].isin(row) & (evidence["state"] != "")]
    begins = _counted(speaks["start"], origin, days, absent=0)
    ends = _counted(speaks["stop"], origin, days, absent=days)
    codes = speaks["state"].map(STATES.index)
    for stretch, code, begin, end in zip(speaks["stretch"], codes, begins, ends, strict=True):
        span = states[row[stretch], begin:end]
        np.maximum(span, code, out=span)
    return states


def worst(states: States) -> States:
    """State of a whole way on each day, given those of its stretches: (S, D) -> (D,).

    Blocked if any stretch is, else risky if any is. It is open only if every
    stretch is, so that one stretch nobody speaks of leaves it unknown.
    """
    gravest = states.max(axis=0)
    whole: States = np.where(gravest >= RISKY, gravest, states.min(axis=0))
    return whole


def runs(states: States) -> list[tuple[int, int]]:
    """Days on which a row of states changes: (number of the first day, state), in order."""
    starts = np.flatnonzero(np.diff(states, prepend=-1))
    return [(int(day), int(states[day])) for day in starts]


def _counted(
    days: pd.Series, origin: np.datetime64, most: int, *, absent: int
) -> NDArray[np.int64]:
    """Days as numbers counted from `origin`, kept between 0 and `most`."""
    values = days.to_numpy().astype("datetime64[D]")
    numbers = np.where(np.isnat(values), absent, (values - origin).astype(np.int64))
    return np.clip(numbers, 0, most)
