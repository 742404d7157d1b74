"""The line walked ahead: people go one after another to the desk that takes them first, by scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from math import exp, inf, log, sqrt
from statistics import fmean

from server.domain.pace import SCENARIOS, Pace, normal_points, pace_of, quantiles, rest, strata

UNFORESEEN = 0.16
"""What no measurement tells, for example a slower operator: the spread it gives to a whole wait."""
NO_SHOW_SECONDS = 150
"""What a call in vain takes."""
USUAL_TURNOVER_SECONDS = 40
USUAL_BREAK = Pace(12 * 60, 0.5, 0)
"""A break that stands in no schedule."""
BREAK_EVERY_SECONDS = 4 * 3600
"""About how often an operator takes one."""


@dataclass(frozen=True)
class Person:
    """Somebody ahead. ``newcomer``: only asked about, takes no desk's time.

    ``due_seconds``: a booked visitor whose time comes then and who goes first from that moment on;
    ``here`` or still to come.
    """

    service: str
    newcomer: bool = False
    due_seconds: float = 0
    here: bool = True


@dataclass(frozen=True)
class Busy:
    """The visitor at a desk, ``seconds`` after the start of service (or after the call)."""

    service: str
    seconds: float
    started: bool = True


@dataclass(frozen=True)
class DeskAhead:
    """A desk that works or will: whom it calls in which order (``line``, keys of people), who is there now.

    ``away``: intervals in seconds from now in which it calls nobody; the last may never end (``inf``).
    ``gone_seconds``: its operator has been away so long and nobody knows until when; ``leaves``: will be
    after the visitor who is there.
    """

    line: tuple[str, ...]
    busy: Busy | None = None
    away: tuple[tuple[float, float], ...] = ()
    gone_seconds: float | None = None
    leaves: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether the desk works on or it is known when it will again."""
        return self.gone_seconds is None and not self.leaves


class Walk:
    """People ahead go one after another to the desk that is free first among those that take them."""

    def __init__(
        self,
        people: Mapping[str, Person],
        desks: Sequence[DeskAhead],
        paces: Mapping[str, Pace],
        turnovers: Sequence[float],
        no_show_share: float,
        out_of_turn_share: float,
    ) -> None:
        self.people = list(people.values())
        self.asked = sum(person.here for person in self.people)
        place = {key: index for index, key in enumerate(people)}
        numbers: dict[tuple[str, ...], int] = {}
        self.line_of = [numbers.setdefault(desk.line, len(numbers)) for desk in desks]
        # Desks with the same line share it. Who is booked for later stands in the second list, by time.
        lines = [[(place[key], people[key]) for key in line] for line in numbers]
        self.lines = [[index for index, person in line if person.here] for line in lines]
        self.due = [
            sorted((p.due_seconds, index) for index, p in line if p.due_seconds > 0) for line in lines
        ]
        gaps = _gaps(turnovers)
        self.free = [_free_after(desk, index, paces, gaps) for index, desk in enumerate(desks)]
        self.away = [_away(desk, index) for index, desk in enumerate(desks)]
        # By scenario, then by person: the turnover before, and the time the desk is then taken.
        self.gaps = _by_scenario([gaps] * len(self.people), first=1)
        stay, lost = 1 - no_show_share, NO_SHOW_SECONDS * no_show_share
        taken = {code: [s * stay + lost for s in quantiles(pace)] for code, pace in paces.items()}
        self.taken = _by_scenario([taken[person.service] for person in self.people], first=2)
        doubt = sqrt(fmean([pace.doubt for pace in paces.values()]) ** 2 + UNFORESEEN**2)
        factors = [(1 + out_of_turn_share) * exp(doubt * point) for point in normal_points()]
        self.doubt = [factors[stratum] for stratum in strata(0)]

    def starts(self) -> list[tuple[float, ...]]:
        """For each person the seconds to the start of service, by scenario; ``inf``: nobody will call."""
        return list(zip(*(self._scenario(k) for k in range(SCENARIOS)), strict=True))

    def _scenario(self, k: int) -> list[float]:
        gaps, taken, doubt = self.gaps[k], self.taken[k], self.doubt[k]
        starts = [inf] * len(self.people)
        heap = [(free[k], desk) for desk, free in enumerate(self.free)]
        heapify(heap)
        reached, met = [0] * len(self.lines), [0] * len(self.lines)
        missing = self.asked
        while heap and missing:
            at, desk = heap[0]
            number = self.line_of[desk]
            back = _back(self.away[desk][k], at)
            called = None
            if back == at:
                due = inf
                if self.due[number]:
                    due, met[number] = self._next_due(number, met[number], starts)
                    called = self.due[number][met[number]][1] if due <= at else None
                if called is None:
                    called, reached[number], answered = self._next(number, reached[number], at, starts, gaps)
                    missing -= answered
                # With nobody left in the line the desk is free until somebody booked comes.
                back = due if called is None else at
            if called is not None:
                missing -= self.people[called].here
                starts[called] = at + gaps[called]
                heapreplace(heap, (at + (gaps[called] + taken[called]) * doubt, desk))
            elif back < inf:
                heapreplace(heap, (back, desk))
            else:
                heappop(heap)
        return starts

    def _next_due(self, number: int, met: int, starts: list[float]) -> tuple[float, int]:
        """When the next booked visitor of a line is due (``inf``: no more), and the place in the list."""
        due = self.due[number]
        while met < len(due) and starts[due[met][1]] < inf:
            met += 1
        return (due[met][0] if met < len(due) else inf), met

    def _next(
        self, number: int, reached: int, at: float, starts: list[float], gaps: Sequence[float]
    ) -> tuple[int | None, int, int]:
        """Who is next in a line from the place ``reached`` on, that place, and how many newcomers it met.

        A newcomer would be called now: that is the answer for that service, and takes no time.
        """
        line, answered = self.lines[number], 0
        while reached < len(line):
            index = line[reached]
            if starts[index] == inf:
                if not self.people[index].newcomer:
                    return index, reached, answered
                starts[index] = at + gaps[index]
                answered += 1
            reached += 1
        return None, reached, answered


