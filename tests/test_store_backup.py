"""Backup and restore, on both databases: what comes back is what was there."""

import json
import os
import resource
import shutil
import subprocess
import time
import zipfile

import ordeals
import pytest
import sqlalchemy as sa
import uploads
from uploads import ANALYST, EDITOR, MONDAY, later

from geo.errors import StoreError
from geo.store import backup, desk, engine, schema, trail, where


@pytest.fixture
def lived(store):
    """A store with layers of every state; the second has a file of some size."""
    up1 = desk.put_up(store, EDITOR, uploads.upload(*uploads.many(40)), at=MONDAY).layer
    desk.withdraw(store, EDITOR, "up1", rev=up1.rev, at=later(1))
    large = uploads.upload(data=os.urandom(300_000), title="Large")
    desk.put_up(store, EDITOR, large, at=later(2))
    desk.save(store, ANALYST, uploads.upload(title="Draft"), at=later(3))
    return store


@pytest.fixture
def made(lived, tmp_path):
    """A backup of it."""
    target = tmp_path / "backup.zip"
    backup.make(lived, EDITOR, target, at=later(4))
    return target


def everything(store):
    """Every row of every table."""
    with store.reading() as connection:
        return {
            name: sorted(map(repr, connection.execute(sa.select(table))))
            for name, table in schema.METADATA.tables.items()
        }


def test_what_comes_back_is_what_was_there(lived, made):
    before = everything(lived)
    desk.put_up(lived, EDITOR, uploads.upload(title="Later"), at=later(5))
    manifest = backup.restore(lived, EDITOR, made, at=later(6), replace=True)
    assert everything(lived) == before
    assert (manifest.layers, manifest.entries) == (3, 6)
    assert trail.verify(lived, EDITOR) == trail.Verdict(6, manifest.head, ())
    desk.put_up(lived, EDITOR, uploads.upload(title="After"), at=later(7))


def test_a_restored_store_is_guarded_as_before(lived, made):
    backup.restore(lived, EDITOR, made, at=later(6), replace=True)
    with (
        pytest.raises(sa.exc.DBAPIError, match="audit is kept as it is"),
        lived.writing() as connection,
    ):
        connection.execute(sa.text("DELETE FROM audit"))


def test_the_store_that_was_there_is_put_aside(lived, made):
    backup.restore(lived, EDITOR, made, at=later(6), replace=True)
    if lived.file is not None:
        names = sorted(path.name for path in lived.file.parent.iterdir())
        assert names == ["store.sqlite", "store_before_20260712t093000z.sqlite"]
        return
    with lived.reading() as connection:
        names = connection.execute(sa.text("SELECT nspname FROM pg_namespace")).scalars().all()
        assert f"{schema.SCHEMA}_before_20260712t093000z" in names


def test_a_store_with_layers_is_not_replaced_unless_that_is_said(lived, made):
    before = everything(lived)
    with pytest.raises(StoreError, match="There is a store with layers already"):
        backup.restore(lived, EDITOR, made, at=later(6))
    assert everything(lived) == before


def test_a_backup_moves_into_an_empty_place(lived, made, tmp_path):
    before = everything(lived)
    if lived.file is not None:
        shutil.move(lived.file, tmp_path / "gone")
    else:
        with lived.bare_writing() as connection:
            connection.execute(sa.text(f"DROP SCHEMA {schema.SCHEMA} CASCADE"))
        lived.forget()
    backup.restore(lived, EDITOR, made, at=later(6))
    assert everything(lived) == before


def rewritten(made, change):
    """The same archive with something else in it."""
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def claims_more(parts):
    told = json.loads(parts["manifest.json"])
    parts["manifest.json"] = json.dumps(told | {"entries": 7}).encode()


