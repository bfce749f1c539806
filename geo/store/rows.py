"""Claims as rows of the store and back, and the hash that says they are the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

import geopandas as gpd
import pandas as pd
import shapely
import sqlalchemy as sa

from geo import claims
from geo.errors import StoreError
from geo.languages import message
from geo.store.schema import CLAIMS

_SAID = [column for column in claims.COLUMNS if column.name != "claim_id"]
_AT_ONCE = 2_000  # rows sent or fetched in one go

_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")  # nothing, and halves of a character

_NO_CHARACTER = message(
    "Claim {claim_id} has a character in it that no database keeps (U+0000 or half of one). "
    "Remove it."
)


def write(connection: sa.Connection, layer: str, version: int, table: gpd.GeoDataFrame) -> None:
    """Keep claims, as `claims.parse` returns them."""
    made = list(_records(table))
    for start in range(0, len(made), _AT_ONCE):
        part = made[start : start + _AT_ONCE]
        keys = ({"layer": layer, "version": version, "row": start + i} for i in range(len(part)))
        connection.execute(
            sa.insert(CLAIMS), [{**key, **row} for key, row in zip(keys, part, strict=True)]
        )


def hash_of(table: gpd.GeoDataFrame) -> str:
    """SHA-256, in hex, of what `write` keeps of claims."""
    return _content(_records(table))


def read(connection: sa.Connection, layer: str, version: int) -> gpd.GeoDataFrame:
    """The claims of a version, as `claims.parse` returns them."""
    found = list(_kept(connection, layer, version))
    columns = {column.name: [row["said"].get(column.name) for row in found] for column in _SAID}
    table = gpd.GeoDataFrame(
        {"claim_id": [row["claim_id"] for row in found], **columns},
        geometry=shapely.from_wkb([row["ground"] for row in found]),
        crs=claims.CRS,
    )
    return claims.parse(table, layer=f"{layer}, version {version}")


def content_of(connection: sa.Connection, layer: str, version: int) -> tuple[str, int]:
    """SHA-256 of the claims that are kept, and how many they are."""
    found = list(_kept(connection, layer, version))
    return _content(found), len(found)


def digests(table: gpd.GeoDataFrame) -> list[str]:
    """One hash a claim of all it says; not of its version, nor of when this map gave that."""
    bare = table.assign(version=1, corrected_on=pd.NaT, published_on=pd.NaT)
    return [_content([record]) for record in _records(bare)]


def _kept(connection: sa.Connection, layer: str, version: int) -> Iterable[Mapping[str, Any]]:
    wanted = (
        sa.select(CLAIMS.c.claim_id, CLAIMS.c.said, CLAIMS.c.ground)
        .where(CLAIMS.c.layer == layer, CLAIMS.c.version == version)
        .order_by(CLAIMS.c.row)
    )
    return [dict(row) for row in connection.execute(wanted).mappings()]


def _records(table: gpd.GeoDataFrame) -> Iterable[dict[str, Any]]:
    cells = {column.name: [_cell(value) for value in table[column.name]] for column in _SAID}
    grounds = shapely.to_wkb(table.geometry.to_numpy(), output_dimension=2, byte_order=1)
    for row, (claim_id, ground) in enumerate(zip(table["claim_id"], grounds, strict=True)):
        said = {name: values[row] for name, values in cells.items() if values[row] is not None}
        if _NOT_KEPT.search(" ".join(_texts(claim_id, *said.values()))):
            raise StoreError(_NO_CHARACTER, claim_id=ascii(claim_id)[1:-1])
        yield {"claim_id": claim_id, "said": said, "ground": ground}


def _texts(*values: Any) -> Iterable[str]:  # noqa: ANN401
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from value


def _cell(value: object) -> str | int | list[str] | None:
    """A cell as JSON has it: days as ISO text, none where empty."""
    if isinstance(value, tuple):
        return list(value) or None  # a key of a source that is only theirs may have a space
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is pd.NaT or value == "":
        return None
    return value if isinstance(value, str) else int(cast("int", value))


def _content(records: Iterable[Mapping[str, Any]]) -> str:
    digest = hashlib.sha256()
    for row in records:
        said = json.dumps(
            [row["claim_id"], row["said"]],
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
        ground = b"" if row["ground"] is None else bytes(row["ground"])
        digest.update(f"\0{len(said)}\0{len(ground)}\0".encode())
        digest.update(said)
        digest.update(ground)
    return digest.hexdigest()
