"""Rows of webhooks: who wants to be told of what, and messages from the act to the receiver's answer."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, text, update

from server.db.tables import office_log
from server.db.webhook_tables import TO_DELIVER, webhook, webhook_delivery
from server.domain import webhook as webhooks
from server.domain.errors import NotFound
from server.domain.events import Event
from server.domain.ids import uuid7
from server.domain.webhook import OLD_SECRET_GOOD_FOR, TOLD, Subscription


@dataclass(frozen=True)
class WebhookRow:
    """A receiver as it is kept; its secrets are sealed."""

    id: str
    url: str
    events: list[str]
    offices: list[str]
    secret: bytes
    old_secret: bytes | None
    old_until: datetime | None
    active: bool
    made_at: datetime


@dataclass(frozen=True)
class Delivery:
    """A message to a receiver; ``tries`` so far."""

    id: str
    webhook: str
    event: str
    body: str
    tries: int
    made_at: datetime
    fault: str


class SubscriptionBook:
    """Who wants to be told, by office, read once: the office's row says when it has changed."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, tuple[Subscription, ...]]] = {}
        self._lock = threading.Lock()

    def of(self, connection: Connection, office: str, version: int) -> tuple[Subscription, ...]:
        """The subscriptions of an office; ``version`` is its row's count of changes."""
        with self._lock:
            known = self._known.get(office)
            if known is None or known[0] != version:
                found = tuple(one for one in _subscriptions(connection) if one.has_office(office))
                known = self._known[office] = (version, found)
            return known[1]

    def forget(self) -> None:
        """What is known is to be read anew."""
        with self._lock:
            self._known.clear()


def tell(
    connection: Connection,
    wanted: Sequence[Subscription],
    office: str,
    events: Iterable[tuple[int, Event]],
    now: datetime,
) -> None:
    """Write what is to be told of these events (by their place in the log), within their transaction."""
    rows = []
    for seq, event in events:
        name = TOLD.get(event.kind)
        for one in wanted:
            if name in one.events:
                rows.append(_message(one, office, seq, event, now))
    if rows:
        connection.execute(insert(webhook_delivery), rows)


def _message(wanted: Subscription, office: str, seq: int, event: Event, now: datetime) -> dict[str, object]:
    delivery = uuid7(now, secrets.token_bytes)
    told = webhooks.content(delivery, office, seq, event)
    return {
        "id": delivery,
        "webhook": wanted.id,
        "office": office,
        "seq": seq,
        "subject": webhooks.subject_of(event),
        "event": told["event"],
        "body": json.dumps(told, ensure_ascii=False, separators=(",", ":")),
        "made_at": now,
        "state": "queued",
        "tries": 0,
        "next_try_at": now,
        "fault": "",
    }


# --- receivers ---


def all_webhooks(connection: Connection) -> list[WebhookRow]:
    """All receivers, the oldest first."""
    return _rows(connection, select(webhook).order_by(webhook.c.made_at, webhook.c.id))


def by_id(connection: Connection, webhook_id: str) -> WebhookRow:
    """One receiver; raises ``NotFound``."""
    found = _rows(connection, select(webhook).where(webhook.c.id == webhook_id))
    if not found:
        raise NotFound("unknown_webhook", webhook=webhook_id)
    return found[0]


def add(connection: Connection, row: WebhookRow) -> None:
    """Store a new receiver: what happens from the next commit on is told."""
    _changed(connection)
    connection.execute(insert(webhook), vars(row))


def set_active(connection: Connection, webhook_id: str, active: bool) -> None:
    """Begin or cease to tell a receiver; raises ``NotFound``."""
    _changed(connection)
    by_id(connection, webhook_id)
    connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(active=active))


def set_secret(connection: Connection, webhook_id: str, secret: bytes, now: datetime) -> None:
    """Sign with a new secret, for a day with the old one too; raises ``NotFound``."""
    old = by_id(connection, webhook_id)
    values = {"secret": secret, "old_secret": old.secret, "old_until": now + OLD_SECRET_GOOD_FOR}
    connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(values))


def remove(connection: Connection, webhook_id: str) -> None:
    """Forget a receiver and all messages to it; raises ``NotFound``."""
    _changed(connection)
    by_id(connection, webhook_id)
    connection.execute(delete(webhook_delivery).where(webhook_delivery.c.webhook == webhook_id))
    connection.execute(delete(webhook).where(webhook.c.id == webhook_id))


# --- messages ---


