"""Sixteen people at two servers on one PostgreSQL do everything at once; the log tells if it went right."""

from __future__ import annotations

from tests.flow.working_day import Day, WorkingDay
from tests.postgresql import PostgreSql
from tests.programs import Programs
from tests.working_company import a_working_company

DESKS = 13
TICKETS = 80


def test_whatever_sixteen_people_do_at_two_servers_is_done_once_and_refused_truly(
    programs: Programs, postgresql: PostgreSql
) -> None:
    company = a_working_company(postgresql.new_database(), DESKS)
    servers = [programs.server(company.database_url, name) for name in ("server-1", "server-2")]
    day = WorkingDay(servers, company, Day(TICKETS, terminals=2, seed=7))
    day.begin()
    day.end()
    proof = day.prove()
    proof.assert_holds()
    assert proof.done["issue"] == TICKETS
    assert proof.refused["move_not_allowed"], "nobody met anybody: the test proves nothing"
