"""The tables of kept sums: what the event log implies, added up where reports read it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from server.db.column_types import UtcTime
from server.db.tables import CODE, UUID, metadata
from server.domain.figures import Counts, Sums
from server.domain.kept_sums import HourSums, OperatorSums, Waited

KIND = String(8)
CHANNEL = String(12)
LOGIN = String(60)


def _kept(name: str, keys: list[Column[Any]], counts: type[Counts]) -> Table:
    """A table of sums by office and ``keys``, a column for each number."""
    return Table(
        name,
        metadata,
        Column("office", ForeignKey("office_log.office"), primary_key=True),
        *keys,
        *(Column(number, Integer, nullable=False) for number in counts.__dataclass_fields__),
        # Rows are found by their key alone: no second tree beside it.
        sqlite_with_rowid=False,
    )


def _key(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


_SERVICE, _KIND, _CHANNEL = ("service", CODE), ("kind", KIND), ("channel", CHANNEL)
_MONTH = ("month", Date)

day_sum = _kept("day_sum", [_key("day", Date), _key(*_SERVICE), _key(*_KIND), _key(*_CHANNEL)], Sums)
# ``month`` is its first day.
month_sum = _kept("month_sum", [_key(*_MONTH), _key(*_SERVICE), _key(*_KIND), _key(*_CHANNEL)], Sums)
# By the local hour of joining; weekday 1 is Monday.
hour_sum = _kept("hour_sum", [_key(*_MONTH), _key("weekday", Integer), _key("hour", Integer)], HourSums)
# Visits belong to the operator and desk of their end, marks to whoever was rated.
operator_sum = _kept(
    "operator_sum",
    [_key(*_MONTH), _key("operator", LOGIN), _key("desk", CODE), _key(*_SERVICE)],
    OperatorSums,
)
# How many of the served waited so long; service "" is all together. The minute that holds a percentile is
# found first, then the second within it.
wait_minute = _kept(
    "wait_minute", [_key(*_MONTH), _key(*_SERVICE), _key(*_KIND), _key("minute", Integer)], Waited
)
wait_second = _kept(
    "wait_second", [_key(*_MONTH), _key(*_SERVICE), _key(*_KIND), _key("second", Integer)], Waited
)

# Figures that a manager put right: nothing is lost, who did it and why.
figure_correction = Table(
    "figure_correction",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("office", ForeignKey("office_log.office"), nullable=False),
    Column("visit", ForeignKey("visit.id"), nullable=False),
    # The day the visit counts for.
    Column("day", Date, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", LOGIN, nullable=False),
    Column("reason", CODE, nullable=False),
    Column("old_wait", Integer, nullable=False),
    Column("old_service", Integer, nullable=False),
    Column("old_excluded", Boolean, nullable=False),
    Column("new_wait", Integer, nullable=False),
    Column("new_service", Integer, nullable=False),
    Column("new_excluded", Boolean, nullable=False),
    Index("ix_figure_correction_office_day", "office", "day"),
)
