"""The processes that open strangers' files, as the app sees them: started ahead, asked, stopped."""

from __future__ import annotations

import atexit
import json
import os
import queue
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow.parquet as pq
import shapely

from geo import layers
from geo.claims import CRS
from geo.ingest import worker
from geo.ingest.limits import Limits

AT_ONCE = 2  # files read at the same time; others wait
_STARTS_WITHIN = 120.0  # seconds: on a busy machine the libraries take their time
_MORE = 5.0  # seconds after which a file that should have been stopped is stopped from outside
_ROOT = Path(__file__).parents[2]
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from geo.ingest import worker; worker.main()"
)

SLOW, LARGE, STOPPED, DONE = "took-too-long", "took-too-much", "reader-stopped", "done"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What came back.

    Attributes
    ----------
    ended
        `done`, or the rule that says why not.
    report
        Text that `Report.from_json` reads; `""` unless done.
    layer
        The claims; None where there are none.
    """

    ended: str
    report: str = ""
    layer: gpd.GeoDataFrame | None = None


class Worker:
    """One process that is ready to read files, one after the other."""

    def __init__(self, folder: Path) -> None:
        """Start it; it gets ready by itself."""
        self._work = Path(tempfile.mkdtemp(prefix="mcm-ingest-"))
        self._jobs = 0
        command = [sys.executable, "-E", "-s", "-c", _START, str(_ROOT), str(self._work)]
        self._process = subprocess.Popen(  # noqa: S603 (our own program, our own arguments)
            [*command, str(folder.resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self._work),
            cwd=self._work,
            start_new_session=True,
            text=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._guards: tuple[str, ...] | None = None

    @property
    def guards(self) -> tuple[str, ...]:
        """Which guards stand around it, once it is ready."""
        if self._guards is None:
            line = self._line(_STARTS_WITHIN)
            if line is None or not line.startswith(worker.READY):
                self.close()
                raise OSError("The process that reads files did not start.")
            self._guards = tuple(line.split()[1:])
        return self._guards

    @property
    def alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def ask(self, data: bytes, job: Mapping[str, Any], limits: Limits) -> Answer:
        """Have a file read; whatever becomes of it, there is an answer in time."""
        self.guards  # noqa: B018 (waits until it is ready)
        self._jobs += 1
        folder = self._work / f"job-{self._jobs}"
        folder.mkdir()
        try:
            (folder / worker.FILE).write_bytes(data)
            told = json.dumps({**job, "limits": limits.document()})
            (folder / worker.JOB).write_text(told, encoding="utf-8")
            ended = self._have_read(folder.name, limits)
            return _answer(folder, limits) if ended == DONE else Answer(ended)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Stop it and everything it has started."""
        try:
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with _quiet():
                    pipe.close()
        shutil.rmtree(self._work, ignore_errors=True)

    def _have_read(self, name: str, limits: Limits) -> str:
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 (it is a pipe: see above)
        try:
            stdin.write(f"{name}\n")
            stdin.flush()
        except OSError:
            self.close()
            return STOPPED
        line = self._line(limits.seconds + _MORE)
        if line is None:
            slow = self.alive
            self.close()
            return SLOW if slow else STOPPED
        return _ending(int(line.rpartition(" ")[2]))

    def _line(self, seconds: float) -> str | None:
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            return None

    def _listen(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101
        with _quiet():
            for line in stdout:
                self._lines.put(line.strip())
        self._lines.put(None)


class _quiet:  # noqa: N801 (a context, as contextlib writes them)
    """Pipes of a process that was stopped fail in their own ways, which say nothing new."""

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Let such a failure pass."""
        return isinstance(error, OSError | ValueError)


def _ending(code: int) -> str:
    """The rule that says why a process ended as it did."""
    if code == 0:
        return DONE
    if code == worker.NO_MEMORY:
        return LARGE
    timers = {-getattr(signal, name, 0) for name in ("SIGALRM", "SIGXCPU")}
    if code in timers:
        return SLOW
    return STOPPED


def _answer(folder: Path, limits: Limits) -> Answer:
    report = _bytes(folder / worker.REPORT, limits.written_bytes)
    layer = _bytes(folder / worker.LAYER, limits.written_bytes)
    if report is None:
        return Answer(STOPPED)
    return Answer(DONE, report.decode(), None if layer is None else _table(layer))


def _table(layer: bytes) -> gpd.GeoDataFrame:
    """The claims the process has written: always in the reference system of claims.

    `geopandas.read_parquet` would ask the file for it, which takes as long as all else here.
    """
    frame = pq.ParquetFile(BytesIO(layer)).read(use_threads=False).to_pandas()
    ground = shapely.from_wkb(frame["geometry"].to_numpy())
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=ground, crs=CRS)


def _bytes(path: Path, most: int) -> bytes | None:
    """A file as the process left it: never through a link, never a pipe, never without end."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        opened = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    with os.fdopen(opened, "rb") as file:
        about = os.fstat(opened)
        whole = stat.S_ISREG(about.st_mode) and about.st_nlink == 1 and about.st_size <= most
        return file.read(most) if whole else None


def _environment(work: Path) -> dict[str, str]:
    """All that the process is told of its surroundings: nothing of ours."""
    told = {
        "GDAL_SKIP": worker.SKIPPED,
        "GDAL_NUM_THREADS": "1",
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_HTTP_TIMEOUT": "1",
        "CPL_TMPDIR": str(work),
        "TMPDIR": str(work),
        "PROJ_NETWORK": "OFF",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        # One thread each: a process with several cannot safely be forked.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "ARROW_IO_THREADS": "1",
    }
    if sys.platform == "win32":
        told["SYSTEMROOT"] = os.environ.get("SYSTEMROOT", "")
    return told


# ---- the crew: processes kept ready for the layers as they are

_places = threading.BoundedSemaphore(AT_ONCE)
_lock = threading.Lock()
_idle: dict[tuple[str, str], list[Worker]] = {}


def prepare(folder: Path = layers.FOLDER) -> None:
    """Start a process ahead of the first file, so that whoever brings it need not wait."""
    key = (str(folder), layers.stamp(folder))
    with _lock:
        if not _idle.get(key):
            _idle.setdefault(key, []).append(Worker(folder))


def ask(
    data: bytes, job: Mapping[str, Any], limits: Limits, folder: Path = layers.FOLDER
) -> Answer:
    """Have a file read by the next process that is free."""
    key = (str(folder), layers.stamp(folder))
    with _places:
        with _lock:
            _dismiss(key)
            waiting = _idle.setdefault(key, [])
            chosen = None
            while waiting and chosen is None:
                ready = waiting.pop()
                if ready.alive:
                    chosen = ready
                else:
                    ready.close()
        chosen = chosen or Worker(folder)
        try:
            answer = chosen.ask(data, job, limits)
        except BaseException:
            chosen.close()
            raise
        if worker.FORKS and chosen.alive:
            with _lock:
                _idle.setdefault(key, []).append(chosen)
        else:
            chosen.close()
            prepare(folder)
        return answer


def close() -> None:
    """Stop all processes; the next file starts new ones."""
    with _lock:
        for key in list(_idle):
            for ready in _idle.pop(key):
                ready.close()


def _dismiss(key: tuple[str, str]) -> None:
    """Stop processes that know the layers of this folder as they were before."""
    for other in [other for other in _idle if other[0] == key[0] and other != key]:
        for ready in _idle.pop(other):
            ready.close()


atexit.register(close)
