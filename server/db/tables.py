"""The tables. What the event log implies is kept in visit, desk and sum rows for speed (design §4)."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC; naive times are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware → UTC, without a zone where the database knows none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored: make it aware")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What was stored, aware and in UTC."""
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CODE = String(40)
UUID = String(36)
OPEN_VISIT = text("state IN ('waiting', 'called', 'serving', 'held')")
NO_SHOW = text("state = 'no_show'")
HELD_VISIT = text("state = 'held' AND held_until IS NOT NULL")
VISIT_AT_DESK = text("state IN ('called', 'serving')")

# An office's data in all its versions; the one in force is named by office_log.version.
office_version = Table(
    "office_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office", CODE, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("document", JSON, nullable=False),
    Index("ix_office_version_office", "office"),
)

# One row per office, taken first by every write: it orders the office's writes and heads its log.
office_log = Table(
    "office_log",
    metadata,
    Column("office", CODE, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("version", ForeignKey("office_version.id"), nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_hash", String(64), nullable=False),
    Column("reception_mode", String(16), nullable=False),
    Column("reception_note", JSON, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("visit", UUID),
    Column("desk", CODE),
    Column("actor", String(60), nullable=False),
    Column("payload", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)

visit = Table(
    "visit",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("day", Date, nullable=False),
    Column("number", String(8), nullable=False),
    Column("service", CODE, nullable=False),
    Column("code", String(40), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("category", CODE),
    Column("joined_at", UtcTime, nullable=False),
    Column("called_at", UtcTime),
    Column("call_count", Integer, nullable=False),
    Column("call_id", UUID),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("desk", CODE),
    Column("operator", String(60)),
    Column("incomplete", Boolean, nullable=False),
    Column("held_at", UtcTime),
    Column("held_until", UtcTime),
    Column("held_reason", String(200)),
    Column("returned", Boolean, nullable=False),
    Column("absent_ms", Integer, nullable=False),
    Column("held_ms", Integer, nullable=False),
    UniqueConstraint("office", "day", "number"),
    Index("ix_visit_open", "office", sqlite_where=OPEN_VISIT, postgresql_where=OPEN_VISIT),
    Index(
        "uq_visit_at_desk", "desk", unique=True, sqlite_where=VISIT_AT_DESK, postgresql_where=VISIT_AT_DESK
    ),
    Index("ix_visit_desk_started", "desk", "started_at"),
    # Today's no-shows, for restoring one; and who is held until when.
    Index("ix_visit_no_show", "office", "day", sqlite_where=NO_SHOW, postgresql_where=NO_SHOW),
    Index("ix_visit_held_until", "held_until", sqlite_where=HELD_VISIT, postgresql_where=HELD_VISIT),
)

number_series = Table(
    "number_series",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("prefix", String(2), primary_key=True),
    Column("last", Integer, nullable=False),
)

desk = Table(
    "desk",
    metadata,
    Column("id", CODE, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False, index=True),
    Column("state", String(8), nullable=False),
    Column("operator", String(60)),
    Column("break_reason", String(60)),
    Column("since", UtcTime, nullable=False),
    # The visit that ended here last, for the rating pad.
    Column("last_visit", UUID),
    Column("last_number", String(8)),
    Column("last_finished_at", UtcTime),
    Column("last_score", Integer),
    Column("served_day", Date),
    Column("served_count", Integer, nullable=False),
)

# The last service times of each service, newest last: the estimate never reads history.
service_pace = Table(
    "service_pace",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("service", CODE, primary_key=True),
    Column("recent", JSON, nullable=False),
)

day_sum = Table(
    "day_sum",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("service", CODE, primary_key=True),
    Column("issued", Integer, nullable=False),
    Column("served", Integer, nullable=False),
    Column("wait_seconds", Integer, nullable=False),
    Column("service_seconds", Integer, nullable=False),
    Column("no_show", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Column("annulled", Integer, nullable=False),
    Column("unserved", Integer, nullable=False),
    Column("excluded", Integer, nullable=False),
    Column("rated", Integer, nullable=False),
    Column("score_sum", Integer, nullable=False),
)

rating = Table(
    "rating",
    metadata,
    Column("press_id", String(64), primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("desk", CODE),
    Column("visit", UUID, unique=True),  # null: a stray press, kept but never counted
    Column("score", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("source", String(8), nullable=False),
)

# Answers already given, by who asked and the key: a repeated command gets the first answer again.
given_answer = Table(
    "given_answer",
    metadata,
    Column("actor", String(60), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
)

person = Table(
    "person",
    metadata,
    Column("login", String(40), primary_key=True),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("office", CODE),
    Column("desk", CODE),
    Column("active", Boolean, nullable=False),
)

token = Table(
    "token",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("scope", String(16), nullable=False),
    Column("login", ForeignKey("person.login")),
    Column("office", CODE),
    Column("label", String(60), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)
