"""The bytes as received, each kept once under its SHA-256."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from geo.store.schema import ORIGINALS, PURGES, VERSIONS


def keep(connection: sa.Connection, data: bytes) -> str:
    """Keep the bytes, if they are not kept yet; their SHA-256, in hex."""
    sha256 = hashlib.sha256(data).hexdigest()
    known = sa.select(ORIGINALS.c.sha256).where(ORIGINALS.c.sha256 == sha256)
    if connection.execute(known).scalar() is None:
        connection.execute(sa.insert(ORIGINALS), {"sha256": sha256, "bytes": data})
    return sha256


def read(connection: sa.Connection, sha256: str) -> bytes | None:
    """The bytes; None: they are not kept."""
    wanted = sa.select(ORIGINALS.c.bytes).where(ORIGINALS.c.sha256 == sha256)
    found = connection.execute(wanted).scalar()
    return None if found is None else bytes(found)


def purged(connection: sa.Connection, sha256: str) -> str | None:
    """The layer with which these bytes were removed for good; None: they were not."""
    if read(connection, sha256) != b"":
        return None
    rested = sa.select(VERSIONS.c.layer).where(VERSIONS.c.original == sha256)
    gone = rested.where(VERSIONS.c.layer.in_(sa.select(PURGES.c.layer)))
    return connection.execute(gone.order_by(VERSIONS.c.layer).limit(1)).scalar()


def hash_of(connection: sa.Connection, sha256: str) -> str | None:
    """SHA-256 of the bytes that are kept under one; None: there are none."""
    data = read(connection, sha256)
    return None if data is None else hashlib.sha256(data).hexdigest()


def forget(connection: sa.Connection, sha256: str) -> None:
    """Drop the bytes of a discarded draft, unless a version still rests on them."""
    used = sa.select(VERSIONS.c.layer).where(VERSIONS.c.original == sha256).limit(1)
    if connection.execute(used).scalar() is None:
        connection.execute(sa.delete(ORIGINALS).where(ORIGINALS.c.sha256 == sha256))
