"""What the sending is told by in tests: a way out that fails as wanted, the postmen, a booking by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from server.db.store import Store
from server.domain.booking import Booking
from server.sending import texts
from server.sending.postman import MailPostman, SmsPostman
from server.sending.smtp_mail import SmtpMail
from server.sending.ways import Mail, SendingFault, Sms
from tests.booking_builders import TUESDAY, book

TEXTS = texts.load(None)
BASE = "https://queue.example"
IVAN = "ivan@mail.example"


class Way:
    """A way out that fails as the test wants: the next faults, then it takes everything."""

    def __init__(self, *faults: SendingFault) -> None:
        self.faults = list(faults)
        self.sent: list[Mail | Sms] = []
        self.asked = 0
        self.before: Callable[[], object] = lambda: None

    def send(self, message: Mail | Sms) -> None:
        self.asked += 1
        self.before()
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)

    def rest(self) -> None:
        pass

    def close(self) -> None:
        pass


def by_mail(store: Store, way: Way | SmtpMail) -> MailPostman:
    return MailPostman(store, TEXTS, BASE, way)


def by_sms(store: Store, way: Way) -> SmsPostman:
    return SmsPostman(store, TEXTS, BASE, way)


def book_by_mail(store: Store, *, email: str, at: datetime = TUESDAY) -> tuple[Booking, str]:
    return book(store, at=at, email=email, phone=None)


def subjects(way: Way) -> list[str]:
    return [message.subject.split(":")[0] for message in way.sent if isinstance(message, Mail)]
