"""The company as it stands now: halls, sums and bookings of today of many offices, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from server.db import tables
from server.db.booking_tables import BOOKING_TO_COME, booking
from server.db.hall_now import DeskRow, HallNow
from server.db.queries import Head, OfficeBook
from server.db.sum_tables import day_sum
from server.domain.figures import Sums
from server.domain.office import Office
from server.domain.visit import State, Visit


@dataclass(frozen=True)
class OfficeNow:
    """An office at one moment: its hall, the sums of its day so far and the bookings to come, by service."""

    hall: HallNow
    sums: dict[str, Sums]
    to_come: dict[str, int]


def offices_now(
    connection: Connection, book: OfficeBook, heads: Sequence[Head], now: datetime
) -> list[OfficeNow]:
    """The offices of ``heads`` as they stand at ``now``: as many queries for fifty offices as for one."""
    offices = [book.office(connection, head.version) for head in heads]
    codes = [office.code for office in offices]
    days = {office.code: office.day(now) for office in offices}
    visits = _open_visits(connection, codes)
    desks = _desks(connection, codes)
    sums = _sums(connection, days)
    to_come = _to_come(connection, offices, now)
    return [
        OfficeNow(
            hall=HallNow(
                office=office,
                reception=head.reception,
                version=head.last_seq,
                now=now,
                visits=tuple(visit for visit in visits[office.code] if visit.day == days[office.code]),
                desks=desks[office.code],
            ),
            sums=sums[office.code],
            to_come=to_come[office.code],
        )
        for head, office in zip(heads, offices, strict=True)
    ]


def _open_visits(connection: Connection, codes: Sequence[str]) -> dict[str, list[Visit]]:
    table = tables.visit
    # The condition is written out, not bound: a partial index is found only by its own words.
    query = select(table).where(table.c.office.in_(codes), tables.OPEN_VISIT)
    found: dict[str, list[Visit]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        visit = Visit(**{**row, "state": State(row["state"])})
        found[visit.office].append(visit)
    return found


def _desks(connection: Connection, codes: Sequence[str]) -> dict[str, dict[str, DeskRow]]:
    found: dict[str, dict[str, DeskRow]] = defaultdict(dict)
    for row in connection.execute(select(tables.desk).where(tables.desk.c.office.in_(codes))).mappings():
        desk = DeskRow(**row)
        found[desk.office][desk.id] = desk
    return found


def _sums(connection: Connection, days: dict[str, date]) -> dict[str, dict[str, Sums]]:
    names = list(Sums.__dataclass_fields__)
    keys = (day_sum.c.office, day_sum.c.day, day_sum.c.service)
    query = select(*keys, *(func.sum(day_sum.c[name]) for name in names)).where(
        day_sum.c.office.in_(list(days)), day_sum.c.day.in_(set(days.values()))
    )
    found: dict[str, dict[str, Sums]] = defaultdict(dict)
    for office, day, service, *values in connection.execute(query.group_by(*keys)):
        # Offices of several zones may be at two days at once.
        if day == days[office]:
            found[office][service] = Sums(*(int(value) for value in values))
    return found


def _to_come(connection: Connection, offices: Sequence[Office], now: datetime) -> dict[str, dict[str, int]]:
    """Bookings of today whose visitors have not come yet and may still come in time."""
    alike: dict[tuple[date, datetime], list[str]] = defaultdict(list)
    for office in offices:
        if office.bookings is not None:
            since = now - timedelta(minutes=office.bookings.late)
            alike[office.day(now), since].append(office.code)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    if not alike:
        return found
    of_today = or_(
        *(
            and_(booking.c.office.in_(codes), booking.c.day == day, booking.c.starts_at >= since)
            for (day, since), codes in alike.items()
        )
    )
    keys = (booking.c.office, booking.c.service)
    query = select(*keys, func.count()).where(BOOKING_TO_COME, of_today).group_by(*keys)
    for office, service, count in connection.execute(query):
        found[office][service] = count
    return found
