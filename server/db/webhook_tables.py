"""The tables of webhooks: the company's own programs that want to be told, and what they are told."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from server.db.column_types import UtcTime
from server.db.tables import UUID, metadata

TO_DELIVER = text("state = 'queued'")

webhook = Table(
    "webhook",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("url", String(500), nullable=False),
    Column("events", JSON, nullable=False),
    # Empty: all offices.
    Column("offices", JSON, nullable=False),
    # What signs, sealed with the company's key; after a change the old one signs too for a while.
    Column("secret", LargeBinary, nullable=False),
    Column("old_secret", LargeBinary),
    Column("old_until", UtcTime),
    Column("active", Boolean, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

# Written with the act it tells of, sent later. It carries no personal data.
webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("webhook", ForeignKey("webhook.id"), nullable=False),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    # The event's place in the office's log, and the booking or visit it is about.
    Column("seq", Integer, nullable=False),
    Column("subject", UUID, nullable=False),
    Column("event", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    # While somebody sends it: when others may believe that this one died.
    Column("next_try_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("fault", String(200), nullable=False),
    Index(
        "ix_webhook_delivery_due",
        "webhook",
        "next_try_at",
        sqlite_where=TO_DELIVER,
        postgresql_where=TO_DELIVER,
    ),
    Index(
        "ix_webhook_delivery_order",
        "webhook",
        "subject",
        "seq",
        sqlite_where=TO_DELIVER,
        postgresql_where=TO_DELIVER,
    ),
    Index("ix_webhook_delivery_made_at", "made_at"),
)
