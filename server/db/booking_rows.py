"""Rows of an office's bookings: places taken, who booked, what is to be sent. Holds end by their time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, delete, func, insert, or_, select, update

from server.db.booking_tables import (
    BOOKING_TO_COME,
    PENDING_BOOKING,
    TO_SEND,
    booking,
    booking_claim,
    booking_contact,
    booking_place,
    contact_access,
    outbox,
    spent_proof,
)
from server.db.contact_safe import ContactSafe
from server.db.tables import OPEN_VISIT, visit
from server.domain.booking import Booking, BookingState, Contact, link_hash
from server.domain.booking_rules import PUBLIC
from server.domain.errors import NotFound
from server.domain.forecast import Booked
from server.domain.ids import uuid7
from server.domain.office import Office
from server.domain.slots import Place


def taken(
    connection: Connection, office: str, pool: str, first: int, last: int, now: datetime
) -> dict[int, tuple[int, int]]:
    """Live places by cell from ``first`` up to ``last``: kept for the public, kept for staff."""
    table = booking_place
    public = func.sum(case((table.c.share == PUBLIC, 1), else_=0))
    query = select(table.c.cell, public, func.count()).where(
        *_cells(office, pool, first, last), _is_live(now)
    )
    rows = connection.execute(query.group_by(table.c.cell)).all()
    return {cell: (int(of_public), int(whole) - int(of_public)) for cell, of_public, whole in rows}


def by_link(connection: Connection, link: str) -> Booking:
    """The booking with this link; raises ``NotFound``."""
    found = _one(connection, select(booking).where(booking.c.link_hash == link_hash(link)))
    if found is None:
        raise NotFound("unknown_booking")
    return found


def by_id(connection: Connection, booking_id: str) -> Booking:
    """A booking of whatever office; raises ``NotFound``."""
    found = _one(connection, select(booking).where(booking.c.id == booking_id))
    if found is None:
        raise NotFound("unknown_booking")
    return found


def of_day(connection: Connection, office: str, day: date) -> list[Booking]:
    """The bookings of an office's day that came to stand, in the order of their times."""
    table = booking
    query = select(table).where(table.c.office == office, table.c.day == day, table.c.code.is_not(None))
    return _all(connection, query.order_by(table.c.starts_at, table.c.made_at, table.c.id))


def to_come(
    connection: Connection, office: str, since: datetime, until: datetime | None = None
) -> list[Booking]:
    """Bookings from ``since`` (to ``until``) that nobody checked in for yet, in the order of their times."""
    # The condition is written out, not bound: a partial index is found only by its own words.
    query = select(booking).where(booking.c.office == office, BOOKING_TO_COME, booking.c.starts_at >= since)
    if until is not None:
        query = query.where(booking.c.starts_at <= until)
    return _all(connection, query.order_by(booking.c.starts_at, booking.c.made_at, booking.c.id))


def expected_today(connection: Connection, office: Office, now: datetime) -> tuple[Booked, ...]:
    """The bookings of today whose visitors have not come yet and may still come in time."""
    if office.bookings is None:
        return ()
    since = now - timedelta(minutes=office.bookings.late)
    query = select(booking.c.service, booking.c.starts_at).where(
        booking.c.office == office.code,
        BOOKING_TO_COME,
        booking.c.starts_at >= since,
        booking.c.day == office.day(now),
    )
    rows = connection.execute(query.order_by(booking.c.starts_at, booking.c.id))
    return tuple(Booked(row.service, row.starts_at) for row in rows)


def offices_with_turns(connection: Connection, since: datetime, until: datetime) -> list[str]:
    """Offices where a waiting visitor's booked time came after ``since`` and not after ``until``."""
    table = visit
    come = (OPEN_VISIT, table.c.booked_for > since, table.c.booked_for <= until)
    query = select(table.c.office).where(*come, table.c.state == "waiting").distinct()
    return list(connection.execute(query).scalars())


def offices_not_come(connection: Connection, until: datetime) -> list[str]:
    """Offices with bookings whose time is not after ``until`` and for whom nobody checked in."""
    query = select(booking.c.office).where(BOOKING_TO_COME, booking.c.starts_at <= until).distinct()
    return sorted(connection.execute(query).scalars())


