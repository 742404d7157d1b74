"""The life of a visit: its states, who moves it, and what each move makes of it (domain §4).

Each move takes a visit and returns the visit after the move with the event that records it; the
caller stores both. What the table of moves does not list is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from server.domain.errors import Conflict
from server.domain.events import Event, Kind


class State(StrEnum):
    """Where a visit is in its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    SERVED = "served"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    CLOSED_UNSERVED = "closed_unserved"


OPEN = (State.WAITING, State.CALLED, State.SERVING)
"""States of a visit that is not over."""

AT_DESK = (State.CALLED, State.SERVING)
"""States in which a visit holds a desk: at most one such visit per desk."""

MOVES: dict[str, tuple[tuple[State, ...], State]] = {
    "call": ((State.WAITING,), State.CALLED),
    "recall": ((State.CALLED,), State.CALLED),
    "start": ((State.CALLED,), State.SERVING),
    "finish": ((State.SERVING,), State.SERVED),
    "no_show": ((State.CALLED,), State.NO_SHOW),
    "cancel": ((State.WAITING, State.CALLED), State.CANCELLED),
    "close_unserved": ((State.WAITING, State.CALLED), State.CLOSED_UNSERVED),
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


def call(visit: Visit, *, desk: str, operator: str, call_id: str, at: datetime) -> tuple[Visit, Event]:
    """An operator calls a waiting visitor to a desk."""
    called = replace(
        _moved(visit, "call"),
        desk=desk,
        operator=operator,
        called_at=at,
        call_count=visit.call_count + 1,
        call_id=call_id,
    )
    return called, Event(Kind.TICKET_CALLED, at, operator, visit.id, desk, _call_facts(called))


def recall(visit: Visit, *, operator: str, call_id: str, at: datetime) -> tuple[Visit, Event]:
    """The operator calls the same visitor once more; the last call is the one that counts."""
    called = replace(_moved(visit, "recall"), called_at=at, call_count=visit.call_count + 1, call_id=call_id)
    return called, Event(Kind.TICKET_RECALLED, at, operator, visit.id, visit.desk, _call_facts(called))


def start(visit: Visit, *, operator: str, at: datetime) -> tuple[Visit, Event]:
    """The visitor has come to the desk: waiting ends, service begins."""
    started = replace(_moved(visit, "start"), started_at=at, operator=operator)
    return started, Event(Kind.SERVICE_STARTED, at, operator, visit.id, visit.desk)


def finish(visit: Visit, *, operator: str, at: datetime) -> tuple[Visit, Event]:
    """The service is done: the visit's wait and service time are fixed from here on."""
    finished = replace(_moved(visit, "finish"), finished_at=at)
    return finished, Event(Kind.SERVICE_FINISHED, at, operator, visit.id, visit.desk)


def no_show(visit: Visit, *, operator: str, at: datetime) -> tuple[Visit, Event]:
    """The visitor did not come when called."""
    missed = replace(_moved(visit, "no_show"), finished_at=at)
    return missed, Event(Kind.NO_SHOW, at, operator, visit.id, visit.desk)


def cancel(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """The visitor leaves the queue and says so."""
    left = replace(_moved(visit, "cancel"), finished_at=at)
    return left, Event(Kind.TICKET_CANCELLED, at, actor, visit.id, visit.desk)


def close_at_day_end(visit: Visit, *, actor: str, at: datetime) -> tuple[Visit, Event]:
    """The day is over: who still waits is closed unserved; a forgotten service is closed as incomplete."""
    if visit.state is State.SERVING:
        closed = replace(_moved(visit, "close_unfinished"), finished_at=at, incomplete=True)
        return closed, Event(Kind.SERVICE_UNFINISHED, at, actor, visit.id, visit.desk)
    closed = replace(_moved(visit, "close_unserved"), finished_at=at)
    return closed, Event(Kind.CLOSED_UNSERVED, at, actor, visit.id, visit.desk)


def _moved(visit: Visit, move: str) -> Visit:
    allowed, target = MOVES[move]
    if visit.state not in allowed:
        raise Conflict("move_not_allowed", move=move, number=visit.number, state=str(visit.state))
    return replace(visit, state=target)


def _call_facts(visit: Visit) -> dict[str, object]:
    return {"number": visit.number, "call": visit.call_id, "count": visit.call_count}
