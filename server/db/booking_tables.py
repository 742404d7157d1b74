"""The tables of booking: bookings, their places, who booked, and what is to be sent to them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from server.db.column_types import UtcTime
from server.db.tables import CODE, UUID, metadata

PENDING_BOOKING = text("state IN ('held', 'unconfirmed')")
BOOKING_TO_COME = text("state = 'booked'")
TO_SEND = text("state IN ('queued', 'sending')")
GIVEN_UP = text("state = 'failed'")

booking = Table(
    "booking",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("link_hash", String(64), nullable=False, unique=True),
    Column("code", String(6)),
    Column("day", Date, nullable=False),
    Column("service", CODE, nullable=False),
    Column("pool", CODE, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("confirmed_at", UtcTime),
    # The version of the consent text that was agreed to.
    Column("consent_version", String(40)),
    Column("arrived_at", UtcTime),
    Column("visit", UUID),
    Column("noticed_at", UtcTime),
    Column("codes_sent", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("office", "day", "code"),
    Index(
        "ix_booking_to_come",
        "office",
        "starts_at",
        sqlite_where=BOOKING_TO_COME,
        postgresql_where=BOOKING_TO_COME,
    ),
    Index(
        "ix_booking_pending",
        "expires_at",
        sqlite_where=PENDING_BOOKING,
        postgresql_where=PENDING_BOOKING,
    ),
)

# One row for each five minutes of each place: two bookings cannot have one place. A hold's place is
# free again when its time is over: no job is needed, the next one takes the row over.
booking_place = Table(
    "booking_place",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("pool", CODE, primary_key=True),
    Column("cell", Integer, primary_key=True, autoincrement=False),
    Column("share", String(8), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("booking", ForeignKey("booking.id"), nullable=False, index=True),
    Column("expires_at", UtcTime),
    # Rows are read by their key in one range: no second tree beside it.
    sqlite_with_rowid=False,
)

# Which contact has a live booking for which service and day, as a keyed hash: one each.
booking_claim = Table(
    "booking_claim",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("service", CODE, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("contact_key", String(64), primary_key=True),
    Column("booking", ForeignKey("booking.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

# Who booked, encrypted; nothing else anywhere names a person. Erased some days after the visit.
booking_contact = Table(
    "booking_contact",
    metadata,
    Column("booking", ForeignKey("booking.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    # A keyed hash of the last four digits of the phone, for the check-in.
    Column("tail_key", String(64)),
    Column("erase_on", Date, nullable=False, index=True),
)

# Every look of a person at an unmasked contact.
contact_access = Table(
    "contact_access",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("booking", UUID, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("purpose", String(40), nullable=False),
    Index("ix_contact_access_office_at", "office", "at"),
)

# What is to be sent to visitors. Written with the act it tells of, sent later by whoever sends.
outbox = Table(
    "outbox",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("booking", ForeignKey("booking.id"), index=True),
    # What the text needs beside the booking; no personal data.
    Column("facts", JSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("send_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    # When it may be tried (again). While it is being sent: when whoever does so counts as lost.
    Column("next_try_at", UtcTime),
    Column("sent_at", UtcTime),
    Column("fault", String(300), nullable=False),
    Index("ix_outbox_to_send", "channel", "next_try_at", sqlite_where=TO_SEND, postgresql_where=TO_SEND),
    Index("ix_outbox_failed", "office", "made_at", sqlite_where=GIVEN_UP, postgresql_where=GIVEN_UP),
)

# Challenges that were solved and used: each is good for one hold.
spent_proof = Table(
    "spent_proof",
    metadata,
    Column("challenge", String(64), primary_key=True),
    Column("expires_at", UtcTime, nullable=False, index=True),
)