def numbers(connection: Connection, visits: Sequence[str]) -> dict[str, str]:
    """The ticket numbers of these visits, by id."""
    query = select(visit.c.id, visit.c.number).where(visit.c.id.in_(visits))
    return {row.id: row.number for row in connection.execute(query)}


def not_come(connection: Connection, office: str, until: datetime) -> list[Booking]:
    """Bookings whose time is not after ``until`` and for whom nobody checked in."""
    query = select(booking).where(booking.c.office == office, BOOKING_TO_COME, booking.c.starts_at <= until)
    return _all(connection, query.order_by(booking.c.starts_at, booking.c.id))


def contacts(connection: Connection, safe: ContactSafe, bookings: Iterable[str]) -> dict[str, Contact]:
    """Who made these bookings, as far as it was not erased."""
    table = booking_contact
    query = select(table.c.booking, table.c.sealed).where(table.c.booking.in_(list(bookings)))
    return {row.booking: safe.open(row.booking, row.sealed) for row in connection.execute(query)}


class BookingRows:
    """What a unit of work knows of its office's bookings."""

    def __init__(self, connection: Connection, office: str, now: datetime, safe: ContactSafe | None) -> None:
        self._connection = connection
        self._office = office
        self._now = now
        self._safe = safe

    # --- bookings ---

    def by_link(self, link: str) -> Booking:
        """The booking with this link, of whatever office; raises ``NotFound``."""
        return by_link(self._connection, link)

    def by_id(self, booking_id: str) -> Booking:
        """A booking of this office; raises ``NotFound``."""
        if not booking_id.isprintable():
            # PostgreSQL takes no NUL in a text: such an id is nobody's.
            raise NotFound("unknown_booking")
        query = select(booking).where(booking.c.id == booking_id, booking.c.office == self._office)
        found = _one(self._connection, query)
        if found is None:
            raise NotFound("unknown_booking")
        return found

    def by_code(self, day: date, code: str) -> Booking:
        """The booking of a day with these six digits; raises ``NotFound``."""
        query = select(booking).where(*self._of_day(day), booking.c.code == code)
        found = _one(self._connection, query)
        if found is None:
            raise NotFound("unknown_booking")
        return found

    def by_phone_tail(self, day: date, digits: str) -> list[Booking]:
        """The bookings of a day whose phone ends in these four digits and for whom nobody has come."""
        own = booking_contact
        query = select(booking).join(own, own.c.booking == booking.c.id)
        query = query.where(*self._of_day(day), BOOKING_TO_COME, own.c.tail_key == self.safe.tail_key(digits))
        return _all(self._connection, query.order_by(booking.c.starts_at))

    def to_come(self, since: datetime) -> list[Booking]:
        """Bookings from ``since`` on that nobody checked in for yet."""
        return to_come(self._connection, self._office, since)

    def not_come(self, until: datetime) -> list[Booking]:
        """Bookings not after ``until`` for whom nobody checked in."""
        return not_come(self._connection, self._office, until)

    def live(self) -> list[Booking]:
        """Holds and bookings of the office that keep a place now or later."""
        table = booking_place
        mine = select(table.c.booking).where(table.c.office == self._office, _is_live(self._now)).distinct()
        return _all(self._connection, select(booking).where(booking.c.id.in_(mine)).order_by(booking.c.id))

    def code_is_free(self, day: date, code: str) -> bool:
        """Whether no booking of the day has these six digits."""
        query = select(booking.c.id).where(*self._of_day(day), booking.c.code == code)
        return self._connection.execute(query).first() is None

    def add(self, made: Booking) -> None:
        """Store a new booking."""
        self._connection.execute(insert(booking), vars(made))

    def save(self, changed: Booking) -> None:
        """Store what became of a booking."""
        self._connection.execute(update(booking).where(booking.c.id == changed.id).values(**vars(changed)))

    # --- places ---

    def places(self, pool: str, first: int, last: int) -> list[Place]:
        """All rows of places in these cells, of ended holds too."""
        table = booking_place
        columns = (table.c.cell, table.c.share, table.c.place, table.c.booking, table.c.expires_at)
        query = select(*columns).where(*_cells(self._office, pool, first, last))
        return [Place(*row) for row in self._connection.execute(query)]

    def taken(self, pool: str, first: int, last: int) -> dict[int, tuple[int, int]]:
        """Live places by cell."""
        return taken(self._connection, self._office, pool, first, last, self._now)

    def take_place(self, pool: str, row: Place, over: bool) -> bool:
        """Take a place; ``over``: from a hold whose time is over. False when that one came back to life.

        The database itself refuses a place that is taken (``IntegrityError``).
        """
        table = booking_place
        values = {"booking": row.booking, "expires_at": row.expires_at}
        key = {
            "office": self._office,
            "pool": pool,
            "cell": row.cell,
            "share": row.share,
            "place": row.number,
        }
        if not over:
            self._connection.execute(insert(table), {**key, **values})
            return True
        mine = [table.c[name] == value for name, value in key.items()]
        ended = update(table).where(*mine, table.c.expires_at <= self._now)
        return self._connection.execute(ended.values(**values)).rowcount == 1

    def keep_places(self, booking_id: str, expires_at: datetime | None) -> None:
        """Keep a booking's places until then; ``None``: for good."""
        table = booking_place
        self._connection.execute(
            update(table).where(table.c.booking == booking_id).values(expires_at=expires_at)
        )

    def free_places(self, booking_id: str) -> int:
        """Give a booking's places up; returns how many it still had."""
        table = booking_place
        return self._connection.execute(delete(table).where(table.c.booking == booking_id)).rowcount

    # --- contacts ---

    @property
    def safe(self) -> ContactSafe:
        """The safe with the company's key."""
        if self._safe is None:
            raise RuntimeError("contacts need the key file: [bookings] key_file")
        return self._safe

    def contact(self, booking_id: str) -> Contact | None:
        """Who booked; ``None`` when it was never told or is erased."""
        return contacts(self._connection, self.safe, [booking_id]).get(booking_id)

    def save_contact(self, booking_id: str, contact: Contact, erase_on: date) -> None:
        """Store who booked, sealed."""
        row = {
            "booking": booking_id,
            "sealed": self.safe.seal(booking_id, contact),
            "tail_key": self.safe.tail_key(contact.phone[-4:]) if contact.phone else None,
            "erase_on": erase_on,
        }
        table = booking_contact
        changed = update(table).where(table.c.booking == booking_id).values(**row)
        if self._connection.execute(changed).rowcount == 0:
            self._connection.execute(insert(table), row)

    def claimed_by(self, service: str, day: date, contact: Contact) -> list[str]:
        """The live bookings this contact has for a service and day."""
        table = booking_claim
        query = select(table.c.booking).where(
            table.c.office == self._office,
            table.c.service == service,
            table.c.day == day,
            table.c.contact_key.in_(self.safe.keys(contact)),
        )
        return sorted(set(self._connection.execute(query).scalars()))

    def claim(self, made: Booking, contact: Contact) -> None:
        """Remember that this contact has a booking for the service and day; another is impossible."""
        self.unclaim(made.id)
        row = {"office": self._office, "service": made.service, "day": made.day, "booking": made.id}
        if keys := self.safe.keys(contact):
            self._connection.execute(insert(booking_claim), [{**row, "contact_key": key} for key in keys])

    def unclaim(self, booking_id: str) -> None:
        """The booking is over: its contact may book anew."""
        self._connection.execute(delete(booking_claim).where(booking_claim.c.booking == booking_id))

    def log_access(self, booking_id: str, actor: str, purpose: str) -> None:
        """Keep that somebody saw who booked."""
        row = {"booking": booking_id, "actor": actor, "purpose": purpose, "at": self._now}
        self._connection.execute(
            insert(contact_access), {**row, "id": self._new_id(), "office": self._office}
        )

    # --- messages and proofs ---

    def add_message(
        self, kind: str, channel: str, booking_id: str, facts: dict[str, Any], send_at: datetime
    ) -> None:
        """Put a message to a visitor into the outbox; it is sent after ``send_at``, after commit."""
        row = {"kind": kind, "channel": channel, "booking": booking_id, "facts": facts, "send_at": send_at}
        state = {"state": "queued", "tries": 0, "next_try_at": send_at, "fault": "", "made_at": self._now}
        self._connection.execute(
            insert(outbox), {**row, **state, "id": self._new_id(), "office": self._office}
        )

    def drop_messages(self, booking_id: str, kind: str) -> None:
        """Messages of a kind that are not sent yet are not to be sent any more."""
        mine = (outbox.c.booking == booking_id, outbox.c.kind == kind, outbox.c.state == "queued")
        self._connection.execute(update(outbox).where(*mine).values(state="dropped"))

    def drop_past_messages(self) -> None:
        """Messages about times that are over are not to be sent any more, whether or not there is a way."""
        past = select(booking.c.id).where(booking.c.id == outbox.c.booking, booking.c.starts_at <= self._now)
        mine = (outbox.c.office == self._office, outbox.c.state == "queued", TO_SEND, past.exists())
        self._connection.execute(update(outbox).where(*mine).values(state="dropped"))

    def spend_proof(self, challenge: str, expires_at: datetime) -> bool:
        """Use a solved challenge up; false when it was used before."""
        known = select(spent_proof.c.challenge).where(spent_proof.c.challenge == challenge)
        if self._connection.execute(known).first() is not None:
            return False
        self._connection.execute(insert(spent_proof), {"challenge": challenge, "expires_at": expires_at})
        return True

    # --- housekeeping ---

    def erase_contacts(self, today: date) -> int:
        """Erase the contacts of this office that are kept no longer; returns how many."""
        table = booking_contact
        mine = select(booking.c.id).where(booking.c.id == table.c.booking, booking.c.office == self._office)
        old = delete(table).where(table.c.erase_on <= today, mine.exists())
        return self._connection.execute(old).rowcount

    def forget_ended_holds(self, before: datetime) -> int:
        """Remove holds that ran out before then, with all that hangs on them; returns how many."""
        query = select(booking.c.id).where(
            booking.c.office == self._office, PENDING_BOOKING, booking.c.expires_at < before
        )
        ids: Sequence[str] = self._connection.execute(query.limit(500)).scalars().all()
        for table in (booking_place, booking_claim, booking_contact, outbox):
            self._connection.execute(delete(table).where(table.c.booking.in_(ids)))
        self._connection.execute(delete(booking).where(booking.c.id.in_(ids)))
        self._connection.execute(delete(spent_proof).where(spent_proof.c.expires_at < before))
        return len(ids)

    def forget_past_places(self, before: int) -> int:
        """Remove the rows of places in cells before ``before``: nobody asks for them again."""
        old = delete(booking_place).where(
            booking_place.c.office == self._office, booking_place.c.cell < before
        )
        return self._connection.execute(old).rowcount

    def _of_day(self, day: date) -> tuple[ColumnElement[bool], ...]:
        return (booking.c.office == self._office, booking.c.day == day)

    def _new_id(self) -> str:
        return uuid7(self._now, secrets.token_bytes)


def _cells(office: str, pool: str, first: int, last: int) -> tuple[ColumnElement[bool], ...]:
    table = booking_place
    return (table.c.office == office, table.c.pool == pool, table.c.cell >= first, table.c.cell < last)


def _is_live(now: datetime) -> ColumnElement[bool]:
    return or_(booking_place.c.expires_at.is_(None), booking_place.c.expires_at > now)


def _all(connection: Connection, query: Select[Any]) -> list[Booking]:
    return [_booking(row) for row in connection.execute(query)]


def _one(connection: Connection, query: Select[Any]) -> Booking | None:
    row = connection.execute(query).one_or_none()
    return _booking(row) if row else None


def _booking(row: Row[Any]) -> Booking:
    values = dict(row._mapping)
    values["state"] = BookingState(values["state"])
    return Booking(**values)
