"""The layers made from what is written by hand: the same tables, the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo import boundaries, claims, ground, tables
from geo.errors import AreaRefError, LayerError
from geo.layers import folder, geojson, written
from geo.layers.written import Written

MOST_BYTES = 390_000  # of one file: what editors and code hosts still show as text

_BOUNDARIES_BY = (
    "Boundaries: geoBoundaries MLI-ADM3 (Runfola et al. 2020; DNCT, DNP, OCHA Mali), CC BY 4.0, "
    "simplified and joined."
)
_DRAWN_LINE = (
    "The line between Tombouctou and Taoudénit is drawn along 18.75 N: no open source has it.",
    "La limite entre Tombouctou et Taoudénit suit 18,75 N : aucune source libre ne la donne.",
)
_LISTED_MOVES = (
    "The communes that changed region in 2023 are known from one incomplete listing.",
    "Les communes ayant changé de région en 2023 sont connues par une liste incomplète.",
)
_OLD_CERCLES = (
    "Cercles as before March 2023: no open source has the 159 that followed.",
    "Cercles d'avant mars 2023 : aucune source libre ne donne les 159 qui ont suivi.",
)
_SCHEMATIC = (
    "Roads are schematic corridors through town points, drawn by hand.",
    "Les routes sont des couloirs schématiques entre villes, tracés à la main.",
)
_DISCS = (
    "Discs around towns stand for the town, not for a front line.",
    "Les disques autour des villes représentent la ville, pas une ligne de front.",
)
_POINTS_BY = "Places: GeoNames (CC BY 4.0), Natural Earth (public domain) and the compilers."


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """All boundaries of one build.

    Attributes
    ----------
    units
        As `boundaries.units` returns them.
    gazetteer
        Everything an `area_ref` can name.
    """

    units: gpd.GeoDataFrame
    gazetteer: ground.Gazetteer


def build(source: Path = folder.FOLDER) -> dict[str, bytes]:
    """Bytes of every built layer by name, made from the hand-written files in `source`.

    Raises
    ------
    LayerError, ClaimError
        The first fault found in what is written by hand.
    """
    files = folder.read(source, folder.WRITTEN)
    hand = written.parse(files)
    shapes = _ground(hand, written.shapes(files, hand.membership))
    built = dict(_boundary_layers(hand, shapes))
    built |= _place_layers(hand)
    built |= _claim_layers(hand, shapes.gazetteer)
    return dict(sorted(built.items()))


def write(target: Path = folder.FOLDER) -> list[str]:
    """Build the layers of a folder in place; names of the files that changed.

    Everything is built before anything is written, and every file is replaced
    in one step. Layers of claims that are no longer made are removed.
    """
    built = build(target)
    changed = _differing(target, built)
    for name in changed:
        if name in built:
            folder.replace(target, name, built[name])
        else:
            (target / name).unlink()
    return changed


def check(target: Path = folder.FOLDER) -> list[str]:
    """Names of the layers that are not what the tables make: changed, missing or left over."""
    return _differing(target, build(target))


def _differing(target: Path, built: Mapping[str, bytes]) -> list[str]:
    changed = []
    for name, content in built.items():
        path = target / name
        if not path.is_file() or path.read_bytes() != content:
            changed.append(name)
    left_over = [name for name in folder.claim_layers(target) if name not in built]
    return sorted(changed + left_over)


def _ground(hand: Written, communes: gpd.GeoDataFrame) -> _Ground:
    units = boundaries.units(communes)
    gazetteer = ground.Gazetteer(
        places=hand.places,
        communes=communes,
        cercles=boundaries.cercles(units, hand.names),
        regions={
            edition.name: boundaries.regions(units, hand.names, edition)
            for edition in boundaries.EDITIONS
        },
        outline=boundaries.outline(units),
        roads=hand.roads,
    )
    _check_places(gazetteer)
    return _Ground(units, gazetteer)


def _check_places(gazetteer: ground.Gazetteer) -> None:
    """Every place lies in the commune its row names."""
    towns = gazetteer.places
    home = gpd.GeoSeries(
        [ground.geometry(f"commune:{commune}", gazetteer) for commune in towns["commune"]],
        index=towns.index,
        crs=towns.crs,
    )
    for place in towns.index[~home.covers(towns.geometry)]:
        lon, lat, commune = towns.loc[place, ["lon", "lat", "commune"]]
        raise LayerError(
            f"places.csv: {place} at {lon}, {lat} does not lie in commune {commune} "
            f"({gazetteer.communes['name'].get(commune, commune)}). Mend the point or the commune."
        )


def _boundary_layers(hand: Written, shapes: _Ground) -> Iterator[tuple[str, bytes]]:
    known = shapes.gazetteer
    both = _joined(_DRAWN_LINE, _LISTED_MOVES)
    yield "cercles.geojson", _layer(known.cercles.reset_index(), _head(hand, _OLD_CERCLES))
    yield "units.geojson", _layer(shapes.units, _head(hand, both))
    country = {"country": ["mali"], "name_fr": ["Mali"], "name_en": ["Mali"]}
    outline = gpd.GeoDataFrame(country, geometry=[known.outline], crs=boundaries.CRS)
    yield "outline.geojson", _layer(outline, _head(hand, None))

    borders = []
    for edition in boundaries.EDITIONS:
        caveat = {"2012": None, "2016": _DRAWN_LINE, "2023": both}[edition.name]
        about = _head(hand, caveat) | {
            "edition": edition.name,
            "valid_from": str(edition.valid_from or ""),
            "valid_to": str(edition.valid_to or ""),
        }
        regions = known.regions[edition.name].reset_index()
        yield f"regions_{edition.name}.geojson", _layer(regions, about)
        lines = boundaries.boundary_lines(shapes.units, edition)
        lines.insert(0, "edition", edition.name)
        borders.append(lines)
    merged = gpd.GeoDataFrame(pd.concat(borders, ignore_index=True), crs=boundaries.CRS)
    yield "region_borders.geojson", _layer(merged, _head(hand, both))


def _place_layers(hand: Written) -> dict[str, bytes]:
    points = hand.places.reset_index().drop(columns=["lon", "lat"])
    return {
        "places.geojson": _layer(points, _head(hand, None, _POINTS_BY)),
        "roads.geojson": _layer(hand.roads.reset_index(), _head(hand, _SCHEMATIC, _POINTS_BY)),
    }


def _claim_layers(hand: Written, gazetteer: ground.Gazetteer) -> dict[str, bytes]:
    """Claims with their ground, oldest first, in as few files of each kind as hold them."""
    drawn = _drawn(hand.claims, gazetteer)
    claims.parse(drawn, layer=written.CLAIMS_FILE)
    drawn["version"] = drawn["version"].replace("", "1").astype("int64")
    drawn = drawn.sort_values(["valid_from", "claim_id"], kind="stable", ignore_index=True)
    kind = drawn["area_ref"].map(lambda ref: ground.parse(ref).kind)
    built: dict[str, bytes] = {}
    for name, these, caveat, attribution in (
        ("claims_places", kind == "place", _DISCS, f"{_POINTS_BY} {_BOUNDARIES_BY}"),
        ("claims_roads", kind == "road", _SCHEMATIC, _POINTS_BY),
        ("claims_units", ~kind.isin(["place", "road"]), _OLD_CERCLES, _BOUNDARIES_BY),
    ):
        lines = geojson.features(drawn[these])
        head = _head(hand, caveat, attribution)
        parts = _packed(lines, MOST_BYTES - len(geojson.collection(head, [])))
        for number, part in enumerate(parts, start=1):
            suffix = f"_{number}" if len(parts) > 1 else ""
            built[f"{name}{suffix}.geojson"] = geojson.collection(head, part)
    return built


def _drawn(table: pd.DataFrame, gazetteer: ground.Gazetteer) -> gpd.GeoDataFrame:
    """The table of claims with levels and ground."""
    days = tables.days(table, ["valid_from"], file=written.CLAIMS_FILE)["valid_from"]
    shapes, levels = [], []
    for line, ref, day in zip(table.index, table["area_ref"], days, strict=True):
        try:
            shapes.append(ground.geometry(ref, gazetteer, day=day.date()))
            levels.append(ground.level(ref))
        except AreaRefError as fault:
            raise LayerError(f"{written.CLAIMS_FILE}, line {line}: {fault}") from fault
    columns = [column.name for column in written.CLAIM_COLUMNS if column.name != "rows"]
    told = table.assign(level=table["level"].where(table["level"] != "", levels))[columns]
    return gpd.GeoDataFrame(told, geometry=shapes, crs=boundaries.CRS)


def _packed(lines: list[str], most: int) -> list[list[str]]:
    """`lines`, in order, in as few parts as hold at most `most` bytes each."""
    parts: list[list[str]] = []
    room = 0
    for line in lines:
        length = len(line.encode()) + len(",\n")
        if not parts or length > room:
            parts.append([])
            room = most
        parts[-1].append(line)
        room -= length
    return parts


def _layer(frame: gpd.GeoDataFrame, head: Mapping[str, str]) -> bytes:
    return geojson.collection(head, geojson.features(frame))


def _head(
    hand: Written, caveat: tuple[str, str] | None, attribution: str = _BOUNDARIES_BY
) -> dict[str, str]:
    """Members a layer opens with: what a reader of the file alone has to know."""
    data = hand.dataset
    about = {
        "title": data.title_en,
        "version": data.version,
        "licence": data.licence,
        "attribution": f"{data.title_en}. {attribution}",
    }
    english, french = _joined((data.boundaries_en, data.boundaries_fr), caveat or ("", ""))
    return about | {"caveat": english, "caveat_fr": french}


def _joined(*caveats: tuple[str, str]) -> tuple[str, str]:
    english, french = zip(*caveats, strict=True)
    return " ".join(filter(None, english)), " ".join(filter(None, french))
