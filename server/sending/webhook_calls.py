"""Tells the company's own programs what has happened: signed, in order for each booking, tried again.

Each receiver has a thread of its own while there is something to tell it: a slow one keeps nobody waiting.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from datetime import timedelta

from server.db import webhook_rows
from server.db.contact_safe import WrongKey
from server.db.store import Store
from server.db.webhook_rows import Delivery, WebhookRow
from server.domain import delivery as deliveries
from server.domain import webhook as webhooks
from server.sending.one_post import NotTaken, post

log = logging.getLogger(__name__)

LOOK_SECONDS = 1
TRY_SECONDS = 10
BATCH = 10
LEASE = timedelta(seconds=2 * BATCH * TRY_SECONDS)
"""How long messages are kept from other processes: longer than sending them can take."""
TIDY_SECONDS = 3600


class WebhookCalls:
    """Sends what is due until stopped. Several processes may: each message is sent by one of them."""

    def __init__(self, store: Store, allow_private: bool, kept: timedelta) -> None:
        self._store = store
        self._allow_private = allow_private
        self._kept = kept
        self._stop = threading.Event()
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Look every second for what is due."""
        tidied = 0.0
        while not self._stop.is_set():
            try:
                self._look()
                if time.monotonic() >= tidied:
                    tidied = time.monotonic() + TIDY_SECONDS
                    self.tidy()
            except Exception:
                # The sending must never end; the next look tries again.
                log.exception("looking for webhooks failed, trying again")
            self._stop.wait(LOOK_SECONDS)

    def stop(self) -> None:
        """Begin no further message. One under way that is cut off is sent again after a restart."""
        self._stop.set()

    def send_due(self, receiver: WebhookRow) -> int:
        """Send one batch of what is due to a receiver; returns how many were tried."""
        now = self._store.clock()
        with self._store.write_company() as connection:
            batch = webhook_rows.claim(connection, receiver.id, now, now + LEASE, BATCH)
        for delivery in batch:
            if self._stop.is_set():
                break
            self._send(receiver, delivery)
        return len(batch)

    def tidy(self) -> int:
        """Remove messages that were taken or given up long ago. Returns how many."""
        with self._store.write_company() as connection:
            return webhook_rows.forget(connection, self._store.clock() - self._kept)

    def _look(self) -> None:
        now = self._store.clock()
        with self._store.read() as connection:
            active = [one for one in webhook_rows.all_webhooks(connection) if one.active]
            due = [one for one in active if webhook_rows.are_due(connection, one.id, now)]
        for receiver in due:
            with self._lock:
                if receiver.id in self._busy:
                    continue
                self._busy.add(receiver.id)
            threading.Thread(target=self._tell, args=(receiver,), daemon=True).start()

    def _tell(self, receiver: WebhookRow) -> None:
        """Send all that is due to a receiver."""
        try:
            while not self._stop.is_set() and self.send_due(receiver) == BATCH:
                pass
        except Exception:
            log.exception("telling webhook %s failed, trying again", receiver.id)
        finally:
            with self._lock:
                self._busy.discard(receiver.id)

    def _send(self, receiver: WebhookRow, delivery: Delivery) -> None:
        fault = self._tried(receiver, delivery)
        now = self._store.clock()
        with self._store.write_company() as connection:
            if fault is None:
                webhook_rows.save_sent(connection, delivery, now)
                return
            again = deliveries.next_try(delivery.tries + 1, now, random.random())  # noqa: S311 no secret
            webhook_rows.save_failed(connection, delivery, fault, again)
        if again is None:
            log.warning("webhook %s: message %s was given up: %s", receiver.id, delivery.id, fault)

    def _tried(self, receiver: WebhookRow, delivery: Delivery) -> str | None:
        """Why the receiver has not taken it; ``None``: it has."""
        try:
            secrets = self._secrets(receiver)
            headers = {
                "Content-Type": "application/json",
                "User-Agent": "Talon",
                "Talon-Event": delivery.event,
                "Talon-Delivery": delivery.id,
                "Talon-Signature": webhooks.signature(
                    secrets, int(self._store.clock().timestamp()), delivery.body
                ),
            }
            body = delivery.body.encode()
            post(receiver.url, headers, body, allow_private=self._allow_private, seconds=TRY_SECONDS)
        except (NotTaken, WrongKey) as error:
            return str(error)
        return None

    def _secrets(self, receiver: WebhookRow) -> list[str]:
        """What signs: the secret, and for a day after a change the old one."""
        sealed = [receiver.secret]
        until = receiver.old_until
        if receiver.old_secret is not None and until is not None and self._store.clock() < until:
            sealed.append(receiver.old_secret)
        if self._store.contacts is None:
            raise WrongKey("there is no key to open the secret with: see [bookings] key_file")
        return [self._store.contacts.open_secret(receiver.id, one) for one in sealed]
