"""Kept sums: added to in the transaction of what happens, read by period for reports and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from server.db.booking_tables import booking
from server.db.statements import (
    ADD_SUMS,
    COUNT_ISSUED_OF_DAY,
    COUNT_ISSUED_OF_MONTH,
    INSERT_WORK,
    SUM_TABLES,
)
from server.db.sum_tables import hour_sum, month_sum, operator_sum, wait_minute, wait_second
from server.db.tables import work_time
from server.domain.booking import BookingState
from server.domain.figures import Counts, DayKey, Sums, nearest_rank
from server.domain.kept_sums import (
    ALL_SERVICES,
    Changes,
    HourSums,
    Key,
    OperatorSums,
    first_of_month,
    spread,
)
from server.domain.totals import PlainRows, rows_of
from server.domain.visit import BOOKED, WALK_IN
from server.domain.worktime import WorkKey, WorkTime

C = TypeVar("C", bound=Counts)


class SumRows:
    """What a unit of work adds to its office's sums."""

    def __init__(self, connection: Connection, office: str) -> None:
        self._connection = connection
        self._office = office

    def count_issued(self, key: DayKey) -> None:
        """One ticket more: the quickest of all additions, for there is one at every issue."""
        row = {"office": self._office, **vars(key), "month": first_of_month(key.day)}
        COUNT_ISSUED_OF_DAY.run(self._connection, row)
        COUNT_ISSUED_OF_MONTH.run(self._connection, row)

    def add(self, changes: Changes) -> None:
        """Add what something that happened changes."""
        for key, counts in spread(changes):
            row = {"office": self._office, **vars(key), **vars(counts)}
            ADD_SUMS[type(key)].run(self._connection, row)

    def add_all(self, rows: Mapping[Key, Counts]) -> None:
        """Add many rows."""
        by_table: dict[type[Key], list[dict[str, Any]]] = defaultdict(list)
        for key, counts in rows.items():
            by_table[type(key)].append({"office": self._office, **vars(key), **vars(counts)})
        for kind, given in by_table.items():
            ADD_SUMS[kind].run_each(self._connection, given)

    def replace_all(self, rows: Mapping[Key, Counts], work: Mapping[WorkKey, WorkTime]) -> None:
        """Keep these rows and working times instead of all that are kept of the office."""
        for table in (*SUM_TABLES.values(), work_time):
            self._connection.execute(delete(table).where(table.c.office == self._office))
        self.add_all(rows)
        times = [{"office": self._office, **vars(key), **vars(time)} for key, time in work.items()]
        if times:
            INSERT_WORK.run_each(self._connection, times)


def kept(connection: Connection, office: str) -> dict[Key, Counts]:
    """Every kept sum of an office."""
    return rows_of(kept_plain(connection, office))


def kept_plain(connection: Connection, office: str) -> PlainRows:
    """The same as plain rows, for the check against its log."""
    found: PlainRows = {}
    for kind, table in SUM_TABLES.items():
        width = len(kind.__dataclass_fields__)
        columns = [column for column in table.c if column is not table.c.office]
        rows = connection.execute(select(*columns).where(table.c.office == office))
        found[kind] = {row[:width]: row[width:] for row in rows}
    return found


