"""Seals: the check code on every export, and the record that lets it be checked years later.

The code stands for one view of one version of the data. The record says which claims decided what
was shown and how it was resolved, so that `verdict` can tell what has been corrected since. It
travels inside the file as one word of plain letters, which every format can carry, and is found
there whatever the format.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from PIL import Image, UnidentifiedImageError

from geo import slices, tables
from geo.claims import COLUMNS
from geo.composite import Composite
from geo.errors import SnapshotError
from geo.languages import ENGLISH, Language
from geo.layers import Layers
from geo.timeline import STEPS, Timeline

Json = dict[str, Any]
Box = tuple[float, float, float, float]  # west, south, east, north in degrees

CODE = re.compile(r"MCM-[0-9A-F]{4}-[0-9A-F]{4}")
_WORD = re.compile(rb"mcm-record:([A-Za-z0-9_-]+)\.")
_LOOSE_CODE = re.compile(r"\s*(?:MCM)?[\s-]*([0-9A-F]{4})[\s-]*([0-9A-F]{4})\s*", re.IGNORECASE)
_DIGITS = 16  # of the hash of a claim: 64 bits
_MOST_BYTES = 2_000_000  # of an unpacked record: a hundred times the largest
_SAID = ("state", "actors", "influence")
_Row = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]  # kind, key, and _SAID
# When a version came and was replaced is said of it by this map, and changes nothing it said.
_UNSEALED = ("corrected_on", "published_on")
_SEALED = tuple(
    column.name for column in COLUMNS if column.name not in (*_UNSEALED, "confirmed_by")
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What one place or unit was shown as, on one day.

    Attributes
    ----------
    day
        The day shown.
    kind, key
        As in `slices.named`.
    state, actors, influence
        As in `slices.at`.
    km2
        Area that was shown so.
    """

    day: date
    kind: str
    key: str
    state: str
    actors: tuple[str, ...]
    influence: tuple[str, ...]
    km2: float


@dataclass(frozen=True, slots=True)
class Record:
    """What an export showed, and by whose claims.

    Attributes
    ----------
    query
        The view as parameters of an address.
    data_version
        SHA-256, in hex, of the data it was drawn from: see `version`.
    edition
        Version of the data set, as it is printed.
    compiled_on
        When the data set was compiled: what was known then.
    days
        The days shown, oldest first.
    box
        The ground shown; None: all of it.
    claims
        Of every claim that decided the picture: its id, and the hash of its row and ground.
    grounds
        How every place and unit was shown.
    """

    query: Mapping[str, str]
    data_version: str
    edition: str
    compiled_on: date
    days: tuple[date, ...]
    box: Box | None
    claims: Mapping[str, str]
    grounds: tuple[Ground, ...]

    @property
    def code(self) -> str:
        """The check code."""
        return code(self.data_version, self.query)


def code(data_version: str, query: Mapping[str, str]) -> str:
    """The check code of a view of some data: `MCM-7F3A-91C2`.

    Parameters
    ----------
    data_version
        SHA-256, in hex, of the data, as `version` gives it.
    query
        The view as parameters of an address; their order does not matter.
    """
    told = json.dumps([data_version, sorted(query.items())], ensure_ascii=True)
    digits = hashlib.sha256(told.encode()).hexdigest()[:8].upper()
    return f"MCM-{digits[:4]}-{digits[4:]}"


def read_code(text: str) -> str | None:
    """A check code as people type it: `mcm 7f3a 91c2`; None: it is none."""
    found = _LOOSE_CODE.fullmatch(text)
    return None if found is None else f"MCM-{found[1].upper()}-{found[2].upper()}"


def version(layers: Layers, claims: gpd.GeoDataFrame) -> str:
    """SHA-256, in hex, over the layers, and over the claims where the reader gave others."""
    rows = digests(claims)
    if len(claims) == len(layers.claims) and rows == digests(layers.claims):
        return layers.fingerprint
    return hashlib.sha256(f"{layers.fingerprint} {' '.join(rows)}".encode()).hexdigest()


