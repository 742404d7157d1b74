"""The postman of one channel: takes up what is due, sends it outside any transaction, writes down what became
of it. Mail and SMS have one each, so that neither waits for the other.

Who takes a message up has it until its lease is over; so several processes never send one twice. Only where
a process ends, or an answer is lost, between sending and writing down does a message go again: with the same
id, by which a mail program or a gateway can tell.
"""

from __future__ import annotations

import logging
import secrets
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.db import booking_rows, outbox_rows, queries
from server.db.contact_safe import WrongKey
from server.db.outbox_rows import Message, Posted
from server.db.store import Store
from server.domain.booking import Contact
from server.domain.delivery import next_try
from server.domain.notices import still_true
from server.sending import notices
from server.sending.notices import Notice
from server.sending.texts import Texts
from server.sending.ways import Attachment, Mail, MailWay, NotTaken, OutOfReach, Refused, SmsWay

log = logging.getLogger(__name__)

LOOK_SECONDS = 2
BATCH = 20
LEASE = timedelta(minutes=10)
"""Longer than one message can take: some twenty waits of the longest timeout, 30 s."""
MOST_PAUSES = 3
"""A way that is out of reach is tried after the first pauses of ``next_try``, then always after this one."""
MOST_NOT_TAKEN = 5
"""So many in a row were not taken: it is not them, it is the way."""


