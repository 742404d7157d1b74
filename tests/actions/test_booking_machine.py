"""Holds, confirms, moves, cancels, time and changes of data in any order: never above capacity."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from server.actions import booking_arrivals, bookings
from server.db.booking_tables import booking
from server.domain import slots
from server.domain.booking import BookingState
from server.domain.errors import Refusal
from server.domain.office import Office
from server.domain.slots import Grid
from tests.booking_builders import TUESDAY, book_by_staff, minutes, take_bookings
from tests.builders import Clock, a_store

COMPANIES: tuple[dict[str, Any], ...] = (
    {},
    {
        "slot_minutes": 20,
        "services": [{"service": "contract", "minutes": 20}, {"service": "cash", "minutes": 40}],
    },
    {"pools": [{"code": "own", "services": ["cash"], "public": 1, "staff": 1, "slot_minutes": 10}]},
    {"office_changes": {"schedule": {"weekly": {"tue": [["08:10", "09:20"], ["09:30", "10:30"]]}}}},
    {"public_percent": 25, "staff_percent": 50, "release_minutes": 600},
)
"""Data that change what a time, a place and a pool is."""

TIMES = st.integers(0, 15).map(lambda n: TUESDAY + minutes(10 * n)) | st.integers(0, 10).map(
    lambda n: TUESDAY + minutes(15 * n)
)
SERVICES = st.sampled_from(["contract", "cash"])
PHONES = st.integers(0, 30).map(lambda n: f"+7927000{n:04}")
WHICH = st.integers(0, 1000)


class Bookings(RuleBasedStateMachine):
    """One office whose bookings anybody changes in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = Clock(TUESDAY - minutes(180))
        self.store = a_store(f"sqlite:///{self.folder.name}/talon.sqlite", self.clock)
        self.links: list[str] = []
        self.office: Office | None = None
        # What a change of data left above the places; it only shrinks.
        self.excess: Counter[tuple[str, int]] = Counter()

    @initialize()
    def first_data(self) -> None:
        """The office takes bookings."""
        self.office = take_bookings(self.store)

    @rule(at=TIMES, service=SERVICES, count=st.integers(1, 3))
    def hold(self, at: datetime, service: str, count: int) -> None:
        """A visitor chooses a time."""
        with suppress(Refusal), self.store.write("north", "visitor") as uow:
            held, link = bookings.hold(uow, service, at, count, channel="site", language="ru")
            assert held.is_live(uow.now)
            self.links.append(link)

    @rule(which=WHICH, phone=PHONES)
    def confirm(self, which: int, phone: str) -> None:
        """A visitor says who it is."""
        if not self.links:
            return
        link = self.links[which % len(self.links)]
        with suppress(Refusal), self.store.write("north", "visitor") as uow:
            rules = uow.office.bookings
            assert rules is not None
            version = rules.consent_version
            bookings.confirm(uow, link, name="И. И.", phone=phone, email=None, consent_version=version)

    @rule(at=TIMES, service=SERVICES, phone=PHONES)
    def by_staff(self, at: datetime, service: str, phone: str) -> None:
        """An operator books for a caller."""
        with suppress(Refusal):
            book_by_staff(self.store, at, phone, service=service)

    @rule(which=WHICH, at=TIMES, who=st.sampled_from(["public", "staff"]))
    def move(self, which: int, at: datetime, who: str) -> None:
        """A visitor, or staff for one, chooses another time."""
        if self.links:
            with suppress(Refusal), self.store.write("north", "visitor") as uow:
                bookings.move(uow, uow.bookings.by_link(self.links[which % len(self.links)]), at, who)

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        """A visitor does not come."""
        if self.links:
            with suppress(Refusal), self.store.write("north", "visitor") as uow:
                bookings.cancel(uow, uow.bookings.by_link(self.links[which % len(self.links)]))

    @rule(which=WHICH)
    def check_in(self, which: int) -> None:
        """A visitor comes."""
        if self.links:
            with suppress(Refusal), self.store.write("north", "device:kiosk") as uow:
                booking_arrivals.check_in(uow, uow.bookings.by_link(self.links[which % len(self.links)]))

    @rule(seconds=st.sampled_from([1, 299, 300, 600, 601]) | st.integers(1, 4000))
    def time_goes_on(self, seconds: int) -> None:
        """Holds run out."""
        self.clock.forward(seconds=seconds)

    @rule()
    def clock_work(self) -> None:
        """The clock's jobs run."""
        with self.store.write("north", "clock") as uow:
            booking_arrivals.end_missed(uow)
            booking_arrivals.tidy(uow)

    @rule(changed=st.sampled_from(COMPANIES))
    def new_data(self, changed: dict[str, Any]) -> None:
        """The company's data change; who has a booking keeps it."""
        rules = dict(changed)
        before = self._standing()
        self.office = take_bookings(self.store, rules.pop("office_changes", None), **rules)
        assert self._standing() == before
        # Those who stay over the new capacity are no fault of a booking made from now on.
        self.excess = self._over()

    @invariant()
    def never_above_capacity(self) -> None:
        """In every five minutes no more live bookings than places, but for what new data left over."""
        if self.office is not None:
            over = self._over()
            assert all(count <= self.excess[key] for key, count in over.items()), over
            self.excess &= over

    def teardown(self) -> None:
        """Remove the database."""
        self.store.engine.dispose()
        self.folder.cleanup()

    def _live(self) -> list[Any]:
        with self.store.read() as connection:
            rows = connection.execute(select(booking)).all()
        now = self.clock.now
        pending = ("held", "unconfirmed")
        return [
            row
            for row in rows
            if row.state in ("booked", "arrived") or (row.state in pending and row.expires_at > now)
        ]

    def _standing(self) -> set[tuple[str, datetime]]:
        return {(row.id, row.starts_at) for row in self._live() if row.state == BookingState.BOOKED}

    def _over(self) -> Counter[tuple[str, int]]:
        """How many more bookings than places, by pool and cell; counted from the bookings alone."""
        assert self.office is not None
        assert self.office.bookings is not None
        used: Counter[tuple[str, int]] = Counter()
        for row in self._live():
            pool = self.office.bookings.pool_of(row.service)
            first = slots.cell_of(row.starts_at)
            assert pool is not None
            assert first is not None
            cells = slots.cells_of(row.ends_at - row.starts_at)
            used.update((pool.code, cell) for cell in range(first, first + cells))
        places = self._places()
        return Counter({key: more for key, count in used.items() if (more := count - places[key]) > 0})

    def _places(self) -> Counter[tuple[str, int]]:
        assert self.office is not None
        assert self.office.bookings is not None
        found: Counter[tuple[str, int]] = Counter()
        for pool in self.office.bookings.pools:
            grid = Grid(pool, self.office.schedule, self.office.zone)
            for piece in grid.pieces(date(2026, 3, 3)):
                for cell, (public, staff) in enumerate(grid.capacities(piece), start=piece.first):
                    found[(pool.code, cell)] = public + staff
        return found


TestBookings = Bookings.TestCase
TestBookings.settings = settings(
    max_examples=25, stateful_step_count=30, suppress_health_check=list(HealthCheck)
)
