"""`make reliability`: every ordeal of the store many times, and a table for docs/reliability.md."""

import sys
import tempfile
import time
from pathlib import Path

import ordeals
import postgres

from geo.store import engine, schema

KILLS = {"sqlite": 80, "postgresql": 30}
FRESH_KILLS = 20
PUBLISHES = 200  # of each of two writers
FULL = 20
RESTARTS = 20
BACKUPS = 10


def main(only):
    begun = time.monotonic()
    print("| ordeal | database | figures |\n|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        if only in {"", "sqlite"}:
            _on_sqlite(Path(folder))
    if only == "sqlite":
        return
    if postgres.binaries() is None:
        sys.exit("PostgreSQL is not installed: its half was not done.")
    with tempfile.TemporaryDirectory() as folder, postgres.server(durable=True) as server:
        _on_postgres(server, Path(folder))
    # As on a disk that fills up while others use it: no file may grow past this.
    with postgres.server(largest=32_000_000) as server:
        address = _address(server)
        _row("full disk", "postgresql", ordeals.full_server(address))
    print(f"\nEverything held, in {time.monotonic() - begun:.0f} s.")


def _on_sqlite(folder):
    def address(name):
        return f"sqlite:///{folder / name / 'store.sqlite'}"

    def fresh():
        (folder / "fresh" / "store.sqlite").unlink(missing_ok=True)

    _row("kill -9", "sqlite", ordeals.killed(address("killed"), KILLS["sqlite"]))
    made = ordeals.killed(address("fresh"), FRESH_KILLS, fresh=fresh, seed=1)
    _row("kill -9 while the store is made", "sqlite", made)
    _row("two writers", "sqlite", ordeals.two_writers(address("writers"), PUBLISHES))
    _row("full disk", "sqlite", ordeals.full_disk(address("full"), FULL))
    (folder / "backups").mkdir()
    backups = ordeals.backed_up(address("backed-up"), folder / "backups", BACKUPS)
    _row("backup under load, restored", "sqlite", backups)


def _on_postgres(server, folder):
    kills = ordeals.killed(_address(server), KILLS["postgresql"], most_seconds=1.5)
    _row("kill -9", "postgresql", kills)
    _row("two writers", "postgresql", ordeals.two_writers(_address(server), PUBLISHES))
    stopped = ordeals.restarted(server, _address(server), RESTARTS)
    _row("server stopped and started", "postgresql", stopped)
    backups = ordeals.backed_up(_address(server), folder, BACKUPS)
    _row("backup under load, restored", "postgresql", backups)


def _address(server):
    return server.database().replace("postgresql://", "postgresql+psycopg://")


def _row(ordeal, database, figures):
    told = [f"{name}: {_shown(value)}" for name, value in figures.items()]
    print(f"| {ordeal} | {database} | {'; '.join(told)} |", flush=True)


def _shown(value):
    return f"{value:.1f}" if isinstance(value, float) else value


if __name__ == "__main__":
    print(f"SQLite {engine.sqlite3.sqlite_version}, tables at {schema.HEAD}", flush=True)
    main(*sys.argv[1:] or [""])
