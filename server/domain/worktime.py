"""Working time: how long each operator worked, paused and served at each desk, by day."""

from __future__ import annotations

from datetime import date, datetime

from server.domain.record import record
from server.domain.visit import Leg


@record(frozen=True)
class WorkKey:
    """Whose time it is: the office's local date, the desk, the operator's login."""

    day: date
    desk: str
    operator: str


@record(frozen=True)
class WorkTime:
    """Milliseconds by state of the desk, and of service; ``legs`` counts services given.

    Desk load is ``serving_ms / open_ms``: breaks are not in ``open_ms`` (domain §7).
    """

    open_ms: int = 0
    break_ms: int = 0
    serving_ms: int = 0
    legs: int = 0

    def __add__(self, other: WorkTime) -> WorkTime:
        return WorkTime(
            self.open_ms + other.open_ms,
            self.break_ms + other.break_ms,
            self.serving_ms + other.serving_ms,
            self.legs + other.legs,
        )


def of_state(state: str, since: datetime, until: datetime) -> WorkTime:
    """What a desk that was ``open`` or on a ``break`` from ``since`` to ``until`` adds."""
    length = max(0, round((until - since).total_seconds() * 1000))
    return WorkTime(open_ms=length) if state == "open" else WorkTime(break_ms=length)


def of_leg(leg: Leg) -> WorkTime:
    """What a finished service adds to the operator who gave it."""
    return WorkTime(serving_ms=max(0, leg.served_ms), legs=1)
