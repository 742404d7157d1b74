"""Who comes to an office on a simulated day: walk-ins by the hour, and booked visitors around their slots."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from server.domain.office import Office
from server.simulation.habits import Habits

LAST_TICKET = timedelta(minutes=15)
"""So long before closing nobody comes any more."""
SLOT_MINUTES = 10


@dataclass(frozen=True)
class Arrival:
    """A visitor: when the ticket is taken (``None``: booked and does not come) and what for."""

    comes_at: datetime | None
    service: str
    category: str | None
    language: str
    booked_for: datetime | None = None


def arrivals_of(office: Office, day: date, habits: Habits, chance: random.Random) -> list[Arrival]:
    """Everybody who comes on ``day``, or booked and does not."""
    services = [service.code for service in office.services if service.state == "open"]
    found = []
    for start, end in office.schedule.hall_hours(day):
        opening, last = _at(office, day, start), _at(office, day, end) - LAST_TICKET
        moment = opening
        while services:
            hourly = habits.hourly.get(moment.astimezone(office.zone).hour, 0.5)
            rate = habits.visits_per_desk_hour * len(office.desks) * habits.monthly[day.month] * hourly
            moment += timedelta(seconds=chance.expovariate(rate / 3600))
            if moment >= last:
                break
            found.append(_arrival(office, to_millisecond(moment), opening, services, habits, chance))
    return found


def to_millisecond(at: datetime) -> datetime:
    """The instant as it is stored."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _arrival(
    office: Office,
    at: datetime,
    opening: datetime,
    services: list[str],
    habits: Habits,
    chance: random.Random,
) -> Arrival:
    service = chance.choice(services)
    category = chance.choice(office.categories).code if office.categories else None
    if chance.random() >= habits.category_share:
        category = None
    language = office.languages[0] if chance.random() < 0.85 else office.languages[-1]
    if chance.random() >= habits.booked_share:
        return Arrival(at, service, category, language)
    slot = at.replace(minute=at.minute // SLOT_MINUTES * SLOT_MINUTES, second=0, microsecond=0)
    if chance.random() < habits.booked_missing_share:
        return Arrival(None, service, category, language, slot)
    offset = timedelta(seconds=chance.uniform(*habits.booked_offset))
    return Arrival(to_millisecond(max(opening, slot + offset)), service, category, language, slot)


def _at(office: Office, day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=office.zone)
