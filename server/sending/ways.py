"""What is sent, the small protocols every way of sending keeps, and what can go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail; ``kind`` is its media type, ``text/calendar; charset=utf-8``."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail to one addressee. ``id`` stays the same when it is sent again."""

    id: str
    to: str
    subject: str
    text: str
    html: str = ""
    language: str = "ru"
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Sms:
    """One SMS to one phone (``+79…``). ``id`` stays the same when it is sent again."""

    id: str
    to: str
    text: str


class SendingFault(Exception):
    """A message was not taken. ``str(fault)`` goes into logs and lists: it holds nothing of the addressee."""


class Refused(SendingFault):
    """This message will never be taken: no such address, no such number. It is not tried again."""


class NotTaken(SendingFault):
    """This message was not taken now; others may be. It is tried again."""


class OutOfReach(SendingFault):
    """The way itself does not work now: nobody answers, a wrong password, too many messages. All wait."""


class MailWay(Protocol):
    """Sends mails. Used by one thread at a time."""

    def send(self, mail: Mail) -> None:
        """Return when the mail was taken; raises ``SendingFault``. Ends within a few of its timeouts."""

    def rest(self) -> None:
        """Nothing more is waiting just now."""

    def close(self) -> None:
        """End what is open; never raises."""


class SmsWay(Protocol):
    """Sends SMS. Used by one thread at a time."""

    def send(self, sms: Sms) -> None:
        """Return when the SMS was taken; raises ``SendingFault``. Ends within a few of its timeouts."""

    def rest(self) -> None:
        """Nothing more is waiting just now."""

    def close(self) -> None:
        """End what is open; never raises."""
