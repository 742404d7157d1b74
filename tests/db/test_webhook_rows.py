"""Messages to the company's programs: written with the act, taken by one sender, in order, found by index."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from server.actions import bookings, visits
from server.db import webhook_rows
from server.db.store import Store
from server.db.webhook_rows import Delivery, WebhookRow
from server.db.webhook_tables import webhook_delivery
from server.domain.errors import Conflict, NotFound
from server.domain.ids import uuid7
from server.domain.webhook import EVENTS
from tests.booking_builders import TUESDAY, book, take_bookings
from tests.builders import NINE, Clock, a_store
from tests.db.test_storage import plans
from tests.postgresql import PostgreSql

LEASE = timedelta(minutes=5)


def add_webhook(store: Store, events: list[str] | None = None, offices: list[str] | None = None) -> str:
    now = store.clock()
    row = WebhookRow(
        uuid7(now, secrets.token_bytes),
        "https://site.example/talon",
        list(EVENTS) if events is None else events,
        offices or [],
        b"sealed",
        None,
        None,
        True,
        now,
    )
    with store.write_company() as connection:
        webhook_rows.add(connection, row)
    return row.id


def written(store: Store) -> list[dict[str, Any]]:
    with store.read() as connection:
        query = select(webhook_delivery.c.body).order_by(webhook_delivery.c.seq)
        return [json.loads(body) for body in connection.execute(query).scalars()]


def claim(store: Store, webhook: str, most: int = 10) -> list[Delivery]:
    with store.write_company() as connection:
        return webhook_rows.claim(connection, webhook, store.clock(), store.clock() + LEASE, most)


def a_booking_and_its_move(store: Store) -> str:
    take_bookings(store)
    made, _link = book(store)
    with store.write("north", "visitor") as uow:
        bookings.move(uow, uow.bookings.by_id(made.id), TUESDAY + timedelta(minutes=30))
    return made.id


def test_what_happens_is_written_with_the_act_and_not_when_it_is_refused(store: Store) -> None:
    add_webhook(store)
    booking = a_booking_and_its_move(store)
    told = written(store)
    assert [one["event"] for one in told] == ["booking.made", "booking.moved"]
    assert {one["booking"]["id"] for one in told} == {booking}
    assert told[0]["sequence"] < told[1]["sequence"]
    with suppress(Conflict), store.write("north", "visitor") as uow:
        bookings.cancel(uow, uow.bookings.by_id(booking))
        raise Conflict("booking_over")
    assert len(written(store)) == 2


def test_a_program_is_told_only_what_and_where_it_asked(store: Store) -> None:
    add_webhook(store, events=["booking.moved"])
    add_webhook(store, offices=["south"])
    a_booking_and_its_move(store)
    assert [one["event"] for one in written(store)] == ["booking.moved"]


def test_a_new_program_is_told_from_the_next_act_on_also_by_a_process_that_knew_none(store: Store) -> None:
    booking = a_booking_and_its_move(store)
    webhook = add_webhook(store)
    with store.write("north", "visitor") as uow:
        bookings.cancel(uow, uow.bookings.by_id(booking))
    assert [one["event"] for one in written(store)] == ["booking.cancelled"]
    with store.write_company() as connection:
        webhook_rows.set_active(connection, webhook, False)
    book(store, phone="+79270000014")
    assert len(written(store)) == 1
    with store.write_company() as connection:
        webhook_rows.remove(connection, webhook)
    book(store, phone="+79270000013", at=TUESDAY + timedelta(hours=2))
    assert written(store) == []


def test_a_company_without_webhooks_pays_no_statement_for_them(store: Store) -> None:
    said: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    def issue() -> None:
        with store.write("north", "kiosk") as uow:
            visits.issue_ticket(uow, "contract", None, "ru")

    issue()
    event.listen(store.engine, "before_cursor_execute", remember)
    issue()
    event.remove(store.engine, "before_cursor_execute", remember)
    assert [statement for statement in said if "webhook" in statement.split("FROM")[-1]] == []


def test_a_message_is_taken_by_one_sender_and_again_when_that_one_died(store: Store, clock: Clock) -> None:
    webhook = add_webhook(store)
    take_bookings(store)
    book(store)
    (taken,) = claim(store, webhook)
    assert claim(store, webhook) == []
    clock.forward(minutes=6)
    assert [one.id for one in claim(store, webhook)] == [taken.id]


def test_of_a_booking_the_next_message_waits_until_the_one_before_was_taken_or_given_up(
    store: Store, clock: Clock
) -> None:
    webhook = add_webhook(store)
    a_booking_and_its_move(store)
    book(store, phone="+79270000013", at=TUESDAY + timedelta(hours=2))
    first, other = claim(store, webhook)
    assert (first.event, other.event) == ("booking.made", "booking.made")
    with store.write_company() as connection:
        webhook_rows.save_sent(connection, other, store.clock())
        webhook_rows.save_failed(connection, first, "answered 503", clock.now + timedelta(minutes=1))
    assert claim(store, webhook) == []
    clock.forward(minutes=1)
    (again,) = claim(store, webhook)
    assert (again.id, again.tries, again.fault) == (first.id, 1, "answered 503")
    with store.write_company() as connection:
        webhook_rows.save_failed(connection, again, "answered 503", None)
    assert [one.event for one in claim(store, webhook)] == ["booking.moved"]


def test_what_was_given_up_can_be_sent_again_until_it_is_forgotten(store: Store, clock: Clock) -> None:
    webhook = add_webhook(store)
    take_bookings(store)
    book(store)
    (taken,) = claim(store, webhook)
    with store.write_company() as connection:
        webhook_rows.save_failed(connection, taken, "x" * 999, None)
        (shown,) = webhook_rows.failed(connection, webhook, 9)
        assert (shown.id, len(shown.fault)) == (taken.id, 200)
        assert webhook_rows.counts(connection, webhook) == {"failed": 1}
        assert webhook_rows.replay(connection, taken.id, clock.now) == 1
        assert webhook_rows.replay(connection, taken.id, clock.now) == 0
    (again,) = claim(store, webhook)
    assert (again.id, again.tries) == (taken.id, 0)
    with store.write_company() as connection:
        webhook_rows.save_failed(connection, again, "answered 500", None)
        assert webhook_rows.forget(connection, clock.now) == 0
        assert webhook_rows.forget(connection, clock.now + timedelta(seconds=1)) == 1


def test_a_change_of_secret_keeps_the_old_one_for_a_day(store: Store, clock: Clock) -> None:
    webhook = add_webhook(store)
    with store.write_company() as connection:
        webhook_rows.set_secret(connection, webhook, b"new", clock.now)
    with store.read() as connection:
        row = webhook_rows.by_id(connection, webhook)
    assert (row.secret, row.old_secret, row.old_until) == (b"new", b"sealed", NINE + timedelta(days=1))
    with store.write_company() as connection, pytest.raises(NotFound):
        webhook_rows.set_secret(connection, "nobody", b"new", clock.now)


@pytest.mark.parametrize(
    ("read", "index"),
    [
        (lambda c: webhook_rows.are_due(c, "w", NINE), "ix_webhook_delivery_due"),
        (lambda c: webhook_rows.are_due(c, "w", NINE), "ix_webhook_delivery_order"),
    ],
)
def test_what_is_due_is_found_by_index_however_much_was_sent(
    store: Store, read: Callable[[Connection], object], index: str
) -> None:
    (plan,) = plans(store, read, "webhook_delivery")
    assert re.search(index, plan)
    assert "Seq Scan" not in plan


def test_two_senders_at_once_share_what_is_due(postgresql: PostgreSql) -> None:
    store = a_store(postgresql.new_database())
    webhook = add_webhook(store)
    take_bookings(store)
    for n in range(4):
        book(store, phone=f"+7927000001{n}", at=TUESDAY + timedelta(hours=n))
    with store.write_company() as here, store.write_company() as there:
        now = store.clock()
        ours = webhook_rows.claim(here, webhook, now, now + LEASE, 3)
        theirs = webhook_rows.claim(there, webhook, now, now + LEASE, 3)
    assert (len(ours), len(theirs)) == (3, 1)
    assert len({one.id for one in [*ours, *theirs]}) == 4
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(webhook_delivery)).scalar_one() == 4
    store.engine.dispose()
