"""Expected wait as a range, from the people ahead, the desks and their measured pace (domain §7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from statistics import fmean

from server.domain.line_walk import DeskAhead, Person, Walk
from server.domain.pace import SCENARIOS, Pace

STEP_MINUTES = 5
SINGLE_MINUTES = 10
"""Up to here a range is told in single minutes, above in steps of five."""
BOUND = 2
"""The range goes from the second shortest of the scenarios to the second longest."""
KNOWN_SHARE = 0.9
"""In so many scenarios somebody must be called for the wait to be known."""


@dataclass(frozen=True)
class Wait:
    """How long somebody will probably wait from now to the start of service, in whole seconds."""

    low_seconds: int
    middle_seconds: int
    high_seconds: int

    @property
    def minutes(self) -> tuple[int, int]:
        """The range as people are told it: low rounded down, high up; steps of 5 min above 10 min."""
        return _step(self.low_seconds, up=False), max(1, _step(self.high_seconds, up=True))

    @property
    def about_minutes(self) -> int:
        """One number: the middle rounded up to 5 minutes; 0 when it is less than a minute."""
        if self.middle_seconds < 60:
            return 0
        return ceil(self.middle_seconds / 60 / STEP_MINUTES) * STEP_MINUTES


def waits(
    people: Mapping[str, Person],
    desks: Sequence[DeskAhead],
    paces: Mapping[str, Pace],
    turnovers: Sequence[float],
    no_show_share: float = 0.0,
    out_of_turn_share: float = 0.0,
) -> dict[str, Wait]:
    """The expected wait of each person; who is missing in the answer, of them it cannot be known.

    ``people`` stand in the real order; ``turnovers`` are measured seconds from a desk's being free to the
    start of the next service; shares are of 1. One walk answers for all: ask about everybody at once.
    """
    known = {key for desk in desks if desk.is_sure for key in desk.line}
    walked = Walk(people, desks, paces, turnovers, no_show_share, out_of_turn_share).starts() if desks else []
    found = {}
    for key, starts in zip(people, walked, strict=False):
        outcome = sorted(starts)
        reached = [seconds for seconds in outcome if seconds < inf]
        if key in known and len(reached) >= KNOWN_SHARE * SCENARIOS:
            high = outcome[-BOUND] if outcome[-BOUND] < inf else reached[-1]
            middle = fmean(outcome[SCENARIOS // 2 - 1 : SCENARIOS // 2 + 1])
            found[key] = Wait(int(outcome[BOUND - 1]), round(middle), ceil(high))
    return found


def _step(seconds: int, up: bool) -> int:
    minutes = seconds / 60
    step = 1 if minutes <= SINGLE_MINUTES else STEP_MINUTES
    return (ceil if up else floor)(minutes / step) * step
