"""Visits have legs, staff leave remarks, working time is kept by operator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.column_types import Steps, UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CODE = sa.String(40)
ZERO = sa.text("0")
SUMS = ("repeated_seconds", "ticketless", "ticketless_seconds")
NEW_VISIT = (
    "first_service",
    "issued_at",
    "booked_for",
    "ticketless",
    "result",
    "raised",
    "overtaken",
    "to_desk",
    "to_operator",
    "plan",
    "leg",
    "leg_started_at",
    "requeued_at",
    "served_ms",
    "repeated_ms",
)


def upgrade() -> None:
    """Forward."""
    _extend_visits()
    _tables()
    with op.batch_alter_table("desk") as desk:
        for name, kind in (("skills", sa.JSON()), ("break_due", CODE), ("freed_visit", sa.String(36))):
            desk.add_column(sa.Column(name, kind))
        desk.add_column(sa.Column("freed_at", UtcTime()))
        desk.alter_column("break_reason", existing_type=sa.String(60), type_=CODE)
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("services", sa.JSON()))
    with op.batch_alter_table("day_sum") as day_sum:
        for name in SUMS:
            day_sum.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=ZERO))
    if op.get_bind().dialect.name == "sqlite":
        # The same rows in a table without a second tree beside its key.
        with op.batch_alter_table("event", recreate="always", table_kwargs={"sqlite_with_rowid": False}):
            pass
    # Its numbers now carry the hour of the day: it fills again within a day.
    op.execute("DELETE FROM service_pace")


def downgrade() -> None:
    """Back. What only this version knows is lost: legs, remarks, working time."""
    with op.batch_alter_table("day_sum") as day_sum:
        for name in SUMS:
            day_sum.drop_column(name)
    with op.batch_alter_table("person") as person:
        person.drop_column("services")
    with op.batch_alter_table("desk") as desk:
        for name in ("skills", "break_due", "freed_visit", "freed_at"):
            desk.drop_column(name)
        desk.alter_column("break_reason", existing_type=CODE, type_=sa.String(60))
    op.execute("DELETE FROM service_pace")
    for table in ("work_time", "remark", "leg"):
        op.drop_table(table)
    op.drop_index("ix_visit_desk_started", "visit")
    with op.batch_alter_table("visit") as visit:
        visit.add_column(sa.Column("returned", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in NEW_VISIT:
            visit.drop_column(name)
        visit.alter_column("held_reason", existing_type=CODE, type_=sa.String(200))
    op.create_index("ix_visit_desk_started", "visit", ["desk", "started_at"])


def _extend_visits() -> None:
    op.drop_index("ix_visit_desk_started", "visit")
    with op.batch_alter_table("visit") as visit:
        visit.add_column(sa.Column("first_service", CODE))
        visit.add_column(sa.Column("issued_at", UtcTime()))
        visit.add_column(sa.Column("booked_for", UtcTime()))
        visit.add_column(sa.Column("ticketless", sa.Boolean(), nullable=False, server_default=sa.false()))
        visit.add_column(sa.Column("result", CODE))
        visit.add_column(sa.Column("raised", sa.String(16)))
        visit.add_column(sa.Column("overtaken", sa.Integer(), nullable=False, server_default=ZERO))
        visit.add_column(sa.Column("to_desk", CODE))
        visit.add_column(sa.Column("to_operator", sa.String(60)))
        visit.add_column(sa.Column("plan", Steps()))
        visit.add_column(sa.Column("leg", sa.Integer(), nullable=False, server_default=sa.text("1")))
        visit.add_column(sa.Column("leg_started_at", UtcTime()))
        visit.add_column(sa.Column("requeued_at", UtcTime()))
        visit.add_column(sa.Column("served_ms", sa.Integer(), nullable=False, server_default=ZERO))
        visit.add_column(sa.Column("repeated_ms", sa.Integer(), nullable=False, server_default=ZERO))
    served = "(julianday(finished_at) - julianday(started_at)) * 86400000"
    if op.get_bind().dialect.name == "postgresql":
        served = "EXTRACT(EPOCH FROM finished_at - started_at) * 1000"
    op.execute("UPDATE visit SET first_service = service, issued_at = joined_at, leg_started_at = started_at")
    op.execute("UPDATE visit SET raised = 'returned' WHERE returned")
    op.execute(
        f"UPDATE visit SET served_ms = CAST(ROUND({served}) AS INTEGER) - held_ms WHERE state = 'served'"  # noqa: S608
    )
    # Own words given as a reason until now cannot be told from codes: they are dropped.
    op.execute("UPDATE visit SET held_reason = 'other' WHERE held_reason IS NOT NULL")
    with op.batch_alter_table("visit") as visit:
        visit.alter_column("first_service", existing_type=CODE, nullable=False)
        visit.alter_column("issued_at", existing_type=UtcTime(), nullable=False)
        visit.alter_column("held_reason", existing_type=sa.String(200), type_=CODE)
        visit.drop_column("returned")
    begun = sa.text("leg_started_at IS NOT NULL")
    op.create_index(
        "ix_visit_desk_started",
        "visit",
        ["desk", "leg_started_at"],
        sqlite_where=begun,
        postgresql_where=begun,
    )


def _tables() -> None:
    office = sa.ForeignKey("office_log.office")
    op.create_table(
        "leg",
        sa.Column("visit", sa.String(36), sa.ForeignKey("visit.id"), primary_key=True),
        sa.Column("leg", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("service", CODE, nullable=False),
        sa.Column("desk", CODE, nullable=False),
        sa.Column("operator", sa.String(60), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("finished_at", UtcTime(), nullable=False),
        sa.Column("served_ms", sa.Integer(), nullable=False),
        sa.Column("result", CODE),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("office", CODE, office, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visit", sa.String(36)),
        sa.Column("desk", CODE),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
    )
    op.create_index("ix_remark_office_day", "remark", ["office", "day"])
    op.create_table(
        "work_time",
        sa.Column("office", CODE, sa.ForeignKey("office_log.office"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("desk", CODE, primary_key=True),
        sa.Column("operator", sa.String(60), primary_key=True),
        *(sa.Column(n, sa.Integer(), nullable=False) for n in ("open_ms", "break_ms", "serving_ms", "legs")),
    )
