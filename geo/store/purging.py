"""Removing for good what endangers somebody: the one way in which something published goes away.

Of a purged layer its file as received, claims, titles, reports and reasons are gone, from the
audit log too. What is left says that there was a layer, when, by whom, and the hashes of what it
was. So that the log can still be verified, the entry of the purge vouches for every entry out of
which it took words: by the hash of that entry as it stands now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from geo.errors import StoreError
from geo.languages import message
from geo.store import shelf, trail
from geo.store.engine import Store
from geo.store.people import Person, allow
from geo.store.schema import AUDIT, CLAIMS, LAYERS, ORIGINALS, PURGES, TURNS, VERSIONS

MOST_REASON = 500  # characters
# Of an entry of the log, what nobody has written: everything else is taken out of it.
_NO_WORDS = frozenset({"version", "original", "content", "claims", "day"})

_EMPTY = {
    "title": "",
    "filename": "",
    "mapping": "{}",
    "defaults": "{}",
    "report": "{}",
    "named": "{}",
}
_ON_THE_MAP = message("Layer {layer} is on the map. Withdraw it before you remove it for good.")
_NO_REASON = message(
    "Say why it is removed, in 1 to {most} characters of plain text. That stays in the audit log: "
    "name nobody who is to be protected."
)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge has left.

    Attributes
    ----------
    head
        Of the audit log.
    shared
        Other layers that rest on the same file as received, which therefore is still kept.
    before
        Whether the layer was purged already, and only the space it had was cleared again.
    """

    head: str
    shared: tuple[str, ...]
    before: bool


def purge(store: Store, person: Person, layer: str, *, at: datetime, reason: str) -> Purged:
    """Remove the contents of a layer that is not on the map, for good.

    The space they had in the database is overwritten, too. Where that fails, the layer is purged
    all the same; asked once more, only the space is cleared.

    Raises
    ------
    StoreError
        The person may not, there is no such layer, it is on the map, or no reason is given.
    """
    allow(person, "purge")
    plain = " ".join(reason.split())
    if not 1 <= len(plain) <= MOST_REASON or not plain.isprintable():
        raise StoreError(_NO_REASON, most=MOST_REASON)
    with store.writing() as connection:
        known = sa.select(LAYERS.c.state).where(LAYERS.c.layer == layer)
        state = connection.execute(known).scalar()
        if state is None:
            raise StoreError(shelf.NO_LAYER, layer=layer)
        if state == shelf.PUBLISHED:
            raise StoreError(_ON_THE_MAP, layer=layer)
        before = layer in shelf.purges(connection)
        head = trail.head(connection)
        if not before:
            head = _purge(connection, person, layer, at=at, reason=plain)
        shared = _shared(connection, layer)
    store.overwrite()
    return Purged(head, shared, before)


def _purge(
    connection: sa.Connection, person: Person, layer: str, *, at: datetime, reason: str
) -> str:
    connection.execute(sa.insert(PURGES), {"layer": layer, "at": trail.moment(at)})
    connection.execute(sa.delete(CLAIMS).where(CLAIMS.c.layer == layer))
    connection.execute(sa.update(VERSIONS).where(VERSIONS.c.layer == layer).values(**_EMPTY))
    connection.execute(sa.update(TURNS).where(TURNS.c.layer == layer).values(reason=""))
    connection.execute(
        sa.update(ORIGINALS)
        .where(ORIGINALS.c.sha256.in_(_files(layer)), ~ORIGINALS.c.sha256.in_(_files_of_others()))
        .values(bytes=b"")
    )
    connection.execute(
        sa.update(LAYERS).where(LAYERS.c.layer == layer).values(rev=LAYERS.c.rev + 1)
    )
    vouched = dict(_without_words(connection, layer))
    detail = {"version": None, "reason": reason, "emptied": vouched}
    return trail.append(connection, person, trail.PURGE, layer=layer, at=at, detail=detail)


def _without_words(connection: sa.Connection, layer: str) -> Iterator[tuple[str, str]]:
    """Take what people wrote out of the entries of a layer: their numbers, and hashes from now."""
    log = connection.execute(sa.select(AUDIT).where(AUDIT.c.layer == layer)).mappings().all()
    for entry in log:
        detail: Mapping[str, Any] = json.loads(entry["detail"])
        emptied = {name: value if name in _NO_WORDS else "" for name, value in detail.items()}
        if emptied == detail:
            continue
        text = trail.canonical(emptied)
        connection.execute(sa.update(AUDIT).where(AUDIT.c.n == entry["n"]).values(detail=text))
        yield str(entry["n"]), trail.hash_of({**entry, "detail": text})


def _files(layer: str) -> sa.Select[tuple[str]]:
    return sa.select(VERSIONS.c.original).where(VERSIONS.c.layer == layer)


def _files_of_others() -> sa.Select[tuple[str]]:
    """The files on which layers rest that were not purged."""
    return sa.select(VERSIONS.c.original).where(_of_others())


def _of_others() -> sa.ColumnElement[bool]:
    return VERSIONS.c.layer.not_in(sa.select(PURGES.c.layer))


def _shared(connection: sa.Connection, layer: str) -> tuple[str, ...]:
    others = (
        sa.select(VERSIONS.c.layer)
        .where(VERSIONS.c.original.in_(_files(layer)), _of_others())
        .distinct()
        .order_by(VERSIONS.c.layer)
    )
    return tuple(connection.execute(others).scalars())
