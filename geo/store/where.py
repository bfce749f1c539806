"""Where the store is: decided by the environment, without opening anything."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

URL = "DATABASE_URL"  # of the environment: postgresql://user:password@host/name, or sqlite:///file
FOLDER = "MALI_CONTROL_STORE"  # of the environment: a folder to use in place of the usual one
FILE = "store.sqlite"

_DRIVER = "postgresql+psycopg://"


def address() -> str:
    """Address of the database, as SQLAlchemy writes it: what `DATABASE_URL` says, or a file."""
    named = os.environ.get(URL, "").strip()
    if named:
        # Hosts that hand out addresses write the short forms; the driver is our business.
        for short in ("postgresql://", "postgres://"):
            if named.startswith(short):
                return _DRIVER + named.removeprefix(short)
        return named
    return f"sqlite:///{folder() / FILE}"


def folder() -> Path:
    """The folder of the SQLite file, where no database is named."""
    named = os.environ.get(FOLDER)
    return Path(named or platformdirs.user_data_dir("mali-control-map", appauthor=False)).absolute()


def file_of(address: str) -> Path | None:
    """The file a database lies in; None: it is not SQLite."""
    return Path(address.removeprefix("sqlite:///")) if address.startswith("sqlite:///") else None


def absent(address: str) -> bool:
    """Whether there is certainly no store: there is no file, nor has this process seen one.

    Nothing is opened. A file that was there and is gone is a fault, which opening it tells.
    """
    file = file_of(address)
    return file is not None and address not in seen and not file.exists()


seen: set[str] = set()  # addresses of stores that this process has opened, kept by `engine`
