"""A backup and its way back: one file, made while others work, looked at before it counts.

The file is a zip archive of what the database itself writes (`VACUUM INTO`, `pg_dump`) and a
manifest: what it holds, the head of its audit log, and the SHA-256 of the copy. A live database
file is never copied.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from geo.errors import StoreError
from geo.languages import message
from geo.store import engine, trail
from geo.store.engine import Store
from geo.store.people import Person, allow
from geo.store.schema import HEAD, LAYERS, SCHEMA

_MANIFEST, _COPY = "manifest.json", "store"
_FORMAT = 1
_TOO_LARGE = 25  # the signal for a file past its limit, which Windows does not have
_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

_NOT_WHOLE = message(
    "Something in this store is not as it was written, so a backup of it could not be trusted. "
    "The command audit verify says what."
)
_NO_ROOM = message("The backup could not be read or written: {reason}. Nothing was changed.")
_NO_BACKUP = message("This is no backup of a store, or it is damaged. Nothing was changed.")
_OTHER_KIND = message(
    "This backup is of {theirs}, and the store is {ours}. Nothing was changed. Set DATABASE_URL "
    "as docs/operations.md shows."
)
_THERE = message(
    "There is a store with layers already. Nothing was changed. With --replace it is put aside, "
    "and the backup takes its place."
)
_NO_TOOL = message(
    "{tool} of PostgreSQL is needed for this, and is not installed here or is too old. Install the "
    "client programs of the server's release."
)


class _Held(NamedTuple):
    layers: int
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes
    ----------
    format
        Of the file.
    kind
        `sqlite` or `postgresql`.
    made_at
        Moment, as `trail.moment` writes it.
    revision
        The migration its tables are at.
    layers, entries, head
        How many layers and entries of the audit log, and the hash of its newest.
    sha256
        Of the copy in it.
    """

    format: int
    kind: str
    made_at: str
    revision: str
    layers: int
    entries: int
    head: str
    sha256: str


def make(store: Store, person: Person, target: Path, *, at: datetime) -> Manifest:
    """Write a backup of the whole store to a file, which appears whole or not at all.

    Raises
    ------
    StoreError
        The person may not, the store is damaged, a tool is missing, or there is no room.
    """
    allow(person, "backup")
    store.prepare()
    with _told_of_disk(), tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        copy = Path(folder) / _COPY
        told = _copied_sqlite(store, copy) if store.file else _copied_postgres(store, copy)
        manifest = Manifest(
            format=_FORMAT,
            kind="sqlite" if store.file else "postgresql",
            made_at=trail.moment(at),
            revision=HEAD,
            layers=told.layers,
            entries=told.entries,
            head=told.head,
            sha256=_sha256(copy),
        )
        packed = Path(folder) / "packed"
        # pg_dump packs what it writes; of the rest the most is packed already.
        how = zipfile.ZIP_DEFLATED if store.file else zipfile.ZIP_STORED
        with zipfile.ZipFile(packed, "w", how, compresslevel=1) as archive:
            archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
            archive.write(copy, _COPY)
        _to_disk(packed)
        packed.replace(target)
    return manifest


def restore(
    store: Store, person: Person, source: Path, *, at: datetime, replace: bool = False
) -> Manifest:
    """Put a backup in the place of the store, once it has been looked at in full.

    Parameters
    ----------
    replace
        Whether a store that holds layers is put aside; else it is left and this is refused.

    Returns
    -------
    What the backup says of itself, which is what the store now holds.
    """
    allow(person, "backup")
    with _told_of_disk(), tempfile.TemporaryDirectory(dir=_near(store)) as folder:
        copy = Path(folder) / _COPY
        manifest = _unpacked(source, copy)
        ours = "sqlite" if store.file else "postgresql"
        if manifest.kind != ours:
            names = {"theirs": _KINDS[manifest.kind], "ours": _KINDS[ours]}
            raise StoreError(_OTHER_KIND, **names)
        if not replace and _in_use(store):
            raise StoreError(_THERE)
        aside = trail.moment(at).replace("-", "").replace(":", "").lower()
        put_back = _restored_sqlite if store.file else _restored_postgres
        put_back(store, copy, manifest, f"before_{aside}")
    return manifest


# ---- SQLite


def _copied_sqlite(store: Store, copy: Path) -> _Held:
    with store.unbegun() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
    return _looked_at(f"sqlite:///{copy}")


def _restored_sqlite(store: Store, copy: Path, manifest: Manifest, aside: str) -> None:
    _check(_looked_at(f"sqlite:///{copy}"), manifest)
    file = Path(store.address.removeprefix("sqlite:///"))
    copy.chmod(0o600)
    _to_disk(copy)
    store.forget()
    if file.exists():
        file.replace(file.with_name(f"{file.stem}_{aside}{file.suffix}"))
    copy.replace(file)


