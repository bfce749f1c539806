"""One database, two makes: SQLite without a server, PostgreSQL with PostGIS for a team.

Every change is one transaction that holds the only right to write from its first moment, so that
what it read is still true when it writes. Reading sees one moment of the whole store.
"""

from __future__ import annotations

import functools
import logging
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

from geo import logs
from geo.errors import StoreError
from geo.languages import message
from geo.store import where
from geo.store.schema import HEAD, METADATA, SCHEMA

DONE = "done"  # in what a connection knows: changes of this transaction, for the log
WAIT_SECONDS = 30  # for another writer
_WRITES = "mali_writes"  # an execution option: this transaction writes
_UNBEGUN = "mali_unbegun"  # likewise: nothing begins a transaction
_LOCK = 0x6D616C69  # of PostgreSQL's advisory locks: whoever holds it may write
_CONNECT_SECONDS = 3
_OPTIONS = (
    f"-c search_path={SCHEMA},public -c statement_timeout=15000 -c lock_timeout=15000 "
    f"-c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)
# Before this release, SQLite could lose a transaction when a write-ahead log was reset.
_WAL_SINCE = (3, 51, 3)

_log = logging.getLogger(__name__)

UNREACHABLE = message("The store of uploaded layers cannot be reached, or did not answer in time.")
_PERHAPS_KEPT = message(
    "The store of uploaded layers cannot be reached, or did not answer in time. Perhaps the change "
    "was kept all the same: look at the list of layers before trying again."
)
_FULL = message(
    "There is no room left where the store of uploaded layers is kept. Nothing was changed. Make "
    "room and try again."
)
_BUSY = message(
    "Somebody else is writing to the store of uploaded layers, and has been for a while. Nothing "
    "was changed. Try again."
)
_DAMAGED = message(
    "The store of uploaded layers is damaged, or is none. Restore it from a backup: see "
    "docs/operations.md."
)
_GONE = message(
    "The file of the store of uploaded layers is gone. Nothing was changed. Put it back, or "
    "restore a backup: see docs/operations.md."
)
_NO_ACCESS = message(
    "The store of uploaded layers cannot be written to. Check who may write there: see "
    "docs/operations.md."
)
_NEWER = message(
    "The store of uploaded layers was made by a newer release of this program ({found}). Update "
    "the program."
)
_BAD_ADDRESS = message(
    "DATABASE_URL is not an address of a database. Write it as docs/operations.md shows, or leave "
    "it out."
)
_NO_POSTGIS = message(
    "PostGIS is missing from this database, and this user may not add it. Let its owner run: "
    "CREATE EXTENSION postgis"
)


class Store:
    """A database of uploaded layers, opened.

    Attributes
    ----------
    address
        As SQLAlchemy writes it; it may hold a password and is never shown.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        with _told():
            self._engine = _engine(address)
        self._ready = False
        self._lock = threading.Lock()

    @property
    def file(self) -> Path | None:
        """The file of SQLite; None: PostgreSQL."""
        return where.file_of(self.address)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One moment of the store, in which nothing changes however long it is read."""
        self.prepare()
        with self.bare_reading() as connection:
            yield connection

    @contextmanager
    def bare_reading(self) -> Iterator[sa.Connection]:
        """The same without looking whether there are tables."""
        with _told(), self._engine.connect() as connection:
            if self.file is None:
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A change: all of it is kept, or, if anything raises, nothing."""
        self.prepare()
        with self.bare_writing() as connection:
            yield connection

    @contextmanager
    def bare_writing(self) -> Iterator[sa.Connection]:
        """A change of the tables themselves, whatever they are now."""
        with _told(_PERHAPS_KEPT), self._engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            connection.info.pop(DONE, None)
            with connection.begin():
                if self.file is None:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                yield connection
            for action, layer, version in connection.info.pop(DONE, []):
                logs.tell(_log, action, layer=layer, version=version)

    @contextmanager
    def unbegun(self) -> Iterator[sa.Connection]:
        """A connection without a transaction, which SQLite asks for to copy itself."""
        with _told(), self._engine.connect() as connection:
            yield connection.execution_options(**{_WRITES: False, _UNBEGUN: True})

    def overwrite(self) -> None:
        """See to it that nothing which was deleted is left in the files of the database."""
        self.prepare()
        with self.unbegun() as connection:
            if self.file is not None:
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                return
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("SET statement_timeout = 0")
            try:
                for table in METADATA.sorted_tables:
                    connection.exec_driver_sql(f"VACUUM (FULL) {SCHEMA}.{table.name}")
            finally:
                connection.exec_driver_sql("RESET statement_timeout")

    def forget(self) -> None:
        """Give back every connection, and look again at what is there: it was replaced."""
        self._ready = False
        where.seen.discard(self.address)
        self.close()

    def prepare(self) -> None:
        """See to it that the tables are those of this release; once in the life of a store.

        Raises
        ------
        StoreError
            Its file is gone. SQLite would make a new one without a word, and an empty store of it.
        """
        with self._lock:
            if self._ready:
                if self.file is not None and not self.file.exists():
                    raise StoreError(_GONE)
                return
            if self.file is not None:
                _make_folder(self.file)
            with _told(), self._engine.connect() as connection:
                connection.execution_options(**{_WRITES: True})
                with connection.begin():
                    self._upgrade(connection)
            self._ready = True
            where.seen.add(self.address)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def _upgrade(self, connection: sa.Connection) -> None:
        if self.file is None:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        found = revision(connection)
        if found == HEAD:
            return
        if found is None and self.file is None:
            _prepare_postgres(connection)
        _migrate(connection)


def revision(connection: sa.Connection) -> str | None:
    """Which migration the tables are at; None: there are none."""
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    if not sa.inspect(connection).has_table("alembic_version", schema=schema):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


@functools.lru_cache(maxsize=8)
def opened(address: str) -> Store:
    """The store at an address, the same one for everybody in this process."""
    return Store(address)


def _engine(address: str) -> sa.Engine:
    if where.file_of(address) is not None:
        made = sa.create_engine(address, poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS})
        event.listen(made, "connect", _on_connect)
        event.listen(made, "begin", _on_begin)
        return made
    return sa.create_engine(
        address,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=10,
        pool_timeout=10,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": _OPTIONS},
    )


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout = {WAIT_SECONDS * 1000}",
        "foreign_keys = ON",
        "synchronous = FULL",
        "mmap_size = 0",
        "trusted_schema = OFF",
        "secure_delete = ON",  # a discarded draft is gone, not merely unlisted
        "recursive_triggers = ON",  # without it, REPLACE would delete past the triggers
    ):
        connection.execute(f"PRAGMA {pragma}")
    wanted = "wal" if sqlite3.sqlite_version_info >= _WAL_SINCE else "delete"
    found = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if found != wanted:
        connection.execute(f"PRAGMA journal_mode = {wanted}")


def _on_begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_UNBEGUN):
        return
    writes = options.get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_folder(file: Path) -> None:
    """Make the folder and the file, which only their owner may read: drafts are nobody else's."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as fault:
        raise StoreError(_FULL if _is_full(fault) else _NO_ACCESS) from fault


def _prepare_postgres(connection: sa.Connection) -> None:
    connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    add_postgis(connection)


def add_postgis(connection: sa.Connection) -> None:
    """See to it that a database of PostgreSQL has PostGIS."""
    installed = sa.text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
    if connection.execute(installed).scalar() is None:
        try:
            with connection.begin_nested():
                connection.execute(sa.text("CREATE EXTENSION postgis SCHEMA public"))
        except sa.exc.DBAPIError as fault:
            raise StoreError(_NO_POSTGIS) from fault


def _migrate(connection: sa.Connection) -> None:
    # Here, for they take a moment to import and are needed once in the life of a store.
    from alembic import command, config, util  # noqa: PLC0415

    settings = config.Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, "head")
    except util.CommandError as fault:
        raise StoreError(_NEWER, found=revision(connection)) from fault


