"""The clock's work: each job does what is due, once, and tells whoever looks."""

from __future__ import annotations

from server.actions import desks, visits
from server.db.unit_of_work import Store
from server.domain.visit import State
from server.jobs import Jobs
from tests.builders import Clock


def issue(store: Store, times: int) -> None:
    for _ in range(times):
        with store.write("north", "kiosk") as uow:
            visits.issue_ticket(uow, "contract", None, "ru")


def test_what_a_day_left_open_is_closed_after_the_offices_own_midnight(store: Store, clock: Clock) -> None:
    told: list[str] = []
    jobs = Jobs(store, told.append)
    issue(store, 2)
    clock.forward(hours=11, minutes=59)  # 23:59 in Moscow
    assert (jobs.close_past_days(), told) == (0, [])
    clock.forward(minutes=1)
    assert (jobs.close_past_days(), told) == (2, ["north"])
    assert (jobs.close_past_days(), told) == (0, ["north"])


def test_a_held_visitor_is_sent_back_in_time_and_the_screens_are_told(store: Store, clock: Clock) -> None:
    told: list[str] = []
    jobs = Jobs(store, told.append)
    issue(store, 1)
    for act in (desks.open_desk, visits.call_next):
        with store.write("north", "anna") as uow:
            act(uow, "north-1")
    with store.write("north", "anna") as uow:
        visits.hold(uow, "north-1", "form", 5)
    assert (jobs.return_held(), told) == (0, [])
    clock.forward(minutes=5)
    assert (jobs.return_held(), told) == (1, ["north"])
    assert store.hall("north").visits[0].state is State.WAITING
