"""Ten thousand tickets and calls of sixteen people at two servers on one PostgreSQL; what went wrong."""

from __future__ import annotations

import os

import pytest

from tests.flow.working_day import Day, WorkingDay
from tests.postgresql import PostgreSql
from tests.programs import Programs
from tests.working_company import a_working_company

TICKETS = 4400
LEAST = 10_000
TERMINALS = 2
DESKS = 13
"""With the administrator sixteen people; as many tickets are taken as are served, so that no line grows."""
SERIES = ("В", "Г", "Д", "Е", "АВ", "АГ", "АД")
"""A series ends at 999 a day."""
SECONDS = 1500


@pytest.mark.bench
@pytest.mark.timeout(1700)
def test_ten_thousand_tickets_and_calls_at_two_servers(programs: Programs, postgresql: PostgreSql) -> None:
    company = a_working_company(postgresql.new_database(), DESKS, SERIES)
    servers = [programs.server(company.database_url, name) for name in ("server-1", "server-2")]
    services = ("contract", "cash", *(f"more-{n}" for n, _ in enumerate(SERIES, start=1)))
    day = WorkingDay(servers, company, Day(TICKETS, TERMINALS, seed=11, services=services, seconds=SECONDS))
    day.begin()
    seconds = day.end()
    proof = day.prove()
    load = os.getloadavg()[0]
    print(f"\nSixteen people at two servers on one PostgreSQL, {seconds:.0f} s (load {load:.1f})")
    for what, count in (
        ("tickets and calls", proof.calls_and_issues),
        ("acts asked for", proof.requests),
        ("  done", proof.done.total()),
        ("  refused truly", proof.refused.total()),
        ("acts a second", round(proof.requests / seconds)),
        ("errors and untrue refusals", len(proof.errors)),
        ("doubles", len(proof.doubles)),
        ("lost", len(proof.lost)),
        ("impossible in the log", len(proof.faults)),
    ):
        print(f"  {what:<28}{count:>8}")
    print("  refusals: " + ", ".join(f"{code} {count}" for code, count in proof.refused.most_common()))
    proof.assert_holds()
    assert proof.calls_and_issues >= LEAST
