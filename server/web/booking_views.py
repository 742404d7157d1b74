"""From bookings to what their holders and staff see: contacts masked, ended holds called by their name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import Connection

from server.actions import booking_places
from server.db import booking_rows, queries
from server.db.queries import Hall, Head
from server.db.store import Store
from server.domain import booking as bookings
from server.domain.booking import PENDING, Booking, BookingState, Contact
from server.domain.booking_conflicts import conflicts
from server.domain.booking_rules import PUBLIC, STAFF, BookingRules
from server.domain.errors import Invalid
from server.domain.office import Office
from server.domain.slots import Day, Taken
from server.sdk.booking_messages import (
    AskSlots,
    BookedServiceInfo,
    BookingList,
    BookingNews,
    BookingView,
    ConflictList,
    DayState,
    Hold,
    ProofState,
    Slot,
    SlotDay,
    SlotList,
    SlotLoad,
    StaffBooking,
)
from server.sdk.booking_messages import BookingRules as RulesView

LONGEST_LIST_DAYS = 62
_DAY: dict[str, DayState] = {state: state for state in get_args(DayState)}
_LOAD: dict[str, SlotLoad] = {load: load for load in get_args(SlotLoad)}


def office_now(store: Store, connection: Connection, code: str) -> tuple[Office, Head]:
    """An office as in force now, and its head; raises ``NotFound``."""
    head = queries.head(connection, code)
    return store.book.office(connection, head.version), head


def rules(office: Office, who: str = PUBLIC) -> RulesView:
    """How the office takes bookings from ``who``; raises ``Conflict`` ``no_booking``."""
    own = booking_places.rules_of(office)
    offered = [
        (service, own.services[service.code], pool)
        for service in office.services
        if service.code in own.services and (pool := own.pool_of(service.code))
    ]
    return RulesView.model_validate(
        {
            "office": office.code,
            "name": office.name,
            "timezone": str(office.zone),
            "languages": office.languages,
            "services": [
                BookedServiceInfo.model_validate(
                    {
                        "code": service.code,
                        "name": service.name,
                        "minutes": booked.minutes,
                        "most": booked.most,
                        "horizon_days": pool.horizon_days,
                    }
                )
                for service, booked, pool in offered
                if who == STAFF or (booked.by_public and service.state != "hidden")
            ],
            "hold_minutes": own.hold,
            "lead_minutes": own.lead,
            "early_minutes": own.early,
            "late_minutes": own.late,
            "check_in": own.check_in,
            "contact": {"sms": "phone", "email": "email"}.get(own.confirm_by, own.contact),
            "confirm_by": own.confirm_by,
            "proof_of_work": own.proof_of_work,
            "kept_days": own.kept_days,
            "consent": {"version": own.consent_version, "text": own.consent},
        }
    )


def slot_list(store: Store, code: str, asked: AskSlots, who: str) -> SlotList:
    """Free times of a service; raises ``Conflict`` ``no_booking``, ``Invalid`` ``bad_dates``."""
    now = store.clock()
    with store.read() as connection:
        office, _head = office_now(store, connection, code)
        own = booking_places.rules_of(office)
        days = _days(office, own, asked, office.day(now))
        booked = booking_places.bookable(office, asked.service, days[0], who)
        if asked.count > booked.most:
            raise Invalid("too_long", most=booked.most)
        length = own.length(asked.service, asked.count)

        def taken(pool: str, first: int, last: int) -> Taken:
            return booking_rows.taken(connection, code, pool, first, last, now)

        found = booking_places.free_days(office, taken, asked.service, length, days, now, who)
    return SlotList(
        office=code,
        service=asked.service,
        timezone=str(office.zone),
        at=now,
        minutes=length // timedelta(minutes=1),
        count=asked.count,
        days=[
            SlotDay.model_construct(day=day.day, state=_DAY[day.state], slots=_slots(day, office, who))
            for day in found
        ],
    )


def _slots(day: Day, office: Office, who: str) -> list[Slot]:
    # A list of a month has a thousand: made here, they need no check.
    return [
        Slot.model_construct(
            at=slot.at,
            time=slot.at.astimezone(office.zone).strftime("%H:%M"),
            load=_LOAD[slot.load],
            left=slot.left if who == STAFF else None,
        )
        for slot in day.slots
    ]


def held(office: Office, booking: Booking, link: str) -> Hold:
    """A place just taken."""
    return Hold.model_validate(
        {
            "id": booking.id,
            "hold": link,
            "office": office.code,
            "service": booking.service,
            "service_name": office.service(booking.service).name,
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "timezone": str(office.zone),
            "expires_at": booking.expires_at,
        }
    )


def for_holder(
    store: Store, connection: Connection, booking: Booking, link: str, public_url: str, wrong: bool = False
) -> BookingView:
    """A booking for whoever has its link."""
    office, _head = office_now(store, connection, booking.office)
    now, own = store.clock(), office.bookings
    contact = _contacts(store, connection, [booking]).get(booking.id)
    visit = queries.visit_by_id(connection, booking.visit) if booking.visit else None
    over = _is_over(booking, office, now)
    stands = booking.state is BookingState.BOOKED and not over
    begin, end = bookings.check_in_window(booking, own) if own else (booking.starts_at, booking.starts_at)
    service = next((one for one in office.services if one.code == booking.service), None)
    waits = booking.state is BookingState.UNCONFIRMED and booking.is_live(now)
    return BookingView.model_validate(
        {
            "id": booking.id,
            "state": _state(booking, now, over),
            "office": office.code,
            "office_name": office.name,
            "address": office.address,
            "phone": office.phone,
            "timezone": str(office.zone),
            "languages": office.languages,
            "service": booking.service,
            "service_name": service.name if service else {"ru": booking.service},
            "documents": service.documents if service else {},
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "count": booking.count,
            "language": booking.language,
            "code": booking.code,
            "link": f"{public_url}/b/{link}",
            "expires_at": booking.expires_at,
            "check_in_needed": own is None or own.check_in,
            "check_in_from": begin,
            "check_in_until": end,
            "late_keeps_turn": own is not None and own.late_keeps_turn,
            "may_move": stands and own is not None,
            "may_cancel": stands or (booking.is_live(now) and booking.state in PENDING),
            "name": bookings.masked_name(contact.name) if contact else "",
            "contact": contact.masked if contact else [],
            "proof": _proof(booking, contact, own, wrong) if waits else None,
            "ticket_url": f"{public_url}/t/{visit.code}" if visit else None,
            "number": visit.number if visit else None,
            "demonstration": office.demonstration,
        }
    )


def day_list(store: Store, code: str, day: date | None) -> BookingList:
    """The bookings of an office's day for staff."""
    now = store.clock()
    with store.read() as connection:
        office, _head = office_now(store, connection, code)
        asked = day or office.day(now)
        found = booking_rows.of_day(connection, code, asked)
        shown = for_staff(store, connection, office, found)

        def taken(pool: str, first: int, last: int) -> Taken:
            return booking_rows.taken(connection, code, pool, first, last, now)

        left = booking_places.places_left(office, taken, asked, now)
    return BookingList(
        office=code,
        day=asked,
        today=office.day(now),
        timezone=str(office.zone),
        at=now,
        places_left=left,
        bookings=shown,
    )


