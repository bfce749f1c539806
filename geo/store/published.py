"""What of the store is or was on the map, and on which days."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import sqlalchemy as sa

from geo.layers import Removed
from geo.store import rows, shelf, trail
from geo.store.desk import Upload
from geo.store.engine import Store
from geo.store.schema import TURNS, VERSIONS
from geo.store.shelf import Turn


@dataclass(frozen=True, slots=True)
class Spell:
    """Days on which this map gave a version: `first` included, `after` not; None: it still does."""

    version: int
    first: date
    after: date | None


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """A version that was published.

    Attributes
    ----------
    version, title, day
        Its number, its title, and when it was published. By whom, no reader of the map is told.
    claims
        As uploaded, as `claims.parse` returns them.
    sources, actors
        Key -> what the upload says, for those that are its own.
    """

    version: int
    title: str
    day: date
    claims: gpd.GeoDataFrame
    sources: Mapping[str, str]
    actors: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """A layer that is or was on the map.

    Attributes
    ----------
    layer
        Its id.
    shown
        Whether it is on the map now.
    editions
        Its published versions, the first one first; at least one.
    spells
        When it was on the map, in order and apart from each other; none, if it was never there
        for a whole day.
    """

    layer: str
    shown: bool
    editions: tuple[Edition, ...]
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Every published layer at one moment.

    Attributes
    ----------
    layers
        The oldest first.
    removed
        Those whose contents were removed for good.
    seen
        All that decides what is to be seen on the map.
    next_layer
        The id that the next new layer gets.
    """

    layers: tuple[Published, ...]
    removed: tuple[Removed, ...]
    seen: tuple[tuple[str, ...], ...]
    next_layer: str

    @property
    def stamp(self) -> str:
        """Another text whenever anything else is to be seen; `""` if nothing ever was."""
        return _stamped(self.seen)


NOTHING = Found((), (), (), "up1")


def read(store: Store) -> Found:
    """Everything that is or was on the map, the oldest layer first."""
    with store.reading() as connection:
        everything = [one for one in shelf.find(connection) if one.turns]
        found = tuple(
            Published(
                layer=one.layer,
                shown=one.state == shelf.PUBLISHED,
                editions=tuple(
                    edition(connection, one.layer, version)
                    for version in one.versions
                    if version.state == shelf.PUBLISHED
                ),
                spells=spells(one.turns),
            )
            for one in everything
            if not one.purged
        )
        removed = tuple(_removed(one) for one in everything if one.purged)
        return Found(found, removed, _seen(connection), shelf.next_layer(connection)[0])


def _removed(one: shelf.Layer) -> Removed:
    shown = tuple((spell.first, spell.after) for spell in spells(one.turns))
    return Removed(one.layer, date.fromisoformat(one.purged[:10]), shown)


def foreseen(found: Found, upload: Upload, day: date) -> tuple[Published, ...]:
    """The published layers as they would be if `upload` were published on a day."""
    report = upload.report
    if report.layer is None:
        return found.layers
    layer = upload.corrects[0] if upload.corrects else found.next_layer
    before = next((one for one in found.layers if one.layer == layer), None)
    editions = before.editions if before else ()
    version = editions[-1].version + 1 if editions else 1
    edition = Edition(version, upload.title, day, report.layer, report.sources, report.actors)
    ended = tuple(
        replace(spell, after=day) if spell.after is None else spell
        for spell in (before.spells if before else ())
    )
    spells = tuple(one for one in ended if one.after is None or one.first < one.after)
    made = Published(
        layer,
        shown=True,
        editions=(*editions, edition),
        spells=(*spells, Spell(version, day, None)),
    )
    if before is None:
        return (*found.layers, made)
    return tuple(made if one is before else one for one in found.layers)


def stamp(store: Store) -> str:
    """The `Found.stamp` that `read` would give, without reading a claim."""
    with store.reading() as connection:
        return _stamped(_seen(connection))


def stamp_of(foreseen: Sequence[Published], found: Found, upload: Upload, content: str) -> str:
    """The `stamp` that there will be once `foreseen` has come true.

    So whatever was made of the map that was tried need not be made again when it is published.
    """
    layer = upload.corrects[0] if upload.corrects else found.next_layer
    edition = next(one for one in foreseen if one.layer == layer).editions[-1]
    days = [seen[4] for seen in found.seen if seen[0] == layer and seen[2:]]
    turn = (
        *(layer, str(len(days) + 1), "publish", str(edition.version)),
        *(max([edition.day.isoformat(), *days]), content, edition.title),
        trail.canonical({"sources": dict(edition.sources), "actors": dict(edition.actors)}),
    )
    return _stamped((*found.seen, turn))


def spells(turns: Sequence[Turn]) -> tuple[Spell, ...]:
    """When which version was on the map. What came and went on one day was never there."""
    found: list[Spell] = []
    begun: Turn | None = None
    for turn in turns:
        if begun is not None:
            found.append(Spell(begun.version, begun.day, turn.day))
        begun = None if turn.action == "withdraw" else turn
    if begun is not None:
        found.append(Spell(begun.version, begun.day, None))
    return tuple(spell for spell in found if spell.after is None or spell.first < spell.after)


def _stamped(seen: Sequence[tuple[str, ...]]) -> str:
    return hashlib.sha256(json.dumps(sorted(seen)).encode()).hexdigest() if seen else ""


def _seen(connection: sa.Connection) -> tuple[tuple[str, ...], ...]:
    # The bytes of a version never change, but a store may be put in the place of another.
    wanted = sa.select(
        TURNS.c.layer,
        TURNS.c.turn,
        TURNS.c.action,
        TURNS.c.version,
        TURNS.c.day,
        VERSIONS.c.content,
        VERSIONS.c.title,
        VERSIONS.c.named,
    ).join(VERSIONS, (VERSIONS.c.layer == TURNS.c.layer) & (VERSIONS.c.version == TURNS.c.version))
    told = [tuple(str(cell) for cell in row) for row in connection.execute(wanted)]
    return (*told, *shelf.purges(connection).items())


def edition(connection: sa.Connection, layer: str, version: shelf.Version) -> Edition:
    """A version with its claims; a draft as if it were published when it was saved."""
    wanted = sa.select(VERSIONS.c.named).where(
        VERSIONS.c.layer == layer, VERSIONS.c.version == version.version
    )
    named = json.loads(connection.execute(wanted).scalar_one())
    return Edition(
        version=version.version,
        title=version.title,
        day=date.fromisoformat((version.published_at or version.saved_at)[:10]),
        claims=rows.read(connection, layer, version.version),
        sources=named["sources"],
        actors=named["actors"],
    )
