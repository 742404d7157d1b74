"""API of booking for staff: the day, booking for a caller, move, cancel, check-in, conflicts, contacts."""

from __future__ import annotations

from server.actions import booking_arrivals, booking_notices, bookings
from server.db.unit_of_work import UnitOfWork
from server.domain.booking import Booking
from server.domain.booking_rules import STAFF
from server.domain.errors import Invalid
from server.domain.visit import RECEPTION, Visit
from server.sdk.booking_messages import (
    AskDay,
    BookForCaller,
    BookingList,
    CancelBooking,
    ConflictList,
    ContactView,
    MoveBooking,
    NoticeConflicts,
    Noticed,
    StaffBooking,
)
from server.sdk.commands import CheckIn, NoDetails
from server.sdk.messages import IssuedTicket
from server.web import booking_views, views
from server.web.api import Api, by_office
from server.web.auth import Identity

RIGHT = "booking.manage"
WATCH = "booking.watch"


def declare(api: Api) -> None:
    """Add these routes to the API."""

    def shown(uow: UnitOfWork, booking: Booking) -> StaffBooking:
        return booking_views.for_staff(api.store, uow.connection, uow.office, [booking])[0]

    @api.read(
        "offices/<office>/bookings",
        right=WATCH,
        query=AskDay,
        answer=BookingList,
        summary="The bookings of a day, contacts masked",
    )
    def day(_identity: Identity, query: AskDay, office: str) -> BookingList:
        return booking_views.day_list(api.store, office, query.day)

    @api.command(
        "offices/<office>/bookings",
        right=RIGHT,
        body=BookForCaller,
        answer=StaffBooking,
        office=by_office,
        status=201,
        summary="Book for a caller",
    )
    def book(uow: UnitOfWork, body: BookForCaller, office: str) -> StaffBooking:
        if not body.consent:
            raise Invalid("consent_needed")
        made = bookings.book_for_caller(
            uow,
            body.service,
            body.at,
            body.count,
            channel=body.channel,
            language=body.language,
            name=body.name,
            phone=body.phone,
            email=body.email,
        )
        return shown(uow, made)

    @api.command(
        "offices/<office>/bookings/<booking>/move",
        right=RIGHT,
        body=MoveBooking,
        answer=StaffBooking,
        office=by_office,
        summary="Move a visitor's booking",
    )
    def move(uow: UnitOfWork, body: MoveBooking, office: str, booking: str) -> StaffBooking:
        return shown(uow, bookings.move(uow, uow.bookings.by_id(booking), body.at, STAFF))

    @api.command(
        "offices/<office>/bookings/<booking>/cancel",
        right=RIGHT,
        body=CancelBooking,
        answer=StaffBooking,
        office=by_office,
        summary="Cancel a visitor's booking",
    )
    def cancel(uow: UnitOfWork, body: CancelBooking, office: str, booking: str) -> StaffBooking:
        return shown(uow, bookings.cancel(uow, uow.bookings.by_id(booking), "staff"))

    @api.command(
        "offices/<office>/bookings/<booking>/check-in",
        right=RIGHT,
        answer=IssuedTicket,
        office=by_office,
        status=201,
        summary="Check a booked visitor in by hand",
    )
    def check_in(uow: UnitOfWork, body: NoDetails, office: str, booking: str) -> IssuedTicket:
        visit = booking_arrivals.check_in(uow, uow.bookings.by_id(booking), channel=RECEPTION)
        return booked_ticket(uow, visit, api.public_url)

    @api.command(
        "offices/<office>/bookings/check-in",
        right=RIGHT,
        body=CheckIn,
        answer=IssuedTicket,
        office=by_office,
        status=201,
        summary="Check a booked visitor in at the reception, by code, link or digits of the phone",
    )
    def check_in_by_code(uow: UnitOfWork, body: CheckIn, office: str) -> IssuedTicket:
        # The language stays that of the booking: here a clerk types, and not the visitor.
        booking = booking_arrivals.find(uow, body.code, body.phone_digits, body.link)
        visit = booking_arrivals.check_in(uow, booking, channel=RECEPTION)
        return booked_ticket(uow, visit, api.public_url)

    @api.command(
        "offices/<office>/bookings/<booking>/contact",
        right=RIGHT,
        answer=ContactView,
        office=by_office,
        kept=False,
        summary="See who booked; every look is logged",
    )
    def contact(uow: UnitOfWork, body: NoDetails, office: str, booking: str) -> ContactView:
        known = uow.bookings.by_id(booking)
        uow.bookings.log_access(known.id, uow.actor, "view")
        found = uow.bookings.contact(known.id)
        if found is None:
            return ContactView(name="", phone=None, email=None)
        return ContactView(name=found.name, phone=found.phone, email=found.email)

    @api.read(
        "offices/<office>/booking-conflicts",
        right=WATCH,
        answer=ConflictList,
        summary="Bookings to come that the office's present data no longer allow",
    )
    def conflicts(_identity: Identity, office: str) -> ConflictList:
        return booking_views.conflict_list(api.store, office)

    @api.command(
        "offices/<office>/booking-conflicts/notice",
        right=RIGHT,
        body=NoticeConflicts,
        answer=Noticed,
        office=by_office,
        summary="Tell visitors that their booking cannot stand",
    )
    def notice(uow: UnitOfWork, body: NoticeConflicts, office: str) -> Noticed:
        told, unreachable = booking_notices.notice_conflicts(uow, body.bookings)
        return Noticed(told=told, unreachable=unreachable)


def booked_ticket(uow: UnitOfWork, visit: Visit, public_url: str) -> IssuedTicket:
    """The ticket of a booked visitor who has just checked in."""
    status = views.ticket_status(uow.hall(), visit)
    return IssuedTicket(
        id=visit.id,
        number=visit.number,
        service=visit.service,
        issued_at=visit.issued_at,
        ahead=status.ahead or 0,
        expected_wait_minutes=status.expected_wait_minutes,
        expected_wait=status.expected_wait,
        status_url=f"{public_url}/t/{visit.code}",
        booked_for=visit.booked_for,
    )