class Postman(ABC):
    """Sends what waits in one channel until stopped."""

    def __init__(self, store: Store, texts: Texts, public_url: str, way: MailWay | SmsWay) -> None:
        self._store = store
        self._texts = texts
        self._public_url = public_url
        self._way = way
        self._stop = threading.Event()
        self._resting = threading.Event()
        self._resting.set()
        self._paused_until: datetime | None = None
        self._pauses = 0
        self._not_taken = 0
        self.counts: Counter[str] = Counter()
        """How many messages ended as ``sent``, ``failed`` and ``dropped`` here since the start."""
        self.fault = ""
        """What is wrong with the way now."""

    def run(self) -> None:
        """Look every two seconds for what is due."""
        while not self._stop.is_set():
            self._resting.clear()
            try:
                self.send_due()
            except Exception:
                # The sending must never end; the next look tries again.
                log.exception("looking for messages failed, trying again")
            finally:
                self._resting.set()
            self._stop.wait(LOOK_SECONDS)
        self._way.close()

    def stop(self) -> None:
        """Begin no further message."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """After ``stop``: wait for the message under way, so that it need not go again after the start."""
        self._resting.wait(seconds)

    def send_due(self) -> int:
        """Send all that is due; returns how many. May be run at any time, and by several processes."""
        if self._paused_until is not None and self._store.clock() < self._paused_until:
            return 0
        before = self.counts["sent"]
        try:
            while not self._stop.is_set() and (found := self._due()):
                for send in found:
                    if not self._stop.is_set():
                        send()
        except OutOfReach as fault:
            self._pause(str(fault))
        self._way.rest()
        return self.counts["sent"] - before

    @abstractmethod
    def _due(self) -> list[Callable[[], None]]:
        """What may be sent now, as calls that send it."""

    def _messages(self, channel: str, send: Callable[[Notice], None]) -> list[Callable[[], None]]:
        with self._store.read() as connection:
            found = outbox_rows.due_messages(connection, channel, self._store.clock(), BATCH)
        return [lambda row=row: self._send_message(row, send) for row in found]  # type: ignore[misc]

    def _send_message(self, row: str, send: Callable[[Notice], None]) -> None:
        now = self._store.clock()
        fault = ""
        with self._store.write_company() as connection:
            taken = outbox_rows.take_message(connection, row, now, now + LEASE)
            if taken is None:
                return
            booking = booking_rows.by_id(connection, taken.booking)
            contact = None
            office = self._store.book.office(connection, queries.head(connection, taken.office).version)
            try:
                if still_true(taken.kind, taken.facts, taken.made_at, taken.send_at, booking, now):
                    contact = self._contact(connection, taken)
            except WrongKey as wrong:
                fault = str(wrong)
            if contact is None and not fault:
                outbox_rows.settle(connection, taken, "dropped")
                self.counts["dropped"] += 1
                return
        if contact is None:
            self._put_off(taken, fault)
            return
        notice = Notice(taken.id, taken.kind, taken.facts, taken.made_at, booking, office, contact)
        self._send(taken, lambda: send(notice))

    def _contact(self, connection: Connection, taken: Message) -> Contact | None:
        """Whom to send it to; ``None`` when that was erased, or never said for this channel."""
        safe = self._store.contacts
        assert safe is not None, "who sends messages can open contacts"
        contact = booking_rows.contacts(connection, safe, [taken.booking]).get(taken.booking)
        if contact is None:
            return None
        return contact if (contact.email if taken.channel == "email" else contact.phone) else None

    def _send(self, taken: Message | Posted, send: Callable[[], None]) -> None:
        """Send, and write down what became of it; raises ``OutOfReach`` when the rest had better wait."""
        try:
            send()
        except Refused as fault:
            log.warning("message %s was refused: %s", taken.id, fault)
            self._settle(taken, "failed", fault=str(fault))
        except NotTaken as fault:
            self._put_off(taken, str(fault))
            self._not_taken += 1
            if self._not_taken >= MOST_NOT_TAKEN:
                self._not_taken = 0
                raise OutOfReach(str(fault)) from None
        except OutOfReach as fault:
            self._put_off(taken, str(fault))
            raise
        except Exception as fault:  # noqa: BLE001 - its words might name the addressee: only the kind is logged
            log.error("message %s: %s, trying again", taken.id, type(fault).__name__)
            self._put_off(taken, type(fault).__name__)
        else:
            self._settle(taken, "sent", sent_at=self._store.clock())
            self._paused_until, self._pauses, self._not_taken, self.fault = None, 0, 0, ""

    def _put_off(self, taken: Message | Posted, fault: str) -> None:
        again = next_try(taken.tries, self._store.clock(), _chance())
        log.info("message %s, try %s: %s", taken.id, taken.tries, fault)
        self._settle(taken, "failed" if again is None else "queued", fault=fault, next_try_at=again)

    def _settle(
        self,
        taken: Message | Posted,
        state: str,
        fault: str = "",
        sent_at: datetime | None = None,
        next_try_at: datetime | None = None,
    ) -> None:
        with self._store.write_company() as connection:
            outbox_rows.settle(
                connection, taken, state, fault=fault, sent_at=sent_at, next_try_at=next_try_at
            )
        self.counts[state] += 1

    def _pause(self, fault: str) -> None:
        self._pauses = min(self._pauses + 1, MOST_PAUSES)
        self._paused_until = next_try(self._pauses, self._store.clock(), _chance())
        if fault != self.fault:
            log.warning("messages wait: %s", fault)
        self.fault = fault


class MailPostman(Postman):
    """Sends messages by mail, and the letters with reports."""

    def __init__(self, store: Store, texts: Texts, public_url: str, way: MailWay) -> None:
        super().__init__(store, texts, public_url, way)
        self._mail = way

    def _due(self) -> list[Callable[[], None]]:
        found = self._messages("email", self._send_notice)
        if not found:
            with self._store.read() as connection:
                letters = outbox_rows.due_letters(connection, self._store.clock(), 1)
            found = [lambda row=row: self._send_letter(row) for row in letters]  # type: ignore[misc]
        return found

    def _send_notice(self, notice: Notice) -> None:
        self._mail.send(notices.mail(notice, self._texts, self._public_url))

    def _send_letter(self, row: str) -> None:
        now = self._store.clock()
        with self._store.write_company() as connection:
            taken = outbox_rows.take_letter(connection, row, now, now + LEASE)
        if taken is None:
            return
        file = Attachment(taken.file_name, "application/pdf", taken.file)
        mail = Mail(taken.id, taken.address, taken.subject, taken.body, attachments=(file,))
        self._send(taken, lambda: self._mail.send(mail))


class SmsPostman(Postman):
    """Sends messages by SMS."""

    def __init__(self, store: Store, texts: Texts, public_url: str, way: SmsWay) -> None:
        super().__init__(store, texts, public_url, way)
        self._sms = way

    def _due(self) -> list[Callable[[], None]]:
        return self._messages("sms", self._send_notice)

    def _send_notice(self, notice: Notice) -> None:
        self._sms.send(notices.sms(notice, self._texts, self._public_url))


def _chance() -> float:
    return secrets.randbelow(1000) / 1000
