"""All sending of messages of one process: the ways that the settings choose, and a postman for each."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from server.db import outbox_rows, queries
from server.db.disclosure_rows import DisclosureRows
from server.db.store import Store
from server.domain.delivery import ChannelState
from server.sdk.settings import SettingsError
from server.sending import texts
from server.sending.console import Console
from server.sending.http_gateway import HttpGateway
from server.sending.postman import MailPostman, Postman, SmsPostman
from server.sending.settings import (
    MAIL_PASSWORD,
    SMS_PASSWORD,
    MailSettings,
    MessageSettings,
    SmsSettings,
    password,
)
from server.sending.smpp_gateway import SmppGateway
from server.sending.smtp_mail import SmtpMail
from server.sending.ways import MailWay, SmsWay

log = logging.getLogger(__name__)


class PostOffice:
    """Starts and ends the postmen. Raises ``SettingsError`` for a password or texts that cannot be used."""

    def __init__(
        self, store: Store, mail: MailSettings, sms: SmsSettings, messages: MessageSettings, public_url: str
    ) -> None:
        self._store = store
        self._ways = {"email": mail.way, "sms": sms.way}
        words = texts.load(messages.templates)
        self._postmen: dict[str, Postman] = {}
        if mail_way := _mail_way(mail):
            self._postmen["email"] = MailPostman(store, words, public_url, mail_way)
        if sms_way := _sms_way(sms):
            self._postmen["sms"] = SmsPostman(store, words, public_url, sms_way)

    def start(self, start_task: Callable[[Callable[[], None]], object]) -> None:
        """Let each postman run in a thread of its own, which ``start_task`` starts."""
        for postman in self._postmen.values():
            start_task(postman.run)

    def stop(self) -> None:
        """Begin no further message."""
        for postman in self._postmen.values():
            postman.stop()

    def wait(self, seconds: float) -> None:
        """After ``stop``: wait so long at most for the messages under way."""
        until = time.monotonic() + seconds
        for postman in self._postmen.values():
            postman.wait(max(0.0, until - time.monotonic()))

    def unserved(self) -> list[str]:
        """Offices that confirm bookings by a way there is none for: sentences with the cure."""
        faults = []
        with self._store.read() as connection:
            for head in queries.heads(connection):
                rules = self._store.book.office(connection, head.version).bookings
                if rules and rules.confirm_by != "none" and rules.confirm_by not in self._postmen:
                    table = "mail" if rules.confirm_by == "email" else "sms"
                    faults.append(
                        f'office {head.office} has confirm_by = "{rules.confirm_by}", but nothing sends that:'
                        f' set [{table}] way, or confirm_by = "none" for the office'
                    )
        return faults

    def warn(self) -> None:
        """Say in the log what will stay in the queue, if the company has anything to send."""
        with self._store.read() as connection:
            heads = queries.heads(connection)
            books = any(self._store.book.office(connection, head.version).bookings for head in heads)
            letters = bool(DisclosureRows(connection, self._store.clock(), "clock").addressees())
        for channel, table, needed in (("email", "mail", books or letters), ("sms", "sms", books)):
            if needed and channel not in self._postmen:
                log.warning("messages by %s stay in the queue: set [%s] way to send them", channel, table)

    def states(self) -> list[ChannelState]:
        """How each channel stands. Never raises: what the database does not say is ``None``."""
        now = self._store.clock()
        try:
            with self._store.read() as connection:
                waiting = outbox_rows.waiting(connection, now)
        except SQLAlchemyError:
            waiting = None
        found = []
        for channel, way in self._ways.items():
            postman = self._postmen.get(channel)
            counts = postman.counts if postman else {}
            count, since = (waiting or {}).get(channel, (0, now))
            found.append(
                ChannelState(
                    channel=channel,
                    way=way,
                    sent=counts.get("sent", 0),
                    failed=counts.get("failed", 0),
                    dropped=counts.get("dropped", 0),
                    waiting=None if waiting is None else count,
                    oldest_seconds=None if waiting is None else max(0.0, (now - since).total_seconds()),
                    fault=postman.fault if postman else "",
                )
            )
        return found


def _mail_way(settings: MailSettings) -> MailWay | None:
    if settings.way == "console":
        return Console()
    if settings.way == "smtp":
        secret = password("mail", settings.password_file, MAIL_PASSWORD)
        if settings.user and not secret:
            raise SettingsError("[mail]", [f"user has no password: set password_file or {MAIL_PASSWORD}"])
        return SmtpMail(settings, secret)
    return None


def _sms_way(settings: SmsSettings) -> SmsWay | None:
    if settings.way == "console":
        return Console()
    secret = password("sms", settings.password_file, SMS_PASSWORD) if settings.way != "none" else ""
    if settings.way == "http" and settings.http:
        return HttpGateway(settings.http, secret, settings.timeout_seconds)
    if settings.way == "smpp" and settings.smpp:
        return SmppGateway(settings.smpp, secret, settings.timeout_seconds)
    return None
