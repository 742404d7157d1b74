"""A working day whose servers are killed with SIGKILL at seeded moments, and started again."""

from __future__ import annotations

import random
import threading
from functools import partial

from tests.flow.proof import Proof
from tests.flow.working_day import Day, WorkingDay
from tests.programs import Program, server_ready
from tests.working_company import WorkingCompany

FIRST_ACTS = 20
ACTS_OF_A_TICKET = 4
"""Fewer than there are: every kill falls into the time when visitors still come."""
LONGEST_ACT_SECONDS = 0.03


def a_day_with_kills(
    servers: list[Program], company: WorkingCompany, day: Day, kills: int
) -> tuple[Proof, float]:
    """Let the day go by, killing a server ``kills`` times; what was proven, and how many seconds it took."""
    chance = random.Random(day.seed)
    moments = sorted(chance.sample(range(FIRST_ACTS, day.tickets * ACTS_OF_A_TICKET), kills))
    work = WorkingDay(servers, company, day)
    try:
        work.begin()
        for moment in moments:
            work.wait_for(moment)
            # Somewhere inside the work on an act.
            threading.Event().wait(chance.uniform(0, LONGEST_ACT_SECONDS))
            server = chance.choice(servers)
            server.kill()
            server.start()
            server.wait_ready(partial(server_ready, server.url))
        seconds = work.end()
    finally:
        work.give_up()
    return work.prove(), seconds
