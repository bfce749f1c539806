"""The audit log: who did what and when, each entry chained to the one before by its hash.

Whoever can write to the database past the triggers can also write a whole new chain. So the hash
of the newest entry is told with every change and in every backup: keep it elsewhere, and `verify`
says whether it still stands in the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from geo.errors import StoreError
from geo.languages import message
from geo.store import originals, rows, shelf
from geo.store.engine import DONE, Store
from geo.store.people import Person, allow
from geo.store.schema import AUDIT, LAYERS, TURNS, VERSIONS

START = "0" * 64  # what the first entry is chained to
SHOWN = ("publish", "withdraw", "restore")  # what changes the map
PURGE = "purge"  # contents removed for good: see `purging`

_NAIVE = message("A change needs a moment with its time zone.")
_CUT = message("No entry has the hash {hash}: the log was cut or written anew.")
_MISSING = message("Entry {n} is missing.")
_UNCHAINED = message("Entry {n} is not chained to the one before.")
_ENTRY = message("Entry {n} was changed.")
_LOG_ONLY = message("Layer {layer}, version {version} stands in the log, but not in the store.")
_STORE_ONLY = message("Layer {layer}, version {version} stands in the store, but not in the log.")
_OTHER = message("Layer {layer}, version {version} is not what the log says it is.")
_FILE = message("Layer {layer}, version {version}: the file as received was changed or lost.")
_CLAIMS = message("Layer {layer}, version {version}: its claims were changed or lost.")
_PURGES = message("Layer {layer} was removed for good otherwise than the log says.")
_LEFT = message("Layer {layer}, version {version} was removed for good, but some of it is there.")
_TURNS = message("Layer {layer} was published, withdrawn or restored otherwise than the log says.")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written: a message of the catalogue, and what fills it."""

    sentence: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        """The same in English."""
        return self.sentence.format(**self.values)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole log, and at what it vouches for, has found.

    Attributes
    ----------
    entries
        How many there are.
    head
        Hash of the newest; `START` where there is none.
    faults
        What is wrong, in the order of the log; none: all is as it was written.
    """

    entries: int
    head: str
    faults: tuple[Fault, ...]


def moment(at: datetime) -> str:
    """A moment as the store writes it: `2026-11-22T18:05:09Z`."""
    if at.tzinfo is None:
        raise StoreError(_NAIVE)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def append(
    connection: sa.Connection,
    person: Person,
    action: str,
    *,
    layer: str,
    at: datetime,
    detail: Mapping[str, Any],
) -> str:
    """Add an entry in the transaction of the change it tells of; its hash."""
    newest = connection.execute(
        sa.select(AUDIT.c.n, AUDIT.c.hash).order_by(AUDIT.c.n.desc()).limit(1)
    ).first()
    entry = {
        "n": newest.n + 1 if newest else 1,
        "at": moment(at),
        "who": person.name,
        "role": person.role,
        "action": action,
        "layer": layer,
        "detail": canonical(detail),
        "previous": newest.hash if newest else START,
    }
    entry["hash"] = hash_of(entry)
    connection.execute(sa.insert(AUDIT), entry)
    connection.info.setdefault(DONE, []).append((action, layer, detail.get("version")))
    return str(entry["hash"])


def canonical(value: object) -> str:
    """JSON that is the same text for the same value."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def entries(store: Store, person: Person, *, layer: str | None = None) -> list[dict[str, Any]]:
    """The log, the oldest entry first; of one layer, or of all."""
    allow(person, "audit")
    wanted = sa.select(AUDIT).order_by(AUDIT.c.n)
    if layer is not None:
        wanted = wanted.where(AUDIT.c.layer == layer)
    with store.reading() as connection:
        found = connection.execute(wanted).mappings().all()
    return [{**row, "detail": json.loads(row["detail"])} for row in found]


def head(connection: sa.Connection) -> str:
    """Hash of the newest entry."""
    newest = sa.select(AUDIT.c.hash).order_by(AUDIT.c.n.desc()).limit(1)
    return connection.execute(newest).scalar() or START


def verify(store: Store, person: Person, *, anchor: str | None = None) -> Verdict:
    """Read everything and say what is not as it was written.

    Parameters
    ----------
    anchor
        The head as it was told once; it must still be the hash of an entry.
    """
    allow(person, "audit")
    with store.reading() as connection:
        return examine(connection, anchor=anchor)


def examine(connection: sa.Connection, *, anchor: str | None = None) -> Verdict:
    """`verify` for who holds a connection."""
    log = [dict(row) for row in connection.execute(sa.select(AUDIT).order_by(AUDIT.c.n)).mappings()]
    faults = [*_broken(log), *_unlike(connection, log)]
    if anchor is not None and anchor not in {START, *(entry["hash"] for entry in log)}:
        faults.append(_fault(_CUT, hash=anchor))
    return Verdict(len(log), log[-1]["hash"] if log else START, tuple(faults))


