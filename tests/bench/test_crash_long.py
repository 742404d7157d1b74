"""Sixty kills on one day: one server on SQLite; two on PostgreSQL, whose people go over to the other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.flow.killed_day import a_day_with_kills
from tests.flow.test_crash import every_tap_is_one_ticket
from tests.flow.working_day import Day
from tests.postgresql import PostgreSql
from tests.programs import Programs
from tests.working_company import WorkingCompany, a_working_company

KILLS = 60
TICKETS = 600
DESKS = 13
SECONDS = 800


@pytest.mark.bench
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("database", "servers"), [("sqlite", 1), ("postgresql", 2)])
def test_sixty_kills_on_one_day(
    programs: Programs, request: pytest.FixtureRequest, tmp_path: Path, database: str, servers: int
) -> None:
    url = f"sqlite:///{tmp_path}/talon.sqlite"
    if database == "postgresql":
        postgresql: PostgreSql = request.getfixturevalue("postgresql")
        url = postgresql.new_database()
    company = a_working_company(url, DESKS)
    running = [programs.server(url, f"server-{n}") for n in range(1, servers + 1)]
    day = Day(TICKETS, terminals=2, seed=3, patient=True, seconds=SECONDS)
    proof, seconds = a_day_with_kills(running, company, day, KILLS)
    print(
        f"\n{KILLS} kills, {servers} server(s) on {database} (load {os.getloadavg()[0]:.1f}), {seconds:.0f} s"
    )
    for what, count in (
        ("acts asked for", proof.requests),
        ("  done", proof.done.total()),
        ("  refused truly", proof.refused.total()),
        ("repeats of unanswered acts", proof.repeats),
        ("  done before the kill", proof.answered_again),
        ("errors and untrue refusals", len(proof.errors)),
        ("doubles", len(proof.doubles)),
        ("lost", len(proof.lost)),
        ("impossible in the log", len(proof.faults)),
    ):
        print(f"  {what:<28}{count:>8}")
    proof.assert_holds()


@pytest.mark.bench
@pytest.mark.parametrize("seed", range(2, 8))
def test_more_kills_while_tickets_are_issued(programs: Programs, company: WorkingCompany, seed: int) -> None:
    every_tap_is_one_ticket(programs, company, seed)
