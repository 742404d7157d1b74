"""Expected waits in a hall: the real order, the desks' own lines, the breaks of the schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from server.domain.dispatch import Seat
from server.domain.estimate import Wait
from server.domain.forecast import Booked, DeskNow, Served, expected_waits
from server.domain.visit import State, Visit
from tests.builders import NINE, a_visit, an_office

OFFICE = an_office()
EIGHT = NINE - timedelta(hours=1)
"""11:00 by the office's clock, an hour before its break."""
CONTRACTS, BOTH = OFFICE.desks
PACE = {
    "contract": [Served(11, 600 + second, 40) for second in range(30)],
    "cash": [Served(11, 180 + second, 40) for second in range(30)],
}


def standing(*desks: Any, state: str = "open", since: datetime = EIGHT - timedelta(hours=2)) -> list[DeskNow]:
    return [DeskNow(Seat(desk, "anna"), state, since) for desk in desks]


def waiting(count: int, service: str = "contract") -> list[Visit]:
    return [
        a_visit(f"А{n:03d}", service=service, joined_at=EIGHT - timedelta(minutes=20 - n))
        for n in range(1, count + 1)
    ]


def at_desk(desk: str, minutes: float, now: datetime = EIGHT) -> Visit:
    began = now - timedelta(minutes=minutes)
    return a_visit("А900", state=State.SERVING, desk=desk, called_at=began, leg_started_at=began)


def newcomer(
    visits: Sequence[Visit], desks: Sequence[DeskNow], service: str = "contract", now: datetime = EIGHT
) -> Wait | None:
    return expected_waits(OFFICE, visits, desks, PACE, now).newcomers.get(service)


def test_a_service_no_working_desk_gives_is_left_out() -> None:
    assert newcomer([], standing(CONTRACTS), "cash") is None
    assert newcomer([], standing(CONTRACTS)) is not None


def test_a_newcomer_waits_behind_those_who_came_before() -> None:
    few, many = newcomer(waiting(1), standing(CONTRACTS)), newcomer(waiting(6), standing(CONTRACTS))
    assert few
    assert many
    assert many.low_seconds > few.high_seconds


def test_who_goes_out_of_turn_is_told_a_short_wait() -> None:
    line = waiting(5)
    veteran = replace(line[-1], category="veteran")
    found = expected_waits(OFFICE, [*line[:-1], veteran], standing(CONTRACTS), PACE, EIGHT)
    assert found.visits[veteran.id].high_seconds < found.visits[line[0].id].low_seconds + 60
    assert found.visits[line[0].id].low_seconds > 300


def test_a_free_desk_for_the_service_is_enough_however_long_the_other_line() -> None:
    found = newcomer(waiting(8), [*standing(CONTRACTS), *standing(replace(BOTH, services=("cash",)))], "cash")
    assert found
    assert found.high_seconds <= 60


def test_a_service_given_only_when_idle_waits_for_all_others() -> None:
    idle_cash = replace(BOTH, when_idle=("cash",))
    last, first = newcomer(waiting(4), standing(idle_cash), "cash"), newcomer([], standing(idle_cash), "cash")
    assert last
    assert first
    assert last.low_seconds > 1200 > first.high_seconds


def test_the_break_of_the_schedule_is_counted_before_it_begins() -> None:
    just_before = NINE - timedelta(minutes=10)
    served = [at_desk(CONTRACTS.id, 1, just_before)]
    found = newcomer(waiting(3) + served, standing(CONTRACTS), now=just_before)
    assert found
    assert found.low_seconds > 3600


def test_on_the_break_of_the_schedule_the_wait_is_its_rest() -> None:
    now = NINE + timedelta(minutes=20)
    found = newcomer([], standing(CONTRACTS, state="break", since=NINE), now=now)
    assert found
    assert 40 * 60 <= found.low_seconds <= found.high_seconds <= 50 * 60


def test_who_receives_in_the_break_does_not_keep_it() -> None:
    now = NINE + timedelta(minutes=20)
    found = newcomer([at_desk(CONTRACTS.id, 5, now)], standing(CONTRACTS), now=now)
    assert found
    assert found.high_seconds < 40 * 60


def test_on_a_break_nobody_planned_only_other_desks_make_the_wait_known() -> None:
    away = standing(CONTRACTS, state="break", since=EIGHT - timedelta(minutes=3))
    assert newcomer([], away) is None
    assert newcomer([], [*away, *standing(BOTH)]) is not None


def test_a_break_that_is_due_makes_the_only_desks_wait_unknown_and_anothers_longer() -> None:
    visits = [*waiting(2), at_desk(CONTRACTS.id, 1)]
    due = [replace(desk, break_due=True) for desk in standing(CONTRACTS)]
    assert newcomer(visits, due) is None
    with_due = newcomer(visits, [*due, *standing(BOTH)])
    without = newcomer(visits, standing(CONTRACTS, BOTH))
    assert with_due
    assert without
    assert with_due.middle_seconds > without.middle_seconds


def test_who_leaves_just_before_the_break_of_the_schedule_comes_back_at_its_end() -> None:
    now = NINE - timedelta(minutes=5)
    found = newcomer([], standing(CONTRACTS, state="break", since=now), now=now)
    assert found
    assert found.low_seconds >= 65 * 60


def test_a_called_visitor_still_on_the_way_takes_the_desk() -> None:
    called = a_visit("А900", state=State.CALLED, desk=CONTRACTS.id, called_at=EIGHT - timedelta(seconds=5))
    found = newcomer([called], standing(CONTRACTS))
    assert found
    assert found.low_seconds > 120


def test_bookings_of_the_next_minutes_are_counted() -> None:
    booked = [Booked("contract", EIGHT + timedelta(minutes=minutes)) for minutes in (1, 2, 3)]
    desks, visits = standing(CONTRACTS), [at_desk(CONTRACTS.id, 2)]
    without = expected_waits(OFFICE, visits, desks, PACE, EIGHT).newcomers["contract"]
    found = expected_waits(OFFICE, visits, desks, PACE, EIGHT, booked).newcomers["contract"]
    assert found.middle_seconds > without.middle_seconds + 1500


def test_an_early_booked_visitor_lets_newcomers_go_first() -> None:
    early = a_visit("А001", booked_for=EIGHT + timedelta(hours=3))
    assert newcomer([early, at_desk(CONTRACTS.id, 2)], standing(CONTRACTS)) == newcomer(
        [at_desk(CONTRACTS.id, 2)], standing(CONTRACTS)
    )


def test_a_visitor_of_a_service_the_office_no_longer_has_is_no_obstacle() -> None:
    found = newcomer([replace(at_desk(CONTRACTS.id, 2), service="abolished")], standing(CONTRACTS))
    assert found is not None
