"""The outbox in the database: several processes send one outbox, each message once; looks are cheap."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta

from alembic import command
from sqlalchemy import Connection, bindparam, text, update

from server.db import migrate, outbox_rows
from server.db.booking_tables import outbox
from server.db.column_types import UtcTime
from server.db.contact_safe import ContactSafe
from server.db.engine import connect, writing
from server.db.store import Store
from server.sending import texts
from server.sending.postman import LEASE, SmsPostman
from server.sending.ways import Mail, Sms
from tests.booking_builders import TUESDAY, book, minutes, take_bookings
from tests.builders import NINE, Clock
from tests.db.test_storage import plans

TEXTS = texts.load(None)
PEOPLE = 12


class SlowWay:
    """Takes a message only together with the other postman, as long as that one has any."""

    def __init__(self, sent: list[str], together: threading.Barrier) -> None:
        self._sent = sent
        self._together = together

    def send(self, message: Mail | Sms) -> None:
        # Broken once the other one has nothing left to send.
        with suppress(threading.BrokenBarrierError):
            self._together.wait(60)
        self._sent.append(message.id)

    def rest(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_two_processes_that_send_one_outbox_send_each_message_once(
    store: Store, database_url: str, clock: Clock
) -> None:
    take_bookings(store, {"desks": [{"label": str(n), "services": ["contract"]} for n in range(8)]})
    for number in range(PEOPLE):
        book(store, at=TUESDAY + minutes(15 * (number // 4)), phone=f"+792700000{number:02}")
    sent: list[str] = []
    together = threading.Barrier(2)
    other = Store(connect(database_url), clock, ContactSafe(b"a key of the tests".ljust(32)))
    postmen = [
        SmsPostman(one, TEXTS, "https://queue.example", SlowWay(sent, together)) for one in (store, other)
    ]

    def send(postman: SmsPostman) -> None:
        postman.send_due()
        together.abort()

    threads = [threading.Thread(target=send, args=(postman,)) for postman in postmen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.engine.dispose()
    with store.read() as connection:
        rows = connection.execute(outbox.select().where(outbox.c.kind == "booked")).all()
    assert Counter(sent) == Counter(row.id for row in rows)
    assert len(rows) == PEOPLE
    assert {(row.state, row.tries) for row in rows} == {("sent", 1)}
    assert all(postman.counts["sent"] for postman in postmen), "both had some to send"


def test_whoever_took_a_message_up_keeps_it_and_alone_settles_it(store: Store, clock: Clock) -> None:
    take_bookings(store, remind_minutes=[])
    book(store)
    with store.read() as connection:
        (row,) = outbox_rows.due_messages(connection, "sms", clock.now, 10)
    until = clock.now + LEASE
    with store.write_company() as connection:
        first = outbox_rows.take_message(connection, row, clock.now, until)
        assert first is not None
        assert outbox_rows.take_message(connection, row, clock.now, until) is None
        assert outbox_rows.due_messages(connection, "sms", clock.now, 10) == []
    later = until + timedelta(minutes=1)
    with store.write_company() as connection:
        second = outbox_rows.take_message(connection, row, until, later)
        assert second is not None
        assert second.tries == 2
        assert not outbox_rows.settle(connection, first, "failed", fault="too late")
        assert outbox_rows.settle(connection, second, "sent", sent_at=until)
    with store.read() as connection:
        kept = connection.execute(outbox.select()).one()
        assert (kept.state, kept.fault, kept.sent_at, kept.next_try_at) == ("sent", "", until, None)
        assert outbox_rows.waiting(connection, later) == {}


def test_a_later_message_waits_for_an_earlier_one_of_its_booking_alone(store: Store, clock: Clock) -> None:
    take_bookings(store, remind_minutes=[])
    mine, _link = book(store)
    other, _link = book(store, at=TUESDAY + minutes(30), phone="+79270000013")
    clock.forward(seconds=1)
    with store.write("north", "test") as uow:
        for made in (mine, other):
            uow.bookings.add_message("cancelled", "sms", made.id, {}, uow.now)
    with store.write_company() as connection:
        put_off = update(outbox).where(outbox.c.booking == mine.id, outbox.c.kind == "booked")
        connection.execute(put_off.values(next_try_at=clock.now + timedelta(minutes=5)))
    with store.read() as connection:
        found = outbox_rows.due_messages(connection, "sms", clock.now, 10)
        rows = {row.id: (row.booking, row.kind) for row in connection.execute(outbox.select())}
        assert [rows[one] for one in found] == [(other.id, "booked")]


def test_the_looks_of_every_two_seconds_are_found_by_index(store: Store) -> None:
    def look(connection: Connection) -> object:
        return outbox_rows.due_messages(connection, "sms", NINE, 20)

    def letters(connection: Connection) -> object:
        return outbox_rows.due_letters(connection, NINE, 1)

    (plan,) = plans(store, look, "outbox")
    assert "ix_outbox_to_send" in plan
    # The earlier messages of the same bookings are looked for by index as well.
    assert plan.count("ix_outbox_") == 2
    (plan,) = plans(store, letters, "report_mail")
    assert "ix_report_mail_to_send" in plan
    (plan,) = plans(store, lambda c: outbox_rows.failed(c, "north", NINE), "outbox")
    assert "ix_outbox_failed" in plan


def test_what_waited_before_the_migration_is_sent_after_it(database_url: str) -> None:
    engine = connect(database_url)
    command.upgrade(migrate.configuration(engine), "0009")
    letter = text(
        "INSERT INTO report_mail (id, address, period, subject, body, file_name, file, made_at, state, tries,"
        " fault) VALUES ('letter', 'a@b.example', '2026-02', 's', 'b', 'f', :file, :at, 'queued', 0, '')"
    )
    with writing(engine).connect() as connection, connection.begin():
        connection.execute(letter.bindparams(bindparam("at", NINE, UtcTime()), file=b"%PDF-"))
    command.upgrade(migrate.configuration(engine), "0010")
    with engine.connect() as connection:
        assert outbox_rows.due_letters(connection, NINE, 5) == ["letter"]
    command.downgrade(migrate.configuration(engine), "0009")
    engine.dispose()
