"""A visit: one person under one ticket number, its states and its legs (domain §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from server.domain.record import record

_MILLISECOND = timedelta(milliseconds=1)


class State(StrEnum):
    """Where a visit is in its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    SERVED = "served"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    ANNULLED = "annulled"
    CLOSED_UNSERVED = "closed_unserved"


OPEN = (State.WAITING, State.CALLED, State.SERVING, State.HELD)
"""States of a visit that is not over."""

WALK_IN, BOOKED = "walk_in", "booked"
"""The kinds of visits, told apart in figures and limits."""

TERMINAL, RECEPTION, OFFICE, TICKETLESS = "terminal", "reception", "office", "ticketless"
"""Channels, where a visit began: at a terminal, at the reception, in the queue by itself when the booked
time came, or at the desk without a ticket."""

AT_DESK = (State.CALLED, State.SERVING)
"""States in which a visit holds a desk: at most one such visit per desk."""


@dataclass(frozen=True)
class Step:
    """Where a visit goes: a service, and the desk or operator who alone may call, if it must be one."""

    service: str
    desk: str | None = None
    operator: str | None = None


@dataclass(frozen=True)
class Corrected:
    """The figures of a visit as a manager put them right: they stand instead of the measured ones."""

    wait: int
    service: int
    excluded: bool


@record(frozen=True)
class Visit:
    """One person's visit under one ticket number. ``code`` is the secret in the ticket's QR.

    ``service`` is the one waited for or given now, ``first_service`` the one the ticket was taken for:
    the visit's figures belong to it. ``joined_at`` is when the wait began (domain §7, J): the issue, or
    the booked time if that is later. ``started_at`` is the start of the first leg (s₁).
    """

    id: str
    office: str
    day: date
    number: str
    service: str
    first_service: str
    code: str
    state: State
    language: str
    category: str | None
    issued_at: datetime
    joined_at: datetime
    booked_for: datetime | None = None
    ticketless: bool = False
    called_at: datetime | None = None
    call_count: int = 0
    call_id: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    desk: str | None = None
    operator: str | None = None
    result: str | None = None
    incomplete: bool = False
    held_at: datetime | None = None
    held_until: datetime | None = None
    held_reason: str | None = None
    # Why it goes before those who only wait: "raised" by an administrator, "returned" from being aside.
    raised: str | None = None
    # How many later comers were called before it since it stands in the queue.
    overtaken: int = 0
    to_desk: str | None = None
    to_operator: str | None = None
    # The services to follow in the same visit.
    plan: tuple[Step, ...] = ()
    # The present leg, and what the legs before it took.
    leg: int = 1
    leg_started_at: datetime | None = None
    requeued_at: datetime | None = None
    served_ms: int = 0
    repeated_ms: int = 0
    # Time that is neither wait nor service: away as a no-show, held in the middle of the present leg.
    absent_ms: int = 0
    held_ms: int = 0
    channel: str = TERMINAL
    # The wait limit in force at the joining, fixed then; None: none was (it has no wait), or not known.
    limit_seconds: int | None = None
    first_called_at: datetime | None = None
    # From the last call before s₁ to s₁.
    way_ms: int = 0
    corrected: Corrected | None = None

    @property
    def kind(self) -> str:
        """Walk-in or booked. Who came too late for a booking to hold waits, and counts, as a walk-in."""
        return BOOKED if self.booked_for else WALK_IN

    @property
    def queued_at(self) -> datetime:
        """Where the visit stands in the order of arrival: its joining, later by the time it was away."""
        return self.joined_at + self.absent_ms * _MILLISECOND if self.absent_ms else self.joined_at


_FIELDS = frozenset(Visit.__dataclass_fields__)


@record(frozen=True)
class Leg:
    """One service at one desk, ended. ``served_ms`` is its length without the time held."""

    visit: str
    leg: int
    service: str
    desk: str
    operator: str
    started_at: datetime
    finished_at: datetime
    served_ms: int
    result: str | None


def changed(visit: Visit, **changes: Any) -> Visit:
    """The visit with these fields changed: what ``dataclasses.replace`` does, without setting each anew.

    A year of a large company is derived from ten million moves. Raises ``TypeError`` for what is no field.
    """
    fields = vars(visit) | changes
    if len(fields) != len(_FIELDS):
        raise TypeError(f"a visit has no {', '.join(sorted(set(changes) - _FIELDS))}")
    made = object.__new__(Visit)
    made.__dict__ = fields
    return made


def leg_ms(visit: Visit, at: datetime) -> int:
    """Milliseconds of service in the present leg up to ``at``, without the time held; 0 before its start.

    May be negative when a clock ran back: such visits are excluded from the figures (domain §7).
    """
    if visit.leg_started_at is None:
        return 0
    held = whole_ms(visit.held_at, at) if visit.held_at else 0
    return round((at - visit.leg_started_at) / _MILLISECOND) - visit.held_ms - held


def leg_ended(visit: Visit, at: datetime, result: str | None = None) -> Leg | None:
    """The leg that ends at ``at`` for a visit as it was before its move; ``None`` when none has begun."""
    if visit.leg_started_at is None or visit.desk is None or visit.operator is None:
        return None
    return Leg(
        visit.id,
        visit.leg,
        visit.service,
        visit.desk,
        visit.operator,
        visit.leg_started_at,
        at,
        leg_ms(visit, at),
        result,
    )


def whole_ms(start: datetime, end: datetime) -> int:
    """Whole milliseconds from ``start`` to ``end``; 0 when a clock ran back."""
    return max(0, round((end - start) / _MILLISECOND))