def _looked_at(address: str) -> _Held:
    copy = Store(address)
    try:
        with copy.reading() as connection:
            whole = connection.execute(sa.text("PRAGMA integrity_check")).scalar()
            if whole != "ok":
                raise StoreError(_NOT_WHOLE)
            return _held(connection)
    finally:
        copy.close()


# ---- PostgreSQL


def _copied_postgres(store: Store, copy: Path) -> _Held:
    with store.bare_reading() as connection:
        # pg_dump looks at the same moment as we do, for as long as it takes.
        for patience in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(sa.text(f"SET LOCAL {patience} = 0"))
        snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        what = ["--format=custom", f"--schema={SCHEMA}", "--no-owner", "--no-privileges"]
        _run(store, "pg_dump", [*what, f"--snapshot={snapshot}", f"--file={copy}"])
        return _held(connection)


def _restored_postgres(store: Store, copy: Path, manifest: Manifest, aside: str) -> None:
    used, before = _in_use(store), f"{SCHEMA}_{aside}"
    away = f"ALTER SCHEMA {SCHEMA} RENAME TO {before}" if used else f"DROP SCHEMA {SCHEMA} CASCADE"
    with store.bare_writing() as connection:
        connection.execute(sa.text(away))
        engine.add_postgis(connection)
    store.forget()
    try:
        what = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        _run(store, "pg_restore", [*what, f"--dbname={_named(store)}", str(copy)])
        with store.reading() as connection:  # brought up to date, if it is of an older release
            _check(_held(connection), manifest)
    except StoreError:
        with store.bare_writing() as connection:
            connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            if used:
                connection.execute(sa.text(f"ALTER SCHEMA {before} RENAME TO {SCHEMA}"))
        store.forget()
        raise


def _run(store: Store, tool: str, arguments: list[str]) -> None:
    program = shutil.which(tool)
    if program is None:
        raise StoreError(_NO_TOOL, tool=tool)
    url = sa.make_url(store.address)
    told = {
        "PGHOST": url.host or "",
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": url.password or "",  # never among the arguments, which anybody can list
        "PGDATABASE": url.database or "",
    }
    for name in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
        value = url.query.get(name)
        told[f"PG{name.upper()}"] = value if isinstance(value, str) else ""
    environment = os.environ | {name: value for name, value in told.items() if value}
    done = subprocess.run(  # noqa: S603 -- a program of the system, no shell
        [program, *arguments], env=environment, capture_output=True, check=False
    )
    if done.returncode:
        complaint = done.stderr.decode(errors="replace")
        if "server version" in complaint:
            raise StoreError(_NO_TOOL, tool=tool)
        if done.returncode == -_TOO_LARGE or re.search("No space left|File too large", complaint):
            raise StoreError(_NO_ROOM, reason=os.strerror(28))
        raise StoreError(_NO_BACKUP if tool == "pg_restore" else engine.UNREACHABLE)


def _named(store: Store) -> str:
    return sa.make_url(store.address).database or ""


# ---- both


def _held(connection: sa.Connection) -> _Held:
    """What a store holds; raise `StoreError` if anything in it is not as it was written."""
    verdict = trail.examine(connection)
    if verdict.faults:
        raise StoreError(_NOT_WHOLE)
    layers = connection.execute(sa.select(sa.func.count()).select_from(LAYERS)).scalar_one()
    return _Held(layers, verdict.entries, verdict.head)


def _check(held: _Held, manifest: Manifest) -> None:
    """Raise `StoreError` unless a store holds what the manifest says."""
    if held != (manifest.layers, manifest.entries, manifest.head):
        raise StoreError(_NO_BACKUP)


def _in_use(store: Store) -> bool:
    if store.file is not None and not store.file.exists():
        return False
    with store.reading() as connection:
        return connection.execute(sa.select(LAYERS.c.layer).limit(1)).first() is not None


def _near(store: Store) -> Path | None:
    """A folder on the disk of the store, so that a file can take its place in one step."""
    if store.file is None:
        return None
    store.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return store.file.parent


def _unpacked(source: Path, copy: Path) -> Manifest:
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = Manifest(**json.loads(archive.read(_MANIFEST)))
            with archive.open(_COPY) as packed, copy.open("wb") as file:
                shutil.copyfileobj(packed, file)
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, EOFError) as fault:
        raise StoreError(_NO_BACKUP) from fault
    known = manifest.format == _FORMAT and manifest.kind in _KINDS
    if not known or _sha256(copy) != manifest.sha256:
        raise StoreError(_NO_BACKUP)
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    """See to it that a file outlives a power cut, and with it the folder's entry for it."""
    for place, flag in ((path, os.O_RDWR), (path.parent, os.O_RDONLY)):
        with suppress(PermissionError):  # Windows does not open folders
            handle = os.open(place, flag)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


@contextmanager
def _told_of_disk() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise StoreError(_NO_ROOM, reason=fault.strerror or str(fault.errno)) from fault
