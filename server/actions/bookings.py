"""What people do with a booking: hold a place, say who they are, prove the contact, move, cancel."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from server.actions import booking_notices, booking_places
from server.domain import booking as bookings
from server.domain import ids
from server.domain.booking import PENDING, Booking, BookingState, Contact
from server.domain.booking_rules import PUBLIC, STAFF, BookingRules
from server.domain.errors import Conflict, Invalid
from server.domain.events import Event, Kind, timestamp

if TYPE_CHECKING:
    from server.db.unit_of_work import UnitOfWork


def hold(
    uow: UnitOfWork, service: str, at: datetime, count: int, *, channel: str, language: str, who: str = PUBLIC
) -> tuple[Booking, str]:
    """Take a place for a few minutes; returns the hold and its secret link.

    Raises ``Conflict`` ``no_booking``, ``service_closed``, ``slot_taken`` with the nearest free times,
    ``Invalid`` ``too_long``, ``NotFound`` ``unknown_service``.
    """
    rules = booking_places.rules_of(uow.office)
    booked = booking_places.bookable(uow.office, service, uow.office.day(at), who)
    if count > booked.most:
        raise Invalid("too_long", most=booked.most)
    link = bookings.new_link(secrets.token_bytes)
    held = Booking(
        id=ids.uuid7(uow.now, secrets.token_bytes),
        office=uow.office.code,
        link_hash=bookings.link_hash(link),
        code=None,
        day=uow.office.day(at),
        service=service,
        pool=booking_places.pool_of(uow.office, service).code,
        starts_at=at,
        ends_at=at + rules.length(service, count),
        count=count,
        state=BookingState.HELD,
        channel=channel,
        language=language,
        made_at=uow.now,
        expires_at=uow.now + timedelta(minutes=rules.hold),
    )
    uow.bookings.add(held)
    booking_places.take(uow, held, who)
    return held, link


def confirm(
    uow: UnitOfWork,
    link: str,
    *,
    name: str,
    phone: str | None,
    email: str | None,
    consent_version: str | None,
    language: str | None = None,
) -> Booking:
    """Say who a hold is for: the booking stands, or waits for the code sent to the visitor.

    What is answered never tells whether the contact has another booking: without a code that proves the
    contact, this booking replaces an older one for the same service and day, and the contact is told.

    Raises ``Conflict`` ``hold_expired``, ``booking_over``, ``too_many_codes``; ``Invalid``
    ``consent_needed``, ``contact_needed``, ``bad_phone``, ``bad_email``.
    """
    booking = uow.bookings.by_link(link)
    rules = booking_places.rules_of(uow.office)
    _check_pending(uow, booking)
    if consent_version != rules.consent_version:
        raise Invalid("consent_needed")
    contact = _contact(rules, name, phone, email, link)
    booking = replace(booking, consent_version=consent_version, language=language or booking.language)
    if rules.confirm_by == "none":
        return _stand(uow, booking, contact, proven=False)
    if booking.codes_sent >= bookings.MOST_CODES:
        raise Conflict("too_many_codes", most=bookings.MOST_CODES)
    expires_at = uow.now + bookings.PROOF_TIME
    waiting = replace(
        booking, state=BookingState.UNCONFIRMED, expires_at=expires_at, codes_sent=booking.codes_sent + 1
    )
    uow.bookings.save(waiting)
    uow.bookings.keep_places(waiting.id, expires_at)
    proof = bookings.new_code(secrets.token_bytes, lambda _code: True)
    _keep_contact(uow, waiting, replace(contact, proof=proof))
    uow.bookings.drop_messages(waiting.id, "proof")
    uow.bookings.add_message("proof", rules.confirm_by, waiting.id, {}, uow.now)
    return waiting


def verify(uow: UnitOfWork, link: str, code: str) -> tuple[Booking, bool]:
    """Type the code that was sent; returns the booking and whether the code was wrong.

    A wrong one is no refusal: it is counted, and the fifth ends the booking. Raises ``Conflict``
    ``hold_expired``, ``booking_over``, ``already_booked`` (the contact is proven and may know).
    """
    booking = uow.bookings.by_link(link)
    _check_pending(uow, booking)
    contact = uow.bookings.contact(booking.id)
    if booking.state is not BookingState.UNCONFIRMED or contact is None:
        raise Conflict("booking_over")
    if hmac.compare_digest(contact.proof, code):
        return _stand(uow, booking, replace(contact, proof=""), proven=True), False
    tried = replace(booking, tries=booking.tries + 1)
    if tried.tries >= bookings.MOST_TRIES:
        tried = replace(tried, state=BookingState.CANCELLED, expires_at=None)
        uow.bookings.free_places(tried.id)
    uow.bookings.save(tried)
    return tried, True


def book_for_caller(
    uow: UnitOfWork,
    service: str,
    at: datetime,
    count: int,
    *,
    channel: str,
    language: str,
    name: str,
    phone: str | None,
    email: str | None,
) -> Booking:
    """Staff book for somebody who agreed to it. Raises as ``hold`` and ``Conflict`` ``already_booked``."""
    held, link = hold(uow, service, at, count, channel=channel, language=language, who=STAFF)
    rules = booking_places.rules_of(uow.office)
    contact = Contact(name, bookings.checked_phone(phone), bookings.checked_email(email), link)
    return _stand(uow, replace(held, consent_version=rules.consent_version), contact, proven=True)


def move(uow: UnitOfWork, booking: Booking, at: datetime, who: str = PUBLIC) -> Booking:
    """Another time for the same booking; its old place is free at once. The same time changes nothing.

    Raises ``Conflict`` ``booking_over``, ``slot_taken``, ``service_closed``, and for staff
    ``already_booked``.
    """
    rules = booking_places.rules_of(uow.office)
    if booking.state is not BookingState.BOOKED or _is_over(uow, booking):
        raise Conflict("booking_over")
    if at == booking.starts_at:
        return booking
    day = uow.office.day(at)
    booking_places.bookable(uow.office, booking.service, day, who)
    code = str(booking.code)
    if day != booking.day and not uow.bookings.code_is_free(day, code):
        code = bookings.new_code(secrets.token_bytes, lambda code: uow.bookings.code_is_free(day, code))
    moved = replace(
        booking,
        day=day,
        code=code,
        pool=booking_places.pool_of(uow.office, booking.service).code,
        starts_at=at,
        ends_at=at + (booking.ends_at - booking.starts_at),
        noticed_at=None,
    )
    uow.bookings.free_places(booking.id)
    booking_places.take(uow, moved, who)
    contact = uow.bookings.contact(booking.id)
    if contact is not None:
        _claim(uow, moved, contact, proven=who == STAFF or rules.confirm_by != "none")
        _keep_contact(uow, moved, contact)
    uow.bookings.save(moved)
    payload = {"booking": moved.id, "from": timestamp(booking.starts_at), "at": timestamp(at)}
    uow.record(Event(Kind.BOOKING_MOVED, uow.now, uow.actor, None, None, payload))
    booking_notices.tell(uow, moved, contact, "moved", {"from": timestamp(booking.starts_at)})
    booking_notices.remind(uow, moved, contact)
    return moved


def cancel(uow: UnitOfWork, booking: Booking, why: str = "visitor") -> Booking:
    """Give a booking up; its place is free at once. Cancelling twice is the same as once.

    ``why`` goes into the log: ``visitor``, ``staff``, ``replaced``. Raises ``Conflict`` ``booking_over``.
    """
    if booking.state is BookingState.CANCELLED:
        return booking
    if booking.state not in (*PENDING, BookingState.BOOKED) or _is_over(uow, booking):
        raise Conflict("booking_over")
    gone = replace(booking, state=BookingState.CANCELLED, expires_at=None)
    uow.bookings.save(gone)
    uow.bookings.free_places(gone.id)
    uow.bookings.unclaim(gone.id)
    if booking.state is BookingState.BOOKED:
        payload = {"booking": gone.id, "at": timestamp(gone.starts_at), "why": why}
        uow.record(Event(Kind.BOOKING_CANCELLED, uow.now, uow.actor, None, None, payload))
        uow.bookings.drop_messages(gone.id, "reminder")
        kind = "replaced" if why == "replaced" else "cancelled"
        booking_notices.tell(uow, gone, uow.bookings.contact(gone.id), kind)
    return gone


def _stand(uow: UnitOfWork, booking: Booking, contact: Contact, *, proven: bool) -> Booking:
    """The booking stands from now on: with its code, its place for good, and a message."""
    code = bookings.new_code(secrets.token_bytes, lambda code: uow.bookings.code_is_free(booking.day, code))
    made = replace(booking, state=BookingState.BOOKED, code=code, expires_at=None, confirmed_at=uow.now)
    _claim(uow, made, contact, proven)
    uow.bookings.save(made)
    uow.bookings.keep_places(made.id, None)
    _keep_contact(uow, made, contact)
    payload: dict[str, Any] = {
        "booking": made.id,
        "service": made.service,
        "at": timestamp(made.starts_at),
        "channel": made.channel,
        "count": made.count,
    }
    uow.record(Event(Kind.BOOKING_MADE, uow.now, uow.actor, None, None, payload))
    booking_notices.tell(uow, made, contact, "booked")
    booking_notices.remind(uow, made, contact)
    return made


def _claim(uow: UnitOfWork, booking: Booking, contact: Contact, proven: bool) -> None:
    """One booking for a contact, service and day: a proven contact is refused another, else it replaces."""
    others: Sequence[str] = uow.bookings.claimed_by(booking.service, booking.day, contact)
    for other in [uow.bookings.by_id(other) for other in others if other != booking.id]:
        if proven:
            zone = str(uow.office.zone)
            raise Conflict("already_booked", at=other.starts_at, service=_name(uow, other), timezone=zone)
        cancel(uow, other, "replaced")
    uow.bookings.claim(booking, contact)


def _contact(rules: BookingRules, name: str, phone: str | None, email: str | None, link: str) -> Contact:
    contact = Contact(name, bookings.checked_phone(phone), bookings.checked_email(email), link)
    bookings.check_reachable(rules, contact.phone, contact.email)
    return contact


def _keep_contact(uow: UnitOfWork, booking: Booking, contact: Contact) -> None:
    kept = booking_places.rules_of(uow.office).kept_days
    uow.bookings.save_contact(booking.id, contact, booking.day + timedelta(days=kept))


def _check_pending(uow: UnitOfWork, booking: Booking) -> None:
    if booking.state not in PENDING:
        raise Conflict("booking_over")
    if not booking.is_live(uow.now):
        raise Conflict("hold_expired")


def _is_over(uow: UnitOfWork, booking: Booking) -> bool:
    office = uow.office
    return bookings.is_over(booking, office.bookings, office.schedule, office.zone, uow.now)


def _name(uow: UnitOfWork, booking: Booking) -> object:
    return uow.office.service(booking.service).name
