"""Reads: one query per question, answered with domain objects. Nothing here grows with history."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from server.db import tables
from server.domain import dispatch, estimate
from server.domain.errors import NotFound
from server.domain.figures import DayKey, Sums
from server.domain.office import Office, Reception, office_from_document
from server.domain.visit import AT_DESK, State, Visit

MISSED_SHOWN = 30


@dataclass(frozen=True)
class DeskRow:
    """A desk as it stands now, and the visit that ended there last."""

    id: str
    office: str
    state: str = "closed"
    operator: str | None = None
    break_reason: str | None = None
    since: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    last_visit: str | None = None
    last_number: str | None = None
    last_finished_at: datetime | None = None
    last_score: int | None = None
    served_day: date | None = None
    served_count: int = 0


@dataclass(frozen=True)
class Head:
    """The head of an office's log row: its newest event and the data version in force."""

    office: str
    version: int
    last_seq: int
    last_hash: str
    reception: Reception


@dataclass(frozen=True)
class Hall:
    """Everything about an office at one moment, read in one transaction: all screens are made from it."""

    office: Office
    reception: Reception
    version: int
    now: datetime
    visits: tuple[Visit, ...]
    desks: dict[str, DeskRow]
    pace: dict[str, list[int]]
    missed: tuple[Visit, ...]

    @cached_property
    def places(self) -> list[dispatch.Place]:
        """The one order of the queue."""
        return dispatch.order(self.visits, self.office)

    @property
    def held(self) -> list[Visit]:
        """Visitors put aside, the one put aside last first."""
        held = [visit for visit in self.visits if visit.state is State.HELD]
        return sorted(held, key=lambda visit: (visit.held_at or self.now, visit.number), reverse=True)

    @property
    def is_open(self) -> bool:
        """Whether tickets are given now."""
        return self.reception.is_open(self.office, self.now)

    def at_desk(self, desk_id: str) -> Visit | None:
        """The visit called to or served at a desk."""
        return next((v for v in self.visits if v.desk == desk_id and v.state in AT_DESK), None)

    def desk(self, desk_id: str) -> DeskRow:
        """How a desk stands; closed when nobody ever opened it."""
        return self.desks.get(desk_id) or DeskRow(desk_id, self.office.code)

    def working_desks(self, service: str) -> int:
        """How many open desks serve ``service``."""
        return sum(self.desk(desk.id).state == "open" for desk in self.office.desks_for(service))

    def expected_wait(self, service: str, ahead: int) -> int | None:
        """Expected wait in minutes behind ``ahead`` people; ``None`` when no desk works."""
        planned = self.office.service(service).typical_seconds
        typical = estimate.typical_seconds(self.pace.get(service, []), planned)
        return estimate.expected_wait_minutes(ahead, typical, self.working_desks(service))

    def live_wait_seconds(self) -> int | None:
        """Mean over people now waiting of (now − J), called ones excluded (domain §7)."""
        waits = [int((self.now - place.visit.queued_at).total_seconds()) for place in self.places]
        return sum(waits) // len(waits) if waits else None


class OfficeBook:
    """Offices by version, parsed once: a version's document never changes."""

    def __init__(self) -> None:
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


def heads(connection: Connection) -> list[Head]:
    """The heads of all offices, in the company's order."""
    table = tables.office_log
    return [
        _head(row) for row in connection.execute(select(table).order_by(table.c.position, table.c.office))
    ]


def head(connection: Connection, office: str) -> Head:
    """The head of one office; raises ``NotFound``."""
    table = tables.office_log
    row = connection.execute(select(table).where(table.c.office == office)).one_or_none()
    if row is None:
        raise NotFound("unknown_office", office=office)
    return _head(row)


def locked_head(connection: Connection, office: str) -> Head:
    """The head of one office, its row taken for writing until the transaction ends."""
    table = tables.office_log
    row = connection.execute(select(table).where(table.c.office == office).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("unknown_office", office=office)
    return _head(row)


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


def visit_at_desk(connection: Connection, desk_id: str) -> Visit | None:
    """The visit called to or served at a desk, of whatever day."""
    table = tables.visit
    return _one_visit(connection, select(table).where(table.c.desk == desk_id, tables.VISIT_AT_DESK))


def started_at_desk(connection: Connection, desk_id: str, before: datetime) -> list[Visit]:
    """The last two visits whose service began at a desk not later than ``before``."""
    table = tables.visit
    query = select(table).where(table.c.desk == desk_id, table.c.started_at <= before)
    return _visits(connection, query.order_by(table.c.started_at.desc()).limit(2))


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
    table = tables.rating
    return connection.execute(select(table.c.score).where(table.c.visit == visit_id)).scalar_one_or_none()


def month_sums(connection: Connection, year: int) -> dict[tuple[str, int], Sums]:
    """Sums by office and month of a year, from the day sums."""
    table = tables.day_sum
    names = list(Sums.__dataclass_fields__)
    query = select(table.c.office, table.c.day, *(func.sum(table.c[name]) for name in names)).where(
        table.c.day >= date(year, 1, 1), table.c.day <= date(year, 12, 31)
    )
    result: dict[tuple[str, int], Sums] = {}
    for office, day, *values in connection.execute(query.group_by(table.c.office, table.c.day)):
        key = (office, day.month)
        result[key] = result.get(key, Sums()) + Sums(*(int(value) for value in values))
    return result


def day_sums(connection: Connection, office: str) -> dict[DayKey, Sums]:
    """All kept sums of an office, for the check against its log."""
    table = tables.day_sum
    rows = connection.execute(select(table).where(table.c.office == office))
    names = list(Sums.__dataclass_fields__)
    return {DayKey(row.day, row.service): Sums(*(getattr(row, name) for name in names)) for row in rows}


def years_with_figures(connection: Connection) -> list[int]:
    """The years for which any figure exists, oldest first."""
    table = tables.day_sum
    first, last = connection.execute(select(func.min(table.c.day), func.max(table.c.day))).one()
    return list(range(first.year, last.year + 1)) if first else []


def _visits(connection: Connection, query: Select[Any]) -> list[Visit]:
    return [_visit(row) for row in connection.execute(query)]


def _one_visit(connection: Connection, query: Select[Any]) -> Visit | None:
    row = connection.execute(query).one_or_none()
    return _visit(row) if row else None


def _visit(row: Row[Any]) -> Visit:
    values = dict(row._mapping)
    values["state"] = State(values["state"])
    return Visit(**values)


def _head(row: Row[Any]) -> Head:
    reception = Reception(row.reception_mode, row.reception_note)
    return Head(row.office, row.version, row.last_seq, row.last_hash, reception)
