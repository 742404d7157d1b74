"""What sending of messages and report letters needs: one moment tells when each may be tried next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TO_SEND = sa.text("state IN ('queued', 'sending')")
QUEUED = sa.text("state = 'queued'")
GIVEN_UP = sa.text("state = 'failed'")


def upgrade() -> None:
    """Forward. What waits may be tried when it was to be sent."""
    op.execute("UPDATE outbox SET next_try_at = send_at WHERE next_try_at IS NULL")
    op.execute("UPDATE report_mail SET next_try_at = made_at WHERE next_try_at IS NULL")
    op.drop_index("ix_outbox_to_send", "outbox")
    op.create_index(
        "ix_outbox_to_send",
        "outbox",
        ["channel", "next_try_at"],
        sqlite_where=TO_SEND,
        postgresql_where=TO_SEND,
    )
    op.create_index(
        "ix_outbox_failed", "outbox", ["office", "made_at"], sqlite_where=GIVEN_UP, postgresql_where=GIVEN_UP
    )
    op.drop_index("ix_report_mail_state", "report_mail")
    op.create_index(
        "ix_report_mail_to_send",
        "report_mail",
        ["next_try_at"],
        sqlite_where=TO_SEND,
        postgresql_where=TO_SEND,
    )


def downgrade() -> None:
    """Back. What was under way waits again."""
    for table in ("outbox", "report_mail"):
        op.execute(f"UPDATE {table} SET state = 'queued' WHERE state = 'sending'")  # noqa: S608 - our own names
    op.drop_index("ix_report_mail_to_send", "report_mail")
    op.create_index("ix_report_mail_state", "report_mail", ["state", "next_try_at"])
    op.drop_index("ix_outbox_failed", "outbox")
    op.drop_index("ix_outbox_to_send", "outbox")
    op.create_index("ix_outbox_to_send", "outbox", ["send_at"], sqlite_where=QUEUED, postgresql_where=QUEUED)
