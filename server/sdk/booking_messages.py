"""The wire of booking: free times, the hold and its details, the booking for its holder and for staff."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from server.sdk.commands import Request
from server.sdk.messages import Answer, Code, Language, Names

BookingState = Literal["held", "unconfirmed", "booked", "arrived", "cancelled", "missed", "lapsed"]
"""``held``: a place without a name yet; ``unconfirmed``: details given, the sent code not typed yet;
``lapsed``: a hold that ran out; ``missed``: nobody checked in."""

PublicChannel = Literal["site", "widget", "account", "bot", "kiosk"]
StaffChannel = Literal["phone", "reception"]
Channel = Literal["site", "widget", "account", "bot", "kiosk", "phone", "reception"]
"""Where the booking was made."""

SlotLoad = Literal["calm", "usual", "last"]
DayState = Literal["free", "full", "closed"]
ConfirmBy = Literal["none", "email", "sms"]
NeededContact = Literal["any", "phone", "email"]
ToldBy = Literal["email", "sms"]
ConflictReason = Literal["closed", "service", "capacity"]

# Times that are no booking anyway, and with which reckoning in zones fails.
_FIRST, _LAST = date(2000, 1, 1), date(2200, 1, 1)


def _thinkable(at: datetime) -> datetime:
    if not _FIRST <= at.date() <= _LAST:
        raise ValueError(f"a time between {_FIRST} and {_LAST} is needed")
    return at


SlotTime = Annotated[AwareDatetime, AfterValidator(_thinkable), Field(examples=["2026-03-02T06:15:00Z"])]
SlotDate = Annotated[date, Field(ge=_FIRST, le=_LAST)]
BookingId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
ShortCode = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Count = Annotated[int, Field(ge=1, le=10)]


class AskSlots(Request):
    """What free times are asked for. ``from``/``to``: days of the office, both included.

    Without them the list runs from today to the booking horizon. ``count``: how many matters at once.
    """

    service: Code
    first: SlotDate | None = Field(None, alias="from")
    last: SlotDate | None = Field(None, alias="to")
    count: Count = 1


class Slot(Answer):
    """A time that can be booked now. ``time`` is the office's wall clock; ``left``: for staff alone."""

    at: datetime
    time: str
    load: SlotLoad
    left: int | None = None


class SlotDay(Answer):
    """A day of the office with its free times, in order."""

    day: date
    state: DayState
    slots: list[Slot]


class SlotList(Answer):
    """Free times of one service; ``minutes`` is how long one booking takes."""

    office: str
    service: str
    timezone: str
    at: datetime
    minutes: int
    count: int
    days: list[SlotDay]


class BookedServiceInfo(Answer):
    """A service that can be booked; ``most`` is how many matters one visitor may book at once."""

    code: str
    name: Names
    minutes: int
    most: int
    horizon_days: int


class Consent(Answer):
    """The text of consent to the processing of personal data (152-ФЗ); ``version`` goes into the confirm."""

    version: str
    text: Names


class BookingRules(Answer):
    """How an office takes bookings: what a page must ask for."""

    office: str
    name: Names
    timezone: str
    languages: list[Language]
    services: list[BookedServiceInfo]
    hold_minutes: int
    lead_minutes: int
    early_minutes: int
    late_minutes: int
    check_in: bool
    contact: NeededContact
    confirm_by: ConfirmBy
    proof_of_work: bool
    kept_days: int
    consent: Consent


class Challenge(Answer):
    """A proof of work to do before a hold: find ``n`` ≤ ``maxnumber`` with SHA-256(salt + n) = challenge.

    The fields are those of the ALTCHA protocol; ``signature`` proves that the challenge is ours.
    """

    algorithm: Literal["SHA-256"] = "SHA-256"
    challenge: str
    salt: str
    signature: str
    maxnumber: int


class HoldSlot(Request):
    """Take a place for a few minutes. ``proof``: the solved challenge, base64 of ALTCHA's JSON."""

    office: Code
    service: Code
    at: SlotTime
    count: Count = 1
    channel: PublicChannel = "site"
    language: Language = "ru"
    proof: Annotated[str, Field(max_length=2000)] | None = None


class Hold(Answer):
    """A place is yours until ``expires_at``; ``hold`` is its secret and stays the booking's link.

    ``id`` is no secret: webhooks name the booking by it.
    """

    id: str
    hold: str
    office: str
    service: str
    service_name: Names
    starts_at: datetime
    ends_at: datetime
    timezone: str
    expires_at: datetime


