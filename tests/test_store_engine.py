"""The database beneath: how it is opened, brought up to date, waited for, and told to be broken."""

import concurrent.futures
import os
import sqlite3
import stat
import threading

import psycopg
import pytest
import sqlalchemy as sa
import uploads
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from uploads import EDITOR, MONDAY

from geo.errors import StoreError
from geo.store import desk, engine, schema, shelf, trail, where


@pytest.fixture
def opens():
    """Opens stores as other processes would; they are closed in the end."""
    made = []

    def opened(address):
        made.append(engine.Store(address))
        return made[-1]

    yield opened
    for one in made:
        one.close()


@pytest.fixture
def sqlite(tmp_path, opens):
    return opens(f"sqlite:///{tmp_path / 'folder' / where.FILE}")


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_the_migrations_make_the_tables_that_the_program_knows(store):
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = compare_metadata(context, schema.METADATA)
        differences = [d for d in found if d[0] not in {"remove_table", "remove_index"}]
        assert differences == []
        assert engine.revision(connection) == schema.HEAD


def test_ground_in_postgis_is_geometry_with_a_spatial_index(store):
    if store.file is not None:
        pytest.skip("of PostgreSQL")
    desk.put_up(store, EDITOR, uploads.upload(), at=MONDAY)
    with store.reading() as connection:
        ask = "SELECT count(*) FROM claims WHERE ST_Intersects(ground, ST_Point(:lon, 15.5, 4326))"
        assert connection.execute(sa.text(ask), {"lon": -1.5}).scalar() == 1
        assert connection.execute(sa.text(ask), {"lon": 3}).scalar() == 0
        index = "SELECT indexdef FROM pg_indexes WHERE indexname = 'claims_ground'"
        assert "USING gist (ground)" in connection.execute(sa.text(index)).scalar()


def test_a_store_can_be_opened_by_a_second_process_and_by_the_next_release(store, opens):
    desk.put_up(store, EDITOR, uploads.upload(), at=MONDAY)
    again = opens(store.address)
    assert shelf.layers(again, EDITOR) == shelf.layers(store, EDITOR)


def test_a_store_of_a_newer_release_is_left_alone(store, opens):
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer release of this program \(9999\)"):
        shelf.layers(opens(store.address), EDITOR)


def test_sqlite_is_opened_so_that_nothing_acknowledged_is_lost(sqlite):
    with sqlite.reading() as connection:
        told = {
            name: connection.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("synchronous", "foreign_keys", "busy_timeout", "journal_mode")
        }
    journal = "wal" if sqlite3.sqlite_version_info >= (3, 51, 3) else "delete"
    assert told == {
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "journal_mode": journal,
    }


