"""GeoPackage: its catalogue is read with SQLite first, so that nothing but a table is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from geo.ingest.found import Found, Refusal
from geo.ingest.limits import Limits
from geo.ingest.raw import Raw
from geo.ingest.readers import library

KIND = "GeoPackage"
_JOURNAL = slice(18, 20)  # of the header: 2 would make SQLite look for a second file
_STEPS = 20_000_000  # of the virtual machine of SQLite: seconds
_AT_ONCE = 100_000


def read(data: bytes, found: Found, limits: Limits, wanted: str) -> Raw:
    """Features of the one layer, or of the one that was asked for."""
    safe = bytearray(data)
    safe[_JOURNAL] = b"\1\1"
    with library.folder({"layer.gpkg": bytes(safe)}) as folder:
        path = folder / "layer.gpkg"
        name, count = _judged(path, wanted)
        if count > limits.features:
            raise Refusal("too-many-features", number=count, most=limits.features)
        if name not in library.layers(path, KIND):
            raise Refusal("damaged", kind=KIND)
        raw = library.read(path, [name], KIND, found, limits)
    if raw.total < count:
        raise Refusal("features-lost", number=count, found=raw.total)
    return raw


def _judged(path: Path, wanted: str) -> tuple[str, int]:
    """The name of the layer and how many rows it has."""
    try:
        opened = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        raise Refusal("damaged", kind=KIND) from None
    try:
        opened.execute("PRAGMA trusted_schema=OFF")
        opened.execute("PRAGMA cell_size_check=ON")
        steps = iter(range(_STEPS // _AT_ONCE))
        opened.set_progress_handler(lambda: next(steps, None) is None, _AT_ONCE)
        listed = opened.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
        ).fetchmany(500)
        name = library.choose([str(row[0]) for row in listed], wanted)
        kinds = opened.execute("SELECT type FROM sqlite_master WHERE name = ?", [name]).fetchall()
        if kinds != [("table",)]:
            raise Refusal("layer-computed", name=name)
        quoted = name.replace('"', '""')
        (count,) = opened.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608 (quoted)
    except (sqlite3.Error, UnicodeError, OverflowError):
        raise Refusal("damaged", kind=KIND) from None
    finally:
        opened.close()
    return name, int(count)
