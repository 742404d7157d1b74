"""One simulated day of an office, from opening to the last visitor, by the real rules and a seeded chance."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from server.domain import dispatch, figures, ids, moves, numbering
from server.domain.dispatch import Seat
from server.domain.events import Event, Kind, timestamp
from server.domain.forecast import Booked, DeskNow, Served
from server.domain.kept_sums import changes_at_end, changes_at_issue, changes_of_mark, day_key
from server.domain.office import Office
from server.domain.rating import Rating
from server.domain.visit import BOOKED, WALK_IN, State, Visit, leg_ended
from server.domain.worktime import WorkKey, of_leg, of_state
from server.simulation.arrivals import Arrival, arrivals_of, to_millisecond
from server.simulation.habits import Habits
from server.simulation.records import Moment, Pace, SimulatedDay, Watch

ACTOR = "demonstration"
SCORES, SCORE_WEIGHTS = (1, 2, 3, 4, 5), (2, 3, 8, 27, 60)
LONGEST_AFTER_CLOSING = timedelta(hours=2)
PACE_LENGTH = 50
BREAK_REASON = "technical"
DESK_EVENTS = {"open": Kind.DESK_OPENED, "break": Kind.DESK_BREAK, "closed": Kind.DESK_CLOSED}


def simulate_day(
    office: Office,
    day: date,
    chance: random.Random,
    habits: Habits | None = None,
    pace: Pace | None = None,
    watch: Watch | None = None,
) -> SimulatedDay:
    """One day: who comes, who is called by the office's order, who is served.

    ``pace`` is what the server has measured so far and grows with the day; ``watch`` is told of every
    ticket at its issue. The same chance gives the same day.
    """
    habits = habits or Habits()
    running = _Day(office, day, chance, habits, {} if pace is None else pace, watch)
    if office.schedule.hall_hours(day):
        running.run()
    return running.result


class _Day:
    """The day under way: a heap of what happens next, and the hall as it stands."""

    def __init__(
        self,
        office: Office,
        day: date,
        chance: random.Random,
        habits: Habits,
        pace: Pace,
        watch: Watch | None,
    ) -> None:
        self.office, self.day, self.chance, self.habits = office, day, chance, habits
        self.pace, self.watch = pace, watch
        self.result = SimulatedDay()
        self.waiting: dict[str, Visit] = {}
        self.at_desk: dict[str, Visit] = {}
        self.desks: dict[str, DeskNow] = {}
        self.seats = {desk.id: Seat(desk, f"{desk.id}-operator") for desk in office.desks}
        self.idle: set[str] = set()
        self.break_due: dict[str, list[datetime]] = defaultdict(list)
        self.free_since: dict[str, datetime] = {}
        self.booked: list[Arrival] = []
        self.speed = {desk.id: chance.lognormvariate(0, habits.operator_spread) for desk in office.desks}
        self.steady = {service.code: n % 2 == 1 for n, service in enumerate(office.services)}
        self._heap: list[tuple[datetime, int, Callable[..., None], Any]] = []
        self._numbers = count()

    def run(self) -> None:
        """Let the whole day pass."""
        hours = self.office.schedule.hall_hours(self.day)
        opening, self.closing = self._at(hours[0][0]), self._at(hours[-1][1])
        arrivals = arrivals_of(self.office, self.day, self.habits, self.chance)
        self.booked = [arrival for arrival in arrivals if arrival.booked_for]
        for arrival in arrivals:
            if arrival.comes_at:
                self._later(arrival.comes_at, self._arrive, arrival)
        for desk in self.office.desks:
            self._later(opening, self._free, desk.id, spread=(0, 240))
            for moment, back in self._breaks(opening):
                self._later(moment, self._go_on_break, (desk.id, back))
        while self._heap:
            at, _, happen, what = heappop(self._heap)
            happen(at, what)
        for visit in self.waiting.values():
            self._end(*moves.close_at_day_end(visit, actor=ACTOR, at=self.closing + timedelta(hours=3)))
        for desk_id in list(self.desks):
            at = max(self.closing, self.free_since[desk_id], self.desks[desk_id].since)
            self._stand(at, desk_id, "closed")
        self.result.events.sort(key=lambda event: event.at)

    # --- what happens ---

    def _arrive(self, at: datetime, arrival: Arrival) -> None:
        visit = self._issue(at, arrival)
        self.waiting[visit.id] = visit
        if arrival.booked_for:
            self.booked.remove(arrival)
            if arrival.booked_for > at:
                self._later(arrival.booked_for, self._nudge, visit)
        if self.watch:
            self.watch(self._moment(at, visit))
        self._nudge(at, visit)

    def _nudge(self, at: datetime, visit: Visit) -> None:
        """Idle desks that may call the visitor notice, one of them sooner than the others."""
        for desk_id in sorted(self.idle):
            if self.seats[desk_id].may_call(visit):
                self.idle.discard(desk_id)
                self._later(at, self._call, desk_id, spread=self.habits.reaction)

    def _free(self, at: datetime, desk_id: str) -> None:
        """A service (or a call in vain, or a break) is over, or the desk opens."""
        visit = self.at_desk.pop(desk_id, None)
        if visit is not None:
            if visit.state is State.SERVED:
                self._measure(visit, desk_id)
            self.free_since[desk_id] = at
        standing = self.desks.get(desk_id)
        if standing is None or standing.state != "open":
            self._stand(at, desk_id, "open")
            self.free_since[desk_id] = at
        if due := self.break_due.pop(desk_id, None):
            self._leave(at, desk_id, max(due))
        else:
            self._later(at, self._call, desk_id, spread=self.habits.reaction)

    def _go_on_break(self, at: datetime, what: tuple[str, datetime]) -> None:
        desk_id, back = what
        if desk_id in self.idle:
            self.idle.discard(desk_id)
            self._leave(at, desk_id, back)
        else:
            self.break_due[desk_id].append(back)

    def _leave(self, at: datetime, desk_id: str, back: datetime) -> None:
        if back <= at:
            self._later(at, self._call, desk_id, spread=self.habits.reaction)
            return
        self._stand(at, desk_id, "break")
        self._later(back, self._free, desk_id, spread=(0, 120))

    def _call(self, at: datetime, desk_id: str) -> None:
        if at > self.closing + LONGEST_AFTER_CLOSING:
            return
        if due := self.break_due.pop(desk_id, None):
            self._leave(at, desk_id, max(due))
            return
        seat = self.seats[desk_id]
        places = dispatch.order(self.waiting.values(), self.office, at)
        place = dispatch.next_for(places, seat)
        if place is None:
            self.idle.add(desk_id)
            return
        del self.waiting[place.visit.id]
        passed = dispatch.overtaken_by(place.visit, places, seat, self.office.policy)
        for visit in passed:
            self.waiting[visit.id] = replace(visit, overtaken=visit.overtaken + 1)
        self._receive(at, place, desk_id, len(passed))

    # --- what people do ---

    def _receive(self, at: datetime, place: dispatch.Place, desk_id: str, overtook: int) -> None:
        """The visitor is called and served, or called in vain: everything up to the desk's being free."""
        operator, habits = f"{desk_id}-operator", self.habits
        visit, event = moves.call(
            place.visit,
            desk=desk_id,
            operator=operator,
            call_id=ids.uuid7(at, self.chance.randbytes),
            at=at,
            why=place.reason,
            overtook=overtook,
        )
        self.result.events.append(event)
        if self.chance.random() < habits.no_show_share:
            at = self._after(at, habits.patience)
            again = ids.uuid7(at, self.chance.randbytes)
            visit, event = moves.recall(visit, operator=operator, call_id=again, at=at)
            self.result.events.append(event)
            at = self._after(at, habits.patience)
            self.at_desk[desk_id] = visit
            visit, event = moves.no_show(visit, operator=operator, at=at)
            self._end(visit, event)
        else:
            at = self._after(at, habits.way)
            visit, event = moves.start(visit, operator=operator, at=at)
            self.result.events.append(event)
            slower = habits.pace_by_hour.get(at.astimezone(self.office.zone).hour, 1)
            typical = self.office.service(visit.service).typical_seconds * self.speed[desk_id] * slower
            length = habits.service_seconds(typical, self.steady[visit.service], self.chance)
            at = self._after(at, (length, length))
            self._end_leg(visit, at)
            visit, event = moves.finish(visit, operator=operator, at=at)
            self._end(visit, event)
            self.at_desk[desk_id] = visit
            if self.chance.random() < habits.rated_share:
                self._rate(visit, at)
        self._later(at, self._free, desk_id)

    def _issue(self, at: datetime, arrival: Arrival) -> Visit:
        service = self.office.service(arrival.service)
        number = numbering.next_count(self.result.counts.get(service.prefix, 0))
        self.result.counts[service.prefix] = number
        visit, event = moves.issue(
            visit_id=ids.uuid7(at, self.chance.randbytes),
            office=self.office.code,
            day=self.day,
            number=numbering.format_number(service.prefix, number),
            service=service.code,
            code=ids.secret_code(self.chance.randbytes),
            language=arrival.language,
            category=arrival.category,
            at=at,
            actor=ACTOR,
            booked_for=arrival.booked_for,
            limit=service.limit_on(BOOKED if arrival.booked_for else WALK_IN, self.day),
        )
        self.result.events.append(event)
        self.result.totals.add(changes_at_issue(visit))
        return visit

    def _rate(self, visit: Visit, at: datetime) -> None:
        at = self._after(at, (2, 20))
        press = f"{ACTOR}-{ids.uuid7(at, self.chance.randbytes)}"
        score = self.chance.choices(SCORES, SCORE_WEIGHTS)[0]
        given = Rating(
            press_id=press,
            visit=visit.id,
            score=score,
            at=at,
            source="pad",
            day=figures.counting_day(visit, self.office.zone),
            taken_at=at,
            judged=visit.id,
            service=visit.first_service,
            operator=visit.operator,
            desk=visit.desk,
        )
        self.result.ratings.append(given)
        payload = {"press": press, "score": score, "source": "pad", "pressed_at": timestamp(at)}
        payload["operator"] = visit.operator
        self.result.events.append(Event(Kind.RATED, at, ACTOR, visit.id, visit.desk, payload))
        key = day_key(visit, given.day)
        self.result.totals.add(changes_of_mark(key, visit.operator, visit.desk, score))

    def _end(self, visit: Visit, event: Event) -> None:
        self.result.visits.append(visit)
        self.result.events.append(event)
        self.result.totals.add(changes_at_end(visit, self.office.zone))

    def _end_leg(self, before: Visit, at: datetime) -> None:
        leg = leg_ended(before, at)
        assert leg is not None
        self.result.legs.append(leg)
        self.result.add_work(WorkKey(self.day, leg.desk, leg.operator), of_leg(leg))

    def _stand(self, at: datetime, desk_id: str, state: str) -> None:
        """The desk opens, closes or takes a break: its event, and the time of the state that ends."""
        before, seat = self.desks.pop(desk_id, None), self.seats[desk_id]
        if before is not None:
            key = WorkKey(self.day, desk_id, str(seat.operator))
            self.result.add_work(key, of_state(before.state, before.since, at))
        if state != "closed":
            self.desks[desk_id] = DeskNow(seat, state, at)
        payload = {"reason": BREAK_REASON} if state == "break" else {}
        event = Event(DESK_EVENTS[state], at, str(seat.operator), None, desk_id, payload)
        self.result.events.append(event)

    # --- what the server knows ---

    def _measure(self, visit: Visit, desk_id: str) -> None:
        assert visit.started_at is not None
        free = max(self.free_since[desk_id], visit.queued_at)
        turnover = figures.whole_seconds(free, visit.started_at)
        hour = visit.started_at.astimezone(self.office.zone).hour
        recent = self.pace.setdefault(visit.service, [])
        recent.append(Served(hour, figures.service_seconds(visit) or 0, max(0, turnover)))
        del recent[:-PACE_LENGTH]

    def _moment(self, at: datetime, visit: Visit) -> Moment:
        here = [_as_seen(guest, at) for guest in self.at_desk.values()]
        return Moment(
            office=self.office,
            now=at,
            visit=visit,
            visits=(*self.waiting.values(), *here),
            desks=tuple(self.desks.values()),
            pace=self.pace,
            booked=tuple(
                Booked(one.service, one.booked_for)
                for one in self.booked
                if one.booked_for and one.booked_for > at - self.habits.late_booking
            ),
        )

    # --- time ---

    def _breaks(self, opening: datetime) -> list[tuple[datetime, datetime]]:
        """When a desk's operator leaves and comes back: by the schedule, and now and then without one."""
        found = []
        if self.day not in self.office.schedule.exceptions:
            pauses = self.office.schedule.breaks.get(self.day.isoweekday(), ())
            found = [(self._at(start), self._at(end)) for start, end in pauses]
        working = (self.closing - opening).total_seconds()
        for _ in range(self.habits.own_breaks):
            start = opening + timedelta(seconds=self.chance.uniform(0.1, 0.9) * working)
            length = timedelta(seconds=self.chance.uniform(*self.habits.own_break))
            found.append((to_millisecond(start), to_millisecond(start + length)))
        return found

    def _later(
        self,
        at: datetime,
        happen: Callable[[datetime, Any], None],
        what: object,
        spread: tuple[float, float] = (0, 0),
    ) -> None:
        heappush(self._heap, (self._after(at, spread), next(self._numbers), happen, what))

    def _after(self, at: datetime, spread: tuple[float, float]) -> datetime:
        return to_millisecond(at + timedelta(seconds=self.chance.uniform(*spread)))

    def _at(self, wall: time) -> datetime:
        return datetime.combine(self.day, wall, tzinfo=self.office.zone)


def _as_seen(visit: Visit, at: datetime) -> Visit:
    """A visit at a desk without what has not happened yet."""
    if visit.started_at is None or visit.started_at > at:
        return replace(
            visit, state=State.CALLED, started_at=None, leg_started_at=None, finished_at=None, served_ms=0
        )
    return replace(visit, state=State.SERVING, finished_at=None, served_ms=0)