def conflict_list(store: Store, code: str) -> ConflictList:
    """The bookings to come that cannot stand."""
    now = store.clock()
    with store.read() as connection:
        office, _head = office_now(store, connection, code)
        found = conflicts(office, booking_rows.to_come(connection, code, now))
        shown = for_staff(store, connection, office, [booking for booking, _why in found])
    return ConflictList(office=code, timezone=str(office.zone), at=now, bookings=shown)


def news(hall: Hall) -> BookingNews:
    """That an office has changed: whoever shows its bookings asks for them anew."""
    return BookingNews(office=hall.office.code, version=hall.version, at=hall.now, changes=hall.version)


def for_staff(
    store: Store, connection: Connection, office: Office, found: Iterable[Booking]
) -> list[StaffBooking]:
    """Bookings with masked contacts, with tickets of those who came, with why one cannot stand."""
    wanted, now = list(found), store.clock()
    contacts = _contacts(store, connection, wanted)
    numbers = booking_rows.numbers(connection, [booking.visit for booking in wanted if booking.visit])
    why = _conflicts_of(connection, office, wanted, now)
    names = {service.code: service.name for service in office.services}
    return [
        StaffBooking.model_validate(
            {
                "id": booking.id,
                "state": _state(booking, now, _is_over(booking, office, now)),
                "service": booking.service,
                "service_name": names.get(booking.service, {"ru": booking.service}),
                "starts_at": booking.starts_at,
                "ends_at": booking.ends_at,
                "count": booking.count,
                "channel": booking.channel,
                "language": booking.language,
                "code": booking.code,
                "made_at": booking.made_at,
                "arrived_at": booking.arrived_at,
                "ticket": booking.visit,
                "number": numbers.get(str(booking.visit)),
                "conflict": why.get(booking.id),
                "noticed_at": booking.noticed_at,
                **_who(contacts.get(booking.id)),
            }
        )
        for booking in wanted
    ]


