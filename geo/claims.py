"""The claim: one source saying that one actor held one area over one period."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isnan
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import ClaimError

CRS = "EPSG:4326"
SHIPPED = "shipped"  # the layer of the claims that come with the program
SEPARATOR = ":"  # between the id of an uploaded layer and that of a claim in it
CITING = ("sources", "confirmed_by")  # columns that name sources
KEY = ("claim_id", "version")  # what a claim is told from another by, and its order

BASE = ("control", "contested", "shared")
OVERLAYS = ("influence", "presence", "siege", "blockade")
STATUSES = BASE + OVERLAYS
ASSERTIONS = ("assessed", "claimed", "denied")
LEVELS = ("country", "region", "cercle", "commune", "place")  # the later, the more local
DATE_PRECISIONS = ("day", "month", "quarter", "year")
REPORTED_BASES = ("dated", "assumed")
CONFIDENCES = ("low", "medium", "high")  # the later, the better
VERIFICATIONS = ("read", "partly-read", "secondhand", "general-knowledge")

# Days after its newest evidence on which a state is drawn as stale. An editorial choice,
# explained in docs/claims.md: a garrison stays put for longer than a roadblock.
SHELF_LIFE_DAYS = MappingProxyType(
    {
        "control": 365,
        "shared": 365,
        "presence": 365,
        "influence": 180,
        "contested": 90,
        "siege": 90,
        "blockade": 90,
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table this package passes around."""

    name: str
    kind: str
    meaning: str
    required: bool = False


COLUMNS = (
    Column(
        "claim_id",
        "text",
        "Never reused; a corrected claim keeps it with a higher version. Unique with the version.",
        required=True,
    ),
    Column("version", "number", "1, 2, 3 …; empty means 1."),
    Column("actor", "text", "Key of the actor said to hold or move on the ground.", required=True),
    Column(
        "partners",
        "text",
        "Other actors of a shared or contested state, joined by one space; "
        "the actor itself is not counted twice.",
    ),
    Column(
        "status",
        "text",
        "`control` `contested` `shared` (base), "
        "`influence` `presence` `siege` `blockade` (overlays).",
        required=True,
    ),
    Column(
        "assertion",
        "text",
        "`assessed` (held by evidence), `claimed` (said, not corroborated), `denied`; "
        "empty means `assessed`.",
    ),
    Column(
        "area_ref",
        "text",
        "How the ground was named: `place:kidal@12km`, `cercle:tenenkou`, "
        "`road:bamako-kayes/2`; empty means `drawn`.",
    ),
    Column(
        "level",
        "text",
        "`place` `commune` `cercle` `region` `country`: how local the claim is; "
        "empty means what `area_ref` names, else `country`.",
    ),
    Column("valid_from", "day", "First day, included.", required=True),
    Column("valid_to", "day", "First day after; empty while it lasts as far as known."),
    Column("date_precision", "text", "`day` `month` `quarter` `year`; empty means `day`."),
    Column("valid_from_latest", "day", "Latest day on which it can have begun, where known."),
    Column("valid_to_earliest", "day", "Earliest day on which it can have ended, where known."),
    Column(
        "last_confirmed", "day", "Newest evidence that it still held; empty means `valid_from`."
    ),
    Column(
        "confirmed_by",
        "text",
        "Keys of the sources of that evidence, where they are not among `sources`; "
        "joined by one space.",
    ),
    Column(
        "reported_on",
        "day",
        'When the source said so: the "as known on" axis.',
        required=True,
    ),
    Column(
        "reported_basis",
        "text",
        "`dated` (a source gives the day) or `assumed` (the first day of validity, "
        "the earliest possible); empty means `dated`.",
    ),
    Column("withdrawn_on", "day", "When the source took it back."),
    Column(
        "corrected_on",
        "day",
        "When this map put the next version in its place, or, of the last version, took it back.",
    ),
    Column(
        "published_on",
        "day",
        "When this map first had it, where that is later than `reported_on`: an uploaded layer.",
    ),
    Column("confidence", "text", "`low` `medium` `high`; empty means `low`."),
    Column("confidence_reason", "text", "Why."),
    Column(
        "verification",
        "text",
        "`read` `partly-read` `secondhand` `general-knowledge`; empty means `general-knowledge`.",
    ),
    Column(
        "sources",
        "text",
        "Keys of the bibliography, joined by one space; at least one.",
        required=True,
    ),
    Column("note_en", "text", "Plain text, never markup."),
    Column("note_fr", "text", "Plain text, never markup."),
)

