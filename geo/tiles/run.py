"""The composite of a layer of any size, built by many processes: files in, files out, on dask.

    survey   each partition of the layer is read as claims, and its vertices counted
    deal     tiles are laid, and each partition is cut along them
    build    each tile is cut into faces, and these are resolved
    publish  faces get numbers that hold for all tiles, and the tables are written

Workers share a file system with this process and hand each other files, so that one that dies
takes nothing with it but the task it was at, which another does again.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import dask_geopandas
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from dask import delayed
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed
from numpy.typing import NDArray
from pyarrow import dataset

from geo import composite
from geo.claims import CRS
from geo.errors import ClaimError, TilesError
from geo.tiles import files, plan, publish, work
from geo.tiles.work import Built, Surveyed, Task

Tell = Callable[[str, int, int], None]  # which step, how much of it is done, how much there is

FACES, INCIDENCE, RUNS = "faces.parquet", "incidence.parquet", "runs.parquet"
STATES, REPORT, MANIFEST = "states.parquet", "report.parquet", "manifest.json"

_PATIENCE = 10  # seconds in which a scheduler must answer
_SHARES = 4  # partitions for each worker, so that none waits long for the last
_LEAST, _LARGEST = 2**20, 2**25  # bytes of a partition, if the row groups of the layer allow it

_PARQUET = (".parquet", ".geoparquet")
_DAY = "datetime64[ms]"  # Parquet has no seconds
_TABLES = (
    (
        FACES,
        work.faces,
        gpd.GeoDataFrame(
            {
                "face_id": np.empty(0, np.int64),
                "tile": np.empty(0, np.int32),
                "unit": np.empty(0, np.int32),
                "slab_from": np.empty(0, _DAY),
                "slab_to": np.empty(0, _DAY),
                "area_km2": np.empty(0),
            },
            geometry=[],
            crs=CRS,
        ),
    ),
    (
        INCIDENCE,
        work.incidence,
        pd.DataFrame({"face_id": np.empty(0, np.int64), "claim_id": pd.Series(dtype="str")}),
    ),
    (
        RUNS,
        work.runs,
        pd.DataFrame(
            {
                "face_id": np.empty(0, np.int64),
                "start": np.empty(0, _DAY),
                "stop": np.empty(0, _DAY),
                "state_id": np.empty(0, np.int32),
            }
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Job:
    """What to build.

    Attributes
    ----------
    layer
        GeoParquet, a file or a folder of files: claims, with the columns of `claims.COLUMNS`.
    out
        A folder that does not exist yet.
    units
        Polygons that share borders and do not overlap, in any format that geopandas reads; None:
        the faces are the claimed ground only.
    tiles
        How many, or "auto": see `plan.lay`.
    """

    layer: Path
    out: Path
    units: Path | None = None
    tiles: int | str = plan.AUTO


@contextmanager
def workers(scheduler: str | None = None, *, count: int | None = None) -> Iterator[Client]:
    """Give processes to work with.

    Parameters
    ----------
    scheduler
        Address of one that is running; None: processes are started here, and ended.
    count
        How many of these; None: one a core.

    Raises
    ------
    TilesError
        No scheduler answers at the address.
    """
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=_PATIENCE)
        except (OSError, ValueError) as fault:
            raise TilesError(
                f"No scheduler answers at {scheduler}. Start one, with: dask scheduler"
            ) from fault
        with client:
            yield client
        return
    cluster = LocalCluster(
        n_workers=count or cpu_count(),
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # any port, and for nobody outside this machine
        silence_logs=logging.ERROR,  # that a worker was slow to end is nothing to tell anyone
    )
    with cluster, Client(cluster) as client:
        yield client


def build(job: Job, client: Client, tell: Tell = lambda *_: None) -> dict[str, Any]:
    """Build the composite and the timeline of a layer into a folder; what its manifest says.

    Parameters
    ----------
    client
        As `workers` gives it.
    tell
        Called with the name of a step, how much of it is done, and how much there is.

    Raises
    ------
    ClaimError, GeometryError, CompositeError
        As `claims.parse` and `composite.build` raise them.
    TilesError
        A file cannot be read, `out` exists, the layer covers no ground, too many claims lie on
        one place, or workers die of a tile.
    """
    check(job)
    layer = job.layer.absolute()
    with client.as_current(), files.arising(job.out.absolute()) as folder:
        partitions = _partitions(layer, len(client.nthreads()) or 1)
        units, read = _units(job.units), _fingerprints(layer, job.units)
        crew = _Crew(client, folder, tell)
        crew.check()
        surveyed = crew.survey(partitions, layer.name)
        _check_unique(surveyed)
        counted = [part.density for part in surveyed]
        boxes = plan.lay(plan.total([*counted, plan.density(units.geometry)]), job.tiles)
        if not len(boxes):
            raise TilesError(f"{layer.name} covers no ground: there is nothing to cut.")
        land = None if job.units is None else work.deal_land(folder, units, boxes)
        tasks = crew.deal([len(part.claim_ids) for part in surveyed], boxes, land)
        tiles = crew.build(tasks)

        faces, states = publish.name_faces(folder, tasks, tiles)
        repairs = pd.DataFrame(publish.report(surveyed, tiles), columns=["claim_id", "what"])
        made = folder / files.MADE
        files.write_table(made / STATES, states)
        files.write_table(made / REPORT, repairs)
        crew.publish([task.number for task in tasks])
        counts = {
            "claims": sum(len(part.claim_ids) for part in surveyed),
            "tiles": len(tasks),
            "faces": faces,
            "face_parts": _rows(made / FACES),
            "pairs": _rows(made / INCIDENCE),
            "runs": _rows(made / RUNS),
            "states": len(states),
            "repairs": len(repairs),
        }
        said = publish.manifest(read, counts, tasks, tiles)
        (made / MANIFEST).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
        return said


def check(job: Job) -> None:
    """Raise `TilesError` for what can be seen to fail before any worker is there."""
    for path in (job.layer, job.units):
        if path is not None and not path.exists():
            raise TilesError(f"{path} does not exist. Check its name.")
    files.check_free(job.out)


def _partitions(layer: Path, workers: int) -> list[Any]:
    """The parts in which the layer is read, each by one worker."""
    size = sum(path.stat().st_size for path in files.members(layer))
    try:
        table = dask_geopandas.read_parquet(
            str(layer),
            split_row_groups="adaptive",
            blocksize=int(np.clip(size / (_SHARES * workers), _LEAST, _LARGEST)),
            gather_spatial_partitions=False,
        )
    except (OSError, ValueError, pa.ArrowException) as fault:
        raise TilesError(
            f"{layer} cannot be read as GeoParquet ({fault}). Save the layer again, with "
            f"geopandas: geopandas.read_file(…).to_parquet(…, row_group_size=10_000)"
        ) from fault
    parts: list[Any] = table.to_delayed()
    return parts


def _units(path: Path | None) -> gpd.GeoDataFrame:
    """The units as `composite.build` sees and checks them; no rows if there are none."""
    none = files.empty(files.CLAIMS)
    if path is None:
        return composite.build(none).units
    try:
        units = (
            gpd.read_parquet(path)
            if path.suffix in {".parquet", ".geoparquet"}
            else gpd.read_file(path)
        )
    except (OSError, ValueError, pa.ArrowException, pyogrio.errors.DataSourceError) as fault:
        raise TilesError(f"{path} cannot be read as units ({fault}). Save them again.") from fault
    return composite.build(none, units).units


def _fingerprints(layer: Path, units: Path | None) -> dict[str, Any]:
    """What the manifest says of the files that are read."""
    return {
        kind: None if path is None else {"name": path.name, "sha256": files.fingerprint(path)}
        for kind, path in (("layer", layer), ("units", units))
    }


def _check_unique(surveyed: Sequence[Surveyed]) -> None:
    """Raise if two partitions have a claim of the same id; `claims.parse` has looked at each."""
    ids = pd.Index(np.concatenate([part.claim_ids for part in surveyed]))
    doubled = ids[ids.duplicated()]
    if len(doubled):
        raise ClaimError(
            f"Claim {doubled[0]!r} stands twice. Give the second an id of its own, or keep only "
            f"the last version: over tiles a layer has one of each claim."
        )


def _rows(path: Path) -> int:
    """How many rows a table has, one file or a folder of them."""
    count: int = dataset.dataset(path).count_rows()
    return count


@dataclass(frozen=True, slots=True, eq=False)
class _Crew:
    """The workers, the folder they work in, and whom to tell how far they are."""

    client: Client
    folder: Path
    tell: Tell

    def check(self) -> None:
        """Raise unless there is a worker, and all of them see the folder and this program."""
        try:
            self.client.wait_for_workers(1, timeout=_PATIENCE)
            seen = self.client.run(work.sees, self.folder)
        except TimeoutError as fault:
            raise TilesError("The scheduler has no workers. Start them: dask worker") from fault
        except ImportError as fault:
            raise TilesError(
                f"The workers lack this program ({fault}). Start them in its folder."
            ) from fault
        blind = [worker for worker, sees in seen.items() if not sees]
        if blind:
            raise TilesError(
                f"The worker {blind[0]} does not see {self.folder.parent}. Name a folder that "
                f"all workers see under the same name."
            )

    def survey(self, partitions: Sequence[Any], layer: str) -> list[Surveyed]:
        """Read every partition of the layer as claims."""
        read = delayed(work.survey, pure=False)
        calls = [read(part, self.folder, i, layer) for i, part in enumerate(partitions)]
        try:
            return self._each("survey", self.client.compute(calls))
        except (OSError, pa.ArrowException, shapely.errors.ShapelyError) as fault:
            raise TilesError(f"{layer} is damaged ({fault}). Save it again.") from fault

    def deal(
        self, sizes: Sequence[int], boxes: NDArray[np.float64], land: list[int] | None
    ) -> list[Task]:
        """Cut every partition along the tiles; the tiles in which there is anything."""
        first = np.cumsum([0, *sizes]).tolist()
        calls = [
            self.client.submit(work.deal, self.folder, i, first[i], boxes, pure=False)
            for i in range(len(sizes))
        ]
        claims, units = defaultdict(list), defaultdict(list)
        for partition, tiles in enumerate(self._each("deal", calls)):
            for batch, tile in enumerate(tiles):
                claims[tile].append((partition, batch))
        for batch, tile in enumerate(land or ()):
            units[tile].append((0, batch))
        return [
            Task(tile, boxes[tile], claims[tile], None if land is None else units[tile])
            for tile in sorted({*claims, *units})
        ]

    def build(self, tasks: Sequence[Task]) -> list[Built]:
        """Cut every tile into faces, and resolve them."""
        calls = [self.client.submit(work.build, self.folder, task, pure=False) for task in tasks]
        return self._each("build", calls)

    def publish(self, tiles: Sequence[int]) -> None:
        """Write the tables, a file a tile."""
        for done, (name, part, meta) in enumerate(_TABLES):
            self.tell("publish", done, len(_TABLES))
            table = dd.from_map(part, tiles, folder=self.folder, meta=meta)
            table.to_parquet(
                str(self.folder / files.MADE / name), write_index=False, compression="zstd"
            )
        self.tell("publish", len(_TABLES), len(_TABLES))

    def _each(self, step: str, calls: list[Future]) -> list[Any]:
        """Wait for every result; they are in the order of the calls."""
        place = {call.key: i for i, call in enumerate(calls)}
        results: list[Any] = [None] * len(calls)
        self.tell(step, 0, len(calls))
        try:
            for done, call in enumerate(as_completed(calls), start=1):
                results[place[call.key]] = call.result()
                self.tell(step, done, len(calls))
        except KilledWorker as fault:
            raise TilesError(
                f"Several workers died of the same task, for want of memory most likely "
                f"({fault}). Ask for more tiles, or for fewer workers."
            ) from fault
        finally:
            self.client.cancel(calls)  # nothing is left running for a run that failed
        return results
