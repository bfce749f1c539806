"""The folder itself: which files it has, their bytes, and bytes put back whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from geo.errors import LayerError

VARIABLE = "MALI_CONTROL_LAYERS"  # of the environment: a folder to read in place of the shipped one
FOLDER = Path(os.environ.get(VARIABLE) or Path(__file__).parents[2] / "layers")

DATASET = "dataset.toml"
SHAPES = ("communes.geojson", "neighbours.geojson", "rivers.geojson", "lakes.geojson")
TABLES = (
    "actors.csv",
    "bibliography.csv",
    "claims.csv",
    "disagreements.csv",
    "event_roads.csv",
    "events.csv",
    "lifelines.csv",
    "places.csv",
    "roads.csv",
    "statements.csv",
    "unit_names.csv",
    "units.csv",
)
WRITTEN = (DATASET, *TABLES, *SHAPES)  # by hand; everything else is built from them
BUILT = (
    "cercles.geojson",
    "outline.geojson",
    "region_borders.geojson",
    "regions_2012.geojson",
    "regions_2016.geojson",
    "regions_2023.geojson",
    "units.geojson",
)

RESTORE = "Restore it from the repository: git checkout -- layers"
BUILD = "Run: python -m geo build"

_CLAIMS = re.compile(r"claims_(places|units|roads)(_[0-9]+)?\.geojson")


def read(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each file, in the order of their names."""
    files = {}
    for name in sorted(names):
        try:
            files[name] = (folder / name).read_bytes()
        except FileNotFoundError as fault:
            raise LayerError(f"{name} is missing from {folder}. {remedy(name)}") from fault
        except OSError as fault:
            raise LayerError(
                f"{name} in {folder} cannot be read ({fault.strerror}). Check who may read it."
            ) from fault
    return files


def text(files: Mapping[str, bytes], name: str) -> str:
    """A file as text."""
    try:
        return files[name].decode("utf-8")
    except UnicodeDecodeError as fault:
        raise LayerError(
            f"{name} is not UTF-8 (byte {fault.start}). Save it again as UTF-8."
        ) from fault


def claim_layers(folder: Path) -> list[str]:
    """Names of the built layers of claims, however many there are."""
    try:
        return sorted(path.name for path in folder.iterdir() if _CLAIMS.fullmatch(path.name))
    except OSError as fault:
        raise LayerError(
            f"The folder {folder} cannot be read ({fault.strerror}). {RESTORE}"
        ) from fault


def remedy(name: str) -> str:
    """What to do about a file that is missing or damaged."""
    return RESTORE if name in WRITTEN else BUILD


def fingerprint(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and bytes, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(files):
        # With the lengths, no byte can move from one file to the next unseen.
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def replace(folder: Path, name: str, content: bytes) -> None:
    """Put `content` in the place of a file in one step: a reader sees the old or the new."""
    handle, name_for_now = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    path = Path(name_for_now)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        path.chmod(0o644)  # mkstemp makes a file that only its owner may read
        path.replace(folder / name)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
