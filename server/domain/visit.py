"""The life of a visit: its states, who moves it, and what each move makes of it (domain §4).

Each move takes a visit and returns the visit after the move with the event that records it; the
caller stores both. What the table of moves does not list is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from server.domain.errors import Conflict
from server.domain.events import Event, Kind, timestamp


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

AT_DESK = (State.CALLED, State.SERVING)
"""States in which a visit holds a desk: at most one such visit per desk."""

MOVES: dict[str, tuple[tuple[State, ...], State]] = {
    "call": ((State.WAITING, State.HELD), State.CALLED),
    "recall": ((State.CALLED,), State.CALLED),
    "start": ((State.CALLED,), State.SERVING),
    "finish": ((State.SERVING,), State.SERVED),
    "no_show": ((State.CALLED,), State.NO_SHOW),
    "hold": ((State.CALLED, State.SERVING), State.HELD),
    "return": ((State.HELD,), State.WAITING),
    "restore": ((State.NO_SHOW,), State.WAITING),
    "cancel": ((State.WAITING, State.CALLED, State.HELD), State.CANCELLED),
    "annul": ((State.WAITING, State.HELD), State.ANNULLED),
    "close_unserved": ((State.WAITING, State.CALLED, State.HELD), State.CLOSED_UNSERVED),
    "close_unfinished": ((State.SERVING,), State.SERVED),
}
"""Every allowed move: from which states, to which state. Issuing creates a visit as ``waiting``."""


@dataclass(frozen=True)
class Visit:
    """One person's visit under one ticket number. ``code`` is the secret in the ticket's QR."""

    id: str
    office: str
    day: date
    number: str
    service: str
    code: str
    state: State
    language: str
    category: str | None
    joined_at: datetime
    called_at: datetime | None = None
    call_count: int = 0
    call_id: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    desk: str | None = None
    operator: str | None = None
    incomplete: bool = False
    held_at: datetime | None = None
    held_until: datetime | None = None
    held_reason: str | None = None
    returned: bool = False
    # Time that is neither wait nor service: being away as a no-show, being held in the middle of a service.
    absent_ms: int = 0
    held_ms: int = 0

    @property
    def queued_at(self) -> datetime:
        """Where the visit stands in the order of arrival: its joining, later by the time it was away."""
        return self.joined_at + timedelta(milliseconds=self.absent_ms)


def issue(
    *,
    visit_id: str,
    office: str,
    day: date,
    number: str,
    service: str,
    code: str,
    language: str,
    category: str | None,
    at: datetime,
    actor: str,
) -> tuple[Visit, Event]:
    """A visitor takes a ticket: the visit begins as ``waiting``, its waiting time runs from ``at``."""
    visit = Visit(visit_id, office, day, number, service, code, State.WAITING, language, category, at)
    payload = {"number": number, "service": service, "category": category, "language": language}
    return visit, Event(Kind.TICKET_ISSUED, at, actor, visit_id, None, payload)


def call(
    visit: Visit, *, desk: str, operator: str, call_id: str, at: datetime, reason: str | None = None
) -> tuple[Visit, Event]:
    """An operator calls a waiting or held visitor to a desk; ``reason`` says why out of turn."""
    called = replace(
        _moved(visit, "call"),
        desk=desk,
        operator=operator,
        called_at=at,
        call_count=visit.call_count + 1,
        call_id=call_id,
        held_until=None,
    )
    facts = _call_facts(called) if reason is None else {**_call_facts(called), "reason": reason}
    return called, Event(Kind.TICKET_CALLED, at, operator, visit.id, desk, facts)


def recall(visit: Visit, *, operator: str, call_id: str, at: datetime) -> tuple[Visit, Event]:
    """The operator calls the same visitor once more; the last call is the one that counts."""
    called = replace(_moved(visit, "recall"), called_at=at, call_count=visit.call_count + 1, call_id=call_id)
    return called, Event(Kind.TICKET_RECALLED, at, operator, visit.id, visit.desk, _call_facts(called))


def start(visit: Visit, *, operator: str, at: datetime) -> tuple[Visit, Event]:
    """The visitor has come to the desk: waiting ends, service begins; or goes on after having been held."""
    held = _ms(visit.held_at, at) if visit.started_at and visit.held_at else 0
    started = replace(
        _moved(visit, "start"),
        started_at=visit.started_at or at,
        operator=operator,
        held_ms=visit.held_ms + held,
        held_at=None,
        held_until=None,
        held_reason=None,
    )
    return started, Event(Kind.SERVICE_STARTED, at, operator, visit.id, visit.desk)


def finish(visit: Visit, *, operator: str, at: datetime) -> tuple[Visit, Event]:
    """The service is done: the visit's wait and service time are fixed from here on."""
    finished = replace(_moved(visit, "finish"), finished_at=at)
    return finished, Event(Kind.SERVICE_FINISHED, at, operator, visit.id, visit.desk)


