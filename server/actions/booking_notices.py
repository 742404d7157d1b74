"""Messages to visitors about their booking: rows of the outbox, written with the act they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from server.domain.booking import Booking, Contact
from server.domain.booking_conflicts import conflicts

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


def tell(
    uow: UnitOfWork,
    booking: Booking,
    contact: Contact | None,
    kind: str,
    facts: dict[str, Any] | None = None,
    later: timedelta = timedelta(),
) -> bool:
    """Have the visitor told: by e-mail where there is an address, else by SMS. False: there is no way."""
    channel = contact.told_by if contact else None
    if channel is None:
        return False
    uow.bookings.add_message(kind, channel, booking.id, facts or {}, uow.now + later)
    return True


def remind(uow: UnitOfWork, booking: Booking, contact: Contact | None) -> None:
    """Have the visitor reminded as often as the office wants, instead of what was to be sent before."""
    uow.bookings.drop_messages(booking.id, "reminder")
    rules = uow.office.bookings
    for minutes in rules.remind if rules else ():
        later = booking.starts_at - timedelta(minutes=minutes) - uow.now
        if later > timedelta():
            tell(uow, booking, contact, "reminder", {"minutes": minutes}, later)


def notice_conflicts(uow: UnitOfWork, wanted: Sequence[str] | None) -> tuple[int, list[str]]:
    """Tell visitors that their booking cannot stand: those ``wanted``, or all who were not told yet.

    Returns how many are being told, and the bookings whose visitors left no way to be told.
    """
    found = conflicts(uow.office, uow.bookings.to_come(uow.now))
    told, unreachable = 0, []
    for booking, reason in found:
        if booking.id not in wanted if wanted is not None else booking.noticed_at is not None:
            continue
        if tell(uow, booking, uow.bookings.contact(booking.id), "conflict", {"reason": reason}):
            told += 1
            uow.bookings.save(replace(booking, noticed_at=uow.now))
        else:
            unreachable.append(booking.id)
    return told, unreachable