def _is_full(fault: OSError) -> bool:
    return fault.errno in {27, 28, 122}  # the file is too large, no space, no quota


@contextmanager
def _told(lost: str = UNREACHABLE) -> Iterator[None]:
    """Say what went wrong with a database in words of ours: theirs name files and addresses."""
    try:
        yield
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as fault:
        _tell(fault)
        raise StoreError(_BAD_ADDRESS) from fault
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as fault:
        sentence = _sentence(fault, lost)
        if sentence is None:
            raise
        _tell(getattr(fault, "orig", None) or fault)
        raise StoreError(sentence) from fault


def _tell(fault: BaseException) -> None:
    logs.tell(_log, "store", logging.WARNING, fault=type(fault).__name__)


_SENTENCES = (
    (r"DiskFull|database or disk is full|disk I/O error|No space left|file too large", _FULL),
    (r"database is locked|lock timeout|LockNotAvailable", _BUSY),
    (r"malformed|not a database|file is encrypted", _DAMAGED),
    (r"readonly|read-only|unable to open|permission denied", _NO_ACCESS),
)


def _sentence(fault: sa.exc.SQLAlchemyError, lost: str) -> str | None:
    """What to say of a fault; None: it is ours, and must be seen as it is."""
    told = f"{type(getattr(fault, 'orig', None)).__name__} {fault}"
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, told, re.IGNORECASE):
            return sentence
    ours = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)
    return None if isinstance(fault, ours) else lost