# Column: the words it may hold, and the one an empty cell means (none: it may not be empty).
_VOCABULARY: dict[str, tuple[tuple[str, ...], str | None]] = {
    "status": (STATUSES, None),
    "assertion": (ASSERTIONS, "assessed"),
    "level": (LEVELS, "country"),
    "date_precision": (DATE_PRECISIONS, "day"),
    "reported_basis": (REPORTED_BASES, "dated"),
    "confidence": (CONFIDENCES, "low"),
    "verification": (VERIFICATIONS, "general-knowledge"),
}
_LISTS = ("partners", "confirmed_by", "sources")

# The first day cannot come after the second. valid_to, the first day after, is stricter: see parse.
_ORDER = (
    ("valid_from", "valid_from_latest"),
    ("valid_from", "last_confirmed"),
    ("valid_to_earliest", "valid_to"),
    ("reported_on", "withdrawn_on"),
    ("reported_on", "corrected_on"),
    ("published_on", "corrected_on"),
)

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FAR_DAY = re.compile(r"-\d{4,}-\d{2}-\d{2}|\+?\d{5,}-\d{2}-\d{2}|0000-\d{2}-\d{2}")


def parse(table: gpd.GeoDataFrame, *, layer: str = "this layer") -> gpd.GeoDataFrame:
    """Return `table` as claims, or raise.

    Parameters
    ----------
    table
        Any of the columns named in `COLUMNS`, and the ground in any CRS. Days
        are ISO text, dates or midnights; lists of keys are text joined by
        spaces, or lists.
    layer
        What messages call the table.

    Returns
    -------
    GeoDataFrame
        Exactly the columns of `COLUMNS` and `geometry` (EPSG:4326), ordered by
        `claim_id` and `version`, RangeIndex; `table` is not changed. Text is stripped and
        `""` when absent; `partners`, `confirmed_by` and `sources` are tuples of text;
        `version` is int64; days are midnights of datetime64[s], NaT when absent.

    Raises
    ------
    ClaimError
        A column or value is absent, doubled or unreadable, a period is empty,
        days contradict each other, or the layer has no CRS.
    """
    _check_table(table, layer)
    names = _names(table["claim_id"], layer)
    ground = table.geometry.to_crs(CRS).to_numpy()

    columns: dict[str, Any] = {}
    for column in COLUMNS:
        cells = table[column.name].tolist() if column.name in table else [None] * len(table)
        columns[column.name] = _READERS[column.kind](column, cells, names)
    _fill(columns)
    _check_vocabulary(columns, names)
    claims = gpd.GeoDataFrame(columns, geometry=ground, crs=CRS)
    claims = claims.sort_values(list(KEY), kind="stable", ignore_index=True)
    _check_versions(claims)
    _check_order(claims)
    return claims


def layers_of(claim_ids: pd.Series) -> pd.Series:
    """The layer each claim is from, by its id: that of an uploaded one, else `SHIPPED`."""
    found: pd.Series = claim_ids.str.split(SEPARATOR).str[0]
    return found.where(claim_ids.str.contains(SEPARATOR, regex=False), SHIPPED)


def certain_days(claims: gpd.GeoDataFrame) -> pd.DataFrame:
    """Days on which each claim held for certain, if it held at all.

    It has begun by `valid_from_latest`; where that is not given, by the last day of the month,
    quarter or year of `valid_from` that `date_precision` names. It has not ended before
    `valid_to_earliest`, or else `valid_to`: a precision says nothing about the end.

    Returns
    -------
    DataFrame
        Indexed as `claims`: `certain_from`, `certain_to` (datetime64[s], half-open; `certain_to`
        is NaT while it lasts). Empty or turned round where no day is certain.
    """
    month = claims["valid_from"].to_numpy("datetime64[M]")
    number = month.astype(np.int64)
    after = {
        "month": month + 1,
        "quarter": month + (3 - number % 3),
        "year": month + (12 - number % 12),
    }
    begun = claims["valid_from"].to_numpy("datetime64[D]")
    for precision, next_month in after.items():
        rough = (claims["date_precision"] == precision).to_numpy()
        begun = np.where(rough, next_month.astype("datetime64[D]") - 1, begun)
    known = pd.Series(begun.astype("datetime64[s]"), index=claims.index)
    return pd.DataFrame(
        {
            "certain_from": claims["valid_from_latest"].fillna(known),
            "certain_to": claims["valid_to_earliest"].fillna(claims["valid_to"]),
        }
    )


