"""The outbox on its way out: at once or later, once, in order, and never what is no longer true."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from server import monthly_mail
from server.actions import booking_arrivals, booking_notices, bookings, disclosures
from server.db import outbox_rows
from server.db.booking_tables import outbox
from server.db.disclosure_rows import DisclosureRows
from server.db.disclosure_tables import report_mail
from server.db.store import Store
from server.domain.booking import BookingState
from server.sending.postman import LEASE
from server.sending.smtp_mail import SmtpMail
from server.sending.ways import Mail, NotTaken, OutOfReach, Refused, Sms
from tests.booking_builders import TUESDAY, book, messages, minutes, take_bookings
from tests.builders import Clock
from tests.programs import free_port
from tests.sending.failing_way import BASE, IVAN, Way, book_by_mail, by_mail, by_sms, subjects
from tests.sending.mail_server import MailServer

# --- at once or later, once ---


def test_while_the_mail_server_is_down_bookings_stand_at_once_and_the_mail_goes_later_once(
    booking_store: Store, clock: Clock
) -> None:
    server = MailServer(port=free_port())
    postman = by_mail(booking_store, SmtpMail(server.settings(), ""))
    made, link = book_by_mail(booking_store, email=IVAN)
    assert made.state is BookingState.BOOKED
    assert postman.send_due() == 0
    # The way is left alone for a while, and so is the message.
    assert postman.send_due() == 0
    assert ("booked", "email", "queued") in messages(booking_store)
    with server:
        clock.forward(seconds=12)
        assert postman.send_due() == 1
        assert postman.send_due() == 0
        assert by_mail(booking_store, SmtpMail(server.settings(), "")).send_due() == 0
    (letter,) = server.taken
    assert letter["To"] == IVAN
    body = letter.get_body(("plain",))
    assert body is not None
    assert f"{BASE}/b/{link}" in body.get_content()
    assert str(made.code) in body.get_content()
    assert sorted(messages(booking_store)) == [("booked", "email", "sent"), ("reminder", "email", "queued")]


def test_what_was_not_taken_is_tried_again_with_growing_pauses_for_a_day_and_then_given_up(
    booking_store: Store, clock: Clock
) -> None:
    book_by_mail(booking_store, at=TUESDAY + timedelta(days=1), email=IVAN)
    way = Way(*[NotTaken("SMTP 451") for _ in range(20)])
    postman = by_mail(booking_store, way)
    moments = []
    for _minute in range(29 * 60):
        before = way.asked
        postman.send_due()
        if way.asked > before:
            moments.append(clock.now)
        clock.forward(minutes=1)
    assert len(moments) == 9
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses == sorted(pauses)
    assert timedelta(hours=22) < moments[-1] - moments[0] < timedelta(hours=28)
    with booking_store.read() as connection:
        (lost,) = outbox_rows.failed(connection, "north", TUESDAY - timedelta(days=9))
    assert (lost.kind, lost.channel, lost.fault) == ("booked", "email", "SMTP 451")


def test_a_message_refused_for_good_is_not_tried_again_and_others_go_on(
    booking_store: Store, clock: Clock
) -> None:
    book_by_mail(booking_store, email=IVAN)
    book_by_mail(booking_store, at=TUESDAY + minutes(30), email="olga@mail.example")
    way = Way(Refused("SMTP 550"))
    postman = by_mail(booking_store, way)
    assert postman.send_due() == 1
    clock.forward(hours=3)
    assert postman.send_due() == 0
    states = [state for kind, _channel, state in messages(booking_store) if kind == "booked"]
    assert sorted(states) == ["failed", "sent"]
    assert (postman.counts["sent"], postman.counts["failed"]) == (1, 1)


def test_a_way_out_of_reach_is_not_asked_for_every_message(booking_store: Store, clock: Clock) -> None:
    for number in range(4):
        book_by_mail(booking_store, at=TUESDAY + minutes(30 * number), email=f"v{number}@mail.example")
    way = Way(*[OutOfReach("TimeoutError") for _ in range(3)])
    postman = by_mail(booking_store, way)
    asked = []
    for _second in range(500):
        postman.send_due()
        asked.append(way.asked)
        clock.forward(seconds=1)
    assert (asked[9], asked[-1]) == (1, 3 + 4)
    assert sorted(str(message.to) for message in way.sent) == [f"v{n}@mail.example" for n in range(4)]
    assert postman.fault == ""


def test_a_way_that_takes_nothing_of_five_is_left_alone_too(booking_store: Store) -> None:
    take_bookings(booking_store, remind_minutes=[], lead_minutes=0)
    for number in range(7):
        book_by_mail(booking_store, at=TUESDAY + minutes(30 * number), email=f"v{number}@mail.example")
    way = Way(*[NotTaken("HTTP 500") for _ in range(99)])
    postman = by_mail(booking_store, way)
    postman.send_due()
    postman.send_due()
    assert (way.asked, postman.fault) == (5, "HTTP 500")


def test_who_ended_while_sending_keeps_a_message_only_until_its_lease_is_over(
    booking_store: Store, clock: Clock
) -> None:
    book_by_mail(booking_store, email=IVAN)
    way = Way()

    def end() -> None:
        raise KeyboardInterrupt

    way.before = end
    with pytest.raises(KeyboardInterrupt):
        by_mail(booking_store, way).send_due()
    after = Way()
    restarted = by_mail(booking_store, after)
    clock.forward(seconds=LEASE.total_seconds() - 1)
    assert restarted.send_due() == 0
    clock.forward(seconds=1)
    assert restarted.send_due() == 1
    (first,) = after.sent
    with booking_store.read() as connection:
        row = connection.execute(outbox.select().where(outbox.c.kind == "booked")).one()
    assert (first.id, row.state, row.tries) == (row.id, "sent", 2)


def test_what_is_sent_longer_than_its_lease_is_not_marked_twice(booking_store: Store, clock: Clock) -> None:
    book_by_mail(booking_store, email=IVAN)
    slow, quick = Way(), Way()
    second = by_mail(booking_store, quick)

    def another_is_quicker() -> None:
        clock.forward(minutes=11)
        second.send_due()

    slow.before = another_is_quicker
    by_mail(booking_store, slow).send_due()
    with booking_store.read() as connection:
        row = connection.execute(outbox.select().where(outbox.c.kind == "booked")).one()
    assert (row.state, row.tries) == ("sent", 2)
    # The same id: whoever got both can tell.
    assert slow.sent == quick.sent


# --- in order, and only what is true ---


def test_a_bookings_messages_go_in_the_order_they_were_written(booking_store: Store, clock: Clock) -> None:
    made, _link = book_by_mail(booking_store, email=IVAN)
    clock.forward(seconds=30)
    with booking_store.write("north", "visitor") as uow:
        bookings.move(uow, uow.bookings.by_id(made.id), TUESDAY + minutes(60))
    way = Way(NotTaken("SMTP 451"))
    postman = by_mail(booking_store, way)
    assert postman.send_due() == 0
    clock.forward(seconds=13)
    assert postman.send_due() == 2
    assert subjects(way) == ["Вы записаны", "Запись перенесена"]
    # Both tell what holds now; nobody comes at the old time.
    assert all(isinstance(mail, Mail) and "09:00" in mail.subject for mail in way.sent)


def test_codes_go_before_everything_else(booking_store: Store, clock: Clock) -> None:
    book_by_mail(booking_store, email=IVAN)
    take_bookings(booking_store, confirm_by="email", remind_minutes=[])
    clock.forward(seconds=1)
    book_by_mail(booking_store, at=TUESDAY + minutes(60), email="olga@mail.example")
    way = Way()
    assert by_mail(booking_store, way).send_due() == 2
    assert subjects(way) == ["Код подтверждения записи", "Вы записаны"]


def test_a_code_is_not_sent_after_its_time_nor_when_another_was_asked_for(
    booking_store: Store, clock: Clock
) -> None:
    take_bookings(booking_store, confirm_by="sms", remind_minutes=[])
    made, link = book(booking_store)
    way = Way(OutOfReach("down"))
    postman = by_sms(booking_store, way)
    postman.send_due()
    clock.forward(minutes=5)
    rules = take_bookings(booking_store, confirm_by="sms", remind_minutes=[]).bookings
    assert rules is not None
    with booking_store.write("north", "visitor") as uow:
        bookings.confirm(
            uow, link, name="И", phone="+79270000012", email=None, consent_version=rules.consent_version
        )
        proof = uow.bookings.contact(made.id)
    assert postman.send_due() == 1
    assert proof is not None
    (sms,) = way.sent
    assert isinstance(sms, Sms)
    assert proof.proof in sms.text
    clock.forward(minutes=20)
    book(booking_store, at=TUESDAY + minutes(60), phone="+79270000013")
    clock.forward(minutes=15)
    assert postman.send_due() == 0
    assert [state for _kind, _channel, state in messages(booking_store)] == ["dropped", "sent", "dropped"]


def test_a_reminder_goes_at_its_time_and_only_for_a_booking_that_stands(
    booking_store: Store, clock: Clock
) -> None:
    stays, _link = book_by_mail(booking_store, email=IVAN)
    moved, _link = book_by_mail(booking_store, at=TUESDAY + minutes(30), email="olga@mail.example")
    cancelled, _link = book_by_mail(booking_store, at=TUESDAY + minutes(45), email="pavel@mail.example")
    way = Way()
    postman = by_mail(booking_store, way)
    postman.send_due()
    # Taken up by a process that was lost: the acts below cannot drop them, the sending does.
    with booking_store.write_company() as connection:
        table = outbox
        lost = update(table).where(table.c.kind == "reminder", table.c.booking != stays.id)
        connection.execute(lost.values(state="sending"))
    with booking_store.write("north", "visitor") as uow:
        bookings.move(uow, uow.bookings.by_id(moved.id), TUESDAY + minutes(90))
        bookings.cancel(uow, uow.bookings.by_id(cancelled.id))
    postman.send_due()
    way.sent.clear()
    clock.now = TUESDAY - minutes(120) - timedelta(seconds=1)
    assert postman.send_due() == 0
    clock.forward(seconds=1)
    assert postman.send_due() == 1
    clock.forward(minutes=45)
    assert postman.send_due() == 0
    clock.forward(minutes=45)
    assert postman.send_due() == 1
    assert [message.to for message in way.sent] == [IVAN, "olga@mail.example"]
    assert set(subjects(way)) == {"Напоминание о записи"}


def test_nothing_is_sent_about_a_time_that_is_over_or_to_a_contact_that_was_erased(
    booking_store: Store, clock: Clock
) -> None:
    book_by_mail(booking_store, email=IVAN)
    way = Way()
    clock.now = TUESDAY
    assert by_mail(booking_store, way).send_due() == 0
    assert {state for _kind, _channel, state in messages(booking_store)} == {"dropped"}
    book_by_mail(booking_store, at=TUESDAY + minutes(60), email="olga@mail.example")
    with booking_store.write("north", "test") as uow:
        uow.bookings.erase_contacts(date(2027, 1, 1))
    postman = by_mail(booking_store, way)
    assert postman.send_due() == 0
    assert (way.asked, postman.counts["dropped"]) == (0, 1)


def test_a_conflict_is_told_unless_the_visitor_has_moved_meanwhile(booking_store: Store) -> None:
    times = (TUESDAY, TUESDAY + minutes(60))
    made = [book_by_mail(booking_store, at=at, email=f"v{at.hour}@mail.example")[0] for at in times]
    take_bookings(booking_store, {"schedule": {"weekly": {"wed": [["08:00", "17:00"]]}}}, remind_minutes=[])
    with booking_store.write("north", "anna") as uow:
        assert booking_notices.notice_conflicts(uow, None)[0] == 2
        bookings.move(uow, uow.bookings.by_id(made[0].id), TUESDAY + timedelta(days=1))
    way = Way()
    by_mail(booking_store, way).send_due()
    told = [m.to for m in way.sent if isinstance(m, Mail) and m.subject.startswith("Запись нужно перенести")]
    assert told == ["v6@mail.example"]


def test_messages_no_way_is_set_for_stay_queued_until_their_time_is_over(
    booking_store: Store, clock: Clock
) -> None:
    book(booking_store)
    assert by_mail(booking_store, Way()).send_due() == 0
    assert ("booked", "sms", "queued") in messages(booking_store)
    clock.now = TUESDAY + minutes(1)
    with booking_store.write("north", "clock") as uow:
        booking_arrivals.tidy(uow)
    assert {state for _kind, _channel, state in messages(booking_store)} == {"dropped"}


def test_a_server_that_ends_waits_for_the_message_under_way_and_begins_no_other(
    booking_store: Store, clock: Clock
) -> None:
    take_bookings(booking_store, remind_minutes=[])
    for number in range(2):
        book_by_mail(booking_store, at=TUESDAY + minutes(30 * number), email=f"v{number}@mail.example")
    under_way, answer = threading.Event(), threading.Event()
    way = Way()

    def slow() -> None:
        under_way.set()
        assert answer.wait(30)

    way.before = slow
    postman = by_mail(booking_store, way)
    thread = threading.Thread(target=postman.run)
    thread.start()
    assert under_way.wait(30)
    postman.stop()
    postman.wait(0)
    assert way.sent == []
    answer.set()
    postman.wait(30)
    assert len(way.sent) == 1
    thread.join(30)
    assert sorted(state for _kind, _channel, state in messages(booking_store)) == ["queued", "sent"]


# --- letters with reports ---


def test_the_months_letter_reaches_every_addressee_once_with_its_pdf(store: Store, clock: Clock) -> None:
    with store.write_company() as connection:
        for address in ("head@example.org", "quality@example.org"):
            disclosures.add_addressee(DisclosureRows(connection, clock.now, "boss"), address)
    assert monthly_mail.post_last_month(store) == 2
    with MailServer() as server:
        postman = by_mail(store, SmtpMail(server.settings(), ""))
        server.refuse = {"quality@example.org": "450"}
        assert postman.send_due() == 1
        server.refuse = {}
        clock.forward(minutes=1)
        assert postman.send_due() == 1
        clock.forward(days=2)
        assert (monthly_mail.post_last_month(store), postman.send_due()) == (0, 0)
    assert [str(letter["To"]) for letter in server.taken] == ["head@example.org", "quality@example.org"]
    letter = server.taken[0]
    assert letter["Subject"] == "Компания. Ожидание и обслуживание: февраль 2026 года"
    (file,) = letter.iter_attachments()
    assert file.get_filename() == "talon-2026-02.pdf"
    assert file.get_content().startswith(b"%PDF-")
    with store.read() as connection:
        rows = connection.execute(report_mail.select()).all()
    assert {(row.state, row.fault) for row in rows} == {("sent", "")}
