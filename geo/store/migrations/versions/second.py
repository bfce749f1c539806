"""What was purged, and triggers that let its contents go, and nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.store.migrations.versions import first

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PURGED = "EXISTS (SELECT 1 FROM purges p WHERE p.layer = old.layer)"
_RESTED_ON = (
    "EXISTS (SELECT 1 FROM versions v WHERE v.original = old.sha256 "
    "AND NOT EXISTS (SELECT 1 FROM purges p WHERE p.layer = v.layer))"
)


def _same(*columns: str) -> str:
    return " AND ".join(f"new.{name} IS NOT DISTINCT FROM old.{name}" for name in columns)


# table: when a change of a row is refused (None: always), as in the first migration.
_KEPT = {
    ("audit", "UPDATE"): (
        f"NOT ({_PURGED} AND "
        f"{_same('n', 'at', 'who', 'role', 'action', 'layer', 'previous', 'hash')})"
    ),
    ("turns", "UPDATE"): (
        f"NOT ({_PURGED} AND new.reason = '' AND "
        f"{_same('layer', 'turn', 'action', 'version', 'day')})"
    ),
    ("originals", "UPDATE"): (f"{_RESTED_ON} OR length(new.bytes) > 0 OR NOT ({_same('sha256')})"),
    ("versions", "UPDATE"): (
        f"old.state <> 'draft' AND NOT ({_PURGED} AND new.title = '' AND new.filename = '' "
        "AND new.mapping = '{}' AND new.defaults = '{}' AND new.report = '{}' "
        "AND new.named = '{}' AND "
        + _same(
            *("layer", "version", "state", "original", "claims", "content"),
            *("saved_at", "saved_by", "published_at", "published_by"),
        )
        + ")"
    ),
    ("claims", "DELETE"): f"{first.DRAFT_ONLY} AND NOT {_PURGED}",
    ("purges", "UPDATE"): None,
    ("purges", "DELETE"): None,
}


def upgrade() -> None:
    """Make the table, and the triggers anew."""
    op.create_table(
        "purges",
        sa.Column("layer", sa.Text, sa.ForeignKey("layers.layer"), primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    for (table, change), refused_when in _KEPT.items():
        if table != "purges":
            on = f" ON {table}" if postgres else ""
            op.execute(f"DROP TRIGGER {table}_{change.lower()}{on}")
        (first.postgres_trigger if postgres else first.sqlite_trigger)(table, change, refused_when)
    if postgres:
        op.execute(
            "CREATE TRIGGER purges_truncate BEFORE TRUNCATE ON purges "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {first.function('purges', 'DELETE')}()"
        )
