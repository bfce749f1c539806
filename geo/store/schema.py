"""The tables of the store, as its newest migration leaves them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

SCHEMA = "mali_control_map"  # of PostgreSQL; SQLite has no such thing
HEAD = "0002"  # the newest migration in `migrations/versions`

SRID = 4326


class _FromWkb(GenericFunction[bytes]):
    """WKB on its way into a column of ground."""

    type = sa.LargeBinary()
    inherit_cache = True
    name = "_from_wkb"


class _AsWkb(GenericFunction[bytes]):
    """WKB on its way out of it."""

    type = sa.LargeBinary()
    inherit_cache = True
    name = "_as_wkb"


@compiles(_FromWkb)
@compiles(_AsWkb)
def _as_it_is(element: GenericFunction[bytes], compiler: SQLCompiler, **options: object) -> str:
    return compiler.process(element.clauses, **options)


@compiles(_FromWkb, "postgresql")
def _into_postgis(element: _FromWkb, compiler: SQLCompiler, **options: object) -> str:
    return f"ST_GeomFromWKB({compiler.process(element.clauses, **options)}, {SRID})"


@compiles(_AsWkb, "postgresql")
def _out_of_postgis(element: _AsWkb, compiler: SQLCompiler, **options: object) -> str:
    return f"ST_AsBinary({compiler.process(element.clauses, **options)}, 'NDR')"


class Ground(sa.types.UserDefinedType[bytes]):
    """Ground as WKB: a `geometry` of PostGIS, a blob in SQLite."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """How a table is made with it."""
        return f"geometry(Geometry, {SRID})"

    def bind_expression(self, bindvalue: sa.BindParameter[bytes]) -> sa.ColumnElement[bytes]:
        """On its way in."""
        return _FromWkb(sa.type_coerce(bindvalue, sa.LargeBinary()))

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bytes]:
        """On its way out."""
        return _AsWkb(column)


@compiles(Ground, "sqlite")
def _blob(_element: Ground, _compiler: object, **_: object) -> str:
    return "BLOB"


METADATA = sa.MetaData()
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")

# The bytes as received, under their SHA-256. In the database, not beside it: one transaction, one
# backup, and several machines that share a database share them too.
ORIGINALS = sa.Table(
    "originals",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
)
LAYERS = sa.Table(
    "layers",
    METADATA,
    sa.Column("layer", sa.Text, primary_key=True),  # up1, up2 …
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rev", sa.Integer, nullable=False),  # grows with every change
)
VERSIONS = sa.Table(
    "versions",
    METADATA,
    sa.Column("layer", sa.Text, sa.ForeignKey("layers.layer"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("original", sa.Text, sa.ForeignKey("originals.sha256"), nullable=False),
    sa.Column("mapping", sa.Text, nullable=False),  # JSON
    sa.Column("defaults", sa.Text, nullable=False),  # JSON
    sa.Column("report", sa.Text, nullable=False),  # JSON
    sa.Column("named", sa.Text, nullable=False),  # JSON: its own sources and actors by key
    sa.Column("claims", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # SHA-256 of the claims
    sa.Column("saved_at", sa.Text, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("published_at", sa.Text),
    sa.Column("published_by", sa.Text),
)
CLAIMS = sa.Table(
    "claims",
    METADATA,
    sa.Column("layer", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("claim_id", sa.Text, nullable=False),
    sa.Column("said", _JSON, nullable=False),  # the columns of docs/claims.md
    sa.Column("ground", Ground),
    sa.ForeignKeyConstraint(["layer", "version"], ["versions.layer", "versions.version"]),
)
# What became of a layer, day by day: what a known-on date needs to know.
TURNS = sa.Table(
    "turns",
    METADATA,
    sa.Column("layer", sa.Text, sa.ForeignKey("layers.layer"), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True),
    sa.Column("action", sa.Text, nullable=False),  # publish, withdraw, restore
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
# Layers whose contents were removed for good: see `purging`.
PURGES = sa.Table(
    "purges",
    METADATA,
    sa.Column("layer", sa.Text, sa.ForeignKey("layers.layer"), primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
)
AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),  # JSON
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
