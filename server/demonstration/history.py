"""A plausible year of visits for a demonstration office, made by the real rules with a seeded chance."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from server.db.unit_of_work import Store, UnitOfWork
from server.domain import dispatch, figures, ids, numbering
from server.domain import visit as life
from server.domain.events import Event, Kind, timestamp
from server.domain.figures import DayKey, Sums
from server.domain.office import Desk, Office
from server.domain.opening_hours import Interval
from server.domain.rating import Rating
from server.domain.visit import Visit

ACTOR = "demonstration"
DAYS_AT_ONCE = 25
VISITS_PER_DESK_HOUR = 2.6
HOURLY = {8: 0.9, 9: 1.3, 10: 1.5, 11: 1.3, 12: 0.7, 13: 0.9, 14: 1.1, 15: 1.0, 16: 0.7, 17: 0.4}
MONTHLY = {
    1: 1.25,
    2: 1.1,
    3: 1.0,
    4: 0.95,
    5: 0.85,
    6: 0.8,
    7: 0.8,
    8: 0.85,
    9: 1.0,
    10: 1.1,
    11: 1.1,
    12: 1.2,
}
NO_SHOW_SHARE = 0.04
RATED_SHARE = 0.4
CATEGORY_SHARE = 0.06
SCORES, SCORE_WEIGHTS = (1, 2, 3, 4, 5), (2, 3, 8, 27, 60)


@dataclass
class SimulatedDay:
    """What one day of an office left behind, ready to be stored."""

    visits: list[Visit] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    ratings: list[tuple[Rating, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    sums: dict[DayKey, Sums] = field(default_factory=dict)

    def add(self, office: Office, visit: Visit, sums: Sums) -> None:
        """Count a visit where it belongs."""
        key = DayKey(figures.counting_day(visit, office.zone), visit.service)
        self.sums[key] = self.sums.get(key, Sums()) + sums


def write_history(store: Store, office_code: str, first: date, last: date, seed: int) -> int:
    """Store the days ``first`` … ``last`` of an office; returns how many visits. The log stays whole."""
    chance = random.Random(f"{office_code} {seed}")  # noqa: S311 - play, not secrets
    written = 0
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    for start in range(0, len(days), DAYS_AT_ONCE):
        with store.write(office_code, ACTOR) as uow:
            for day in days[start : start + DAYS_AT_ONCE]:
                simulated = simulate_day(uow.office, day, chance)
                _store(uow, simulated)
                written += len(simulated.visits)
    return written


def simulate_day(office: Office, day: date, chance: random.Random) -> SimulatedDay:
    """One day from opening to closing: who comes, who is called by the office's order, who is served."""
    result = SimulatedDay()
    hours = office.schedule.hall_hours(day)
    if not hours:
        return result
    closing = _at(office, day, hours[-1][1])
    arrivals = _arrivals(office, day, hours, chance)
    free = {
        desk.id: _at(office, day, hours[0][0]) + timedelta(seconds=chance.uniform(0, 240))
        for desk in office.desks
    }
    breaks = [_moments(office, day, pause) for pause in office.schedule.breaks.get(day.isoweekday(), ())]
    waiting: dict[str, Visit] = {}
    while True:
        next_desk = _next_desk(office, free, breaks, waiting)
        arrival = arrivals[0] if arrivals else None
        if arrival and (next_desk is None or arrival <= next_desk[1]):
            visit = _issue(office, day, arrivals.pop(0), result, chance)
            waiting[visit.id] = visit
        elif next_desk:
            desk, moment = next_desk
            place = dispatch.next_for(dispatch.order(waiting.values(), office), desk)
            assert place is not None
            visit = waiting.pop(place.visit.id)
            free[desk.id] = _serve(office, visit, desk, max(moment, visit.joined_at), result, chance)
        else:
            break
        if min(free.values()) > closing + timedelta(hours=2):
            break
    for visit in waiting.values():
        closed, event = life.close_at_day_end(visit, actor=ACTOR, at=closing + timedelta(hours=3))
        _end(office, closed, event, result)
    result.events.sort(key=lambda event: event.at)
    return result


def _arrivals(
    office: Office, day: date, hours: tuple[Interval, ...], chance: random.Random
) -> list[datetime]:
    moments = []
    for start, end in hours:
        moment, closing = _at(office, day, start), _at(office, day, end) - timedelta(minutes=15)
        while moment < closing:
            rate = VISITS_PER_DESK_HOUR * len(office.desks) * MONTHLY[day.month]
            rate *= HOURLY.get(moment.astimezone(office.zone).hour, 0.5)
            moment += timedelta(seconds=chance.expovariate(rate / 3600))
            if moment < closing:
                moments.append(_to_millisecond(moment))
    return moments


