"""The places of bookings: who may book what, taking places, moving them when the company's data change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from server.domain import slots
from server.domain.booking import STAFF_CHANNELS, Booking
from server.domain.booking_rules import PUBLIC, STAFF, BookedService, BookingRules, Pool
from server.domain.errors import Conflict
from server.domain.office import Office
from server.domain.slots import Grid, Place

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork

LOOK_AROUND_DAYS = 7
"""How far other free times are looked for when one is taken."""


def rules_of(office: Office) -> BookingRules:
    """The rules of an office; raises ``Conflict`` ``no_booking`` when it takes no bookings."""
    if office.bookings is None:
        raise Conflict("no_booking")
    return office.bookings


def bookable(office: Office, service: str, day: date, who: str) -> BookedService:
    """The service, if ``who`` may book it for ``day``.

    Raises ``NotFound`` ``unknown_service``, ``Conflict`` ``no_booking``, ``service_closed``.
    """
    rules = rules_of(office)
    known = office.service(service)
    booked = rules.services.get(service)
    if booked is None or (who == PUBLIC and not booked.by_public):
        raise Conflict("no_booking")
    pool_of(office, service)
    allowed = ("open", "booking_only") if who == PUBLIC else ("open", "booking_only", "hidden")
    if known.state_on(day) not in allowed:
        raise Conflict("service_closed", service=known.name)
    return booked


def pool_of(office: Office, service: str) -> Pool:
    """The pool a service takes its places from; raises ``Conflict`` ``no_booking`` when no desk gives it."""
    pool = rules_of(office).pool_of(service)
    if pool is None:
        raise Conflict("no_booking")
    return pool


def take(uow: UnitOfWork, booking: Booking, who: str) -> None:
    """Take the places of a new or moved booking, in every five minutes of it.

    Raises ``Conflict`` ``slot_taken`` with the nearest free times.
    """
    office, rules = uow.office, rules_of(uow.office)
    grid = _grid(office, pool_of(office, booking.service))
    cells = slots.cells_of(booking.ends_at - booking.starts_at)
    first = slots.cell_of(booking.starts_at)
    capacity = None
    if first is not None and slots.may_begin(booking.starts_at, grid.pool, rules, uow.now, office.zone, who):
        capacity = grid.capacity_of(first, cells)
    if first is None or capacity is None:
        raise _taken(uow, booking, who)
    there = uow.bookings.places(grid.pool.code, first, first + cells)
    whole = slots.sees_all(booking.starts_at, rules, uow.now, who)
    for cell, (public, staff) in enumerate(capacity, start=first):
        limits = {PUBLIC: public, STAFF: staff}
        order = (STAFF, PUBLIC) if who == STAFF else (PUBLIC, STAFF) if whole else (PUBLIC,)
        place = slots.choose([p for p in there if p.cell == cell], cell, order, limits, uow.now)
        if place is None:
            raise _taken(uow, booking, who)
        _put(uow, booking, place, there, who)


def rehouse(uow: UnitOfWork, office: Office) -> int:
    """Give bookings that stand places in the pools of an office's new data. Returns how many moved.

    Nobody loses a booking by it, even if there are then more than places: staff see those as conflicts.
    """
    moved = 0
    if office.bookings is None or uow.is_new:
        return 0
    for booking in uow.bookings.live():
        pool = office.bookings.pool_of(booking.service)
        first = slots.cell_of(booking.starts_at)
        if pool is None or pool.code == booking.pool or first is None:
            continue
        housed = replace(booking, pool=pool.code)
        uow.bookings.free_places(booking.id)
        cells = slots.cells_of(booking.ends_at - booking.starts_at)
        there = uow.bookings.places(pool.code, first, first + cells)
        order = (STAFF, PUBLIC) if booking.channel in STAFF_CHANNELS else (PUBLIC, STAFF)
        capacity = _grid(office, pool).capacity_of(first, cells) or [(0, 0)] * cells
        for cell, (public, staff) in enumerate(capacity, start=first):
            mine = [place for place in there if place.cell == cell]
            place = slots.choose(mine, cell, order, {PUBLIC: public, STAFF: staff}, uow.now)
            if place is None:
                more = {order[0]: len(mine) + 1, order[1]: len(mine) + 1}
                place = slots.choose(mine, cell, order, more, uow.now)
            assert place is not None, "there is always one more number"
            _put(uow, housed, place, there, order[0])
        uow.bookings.save(housed)
        moved += 1
    return moved


def free_days(
    office: Office,
    taken: Callable[[str, int, int], slots.Taken],
    service: str,
    length: timedelta,
    days: Sequence[date],
    now: datetime,
    who: str,
) -> list[slots.Day]:
    """The free times of a service on ``days`` in a row; ``taken(pool, first, last)`` reads what is taken."""
    rules = rules_of(office)
    grid = _grid(office, pool_of(office, service))
    used = taken(grid.pool.code, *slots.cells_of_days(days, office.zone))
    return list(slots.free_times(grid, rules, slots.cells_of(length), days, used, now, who))


def places_left(
    office: Office, taken: Callable[[str, int, int], slots.Taken], day: date, now: datetime
) -> int:
    """How many bookings of one slot's length staff can still make on ``day``, over all pools together.

    ``taken`` as for ``free_days``; an office without bookings has none.
    """
    rules = office.bookings
    if rules is None:
        return 0
    left = 0
    for pool in rules.pools:
        used = taken(pool.code, *slots.cells_of_days([day], office.zone))
        cells = pool.slot_minutes // slots.CELL_MINUTES
        for free in slots.free_times(_grid(office, pool), rules, cells, [day], used, now, STAFF):
            left += sum(slot.left for slot in free.slots)
    return left


def _put(uow: UnitOfWork, booking: Booking, place: Place, there: list[Place], who: str) -> None:
    over = any(known.key == place.key for known in there)
    mine = replace(place, booking=booking.id, expires_at=booking.expires_at)
    if not uow.bookings.take_place(booking.pool, mine, over):
        raise _taken(uow, booking, who)


def _taken(uow: UnitOfWork, booking: Booking, who: str) -> Conflict:
    """The refusal, with the free times around the wanted one."""
    office = uow.office
    today = office.day(uow.now)
    middle = max(booking.day, today)
    around = [middle + timedelta(days=n) for n in range(-1, LOOK_AROUND_DAYS)]
    length = booking.ends_at - booking.starts_at
    found: list[datetime] = []
    # Mostly the day itself has some; others wait for this answer.
    for days in ([middle], [day for day in around if day >= today]):
        free = free_days(office, uow.bookings.taken, booking.service, length, days, uow.now, who)
        found = slots.nearest(free, booking.starts_at)
        if len(found) == slots.NEAREST:
            break
    return Conflict("slot_taken", nearest=found, timezone=str(office.zone))


def _grid(office: Office, pool: Pool) -> Grid:
    return Grid(pool, office.schedule, office.zone)
