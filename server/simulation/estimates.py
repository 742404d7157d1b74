"""What the expected wait said on simulated days, beside the real wait and beside the plain division."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import fmean, median

from server.domain import dispatch, forecast
from server.domain.estimate import Wait
from server.domain.office import Office
from server.domain.visit import State
from server.simulation.day import simulate_day
from server.simulation.habits import Habits
from server.simulation.records import Moment, Pace

LOADS = (0.6, 1.0, 1.4, 1.8)
"""Calm to overloaded: the days of a simulation take them in turn, each times the usual arrivals."""
DAYS_BEFORE = 4
"""Days that only let the server measure its pace."""


@dataclass(frozen=True)
class Statement:
    """What one visitor was told at the issue, and how it came out; all in seconds from the issue.

    ``plain``: people ahead × mean service time ÷ open desks of the service; ``None`` with no open desk.
    """

    office: str
    load: float
    said: Wait | None
    plain: float | None
    real: float

    @property
    def is_inside(self) -> bool:
        """Whether the range in minutes, as people are told it, holds the real wait."""
        if self.said is None:
            return False
        low, high = self.said.minutes
        return low * 60 <= self.real <= high * 60

    @property
    def is_inside_seconds(self) -> bool:
        """The same of the range before its rounding outwards."""
        return self.said is not None and self.said.low_seconds <= self.real <= self.said.high_seconds


@dataclass(frozen=True)
class Accuracy:
    """How good many statements were. Shares are of 1, errors in seconds; ``None``: nothing to compare."""

    visits: int
    silent: int
    inside: float | None
    inside_seconds: float | None
    error: float | None
    plain_error: float | None
    range_minutes: float | None

    @property
    def less(self) -> float | None:
        """By which share the median error is below the plain division's."""
        if self.error is None or not self.plain_error:
            return None
        return 1 - self.error / self.plain_error


def simulate(
    office: Office,
    first: date,
    days: int,
    seed: int,
    habits: Habits | None = None,
    loads: Sequence[float] = LOADS,
) -> list[Statement]:
    """The statements of ``days`` reception days, the first on or after ``first``, of one office."""
    usual = habits or Habits()
    chance = random.Random(f"{office.code} {seed}")  # noqa: S311 - play, not secrets
    pace: Pace = {}
    statements: list[Statement] = []
    day, done = first, 0
    while done < DAYS_BEFORE + days:
        if office.schedule.hall_hours(day):
            load = loads[done % len(loads)]
            busy = replace(usual, visits_per_desk_hour=usual.visits_per_desk_hour * load)
            statements_of_day = _day(office, day, chance, busy, pace, load)
            if done >= DAYS_BEFORE:
                statements += statements_of_day
            done += 1
        day += timedelta(days=1)
    return statements


def accuracy(statements: Sequence[Statement]) -> Accuracy:
    """Sum statements up; errors are compared over those where both ways say something."""
    told = [one for one in statements if one.said is not None]
    both = [(one.said, one.plain, one.real) for one in told if one.plain is not None]
    return Accuracy(
        visits=len(statements),
        silent=len(statements) - len(told),
        inside=fmean(one.is_inside for one in told) if told else None,
        inside_seconds=fmean(one.is_inside_seconds for one in told) if told else None,
        error=median(abs(said.middle_seconds - real) for said, _, real in both if said) if both else None,
        plain_error=median(abs(plain - real) for _, plain, real in both if plain is not None)
        if both
        else None,
        range_minutes=fmean(one.said.minutes[1] - one.said.minutes[0] for one in told if one.said)
        if told
        else None,
    )


def table(rows: Mapping[str, Accuracy]) -> list[str]:
    """Accuracies by name as lines for people; "-" where there is nothing to say."""
    heads = ("", "visits", "not told", "in range", "range min", "error min", "plain min", "less")
    lines = [heads]
    for name, row in rows.items():
        lines.append(
            (
                name,
                str(row.visits),
                str(row.silent),
                _text(row.inside, 100, " %"),
                _text(row.range_minutes, 1),
                _text(row.error, 1 / 60),
                _text(row.plain_error, 1 / 60),
                _text(row.less, 100, " %"),
            )
        )
    width = max(len(line[0]) for line in lines)
    return ["".join([line[0].ljust(width), *(cell.rjust(11) for cell in line[1:])]) for line in lines]


def _text(value: float | None, scale: float, unit: str = "") -> str:
    return "-" if value is None else f"{value * scale:.1f}{unit}"


def _day(
    office: Office, day: date, chance: random.Random, habits: Habits, pace: Pace, load: float
) -> list[Statement]:
    said: dict[str, tuple[Wait | None, float | None]] = {}

    def watch(moment: Moment) -> None:
        # Who checks in before the booked time knows it: nobody tells that visitor a wait.
        if not moment.visit.booked_for or moment.visit.booked_for <= moment.now:
            said[moment.visit.id] = (_told(moment), _plain(moment))

    result = simulate_day(office, day, chance, habits, pace, watch)
    return [
        Statement(office.code, load, *said[visit.id], (visit.started_at - visit.issued_at).total_seconds())
        for visit in result.visits
        if visit.id in said and visit.state is State.SERVED and visit.started_at
    ]


def _told(moment: Moment) -> Wait | None:
    expected = forecast.expected_waits(
        moment.office,
        moment.visits,
        moment.desks,
        moment.pace,
        moment.now,
        moment.booked,
    )
    return expected.visits.get(moment.visit.id)


def _plain(moment: Moment) -> float | None:
    service = moment.visit.service
    places = dispatch.order(moment.visits, moment.office, moment.now)
    ahead = dispatch.ahead_of(moment.visit, places, moment.office)
    measured = [served.seconds for served in moment.pace.get(service, ())]
    mean = fmean(measured) if measured else moment.office.service(service).typical_seconds
    desks = sum(desk.state == "open" and service in desk.seat.desk.services for desk in moment.desks)
    return ahead * mean / desks if desks else None
