"""Reads: one query per question, answered with domain objects. Nothing here grows with history."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from server.db import booking_rows, rating_rows, tables, terminal_rows
from server.db.hall_now import DeskRow, HallNow
from server.db.rating_rows import LowMark
from server.db.rating_tables import rating
from server.db.statements import LOCK_HEAD
from server.db.sum_tables import day_sum, month_sum
from server.db.webhook_rows import SubscriptionBook
from server.domain.errors import NotFound
from server.domain.figures import DayKey, Sums
from server.domain.forecast import Booked, DeskNow, Expected, Served, expected_waits
from server.domain.office import Office, Reception, office_from_document
from server.domain.rating import COMMENT
from server.domain.terminal import Device, PrintOrder, Terminal
from server.domain.visit import State, Visit
from server.domain.worktime import WorkKey, WorkTime

MISSED_SHOWN = 30


@dataclass(frozen=True)
class RemarkRow:
    """Free words of staff about a visit, or about a desk's break."""

    id: str
    visit: str | None
    desk: str | None
    at: datetime
    actor: str
    kind: str
    words: str


@dataclass(frozen=True)
class Head:
    """The head of an office's log row: its newest event and the data version in force."""

    office: str
    version: int
    last_seq: int
    last_hash: str
    reception: Reception
    webhooks: int


@dataclass(frozen=True)
class Hall(HallNow):
    """Everything about an office at one moment, read in one transaction: all screens are made from it."""

    pace: dict[str, list[tuple[int, int, int | None]]]
    missed: tuple[Visit, ...]
    remarks: dict[str, list[RemarkRow]]
    terminals: tuple[Terminal, ...]
    print_orders: tuple[PrintOrder, ...]
    devices: tuple[Device, ...]
    booked: tuple[Booked, ...]
    low_marks: tuple[LowMark, ...]

    @property
    def held(self) -> list[Visit]:
        """Visitors put aside, the one put aside last first."""
        held = [visit for visit in self.visits if visit.state is State.HELD]
        return sorted(held, key=lambda visit: (visit.held_at or self.now, visit.number), reverse=True)

    @cached_property
    def expected(self) -> Expected:
        """Expected waits of newcomers by service, and of everybody waiting."""
        rows = [(desk, self.desk(desk.id)) for desk in self.office.desks]
        desks = [
            DeskNow(self.seat(desk), row.state, row.since, row.break_due is not None)
            for desk, row in rows
            if row.state != "closed"
        ]
        pace = {service: [Served(*one) for one in recent] for service, recent in self.pace.items()}
        return expected_waits(self.office, self.visits, desks, pace, self.now, self.booked)


class OfficeBook:
    """Offices by version, parsed once: a version's document never changes."""

    def __init__(self) -> None:
        self.webhooks = SubscriptionBook()
        self._known: dict[int, Office] = {}
        self._lock = threading.Lock()

    def office(self, connection: Connection, version: int) -> Office:
        """The office as version ``version`` describes it."""
        with self._lock:
            if version not in self._known:
                table = tables.office_version
                document = connection.execute(
                    select(table.c.document).where(table.c.id == version)
                ).scalar_one()
                self._known[version] = office_from_document(document)
            return self._known[version]

    def forget(self) -> None:
        """Writes were lost: the numbers of what was read between them may soon mean something else."""
        self.webhooks.forget()
        with self._lock:
            self._known.clear()


def heads(connection: Connection) -> list[Head]:
    """The heads of all offices, in the company's order."""
    table = tables.office_log
    return [
        _head(*row) for row in connection.execute(select(table).order_by(table.c.position, table.c.office))
    ]


def head(connection: Connection, office: str) -> Head:
    """The head of one office; raises ``NotFound``."""
    table = tables.office_log
    row = connection.execute(select(table).where(table.c.office == office)).one_or_none()
    if row is None:
        raise NotFound("unknown_office", office=office)
    return _head(*row)


def locked_head(connection: Connection, office: str) -> Head:
    """The head of one office, its row taken for writing until the transaction ends."""
    row = LOCK_HEAD.row(connection, {"of_office": office})
    if row is None:
        raise NotFound("unknown_office", office=office)
    return _head(*row)


