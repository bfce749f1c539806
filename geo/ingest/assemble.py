"""Rows become a layer of claims: ids, sources, what is said twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo import claims
from geo.errors import ClaimError
from geo.ingest import people
from geo.ingest.fields import OF_CLAIMS
from geo.ingest.found import Found
from geo.ingest.normalise import Names, Row

_SPACES = re.compile(r"\s+")
_MOST_LETTERS = 120  # of an id


def layer(
    rows: Sequence[Row], names: Names, filename: str, found: Found
) -> tuple[gpd.GeoDataFrame | None, dict[tuple[str, int], int]]:
    """Claims as `claims.parse` returns them, and the number of the feature each was made from.

    Whatever is no claim, or is said twice, becomes a problem in `found`.
    """
    stem = people.stem(filename)
    versions: dict[str, list[Row]] = {}
    seen: set[tuple[Any, ...]] = set()
    kept: list[Row] = []
    for row in rows:
        _give_source(row, names, filename, stem, found)
        said = _all(row)
        row.said["claim_id"] = claim_id = _id(row, said, stem, found)
        about: dict[str, Any] = {"line": row.line, "claim_id": claim_id, "shape": row.shape}
        if (claim_id, *said) in seen:
            found.add("repeated", row.number, **about, alike="")
        elif not _follow(versions.setdefault(claim_id, []), row):
            found.add("id-twice", row.number, **about, value=claim_id)
        else:
            seen.add((claim_id, *said))
            kept.append(row)
    good, table = _claims(kept, found)
    origin = {(row.said["claim_id"], int(row.said["version"] or 1)): row.number for row in good}
    return table, origin


def _follow(versions: list[Row], row: Row) -> bool:
    """Add a row to those of its id, unless it does not say which version stood until when."""
    together = sorted([*versions, row], key=lambda one: int(one.said["version"] or 1))
    for one, later in pairwise(together):
        day, next_day = one.said["corrected_on"], later.said["corrected_on"]
        same = (one.said["version"] or "1") == (later.said["version"] or "1")
        if same or day is None or (next_day is not None and next_day <= day):
            return False
    versions.append(row)
    return True


def _all(row: Row) -> tuple[Any, ...]:
    """Everything a row says but its id, to be compared.

    Ids are made from it. What is empty is left out: a column of a later release changes no id.
    """
    told = ((name, row.said.get(name)) for name in OF_CLAIMS if name != "claim_id")
    return (
        *((name, str(cell)) for name, cell in told if cell),
        shapely.to_wkb(shapely.normalize(row.shape)),
    )


def _id(row: Row, said: tuple[Any, ...], stem: str, found: Found) -> str:
    given = row.said["claim_id"]
    if not given:
        found.add("id-made", alike="")
        return people.claim_id(stem, said)
    clean = _SPACES.sub("-", given)[:_MOST_LETTERS]
    if clean != given:
        about = {"line": row.line, "claim_id": given}
        found.add("id-rewritten", row.number, **about, value=given, found=clean)
    return clean


def _give_source(row: Row, names: Names, filename: str, stem: str, found: Found) -> None:
    if row.said["sources"]:
        return
    key = f"file-{stem}"
    names.sources[key] = filename
    row.said["sources"] = key
    found.add("source-missing", row.number, line=row.line, alike="")


def _claims(rows: Sequence[Row], found: Found) -> tuple[Sequence[Row], gpd.GeoDataFrame | None]:
    """The rows that `claims.parse` takes, and what it makes of them."""
    if not rows:
        return [], None
    try:
        return rows, _parsed(rows)
    except ClaimError:
        good = [row for row in rows if _is_claim(row, found)]
    return good, _parsed(good) if good else None


def _is_claim(row: Row, found: Found) -> bool:
    """Whether a row is a claim by itself: what is refused here has no rule of its own."""
    try:
        _parsed([row])
    except ClaimError as fault:
        found.add("claim-refused", row.number, line=row.line, what=str(fault))
        return False
    return True


def _parsed(rows: Sequence[Row]) -> gpd.GeoDataFrame:
    columns = {
        name: pd.Series([_cell(row.said.get(name)) for row in rows], dtype=object)
        for name in OF_CLAIMS
    }
    ground = [row.shape for row in rows]
    return claims.parse(gpd.GeoDataFrame(columns, geometry=ground, crs=claims.CRS))


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value or None
