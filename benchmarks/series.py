"""A ZIP of daily snapshots as claims, beside geopandas reading the same files one after the other.

`--full`: 700 days of 3,000 corners; without it 100 days.
"""

import io
import json
import resource
import sys
import time
import warnings
import zipfile
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import ingest
from geo.ingest import crew

CORNERS = 3_000
MOVES_EVERY = 5  # days


def snapshot(day: int) -> bytes:
    """Two actors on both sides of a front line that moves every few days."""
    rng = np.random.default_rng(day // MOVES_EVERY)
    y = np.round(np.linspace(14.5, 18.5, CORNERS // 2), 5)
    x = np.round(-1 + 0.3 * np.sin(y * 5 + day // MOVES_EVERY) + rng.normal(0, 1e-3, len(y)), 5)
    line = np.column_stack([x, y]).tolist()
    west = [[-3.0, 14.5], *line, [-3.0, 18.5], [-3.0, 14.5]]
    east = [*line[::-1], [1.0, 15.5], [1.0, 18.5], line[-1]]
    features = [
        {
            "type": "Feature",
            "properties": {"actor": actor, "source": "Survey"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for actor, ring in (("FAMa", west), ("JNIM", east))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def packed(days: int) -> bytes:
    """All days in a ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for day in range(days):
            archive.writestr(f"front_{date(2024, 1, 1) + timedelta(day)}.geojson", snapshot(day))
    return made.getvalue()


def with_geopandas(data: bytes) -> int:
    """Read every file and join them, without a check, a guard or an interval."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frames = [
            gpd.read_file(io.BytesIO(archive.read(name))).assign(day=name[6:16])
            for name in archive.namelist()
        ]
    return len(pd.concat(frames))


def main() -> None:
    """Print the table."""
    days = 700 if "--full" in sys.argv else 100
    data = packed(days)
    crew.prepare()
    ingest.validate(snapshot(0), "warm.geojson")
    begun, before = time.perf_counter(), peak()
    report = ingest.validate(data, "front.zip")
    ours, more = time.perf_counter() - begun, peak() - before
    begun = time.perf_counter()
    rows = with_geopandas(data)
    theirs = time.perf_counter() - begun
    print(f"{days} days, {CORNERS:,} corners a day; verdict {report.verdict}")
    print("| what | s | ms a day | rows |\n|---|---|---|---|")
    print(
        f"| ours, in confined processes | {ours:.1f} | {1e3 * ours / days:.0f} | {report.claims} |"
    )
    print(f"| geopandas, nothing checked | {theirs:.1f} | {1e3 * theirs / days:.0f} | {rows} |")
    print(f"\nThe process that serves readers grew by {more:.0f} MB at most.")


def peak() -> float:
    """Most memory this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
