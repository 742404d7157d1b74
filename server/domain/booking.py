"""A booking: its states, who may come when, how a contact is written and masked (domain §6, §15)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.domain.booking_rules import BookingRules
from server.domain.errors import Conflict, Invalid
from server.domain.ids import Randomness, secret_code
from server.domain.opening_hours import Schedule, day_end, local_day


class BookingState(StrEnum):
    """Where a booking is in its life. A ``held`` one whose time ran out is as good as not there."""

    HELD = "held"
    UNCONFIRMED = "unconfirmed"
    BOOKED = "booked"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    MISSED = "missed"


PENDING = (BookingState.HELD, BookingState.UNCONFIRMED)
"""States that end by themselves at ``expires_at``."""

STAFF_CHANNELS = ("phone", "reception")
MOST_TRIES = 5
"""How often a sent code may be typed wrong."""
MOST_CODES = 3
"""How often a code is sent for one booking."""
PROOF_TIME = timedelta(minutes=15)
"""How long a sent code may be typed; the place is kept so long."""

LINK_LENGTH = 24


@dataclass(frozen=True)
class Booking:
    """A place at a time for one visitor. Who it is stands apart, in the contact.

    ``day`` is the office's day of ``starts_at``. ``link_hash`` is the SHA-256 of the link only its holder
    knows, ``code`` the six digits to come with, unique per office and day.
    """

    id: str
    office: str
    link_hash: str
    code: str | None
    day: date
    service: str
    pool: str
    starts_at: datetime
    ends_at: datetime
    count: int
    state: BookingState
    channel: str
    language: str
    made_at: datetime
    expires_at: datetime | None
    confirmed_at: datetime | None = None
    consent_version: str | None = None
    arrived_at: datetime | None = None
    visit: str | None = None
    # When the visitor was told that the booking cannot stand.
    noticed_at: datetime | None = None
    codes_sent: int = 0
    tries: int = 0

    def is_live(self, now: datetime) -> bool:
        """Whether it keeps its place: a hold only until it runs out."""
        if self.state in PENDING:
            return self.expires_at is not None and self.expires_at > now
        return self.state in (BookingState.BOOKED, BookingState.ARRIVED)


@dataclass(frozen=True)
class Contact:
    """Who booked: a name or initials, and a phone and/or an e-mail address. Kept encrypted and not for long.

    ``link`` is the booking's secret, for the address in messages; ``proof`` the code that was sent.
    """

    name: str
    phone: str | None
    email: str | None
    link: str
    proof: str = ""

    @property
    def masked(self) -> list[str]:
        """How lists show where the visitor can be reached."""
        phone = [masked_phone(self.phone)] if self.phone else []
        return phone + ([masked_email(self.email)] if self.email else [])

    @property
    def told_by(self) -> str | None:
        """How the visitor is told: by e-mail where there is an address, else by SMS; ``None``: not at all."""
        return "email" if self.email else "sms" if self.phone else None


def link_hash(link: str) -> str:
    """How a link is stored. It is long and random, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(link.encode()).hexdigest()


def new_link(randomness: Randomness) -> str:
    """The unguessable link of a booking: 24 letters of 27, about 114 bits."""
    return secret_code(randomness, LINK_LENGTH)


def new_code(randomness: Randomness, is_free: Callable[[str], bool]) -> str:
    """Six digits that ``is_free`` allows, each equally likely."""
    while True:
        # 64 bits over a million: no digit is more likely than another by more than 10⁻¹³.
        code = f"{int.from_bytes(randomness(8), 'big') % 1_000_000:06d}"
        if is_free(code):
            return code


def checked_phone(text: str | None) -> str | None:
    """A phone as ``+`` and digits; Russian and Kazakh numbers from 8… or ten digits; raises ``bad_phone``."""
    if not text:
        return None
    digits = re.sub(r"[\s().\-‐-―]", "", text)
    if not re.fullmatch(r"\+?[0-9]{10,15}", digits):
        raise Invalid("bad_phone")
    bare = digits.removeprefix("+")
    if not digits.startswith("+"):
        if len(bare) == 10:
            bare = f"7{bare}"
        elif len(bare) == 11 and bare.startswith("8"):
            bare = f"7{bare[1:]}"
    return f"+{bare}"


def checked_email(text: str | None) -> str | None:
    """An e-mail address, its domain in small letters; raises ``bad_email``."""
    if not text:
        return None
    if len(text) > 120 or not re.fullmatch(r"[^\s@<>\",;:\\]+@[^\s@<>\",;:\\.]+(\.[^\s@<>\",;:\\.]+)+", text):
        raise Invalid("bad_email")
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def check_reachable(rules: BookingRules, phone: str | None, email: str | None) -> None:
    """Refuse a visitor who left none of what the office needs."""
    needed = {"sms": "phone", "email": "email"}.get(rules.confirm_by, rules.contact)
    there = {"phone": phone, "email": email, "any": phone or email}[needed]
    if not there:
        raise Invalid("contact_needed")


def masked_phone(phone: str) -> str:
    """``+79271234512`` → ``+7 *** **-12``."""
    return f"{phone[:2]} *** **-{phone[-2:]}"


def masked_email(email: str) -> str:
    """``ivan@mail.example`` → ``i***@mail.example``."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}"


def masked_name(name: str) -> str:
    """``Иванов И. И.`` → ``И*** И. И.``: the longest words to their first letter."""
    return " ".join(word if len(word) <= 2 else f"{word[0]}***" for word in name.split())


def check_in_window(booking: Booking, rules: BookingRules) -> tuple[datetime, datetime]:
    """From when a visitor may check in, and until when the turn is kept."""
    return (
        booking.starts_at - timedelta(minutes=rules.early),
        booking.starts_at + timedelta(minutes=rules.late),
    )


def is_over(
    booking: Booking, rules: BookingRules | None, schedule: Schedule, zone: ZoneInfo, now: datetime
) -> bool:
    """Whether nobody may come for a booking any more: some minutes after its time, or with its day."""
    if local_day(now, zone) > booking.day:
        return True
    if rules is None or rules.missed_after is None:
        return now >= max(day_end(schedule, booking.day, zone), booking.ends_at)
    return now > booking.starts_at + timedelta(minutes=max(rules.missed_after, rules.late))


def turn_at(booking: Booking, rules: BookingRules, now: datetime) -> datetime | None:
    """The booked time a visitor who checks in now is called by; ``None``: like everybody else, from now on.

    Raises ``too_early``.
    """
    begin, end = check_in_window(booking, rules)
    if now < begin:
        raise Conflict("too_early", since=begin)
    return booking.starts_at if now <= end or rules.late_keeps_turn else None