def no_show(visit: Visit, *, operator: str, at: datetime) -> tuple[Visit, Event]:
    """The visitor did not come when called."""
    missed = replace(_moved(visit, "no_show"), finished_at=at)
    return missed, Event(Kind.NO_SHOW, at, operator, visit.id, visit.desk)


def hold(
    visit: Visit, *, reason: str, until: datetime | None, operator: str, at: datetime
) -> tuple[Visit, Event]:
    """The operator puts the visitor aside, until ``until`` or until somebody calls; the desk is free."""
    held = replace(
        _moved(visit, "hold"),
        # A visitor held again before being seen stays held from the first time on.
        held_at=visit.held_at or at,
        held_until=until,
        held_reason=reason,
        returned=False,
        call_count=0,
    )
    payload = {"reason": reason, "until": timestamp(until) if until else None}
    return held, Event(Kind.TICKET_HELD, at, operator, visit.id, visit.desk, payload)


def return_held(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """A held visitor goes back to the queue, before those who only just came."""
    back = replace(_moved(visit, "return"), returned=True, held_until=None, held_reason=None)
    return back, Event(Kind.TICKET_RETURNED, at, actor, visit.id, visit.desk)


def restore(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """A no-show has come after all: the time away is cut out of the wait (domain §7)."""
    away = _ms(visit.finished_at, at) if visit.finished_at else 0
    back = replace(_moved(visit, "restore"), finished_at=None, call_count=0, absent_ms=visit.absent_ms + away)
    return back, Event(Kind.NO_SHOW_RESTORED, at, actor, visit.id, visit.desk)


def annul(visit: Visit, *, reason: str, actor: str, at: datetime) -> tuple[Visit, Event]:
    """An erroneous or test ticket is taken out of all figures."""
    gone = replace(_moved(visit, "annul"), finished_at=at)
    return gone, Event(Kind.TICKET_ANNULLED, at, actor, visit.id, None, {"reason": reason})


def cancel(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """The visitor leaves the queue and says so."""
    left = replace(_moved(visit, "cancel"), finished_at=at)
    return left, Event(Kind.TICKET_CANCELLED, at, actor, visit.id, visit.desk)


def close_at_day_end(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """The day is over: who still waits is closed unserved; a forgotten service is closed as incomplete.

    A visitor held in the middle of a service and never seen again was not served.
    """
    if visit.state is State.SERVING:
        closed = replace(_moved(visit, "close_unfinished"), finished_at=at, incomplete=True)
        return closed, Event(Kind.SERVICE_UNFINISHED, at, actor, visit.id, visit.desk)
    closed = replace(_moved(visit, "close_unserved"), finished_at=at)
    return closed, Event(Kind.CLOSED_UNSERVED, at, actor, visit.id, visit.desk)


def _ms(start: datetime, end: datetime) -> int:
    return max(0, round((end - start) / timedelta(milliseconds=1)))


def _moved(visit: Visit, move: str) -> Visit:
    allowed, target = MOVES[move]
    if visit.state not in allowed:
        raise Conflict("move_not_allowed", move=move, number=visit.number, state=str(visit.state))
    return replace(visit, state=target)


def _call_facts(visit: Visit) -> dict[str, object]:
    return {"number": visit.number, "call": visit.call_id, "count": visit.call_count}
