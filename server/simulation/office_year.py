"""A year of one office by plain rules and a seeded chance: some ten thousand visits in a second.

``server/simulation/day.py`` simulates a day by the real rules of calling; here the queue is simpler, what is
written is the same.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count

from server.domain.events import Kind
from server.domain.office import Office, Service
from server.domain.visit import RECEPTION, TERMINAL
from server.simulation.habits import HOURLY
from server.simulation.year_acts import HOUR, KIOSK, YearActs, YearDesk
from server.simulation.year_bookings import MADE_BEFORE, Booked, BookedVisitors
from server.simulation.year_rows import Names, YearRows, YearVisit, milliseconds
from server.simulation.year_sums import YearSums

SECOND, MINUTE = 1000, 60_000
FATES = {
    "leaves": 0.02,
    "annulled": 0.004,
    "no_show": 0.04,
    "restored": 0.006,
    "given_back": 0.004,
    "transferred": 0.03,
    "held": 0.012,
    "ticketless": 0.015,
    "booked": 0.1,
}
"""What becomes of visitors, as shares of all; the others are served in one go."""
CATEGORY_SHARE, RECEPTION_SHARE = 0.05, 0.12
RATED_SHARE = 0.38
FORGOTTEN_SHARE, LEFT_OPEN_SHARE, LATE = 0.06, 0.005, 30 * MINUTE
"""Of the services that begin ``LATE`` in the day nobody ends so many; of desks nobody closes so many."""
SCORES, SCORE_WEIGHTS = (1, 2, 3, 4, 5), (2, 3, 8, 27, 60)
SERVICE_SPREAD, SHORTEST_SERVICE, LONGEST_SERVICE = 0.45, 40 * SECOND, HOUR
LUNCH, LUNCH_FROM = 45 * MINUTE, 12 * HOUR
GOES_FIRST = 20 * MINUTE
"""Who has a booking or a category counts as having come so much earlier."""
LAST_CALLS = 10 * MINUTE
"""So long after closing the desks go on calling; who waits then is closed unserved."""


class OfficeYear:
    """The year of one office: ``run_day`` for each of its days, in order."""

    def __init__(self, office: Office, operators: list[str], seed: int) -> None:
        self.office, self.operators = office, operators
        self.chance = random.Random(f"{seed} {office.code}")  # noqa: S311 - play, not secrets
        self.rows, self.sums = YearRows(office.code), YearSums(office.code)
        names = Names(self.chance)
        self._acts = YearActs(office, self.rows, self.sums, names, self.chance)
        self._bookings = BookedVisitors(office, operators, self.rows, self.sums, names, self.chance)
        self._services = [service for service in office.services if service.state == "open"]
        # The first are asked for most.
        self._weights = [len(self._services) - place for place in range(len(self._services))]
        self._fates = ["", *FATES]
        self._shares = [1 - sum(FATES.values()), *FATES.values()]
        self._order = count()

    @property
    def settled_until(self) -> int:
        """Before this moment nothing is added any more: bookings are made at most so long before."""
        return self._midnight - MADE_BEFORE

    def run_day(self, day: date, visits: int) -> int:
        """Let a day pass on which so many people come; returns how many visits it has in the end."""
        hours = self.office.schedule.hall_hours(day)
        if not hours or not visits:
            return 0
        zone = self.office.zone
        self._midnight = milliseconds(datetime.combine(day, time(), zone))
        self._opening = milliseconds(datetime.combine(day, hours[0][0], zone))
        self._closing = milliseconds(datetime.combine(day, hours[-1][1], zone))
        self._coming: list[tuple[int, int, YearVisit]] = []
        self._waiting: list[tuple[int, int, YearVisit]] = []
        self._acts.begin_day(day, self._midnight)
        self._bookings.begin_day(day.isoformat(), self._midnight, self._opening, self._closing)
        self._arrive(visits)
        left = self._work(self._open_desks(day.toordinal()))
        self._bookings.end_day()
        not_served = self._end(milliseconds(datetime.combine(day + timedelta(days=1), time(), zone)), left)
        self._acts.end_day()
        return visits - not_served

    def _arrive(self, visits: int) -> None:
        chance = self.chance
        hours = range((self._opening - self._midnight) // HOUR, (self._closing - self._midnight) // HOUR)
        weights = [HOURLY.get(hour, 0.5) for hour in hours]
        services = chance.choices(self._services, self._weights, k=visits)
        fates = chance.choices(self._fates, self._shares, k=visits)
        found: list[tuple[int, int, str, Service, Booked | None]] = []
        for hour, service, fate in zip(
            chance.choices(hours, weights, k=visits), services, fates, strict=True
        ):
            at = self._midnight + hour * HOUR + int(chance.random() * HOUR)
            at = min(max(at, self._opening), self._closing - SECOND)
            booking = None
            if fate == "ticketless" and at > self._closing - HOUR:
                # So late somebody might not be served any more, and would be no visit.
                fate = ""
            if fate == "booked":
                booking, at = self._bookings.book(at, service)
            found.append((at, next(self._order), fate, service, booking))
        for at, _order, fate, service, booking in sorted(found):
            visit = self._come(at, fate, service, booking)
            visit.fate = fate
            if fate in ("leaves", "annulled"):
                visit.leaves_at = at + int(chance.uniform(2, 12) * MINUTE)
            self._wait(visit, visit.joined_at)

    def _come(self, at: int, fate: str, service: Service, booking: Booked | None) -> YearVisit:
        if fate == "ticketless":
            return self._acts.expect(at, service.code)
        if booking is not None:
            visit = self._acts.issue(at, service.code, service.prefix, None, booking.turn_at(at), TERMINAL)
            self._bookings.arrive(booking, visit, KIOSK)
            return visit
        claimed = self.office.categories and self.chance.random() < CATEGORY_SHARE
        category = self.chance.choice(self.office.categories).code if claimed else None
        channel = RECEPTION if self.chance.random() < RECEPTION_SHARE else TERMINAL
        return self._acts.issue(at, service.code, service.prefix, category, None, channel)

    def _open_desks(self, day_number: int) -> list[tuple[int, int, YearDesk]]:
        found: list[tuple[int, int, YearDesk]] = []
        for place, desk in enumerate(self.office.desks):
            at = self._opening + int(self.chance.uniform(0, 4) * MINUTE)
            # Lunch in turn; every week another operator at the desk.
            lunch = self._midnight + LUNCH_FROM + place % 3 * LUNCH
            operator = self.operators[(place + day_number // 7) % len(self.operators)]
            opened = YearDesk(desk, operator, lunch, at, at)
            self._acts.open(opened)
            heappush(found, (at, place, opened))
        return found

    def _work(self, free: list[tuple[int, int, YearDesk]]) -> list[tuple[YearDesk, YearVisit | None]]:
        """Let the desks call until nobody waits; returns those left open, with whom they still serve."""
        left: list[tuple[YearDesk, YearVisit | None]] = []
        last_call = self._closing + LAST_CALLS
        while free:
            at, place, desk = heappop(free)
            if desk.lunch_at and at >= desk.lunch_at:
                desk.lunch_at = 0
                heappush(free, (self._lunch(desk, at), place, desk))
                continue
            visit = self._next(at) if at <= last_call else None
            if visit is not None:
                at += int(self.chance.uniform(3, 25) * SECOND)
                if at > self._closing - LATE and self._forgotten(visit):
                    self._begin(visit, desk, at)
                    left.append((desk, visit))
                else:
                    desk.free_since = self._receive(visit, desk, at)
                    heappush(free, (desk.free_since, place, desk))
            elif self._coming and max(at, self._coming[0][0]) <= last_call:
                heappush(free, (self._coming[0][0], place, desk))
            elif self.chance.random() < LEFT_OPEN_SHARE:
                left.append((desk, None))
            else:
                end = max(at, self._closing) + int(self.chance.uniform(1, 6) * MINUTE)
                self._acts.stand(desk, end, "closed", Kind.DESK_CLOSED)
        return left

    def _lunch(self, desk: YearDesk, at: int) -> int:
        desk.free_since = at + LUNCH
        self._acts.stand(desk, at, "break", Kind.DESK_BREAK, '{"reason":"lunch"}')
        self._acts.stand(desk, desk.free_since, "open", Kind.DESK_OPENED)
        return desk.free_since

    def _next(self, at: int) -> YearVisit | None:
        """Who is called at this moment; whoever left meanwhile has left."""
        while self._coming and self._coming[0][0] <= at:
            ready, order, visit = heappop(self._coming)
            early = GOES_FIRST if visit.category or visit.booked_for or visit.ticketless else 0
            heappush(self._waiting, (ready - early, order, visit))
        while self._waiting:
            visit = heappop(self._waiting)[2]
            # Whoever is about to leave is not called any more.
            if not visit.leaves_at or visit.leaves_at > at + 30 * SECOND:
                visit.leaves_at = 0
                return visit
            self._leave(visit)
        return None

    def _receive(self, visit: YearVisit, desk: YearDesk, at: int) -> int:
        """The visitor is called and served, or called in vain; returns when the desk is free again."""
        chance, fate, acts = self.chance, visit.fate, self._acts
        if fate in ("no_show", "restored"):
            acts.call(visit, desk, at)
            return self._miss(visit, desk, at)
        if fate == "given_back":
            visit.fate = ""
            acts.call(visit, desk, at)
            at += 45 * SECOND
            acts.give_back(visit, desk, at)
            self._wait(visit, at + MINUTE)
            return at
        at = self._begin(visit, desk, at)
        typical = self.office.service(visit.service).typical_seconds * SECOND
        length = int(typical * chance.lognormvariate(0, SERVICE_SPREAD))
        at += min(max(length, SHORTEST_SERVICE), LONGEST_SERVICE)
        if fate == "held":
            visit.fate = ""
            until = at + int(chance.uniform(4, 15)) * MINUTE
            back = until + int(chance.uniform(0, 5) * SECOND)
            acts.hold(visit, desk, at, until, back)
            self._wait(visit, back)
        elif fate == "transferred":
            visit.fate = ""
            others = [service.code for service in self._services if service.code != visit.service]
            acts.transfer(visit, desk, at, chance.choice(others))
            self._wait(visit, at)
        else:
            acts.finish(visit, desk, at)
            if chance.random() < RATED_SHARE:
                score = chance.choices(SCORES, SCORE_WEIGHTS)[0]
                # Nobody is served at the desk sooner: the press can mean no other visit.
                acts.rate(visit, at + int(chance.uniform(2, 10) * SECOND), score)
        return at

    def _begin(self, visit: YearVisit, desk: YearDesk, at: int) -> int:
        """The visitor is called, comes and is served from then on; returns the beginning of the service."""
        if visit.ticketless:
            self._acts.serve_without_ticket(visit, desk, at)
            return at
        self._acts.call(visit, desk, at)
        at += int(self.chance.uniform(8, 45) * SECOND)
        self._acts.start(visit, desk, at)
        return at

    def _miss(self, visit: YearVisit, desk: YearDesk, at: int) -> int:
        at += int(self.chance.uniform(50, 90) * SECOND)
        self._acts.call(visit, desk, at, Kind.TICKET_RECALLED)
        at += int(self.chance.uniform(50, 90) * SECOND)
        self._acts.no_show(visit, desk, at)
        back = at + int(self.chance.uniform(4, 20) * MINUTE)
        if visit.fate == "restored" and back < self._closing:
            visit.fate = ""
            self._acts.restore(visit, desk, back)
            self._wait(visit, back)
        else:
            self._acts.over(visit)
        return at

    def _forgotten(self, visit: YearVisit) -> bool:
        return visit.fate == "" and visit.leg == 1 and self.chance.random() < FORGOTTEN_SHARE

    def _end(self, midnight: int, left: list[tuple[YearDesk, YearVisit | None]]) -> int:
        """What the clock does after midnight; returns how many came without a ticket and were not served."""
        at = midnight + int(self.chance.uniform(1, 60) * SECOND)
        not_served = 0
        for _ready, _order, visit in sorted([*self._coming, *self._waiting]):
            if visit.ticketless:
                not_served += 1
            elif visit.leaves_at:
                self._leave(visit)
            else:
                self._acts.close_unserved(visit, at)
        for _desk, unfinished in left:
            if unfinished is not None:
                self._acts.close_unfinished(unfinished, at)
        for desk, _unfinished in left:
            self._acts.close_left_open(desk, at, self._closing)
        return not_served

    def _leave(self, visit: YearVisit) -> None:
        if visit.fate == "annulled":
            self._acts.annul(visit, self.operators[0])
        else:
            self._acts.leave(visit)

    def _wait(self, visit: YearVisit, at: int) -> None:
        """From this moment on the visitor can be called."""
        heappush(self._coming, (at, next(self._order), visit))