def _by_scenario(points: Sequence[Sequence[float]], first: int) -> list[tuple[float, ...]]:
    """For each scenario everybody's value, each person's points dealt out by a shuffle of their own."""
    dealt = [[own[stratum] for stratum in strata(2 * i + first)] for i, own in enumerate(points)]
    return list(zip(*dealt, strict=True)) or [()] * SCENARIOS


def _away(desk: DeskAhead, index: int) -> list[list[tuple[float, float]]]:
    """When the desk calls nobody, by scenario: the known intervals and one break that no schedule tells."""
    begins, lengths = strata(-1001 - index), strata(-2001 - index)
    usual = quantiles(USUAL_BREAK)
    result = []
    for k in range(SCENARIOS):
        start = -log(1 - (begins[k] + 0.5) / SCENARIOS) * BREAK_EVERY_SECONDS
        result.append([*desk.away, (start, start + usual[lengths[k]])])
    return result


def _back(away: list[tuple[float, float]], at: float) -> float:
    """The first moment from ``at`` on at which a desk is not away."""
    for start, end in away:
        if start <= at < end:
            at = end
    return at


def _free_after(desk: DeskAhead, index: int, paces: Mapping[str, Pace], gaps: Sequence[float]) -> list[float]:
    """Seconds until the desk is free, by scenario."""
    lot, usual, other = strata(-1 - index), quantiles(USUAL_BREAK), strata(-3001 - index)
    if desk.gone_seconds is not None:
        return [rest(USUAL_BREAK, desk.gone_seconds, stratum) for stratum in lot]
    free = [0.0] * SCENARIOS
    if desk.busy is not None:
        # Who is called is half way through the turnover: the operator has reacted, the visitor comes.
        came = 0.0 if desk.busy.started else desk.busy.seconds
        coming = [0.0 if desk.busy.started else max(0.0, gap - came) / 2 for gap in gaps]
        elapsed = desk.busy.seconds if desk.busy.started else 0.0
        free = [rest(paces[desk.busy.service], elapsed, stratum) + coming[stratum] for stratum in lot]
    if desk.leaves:
        free = [until + usual[stratum] for until, stratum in zip(free, other, strict=True)]
    return free


def _gaps(turnovers: Sequence[float]) -> list[float]:
    """Turnovers by stratum: the measured ones themselves when there are enough."""
    if len(turnovers) < SCENARIOS:
        return quantiles(pace_of([(0, seconds) for seconds in turnovers], 0, USUAL_TURNOVER_SECONDS))
    measured = sorted(turnovers)
    return [measured[int((k + 0.5) / SCENARIOS * len(measured))] for k in range(SCENARIOS)]