@dataclass(frozen=True)
class Period:
    """Which months (their first days, both included) of which offices; ``services`` empty: all.

    ``kind``: of visits, where a table tells them apart; ``None``: both.
    """

    offices: Sequence[str]
    first: date
    last: date
    services: Sequence[str] = ()
    kind: str | None = None

    @property
    def months(self) -> list[date]:
        """The first day of each month."""
        first, last = (day.year * 12 + day.month - 1 for day in (self.first, self.last))
        return [date(place // 12, place % 12 + 1, 1) for place in range(first, last + 1)]


def by_month(connection: Connection, period: Period) -> dict[date, Sums]:
    """The sums of each month."""
    return {month: sums for (month,), sums in _grouped(connection, period, "month").items()}


def by_office(connection: Connection, period: Period) -> dict[str, Sums]:
    """The sums of each office."""
    return {office: sums for (office,), sums in _grouped(connection, period, "office").items()}


def by_service(connection: Connection, period: Period) -> dict[str, Sums]:
    """The sums of each service first asked for."""
    return {service: sums for (service,), sums in _grouped(connection, period, "service").items()}


def by_kind(connection: Connection, period: Period) -> dict[tuple[str, str], Sums]:
    """The sums of each ``(kind, channel)``."""
    return {
        (kind, channel): s for (kind, channel), s in _grouped(connection, period, "kind", "channel").items()
    }


def by_operator(connection: Connection, period: Period) -> dict[tuple[str, str], OperatorSums]:
    """What each operator did, by ``(office, operator)``."""
    found = _added_up(connection, operator_sum, OperatorSums, period, ("office", "operator"))
    return {(office, operator): sums for (office, operator), sums in found.items()}


def by_desk(connection: Connection, period: Period) -> dict[tuple[str, str], OperatorSums]:
    """What was done at each desk, by ``(office, desk)``."""
    found = _added_up(connection, operator_sum, OperatorSums, period, ("office", "desk"))
    return {(office, desk): sums for (office, desk), sums in found.items()}


def by_hour(connection: Connection, period: Period) -> dict[tuple[int, int], HourSums]:
    """Who came in each ``(weekday, hour)`` of the week, for all services: hours are not kept by service."""
    found = _added_up(connection, hour_sum, HourSums, period, ("weekday", "hour"))
    return {(weekday, hour): sums for (weekday, hour), sums in found.items()}


def work_by_desk(connection: Connection, period: Period) -> dict[tuple[str, str, str], WorkTime]:
    """How long each operator worked at each desk, by ``(office, desk, operator)``."""
    table, after = work_time, (period.last + timedelta(days=31)).replace(day=1)
    keys = (table.c.office, table.c.desk, table.c.operator)
    numbers = (func.sum(table.c[name]) for name in WorkTime.__dataclass_fields__)
    query = select(*keys, *numbers).where(
        table.c.office.in_(period.offices), table.c.day >= period.first, table.c.day < after
    )
    rows = connection.execute(query.group_by(*keys))
    return {tuple(row[:3]): WorkTime(*(int(value) for value in row[3:])) for row in rows}


def bookings_arrived(connection: Connection, period: Period) -> int:
    """How many came for their bookings, in time or too late. Each is looked at: not for long periods."""
    table, after = booking, (period.last + timedelta(days=31)).replace(day=1)
    query = select(func.count()).where(
        table.c.office.in_(period.offices),
        table.c.day >= period.first,
        table.c.day < after,
        table.c.state == BookingState.ARRIVED,
    )
    if period.services:
        query = query.where(table.c.service.in_(period.services))
    return int(connection.execute(query).scalar_one())


def waits_by_minute(connection: Connection, period: Period) -> list[tuple[int, int]]:
    """``(minute, visits)`` in order: how many of the served waited so many whole minutes."""
    return _waits(connection, wait_minute, "minute", period)


def waits_by_second(connection: Connection, period: Period, minute: int) -> list[tuple[int, int]]:
    """``(second, visits)`` in order of the waits of so many whole minutes."""
    inside = wait_second.c.second.between(minute * 60, minute * 60 + 59)
    return _waits(connection, wait_second, "second", period, inside)


def wait_rank(connection: Connection, period: Period, percent: int) -> int | None:
    """The exact percentile of the waits in seconds, by nearest rank; ``None`` when nobody was served.

    First the minute that holds the rank, then the second inside it: little is read, however many waited.
    """
    minutes = waits_by_minute(connection, period)
    rank = nearest_rank(percent, sum(visits for _minute, visits in minutes))
    if rank == 0:
        return None
    minute, rank = holding(minutes, rank)
    return holding(waits_by_second(connection, period, minute), rank)[0]


def holding(counted: Sequence[tuple[int, int]], rank: int) -> tuple[int, int]:
    """The value at place ``rank`` of the sorted list, and the place within those of the same value."""
    for value, visits in counted:
        if rank <= visits:
            return value, rank
        rank -= visits
    raise ValueError("the waits by minute and by second differ: talon-server figures recompute mends them")


def _waits(
    connection: Connection,
    table: Table,
    unit: str,
    period: Period,
    inside: ColumnElement[bool] | None = None,
) -> list[tuple[int, int]]:
    wanted = replace(period, services=period.services or (ALL_SERVICES,))
    query = select(table.c[unit], func.sum(table.c.visits)).where(*_within(table, wanted))
    if inside is not None:
        query = query.where(inside)
    query = query.group_by(table.c[unit]).order_by(table.c[unit])
    return [(value, int(visits)) for value, visits in connection.execute(query) if visits]


def _grouped(connection: Connection, period: Period, *names: str) -> dict[tuple[Any, ...], Sums]:
    return _added_up(connection, month_sum, Sums, period, names)


def _added_up(
    connection: Connection, table: Table, counts: type[C], period: Period, names: Sequence[str]
) -> dict[tuple[Any, ...], C]:
    keys = [table.c[name] for name in names]
    numbers = (func.sum(table.c[name]) for name in counts.__dataclass_fields__)
    query = select(*keys, *numbers).where(*_within(table, period)).group_by(*keys).order_by(*keys)
    return {
        tuple(row[: len(keys)]): counts(*(int(value) for value in row[len(keys) :]))
        for row in connection.execute(query)
    }


def _within(table: Table, period: Period) -> list[ColumnElement[bool]]:
    # Every month by name: rows are found by their whole key, not read through from the first to the last.
    found: list[ColumnElement[bool]] = [
        table.c.office.in_(period.offices),
        table.c.month.in_(period.months),
    ]
    if period.services and "service" in table.c:
        found.append(table.c.service.in_(period.services))
    if "kind" in table.c:
        found.append(table.c.kind.in_((period.kind,) if period.kind else (WALK_IN, BOOKED)))
    return found
