"""Ratings know what they judge and why they are low; surveys are counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What was not known before is taken from the visit; a stray press belongs to the day of its moment (UTC).
KNOWN = """
UPDATE rating SET taken_at = at, judged = visit,
    day = COALESCE((SELECT v.day FROM visit v WHERE v.id = rating.visit), {moment}),
    service = (SELECT v.first_service FROM visit v WHERE v.id = rating.visit),
    operator = (SELECT v.operator FROM visit v WHERE v.id = rating.visit)
"""
NEW = ("day", "taken_at", "judged", "service", "operator", "reasons", "surveys", "seen_at")


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("rating") as rating:
        rating.add_column(sa.Column("day", sa.Date()))
        rating.add_column(sa.Column("taken_at", UtcTime()))
        rating.add_column(sa.Column("judged", sa.String(36)))
        rating.add_column(sa.Column("service", sa.String(40)))
        rating.add_column(sa.Column("operator", sa.String(60)))
        rating.add_column(sa.Column("reasons", sa.JSON(none_as_null=True)))
        rating.add_column(sa.Column("surveys", sa.JSON(none_as_null=True)))
        rating.add_column(sa.Column("seen_at", UtcTime()))
    # SQLite's CAST to a date would keep the year alone.
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(KNOWN.format(moment="date(at)" if sqlite else "CAST(at AS date)"))
    with op.batch_alter_table("rating") as rating:
        rating.alter_column("day", existing_type=sa.Date(), nullable=False)
        rating.alter_column("taken_at", existing_type=UtcTime(), nullable=False)
    op.create_index("ix_rating_office_day", "rating", ["office", "day"])
    unseen = sa.text("seen_at IS NULL")
    op.create_index(
        "ix_rating_unseen", "rating", ["office", "taken_at"], sqlite_where=unseen, postgresql_where=unseen
    )
    op.create_index("ix_rating_judged", "rating", ["judged"])
    op.create_table(
        "survey_sum",
        sa.Column("office", sa.String(40), sa.ForeignKey("office_log.office"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("survey", sa.String(40), primary_key=True),
        sa.Column("question", sa.String(40), primary_key=True),
        sa.Column("answer", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    # Which visit a press judges is read from the log.
    op.drop_index("ix_visit_desk_started", "visit")


def downgrade() -> None:
    """Back. Reasons and answers are forgotten."""
    begun = sa.text("leg_started_at IS NOT NULL")
    op.create_index(
        "ix_visit_desk_started",
        "visit",
        ["desk", "leg_started_at"],
        sqlite_where=begun,
        postgresql_where=begun,
    )
    op.drop_table("survey_sum")
    for index in ("ix_rating_judged", "ix_rating_unseen", "ix_rating_office_day"):
        op.drop_index(index, "rating")
    with op.batch_alter_table("rating") as rating:
        for column in NEW:
            rating.drop_column(column)
