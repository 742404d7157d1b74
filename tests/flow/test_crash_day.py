"""The server is killed again and again on one day: all that was acknowledged is there, nothing twice."""

from __future__ import annotations

from tests.flow.killed_day import a_day_with_kills
from tests.flow.working_day import Day
from tests.programs import Programs
from tests.working_company import WorkingCompany

KILLS = 6
TICKETS = 60


def test_whatever_was_acknowledged_on_a_day_of_kills_is_in_the_log_once(
    programs: Programs, company: WorkingCompany
) -> None:
    server = programs.server(company.database_url)
    proof, _seconds = a_day_with_kills(
        [server], company, Day(TICKETS, terminals=2, seed=3, patient=True), KILLS
    )
    proof.assert_holds()
    assert proof.done["issue"] == TICKETS
    assert proof.repeats >= KILLS, "no act was under way at any kill: the test proves nothing"
