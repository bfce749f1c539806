"""What people do with uploaded layers: save a draft, publish, correct, withdraw, restore.

Every function takes who asks and when, looks whether they may, and is one transaction: the change,
the turn it gives the layer and the entry in the audit log are kept together or not at all.
A change to a layer names the revision that whoever makes it has seen; if somebody else was faster,
nothing is changed and they are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import geopandas as gpd
import sqlalchemy as sa

from geo.errors import StoreError
from geo.languages import message
from geo.store import originals, rows, shelf, trail
from geo.store.engine import Store
from geo.store.people import Person, allow
from geo.store.schema import CLAIMS, LAYERS, TURNS, VERSIONS
from geo.store.shelf import DRAFT, NO_LAYER, PUBLISHED, WITHDRAWN, Layer, Turn

MOST_TITLE = 200  # characters
MOST_REASON = 500

_CHANGED = message(
    "Somebody has changed layer {layer} since you looked at it: it is now at revision {now}, and "
    "you saw {seen}. Nothing was changed. Look at it again."
)
_REFUSED = message("The file was refused, so it cannot be saved. Mend what is told and try again.")
_OTHER_FILE = message("The report is about another file than the one that came with it.")
_PURGED_FILE = message(
    "This very file was removed for good, as layer {layer}, for safety. It is not taken again."
)
_NO_TITLE = message("A layer needs a title: 1 to {most} characters of plain text.")
_NO_REASON = message("A reason is at most {most} characters of plain text.")
_HAS_DRAFT = message(
    "Layer {layer} has a draft already, saved by {name}. Publish or discard it first."
)
_NO_DRAFT = message("Layer {layer} has no draft. Save one first.")
_NOT_SHOWN = message("Layer {layer} is not on the map, so it cannot be withdrawn.")
_NOT_WITHDRAWN = message("Layer {layer} was not withdrawn, so it cannot be restored.")
_IS_WITHDRAWN = message("Layer {layer} is withdrawn. Restore it before you publish a new version.")


class Report(Protocol):
    """What the store needs of an `ingest.Report`."""

    @property
    def verdict(self) -> str:
        """`accept`, `warn` or `reject`."""

    @property
    def filename(self) -> str:
        """What the reader called the file."""

    @property
    def sha256(self) -> str:
        """Of the bytes as received."""

    @property
    def layer(self) -> gpd.GeoDataFrame | None:
        """The claims."""

    @property
    def mapping(self) -> Mapping[str, str]:
        """Column -> field."""

    @property
    def defaults(self) -> Mapping[str, str]:
        """Field -> value."""

    @property
    def sources(self) -> Mapping[str, str]:
        """Key -> text of sources that are the upload's own."""

    @property
    def actors(self) -> Mapping[str, str]:
        """Key -> text of actors that are the upload's own."""

    def to_json(self) -> str:
        """Everything but the claims."""


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """A file to be kept.

    Attributes
    ----------
    data
        The bytes as received.
    report
        What `ingest.validate` made of them.
    title
        What readers shall see: plain text.
    corrects
        Id of the layer of which it is the next version, and the revision that was seen; None: a
        new layer.
    """

    data: bytes
    report: Report
    title: str
    corrects: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a change has left: the layer as it is now, and the new head of the audit log."""

    layer: Layer
    head: str


# ---- changes


def save(store: Store, person: Person, upload: Upload, *, at: datetime) -> Done:
    """Keep a file and its claims as a draft, of a new layer or as the next version of one.

    Raises
    ------
    StoreError
        The person may not, the file was refused, the layer has a draft or was changed meanwhile.
    """
    allow(person, "draft")
    with store.writing() as connection:
        return _save(connection, person, upload, at=at)


def publish(store: Store, person: Person, layer: str, *, rev: int, at: datetime) -> Done:
    """Put the draft of a layer on the map; the version before stays for earlier known-on days."""
    allow(person, "publish")
    with store.writing() as connection:
        return _publish(connection, person, layer, rev=rev, at=at)


def put_up(store: Store, person: Person, upload: Upload, *, at: datetime) -> Done:
    """`save` and `publish` in one: there is no draft at any time."""
    allow(person, "publish")
    with store.writing() as connection:
        done = _save(connection, person, upload, at=at)
        return _publish(connection, person, done.layer.layer, rev=done.layer.rev, at=at)


def withdraw(
    store: Store, person: Person, layer: str, *, rev: int, at: datetime, reason: str = ""
) -> Done:
    """Take a layer off the map; a known-on day before this one still shows it."""
    allow(person, "withdraw")
    with store.writing() as connection:
        found = _seen(connection, layer, rev)
        if found.shown is None:
            raise StoreError(_NOT_SHOWN, layer=layer)
        plain = " ".join(reason.split())
        if len(plain) > MOST_REASON or not plain.isprintable():
            raise StoreError(_NO_REASON, most=MOST_REASON)
        version = found.shown.version
        return _turn(connection, person, found, Turn("withdraw", version, _day(at), plain), at=at)


def restore(store: Store, person: Person, layer: str, *, rev: int, at: datetime) -> Done:
    """Put a withdrawn layer back on the map, from this day on."""
    allow(person, "restore")
    with store.writing() as connection:
        found = _seen(connection, layer, rev)
        if found.state != WITHDRAWN:
            raise StoreError(_NOT_WITHDRAWN, layer=layer)
        version = found.turns[-1].version
        return _turn(connection, person, found, Turn("restore", version, _day(at)), at=at)


def discard(store: Store, person: Person, layer: str, *, rev: int, at: datetime) -> str:
    """Drop a draft, and the layer with it if it has no other version; the new head of the log."""
    allow(person, "draft")
    with store.writing() as connection:
        found = _seen(connection, layer, rev)
        draft = found.draft
        if draft is None:
            raise StoreError(_NO_DRAFT, layer=layer)
        if not person.wrote(draft.saved_by):
            allow(person, "draft-of-others")
        for table in (CLAIMS, VERSIONS):
            of_draft = (table.c.layer == layer, table.c.version == draft.version)
            connection.execute(sa.delete(table).where(*of_draft))
        originals.forget(connection, draft.original)
        detail = {"version": draft.version, "title": draft.title, "original": draft.original}
        head = trail.append(connection, person, "discard", layer=layer, at=at, detail=detail)
        if len(found.versions) > 1:
            _bump(connection, found, found.state)
        else:
            connection.execute(sa.update(LAYERS).where(LAYERS.c.layer == layer).values(rev=rev + 1))
        return head


# ---- within a transaction


def _save(connection: sa.Connection, person: Person, upload: Upload, *, at: datetime) -> Done:
    told = upload.report
    table, original_sha = told.layer, originals.keep(connection, upload.data)
    if table is None or told.verdict == "reject" or table.empty:
        raise StoreError(_REFUSED)
    if told.sha256 != original_sha:
        raise StoreError(_OTHER_FILE)
    if purged := originals.purged(connection, original_sha):
        raise StoreError(_PURGED_FILE, layer=purged)
    found = _new(connection) if upload.corrects is None else _seen(connection, *upload.corrects)
    if found.versions and found.draft is not None:
        raise StoreError(_HAS_DRAFT, layer=found.layer, name=found.draft.saved_by)
    version = found.versions[-1].version + 1 if found.versions else 1
    row = {
        "layer": found.layer,
        "version": version,
        "state": DRAFT,
        "title": _titled(upload.title),
        "filename": told.filename,
        "original": original_sha,
        "mapping": trail.canonical(dict(told.mapping)),
        "defaults": trail.canonical(dict(told.defaults)),
        "report": told.to_json(),
        "named": trail.canonical({"sources": dict(told.sources), "actors": dict(told.actors)}),
        "claims": len(table),
        "content": rows.hash_of(table),
        "saved_at": trail.moment(at),
        "saved_by": person.name,
    }
    connection.execute(sa.insert(VERSIONS), row)
    rows.write(connection, found.layer, version, table)
    kept = ("version", "title", "filename", "original", "content", "claims")
    detail = {name: row[name] for name in kept}
    head = trail.append(connection, person, "draft", layer=found.layer, at=at, detail=detail)
    return Done(_bump(connection, found, found.state), head)


def _publish(
    connection: sa.Connection, person: Person, name: str, *, rev: int, at: datetime
) -> Done:
    found = _seen(connection, name, rev)
    if found.state == WITHDRAWN:
        raise StoreError(_IS_WITHDRAWN, layer=name)
    if not found.versions or found.draft is None:
        raise StoreError(_NO_DRAFT, layer=name)
    version = found.draft.version
    connection.execute(
        sa.update(VERSIONS)
        .where(VERSIONS.c.layer == name, VERSIONS.c.version == version)
        .values(state=PUBLISHED, published_at=trail.moment(at), published_by=person.name)
    )
    return _turn(connection, person, found, Turn("publish", version, _day(at)), at=at)


def _turn(
    connection: sa.Connection, person: Person, found: Layer, turn: Turn, *, at: datetime
) -> Done:
    """Give a layer its next turn. Days never run backwards, whatever a clock says."""
    day = max(turn.day, found.turns[-1].day) if found.turns else turn.day
    told = {"version": turn.version, "day": day.isoformat(), "reason": turn.reason}
    key = {"layer": found.layer, "turn": len(found.turns) + 1, "action": turn.action}
    connection.execute(sa.insert(TURNS), {**key, **told})
    head = trail.append(connection, person, turn.action, layer=found.layer, at=at, detail=told)
    state = WITHDRAWN if turn.action == "withdraw" else PUBLISHED
    return Done(_bump(connection, found, state), head)


def _new(connection: sa.Connection) -> Layer:
    name, number = shelf.next_layer(connection)
    made = Layer(name, DRAFT, 0, ())
    row = {"layer": name, "number": number, "state": DRAFT, "rev": 0}
    connection.execute(sa.insert(LAYERS), row)
    return made


def _seen(connection: sa.Connection, name: str, rev: int) -> Layer:
    """The layer, if it is still as it was seen."""
    found = [one for one in shelf.find(connection, name) if one.versions]
    if not found:
        raise StoreError(NO_LAYER, layer=name)
    if found[0].purged:
        raise StoreError(shelf.PURGED, layer=name, day=found[0].purged[:10])
    if found[0].rev != rev:
        raise StoreError(_CHANGED, layer=name, now=found[0].rev, seen=rev)
    return found[0]


def _bump(connection: sa.Connection, found: Layer, state: str) -> Layer:
    """Give a layer its next revision, unless somebody else just has."""
    changed = connection.execute(
        sa.update(LAYERS)
        .where(LAYERS.c.layer == found.layer, LAYERS.c.rev == found.rev)
        .values(rev=found.rev + 1, state=state)
    )
    if changed.rowcount != 1:
        raise StoreError(_CHANGED, layer=found.layer, now=found.rev + 1, seen=found.rev)
    return shelf.find(connection, found.layer)[0]


def _titled(title: str) -> str:
    plain = " ".join(title.split())
    if not 1 <= len(plain) <= MOST_TITLE or not plain.isprintable():
        raise StoreError(_NO_TITLE, most=MOST_TITLE)
    return plain


def _day(at: datetime) -> date:
    return date.fromisoformat(trail.moment(at)[:10])
