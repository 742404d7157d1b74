"""Terminals lease numbers, tell how they stand and print what staff order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODE = sa.String(40)


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("number_series") as series:
        series.add_column(sa.Column("leased_from", sa.Integer()))
    op.create_table(
        "number_lease",
        sa.Column("office", CODE, sa.ForeignKey("office_log.office"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("prefix", sa.String(2), primary_key=True),
        sa.Column("first", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("terminal", sa.String(60), nullable=False),
    )
    op.create_table(
        "terminal",
        sa.Column("office", CODE, sa.ForeignKey("office_log.office"), primary_key=True),
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("printer", sa.String(16), nullable=False),
        sa.Column("fault", sa.String(300), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("unprinted", sa.JSON(), nullable=False),
        sa.Column("offline_tickets", sa.Integer(), nullable=False),
    )
    op.create_table(
        "print_order",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("office", CODE, sa.ForeignKey("office_log.office"), nullable=False),
        sa.Column("terminal", sa.String(60), nullable=False),
        sa.Column("visit", sa.String(36), sa.ForeignKey("visit.id"), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
    )
    queued = sa.text("state = 'queued'")
    op.create_index(
        "ix_print_order_queued", "print_order", ["office"], sqlite_where=queued, postgresql_where=queued
    )


def downgrade() -> None:
    """Back. Leases and terminals are forgotten."""
    for table in ("print_order", "terminal", "number_lease"):
        op.drop_table(table)
    with op.batch_alter_table("number_series") as series:
        series.drop_column("leased_from")
