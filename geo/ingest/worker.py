"""The process that opens strangers' files: it has no network, no other files, and little time.

It gets ready once (libraries and gazetteer loaded, then confined) and forks for every file, so that
no file meets what another left behind. Where the system cannot fork safely it reads one file and
ends. It is started by `crew`, which talks to it in lines; files come and go through a folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import site
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from geo.ingest import guards
from geo.ingest.limits import Limits

FORKS = sys.platform == "linux"
FILE, JOB, REPORT, LAYER = "file", "job.json", "report.json", "layer.parquet"
READY = "ready"
NO_MEMORY = 3  # exit code

# All that GDAL may be: the formats a stranger may bring that Python does not read by itself, and
# GeoJSON, which our own boundaries are read with before the first file comes.
DRIVERS = frozenset({"ESRI Shapefile", "GPKG", "LIBKML", "FlatGeobuf", "GeoJSON", "MEM"})
# Every other vector format GDAL has had. What a newer one has beside them is found and added when
# the process starts; see `_only_known_drivers`.
SKIPPED = (
    "PCIDSK,PDS4,VICAR,PDF,MBTiles,EEDA,OGCAPI,GDALG,MapInfo File,LVBAG,S57,DGN,OGR_VRT,CSV,GML,"
    "GPX,KML,GeoJSONSeq,ESRIJSON,TopoJSON,OGR_GMT,SQLite,WAsP,OpenFileGDB,DXF,GeoRSS,VFK,"
    "PGDUMP,OSM,GPSBabel,OGR_PDS,WFS,OAPIF,EDIGEO,Idrisi,ODS,XLSX,Elasticsearch,"
    "Carto,AmigoCloud,SXF,Selafin,JML,PLSCENES,CSW,VDV,MVT,NGW,MapML,GTFS,PMTiles,JSONFG,"
    "MiraMonVector,ADBC,AVCBin,AVCE00,AIVector,HTTP"
)
_AGAIN = "MCM_INGEST_AGAIN"


def main() -> None:
    """Read jobs from standard input until it ends: `python -c … WORK LAYERS`."""
    work, folder = Path(sys.argv[1]), Path(sys.argv[2])
    _only_known_drivers()
    # Only once GDAL is as it should be; and all of it now, for a fork to have it without loading.
    from geo.ingest import examine, known  # noqa: F401, PLC0415
    from geo.ingest.readers import archive, flatgeobuf, geojson, geopackage, geoparquet  # noqa: F401, PLC0415

    world = known.load(folder)
    _warm(world)
    space = guards.address_space()
    stands = guards.confine(_libraries(), [work, Path(os.devnull)], forks=FORKS)
    _tell(" ".join([READY, *stands]))
    for line in sys.stdin:
        job = work / line.strip()
        if not FORKS:
            _read(job, world, space)
            _tell(f"{job.name} 0")
            return
        _tell(f"{job.name} {_forked(job, world, space)}")
    # Whoever started us is gone, perhaps without a chance to clear up.
    shutil.rmtree(work, ignore_errors=True)


def _warm(world: Any) -> None:  # noqa: ANN401
    """Read a file of our own, so that what libraries do at their first call is done once.

    Otherwise every fork would do it again: half of what a small file takes.
    """
    from geo.ingest.examine import examine  # noqa: PLC0415

    ring = [[-3.0, 16.0], [-2.9, 16.0], [-2.9, 16.1], [-3.0, 16.1], [-3.0, 16.0]]
    said = {"actor": "JNIM", "valid_from": "2024-01-01", "source": "none"}
    ground = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": said, "geometry": ground}
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    asked = {"filename": "warm.geojson", "kind": "GeoJSON", "mapping": {}, "defaults": {}}
    found = examine(data, asked | {"day": "2024-01-01"}, world, Limits())
    if found.layer is not None:
        found.layer.to_parquet(BytesIO(), index=False)


def _forked(job: Path, world: Any, space: int) -> int:  # noqa: ANN401 (known.Known, not imported here)
    """Read a file in a process of its own; how that ended, as `os.waitstatus_to_exitcode`."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    code = 1
    try:
        os.close(0)
        os.close(1)
        guards.confine(_libraries(), [job, Path(os.devnull)], forks=False)
        _read(job, world, space)
        code = 0
    except MemoryError:
        code = NO_MEMORY
    finally:
        os._exit(code)


def _read(job: Path, world: Any, space: int) -> None:  # noqa: ANN401
    from geo.ingest.examine import examine  # noqa: PLC0415

    asked = json.loads((job / JOB).read_text(encoding="utf-8"))
    limits = Limits(**asked.pop("limits"))
    os.chdir(job)
    tempfile.tempdir = str(job)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    data = (job / FILE).read_bytes()
    guards.limit(limits, space)
    found = examine(data, asked, world, limits)
    if found.layer is not None:
        found.layer.to_parquet(job / LAYER, index=False)
    (job / REPORT).write_text(found.to_json(), encoding="utf-8")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _only_known_drivers() -> None:
    """Start over with every driver skipped that is not on the list; refuse to start with more."""
    import pyogrio  # noqa: PLC0415 (reads GDAL_SKIP when it is imported)

    more = set(pyogrio.list_drivers()) - DRIVERS
    if not more:
        return
    if os.environ.get(_AGAIN):
        raise SystemExit(f"GDAL keeps {sorted(more)}")
    os.environ["GDAL_SKIP"] = ",".join([os.environ.get("GDAL_SKIP", ""), *sorted(more)])
    os.environ[_AGAIN] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 (itself)


def _libraries() -> list[Path]:
    """Where Python and its libraries lie, which are still to be read."""
    own = Path(__file__).parents[1]
    found = [sys.prefix, sys.base_prefix, os.__file__, *site.getsitepackages()]
    with contextlib.suppress(AttributeError):
        found.append(site.getusersitepackages())
    system = ["/usr/lib", "/usr/local/lib", "/lib", "/lib64", "/dev/urandom"]
    # A prefix such as / would allow everything.
    paths = {Path(path).resolve() for path in [*found, *system]} | {own}
    paths.discard(Path(os.__file__).resolve())
    paths.add(Path(os.__file__).resolve().parent)
    return sorted(path for path in paths if len(path.parts) > 1)
