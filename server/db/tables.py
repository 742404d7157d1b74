"""The tables. What the event log implies is kept in visit, desk and sum rows for speed (design §4)."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from server.db.column_types import CorrectedFigures, Steps, UtcTime

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
QUEUED = text("state = 'queued'")
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
    # Counts the changes of webhooks: read with the row, it tells when the known ones are old.
    Column("webhooks", Integer, nullable=False, default=0),
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
    # Rows are found by their key alone: no second tree beside it.
    sqlite_with_rowid=False,
)

visit = Table(
    "visit",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("day", Date, nullable=False),
    Column("number", String(8), nullable=False),
    Column("service", CODE, nullable=False),
    Column("first_service", CODE, nullable=False),
    Column("code", String(40), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("category", CODE),
    Column("issued_at", UtcTime, nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    Column("booked_for", UtcTime),
    Column("ticketless", Boolean, nullable=False),
    Column("called_at", UtcTime),
    Column("call_count", Integer, nullable=False),
    Column("call_id", UUID),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("desk", CODE),
    Column("operator", String(60)),
    Column("result", CODE),
    Column("incomplete", Boolean, nullable=False),
    Column("held_at", UtcTime),
    Column("held_until", UtcTime),
    Column("held_reason", CODE),
    Column("raised", String(16)),
    Column("overtaken", Integer, nullable=False),
    Column("to_desk", CODE),
    Column("to_operator", String(60)),
    Column("plan", Steps),
    Column("leg", Integer, nullable=False),
    Column("leg_started_at", UtcTime),
    Column("requeued_at", UtcTime),
    Column("served_ms", Integer, nullable=False),
    Column("repeated_ms", Integer, nullable=False),
    Column("absent_ms", Integer, nullable=False),
    Column("held_ms", Integer, nullable=False),
    Column("channel", String(12), nullable=False),
    Column("limit_seconds", Integer),
    Column("first_called_at", UtcTime),
    Column("way_ms", Integer, nullable=False),
    Column("corrected", CorrectedFigures),
    UniqueConstraint("office", "day", "number"),
    Index("ix_visit_open", "office", sqlite_where=OPEN_VISIT, postgresql_where=OPEN_VISIT),
    Index(
        "uq_visit_at_desk", "desk", unique=True, sqlite_where=VISIT_AT_DESK, postgresql_where=VISIT_AT_DESK
    ),
    # Today's no-shows, for restoring one; and who is held until when.
    Index("ix_visit_no_show", "office", "day", sqlite_where=NO_SHOW, postgresql_where=NO_SHOW),
    Index("ix_visit_held_until", "held_until", sqlite_where=HELD_VISIT, postgresql_where=HELD_VISIT),
)

# The services a visit was given, one row each, written when it ends.
leg = Table(
    "leg",
    metadata,
    Column("visit", ForeignKey("visit.id"), primary_key=True),
    Column("leg", Integer, primary_key=True, autoincrement=False),
    Column("service", CODE, nullable=False),
    Column("desk", CODE, nullable=False),
    Column("operator", String(60), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime, nullable=False),
    Column("served_ms", Integer, nullable=False),
    Column("result", CODE),
)

# Free words of staff. They may hold personal data: never in the log, erased after a few days.
remark = Table(
    "remark",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("day", Date, nullable=False),
    Column("visit", UUID),
    Column("desk", CODE),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("words", String(500), nullable=False),
    Index("ix_remark_office_day", "office", "day"),
)

number_series = Table(
    "number_series",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("prefix", String(2), primary_key=True),
    Column("last", Integer, nullable=False),
    # From here on the numbers of the day are leased to terminals; null: none are.
    Column("leased_from", Integer),
)

# Numbers that one terminal alone may give while the server is out of reach.
number_lease = Table(
    "number_lease",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("prefix", String(2), primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("terminal", String(60), nullable=False),
)

# How each ticket terminal stands, as it last told.
terminal = Table(
    "terminal",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("printer", String(16), nullable=False),
    Column("fault", String(300), nullable=False),
    Column("queued", Integer, nullable=False),
    Column("unprinted", JSON, nullable=False),
    Column("offline_tickets", Integer, nullable=False),
    # What staff want of it now, and when they said so.
    Column("command", String(16)),
    Column("command_id", UUID),
    Column("commanded_at", UtcTime),
    Column("version", String(20), nullable=False),
    Column("clock_ahead_ms", Integer),
    Column("disk_free_mb", Integer),
)

# How each display program and bridge stands, as it last told.
device = Table(
    "device",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(60), nullable=False),
    Column("version", String(20), nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("parts", JSON, nullable=False),
)

# Tickets that staff want on paper at a terminal.
print_order = Table(
    "print_order",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("terminal", String(60), nullable=False),
    Column("visit", ForeignKey("visit.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False),
    Index("ix_print_order_queued", "office", sqlite_where=QUEUED, postgresql_where=QUEUED),
)

desk = Table(
    "desk",
    metadata,
    Column("id", CODE, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False, index=True),
    Column("state", String(8), nullable=False),
    Column("operator", String(60)),
    # The services the operator can give; null: all of the desk.
    Column("skills", JSON(none_as_null=True)),
    Column("break_reason", CODE),
    # The break that begins when the visitor at the desk is done.
    Column("break_due", CODE),
    Column("since", UtcTime, nullable=False),
    # The visit that left the desk last, in whatever way; since then it is free.
    Column("freed_visit", UUID),
    Column("freed_at", UtcTime),
    # The visit that ended here last, for the rating pad.
    Column("last_visit", UUID),
    Column("last_number", String(8)),
    Column("last_finished_at", UtcTime),
    Column("last_score", Integer),
    Column("served_day", Date),
    Column("served_count", Integer, nullable=False),
)

# The last services as [local hour, seconds, turnover seconds], newest last: the estimate reads no history.
service_pace = Table(
    "service_pace",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("service", CODE, primary_key=True),
    Column("recent", JSON, nullable=False),
)

# How long each operator worked, paused and served at each desk.
work_time = Table(
    "work_time",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("desk", CODE, primary_key=True),
    Column("operator", String(60), primary_key=True),
    Column("open_ms", Integer, nullable=False),
    Column("break_ms", Integer, nullable=False),
    Column("serving_ms", Integer, nullable=False),
    Column("legs", Integer, nullable=False),
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
    # How colleagues and, where the office wants it, visitors know this person.
    Column("name", String(80), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("office", CODE),
    Column("desk", CODE),
    # The services this person can give; null: all.
    Column("services", JSON(none_as_null=True)),
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