def _next_desk(
    office: Office,
    free: dict[str, datetime],
    breaks: list[tuple[datetime, datetime]],
    waiting: dict[str, Visit],
) -> tuple[Desk, datetime] | None:
    """The desk that can call next, and when: free, not on its break, with somebody waiting for it."""
    found: tuple[Desk, datetime] | None = None
    for desk in office.desks:
        joined = [visit.joined_at for visit in waiting.values() if visit.service in desk.services]
        if not joined:
            continue
        moment = max(free[desk.id], min(joined))
        for start, end in breaks:
            if start <= moment < end:
                moment = end
        if found is None or moment < found[1]:
            found = (desk, moment)
    return found


def _issue(office: Office, day: date, at: datetime, result: SimulatedDay, chance: random.Random) -> Visit:
    service = chance.choice(office.services)
    count = numbering.next_count(result.counts.get(service.prefix, 0))
    result.counts[service.prefix] = count
    category = chance.choice(office.categories).code if office.categories else None
    visit, event = life.issue(
        visit_id=ids.uuid7(at, chance.randbytes),
        office=office.code,
        day=day,
        number=numbering.format_number(service.prefix, count),
        service=service.code,
        code=ids.secret_code(chance.randbytes),
        language=office.languages[0] if chance.random() < 0.85 else office.languages[-1],
        category=category if chance.random() < CATEGORY_SHARE else None,
        at=at,
        actor=ACTOR,
    )
    result.events.append(event)
    result.add(office, visit, Sums(issued=1))
    return visit


def _serve(
    office: Office, visit: Visit, desk: Desk, at: datetime, result: SimulatedDay, chance: random.Random
) -> datetime:
    """Call and serve (or miss) one visitor; returns when the desk is free again."""
    operator = f"{desk.id}-operator"
    at = _to_millisecond(at + timedelta(seconds=chance.uniform(3, 25)))
    call_id = ids.uuid7(at, chance.randbytes)
    visit, event = life.call(visit, desk=desk.id, operator=operator, call_id=call_id, at=at)
    result.events.append(event)
    if chance.random() < NO_SHOW_SHARE:
        at = _to_millisecond(at + timedelta(seconds=chance.uniform(50, 90)))
        again = ids.uuid7(at, chance.randbytes)
        visit, event = life.recall(visit, operator=operator, call_id=again, at=at)
        result.events.append(event)
        at = _to_millisecond(at + timedelta(seconds=chance.uniform(50, 90)))
        visit, event = life.no_show(visit, operator=operator, at=at)
        _end(office, visit, event, result)
        return at
    at = _to_millisecond(at + timedelta(seconds=chance.uniform(8, 45)))
    visit, event = life.start(visit, operator=operator, at=at)
    result.events.append(event)
    typical = office.service(visit.service).typical_seconds
    length = max(40.0, chance.lognormvariate(math.log(typical), 0.45))
    at = _to_millisecond(at + timedelta(seconds=length))
    visit, event = life.finish(visit, operator=operator, at=at)
    _end(office, visit, event, result)
    if chance.random() < RATED_SHARE:
        _rate(office, visit, at, result, chance)
    return at


def _rate(office: Office, visit: Visit, at: datetime, result: SimulatedDay, chance: random.Random) -> None:
    at = _to_millisecond(at + timedelta(seconds=chance.uniform(2, 20)))
    press = f"demonstration-{ids.uuid7(at, chance.randbytes)}"
    score = chance.choices(SCORES, SCORE_WEIGHTS)[0]
    result.ratings.append((Rating(press, visit.id, score, at, "pad"), str(visit.desk)))
    payload = {"press": press, "score": score, "source": "pad", "pressed_at": timestamp(at)}
    result.events.append(Event(Kind.RATED, at, ACTOR, visit.id, visit.desk, payload))
    result.add(office, visit, figures.with_rating(score))


def _end(office: Office, visit: Visit, event: Event, result: SimulatedDay) -> None:
    result.visits.append(visit)
    result.events.append(event)
    result.add(office, visit, figures.sums_at_end(visit))


def _store(uow: UnitOfWork, day: SimulatedDay) -> None:
    for visit in day.visits:
        uow.add_visit(visit)
    uow.record(*day.events)
    for rating, desk in day.ratings:
        uow.add_rating(rating, desk)
    for key, sums in day.sums.items():
        uow.add_sums(key.day, key.service, sums)


def _moments(office: Office, day: date, interval: Interval) -> tuple[datetime, datetime]:
    return _at(office, day, interval[0]), _at(office, day, interval[1])


def _at(office: Office, day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=office.zone)


def _to_millisecond(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
