"""A PostgreSQL of our own: in a temporary folder, on a loopback port, without any privilege."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

from geo.store.schema import SCHEMA

REQUIRED = "MCM_REQUIRE_POSTGRES"  # of the environment: without a server, tests fail
USER = "mali"


def binaries():
    """The folder of the server's programs; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Server:
    """One cluster. Root may not run it, so root hands it to the user `postgres`."""

    def __init__(self, folder, *, durable=False, largest=None):
        self.folder, self.durable, self.largest = Path(folder), durable, largest
        self.data = self.folder / "data"
        self.programs = binaries()
        self.port = _free_port()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8")

    def start(self):
        told = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "fsync": "on" if self.durable else "off",
            "max_connections": 60,
            "shared_buffers": "32MB",
        }
        options = " ".join(f"-c {name}={value}" for name, value in told.items())
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-t", "60", "-o", options, "start")

    def stop(self, mode="immediate"):
        self._run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def database(self):
        """Address of the database, without anything but PostGIS in it."""
        with self.connected() as connection:
            # One database for all tests: with PostGIS, each costs 10 MB and half a second.
            connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
            named = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)"
            for (name,) in connection.execute(named, [SCHEMA]).fetchall():
                connection.execute(f"DROP SCHEMA {name} CASCADE")
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    @contextmanager
    def connected(self):
        address = f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection

    def _run(self, program, *arguments):
        command = [str(self.programs / program), *map(str, arguments)]
        if self.largest and program == "pg_ctl":  # as if the disk were full
            command = ["prlimit", f"--fsize={self.largest}:{self.largest}", *command]
        if os.geteuid() == 0:
            command = [
                *("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"),
                *("env", f"HOME={self.folder}"),
                *command,
            ]
        done = subprocess.run(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server runs
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {log.read_text() if log.exists() else done.returncode}")


@contextmanager
def server(*, durable=False, largest=None):
    """A server that runs for as long as the block; removed with all its data.

    Parameters
    ----------
    durable
        Whether it waits for the disk, as a real one does; tests need not.
    largest
        Bytes of the largest file it may write; None: no limit.
    """
    folder = Path(tempfile.mkdtemp(prefix="mali-postgres-"))
    try:
        made = Server(folder, durable=durable, largest=largest)
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