@pytest.mark.skipif(os.name != "posix", reason="of POSIX")
def test_nobody_else_may_read_the_file_of_sqlite(sqlite):
    shelf.layers(sqlite, EDITOR)
    assert stat.S_IMODE(sqlite.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(sqlite.file.parent.stat().st_mode) == 0o700


def test_writers_wait_for_each_other_and_none_is_lost(store, opens):
    store.prepare()
    start = threading.Barrier(4)

    def work(number):
        own = opens(store.address)
        start.wait()
        for step in range(5):
            given = uploads.upload(title=f"{number}.{step}", data=bytes([number, step]))
            desk.put_up(own, EDITOR, given, at=MONDAY)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    found = shelf.layers(store, EDITOR)
    assert [one.layer for one in found] == [f"up{n}" for n in range(1, 21)]
    assert len({one.newest.title for one in found}) == 20
    verdict = trail.verify(store, EDITOR)
    assert (verdict.entries, verdict.faults) == (40, ())


def test_a_change_that_breaks_off_leaves_nothing(store, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("power cut")

    for part in ((desk.rows, "write"), (desk.trail, "append"), (desk, "_bump")):
        with monkeypatch.context() as patch:
            patch.setattr(*part, broken)
            with pytest.raises(RuntimeError, match="power cut"):
                desk.put_up(store, EDITOR, uploads.upload(), at=MONDAY)
        assert shelf.layers(store, EDITOR) == []
    with store.reading() as connection:
        for table in schema.METADATA.tables.values():
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0


# ---- what can go wrong, told in a sentence without names of files or addresses


def test_a_file_that_is_no_database_is_told(sqlite):
    sqlite.file.parent.mkdir()
    sqlite.file.write_bytes(b"This is no database at all. " * 50)
    with pytest.raises(StoreError, match=r"is damaged, or is none. Restore it") as told:
        shelf.layers(sqlite, EDITOR)
    assert str(sqlite.file) not in str(told.value)


def test_a_place_that_cannot_be_written_is_told(tmp_path, opens):
    (tmp_path / "file").write_text("in the way")
    blocked = opens(f"sqlite:///{tmp_path / 'file' / 'store.sqlite'}")
    with pytest.raises(StoreError, match="cannot be written to"):
        shelf.layers(blocked, EDITOR)


@pytest.mark.parametrize("address", ["mysql://x", "postgresql", "no address", "oracle:thin"])
def test_an_address_that_is_none_is_told_without_repeating_it(address):
    with pytest.raises(StoreError, match="DATABASE_URL is not an address of a database"):
        engine.Store(address)


def test_a_server_that_does_not_answer_is_told_without_its_password(opens):
    nobody = opens("postgresql+psycopg://awa:secret@127.0.0.1:9/store")
    with pytest.raises(StoreError, match="cannot be reached") as told:
        shelf.layers(nobody, EDITOR)
    assert "secret" not in str(told.value)


def test_whoever_waits_too_long_for_another_writer_is_told(sqlite, opens, monkeypatch):
    sqlite.prepare()
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0)
    impatient = opens(sqlite.address)
    with sqlite.writing(), pytest.raises(StoreError, match="Somebody else is writing"):
        desk.put_up(impatient, EDITOR, uploads.upload(), at=MONDAY)
    desk.put_up(impatient, EDITOR, uploads.upload(), at=MONDAY)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("postgres://a:b@h/d", "postgresql+psycopg://a:b@h/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////srv/store.sqlite", "sqlite:////srv/store.sqlite"),
    ],
)
def test_the_address_is_taken_from_the_environment(monkeypatch, url, address):
    monkeypatch.setenv(where.URL, f" {url} ")
    assert where.address() == address


def test_without_an_address_the_store_is_a_file_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv(where.FOLDER, str(tmp_path))
    assert where.file_of(where.address()) == tmp_path / "store.sqlite"
    assert where.absent(where.address())
    monkeypatch.delenv(where.FOLDER)
    assert "mali-control-map" in where.address()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (psycopg.errors.DiskFull("could not extend file"), engine._FULL),
        (psycopg.errors.LockNotAvailable("canceling"), engine._BUSY),
        (psycopg.errors.InsufficientPrivilege("permission denied for schema"), engine._NO_ACCESS),
        (psycopg.errors.QueryCanceled("statement timeout"), engine.UNREACHABLE),
        (psycopg.errors.AdminShutdown("terminating connection"), engine.UNREACHABLE),
        (sqlite3.OperationalError("database or disk is full"), engine._FULL),
        (sqlite3.DatabaseError("database disk image is malformed"), engine._DAMAGED),
        (sqlite3.OperationalError("attempt to write a readonly database"), engine._NO_ACCESS),
    ],
)
def test_what_a_database_complains_of_is_told_in_words_of_ours(fault, sentence):
    kind = sa.exc.OperationalError("INSERT …", {}, fault)
    with pytest.raises(StoreError) as told, engine._told():
        raise kind
    assert told.value.sentence == sentence


def test_a_mistake_of_this_program_is_not_called_anything_else():
    with pytest.raises(sa.exc.IntegrityError), engine._told():
        raise sa.exc.IntegrityError("INSERT …", {}, sqlite3.IntegrityError("UNIQUE failed"))
