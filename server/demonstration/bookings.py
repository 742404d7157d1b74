"""Bookings of the demonstration, by the real actions: always somebody who is expected at the kiosk soon."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from server.actions import bookings
from server.db.store import Store
from server.domain.errors import Refusal
from server.domain.office import Office
from server.simulation.day import ACTOR

STEP = timedelta(minutes=30)
HOURS_AHEAD = timedelta(hours=4)
LATER_DAYS = 2
LATER_TIMES = (time(9, 30), time(14))
LETTERS = "АБВГДЕЖИКЛМН"


def write_bookings(store: Store, office_code: str) -> int:
    """Book every half hour of the next four, and some times of the next days; returns how many were made.

    Safe to repeat: who books is told by the time, and one contact has one booking of a service and day.
    An office that takes no bookings has none made.
    """
    office = store.hall(office_code).office
    if office.bookings is None:
        return 0
    return sum(_book(store, office, at, number) for number, at in enumerate(_times(office, store.clock())))


def _times(office: Office, now: datetime) -> list[datetime]:
    begin = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0) + STEP
    soon = [begin + n * STEP for n in range(HOURS_AHEAD // STEP)]
    today = office.day(now)
    days = [today + timedelta(days=n) for n in range(1, LATER_DAYS + 1)]
    later = [datetime.combine(day, at, tzinfo=office.zone) for day in days for at in LATER_TIMES]
    return [*soon, *(at for at in later if at > soon[-1])]


def _book(store: Store, office: Office, at: datetime, number: int) -> bool:
    """Make one booking; false when the time is not to be had, or it was made at an earlier start."""
    assert office.bookings is not None
    services = sorted(office.bookings.services)
    local = at.astimezone(office.zone)
    by_phone = local.hour % 2 == 0
    try:
        with store.write(office.code, ACTOR) as uow:
            bookings.book_for_caller(
                uow,
                services[(local.hour + local.minute // 30) % len(services)],
                at,
                1,
                channel="phone" if by_phone else "site",
                language=office.languages[0],
                # Nobody has such a number or address; the last digits to check in with are the time.
                name=f"Демо {LETTERS[number % len(LETTERS)]}.",
                phone=f"+7000000{local:%H%M}" if by_phone else None,
                email=None if by_phone else f"demo-{local:%H%M}@example.org",
            )
    except Refusal:
        return False
    return True