def _check_table(table: gpd.GeoDataFrame, layer: str) -> None:
    absent = [c.name for c in COLUMNS if c.required and c.name not in table.columns]
    if absent:
        found = ", ".join(map(str, table.columns)) or "no columns"
        raise ClaimError(
            f"Column {absent[0]!r} is missing from {layer}. Found: {found}. "
            f"Rename one of them to {absent[0]!r}, or see docs/claims.md."
        )
    doubled = table.columns[table.columns.duplicated()]
    if len(doubled):
        raise ClaimError(f"Column {doubled[0]!r} stands twice in {layer}. Keep one of the two.")
    if table.active_geometry_name not in table.columns:
        raise ClaimError(f"There is no ground in {layer}. Save it with its geometry.")
    if table.crs is None:
        raise ClaimError(f"There is no CRS in {layer}. Save it again as EPSG:4326 (lon, lat).")


def _names(claim_ids: pd.Series, layer: str) -> list[str]:
    """What messages call each row: by its id, or by its place where the id is missing."""
    return [
        f"Row {row} of {layer}" if _absent(value) else f"Claim {str(value).strip()!r}"
        for row, value in enumerate(claim_ids.tolist(), start=1)
    ]


def _absent(cell: object) -> bool:
    """Whether a cell says nothing: None, NaN, NaT, NA, or only spaces."""
    if isinstance(cell, str):
        return not cell.strip()
    if isinstance(cell, float):
        return isnan(cell)
    return cell is None or cell is pd.NaT or cell is pd.NA


def _read(
    column: Column, cells: Iterable[object], names: Sequence[str], one: Callable[[object], object]
) -> list[Any]:
    """Read every cell with `one`, which raises ValueError with the remedy; None where absent."""
    values: list[object] = []
    for cell, name in zip(cells, names, strict=True):
        if _absent(cell):
            if column.required:
                raise ClaimError(f"{name}: {column.name} is empty. Fill it in, or leave it out.")
            values.append(None)
            continue
        try:
            values.append(one(cell))
        except ValueError as error:
            raise ClaimError(f"{name}: {column.name} is {cell!r}. {error}") from None
    return values


def _texts(column: Column, cells: Iterable[object], names: Sequence[str]) -> pd.Series:
    if column.name in _LISTS:
        keys = [value or () for value in _read(column, cells, names, _keys)]
        for name, value in zip(names, keys, strict=True):
            if column.required and not value:
                raise ClaimError(f"{name}: {column.name} is empty. Name at least one.")
        return pd.Series(keys, dtype=object)
    return pd.Series([value or "" for value in _read(column, cells, names, _text)], dtype="str")


def _text(cell: object) -> str:
    # Some readers turn a column of numbered ids into numbers; fractions are nobody's key.
    if isinstance(cell, str) or (isinstance(cell, int) and not isinstance(cell, bool)):
        return str(cell).strip()
    raise ValueError("Write it as text.")


def _keys(cell: object) -> tuple[str, ...]:
    words = cell.split() if isinstance(cell, str) else cell
    if not isinstance(words, list | tuple | np.ndarray):
        raise ValueError("Write the keys as text, joined by one space.")  # noqa: TRY004
    return tuple(dict.fromkeys(_text(word) for word in words))


def _numbers(column: Column, cells: Iterable[object], names: Sequence[str]) -> pd.Series:
    numbers = [value or 1 for value in _read(column, cells, names, _number)]
    return pd.Series(numbers, dtype="int64")


def _number(cell: object) -> int:
    # A column with empty cells arrives as floats, one from a CSV file as text.
    written = str(cell).strip().removesuffix(".0")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", written):
        raise ValueError("Write 1, 2, 3 …")
    return int(written)


def _days(column: Column, cells: Iterable[object], names: Sequence[str]) -> pd.Series:
    days = np.array(_read(column, cells, names, _day), dtype="datetime64[D]")
    return pd.Series(days.astype("datetime64[s]"))