@lru_cache(maxsize=4)  # both are frozen and stand for their content
def _version(layers: Layers, composite: Composite) -> str:
    return version(layers, composite.claims)


def record(
    layers: Layers,
    timeline: Timeline,
    query: Mapping[str, str],
    days: Sequence[date],
    *,
    box: Box | None = None,
    claimed: bool = False,
) -> Record:
    """The record of an export.

    Parameters
    ----------
    query
        The view as parameters of an address.
    days
        The days shown.
    box
        The ground shown; None: all of it.
    claimed
        Whether outlines of what is only claimed are drawn.
    """
    claims = timeline.composite.claims
    rows = deciding(timeline, days, box, claimed=claimed)
    ids = claims["claim_id"].iloc[rows]
    return Record(
        query=dict(sorted(query.items())),
        data_version=_version(layers, timeline.composite),
        edition=layers.dataset.version,
        compiled_on=layers.dataset.compiled_on,
        days=tuple(days),
        box=box,
        claims=dict(zip(ids, digests(claims.iloc[rows]), strict=True)),
        grounds=grounds(timeline, days, box),
    )


def deciding(
    timeline: Timeline, days: Collection[date], box: Box | None, *, claimed: bool
) -> list[int]:
    """Rows of the claims that decide what is seen in `box`: faces, symbols, lines, outlines."""
    claims, step = timeline.composite.claims, timeline.codes.step
    rows: set[int] = set()
    stands = np.flatnonzero(step != STEPS.index("corrected"))
    row_of = dict(zip(claims["claim_id"].iloc[stands], stands.tolist(), strict=True))
    near = np.full(len(claims), True)  # noqa: FBT003 -- a value, not a switch
    if box is not None:
        near = shapely.intersects(claims.geometry.to_numpy(), shapely.box(*box))
    for day in days:
        seen = _seen(timeline, day, box)
        rows |= {row_of[claim] for ids in seen["claim_ids"] for claim in ids}
        listed = timeline.overlays
        today = pd.Timestamp(day)
        live = (listed["start"] <= today) & ~(listed["stop"] <= today)
        rows |= {row for row in listed["claim"][live].tolist() if near[row]}
        if claimed:
            valid = (claims["valid_from"] <= today) & ~(claims["valid_to"] <= today)
            said = (claims["assertion"] == "claimed") & (step == STEPS.index("not-assessed"))
            rows |= set(np.flatnonzero(valid & said & near).tolist())
    return sorted(rows)


def grounds(timeline: Timeline, days: Collection[date], box: Box | None) -> tuple[Ground, ...]:
    """How every place and unit in `box` is shown; ground without information is left out."""
    found = []
    for day in days:
        seen = _seen(timeline, day, box)
        told = seen[seen["state"] != "none"]
        named = pd.DataFrame(told[[*_SAID, "area_km2"]]).join(
            slices.named(timeline.composite, told["unit"], told["claim_ids"])
        )
        areas = named.groupby(["kind", "key", *_SAID])["area_km2"].sum()
        rows = cast("list[_Row]", areas.index.tolist())
        found += [
            Ground(day, *row, round(float(km2), 2)) for row, km2 in zip(rows, areas, strict=True)
        ]
    return tuple(found)


def _seen(timeline: Timeline, day: date, box: Box | None) -> gpd.GeoDataFrame:
    """The slice of a day, faces in `box` only."""
    faces = slices.at(timeline, day)
    return faces if box is None else faces[faces.intersects(shapely.box(*box))]


def digests(claims: gpd.GeoDataFrame) -> list[str]:
    """A hash of each claim: every column that says something, and its ground."""
    coordinates = shapely.transform(claims.geometry.to_numpy(), lambda xy: np.round(xy, 6) + 0.0)
    return [
        hashlib.sha256(_row(row).encode() + ground).hexdigest()[:_DIGITS]
        for row, ground in zip(
            tables.rows(pd.DataFrame(claims[[*_SEALED, "confirmed_by"]])),
            shapely.to_wkb(coordinates, byte_order=1),
            strict=True,
        )
    ]