def hall(connection: Connection, book: OfficeBook, office_head: Head, now: datetime) -> Hall:
    """The whole state of an office's hall at ``now``; leftovers of earlier days are not in it."""
    office = book.office(connection, office_head.version)
    today = office.day(now)
    pace = tables.service_pace
    rows = connection.execute(select(pace.c.service, pace.c.recent).where(pace.c.office == office.code))
    return Hall(
        office=office,
        reception=office_head.reception,
        version=office_head.last_seq,
        now=now,
        visits=tuple(v for v in open_visits(connection, office.code) if v.day == today),
        desks={desk.id: desk for desk in desks(connection, office.code)},
        pace={row.service: row.recent for row in rows},
        missed=tuple(missed_visits(connection, office.code, today)),
        remarks=remarks(connection, office.code, today),
        terminals=tuple(terminal_rows.terminals(connection, office.code)),
        devices=tuple(terminal_rows.devices(connection, office.code)),
        print_orders=tuple(terminal_rows.queued_orders(connection, office.code)),
        low_marks=tuple(rating_rows.low_marks(connection, office, now)),
        booked=booking_rows.expected_today(connection, office, now),
    )


def open_visits(connection: Connection, office: str) -> list[Visit]:
    """Visits of an office that are not over, of whatever day."""
    table = tables.visit
    # The condition is written out, not bound: a partial index is found only by its own words.
    return _visits(connection, select(table).where(table.c.office == office, tables.OPEN_VISIT))


def missed_visits(connection: Connection, office: str, day: date) -> list[Visit]:
    """The last no-shows of a day, the latest first: who may still be restored."""
    table = tables.visit
    query = select(table).where(table.c.office == office, table.c.day == day, tables.NO_SHOW)
    return _visits(connection, query.order_by(table.c.finished_at.desc()).limit(MISSED_SHOWN))


def remarks(connection: Connection, office: str, day: date) -> dict[str, list[RemarkRow]]:
    """The remarks of staff of a day by visit, the oldest first; visitors' own are not for their operator."""
    table = tables.remark
    columns = [table.c[name] for name in RemarkRow.__dataclass_fields__]
    query = select(*columns).where(table.c.office == office, table.c.day == day, table.c.visit.is_not(None))
    query = query.where(table.c.kind != COMMENT)
    found: dict[str, list[RemarkRow]] = {}
    for row in connection.execute(query.order_by(table.c.at, table.c.id)):
        found.setdefault(str(row.visit), []).append(RemarkRow(*row))
    return found


def offices_to_return(connection: Connection, now: datetime) -> list[str]:
    """Offices where a held visitor's time has come."""
    table = tables.visit
    query = select(table.c.office).where(tables.HELD_VISIT, table.c.held_until <= now).distinct()
    return list(connection.execute(query).scalars())


def visit_by_id(connection: Connection, visit_id: str) -> Visit | None:
    """The visit with this id."""
    return _one_visit(connection, select(tables.visit).where(tables.visit.c.id == visit_id))


def visit_by_code(connection: Connection, code: str) -> Visit:
    """The visit whose ticket carries ``code``; raises ``NotFound``."""
    visit = _one_visit(connection, select(tables.visit).where(tables.visit.c.code == code))
    if visit is None:
        raise NotFound("unknown_ticket")
    return visit


def has_code(connection: Connection, code: str) -> bool:
    """Whether some ticket carries ``code``."""
    query = select(tables.visit.c.id).where(tables.visit.c.code == code)
    return connection.execute(query).first() is not None


def arrivals(connection: Connection, office: str, days: Sequence[date]) -> list[datetime]:
    """When the visitors of these days joined the queue; annulled tickets do not count."""
    table = tables.visit
    of_days = (table.c.office == office, table.c.day.in_(days))
    query = select(table.c.joined_at).where(*of_days, table.c.state != "annulled", ~table.c.ticketless)
    return list(connection.execute(query).scalars())


def visit_at_desk(connection: Connection, desk_id: str) -> Visit | None:
    """The visit called to or served at a desk, of whatever day."""
    table = tables.visit
    return _one_visit(connection, select(table).where(table.c.desk == desk_id, tables.VISIT_AT_DESK))


