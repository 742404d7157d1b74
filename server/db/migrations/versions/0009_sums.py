"""Sums by kind and channel, by month, hour and operator; how often each wait was; limits fixed at issue.

What the days' sums do not tell of before (hours, operators, waits one by one, limits) is not made up:
``talon-server figures recompute`` derives from the log what it tells.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CODE = sa.String(40)
OLD = (
    "issued", "served", "wait_seconds", "service_seconds", "no_show", "cancelled", "annulled", "unserved",
    "excluded", "rated", "score_sum", "repeated_seconds", "ticketless", "ticketless_seconds",
    "missed_bookings",
)  # fmt: skip
NEW = ("wait_over", "unserved_over", "limited", "unserved_limited", "to_call_seconds", "way_seconds")
HOUR = ("arrived", "served", "wait_seconds", "wait_over")
OPERATOR = (
    "served", "service_seconds", "wait_seconds", "wait_over", "no_show", "excluded", "rated", "score_sum",
    "ticketless", "ticketless_seconds",
)  # fmt: skip
OLD_NAMES = ", ".join(OLD)
ADDED_UP = ", ".join(f"SUM({name})" for name in OLD)
ZEROS = ", ".join("0" for _ in NEW)


def upgrade() -> None:
    """Forward. Every sum so far counts as of walk-ins from the terminal."""
    with op.batch_alter_table("visit") as visit:
        visit.add_column(sa.Column("channel", sa.String(12), nullable=False, server_default="terminal"))
        visit.add_column(sa.Column("limit_seconds", sa.Integer()))
        visit.add_column(sa.Column("first_called_at", UtcTime()))
        visit.add_column(sa.Column("way_ms", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE visit SET channel = 'ticketless' WHERE ticketless")
    op.rename_table("day_sum", "old_day_sum")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_day_sum RENAME TO pk_old_day_sum")
    kinds = [sa.Column("kind", sa.String(8)), sa.Column("channel", sa.String(12))]
    _sums("day_sum", [sa.Column("day", sa.Date()), sa.Column("service", CODE), *kinds], (*OLD, *NEW))
    kinds = [sa.Column("kind", sa.String(8)), sa.Column("channel", sa.String(12))]
    _sums("month_sum", [sa.Column("month", sa.Date()), sa.Column("service", CODE), *kinds], (*OLD, *NEW))
    hours = [sa.Column("weekday", sa.Integer()), sa.Column("hour", sa.Integer())]
    _sums("hour_sum", [sa.Column("month", sa.Date()), *hours], HOUR)
    seat = [sa.Column("operator", sa.String(60)), sa.Column("desk", CODE), sa.Column("service", CODE)]
    _sums("operator_sum", [sa.Column("month", sa.Date()), *seat], OPERATOR)
    for unit in ("minute", "second"):
        wait: list[sa.Column[Any]] = [sa.Column("service", CODE), sa.Column("kind", sa.String(8))]
        wait.append(sa.Column(unit, sa.Integer()))
        _sums(f"wait_{unit}", [sa.Column("month", sa.Date()), *wait], ("visits",))
    first = "date(day, 'start of month')"
    if op.get_bind().dialect.name == "postgresql":
        first = "CAST(date_trunc('month', day) AS date)"
    for table, column, key in (("day_sum", "day", "day"), ("month_sum", "month", first)):
        op.execute(
            f"INSERT INTO {table} (office, {column}, service, kind, channel, {OLD_NAMES},"  # noqa: S608
            f" {', '.join(NEW)}) SELECT office, {key}, service, 'walk_in', 'terminal', {ADDED_UP}, {ZEROS}"
            f" FROM old_day_sum GROUP BY office, {key}, service"
        )
    op.drop_table("old_day_sum")


def downgrade() -> None:
    """Back. What only this version knows is lost: kinds, channels, hours, operators, single waits, limits."""
    op.rename_table("day_sum", "new_day_sum")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_day_sum RENAME TO pk_new_day_sum")
    _sums("day_sum", [sa.Column("day", sa.Date()), sa.Column("service", CODE)], OLD, with_rowid=True)
    op.execute(
        f"INSERT INTO day_sum (office, day, service, {OLD_NAMES})"  # noqa: S608
        f" SELECT office, day, service, {ADDED_UP} FROM new_day_sum GROUP BY office, day, service"
    )
    for table in ("new_day_sum", "month_sum", "hour_sum", "operator_sum", "wait_minute", "wait_second"):
        op.drop_table(table)
    with op.batch_alter_table("visit") as visit:
        for name in ("channel", "limit_seconds", "first_called_at", "way_ms"):
            visit.drop_column(name)


def _sums(name: str, keys: list[sa.Column[Any]], numbers: tuple[str, ...], with_rowid: bool = False) -> None:
    op.create_table(
        name,
        sa.Column("office", CODE, sa.ForeignKey("office_log.office"), nullable=False),
        *keys,
        *(sa.Column(number, sa.Integer(), nullable=False) for number in numbers),
        sa.PrimaryKeyConstraint("office", *(key.name for key in keys)),
        sqlite_with_rowid=with_rowid,
    )
