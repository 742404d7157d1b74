"""How full an office usually is at each hour of a weekday, from the arrivals of past weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from server.domain.opening_hours import Schedule

WEEKS = 6
"""Far enough for one odd day not to rule, near enough to follow the seasons."""
LEAST_DAYS = 2
"""Of one day alone nobody can say that it is usual."""


@dataclass(frozen=True)
class Hour:
    """One hour of reception: how many people usually come, and how that is for this weekday."""

    hour: int
    people: int
    load: Literal["calm", "usual", "busy"]


def days_like(day: date) -> list[date]:
    """The same weekday of the weeks before ``day``, the nearest first."""
    return [day - timedelta(weeks=n) for n in range(1, WEEKS + 1)]


def typical_hours(
    day: date, joined: Iterable[datetime], schedule: Schedule, zone: ZoneInfo
) -> Sequence[Hour]:
    """The hours of reception on ``day``'s weekday with the people who usually come in each.

    ``joined``: when the visitors of ``days_like(day)`` came. Empty where fewer than two of these days had
    any, or the office does not receive. Calm is under two thirds of the average hour, busy over four thirds.
    """
    local = [at.astimezone(zone) for at in joined]
    days = len({at.date() for at in local})
    hours = schedule.hall_hours(day)
    if days < LEAST_DAYS or not hours:
        return []
    came = Counter(at.hour for at in local)
    shown = [
        hour
        for hour in range(24)
        if any(start.hour <= hour and (end.hour, end.minute) > (hour, 0) for start, end in hours)
    ]
    average = sum(came[hour] for hour in shown) / len(shown)
    return [Hour(hour, (2 * came[hour] + days) // (2 * days), _load(came[hour], average)) for hour in shown]


def _load(came: int, average: float) -> Literal["calm", "usual", "busy"]:
    if came * 3 < average * 2:
        return "calm"
    return "busy" if came * 3 > average * 4 else "usual"