DAMAGED = {
    "cut": lambda made: made.write_bytes(made.read_bytes()[:-2000]),
    "no archive": lambda made: made.write_bytes(b"PK no"),
    "no manifest": lambda made: rewritten(made, lambda parts: parts.pop("manifest.json")),
    "another manifest": lambda made: rewritten(made, claims_more),
    "another format": lambda made: rewritten(
        made, lambda parts: parts.update({"manifest.json": b'{"format": 9}'})
    ),
    "a changed copy": lambda made: rewritten(
        made, lambda parts: parts.update(store=parts["store"][:-1] + b"x")
    ),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_backup_changes_nothing(lived, made, damage):
    before = everything(lived)
    DAMAGED[damage](made)
    with pytest.raises(StoreError, match="no backup of a store, or it is damaged"):
        backup.restore(lived, EDITOR, made, at=later(6), replace=True)
    assert everything(lived) == before


def test_a_damaged_store_is_not_backed_up(lived, tmp_path):
    with lived.writing() as connection:
        if lived.file is None:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(sa.text("DROP TRIGGER audit_update"))
        connection.execute(sa.text("UPDATE audit SET who = 'Nobody' WHERE n = 2"))
    with pytest.raises(StoreError, match="a backup of it could not be trusted"):
        backup.make(lived, EDITOR, tmp_path / "backup.zip", at=later(4))
    assert not (tmp_path / "backup.zip").exists()


def test_only_an_editor_makes_or_restores_a_backup(lived, made, tmp_path):
    with pytest.raises(StoreError, match="may not do this"):
        backup.make(lived, ANALYST, tmp_path / "other.zip", at=later(4))
    with pytest.raises(StoreError, match="may not do this"):
        backup.restore(lived, ANALYST, made, at=later(4), replace=True)


def test_a_backup_of_another_database_is_refused(lived, made):
    def turned(parts):
        told = json.loads(parts["manifest.json"])
        kind = "postgresql" if told["kind"] == "sqlite" else "sqlite"
        parts["manifest.json"] = json.dumps(told | {"kind": kind}).encode()

    rewritten(made, turned)
    with pytest.raises(StoreError, match="This backup is of"):
        backup.restore(lived, EDITOR, made, at=later(6), replace=True)


def test_a_backup_that_finds_no_room_leaves_nothing(lived, tmp_path):
    target = tmp_path / "backup.zip"
    before = sorted(tmp_path.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StoreError, match=r"no room|not be read or written"):
            backup.make(lived, EDITOR, target, at=later(4))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(tmp_path.iterdir()) == before
    assert not trail.verify(lived, EDITOR).faults


def test_a_backup_may_take_longer_than_a_transaction_may_stand_idle(
    postgres, tmp_path, monkeypatch
):
    impatient = engine._OPTIONS.replace("session_timeout=60000", "session_timeout=100")
    assert impatient != engine._OPTIONS
    monkeypatch.setattr(engine, "_OPTIONS", impatient)
    run = backup._run

    def slowly(*arguments):
        run(*arguments)
        time.sleep(0.3)

    monkeypatch.setattr(backup, "_run", slowly)
    monkeypatch.setenv(where.URL, postgres.database())
    with ordeals.opened(where.address()) as store:
        desk.put_up(store, EDITOR, uploads.upload(), at=MONDAY)
        assert backup.make(store, EDITOR, tmp_path / "backup.zip", at=MONDAY).layers == 1


def test_the_tools_of_postgresql_are_told_the_address_but_not_by_their_arguments(monkeypatch):
    asked = {}

    def run(command, **told):
        asked.update(command=command, **told)
        return subprocess.CompletedProcess(command, 0, b"", b"")

    monkeypatch.setattr(backup.shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(backup.subprocess, "run", run)
    address = "postgresql+psycopg://awa:secret@db.example:5433/map?sslmode=verify-full"
    with ordeals.opened(address) as store:
        backup._run(store, "pg_dump", ["--version"])
    assert asked["command"] == ["/usr/bin/pg_dump", "--version"]
    told = {name: asked["env"][name] for name in asked["env"] if name.startswith("PG")}
    assert told == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "awa",
        "PGPASSWORD": "secret",
        "PGDATABASE": "map",
        "PGSSLMODE": "verify-full",
    }
