"""Bookings, their places and contacts, messages to visitors; missed bookings are counted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CODE = sa.String(40)
UUID = sa.String(36)
TO_COME = sa.text("state = 'booked'")
PENDING = sa.text("state IN ('held', 'unconfirmed')")
TO_SEND = sa.text("state = 'queued'")


def _office(**more: Any) -> sa.Column[str]:
    return sa.Column("office", CODE, sa.ForeignKey("office_log.office"), **more)


def _booking(**more: Any) -> sa.Column[str]:
    return sa.Column("booking", UUID, sa.ForeignKey("booking.id"), **more)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "booking",
        sa.Column("id", UUID, primary_key=True),
        _office(nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("code", sa.String(6)),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service", CODE, nullable=False),
        sa.Column("pool", CODE, nullable=False),
        sa.Column("starts_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime()),
        sa.Column("confirmed_at", UtcTime()),
        sa.Column("consent_version", sa.String(40)),
        sa.Column("arrived_at", UtcTime()),
        sa.Column("visit", UUID),
        sa.Column("noticed_at", UtcTime()),
        sa.Column("codes_sent", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.UniqueConstraint("office", "day", "code"),
    )
    op.create_index(
        "ix_booking_to_come",
        "booking",
        ["office", "starts_at"],
        sqlite_where=TO_COME,
        postgresql_where=TO_COME,
    )
    op.create_index(
        "ix_booking_pending", "booking", ["expires_at"], sqlite_where=PENDING, postgresql_where=PENDING
    )
    op.create_table(
        "booking_place",
        _office(primary_key=True),
        sa.Column("pool", CODE, primary_key=True),
        sa.Column("cell", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("share", sa.String(8), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        _booking(nullable=False, index=True),
        sa.Column("expires_at", UtcTime()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "booking_claim",
        _office(primary_key=True),
        sa.Column("service", CODE, primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("contact_key", sa.String(64), primary_key=True),
        _booking(nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "booking_contact",
        _booking(primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tail_key", sa.String(64)),
        sa.Column("erase_on", sa.Date(), nullable=False, index=True),
    )
    op.create_table(
        "contact_access",
        sa.Column("id", UUID, primary_key=True),
        _office(nullable=False),
        sa.Column("booking", UUID, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Index("ix_contact_access_office_at", "office", "at"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", UUID, primary_key=True),
        _office(nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        _booking(index=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("send_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcTime()),
        sa.Column("sent_at", UtcTime()),
        sa.Column("fault", sa.String(300), nullable=False),
    )
    op.create_index(
        "ix_outbox_to_send", "outbox", ["send_at"], sqlite_where=TO_SEND, postgresql_where=TO_SEND
    )
    op.create_table(
        "spent_proof",
        sa.Column("challenge", sa.String(64), primary_key=True),
        sa.Column("expires_at", UtcTime(), nullable=False, index=True),
    )
    with op.batch_alter_table("day_sum") as sums:
        sums.add_column(sa.Column("missed_bookings", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("day_sum") as sums:
        sums.alter_column("missed_bookings", server_default=None)


def downgrade() -> None:
    """Back. Bookings and what was to be sent are forgotten."""
    with op.batch_alter_table("day_sum") as sums:
        sums.drop_column("missed_bookings")
    for table in (
        "spent_proof", "outbox", "contact_access", "booking_contact", "booking_claim", "booking_place",
        "booking",
    ):  # fmt: skip
        op.drop_table(table)
