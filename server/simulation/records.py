"""What a simulated day leaves behind, and what the server knows at each of its moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from server.domain.events import Event
from server.domain.forecast import Booked, DeskNow, Served
from server.domain.office import Office
from server.domain.rating import Rating
from server.domain.totals import Totals
from server.domain.visit import Leg, Visit
from server.domain.worktime import WorkKey, WorkTime

Pace = dict[str, list[Served]]
"""The last services of each service, newest last: carried from day to day."""


@dataclass
class SimulatedDay:
    """What one day of an office left behind, ready to be stored."""

    visits: list[Visit] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    totals: Totals = field(default_factory=Totals)
    legs: list[Leg] = field(default_factory=list)
    work: dict[WorkKey, WorkTime] = field(default_factory=dict)

    def add_work(self, key: WorkKey, added: WorkTime) -> None:
        """Count an operator's time."""
        self.work[key] = self.work.get(key, WorkTime()) + added


@dataclass(frozen=True)
class Moment:
    """What the server knows when a ticket has just been issued."""

    office: Office
    now: datetime
    visit: Visit
    visits: tuple[Visit, ...]
    desks: tuple[DeskNow, ...]
    pace: Pace
    booked: tuple[Booked, ...]


Watch = Callable[[Moment], None]
