"""The tables of disclosure: monthly entries, what was published, and the monthly mail with its addressees."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.db.booking_tables import TO_SEND
from server.db.column_types import UtcTime
from server.db.tables import UUID, metadata

# Rows are only added: the newest of a key counts, the older ones tell what was corrected, by whom and why.
disclosure_entry = Table(
    "disclosure_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("form", String(16), nullable=False),
    Column("year", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("key", String(300), nullable=False),
    # Null: taken back.
    Column("content", JSON(none_as_null=True)),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("reason", String(300), nullable=False),
    Index("ix_disclosure_entry_form_year", "form", "year", "key"),
)

# Rows are only added: a published period is frozen.
disclosure_version = Table(
    "disclosure_version",
    metadata,
    Column("form", String(16), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("reason", String(300), nullable=False),
    # Of content, the canonical JSON.
    Column("sha256", String(64), nullable=False),
    Column("content", Text, nullable=False),
)

# The files as they were published.
disclosure_file = Table(
    "disclosure_file",
    metadata,
    Column("form", String(16), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("format", String(4), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["form", "period", "version"],
        ["disclosure_version.form", "disclosure_version.period", "disclosure_version.version"],
    ),
)

# Who gets the month's paper by mail.
report_addressee = Table(
    "report_addressee",
    metadata,
    Column("address", String(200), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(60), nullable=False),
)

# Letters to them, sent later by whoever sends: each month once to each.
report_mail = Table(
    "report_mail",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("address", String(200), nullable=False),
    Column("period", String(8), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("file_name", String(80), nullable=False),
    Column("file", LargeBinary, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    # As in the outbox.
    Column("next_try_at", UtcTime),
    Column("sent_at", UtcTime),
    Column("fault", String(300), nullable=False),
    UniqueConstraint("address", "period"),
    Index("ix_report_mail_to_send", "next_try_at", sqlite_where=TO_SEND, postgresql_where=TO_SEND),
)
