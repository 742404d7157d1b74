"""Server, network and terminals fail on one day: no number doubled, no ticket lost, figures right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flow.outage_day import OutageDay
from tests.programs import Programs, until
from tests.working_company import WorkingCompany

VISITORS = 35
TROUBLES = 6


@pytest.fixture
def day(programs: Programs, company: WorkingCompany) -> Iterator[OutageDay]:
    made = OutageDay(programs, company, seed=11, visitors=VISITORS)
    yield made
    made.close()


def test_after_a_day_of_outages_every_ticket_is_in_the_log_once_and_counts_from_its_real_moment(
    day: OutageDay,
) -> None:
    day.run(TROUBLES)
    found = day.prove()
    assert found["given"] == 2 * VISITORS
    assert found["offline"] > VISITORS // 4, "nobody got a ticket without the server: the test proves nothing"
    assert found["server killed"]
    assert found["kiosk killed"]


def test_a_ticket_whose_answer_was_lost_is_cancelled_and_the_one_in_the_visitors_hand_stays(
    day: OutageDay,
) -> None:
    # Whether a terminal has the server is what is told here: it must not lose it to a busy machine.
    day.timeout_seconds = 3
    day.open_doors()
    entrance, hall = day.terminals
    until(lambda: entrance.healthy()["server"], "the terminal in contact")
    entrance.line.break_("no_answers")
    mine = day.visit(entrance, "a-lost-answer")
    assert mine.offline
    assert not day.visit(hall, "another-visitor").offline
    # The terminal is killed before it could tell, and goes on without the server.
    entrance.program.kill()
    entrance.line.break_("cut")
    entrance.program.start()
    entrance.program.wait_ready(lambda: entrance.healthy()["status"] == "alive")
    assert day.visit(entrance, "after-the-restart").offline
    day.mend()
    found = day.prove()
    assert (found["given"], found["offline"], found["orphans"]) == (3, 2, 1)