def desks(connection: Connection, office: str) -> list[DeskRow]:
    """The desks of an office as they stand."""
    rows = connection.execute(select(tables.desk).where(tables.desk.c.office == office))
    return [DeskRow(**row._mapping) for row in rows]


def desk(connection: Connection, office: str, desk_id: str) -> DeskRow:
    """How one desk stands; closed when nobody ever opened it."""
    row = connection.execute(select(tables.desk).where(tables.desk.c.id == desk_id)).one_or_none()
    return DeskRow(**row._mapping) if row else DeskRow(desk_id, office)


def office_of_desk(connection: Connection, desk_id: str) -> str:
    """The office a desk stands in; raises ``NotFound``."""
    query = select(tables.desk.c.office).where(tables.desk.c.id == desk_id)
    office = connection.execute(query).scalar_one_or_none()
    if office is None:
        raise NotFound("unknown_desk", desk=desk_id)
    return str(office)


def desk_of_operator(connection: Connection, office: str, operator: str) -> str | None:
    """The desk an operator has open (or on a break) in this office."""
    table = tables.desk
    query = select(table.c.id).where(
        table.c.office == office, table.c.operator == operator, table.c.state != "closed"
    )
    return connection.execute(query).scalars().first()


def score_of_visit(connection: Connection, visit_id: str) -> int | None:
    """The mark a visit was given."""
    return connection.execute(select(rating.c.score).where(rating.c.visit == visit_id)).scalar_one_or_none()


def month_sums(connection: Connection, year: int) -> dict[tuple[str, int], Sums]:
    """Sums by office and month of a year; what lies before and after it is not read."""
    table = month_sum
    # With the offices named the key is used, whatever the planner thinks of a join.
    offices = list(connection.execute(select(tables.office_log.c.office)).scalars())
    added_up = (func.sum(table.c[name]) for name in Sums.__dataclass_fields__)
    of_year = (table.c.month >= date(year, 1, 1), table.c.month <= date(year, 12, 1))
    query = select(table.c.office, table.c.month, *added_up).where(table.c.office.in_(offices), *of_year)
    query = query.group_by(table.c.office, table.c.month)
    return {
        (office, month.month): Sums(*(int(value) for value in values))
        for office, month, *values in connection.execute(query)
    }


def day_sums(connection: Connection, office: str) -> dict[DayKey, Sums]:
    """The sums of all days of an office."""
    rows = connection.execute(select(day_sum).where(day_sum.c.office == office))
    return {DayKey(*row[1:5]): Sums(*row[5:]) for row in rows}


def work_times(connection: Connection, office: str) -> dict[WorkKey, WorkTime]:
    """All kept working times of an office, for the check against its log."""
    table = tables.work_time
    names = list(WorkTime.__dataclass_fields__)
    return {
        WorkKey(row.day, row.desk, row.operator): WorkTime(*(getattr(row, name) for name in names))
        for row in connection.execute(select(table).where(table.c.office == office))
    }


def years_with_figures(connection: Connection) -> list[int]:
    """The years for which any figure exists, oldest first."""
    log, table = tables.office_log, month_sum
    # Of each office the ends of its key: the whole table would be read otherwise.
    ends = [
        select(end(table.c.month)).where(table.c.office == log.c.office).scalar_subquery()
        for end in (func.min, func.max)
    ]
    months = [month for row in connection.execute(select(*ends)) for month in row if month is not None]
    return list(range(min(months).year, max(months).year + 1)) if months else []


def _visits(connection: Connection, query: Select[Any]) -> list[Visit]:
    return [_visit(row) for row in connection.execute(query)]


def _one_visit(connection: Connection, query: Select[Any]) -> Visit | None:
    row = connection.execute(query).one_or_none()
    return _visit(row) if row else None


def _visit(row: Row[Any]) -> Visit:
    values = dict(row._mapping)
    values["state"] = State(values["state"])
    return Visit(**values)


def _head(
    office: str,
    _position: int,
    version: int,
    last_seq: int,
    last_hash: str,
    mode: str,
    note: dict[str, str],
    webhooks: int,
) -> Head:
    """A row of ``office_log``, in the order of its columns."""
    return Head(office, version, last_seq, last_hash, Reception(mode, note), webhooks)
