"""Webhooks of the company's own programs and what is to be told to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TO_DELIVER = sa.text("state = 'queued'")


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("office_log") as log:
        log.add_column(sa.Column("webhooks", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("office_log") as log:
        log.alter_column("webhooks", server_default=None)
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("offices", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary()),
        sa.Column("old_until", UtcTime()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("webhook", sa.String(36), sa.ForeignKey("webhook.id"), nullable=False),
        sa.Column("office", sa.String(40), sa.ForeignKey("office_log.office"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcTime(), nullable=False),
        sa.Column("sent_at", UtcTime()),
        sa.Column("fault", sa.String(200), nullable=False),
    )
    for name, columns in (
        ("ix_webhook_delivery_due", ["webhook", "next_try_at"]),
        ("ix_webhook_delivery_order", ["webhook", "subject", "seq"]),
    ):
        op.create_index(
            name, "webhook_delivery", columns, sqlite_where=TO_DELIVER, postgresql_where=TO_DELIVER
        )
    op.create_index("ix_webhook_delivery_made_at", "webhook_delivery", ["made_at"])


def downgrade() -> None:
    """Back. Webhooks and what was to be told are forgotten."""
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
    with op.batch_alter_table("office_log") as log:
        log.drop_column("webhooks")