def _day(cell: object) -> date:
    if isinstance(cell, str) and _FAR_DAY.fullmatch(cell.strip()):
        raise ValueError("Only days of the years 1 to 9999 can be told: write one as YYYY-MM-DD.")
    if isinstance(cell, str) and _ISO_DAY.fullmatch(cell.strip()):
        try:
            return date.fromisoformat(cell.strip())
        except ValueError:
            raise ValueError("There is no such day: write a real one as YYYY-MM-DD.") from None
    if isinstance(cell, datetime) and cell.tzinfo is None and cell == datetime.combine(cell, _ZERO):
        return cell.date()
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell
    raise ValueError("Write days as YYYY-MM-DD.")


_ZERO = datetime.min.time()
_READERS: dict[str, Callable[[Column, Iterable[object], Sequence[str]], pd.Series]] = {
    "text": _texts,
    "number": _numbers,
    "day": _days,
}


def _fill(columns: dict[str, pd.Series]) -> None:
    """Give every empty cell the value docs/claims.md says it means."""
    ref, level = columns["area_ref"], columns["level"]
    named = ref.str.partition(":")[0] if len(ref) else ref
    columns["level"] = level.where((level != "") | ~named.isin(LEVELS), named)
    columns["area_ref"] = ref.mask(ref == "", "drawn")
    # Whoever is named as a partner of itself is one holder, not two.
    named_with = zip(columns["actor"], columns["partners"], strict=True)
    columns["partners"] = pd.Series(
        [tuple(key for key in partners if key != actor) for actor, partners in named_with],
        dtype=object,
    )
    columns["last_confirmed"] = columns["last_confirmed"].fillna(columns["valid_from"])
    for name, (_, default) in _VOCABULARY.items():
        if default is not None:
            columns[name] = columns[name].mask(columns[name] == "", default)


def _check_vocabulary(columns: dict[str, pd.Series], names: Sequence[str]) -> None:
    for column, (words, _) in _VOCABULARY.items():
        row = _first(~columns[column].isin(words))
        if row is not None:
            value = columns[column].iloc[row]
            raise ClaimError(
                f"{names[row]}: {column} is {value!r}. Write one of {', '.join(words)}."
            )


def _first(wrong: pd.Series) -> int | None:
    rows: NDArray[np.intp] = np.flatnonzero(wrong.to_numpy(dtype=bool))
    return int(rows[0]) if len(rows) else None


def _check_versions(claims: gpd.GeoDataFrame) -> None:
    """Of one id every version stands once, and says since when the next one stands in its place."""
    same = claims["claim_id"].duplicated()
    again = same & (claims["version"] == claims["version"].shift())
    open_ended = same & claims["corrected_on"].shift().isna()
    row = _first(again | open_ended)
    if row is not None:
        claim_id = claims["claim_id"].iloc[row]
        raise ClaimError(
            f"Claim {claim_id!r} stands twice. Give the second an id of its own, or, if it "
            f"corrects the first, a higher version, and the first the day: corrected_on."
        )
    row = _first(same & (claims["corrected_on"] <= claims["corrected_on"].shift()))
    if row is not None:
        claim = claims.iloc[row]
        raise ClaimError(
            f"Claim {claim.claim_id!r}: corrected_on of version {claim.version} "
            f"({claim.corrected_on:%Y-%m-%d}) is not after that of the version before. Write the "
            f"day on which each version was replaced."
        )


def _check_order(claims: gpd.GeoDataFrame) -> None:
    row = _first(claims["valid_to"] <= claims["valid_from"])
    if row is not None:
        claim = claims.iloc[row]
        raise ClaimError(
            f"Claim {claim.claim_id!r} ends ({claim.valid_to:%Y-%m-%d}) on or before the day it "
            f"starts ({claim.valid_from:%Y-%m-%d}). valid_to is the first day *after* it held."
        )
    for early, late in _ORDER:
        row = _first(claims[late] < claims[early])
        if row is not None:
            claim = claims.iloc[row]
            raise ClaimError(
                f"Claim {claim.claim_id!r}: {late} ({claim[late]:%Y-%m-%d}) comes before {early} "
                f"({claim[early]:%Y-%m-%d}). Correct one of the two days."
            )
