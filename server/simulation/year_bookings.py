"""The bookings of a generated year: made some days before, kept, kept late, missed or cancelled."""

from __future__ import annotations

import random
from dataclasses import dataclass
from hashlib import sha256

from server.domain.booking import BookingState
from server.domain.events import Kind
from server.domain.office import Office, Service
from server.simulation.year_acts import CLOCK, HOUR, KIOSK, VISITOR
from server.simulation.year_rows import DAY_MS, Names, YearRows, YearVisit
from server.simulation.year_sums import YearSums

MINUTE = 60_000
STEP = 15 * MINUTE
MADE_BEFORE = 7 * DAY_MS
LATE_SHARE, MISSED_SHARE, CANCELLED_SHARE = 0.1, 0.15, 0.08
"""Of those that come; missed and cancelled ones are so many more."""
CHANNELS = (("site", VISITOR), ("phone", ""), ("kiosk", KIOSK))
CHANNEL_WEIGHTS = (75, 20, 5)


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking: when its time is, and until when whoever comes has that turn."""

    id: str
    service: str
    at: int
    made_at: int
    channel: str
    late_at: int

    def turn_at(self, now: int) -> int | None:
        """The booked time, for who checks in now; ``None`` for who is too late for it."""
        return self.at if now <= self.late_at else None


class BookedVisitors:
    """Makes the bookings of an office day by day."""

    def __init__(
        self,
        office: Office,
        operators: list[str],
        rows: YearRows,
        sums: YearSums,
        names: Names,
        chance: random.Random,
    ) -> None:
        assert office.bookings is not None
        self._office, self._rules, self._operators = office, office.bookings, operators
        self._rows, self._sums, self._names, self._chance = rows, sums, names, chance

    def begin_day(self, day: str, midnight: int, opening: int, closing: int) -> None:
        """From now on bookings are for this day."""
        self._day, self._midnight, self._opening, self._closing = day, midnight, opening, closing
        self._codes: set[str] = set()
        self._missed: list[Booked] = []

    def book(self, near: int, service: Service) -> tuple[Booked, int]:
        """A booking of somebody who comes, and when; now and then another that is missed or cancelled."""
        chance = self._chance
        at = self._opening + (near - self._opening) // STEP * STEP
        if chance.random() < MISSED_SHARE:
            self._missed.append(self._made(at, service.code))
        if chance.random() < CANCELLED_SHARE:
            self._cancel(self._made(at, service.code))
        if chance.random() < LATE_SHARE:
            comes = at + int(chance.uniform(self._rules.late + 1, self._rules.late + 15) * MINUTE)
        else:
            comes = at + int(chance.uniform(-15, 5) * MINUTE)
        return self._made(at, service.code), min(max(comes, self._opening), self._closing - 1000)

    def arrive(self, booking: Booked, visit: YearVisit, actor: str) -> None:
        """The visitor has checked in and has a ticket."""
        in_time = "true" if visit.booked_for is not None else "false"
        logged = self._rows.moments.logged(booking.at)
        facts = f'{{"at":"{logged}","booking":"{booking.id}","in_time":{in_time}}}'
        event = (visit.issued_at, Kind.BOOKING_ARRIVED.value, visit.id, None, actor, facts)
        self._rows.events.append(event)
        self._keep(booking, BookingState.ARRIVED, visit)

    def end_day(self) -> None:
        """Count those nobody came for, after the hall has closed."""
        for booking in self._missed:
            at = self._closing + int(self._chance.uniform(STEP, STEP + MINUTE))
            logged = self._rows.moments.logged(booking.at)
            about = f'"day":"{self._day}","service":"{booking.service}"'
            facts = f'{{"at":"{logged}","booking":"{booking.id}",{about}}}'
            self._rows.events.append((at, Kind.BOOKING_MISSED.value, None, None, CLOCK, facts))
            self._sums.missed_booking(booking.service)
            self._keep(booking, BookingState.MISSED)

    def _made(self, at: int, service: str) -> Booked:
        chance = self._chance
        (channel, actor), *_ = chance.choices(CHANNELS, CHANNEL_WEIGHTS)
        made_at = (
            self._midnight
            - chance.randint(1, MADE_BEFORE // DAY_MS) * DAY_MS
            + int(chance.uniform(8, 21) * HOUR)
        )
        booking = Booked(
            self._names.uuid7(made_at), service, at, made_at, channel, at + self._rules.late * MINUTE
        )
        logged = self._rows.moments.logged(at)
        about = f'"channel":"{channel}","count":1,"service":"{service}"'
        facts = f'{{"at":"{logged}","booking":"{booking.id}",{about}}}'
        actor = actor or self._operators[0]
        self._rows.events.append((made_at, Kind.BOOKING_MADE.value, None, None, actor, facts))
        return booking

    def _cancel(self, booking: Booked) -> None:
        at = booking.made_at + int(self._chance.uniform(1, 10) * HOUR)
        logged = self._rows.moments.logged(booking.at)
        facts = f'{{"at":"{logged}","booking":"{booking.id}","why":"visitor"}}'
        self._rows.events.append((at, Kind.BOOKING_CANCELLED.value, None, None, VISITOR, facts))
        self._keep(booking, BookingState.CANCELLED)

    def _keep(self, booking: Booked, state: BookingState, visit: YearVisit | None = None) -> None:
        code = f"{self._chance.randrange(1_000_000):06d}"
        while code in self._codes:
            code = f"{self._chance.randrange(1_000_000):06d}"
        self._codes.add(code)
        stored = self._rows.moments.stored
        pool = self._rules.pool_of(booking.service)
        length = self._rules.services[booking.service].minutes * MINUTE
        made_at = stored(booking.made_at)
        come = (stored(visit.issued_at), visit.id) if visit else (None, None)
        row = (
            booking.id, self._office.code, sha256(booking.id.encode()).hexdigest(), code, self._day,
            booking.service, pool.code if pool else "", stored(booking.at), stored(booking.at + length), 1,
            state.value, booking.channel, self._office.languages[0], made_at, made_at,
            self._rules.consent_version, *come, 0, 0,
        )  # fmt: skip
        self._rows.add("booking", row)
