"""API of booking for the public and the company's own programs: free times, hold, details, move, cancel."""

from __future__ import annotations

import secrets
from typing import Any

from server.actions import booking_places, bookings
from server.db import booking_rows
from server.db.store import Store
from server.db.unit_of_work import UnitOfWork
from server.domain.booking import Booking
from server.domain.errors import Conflict, Invalid
from server.sdk import booking_messages as wire
from server.sdk.booking_messages import (
    AskSlots,
    BookingView,
    CancelBooking,
    Challenge,
    ConfirmBooking,
    Hold,
    HoldSlot,
    MoveBooking,
    ProveContact,
    SlotList,
)
from server.web import booking_views, proof_of_work
from server.web.api import Api
from server.web.auth import ANONYMOUS, PUBLIC, Identity, Unauthorized

PROGRAMS = ("account", "bot")
"""Channels of the company's own programs: only who has a token books in their name."""


def declare(api: Api) -> None:
    """Add these routes to the API."""

    def view(uow: UnitOfWork, booking: Booking, link: str, wrong: bool = False) -> BookingView:
        return booking_views.for_holder(api.store, uow.connection, booking, link, api.public_url, wrong)

    @api.read(
        "offices/<office>/booking-rules",
        right=PUBLIC,
        answer=wire.BookingRules,
        limit="booking",
        summary="What can be booked at an office and what a booking needs",
    )
    def rules(identity: Identity, office: str) -> wire.BookingRules:
        with api.store.read() as connection:
            known, _head = booking_views.office_now(api.store, connection, office)
        return booking_views.rules(known, booking_views.seen_by(identity.rights))

    @api.read(
        "offices/<office>/slots",
        right=PUBLIC,
        query=AskSlots,
        answer=SlotList,
        limit="booking",
        summary="Free times of a service, by day",
    )
    def slots(identity: Identity, query: AskSlots, office: str) -> SlotList:
        return booking_views.slot_list(api.store, office, query, booking_views.seen_by(identity.rights))

    @api.read(
        "offices/<office>/booking-challenge",
        right=PUBLIC,
        answer=Challenge,
        limit="booking",
        summary="A check against robots, to be solved before a hold where the office wants it",
    )
    def challenge(_identity: Identity, office: str) -> Challenge:
        with api.store.read() as connection:
            known, _head = booking_views.office_now(api.store, connection, office)
        booking_places.rules_of(known)
        return proof_of_work.challenge(_key(api.store), api.store.clock(), secrets.token_bytes)

    @api.command(
        "bookings",
        right=PUBLIC,
        body=HoldSlot,
        answer=Hold,
        office=_by_body,
        status=201,
        limit="hold",
        summary="Hold a place for a few minutes",
    )
    def hold(uow: UnitOfWork, body: HoldSlot) -> Hold:
        check_proof(uow, api.store, body.proof)
        if body.channel in PROGRAMS and uow.actor == ANONYMOUS.actor:
            raise Unauthorized
        held, link = bookings.hold(
            uow, body.service, body.at, body.count, channel=body.channel, language=body.language
        )
        return booking_views.held(uow.office, held, link)

    @api.command(
        "bookings/<code>/confirm",
        right=PUBLIC,
        body=ConfirmBooking,
        answer=BookingView,
        office=by_booking,
        limit="booking",
        summary="Say who a hold is for",
    )
    def confirm(uow: UnitOfWork, body: ConfirmBooking, code: str) -> BookingView:
        booking = bookings.confirm(
            uow,
            code,
            name=body.name,
            phone=body.phone,
            email=body.email,
            consent_version=body.consent_version if body.consent else None,
            language=body.language,
        )
        return view(uow, booking, code)

    @api.command(
        "bookings/<code>/verify",
        right=PUBLIC,
        body=ProveContact,
        answer=BookingView,
        office=by_booking,
        limit="booking",
        summary="Type the code that was sent to the visitor",
    )
    def verify(uow: UnitOfWork, body: ProveContact, code: str) -> BookingView:
        booking, wrong = bookings.verify(uow, code, body.code)
        return view(uow, booking, code, wrong)

    @api.read(
        "bookings/<code>",
        right=PUBLIC,
        answer=BookingView,
        limit="booking",
        summary="A booking for its holder, by its link",
    )
    def one(identity: Identity, code: str) -> BookingView:
        with api.store.read() as connection:
            booking = booking_rows.by_link(connection, code)
            identity.check_office(booking.office)
            return booking_views.for_holder(api.store, connection, booking, code, api.public_url)

    @api.command(
        "bookings/<code>/move",
        right=PUBLIC,
        body=MoveBooking,
        answer=BookingView,
        office=by_booking,
        limit="booking",
        summary="Move a booking to another time",
    )
    def move(uow: UnitOfWork, body: MoveBooking, code: str) -> BookingView:
        return view(uow, bookings.move(uow, uow.bookings.by_link(code), body.at), code)

    @api.command(
        "bookings/<code>/cancel",
        right=PUBLIC,
        body=CancelBooking,
        answer=BookingView,
        office=by_booking,
        limit="booking",
        summary="Cancel a booking",
    )
    def cancel(uow: UnitOfWork, body: CancelBooking, code: str) -> BookingView:
        return view(uow, bookings.cancel(uow, uow.bookings.by_link(code)), code)


def check_proof(uow: UnitOfWork, store: Store, proof: str | None) -> None:
    """Refuse an anonymous hold without a solved challenge where the office wants one; it is then used up."""
    rules = uow.office.bookings
    if rules is None or not rules.proof_of_work or uow.actor != ANONYMOUS.actor:
        return
    if not proof:
        raise Invalid("proof_needed")
    challenge, expires_at = proof_of_work.solved(_key(store), proof, uow.now)
    if not uow.bookings.spend_proof(challenge, expires_at):
        raise Invalid("proof_wrong")


def by_booking(store: Store, _body: Any, values: dict[str, str]) -> str:
    """The office of the booking whose link is in the path; raises ``NotFound``."""
    with store.read() as connection:
        return booking_rows.by_link(connection, values["code"]).office


def _by_body(_store: Store, body: HoldSlot, _values: dict[str, str]) -> str:
    return body.office


def _key(store: Store) -> bytes:
    if store.contacts is None:
        raise Conflict("no_booking")
    return store.contacts.signing_key
