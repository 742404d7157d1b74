"""Booked visitors come or do not; what is written, told, kept and erased, on a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from server.actions import booking_arrivals, booking_notices, desks, offices, visits
from server.db import queries
from server.db.booking_tables import booking_contact, booking_place, outbox
from server.db.store import Store
from server.domain.booking import Booking, BookingState
from server.domain.errors import Conflict, NotFound
from server.domain.figures import Sums
from tests.actions.test_bookings import by_id, cancel, move, refusal
from tests.actions.test_queue import do, events, logged, take
from tests.booking_builders import (
    TUESDAY,
    book,
    book_by_staff,
    booking_company,
    messages,
    minutes,
    take_bookings,
)
from tests.builders import NINE, Clock
from tests.sums import differences


def come(store: Store, booking: Booking) -> Any:
    return do(store, booking_arrivals.check_in, booking, actor="device:kiosk")


def find(
    store: Store, code: str | None = None, digits: str | None = None, link: str | None = None
) -> Booking:
    found: Booking = do(store, booking_arrivals.find, code, digits, link)
    return found


def test_who_checks_in_in_time_is_called_at_the_booked_time_before_walk_ins(
    store: Store, clock: Clock
) -> None:
    take_bookings(store, prefix="П")
    made, _link = book(store)
    clock.now = TUESDAY
    walk_in = take(store)
    clock.forward(minutes=5)
    visit = come(store, made)
    assert (visit.number, visit.booked_for) == ("П001", TUESDAY)
    places = store.hall("north").places
    assert [(place.visit.number, place.reason) for place in places] == [
        ("П001", "booked"), (walk_in.number, "arrival"),
    ]  # fmt: skip
    assert events(store)[-2:] == ["ticket_issued", "booking_arrived"]


def test_who_comes_early_waits_from_the_booked_time_on(store: Store, clock: Clock) -> None:
    take_bookings(store)
    made, _link = book(store, TUESDAY + minutes(60))
    clock.now = TUESDAY + minutes(29)
    refused = refusal(come, store, made)
    assert refused.code == "too_early"
    assert refused.values["since"] == TUESDAY + minutes(30)
    clock.forward(minutes=1)
    come(store, made)
    hall = store.hall("north")
    assert [place.reason for place in hall.places] == ["early"]
    assert hall.live_wait_seconds() is None
    clock.now = TUESDAY + minutes(63)
    do(store, desks.open_desk, "north-1")
    do(store, visits.call_next, "north-1")
    do(store, visits.start, "north-1")
    do(store, visits.finish, "north-1")
    with store.read() as connection:
        assert sum(queries.day_sums(connection, "north").values(), Sums()).wait_seconds == 180


@pytest.mark.parametrize(("keeps", "reason"), [(True, "booked"), (False, "arrival")])
def test_a_late_visitor_keeps_the_turn_or_waits_like_everybody_as_the_office_says(
    store: Store, clock: Clock, keeps: bool, reason: str
) -> None:
    take_bookings(store, late_minutes=10, late_keeps_turn=keeps)
    made, _link = book(store)
    clock.now = TUESDAY + minutes(10) + timedelta(seconds=1)
    come(store, made)
    assert [place.reason for place in store.hall("north").places] == [reason]


def test_a_booking_is_found_by_code_link_and_last_digits_on_its_day(store: Store, clock: Clock) -> None:
    take_bookings(store)
    made, link = book(store, phone="+79270001234")
    assert find(store, link=f"http://queue.example/b/{link}").id == made.id
    assert refusal(find, store, code=made.code).code == "unknown_booking"
    assert refusal(come, store, made).code == "booking_other_day"
    clock.now = TUESDAY
    assert find(store, code=made.code).id == made.id
    assert find(store, digits="1234").id == made.id
    assert refusal(find, store, digits="1235").code == "unknown_booking"
    assert refusal(find, store).code == "booking_unnamed"
    assert refusal(find, store, link="z" * 24).code == "unknown_booking"
    book(store, TUESDAY + minutes(15), phone="+79990001234")
    assert refusal(find, store, digits="1234").code == "several_bookings"


def test_nobody_comes_twice_on_one_booking_nor_on_one_that_is_over(store: Store, clock: Clock) -> None:
    take_bookings(store)
    made, _link = book(store)
    gone, _link = book(store, TUESDAY + minutes(15), phone="+79270000013")
    gone = cancel(store, gone)
    clock.now = TUESDAY
    visit = come(store, made)
    refused = refusal(come, store, by_id(store, made))
    assert (refused.code, refused.values["number"]) == ("already_arrived", visit.number)
    assert refusal(come, store, gone).code == "booking_over"
    assert refusal(cancel, store, by_id(store, made)).code == "booking_over"


def test_a_booking_of_another_office_is_told_as_such(store: Store, clock: Clock) -> None:
    take_bookings(store)
    made, _link = book(store)
    clock.now = TUESDAY
    with pytest.raises(Conflict, match="booked_elsewhere"):
        do(store, booking_arrivals.check_in, made, office="south")


def test_a_booking_nobody_came_for_is_counted_once_and_the_log_says_the_same(
    store: Store, clock: Clock
) -> None:
    take_bookings(store)
    made, _link = book(store)
    clock.now = TUESDAY + timedelta(hours=9) - minutes(1)
    assert do(store, booking_arrivals.end_missed, actor="clock") == 0
    clock.forward(minutes=1)
    assert [do(store, booking_arrivals.end_missed, actor="clock") for _ in range(2)] == [1, 0]
    assert by_id(store, made).state is BookingState.MISSED
    assert refusal(come, store, by_id(store, made)).code == "booking_over"
    with store.read() as connection:
        sums = queries.day_sums(connection, "north")
    assert sum(sums.values(), Sums()) == Sums(missed_bookings=1)
    assert differences(store) == []
    assert all(state != "queued" for kind, _c, state in messages(store) if kind == "reminder")


def test_a_booking_is_over_so_many_minutes_after_its_time_where_the_office_says_so(
    store: Store, clock: Clock
) -> None:
    take_bookings(store, late_minutes=10, missed_after_minutes=20)
    made, _link = book(store)
    clock.now = TUESDAY + minutes(20) + timedelta(seconds=1)
    assert refusal(come, store, made).code == "booking_over"
    assert do(store, booking_arrivals.end_missed, actor="clock") == 1


def test_without_a_kiosk_visitors_stand_in_the_queue_at_their_time_by_themselves(
    store: Store, clock: Clock
) -> None:
    take_bookings(store, check_in=False)
    book(store)
    clock.now = TUESDAY - timedelta(seconds=1)
    assert do(store, booking_arrivals.check_in_due, actor="clock") == 0
    clock.forward(seconds=1)
    assert [do(store, booking_arrivals.check_in_due, actor="clock") for _ in range(2)] == [1, 0]
    assert [place.reason for place in store.hall("north").places] == ["booked"]


# --- what stays and what goes ---


def test_reminders_are_written_ahead_and_move_with_the_booking(store: Store, clock: Clock) -> None:
    take_bookings(store, remind_minutes=[1440, 120])
    made, _link = book(store)  # 17 hours ahead: only the one two hours before.
    with store.read() as connection:
        rows = connection.execute(outbox.select().where(outbox.c.kind == "reminder")).all()
    assert [(row.facts, row.send_at) for row in rows] == [({"minutes": 120}, TUESDAY - minutes(120))]
    move(store, made, TUESDAY + timedelta(days=1))
    states = sorted(state for kind, _c, state in messages(store) if kind == "reminder")
    assert states == ["dropped", "queued", "queued"]


def test_contacts_are_erased_days_after_the_visit_and_the_booking_stays(store: Store, clock: Clock) -> None:
    take_bookings(store, kept_days=30)
    made, _link = book(store)
    clock.now = TUESDAY + timedelta(days=29)
    assert do(store, booking_arrivals.tidy, actor="clock") == 0
    clock.forward(days=1)
    assert [do(store, booking_arrivals.tidy, actor="clock") for _ in range(2)] == [1, 0]
    with store.read() as connection:
        assert connection.execute(select(booking_contact)).all() == []
        assert connection.execute(select(booking_place)).all() == []
    assert by_id(store, made).service == "contract"


def test_ended_holds_are_forgotten_with_their_contacts(store: Store, clock: Clock) -> None:
    take_bookings(store, confirm_by="sms")
    _waiting, link = book(store)
    clock.forward(days=2)
    do(store, booking_arrivals.tidy, actor="clock")
    with pytest.raises(NotFound), store.write("north", "test") as uow:
        uow.bookings.by_link(link)
    assert messages(store) == []


def test_a_change_of_hours_leaves_bookings_in_conflict_and_visitors_are_told_once(
    store: Store, clock: Clock
) -> None:
    take_bookings(store)
    made, _link = book(store)
    nobody = book_by_staff(store)
    kept, _link = book(store, TUESDAY + timedelta(hours=5), phone="+79270000013")
    late = {"schedule": {"weekly": {"tue": [["10:00", "17:00"]]}}}
    changed = booking_company(late).documents()[0]
    do(store, offices.revise, changed)
    told, unreachable = do(store, booking_notices.notice_conflicts, None)
    assert (told, unreachable) == (1, [nobody.id])
    assert by_id(store, made).noticed_at == NINE
    assert by_id(store, kept).noticed_at is None
    assert do(store, booking_notices.notice_conflicts, None)[0] == 0
    assert do(store, booking_notices.notice_conflicts, [made.id])[0] == 1
    assert [m for m in messages(store) if m[0] == "conflict"] == 2 * [("conflict", "sms", "queued")]


def test_bookings_keep_their_places_when_new_data_puts_their_service_into_another_pool(
    store: Store,
) -> None:
    take_bookings(store)
    book(store)
    pool = {"code": "own", "services": ["contract"], "public": 1, "staff": 0}
    take_bookings(store, pools=[pool])
    assert refusal(book, store, phone="+79270000013").code == "slot_taken"
    assert book(store, service="cash", phone="+79270000013")[0].pool == "cash"


def test_a_look_at_a_contact_is_kept_in_the_log_of_accesses(store: Store) -> None:
    take_bookings(store)
    made, _link = book(store)
    do(store, lambda uow: uow.bookings.log_access(made.id, uow.actor, "view"))
    with store.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT booking, actor, purpose FROM contact_access").all()
    assert tuple(row) == (made.id, "anna", "view")


def test_an_unknown_booking_has_no_bookings_of_others(store: Store) -> None:
    take_bookings(store)
    book(store)
    with pytest.raises(NotFound, match="unknown_booking"):
        do(store, lambda uow: uow.bookings.by_id("00000000-0000-7000-8000-000000000000"))
    with pytest.raises(NotFound, match="unknown_booking"):
        do(store, lambda uow: uow.bookings.by_id("\0"))
    assert [kind for kind, _payload in logged(store)].count("booking_made") == 1