class Details(Request):
    """Who books. ``name``: a name or initials. ``phone``: any common way of writing it."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    phone: Annotated[str, Field(max_length=30)] | None = None
    email: Annotated[str, Field(max_length=120)] | None = None


class ConfirmBooking(Details):
    """The details of a hold. ``consent_version`` is the version of the text that was agreed to."""

    consent: bool
    consent_version: Annotated[str, Field(max_length=40)] = ""
    language: Language | None = None


class ProveContact(Request):
    """The code that was sent to the visitor's phone or e-mail."""

    code: ShortCode


class MoveBooking(Request):
    """Another time for the same booking."""

    at: SlotTime


class CancelBooking(Request):
    """The visitor does not come."""


class ProofState(Answer):
    """A code was sent and waits to be typed. ``wrong``: the last one typed was not it."""

    sent_to: str
    tries_left: int
    wrong: bool = False


class BookingView(Answer):
    """A booking for its holder. Contacts are masked; ``code`` appears when the booking stands.

    ``check_in_from`` … ``check_in_until``: when to come; who comes later waits like everybody else, or
    keeps the turn, as the office says (``late_keeps_turn``).
    """

    id: str
    state: BookingState
    office: str
    office_name: Names
    address: Names
    phone: str
    timezone: str
    languages: list[Language]
    service: str
    service_name: Names
    documents: Names
    starts_at: datetime
    ends_at: datetime
    count: int
    language: Language
    code: str | None = None
    link: str
    expires_at: datetime | None = None
    check_in_needed: bool = True
    check_in_from: datetime
    check_in_until: datetime
    late_keeps_turn: bool
    may_move: bool = False
    may_cancel: bool = False
    name: str = ""
    contact: list[str] = Field(default_factory=list)
    proof: ProofState | None = None
    ticket_url: str | None = None
    number: str | None = None
    demonstration: bool = False


class AskDay(Request):
    """The bookings of which day of the office; none: today."""

    day: SlotDate | None = None


class StaffBooking(Answer):
    """A booking for staff: who it is stays masked until asked for (``contact``), which is logged.

    ``tell_by``: how this visitor is told of changes; ``null``: there is no way.
    ``ticket`` and ``number``: of the ticket, when the visitor has come.
    """

    id: str
    state: BookingState
    service: str
    service_name: Names
    starts_at: datetime
    ends_at: datetime
    count: int
    channel: Channel
    language: Language
    code: str | None = None
    name: str = ""
    contact: list[str] = Field(default_factory=list)
    made_at: datetime
    tell_by: ToldBy | None = None
    arrived_at: datetime | None = None
    ticket: str | None = None
    number: str | None = None
    conflict: ConflictReason | None = None
    noticed_at: datetime | None = None


class BookingList(Answer):
    """The bookings of an office's day in the order of their times (holds and lapsed ones are left out).

    ``today`` is the office's day now; ``places_left``: how many bookings of one slot's length staff can still
    make on ``day``.
    """

    office: str
    day: date
    today: date
    timezone: str
    at: datetime
    places_left: int
    bookings: list[StaffBooking]


class BookingNews(Answer):
    """Something happened in an office, ``changes`` counts it: its lists of bookings may be others now."""

    office: str
    version: int
    at: datetime
    changes: int


class ConflictList(Answer):
    """Bookings to come that the office's present data no longer allows, and why."""

    office: str
    timezone: str
    at: datetime
    bookings: list[StaffBooking]


class NoticeConflicts(Request):
    """Tell visitors that their booking cannot stand: these, or all in conflict who were not told yet."""

    bookings: Annotated[list[BookingId], Field(max_length=500)] | None = None


class Noticed(Answer):
    """How many visitors are being told, and who left no way to be told."""

    told: int
    unreachable: list[str]


class BookForCaller(Details):
    """Staff book for somebody on the phone or at the reception. ``consent``: the caller agreed."""

    service: Code
    at: SlotTime
    count: Count = 1
    channel: StaffChannel = "phone"
    language: Language = "ru"
    consent: bool


class ContactView(Answer):
    """The unmasked contact of a booking: every look is logged. Empty when it was erased."""

    name: str
    phone: str | None
    email: str | None
