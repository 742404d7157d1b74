"""The rules of giving tickets while the server is out of reach: pure, time and randomness are arguments.

**Whether the office is open** is decided by the last snapshot. What the server said of that day comes before
the weekly hours, for the snapshot does not hold the exceptions (holidays, short days):

- closed or opened by hand: stays so until the server says otherwise;
- open: until the ``closes_at`` it named; after that only in a weekly interval that begins at or after it;
- closed: until the ``opens_at`` it named; from then on in the weekly interval that covers the moment. Where
  none covers it, the closing time was never told: the office counts as closed and visitors go to the staff.

The rule "no ticket when the people ahead cannot be served before closing" is not applied: nobody knows how
many they are.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from server.sdk.messages import OfficeInfo
from server.sdk.terminal_messages import NumberLease

_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_CODE_LENGTH = 20
"""The form of a ticket's code, as ``terminal_messages.TicketCode`` has it: no vowels, no look-alikes."""


def is_open(office: OfficeInfo, now: datetime) -> bool:
    """Whether the office receives at ``now`` (aware), by the rules above."""
    if office.reception != "by_schedule":
        return office.reception == "always_open"
    if office.is_open:
        if office.closes_at is None or now < office.closes_at:
            return True
        told = office.closes_at
    elif office.opens_at is None or now < office.opens_at:
        return False
    else:
        told = None
    covering = [(start, end) for start, end in _intervals(office, now) if start <= now < end]
    return any(told is None or start >= told for start, _end in covering)


def next_opening(office: OfficeInfo, now: datetime) -> datetime | None:
    """The opening still to come that is known: the one the server named, or a later one of today's hours."""
    if office.opens_at is not None and now < office.opens_at:
        return office.opens_at
    if office.reception != "by_schedule":
        return None
    after = max(now, office.closes_at) if office.is_open and office.closes_at else now
    return min((start for start, _end in _intervals(office, now) if start >= after), default=None)


def as_now(office: OfficeInfo, now: datetime) -> OfficeInfo:
    """The snapshot as the touch page may show it at ``now``: open or not, and without waits nobody knows."""
    opened = is_open(office, now)
    services = [
        one.model_copy(update={"expected_wait": None, "expected_wait_minutes": None})
        for one in office.services
    ]
    return office.model_copy(
        update={
            "is_open": opened,
            "opens_at": None if opened else next_opening(office, now),
            "closes_at": office.closes_at if office.closes_at and now < office.closes_at else None,
            "services": services,
            "live_wait_seconds": None,
        }
    )


def local_day(now: datetime, timezone: str) -> date:
    """The office's calendar day at ``now``."""
    return now.astimezone(ZoneInfo(timezone)).date()


def in_force(lease: NumberLease, now: datetime, timezone: str) -> bool:
    """Whether ``lease`` may be used at ``now``: it ends with its day."""
    return now < lease.expires_at and local_day(now, timezone) == lease.day


def next_number(lease: NumberLease, service: str, given: Collection[str]) -> str | None:
    """The smallest number of the service's blocks that is not in ``given``; None when none is left."""
    return next(iter(_left(lease, service, given)), None)


def numbers_left(lease: NumberLease, service: str, given: Collection[str]) -> int:
    """How many numbers the service still has."""
    return len(_left(lease, service, given))


def ticket_code(choose: Callable[[str], str]) -> str:
    """A code nobody guesses for the ticket's QR; ``choose`` picks one letter (``secrets.choice``)."""
    return "".join(choose(_LETTERS) for _ in range(_CODE_LENGTH))


def ticket_id(at: datetime, noise: int) -> str:
    """A UUID version 7 (RFC 9562 §5.7), in order of time; ``noise`` are 80 random bits."""
    value = (int(at.timestamp() * 1000) & (1 << 48) - 1) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def _left(lease: NumberLease, service: str, given: Collection[str]) -> list[str]:
    numbers = (
        f"{block.prefix}{count:03d}"
        for block in sorted(lease.blocks, key=lambda block: block.first)
        if service in block.services
        for count in range(block.first, block.last + 1)
    )
    return [number for number in numbers if number not in given]


def _intervals(office: OfficeInfo, now: datetime) -> list[tuple[datetime, datetime]]:
    """The weekly hours of the day of ``now`` as instants, in order."""
    zone = ZoneInfo(office.timezone)
    day = now.astimezone(zone).date()
    return sorted(
        (_instant(day, start, zone), _instant(day, end, zone))
        for hours in office.hours
        if hours.weekday == day.isoweekday()
        for start, end in hours.intervals
    )


def _instant(day: date, wall: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(wall), tzinfo=zone)
