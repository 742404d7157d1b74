"""A plausible year of visits for a demonstration office: simulated days, stored as if they had happened."""

from __future__ import annotations

import random
from datetime import date, timedelta

from server.db.statements import INSERT_LEG, INSERT_RATING, INSERT_VISIT
from server.db.store import Store
from server.db.unit_of_work import PACE_LENGTH, UnitOfWork
from server.simulation.day import ACTOR, simulate_day
from server.simulation.records import Pace, SimulatedDay

__all__ = ["ACTOR", "write_history"]

DAYS_AT_ONCE = 25


def write_history(store: Store, office_code: str, first: date, last: date, seed: int) -> int:
    """Store the days ``first`` … ``last`` of an office; returns how many visits. The log stays whole."""
    chance = random.Random(f"{office_code} {seed}")  # noqa: S311 - play, not secrets
    pace: Pace = {}
    written = 0
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    for start in range(0, len(days), DAYS_AT_ONCE):
        with store.write(office_code, ACTOR) as uow:
            for day in days[start : start + DAYS_AT_ONCE]:
                simulated = simulate_day(uow.office, day, chance, pace=pace)
                _store(uow, simulated)
                written += len(simulated.visits)
    with store.write(office_code, ACTOR) as uow:
        for service, recent in pace.items():
            for served in recent[-PACE_LENGTH:]:
                uow.add_pace(service, served)
    return written


def _store(uow: UnitOfWork, day: SimulatedDay) -> None:
    # Many rows in one statement each: a year is some sixty thousand visits.
    office = uow.office.code
    rated = [{"office": office, **vars(rating)} for rating in day.ratings]
    for statement, rows in (
        (INSERT_VISIT, [vars(visit) for visit in day.visits]),
        (INSERT_LEG, [vars(leg) for leg in day.legs]),
        (INSERT_RATING, rated),
    ):
        if rows:
            statement.run_each(uow.connection, rows)
    uow.record(*day.events)
    uow.sums.add_all(day.totals.rows())
    for work_key, work in day.work.items():
        uow.add_work(work_key, work)
