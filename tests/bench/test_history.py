"""What a long history costs: issue and call-next with a million finished visits beside an empty database."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.actions import desks, visits
from server.db.store import Store
from server.domain.visit import Visit
from tests.bench.tables import Measured, print_table
from tests.builders import NINE, Clock, a_store

FINISHED = 1_000_000
ROUNDS = 300
WAITING = 40
LIMIT = 1.15

# One statement per table: a history made visit by visit would take an hour.
HISTORY = (
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
    INSERT INTO visit (id, office, day, number, service, first_service, code, state, language, issued_at,
        joined_at, ticketless, called_at, call_count, call_id, started_at, leg_started_at, finished_at, desk,
        operator, incomplete, overtaken, leg, served_ms, repeated_ms, absent_ms, held_ms)
    SELECT printf('00000000-0000-7000-8000-%012d', i), 'north', date('2016-01-01', (i / 400) || ' days'),
        printf('А%05d', i % 400), 'contract', 'contract', printf('code-%015d', i), 'served', 'ru',
        '2016-01-01 06:00:00.000000', '2016-01-01 06:00:00.000000', 0, '2016-01-01 06:10:00.000000', 1,
        'call',
        '2016-01-01 06:11:00.000000', '2016-01-01 06:11:00.000000', '2016-01-01 06:20:00.000000', 'north-1',
        'anna', 0, 0, 1, 540000, 0, 0, 0 FROM n
    """,
    """
    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
    INSERT INTO event (office, seq, at, kind, visit, desk, actor, payload, hash)
    SELECT 'north', i, '2016-01-01 06:20:00.000000', 'service_finished',
        printf('00000000-0000-7000-8000-%012d', i), 'north-1', 'anna', '{}', printf('%064d', i) FROM n
    """,
    "UPDATE office_log SET last_seq = :count WHERE office = 'north'",
)


@pytest.mark.bench
def test_a_million_finished_visits_do_not_slow_the_day(tmp_path: Path) -> None:
    halls = {}
    for name, finished in (("empty", 0), (f"{FINISHED:,} finished", FINISHED)):
        store = a_store(f"sqlite:///{tmp_path}/{finished}.sqlite", Clock(NINE))
        if finished:
            with store.engine.begin() as connection:
                for statement in HISTORY:
                    connection.execute(text(statement), {"count": finished})
        _do(store, desks.open_desk, "north-1")
        for _ in range(WAITING):
            _do(store, visits.issue_ticket, "contract", None, "ru")
        halls[name] = store
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        # In turn, so that whatever else the machine does falls on both.
        for name, store in halls.items():
            for act, arguments in (
                (visits.issue_ticket, ("contract", None, "ru")),
                (visits.call_next, ("north-1",)),
                (visits.start, ("north-1",)),
                (visits.finish, ("north-1",)),
            ):
                began = time.perf_counter()
                _do(store, act, *arguments)
                seconds[name, act.__name__].append(time.perf_counter() - began)
    rows = [Measured(f"{act}, {name}", times) for (name, act), times in seconds.items()]
    print_table(f"The day's work, {WAITING} people waiting", rows)
    empty, full = halls
    for act in ("issue_ticket", "call_next"):
        ratio = statistics.median(seconds[full, act]) / statistics.median(seconds[empty, act])
        print(f"  {act}: {ratio:.2f} × the time with no history (limit {LIMIT})")
    for store in halls.values():
        store.engine.dispose()


def _do(store: Store, act: Callable[..., Visit | None], *arguments: Any) -> None:
    with store.write("north", "anna") as uow:
        act(uow, *arguments)
