"""The first tables, and the triggers that keep what must never change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# table: when a change of a row is refused (None: always). `old` is the row as it stands.
DRAFT_ONLY = (
    "(SELECT state FROM versions v WHERE v.layer = old.layer AND v.version = old.version) "
    "IS DISTINCT FROM 'draft'"
)
_KEPT = {
    ("audit", "UPDATE"): None,
    ("audit", "DELETE"): None,
    ("turns", "UPDATE"): None,
    ("turns", "DELETE"): None,
    ("originals", "UPDATE"): None,
    ("originals", "DELETE"): "EXISTS (SELECT 1 FROM versions v WHERE v.original = old.sha256)",
    ("versions", "UPDATE"): "old.state <> 'draft'",
    ("versions", "DELETE"): "old.state <> 'draft'",
    ("claims", "UPDATE"): None,
    ("claims", "DELETE"): DRAFT_ONLY,
}


def upgrade() -> None:
    """Make everything."""
    postgres = op.get_bind().dialect.name == "postgresql"
    _tables()
    if postgres:
        op.execute("ALTER TABLE claims ADD COLUMN ground geometry(Geometry, 4326)")
        op.execute("CREATE INDEX claims_ground ON claims USING gist (ground)")
    else:
        op.execute("ALTER TABLE claims ADD COLUMN ground BLOB")
    op.create_index("versions_original", "versions", ["original"])
    for (table, change), refused_when in _KEPT.items():
        (postgres_trigger if postgres else sqlite_trigger)(table, change, refused_when)
    if postgres:
        for table in ("audit", "turns", "originals", "versions", "claims"):
            op.execute(
                f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {function('audit', 'DELETE')}()"
            )


def _tables() -> None:
    text = sa.Text
    op.create_table(
        "originals",
        sa.Column("sha256", text, primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "layers",
        sa.Column("layer", text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("state", text, nullable=False),
        sa.Column("rev", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="layers_state"),
    )
    op.create_table(
        "versions",
        sa.Column("layer", text, sa.ForeignKey("layers.layer"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        *(sa.Column(name, text, nullable=False) for name in ("state", "title", "filename")),
        sa.Column("original", text, sa.ForeignKey("originals.sha256"), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("mapping", "defaults", "report")),
        sa.Column("named", text, nullable=False),
        sa.Column("claims", sa.Integer, nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("content", "saved_at", "saved_by")),
        sa.Column("published_at", text),
        sa.Column("published_by", text),
        sa.CheckConstraint("state IN ('draft', 'published')", name="versions_state"),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name="versions_published"
        ),
    )
    op.create_table(
        "claims",
        sa.Column("layer", text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("claim_id", text, nullable=False),
        sa.Column("said", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["layer", "version"], ["versions.layer", "versions.version"]),
    )
    op.create_table(
        "turns",
        sa.Column("layer", text, sa.ForeignKey("layers.layer"), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("action", text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("day", text, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.CheckConstraint("action IN ('publish', 'withdraw', 'restore')", name="turns_action"),
    )
    op.create_table(
        "audit",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, text, nullable=False) for name in ("at", "who", "role", "action")),
        *(sa.Column(name, text, nullable=False) for name in ("layer", "detail", "previous")),
        sa.Column("hash", text, nullable=False),
    )


def function(table: str, change: str) -> str:
    """Name of the function of PostgreSQL behind a trigger."""
    return f"keep_{table}_{change.lower()}"


def sqlite_trigger(table: str, change: str, refused_when: str | None) -> None:
    """Refuse a change of rows for which `refused_when` holds; None: of every row."""
    when = ""
    if refused_when:
        # SQLite writes "IS DISTINCT FROM" as "IS NOT", and had no other before 3.39.
        told = refused_when.replace("IS NOT DISTINCT FROM", "IS")
        when = f"WHEN {told.replace('IS DISTINCT FROM', 'IS NOT')} "
    op.execute(
        f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is kept as it is: no {change.lower()} here'); END"
    )


def postgres_trigger(table: str, change: str, refused_when: str | None) -> None:
    """Do the same in PostgreSQL."""
    name, condition = function(table, change), refused_when or "true"
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path FROM CURRENT "
        f"AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '% is kept as it is: no % here', TG_TABLE_NAME, lower(TG_OP); END IF; "
        f"RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
