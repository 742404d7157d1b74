"""The tables of ratings and surveys."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, text

from server.db.column_types import UtcTime
from server.db.tables import CODE, UUID, metadata

UNSEEN = text("seen_at IS NULL")

# Every press with a mark, once, counted or not.
rating = Table(
    "rating",
    metadata,
    Column("press_id", String(64), primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("desk", CODE),
    Column("visit", UUID, unique=True),  # null: kept but not counted
    Column("score", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("source", String(8), nullable=False),
    # The day the visit's figures belong to.
    Column("day", Date, nullable=False),
    Column("taken_at", UtcTime, nullable=False),
    # The visit it speaks of, whether or not it counts; null: a stray press.
    Column("judged", UUID),
    Column("service", CODE),
    Column("operator", String(60)),
    # Codes: why the mark is low, and the surveys answered after it; null: not told, none.
    Column("reasons", JSON(none_as_null=True)),
    Column("surveys", JSON(none_as_null=True)),
    Column("seen_at", UtcTime),
    Index("ix_rating_office_day", "office", "day"),
    Index("ix_rating_unseen", "office", "taken_at", sqlite_where=UNSEEN, postgresql_where=UNSEEN),
    Index("ix_rating_judged", "judged"),
)

# Answers to surveys: nothing but counts, so that no answer leads back to a visit. question "" counts people.
survey_sum = Table(
    "survey_sum",
    metadata,
    Column("office", ForeignKey("office_log.office"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("survey", CODE, primary_key=True),
    Column("question", CODE, primary_key=True),
    Column("answer", CODE, primary_key=True),
    Column("count", Integer, nullable=False),
)
