"""The composite over tiles: what a claim costs, beside one piece; one process and two.

`python -m benchmarks.scale [CLAIMS]`; 10,000 claims if no number is given.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from distributed import Client

from benchmarks import synthetic
from geo import claims, composite, tiles, timeline
from geo.tiles import run

CLAIMS = 10_000
PLANET = 10_000_000  # claims of the paper figure
ROWS = 1_000  # of a row group of the layer


def main(arguments: list[str] | None = None) -> None:
    """Print the table, and the paper figure that follows from it."""
    count = int(arguments[0]) if arguments else CLAIMS
    with tempfile.TemporaryDirectory() as name:
        layer = Path(name) / "claims.parquet"
        table = synthetic.claims_of(count)
        table.to_parquet(layer, row_group_size=ROWS)
        vertices = shapely.get_num_coordinates(table.geometry.to_numpy()).sum()
        print(f"{count:,} claims of constant depth, {vertices:,} vertices\n")
        print("| way | wall s | CPU s | CPU s per 1,000 claims | peak MB of a process |")
        print("|---|---|---|---|---|")
        for way, build in (("one piece", composite.build), ("tiles, one process", tiles.build)):
            _row(way, count, *_apart(build, layer))
        for workers in (1, 2):
            said, row = _on_files(layer, workers)
            _row(f"files, {workers} worker{'s' * (workers > 1)}", count, *row)
    _paper(count, said, row)


def _row(way: str, count: int, wall: float, cpu: float, peak: float) -> None:
    print(f"| {way} | {wall:.1f} | {cpu:.1f} | {1000 * cpu / count:.2f} | {peak:.0f} |", flush=True)


def _apart(build: Callable[..., composite.Composite], layer: Path) -> tuple[float, float, float]:
    """Wall s, CPU s and peak MB of building and resolving, in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (build, layer))


def _measured(build: Callable[..., composite.Composite], layer: Path) -> tuple[float, float, float]:
    table = gpd.read_parquet(layer)
    wall, cpu = time.perf_counter(), time.process_time()
    timeline.resolve(build(claims.parse(table)))
    return time.perf_counter() - wall, time.process_time() - cpu, _peak()


def _on_files(layer: Path, workers: int) -> tuple[dict[str, Any], tuple[float, float, float]]:
    """The counts of the manifest; and wall s, CPU s of all workers, and peak MB of one."""
    out = layer.with_name(f"out-{workers}")
    with run.workers(count=workers) as client:
        wall, cpu = time.perf_counter(), _cpu(client)
        said = run.build(run.Job(layer, out), client)["counts"]
        wall = time.perf_counter() - wall
        row = wall, _cpu(client) - cpu, max(client.run(_peak).values())
    said["bytes"] = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    said["layer_bytes"] = layer.stat().st_size
    return said, row


def _cpu(client: Client) -> float:
    return time.process_time() + sum(client.run(time.process_time).values())


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _paper(count: int, said: dict[str, Any], row: tuple[float, float, float]) -> None:
    """What ten million claims of the same kind would take, if every claim costs the same."""
    times = PLANET / count
    hours = row[1] * times / 3600
    print(f"\n{PLANET:,} claims of the same kind, on paper:\n")
    print(f"- {hours:.1f} core-hours: {hours / 16:.1f} h on 16 cores")
    print(f"- {said['tiles'] * times:,.0f} tiles")
    for what, name in (("faces", "faces"), ("pairs", "pairs (face, claim)"), ("runs", "runs")):
        print(f"- {said[what] * times / 1e6:,.0f} million {name}")
    print(
        f"- layer of {said['layer_bytes'] * times / 1e9:.0f} GB, files of "
        f"{said['bytes'] * times / 1e9:.0f} GB"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