def seen_by(rights: frozenset[str]) -> str:
    """For whom free times are listed."""
    return STAFF if "booking.manage" in rights else PUBLIC


def _conflicts_of(
    connection: Connection, office: Office, wanted: list[Booking], now: datetime
) -> dict[str, str]:
    """Which of these bookings cannot stand, and why; others count only where they may meet them."""
    if not wanted:
        return {}
    times = [booking.starts_at for booking in wanted]
    around = (max(now, min(times) - timedelta(days=1)), max(times) + timedelta(days=1))
    found = conflicts(office, booking_rows.to_come(connection, office.code, *around))
    return {booking.id: reason for booking, reason in found}


def _who(contact: Contact | None) -> dict[str, Any]:
    if contact is None:
        return {}
    return {
        "name": bookings.masked_name(contact.name),
        "contact": contact.masked,
        "tell_by": contact.told_by,
    }


def _contacts(store: Store, connection: Connection, found: Iterable[Booking]) -> dict[str, Contact]:
    if store.contacts is None:
        return {}
    return booking_rows.contacts(connection, store.contacts, [booking.id for booking in found])


def _is_over(booking: Booking, office: Office, now: datetime) -> bool:
    return bookings.is_over(booking, office.bookings, office.schedule, office.zone, now)


def _state(booking: Booking, now: datetime, over: bool) -> str:
    if booking.state in PENDING and not booking.is_live(now):
        return "lapsed"
    return "missed" if booking.state is BookingState.BOOKED and over else str(booking.state)


def _proof(booking: Booking, contact: Contact | None, own: BookingRules | None, wrong: bool) -> ProofState:
    sent_to = ""
    if contact and own:
        by_phone = own.confirm_by == "sms" and contact.phone
        sent_to = bookings.masked_phone(contact.phone) if by_phone and contact.phone else ""
        sent_to = sent_to or (bookings.masked_email(contact.email) if contact.email else "")
    return ProofState(sent_to=sent_to, tries_left=bookings.MOST_TRIES - booking.tries, wrong=wrong)


def _days(office: Office, own: BookingRules, asked: AskSlots, today: date) -> list[date]:
    office.service(asked.service)
    pool = booking_places.pool_of(office, asked.service)
    first = asked.first or today
    last = asked.last or max(first, today + timedelta(days=pool.horizon_days))
    if not first <= last <= first + timedelta(days=LONGEST_LIST_DAYS):
        raise Invalid("bad_dates", days=LONGEST_LIST_DAYS)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
