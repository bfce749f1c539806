"""Places: towns, villages and bases, found again under whatever name a reader types."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import tables
from geo.errors import UnknownPlaceError
from geo.tables import Column

FILE = "places.csv"
CRS = "EPSG:4326"
KINDS = ("city", "town", "village", "base", "airport", "mine", "area")
COORDINATES = ("gazetteer", "published", "approximate")
RANKS = ("1", "2", "3", "4", "5")
DEFAULT_RADIUS_KM = 8.0  # of the disc drawn for a claim on a town

COLUMNS = (
    Column("place", "key", "Key: `kidal`, `nioro-du-sahel`."),
    Column("name_fr", "text", "French name, the first to be shown."),
    Column("name_en", "text", "English name."),
    Column("aliases", "names", "Other spellings, joined by `|`.", required=False),
    Column("kind", "text", f"One of {' '.join(f'`{kind}`' for kind in KINDS)}."),
    Column("lon", "number", "Degrees east."),
    Column("lat", "number", "Degrees north."),
    Column("coordinates", "text", f"One of {' '.join(f'`{word}`' for word in COORDINATES)}."),
    Column("commune", "text", "`shape_id` of the commune it must lie in."),
    Column("radius_km", "number", "Of the disc of a claim on it; empty: 8.", required=False),
    Column("population", "number", "Inhabitants; empty: unknown.", required=False),
    Column("population_source", "text", "Who counted them, and when.", required=False),
    Column("rank", "number", "1 (always labelled) to 5 (only when zoomed in)."),
    Column("note_en", "text", "Plain text, never markup.", required=False),
    Column("note_fr", "text", "Plain text, never markup.", required=False),
)

NEAR = 0.7  # of letters in common (Ratcliff and Obershelp): one or two slips in a short name

_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc]")
_NOT_A_LETTER = re.compile(r"[^\w]+|_+")


def parse(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return `table`, as `tables.read` gives it, as places, or raise `LayerError`.

    Returns
    -------
    GeoDataFrame
        Indexed by `place`, in the order of the file: the other columns of
        `COLUMNS` and `geometry` (Point, EPSG:4326). `aliases` is a tuple of
        names; `radius_km` is filled in; `population` is Int64, missing where
        unknown; `rank` is int.
    """
    tables.check_one_of(table, "kind", KINDS, file=FILE)
    tables.check_one_of(table, "coordinates", COORDINATES, file=FILE)
    tables.check_one_of(table, "rank", RANKS, file=FILE)
    names = ("lon", "lat", "radius_km", "population")
    numbers = {name: tables.numbers(table, name, file=FILE) for name in names}
    _check_ranges(table, numbers)
    numbers |= {
        "radius_km": numbers["radius_km"].fillna(DEFAULT_RADIUS_KM),
        "population": numbers["population"].astype("Int64"),
        "rank": table["rank"].astype("int64"),
    }
    typed = table.assign(aliases=tables.words(table["aliases"], joined_by="|"), **numbers)
    places = tables.keyed(typed, "place", file=FILE)
    points = gpd.points_from_xy(places["lon"], places["lat"])
    return gpd.GeoDataFrame(places, geometry=points, crs=CRS)


def fold(text: str) -> str:
    """`text` without accents, case and punctuation: "N'Tillit (Gao)" folds to "ntillit gao"."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_A_LETTER.sub(" ", _APOSTROPHES.sub("", plain)).strip()


def find(places: gpd.GeoDataFrame, name: str) -> str:
    """Key of the one place that goes by `name`.

    Accents, case, hyphens and blanks do not matter, and every alias counts. A
    whole name wins over the beginning of one, and a beginning counts only
    where it can mean one place.

    Raises
    ------
    UnknownPlaceError
        No place, or several, go by `name`; the message lists the nearest.
    """
    asked = _squeeze(fold(name))
    known = [(place, _squeeze(folded)) for place, folded in names(places)]
    whole = _unique(place for place, folded in known if folded == asked)
    begun = _unique(place for place, folded in known if asked and folded.startswith(asked))
    meant = whole or begun
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UnknownPlaceError(
            f"Several places go by {name!r}: {_listed(places, meant)}. Write the key of one."
        )
    near = suggest(places, name, 3)
    hint = f"Did you mean {_listed(places, near)}?" if near else "Check the spelling."
    raise UnknownPlaceError(f"No place goes by {name!r}. {hint}")


def suggest(places: gpd.GeoDataFrame, text: str, n: int = 8) -> list[str]:
    """Keys of at most `n` places a reader who has typed `text` may mean, best first.

    Names that begin with `text` come before names with a word that does,
    those before names that contain it, and those before names merely spelt
    like it; within each, places labelled earlier on the map come first.
    """
    asked = fold(text)
    if not asked:
        return []
    best: dict[str, float] = {}
    for place, folded in names(places):
        distance = _distance(asked, folded)
        if distance is not None:
            best[place] = min(distance, best.get(place, np.inf))
    rank = places["rank"]
    return sorted(best, key=lambda place: (best[place], rank[place], place))[:n]


def names(places: gpd.GeoDataFrame) -> Iterator[tuple[str, str]]:
    """Every place with every folded name it goes by."""
    columns = (places.index, places["name_fr"], places["name_en"], places["aliases"])
    for place, name_fr, name_en, aliases in zip(*columns, strict=True):
        for name in (place, name_fr, name_en, *aliases):
            yield place, fold(name)


def _distance(asked: str, folded: str) -> float | None:
    """How far a name is from what was asked for; none if it is another name altogether."""
    if folded.startswith(asked):
        return 0 if folded == asked else 1
    if f" {asked}" in f" {folded}":
        return 2
    if asked in folded:
        return 3
    alike = difflib.SequenceMatcher(None, asked, folded).ratio()
    return 5 - alike if alike >= NEAR else None


def _squeeze(folded: str) -> str:
    """Without blanks: "in khalil", "in-khalil" and "inkhalil" are one name."""
    return folded.replace(" ", "")


def _unique(keys: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(keys))


def _listed(places: gpd.GeoDataFrame, keys: list[str]) -> str:
    return ", ".join(f"{places.loc[key, 'name_fr']} ({key})" for key in keys)


def _check_ranges(table: pd.DataFrame, numbers: dict[str, pd.Series]) -> None:
    ranges = {
        "lon": (-180, 180, "Write degrees east, between -180 and 180."),
        "lat": (-90, 90, "Write degrees north, between -90 and 90."),
        "radius_km": (0.1, 100, "Write kilometres, between 0.1 and 100, or leave it empty."),
        "population": (1, 1e8, "Write a whole number above 0, or leave it empty if unknown."),
    }
    for name, (least, most, remedy) in ranges.items():
        values = numbers[name]
        good = values.isna() | values.between(least, most)
        tables.check(table, name, good, file=FILE, remedy=remedy)
    whole = numbers["population"].isna() | (numbers["population"] % 1 == 0)
    tables.check(table, "population", whole, file=FILE, remedy=ranges["population"][2])
