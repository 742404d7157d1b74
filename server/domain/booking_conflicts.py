"""Bookings to come that the office's present data no longer allow, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from server.domain import slots
from server.domain.booking import Booking
from server.domain.office import Office
from server.domain.slots import Grid

_GIVEN = ("open", "booking_only", "hidden")


def conflicts(office: Office, bookings: Iterable[Booking]) -> list[tuple[Booking, str]]:
    """Which of the bookings to come cannot stand: outside the hours (``closed``), the service is not given
    that day (``service``), more bookings than places (``capacity``: of those made last).

    ``bookings`` are all to come, so that they can be counted against the places. In the order given.
    """
    why: dict[str, str] = {}
    used: dict[str, Counter[int]] = {}
    known = list(bookings)
    for booking in sorted(known, key=lambda one: (one.confirmed_at or one.made_at, one.id)):
        reason = _outside(office, booking)
        if reason is None:
            reason = _too_many(office, booking, used)
        if reason is not None:
            why[booking.id] = reason
    return [(booking, why[booking.id]) for booking in known if booking.id in why]


def _outside(office: Office, booking: Booking) -> str | None:
    rules = office.bookings
    states = {service.code: service.state_on(booking.day) for service in office.services}
    pool = rules.pool_of(booking.service) if rules else None
    if pool is None or states.get(booking.service) not in _GIVEN:
        return "service"
    first, cells = _span(booking)
    return None if Grid(pool, office.schedule, office.zone).fits(first, cells) else "closed"


def _too_many(office: Office, booking: Booking, used: dict[str, Counter[int]]) -> str | None:
    pool = office.bookings.pool_of(booking.service) if office.bookings else None
    if pool is None:
        return "service"
    # A fraction of a place is counted whole here: it only says when the place is offered.
    places = -(-(pool.public + pool.staff) // 1)
    first, cells = _span(booking)
    mine = used.setdefault(pool.code, Counter())
    if any(mine[cell] >= places for cell in range(first, first + cells)):
        return "capacity"
    mine.update(range(first, first + cells))
    return None


def _span(booking: Booking) -> tuple[int, int]:
    first = slots.cell_of(booking.starts_at)
    return first or 0, slots.cells_of(booking.ends_at - booking.starts_at)
