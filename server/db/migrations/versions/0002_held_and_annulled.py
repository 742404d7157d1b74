"""Visits may be held, restored and annulled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN_BEFORE = sa.text("state IN ('waiting', 'called', 'serving')")
OPEN_NOW = sa.text("state IN ('waiting', 'called', 'serving', 'held')")
NO_SHOW = sa.text("state = 'no_show'")
HELD = sa.text("state = 'held' AND held_until IS NOT NULL")
NEW_COLUMNS = ("held_at", "held_until", "held_reason", "returned", "absent_ms", "held_ms")


def upgrade() -> None:
    """Forward."""
    op.drop_index("ix_visit_open", "visit")
    with op.batch_alter_table("visit") as visit:
        visit.add_column(sa.Column("held_at", UtcTime()))
        visit.add_column(sa.Column("held_until", UtcTime()))
        visit.add_column(sa.Column("held_reason", sa.String(200)))
        visit.add_column(sa.Column("returned", sa.Boolean(), nullable=False, server_default=sa.false()))
        visit.add_column(sa.Column("absent_ms", sa.Integer(), nullable=False, server_default="0"))
        visit.add_column(sa.Column("held_ms", sa.Integer(), nullable=False, server_default="0"))
    _index("ix_visit_open", ["office"], OPEN_NOW)
    _index("ix_visit_no_show", ["office", "day"], NO_SHOW)
    _index("ix_visit_held_until", ["held_until"], HELD)
    with op.batch_alter_table("day_sum") as day_sum:
        day_sum.add_column(sa.Column("annulled", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Back."""
    for name in ("ix_visit_held_until", "ix_visit_no_show", "ix_visit_open"):
        op.drop_index(name, "visit")
    with op.batch_alter_table("visit") as visit:
        for column in NEW_COLUMNS:
            visit.drop_column(column)
    _index("ix_visit_open", ["office"], OPEN_BEFORE)
    with op.batch_alter_table("day_sum") as day_sum:
        day_sum.drop_column("annulled")


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "visit", columns, sqlite_where=where, postgresql_where=where)
