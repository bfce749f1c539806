"""Who confirmed a claim after it was made, and what a reader has of it who hears some sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
import pandas as pd

Table = TypeVar("Table", bound=pd.DataFrame)


def as_heard(claims: Table, heard: frozenset[str] | None) -> Table:
    """Claims as a reader knows them who hears only some sources; None: all.

    Who confirmed a claim is heard or not like any other source. Of a claim that none of its
    `confirmed_by` confirms any more, no more is known than that it began.

    Returns
    -------
    DataFrame
        `claims`, with the first day as `last_confirmed` and nobody in `confirmed_by` where that
        is so.
    """
    if heard is None:
        return claims
    silent = [bool(keys) and heard.isdisjoint(keys) for keys in claims["confirmed_by"]]
    by = [() if off else keys for keys, off in zip(claims["confirmed_by"], silent, strict=True)]
    newest = claims["last_confirmed"].mask(np.array(silent, dtype=bool), claims["valid_from"])
    return claims.assign(
        last_confirmed=newest, confirmed_by=pd.Series(by, index=claims.index, dtype=object)
    )


def cited(claim: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of the sources of a claim and of those who confirmed it later, each once."""
    return tuple(dict.fromkeys((*claim["sources"], *claim["confirmed_by"])))
