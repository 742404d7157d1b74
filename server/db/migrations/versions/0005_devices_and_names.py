"""Devices tell how they stand, terminals take commands, people have names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("terminal") as terminal:
        terminal.add_column(sa.Column("command", sa.String(16)))
        terminal.add_column(sa.Column("command_id", sa.String(36)))
        terminal.add_column(sa.Column("commanded_at", UtcTime()))
        terminal.add_column(sa.Column("version", sa.String(20), nullable=False, server_default=""))
        terminal.add_column(sa.Column("clock_ahead_ms", sa.Integer()))
        terminal.add_column(sa.Column("disk_free_mb", sa.Integer()))
    with op.batch_alter_table("terminal") as terminal:
        terminal.alter_column("version", server_default=None)
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("name", sa.String(80), nullable=False, server_default=""))
    with op.batch_alter_table("person") as person:
        person.alter_column("name", server_default=None)
    op.create_table(
        "device",
        sa.Column("office", sa.String(40), sa.ForeignKey("office_log.office"), primary_key=True),
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    """Back. Devices, commands and names are forgotten."""
    op.drop_table("device")
    with op.batch_alter_table("person") as person:
        person.drop_column("name")
    with op.batch_alter_table("terminal") as terminal:
        for column in ("disk_free_mb", "clock_ahead_ms", "version", "commanded_at", "command_id", "command"):
            terminal.drop_column(column)
