"""The uploaded layers as they stand in the store: versions, turns, claims, files as received."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import geopandas as gpd
import sqlalchemy as sa

from geo.errors import StoreError
from geo.languages import message
from geo.store import originals, rows
from geo.store.engine import Store
from geo.store.people import Person, allow
from geo.store.schema import LAYERS, PURGES, TURNS, VERSIONS

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
NO_LAYER = message("No layer is called {layer}. The list of layers says which there are.")
PURGED = message(
    "Layer {layer} was removed for good on {day}, for safety. Nothing more can be done with it."
)
NO_VERSION = message("Layer {layer} has no version {version}. Choose one of its versions.")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a layer.

    Attributes
    ----------
    version
        1, 2, 3 …
    state
        `draft` or `published`.
    title, filename
        As given.
    original
        SHA-256 of the bytes as received.
    claims, content
        How many, and the SHA-256 of what is kept of them.
    saved_at, saved_by, published_at, published_by
        Moments as `trail.moment` writes them; `""` where it was not published.
    """

    version: int
    state: str
    title: str
    filename: str
    original: str
    claims: int
    content: str
    saved_at: str
    saved_by: str
    published_at: str
    published_by: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of a layer on a day: `publish`, `withdraw` or `restore`, and of which version."""

    action: str
    version: int
    day: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """One uploaded layer with all its versions, the first one first.

    Attributes
    ----------
    layer
        Its id: `up1`, `up2` …, never used again.
    state
        `draft` (never published), `published` or `withdrawn`.
    rev
        Grows with every change: to be named by whoever changes it next.
    purged
        Moment at which its contents were removed for good; `""`: they were not.
    """

    layer: str
    state: str
    rev: int
    versions: tuple[Version, ...]
    turns: tuple[Turn, ...] = field(default=())
    purged: str = ""

    @property
    def newest(self) -> Version:
        """The last version, be it a draft."""
        return self.versions[-1]

    @property
    def shown(self) -> Version | None:
        """The version that is on the map; None: none is."""
        published = [version for version in self.versions if version.state == PUBLISHED]
        return published[-1] if published and self.state == PUBLISHED else None

    @property
    def draft(self) -> Version | None:
        """The draft; None: there is none."""
        return self.newest if self.newest.state == DRAFT else None


def layers(store: Store, person: Person) -> list[Layer]:
    """Every layer that this person may see, the oldest first."""
    allow(person, "read")
    with store.reading() as connection:
        found = find(connection)
    if person.may("read-drafts"):
        return found
    return [_without_drafts(one) for one in found if one.state == PUBLISHED]


def layer(store: Store, person: Person, name: str) -> Layer:
    """One of them."""
    for one in layers(store, person):
        if one.layer == name:
            return one
    raise StoreError(NO_LAYER, layer=name)


def claims(store: Store, person: Person, name: str, version: int) -> gpd.GeoDataFrame:
    """The claims of a version, as uploaded and as `claims.parse` returns them."""
    _version(store, person, name, version)
    with store.reading() as connection:
        return rows.read(connection, name, version)


def original(store: Store, person: Person, name: str, version: int) -> bytes:
    """The bytes of a version as received; for whoever works on uploads, not for every viewer."""
    allow(person, "read-drafts")
    found = _version(store, person, name, version)
    with store.reading() as connection:
        data = originals.read(connection, found.original)
    if data is None:
        raise StoreError(NO_VERSION, layer=name, version=version)
    return data


def report(store: Store, person: Person, name: str, version: int) -> dict[str, Any]:
    """The report of a version, as JSON has it."""
    allow(person, "read-drafts")
    _version(store, person, name, version)
    wanted = sa.select(VERSIONS.c.report).where(
        VERSIONS.c.layer == name, VERSIONS.c.version == version
    )
    with store.reading() as connection:
        told: dict[str, Any] = json.loads(connection.execute(wanted).scalar_one())
    return told


def _version(store: Store, person: Person, name: str, version: int) -> Version:
    found = layer(store, person, name)
    if found.purged:
        raise StoreError(PURGED, layer=name, day=found.purged[:10])
    for one in found.versions:
        if one.version == version:
            return one
    raise StoreError(NO_VERSION, layer=name, version=version)


def _without_drafts(one: Layer) -> Layer:
    shown = tuple(version for version in one.versions if version.state == PUBLISHED)
    return replace(one, versions=shown)


def next_layer(connection: sa.Connection) -> tuple[str, int]:
    """Id and number of the next new layer; those of discarded ones are not used again."""
    number = (connection.execute(sa.select(sa.func.max(LAYERS.c.number))).scalar() or 0) + 1
    return f"up{number}", number


def purges(connection: sa.Connection) -> dict[str, str]:
    """Layers whose contents were removed for good, and the moment of that."""
    found = connection.execute(sa.select(PURGES).order_by(PURGES.c.layer))
    return {row.layer: row.at for row in found}


def find(connection: sa.Connection, name: str | None = None) -> list[Layer]:
    """Every layer, or the one of this name, with its versions and turns."""
    columns = [column for column in VERSIONS.c if column.name in Version.__slots__]
    wanted = {
        "layers": sa.select(LAYERS).order_by(LAYERS.c.number),
        "versions": sa.select(VERSIONS.c.layer, *columns).order_by(VERSIONS.c.version),
        "turns": sa.select(TURNS).order_by(TURNS.c.turn),
    }
    tables = {"layers": LAYERS, "versions": VERSIONS, "turns": TURNS}
    if name is not None:
        wanted = {key: one.where(tables[key].c.layer == name) for key, one in wanted.items()}
    versions: dict[str, list[Version]] = {}
    for row in connection.execute(wanted["versions"]).mappings():
        told: dict[str, Any] = {name: row[name] or "" for name in Version.__slots__}
        versions.setdefault(row["layer"], []).append(Version(**told))
    turns: dict[str, list[Turn]] = {}
    for row in connection.execute(wanted["turns"]).mappings():
        turn = Turn(row["action"], row["version"], date.fromisoformat(row["day"]), row["reason"])
        turns.setdefault(row["layer"], []).append(turn)
    gone = purges(connection)
    return [
        Layer(
            row.layer,
            row.state,
            row.rev,
            tuple(versions.get(row.layer, ())),
            tuple(turns.get(row.layer, ())),
            gone.get(row.layer, ""),
        )
        for row in connection.execute(wanted["layers"])
        if row.layer in versions  # of a discarded first draft only its number is left
    ]
