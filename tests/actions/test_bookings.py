"""Bookings as people make, change and use them, on a real database with a frozen clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from server.actions import bookings
from server.db import booking_rows
from server.db.booking_tables import booking_place
from server.db.store import Store
from server.domain.booking import Booking, BookingState
from server.domain.errors import Refusal
from tests.actions.test_queue import do, events
from tests.booking_builders import (
    TUESDAY,
    book,
    book_by_staff,
    messages,
    minutes,
    take_bookings,
)
from tests.builders import NINE, Clock


def by_id(store: Store, booking: Booking) -> Booking:
    with store.write("north", "test") as uow:
        return uow.bookings.by_id(booking.id)


def hold(store: Store, at: Any = TUESDAY) -> str:
    with store.write("north", "visitor") as uow:
        return bookings.hold(uow, "contract", at, 1, channel="site", language="ru")[1]


def move(store: Store, booking: Booking, at: Any, who: str = "public") -> Booking:
    moved: Booking = do(store, bookings.move, booking, at, who)
    return moved


def cancel(store: Store, booking: Booking) -> Booking:
    gone: Booking = do(store, bookings.cancel, booking)
    return gone


def refusal(act: Callable[..., Any], *arguments: Any, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        act(*arguments, **more)
    return refused.value


def test_a_visitor_holds_says_who_it_is_and_has_a_code(store: Store) -> None:
    take_bookings(store)
    made, link = book(store)
    assert made.state is BookingState.BOOKED
    assert len(str(made.code)) == 6
    assert str(made.code).isdigit()
    assert by_id(store, made).link_hash != link
    assert events(store)[-1] == "booking_made"
    assert ("booked", "sms", "queued") in messages(store)


def test_the_log_and_the_rows_of_a_booking_name_nobody(store: Store) -> None:
    take_bookings(store)
    _made, link = book(store, phone="8 (927) 123-45-67", email="ivan@mail.example")
    with store.read() as connection:
        rows = [
            str(tuple(row))
            for table in ("booking", "booking_contact", "booking_claim", "booking_place", "outbox", "event")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    for secret in ("Иванов", "9271234567", "1234567", "ivan@", link):
        assert not [row for row in rows if secret in row], secret


def test_one_place_is_given_once_and_the_next_asker_hears_of_other_times(store: Store) -> None:
    take_bookings(store)
    book(store)
    refused = refusal(book, store, phone="+79270000013")
    assert refused.code == "slot_taken"
    nearest: Any = refused.values["nearest"]
    assert nearest[0] == TUESDAY + minutes(15)
    assert len(nearest) == 5
    assert TUESDAY not in nearest


def test_staff_have_their_own_places_and_no_more_than_there_are(store: Store) -> None:
    take_bookings(store)
    book(store)
    book_by_staff(store)
    assert refusal(book_by_staff, store).code == "slot_taken"
    assert refusal(book, store, phone="+79270000013").code == "slot_taken"


def test_staff_may_take_what_is_kept_for_the_public_but_not_the_other_way(store: Store) -> None:
    take_bookings(store)
    book_by_staff(store)
    book_by_staff(store)
    assert refusal(book, store).code == "slot_taken"


def test_the_last_minute_release_opens_staff_places_to_all(store: Store, clock: Clock) -> None:
    take_bookings(store, release_minutes=60, lead_minutes=0)
    book(store)
    clock.now = TUESDAY - minutes(60)
    made, _link = book(store, phone="+79270000013")
    assert made.starts_at == TUESDAY


def test_a_place_taken_twice_is_impossible_for_the_database_itself(store: Store) -> None:
    take_bookings(store)
    made, _link = book(store)
    with store.read() as connection:
        row = dict(connection.execute(select(booking_place)).mappings().first() or {})
    with pytest.raises(IntegrityError), store.write("north", "test") as uow:
        uow.connection.execute(insert(booking_place), row)
    assert by_id(store, made).state is BookingState.BOOKED


def test_a_hold_that_ran_out_is_free_at_once_without_any_job(store: Store, clock: Clock) -> None:
    take_bookings(store, hold_minutes=10)
    link = hold(store)
    clock.forward(minutes=9, seconds=59)
    assert refusal(book, store).code == "slot_taken"
    clock.forward(seconds=1)
    made, _link = book(store)
    assert made.starts_at == TUESDAY
    refused = refusal(confirm, store, link)
    assert refused.code == "hold_expired"


def confirm(store: Store, link: str, **changes: Any) -> Booking:
    with store.write("north", "visitor") as uow:
        assert uow.office.bookings is not None
        values = {
            "name": "Сидоров С.",
            "phone": "+79270000099",
            "email": None,
            "consent_version": uow.office.bookings.consent_version,
        }
        return bookings.confirm(uow, link, **{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consent_version": None}, "consent_needed"),
        ({"consent_version": "an older text"}, "consent_needed"),
        ({"phone": None}, "contact_needed"),
        ({"phone": "12"}, "bad_phone"),
        ({"phone": "five"}, "bad_phone"),
        ({"email": "nobody"}, "bad_email"),
    ],
)
def test_details_that_are_not_enough_are_refused_and_the_hold_stays(
    store: Store, changes: dict[str, Any], code: str
) -> None:
    take_bookings(store)
    link = hold(store)
    assert refusal(confirm, store, link, **changes).code == code
    assert confirm(store, link).state is BookingState.BOOKED


def test_what_cannot_be_booked_is_refused(store: Store, clock: Clock) -> None:
    def code(*arguments: Any, **more: Any) -> str:
        return refusal(book, store, *arguments, **more).code

    assert code() == "no_booking"  # The office takes none yet.
    take_bookings(store, lead_minutes=60, services=[{"service": "contract"}])
    assert code(TUESDAY, "cash") == "no_booking"
    assert code(TUESDAY, "weather") == "unknown_service"
    assert code(NINE + minutes(45)) == "slot_taken"  # Too soon.
    assert code(TUESDAY + timedelta(days=14)) == "slot_taken"  # Beyond the horizon.
    assert code(TUESDAY + minutes(5)) == "slot_taken"  # No slot begins there.
    assert code(TUESDAY + timedelta(hours=9)) == "slot_taken"  # The office closes.
    assert code(TUESDAY + timedelta(days=2)) == "slot_taken"  # It is closed all day.
    assert code(count=5) == "too_long"
    take_bookings(store, services=[{"service": "contract", "by_public": False}])
    assert code() == "no_booking"
    assert book_by_staff(store).state is BookingState.BOOKED


def test_several_matters_take_so_much_longer_and_every_five_minutes_of_it(store: Store) -> None:
    take_bookings(store)
    made, _link = book(store, count=3)
    assert made.ends_at - made.starts_at == minutes(45)
    for later in (0, 15, 30):
        assert refusal(book, store, TUESDAY + minutes(later), phone="+79270000013").code == "slot_taken"
    assert book(store, TUESDAY + minutes(45), phone="+79270000013")


def test_moving_frees_the_old_place_and_keeps_code_and_link(store: Store) -> None:
    take_bookings(store)
    made, link = book(store, email="ivan@mail.example")
    moved = move(store, made, TUESDAY + minutes(15))
    assert (moved.code, moved.starts_at) == (made.code, TUESDAY + minutes(15))
    other, _link = book(store, phone="+79270000013")
    assert refusal(move, store, moved, TUESDAY).code == "slot_taken"
    assert by_id(store, moved).starts_at == TUESDAY + minutes(15)
    assert events(store)[-2:] == ["booking_moved", "booking_made"]
    cancel(store, other)
    assert move(store, moved, TUESDAY).starts_at == TUESDAY
    with store.read() as connection:
        assert booking_rows.by_link(connection, link).id == made.id


def test_a_longer_booking_may_move_onto_its_own_place(store: Store) -> None:
    take_bookings(store)
    made, _link = book(store, count=2)
    assert move(store, made, TUESDAY + minutes(15)).ends_at == TUESDAY + minutes(45)


def test_cancelling_frees_the_place_at_once_and_twice_is_once(store: Store) -> None:
    take_bookings(store)
    made, _link = book(store)
    gone = cancel(store, made)
    assert cancel(store, gone).state is BookingState.CANCELLED
    assert book(store)[0].starts_at == TUESDAY
    assert events(store).count("booking_cancelled") == 1
    assert [m for m in messages(store) if m[0] == "cancelled"] == [("cancelled", "sms", "queued")]


def test_a_second_booking_of_one_contact_replaces_the_first_and_nobody_else_learns_of_it(
    store: Store,
) -> None:
    take_bookings(store)
    first, _link = book(store, phone="8 927 000-00-12")
    second, _link = book(store, TUESDAY + minutes(15), phone="+7 (927) 000 00 12")
    assert by_id(store, first).state is BookingState.CANCELLED
    assert second.state is BookingState.BOOKED
    kinds = sorted(kind for kind, _c, _s in messages(store) if kind != "reminder")
    assert kinds == ["booked", "booked", "replaced"]
    other_service, _link = book(store, TUESDAY + minutes(30), "cash", phone="+79270000012")
    other_day, _link = book(store, TUESDAY + timedelta(days=1), phone="+79270000012")
    for kept in (second, other_service, other_day):
        assert by_id(store, kept).state is BookingState.BOOKED


def test_staff_are_told_that_the_caller_has_a_booking(store: Store) -> None:
    take_bookings(store)
    book(store)
    assert refusal(book_by_staff, store, phone="+79270000012").code == "already_booked"
    with store.write("north", "test") as uow:
        assert len(uow.bookings.live()) == 1


def sent_code(store: Store, booking: Booking) -> str:
    with store.write("north", "test") as uow:
        contact = uow.bookings.contact(booking.id)
        assert contact is not None
        return contact.proof


def test_where_the_office_wants_it_a_booking_stands_only_with_the_code_sent(
    store: Store, clock: Clock
) -> None:
    take_bookings(store, confirm_by="sms")
    waiting, link = book(store)
    assert (waiting.state, waiting.code) == (BookingState.UNCONFIRMED, None)
    assert messages(store) == [("proof", "sms", "queued")]
    right = sent_code(store, waiting)
    wrong = "000000" if right != "000000" else "000001"
    tried, was_wrong = do(store, bookings.verify, link, wrong)
    assert (tried.tries, was_wrong) == (1, True)
    clock.forward(minutes=14)
    stands, was_wrong = do(store, bookings.verify, link, right)
    assert (stands.state, was_wrong) == (BookingState.BOOKED, False)
    assert sent_code(store, stands) == ""


def test_five_wrong_codes_end_the_booking_and_a_late_one_finds_no_place(store: Store, clock: Clock) -> None:
    take_bookings(store, confirm_by="email")
    waiting, link = book(store, email="ivan@mail.example")
    wrong = "000000" if sent_code(store, waiting) != "000000" else "000001"
    for _ in range(5):
        tried, _wrong = do(store, bookings.verify, link, wrong)
    assert tried.state is BookingState.CANCELLED
    again, link = book(store, email="ivan@mail.example")
    clock.forward(minutes=15)
    assert refusal(do, store, bookings.verify, link, sent_code(store, again)).code == "hold_expired"


def test_a_code_is_sent_again_at_most_three_times_and_only_the_last_one_counts(store: Store) -> None:
    take_bookings(store, confirm_by="sms")
    waiting, link = book(store)
    for _ in range(2):
        confirm(store, link)
    assert sorted(m[2] for m in messages(store)) == ["dropped", "dropped", "queued"]
    assert refusal(confirm, store, link).code == "too_many_codes"
    assert do(store, bookings.verify, link, sent_code(store, waiting))[0].state is BookingState.BOOKED


def test_a_proven_contact_is_told_of_the_other_booking(store: Store) -> None:
    take_bookings(store, confirm_by="sms")
    for at, refused in ((TUESDAY, None), (TUESDAY + minutes(15), "already_booked")):
        waiting, link = book(store, at)
        code = sent_code(store, waiting)
        if refused:
            assert refusal(do, store, bookings.verify, link, code).code == refused
        else:
            do(store, bookings.verify, link, code)