def are_due(connection: Connection, webhook_id: str, now: datetime) -> bool:
    """Whether there is something to send to a receiver."""
    return connection.execute(_due(webhook_id, now).limit(1)).first() is not None


def claim(
    connection: Connection, webhook_id: str, now: datetime, until: datetime, most: int
) -> list[Delivery]:
    """Take messages to a receiver that are due, so that nobody else sends them before ``until``.

    Of each booking and visit only the earliest that was not taken yet: order is kept over tries.
    """
    due = _due(webhook_id, now).limit(most).with_for_update(skip_locked=True)
    found = [Delivery(*row) for row in connection.execute(due)]
    mine = webhook_delivery.c.id.in_([one.id for one in found])
    connection.execute(update(webhook_delivery).where(mine).values(next_try_at=until))
    return found


def save_sent(connection: Connection, delivery: Delivery, now: datetime) -> None:
    """The receiver has taken it."""
    _save(connection, delivery, {"state": "sent", "sent_at": now, "fault": ""})


def save_failed(connection: Connection, delivery: Delivery, fault: str, again: datetime | None) -> None:
    """The receiver has not; ``again``: when it is tried again, ``None`` gives it up."""
    state = {"state": "failed"} if again is None else {"next_try_at": again}
    _save(connection, delivery, {**state, "fault": fault[:200]})


def failed(connection: Connection, webhook_id: str, most: int) -> list[Delivery]:
    """The newest messages that were given up."""
    query = _messages().where(webhook_delivery.c.webhook == webhook_id, webhook_delivery.c.state == "failed")
    newest = query.order_by(webhook_delivery.c.made_at.desc(), webhook_delivery.c.id.desc()).limit(most)
    return [Delivery(*row) for row in connection.execute(newest)]


def counts(connection: Connection, webhook_id: str) -> dict[str, int]:
    """How many messages to a receiver are queued, sent and failed."""
    table = webhook_delivery
    query = select(table.c.state, func.count()).where(table.c.webhook == webhook_id)
    return {state: int(count) for state, count in connection.execute(query.group_by(table.c.state))}


def replay(connection: Connection, what: str, now: datetime) -> int:
    """Send again what was given up: one message, or all of a receiver. Returns how many."""
    table = webhook_delivery
    mine = (table.c.id == what) | (table.c.webhook == what)
    again = update(table).where(mine, table.c.state == "failed")
    return connection.execute(again.values(state="queued", tries=0, next_try_at=now)).rowcount


def forget(connection: Connection, before: datetime) -> int:
    """Remove messages made before then that wait no more. Returns how many."""
    table = webhook_delivery
    old = delete(table).where(table.c.made_at < before, table.c.state != "queued")
    return connection.execute(old).rowcount


def _messages() -> Select[Any]:
    table = webhook_delivery
    columns = (table.c.id, table.c.webhook, table.c.event, table.c.body, table.c.tries)
    return select(*columns, table.c.made_at, table.c.fault)


def _due(webhook_id: str, now: datetime) -> Select[Any]:
    table, earlier = webhook_delivery, webhook_delivery.alias("earlier")
    # The conditions are written out, not bound: a partial index is found only by its own words.
    not_taken = select(earlier.c.id).where(
        earlier.c.webhook == table.c.webhook,
        earlier.c.subject == table.c.subject,
        earlier.c.seq < table.c.seq,
        text("earlier.state = 'queued'"),
    )
    query = _messages().where(table.c.webhook == webhook_id, TO_DELIVER, table.c.next_try_at <= now)
    return query.where(~not_taken.exists()).order_by(table.c.next_try_at, table.c.seq)


def _save(connection: Connection, delivery: Delivery, values: dict[str, object]) -> None:
    table = webhook_delivery
    mine = update(table).where(table.c.id == delivery.id, table.c.state == "queued")
    connection.execute(mine.values({"tries": delivery.tries + 1, **values}))


def _subscriptions(connection: Connection) -> list[Subscription]:
    return [
        Subscription(row.id, frozenset(row.events), frozenset(row.offices))
        for row in all_webhooks(connection)
        if row.active
    ]


def _rows(connection: Connection, query: Select[Any]) -> list[WebhookRow]:
    return [WebhookRow(*row) for row in connection.execute(query)]


def _changed(connection: Connection) -> None:
    """Every process that writes an office sees by its row that it must read the receivers anew.

    Comes first: with all offices' rows in hand nobody writes a message to a receiver just removed.
    """
    connection.execute(update(office_log).values(webhooks=office_log.c.webhooks + 1))
