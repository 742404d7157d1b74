"""The habits of simulated visitors and operators: when they come, how long things take, who does not come."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

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

PACE_BY_HOUR = {8: 0.95, 13: 1.1, 16: 0.95, 17: 0.9}
"""How much longer than usual a service takes at an hour of the day."""


@dataclass(frozen=True)
class Habits:
    """What a day is made of. Shares are of 1, times in seconds, ranges are evenly spread."""

    visits_per_desk_hour: float = 2.6
    hourly: Mapping[int, float] = field(default_factory=lambda: HOURLY)
    monthly: Mapping[int, float] = field(default_factory=lambda: MONTHLY)
    no_show_share: float = 0.04
    booked_share: float = 0.1
    booked_missing_share: float = 0.15
    # Seconds before (negative) or after the slot at which a booked visitor checks in.
    booked_offset: tuple[float, float] = (-15 * 60, 5 * 60)
    late_booking: timedelta = timedelta(minutes=5)
    category_share: float = 0.06
    rated_share: float = 0.4
    # Between the end of a service and the call; from the call to the start; a call in vain.
    reaction: tuple[float, float] = (3, 25)
    way: tuple[float, float] = (8, 45)
    patience: tuple[float, float] = (50, 90)
    # Breaks that stand in no schedule.
    own_breaks: int = 2
    own_break: tuple[float, float] = (8 * 60, 20 * 60)
    operator_spread: float = 0.1
    pace_by_hour: Mapping[int, float] = field(default_factory=lambda: PACE_BY_HOUR)
    service_spread: float = 0.45
    long_share: float = 0.04

    def service_seconds(self, typical: float, steady: bool, chance: random.Random) -> float:
        """How long one service takes: skewed, now and then several times the typical.

        ``steady`` services follow a gamma distribution, the others a lognormal one.
        """
        if steady:
            seconds = typical * chance.gammavariate(4, 0.27)
        else:
            seconds = typical * chance.lognormvariate(0, self.service_spread)
        if chance.random() < self.long_share:
            seconds *= chance.uniform(2, 3.5)
        return max(40.0, seconds)