def _row(row: Mapping[str, Any]) -> str:
    said = [text(row[name]) for name in _SEALED]
    # Only of a claim that has it: a claim that nobody confirmed later is sealed as ever.
    said += [text(row["confirmed_by"])] if row["confirmed_by"] else []
    return json.dumps(said, ensure_ascii=True)


def text(cell: Any) -> str:  # noqa: ANN401 -- a cell of any column
    """A cell of a table of claims or sources as text: days in ISO, keys joined by one space."""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, tuple):
        return " ".join(cell)
    return "" if cell is pd.NaT else str(cell)


# ---- the record as a word


def stamp(told: Record) -> str:
    """The record as one word of letters, digits, `-`, `_`, `:` and `.`, for any file's metadata."""
    packed = zlib.compress(json.dumps(_plain(told), separators=(",", ":")).encode(), 9)
    return f"mcm-record:{base64.urlsafe_b64encode(packed).decode().rstrip('=')}."


def read(content: bytes, language: Language = ENGLISH) -> Record | None:
    """The record inside a file of any kind; None: there is none.

    Raises
    ------
    SnapshotError
        There is one, and it is damaged, or it does not fit its own code.
    """
    found = _WORD.search(content) or _WORD.search(_comment(content))
    if found is None:
        return None
    try:
        packed = base64.urlsafe_b64decode(found[1] + b"=" * (-len(found[1]) % 4))
        # What is longer than any record is cut short, and then no JSON.
        told = json.loads(zlib.decompressobj().decompress(packed, _MOST_BYTES))
        made = _record(told)
        fits = made.code == told["code"]
    except (binascii.Error, zlib.error, KeyError, TypeError, ValueError, IndexError) as fault:
        raise SnapshotError(
            language.say(
                "The record in this file is damaged: somebody has saved the file anew or changed "
                "it. Type the check code that is printed on the picture instead."
            )
        ) from fault
    if not fits:
        raise SnapshotError(
            language.say(
                "The record in this file does not fit its check code: the file has been changed. "
                "Type the check code that is printed on the picture instead."
            )
        )
    return made


def codes_in(content: bytes) -> list[str]:
    """Check codes that stand in a file as plain text, each once, in the order they stand there."""
    return list(dict.fromkeys(CODE.findall(content.decode("latin-1"))))


def _comment(content: bytes) -> bytes:
    """The comment of a GIF, which the format cuts into pieces of 255 bytes."""
    if not content.startswith(b"GIF8"):
        return b""
    try:
        with Image.open(BytesIO(content)) as picture:
            said = picture.info.get("comment", b"")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return b""
    return said if isinstance(said, bytes) else b""


def _plain(told: Record) -> Json:
    return {
        "code": told.code,
        "query": dict(told.query),
        "data": told.data_version,
        "edition": told.edition,
        "compiled_on": told.compiled_on.isoformat(),
        "days": [day.isoformat() for day in told.days],
        "box": told.box,
        "claims": dict(told.claims),
        "grounds": [
            [told.days.index(g.day), g.kind, g.key, g.state, g.actors, g.influence, g.km2]
            for g in told.grounds
        ],
    }


def _record(told: Json) -> Record:
    days = tuple(date.fromisoformat(day) for day in told["days"])
    box = told["box"]
    return Record(
        query={str(name): str(value) for name, value in told["query"].items()},
        data_version=str(told["data"]),
        edition=str(told["edition"]),
        compiled_on=date.fromisoformat(told["compiled_on"]),
        days=days,
        box=None if box is None else (box[0], box[1], box[2], box[3]),
        claims={str(claim): str(digest) for claim, digest in told["claims"].items()},
        grounds=tuple(
            Ground(days[day], kind, key, state, tuple(actors), tuple(influence), float(km2))
            for day, kind, key, state, actors, influence, km2 in told["grounds"]
        ),
    )
