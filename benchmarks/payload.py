"""What the browser receives of a front line drawn anew every day, beside one GeoJSON a day."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from benchmarks import synthetic
from geo import composite, overlay, timeline

DECIMALS = 5  # of a degree, about a metre: what such files are usually published with


def main() -> None:
    """Print the figures."""
    claims = synthetic.front_lines()
    said = timeline.resolve(composite.build(claims))
    vertices = shapely.get_num_coordinates(claims.geometry.to_numpy())
    print(
        f"{len(claims)} days, {np.median(vertices):,.0f} vertices a day; "
        f"{len(said.composite.faces):,} faces, {len(said.runs.face):,} runs.\n"
    )
    exact = said.composite.faces.geometry.to_numpy()
    ours = _sent(said, overlay.simplified(said))
    whole = _sent(said, exact)
    files = _files(claims, DECIMALS)
    drawn = claims.set_geometry(claims.simplify(overlay.TOLERANCE))
    drawn_files = _files(drawn, round(np.log10(overlay.STEPS)))

    print("| gzip | kB | times our payload |")
    print("|---|---|---|")
    for name, size in (
        ("our payload: faces, runs, days", ours),
        ("the same, not simplified", whole),
        (f"one GeoJSON a day, {DECIMALS} decimals", files),
        ("one GeoJSON a day, simplified and rounded as ours", drawn_files),
    ):
        print(f"| {name} | {size / 1000:,.0f} | {size / ours:.0f} |")
    print(f"\nNot simplified against not simplified: {files / whole:.0f} times.")


def _sent(said: timeline.Timeline, shapes: np.ndarray) -> int:
    first = synthetic.FIRST_DAY.astype(object)
    payload = {
        "days": overlay.change_days(said, first),
        "faces": overlay.faces(said, shapes, first),
    }
    return len(gzip.compress(overlay.script(payload).encode()))


def _files(claims: gpd.GeoDataFrame, decimals: int) -> int:
    """Bytes of one compact GeoJSON file a day, each compressed."""
    return sum(_file(shape, decimals) for shape in claims.geometry)


def _file(shape: shapely.Geometry, decimals: int) -> int:
    geometry = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = _rounded(geometry["coordinates"], decimals)
    feature = {"type": "Feature", "properties": {"actor": "B"}, "geometry": geometry}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, separators=(",", ":"))
    return len(gzip.compress(text.encode()))


def _rounded(numbers: Iterable[Any], decimals: int) -> list[Any]:
    return [round(n, decimals) if isinstance(n, float) else _rounded(n, decimals) for n in numbers]


if __name__ == "__main__":
    main()
