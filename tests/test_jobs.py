"""The clock's work: each job does what is due, once, and tells whoever looks."""

from __future__ import annotations

from server.actions import booking_arrivals, desks, visits
from server.db.store import Store
from server.domain.visit import State
from server.jobs import Jobs
from tests.booking_builders import TUESDAY, book, minutes, take_bookings
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


def test_a_desk_left_open_overnight_is_closed_and_old_remarks_are_erased(store: Store, clock: Clock) -> None:
    jobs = Jobs(store, lambda _office: None)
    with store.write("north", "anna") as uow:
        desks.open_desk(uow, "north-1")
        uow.add_remark("note", "words of a colleague", None, "north-1")
    clock.forward(days=1)
    assert jobs.close_past_days() == 1
    assert store.hall("north").desk("north-1").state == "closed"
    assert jobs.erase_remarks() == 0
    clock.forward(days=3)
    assert jobs.erase_remarks() == 1


def test_when_a_booked_time_comes_the_screens_are_told_of_the_new_order(store: Store, clock: Clock) -> None:
    told: list[str] = []
    jobs = Jobs(store, told.append)
    take_bookings(store)
    made, _link = book(store)
    clock.now = TUESDAY - minutes(20)
    with store.write("north", "device:kiosk") as uow:
        booking_arrivals.check_in(uow, made)
    clock.now = TUESDAY - minutes(1)
    assert (jobs.booked_turns(), told) == (0, [])
    clock.forward(minutes=1)
    assert (jobs.booked_turns(), told) == (1, ["north"])
    assert (jobs.booked_turns(), told) == (0, ["north"])


def test_bookings_nobody_came_for_are_ended_and_their_contacts_erased_in_time(
    store: Store, clock: Clock
) -> None:
    jobs = Jobs(store, lambda _office: None)
    take_bookings(store, kept_days=5)
    book(store)
    clock.now = TUESDAY + minutes(60)
    assert jobs.end_missed_bookings() == 0
    clock.forward(days=1)
    assert [jobs.end_missed_bookings() for _ in range(2)] == [1, 0]
    assert jobs.tidy_bookings() == 0
    clock.forward(days=5)
    assert [jobs.tidy_bookings() for _ in range(2)] == [1, 0]


def test_without_check_in_the_clock_puts_booked_visitors_into_the_queue(store: Store, clock: Clock) -> None:
    told: list[str] = []
    jobs = Jobs(store, told.append)
    take_bookings(store, check_in=False)
    book(store)
    assert (jobs.booked_turns(), told) == (0, [])
    clock.now = TUESDAY
    assert (jobs.booked_turns(), told) == (1, ["north"])
    assert [place.reason for place in store.hall("north").places] == ["booked"]
