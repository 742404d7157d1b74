"""Opening hours: when an office receives, by its own wall clock: weekly hours, breaks, exceptions by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Interval = tuple[time, time]
"""Half-open [from, to) in local wall time, within one day."""

LOOK_AHEAD_DAYS = 31


@dataclass(frozen=True)
class Schedule:
    """Weekly intervals (1 = Monday), breaks cut out of them, and exceptions that replace a date's hours."""

    weekly: Mapping[int, tuple[Interval, ...]]
    breaks: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)

    def hall_hours(self, day: date) -> tuple[Interval, ...]:
        """When the hall is open on ``day``: a break closes desks, not the hall (domain §2)."""
        if day in self.exceptions:
            return self.exceptions[day]
        return self.weekly.get(day.isoweekday(), ())

    def desk_hours(self, day: date) -> tuple[Interval, ...]:
        """When desks work on ``day``: hall hours less breaks (an exception day has no weekly breaks)."""
        hours = self.hall_hours(day)
        if day in self.exceptions:
            return hours
        for pause in self.breaks.get(day.isoweekday(), ()):
            hours = tuple(piece for interval in hours for piece in _cut(interval, pause))
        return hours

    def weekly_seconds(self) -> int:
        """Working time of a full normal week: Σ(interval − breaks)."""
        monday = date(2001, 1, 1)
        plain = Schedule(self.weekly, self.breaks)
        days = (monday + timedelta(days=offset) for offset in range(7))
        return sum(_seconds(piece) for day in days for piece in plain.desk_hours(day))

    def is_open(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether the hall is open at the instant ``at`` (aware)."""
        return self.closes_at(at, zone) is not None

    def closes_at(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """The instant the running interval ends; ``None`` when the hall is closed at ``at``."""
        local = at.astimezone(zone)
        for start, end in self.hall_hours(local.date()):
            if start <= local.time() < end:
                return _instant(local.date(), end, zone)
        return None

    def next_opening(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """The first instant after ``at`` when the hall opens; ``None`` when not within 31 days."""
        local = at.astimezone(zone)
        for offset in range(LOOK_AHEAD_DAYS + 1):
            day = local.date() + timedelta(days=offset)
            for start, _end in sorted(self.hall_hours(day)):
                if (opening := _instant(day, start, zone)) > at:
                    return opening
        return None


def day_end(schedule: Schedule, day: date, zone: ZoneInfo) -> datetime:
    """When the hall closed for good on ``day``; the day's midnight when it was not to open at all."""
    hours = schedule.hall_hours(day)
    if hours:
        return _instant(day, max(end for _start, end in hours), zone)
    return _instant(day + timedelta(days=1), time(), zone)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day an instant belongs to in the office's own zone."""
    return at.astimezone(zone).date()


def intervals(pairs: list[list[str]]) -> tuple[Interval, ...]:
    """``[["09:00", "12:00"], …]`` as local times."""
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)


def _cut(interval: Interval, pause: Interval) -> list[Interval]:
    (start, end), (pause_start, pause_end) = interval, pause
    pieces = [(start, min(end, pause_start)), (max(start, pause_end), end)]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _seconds(interval: Interval) -> int:
    anchor = date(2001, 1, 1)
    length = datetime.combine(anchor, interval[1]) - datetime.combine(anchor, interval[0])
    return int(length.total_seconds())


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone)
