"""The house rules of the package, checked on its source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each room may import only from rooms above it in this list; see docs/architecture.md.
STOREYS = (
    ("errors", "logs"),
    ("languages", "browser"),
    ("tables", "controls"),
    ("areas",),
    ("claims", "evidence", "actors", "bibliography", "places", "boundaries", "view"),
    ("ground",),
    ("composite",),
    ("layers",),
    ("timeline", "cache", "ingest", "store"),
    ("formats", "slices", "history", "figures", "tiles", "identity"),
    ("words", "roster"),
    ("details", "citation", "changes", "disagreement"),
    ("lifelines",),
    ("overlay", "comparison", "answers", "effects", "charts"),
    ("sheets",),
    ("webmap",),
    ("snapshots",),
    ("pages",),
    ("cli",),
    ("__main__",),
)
STOREY = {room: i for i, rooms in enumerate(STOREYS) for room in rooms}

# Who may open which door to the world.
DOORS = {
    "streamlit": {"pages"},
    "streamlit_folium": {"pages"},
    "xstatic": {"browser"},
    "folium": {"webmap"},
    "branca": {"webmap"},
    "altair": {"charts"},
    "matplotlib": {"snapshots"},
    "PIL": {"snapshots"},
    "imageio_ffmpeg": {"snapshots"},
    "pypdf": {"snapshots"},
    "fontTools": {"snapshots"},
    "dask": {"tiles"},
    "dask_geopandas": {"tiles"},
    "distributed": {"tiles"},
    "tqdm": {"cli"},
    "argparse": {"cli"},
    "pyogrio": {"ingest", "cli", "formats", "layers", "tiles"},
    "ctypes": {"ingest"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "psycopg": {"store"},
    "sqlite3": {"ingest", "store"},
    "requests": set(),
    "urllib": {"identity"},  # the parts of an address; nothing is asked
    "socket": set(),
    "pickle": set(),
}
CLOCK = {"today", "now", "utcnow"}
READERS_OF_THE_CLOCK = {"pages", "cli", "ingest"}  # ingest: the day a file was received


def modules():
    return sorted(p for p in (ROOT / "geo").rglob("*.py") if p != ROOT / "geo" / "__init__.py")


def name(path):
    return ".".join(path.relative_to(ROOT / "geo").with_suffix("").parts)


def room(path):
    return path.relative_to(ROOT / "geo").parts[0].removesuffix(".py")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import; write `from geo...`"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=name)
def test_every_module_has_a_storey(path):
    assert room(path) in STOREY, f"Give {room(path)!r} a place in STOREYS and docs/architecture.md"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_imports_only_from_storeys_below_it(path):
    for imported in imports(path):
        package, _, rest = imported.partition(".")
        other = rest.split(".")[0]
        if package == "geo" and other in STOREY and other != room(path):
            assert STOREY[other] < STOREY[room(path)], f"{room(path)} imports {other}"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_opens_only_its_own_doors(path):
    for imported in imports(path):
        package = imported.split(".")[0]
        assert room(path) in DOORS.get(package, {room(path)}), f"{room(path)} imports {package}"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_only_pages_and_the_command_line_read_the_clock(path):
    if room(path) in READERS_OF_THE_CLOCK:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            assert node.attr not in CLOCK, f"{path.name}:{node.lineno} reads the clock"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_stays_short(path):
    assert len(path.read_text().splitlines()) <= 450, f"{path.name}: make it a folder of rooms"


def test_the_architecture_page_names_every_room():
    page = (ROOT / "docs" / "architecture.md").read_text()
    assert not [room for room in STOREY if not room.startswith("_") and f" {room} " not in page]