def _broken(log: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Where the chain does not hold."""
    previous, vouched = START, _vouched(log)
    for number, entry in enumerate(log, start=1):
        if entry["n"] != number:
            yield _fault(_MISSING, n=number)
            return
        if entry["previous"] != previous:
            yield _fault(_UNCHAINED, n=number)
        if hash_of(entry) not in {entry["hash"], vouched.get((entry["layer"], number))}:
            yield _fault(_ENTRY, n=number)
        previous = entry["hash"]


def _vouched(log: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """The hashes of entries without the words that a purge took out of them."""
    found: dict[tuple[str, int], str] = {}
    for entry in log:
        if entry["action"] == PURGE and entry["hash"] == hash_of(entry):
            emptied = json.loads(entry["detail"])["emptied"]
            found |= {(entry["layer"], int(n)): sha256 for n, sha256 in emptied.items()}
    return found


def _unlike(connection: sa.Connection, log: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Where the store holds something else than the log says."""
    told: dict[tuple[str, int], Mapping[str, Any]] = {}
    turns: dict[str, list[tuple[str, int, str]]] = {}
    gone: dict[str, str] = {}
    for entry in log:
        detail = json.loads(entry["detail"])
        if entry["action"] == "draft":
            told[entry["layer"], detail["version"]] = detail
        elif entry["action"] == "discard":
            told.pop((entry["layer"], detail["version"]), None)
        elif entry["action"] in SHOWN:
            turn = (entry["action"], detail["version"], detail["day"])
            turns.setdefault(entry["layer"], []).append(turn)
        elif entry["action"] == PURGE:
            gone[entry["layer"]] = entry["at"]
    yield from _other_versions(connection, told, gone)
    yield from _other_turns(connection, turns)
    kept = shelf.purges(connection)
    for layer in sorted(gone.keys() | kept.keys()):
        if gone.get(layer) != kept.get(layer):
            yield _fault(_PURGES, layer=layer)


def _other_versions(
    connection: sa.Connection,
    told: dict[tuple[str, int], Mapping[str, Any]],
    gone: Mapping[str, str],
) -> Iterator[Fault]:
    found = connection.execute(sa.select(VERSIONS)).mappings().all()
    kept = {(row["layer"], row["version"]): row for row in found}
    rested_on = {row["original"] for row in found if row["layer"] not in gone}
    for layer, version in sorted(told.keys() ^ kept.keys()):
        sentence = _LOG_ONLY if (layer, version) in told else _STORE_ONLY
        yield _fault(sentence, layer=layer, version=version)
    for key in sorted(told.keys() & kept.keys()):
        row, about = kept[key], {"layer": key[0], "version": key[1]}
        if any(row[name] != told[key][name] for name in ("original", "content", "title")):
            yield _fault(_OTHER, **about)
        content, count = rows.content_of(connection, *key)
        if key[0] in gone:
            data = originals.read(connection, row["original"])
            words = [row[name] for name in ("title", "filename", "report", "named", "mapping")]
            file_left = data != b"" and row["original"] not in rested_on
            if count or file_left or set(words) - {"", "{}"}:
                yield _fault(_LEFT, **about)
            continue
        if originals.hash_of(connection, row["original"]) != row["original"]:
            yield _fault(_FILE, **about)
        if (content, count) != (row["content"], row["claims"]):
            yield _fault(_CLAIMS, **about)


def _other_turns(
    connection: sa.Connection, told: dict[str, list[tuple[str, int, str]]]
) -> Iterator[Fault]:
    kept: dict[str, list[tuple[str, int, str]]] = {}
    for row in connection.execute(sa.select(TURNS).order_by(TURNS.c.layer, TURNS.c.turn)):
        kept.setdefault(row.layer, []).append((row.action, row.version, row.day))
    layers = {row.layer: row.state for row in connection.execute(sa.select(LAYERS))}
    states = {"publish": "published", "withdraw": "withdrawn", "restore": "published"}
    for layer in sorted({*told, *kept, *layers}):
        turns = told.get(layer, [])
        state = states[turns[-1][0]] if turns else "draft"
        if turns != kept.get(layer, []) or layers.get(layer) != state:
            yield _fault(_TURNS, layer=layer)


def _fault(sentence: str, **values: object) -> Fault:
    return Fault(sentence, values)


def hash_of(entry: Mapping[str, Any]) -> str:
    """What an entry, as it stands, is chained by."""
    told = {name: entry[name] for name in entry if name != "hash"}
    return hashlib.sha256(f"{entry['previous']}\n{canonical(told)}".encode()).hexdigest()
