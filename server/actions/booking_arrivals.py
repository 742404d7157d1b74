"""Booked visitors come or do not: check-in by code, link or phone; what the clock does with bookings."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from server.actions.calling import call_by_itself
from server.actions.visits import next_number
from server.domain import booking as bookings
from server.domain import ids, moves, slots
from server.domain.booking import PENDING, Booking, BookingState
from server.domain.errors import Conflict, Invalid, NotFound, Refusal
from server.domain.events import Event, Kind, timestamp
from server.domain.kept_sums import changes_of_missed, day_key
from server.domain.visit import BOOKED, OFFICE, TERMINAL, WALK_IN, Visit

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork

HOLDS_KEPT = timedelta(days=1)
"""How long a hold that ran out stays, so that its holder is told what became of it."""


def find(uow: UnitOfWork, code: str | None, phone_digits: str | None, link: str | None) -> Booking:
    """The booking of a visitor who has come: by today's code, the link, or the phone's last four digits.

    Raises ``NotFound`` ``unknown_booking``, ``Conflict`` ``several_bookings``, ``Invalid``
    ``booking_unnamed``.
    """
    if link:
        return uow.bookings.by_link(link[-bookings.LINK_LENGTH :])
    if code:
        return uow.bookings.by_code(uow.today, code)
    if not phone_digits:
        raise Invalid("booking_unnamed")
    found = uow.bookings.by_phone_tail(uow.today, phone_digits)
    # One person may have booked two services: the one whose time comes first.
    people = {contact.phone for one in found if (contact := uow.bookings.contact(one.id))}
    if len(people) > 1:
        raise Conflict("several_bookings")
    if not found:
        raise NotFound("unknown_booking")
    return found[0]


def check_in(
    uow: UnitOfWork, booking: Booking, language: str | None = None, channel: str = TERMINAL
) -> Visit:
    """A booked visitor has come: a ticket whose turn is the booked time (domain §6).

    Who comes too late waits (and counts) like a walk-in, or keeps the turn, as the office says. Raises
    ``Conflict`` ``too_early``, ``booking_other_day``, ``booked_elsewhere``, ``already_arrived``,
    ``booking_over``, ``office_closed``, ``numbers_used_up``; ``NotFound`` ``unknown_booking``.
    """
    office, rules = uow.office, uow.office.bookings
    _check_here(uow, booking)
    if rules is None or _is_over(uow, booking):
        raise Conflict("booking_over")
    try:
        turn = bookings.turn_at(booking, rules, uow.now)
    except Conflict as early:
        raise Conflict(early.code, **early.values, timezone=str(office.zone)) from None
    if uow.reception.mode == "closed":
        opens_at = office.schedule.next_opening(uow.now, office.zone)
        raise Conflict("office_closed", opens_at=opens_at, timezone=str(office.zone))
    service = office.service(booking.service)
    pool = rules.pool_of(service.code)
    prefix = (pool.prefix if pool else None) or rules.prefix or service.prefix
    visit, event = moves.issue(
        visit_id=ids.uuid7(uow.now, secrets.token_bytes),
        office=office.code,
        day=uow.today,
        number=next_number(uow, prefix),
        service=service.code,
        code=ids.secret_code(secrets.token_bytes),
        language=language or booking.language,
        category=None,
        at=uow.now,
        actor=uow.actor,
        booked_for=turn,
        channel=channel,
        limit=service.limit_on(BOOKED if turn else WALK_IN, uow.today),
    )
    uow.add_visit(visit)
    uow.sums.count_issued(day_key(visit, visit.day))
    uow.record(event)
    come = replace(booking, state=BookingState.ARRIVED, arrived_at=uow.now, visit=visit.id)
    uow.bookings.save(come)
    uow.bookings.drop_messages(come.id, "reminder")
    payload = {"booking": come.id, "at": timestamp(come.starts_at), "in_time": turn is not None}
    uow.record(Event(Kind.BOOKING_ARRIVED, uow.now, uow.actor, visit.id, None, payload))
    call_by_itself(uow)
    return visit


def check_in_due(uow: UnitOfWork) -> int:
    """In an office without check-in, put those whose time has come into the queue. Returns how many."""
    rules = uow.office.bookings
    if rules is None or rules.check_in:
        return 0
    come = 0
    for booking in uow.bookings.not_come(uow.now):
        if booking.day != uow.today or _is_over(uow, booking):
            continue
        try:
            check_in(uow, booking, channel=OFFICE)
        except Refusal:
            # The office was closed by hand, or its numbers are used up: staff see the booking in their list.
            continue
        come += 1
    return come


def end_missed(uow: UnitOfWork) -> int:
    """Count the bookings nobody came for once they are over. Returns how many; safe to repeat."""
    over = [booking for booking in uow.bookings.not_come(uow.now) if _is_over(uow, booking)]
    for booking in over:
        uow.bookings.save(replace(booking, state=BookingState.MISSED))
        uow.bookings.unclaim(booking.id)
        uow.bookings.drop_messages(booking.id, "reminder")
        uow.sums.add(changes_of_missed(booking.day, booking.service))
        payload = {
            "booking": booking.id,
            "service": booking.service,
            "day": booking.day.isoformat(),
            "at": timestamp(booking.starts_at),
        }
        uow.record(Event(Kind.BOOKING_MISSED, uow.now, uow.actor, None, None, payload))
    return len(over)


def tidy(uow: UnitOfWork) -> int:
    """Forget contacts kept no longer, ended holds, past places, late notices. Returns how many contacts."""
    uow.bookings.forget_ended_holds(uow.now - HOLDS_KEPT)
    uow.bookings.drop_past_messages()
    uow.bookings.forget_past_places(slots.cells_of_days([uow.today], uow.office.zone)[0])
    return uow.bookings.erase_contacts(uow.today)


def _check_here(uow: UnitOfWork, booking: Booking) -> None:
    """Refuse a booking of another office or day, and one that is not one any more."""
    zone = str(uow.office.zone)
    if booking.state in PENDING:
        raise NotFound("unknown_booking")
    if booking.office != uow.office.code:
        raise Conflict("booked_elsewhere")
    if booking.state is BookingState.ARRIVED:
        visit = uow.visit(str(booking.visit))
        raise Conflict("already_arrived", number=visit.number if visit else "—")
    if booking.state is not BookingState.BOOKED:
        raise Conflict("booking_over")
    if booking.day != uow.today:
        raise Conflict("booking_other_day", at=booking.starts_at, timezone=zone)


def _is_over(uow: UnitOfWork, booking: Booking) -> bool:
    office = uow.office
    return bookings.is_over(booking, office.bookings, office.schedule, office.zone, uow.now)
