"""Corrections of figures: the old value, who and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CODE = sa.String(40)


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("visit") as visit:
        visit.add_column(sa.Column("corrected", sa.Text()))
    op.create_table(
        "figure_correction",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("office", CODE, sa.ForeignKey("office_log.office"), nullable=False),
        sa.Column("visit", sa.String(36), sa.ForeignKey("visit.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("reason", CODE, nullable=False),
        *(
            sa.Column(f"{when}_{name}", kind, nullable=False)
            for when in ("old", "new")
            for name, kind in (("wait", sa.Integer()), ("service", sa.Integer()), ("excluded", sa.Boolean()))
        ),
    )
    op.create_index("ix_figure_correction_office_day", "figure_correction", ["office", "day"])


def downgrade() -> None:
    """Back. The corrections are forgotten here; the log still tells of them."""
    op.drop_table("figure_correction")
    with op.batch_alter_table("visit") as visit:
        visit.drop_column("corrected")
